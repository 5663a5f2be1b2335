"""Writes a shard that rendered.py has drawn as pictures and `labels.json`, for programs in other languages.

    python3 dump.py drawn/scenes/judged --out out/scenes              # 0.jpg …, as they are in the shard
    python3 dump.py drawn/lines/judged --out out/lines --most 2000    # 0.png …, luma, 32 pixels high

`labels.json` of scenes: `{"scenes": [{"file", "kind", "lines": [{"text", "quad", "words", "ignored"}]}]}`, corners clockwise from the text's left upper one,
pixels. That of lines: `{"lines": [{"file", "kind", "text", "height"}]}`, the height in the picture that a line was cut out of, pixels; what is not
to be read has an empty text.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from rendered import shards_of


def scenes_in(path):
    with np.load(path) as shard:
        pictures, ends = shard["pictures"], shard["ends"]
        facts = json.loads(str(shard["lines"]))
    for start, end, scene in zip([0, *ends[:-1]], ends, facts):
        yield pictures[start:end].tobytes(), scene


def lines_in(path):
    with np.load(path) as shard:
        pixels, ends, texts, kinds, heights = (shard[name] for name in ("pixels", "ends", "texts", "kinds", "heights"))
    for start, end, text, kind, height in zip([0, *ends[:-1]], ends, texts, kinds, heights):
        yield cv2.imencode(".png", pixels[:, start:end])[1].tobytes(), {"kind": str(kind), "text": str(text), "height": round(float(height), 1)}


def dump(folder, out, most):
    """Writes the first pictures of a folder of shards, and their labels."""
    shards = shards_of(folder)
    with np.load(shards[0]) as shard:
        what, form, pictures_in = ("scenes", "jpg", scenes_in) if "pictures" in shard else ("lines", "png", lines_in)
    labels = []
    for data, facts in (one for path in shards for one in pictures_in(path)):
        if len(labels) == most:
            break
        name = f"{len(labels)}.{form}"
        (out / name).write_bytes(data)
        labels.append({"file": name, **facts})
    (out / "labels.json").write_text(json.dumps({what: labels}, ensure_ascii=False), encoding="utf-8")
    print(f"{len(labels)} {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of shards")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, help="pictures that are written, at most; default: all")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    dump(options.folder, options.out, options.most)


if __name__ == "__main__":
    main()
