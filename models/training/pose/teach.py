"""Crops of pictures, and what PoseNet sees in them and in their mirror images.

    python3 teach.py --pictures FOLDER … --videos FILE … --teacher posenet_mobilenet_v1_075_f32_dyn.onnx --out cache

Writes numpy files in `cache`: `pictures.npy` uint8 [n, 321, 321, 3], RGB; `maps.npy` float16 [n, 115, 21, 21]. It can be stopped at any
time: `count.txt` says how many are done, in random order.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from network import MAPS, PoseNet, mirror_maps

SIZE = 321
CELLS = 21
PHOTOGRAPHS = {".jpg", ".jpeg", ".png"}
# Neighbouring frames tell nearly the same.
SECONDS_BETWEEN_FRAMES = 0.5
BATCH = 4


def sources(folders, videos, limit):
    """Functions that give a picture, BGR."""
    for folder in folders:
        paths = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in PHOTOGRAPHS)
        np.random.default_rng(1).shuffle(paths)
        for path in paths[:limit]:
            yield str(path), lambda path=path: cv2.imread(str(path))
    for video in videos:
        capture = cv2.VideoCapture(str(video))
        every = max(1, round((capture.get(cv2.CAP_PROP_FPS) or 25) * SECONDS_BETWEEN_FRAMES))
        index = 0
        while True:
            found, picture = capture.read()
            if not found:
                break
            if index % every == 0:
                yield str(video), lambda picture=picture: picture
            index += 1


def crop(picture, random):
    """A piece, turned a little, RGB."""
    height, width = picture.shape[:2]
    # A few pictures are enlarged so that people fill the crop, most are shown whole or smaller.
    scale = min(1.5, np.exp(random.uniform(np.log(0.55), np.log(1.9))) * SIZE / max(height, width))
    angle = np.deg2rad(random.normal(0, 10))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    room = np.array([width, height]) * scale - SIZE
    centre = np.array([width, height]) / 2 + random.uniform(-0.5, 0.5, 2) * np.maximum(room, 0.2 * SIZE) / scale
    matrix = np.concatenate([turn, (np.array([SIZE, SIZE]) / 2 - turn @ centre)[:, None]], 1)
    if scale < 0.7:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale)
    border = [cv2.BORDER_CONSTANT, cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE][random.integers(3)]
    return cv2.warpAffine(picture, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=border)[:, :, ::-1]


@torch.no_grad()
def seen_by(teacher, crops):
    x = torch.from_numpy(np.stack(crops).transpose(0, 3, 1, 2).copy()).float()
    x = ((x - 128) / 128).to(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        maps = 0.5 * (teacher(x).float() + mirror_maps(teacher(x.flip(3)).float()))
    return maps.half().numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", nargs="*", default=[], help="folders, searched recursively")
    parser.add_argument("--videos", nargs="*", default=[])
    parser.add_argument("--limit", type=int, default=1000, help="pictures of a folder at most")
    parser.add_argument("--variants", type=int, default=3, help="crops of each picture")
    parser.add_argument("--teacher", required=True, help="PoseNet as ONNX")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1, help="more only help where cores are idle")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(7)
    teacher = PoseNet().load_onnx(options.teacher).eval().to(memory_format=torch.channels_last)
    tasks = list(sources(options.pictures, options.videos, options.limit)) * options.variants
    random.shuffle(tasks)
    options.out.mkdir(parents=True, exist_ok=True)
    open_file = lambda name, kind, shape: np.lib.format.open_memmap(options.out / name, "w+", kind, shape)  # noqa: E731
    pictures = open_file("pictures.npy", np.uint8, (len(tasks), SIZE, SIZE, 3))
    maps = open_file("maps.npy", np.float16, (len(tasks), MAPS, CELLS, CELLS))
    for at in range(0, len(tasks) - BATCH + 1, BATCH):
        crops = [crop(read(), random) for _, read in tasks[at : at + BATCH]]
        pictures[at : at + BATCH] = np.stack(crops)
        maps[at : at + BATCH] = seen_by(teacher, crops)
        if at % 40 == 0:
            (options.out / "count.txt").write_text(str(at + BATCH))
            print(f"{at + BATCH} of {len(tasks)}", flush=True)
    (options.out / "count.txt").write_text(str(len(tasks) // BATCH * BATCH))


if __name__ == "__main__":
    main()
