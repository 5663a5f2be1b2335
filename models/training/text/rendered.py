"""Lines and scenes drawn in advance, which trainings share: drawing them takes longer than learning from them.

    python3 rendered.py lines FOLDER --pairs PAIRS --photos PHOTOS --shards 40      # 5,000 lines each
    python3 rendered.py scenes FOLDER --pairs PAIRS --photos PHOTOS --shards 20     # 400 scenes each
    python3 rendered.py lines FOLDER/judged --judged --pairs … --photos OTHER_PHOTOS --shards 1

Run again, it goes on. Several may draw into one folder when each has numbers of its own (`--first`). A shard of lines is `N.npz`: `pixels`, uint8 [HEIGHT, sum of
widths], `ends` of the lines in it, `texts`, `kinds`, and `heights`, pixels of the line in the picture it was cut out of. A shard of scenes is `N.npz`: `pictures`, the bytes of JPEG files one after the other, `ends` of them,
and `lines`, JSON as `line_facts` has it.
"""

import argparse
import json
import os
from pathlib import Path

import cv2
import numpy as np

from lines import Lines
from patches import Line
from scenes import Scenes

LINES, SCENES = 5000, 400
"""In a shard: 40 MB of lines, 25 MB of scenes."""
QUALITY = 92
JUDGED_SEEDS = 1
"""First part of the seeds of what judges; 2 of what trains."""


def line_facts(line):
    return {"text": line.text, "quad": _rounded(line.quad), "words": [_rounded(word) for word in line.words], "ignored": bool(line.ignored)}


def _rounded(quad):
    return [[round(float(x), 2), round(float(y), 2)] for x, y in quad]


def line_of(facts):
    return Line(facts["text"], np.float32(facts["quad"]), [np.float32(word) for word in facts["words"]], facts["ignored"])


def draw_lines(lines, seeds, kind=None):
    drawn = [lines.draw(seed, kind) for seed in seeds]
    pictures, texts, kinds, heights = zip(*drawn)
    ends = np.cumsum([picture.shape[1] for picture in pictures])
    return {"pixels": np.concatenate(pictures, 1), "ends": ends, "texts": np.array(texts), "kinds": np.array(kinds), "heights": np.float32(heights)}


def draw_scenes(scenes, seeds, kind=None):
    return scenes_arrays(scenes.draw(seed, kind) for seed in seeds)


def scenes_arrays(scenes):
    """A shard of (picture, lines, kind)."""
    pictures, facts = [], []
    for picture, lines, kind in scenes:
        pictures.append(cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])
        facts.append({"kind": kind, "lines": [line_facts(line) for line in lines]})
    return {"pictures": np.concatenate(pictures), "ends": np.cumsum([len(picture) for picture in pictures]), "lines": np.array(json.dumps(facts))}


class RenderedLines:
    """The shards of a folder that are there by now: lines in memory, 8 KB each."""

    def __init__(self, folder, most=10_000):
        self.lines, self.texts, self.kinds, self.heights = [], [], [], []
        for path in shards_of(folder)[:most]:
            with np.load(path) as shard:
                pixels, ends = shard["pixels"], shard["ends"]
                self.lines += [pixels[:, start:end] for start, end in zip([0, *ends[:-1]], ends)]
                self.texts += map(str, shard["texts"])
                self.kinds += map(str, shard["kinds"])
                self.heights += shard["heights"].tolist() if "heights" in shard else [0.0] * len(ends)

    def __len__(self):
        return len(self.lines)


class RenderedScenes:
    """The shards of a folder that are there by now: pictures in memory as JPEG, 60 KB each."""

    def __init__(self, folder, most=10_000):
        self.pictures, self.facts = [], []
        for path in shards_of(folder)[:most]:
            with np.load(path) as shard:
                pictures, ends = shard["pictures"], shard["ends"]
                self.pictures += [pictures[start:end] for start, end in zip([0, *ends[:-1]], ends)]
                self.facts += json.loads(str(shard["lines"]))

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, at):
        """uint8 RGB [h, w, 3], lines, and the kind."""
        picture = cv2.imdecode(self.pictures[at], cv2.IMREAD_COLOR)[..., ::-1]
        return np.ascontiguousarray(picture), [line_of(facts) for facts in self.facts[at]["lines"]], self.facts[at]["kind"]


def shards_of(folder):
    paths = sorted((path for path in Path(folder).glob("*.npz") if path.stem.isdigit()), key=lambda path: int(path.stem))
    if not paths:
        raise SystemExit(f"{folder}: no shards there; draw them with rendered.py")
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["lines", "scenes"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=Path, help="folder of the Tatoeba pairs")
    parser.add_argument("--photos", type=Path, nargs="*")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--kind", help="lines or scenes of this kind alone")
    parser.add_argument("--judged", action="store_true", help="with fonts, sentences and seeds kept out of training")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    drawing, draw, count = (Lines, draw_lines, LINES) if options.what == "lines" else (Scenes, draw_scenes, SCENES)
    renderer = drawing(options.pairs, options.photos, options.judged)
    for shard in range(options.first, options.first + options.shards):
        path = options.folder / f"{shard}.npz"
        if path.exists():
            continue
        first = JUDGED_SEEDS if options.judged else JUDGED_SEEDS + 1
        arrays = draw(renderer, [(first, shard, at) for at in range(count)], options.kind)
        np.savez(options.folder / f"{shard}.new", **arrays)
        os.replace(options.folder / f"{shard}.new.npz", path)
        print(f"{shard}: {count} {options.what}", flush=True)


if __name__ == "__main__":
    main()
