#!/usr/bin/env python3
"""Colours a black-and-white film as one would with OpenCV and an ffmpeg on either side: the script Vitascope is measured against.

    colorize_opencv.py film.mp4 out.mp4 --network float32.onnx --saturation 1.2 --crf 23 --preset veryfast

The same network on the same thumbnail, from the same ONNX file (see float32_network.py). Less is asked of it than of Vitascope: colours are
enlarged with cv2.resize, not along the edges of the picture, and nothing steadies them over time; tracks other than video are not kept.
"""
import argparse
import json
import subprocess

import cv2
import numpy

# The network's soft limit: c / sqrt(|c|^2 / 31^2 + 1), which OpenCV does not load.
LIMIT = 31.0
# Chroma codes of BT.709, limited range, for one code of BT.601, full range.
GAIN = numpy.float32([0.95495, 0.89027]).reshape(2, 1, 1) * (224 / 255)


def main() -> None:
    options = arguments()
    width, height, rate = probe(options.film)
    network = cv2.dnn.readNetFromONNX(options.network)
    thumb_width, thumb_height = input_size(options.network)
    decoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-i", options.film, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"],
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", rate, "-i", "-"]
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    coding = ["-c:v", "libx264", "-preset", options.preset, "-crf", str(options.crf)]
    encoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", *raw, *coding, *tags, options.out], stdin=subprocess.PIPE, bufsize=0
    )
    frame = numpy.empty(width * height * 3 // 2, numpy.uint8)
    luma = frame[: width * height].reshape(height, width)
    chroma = frame[width * height :].reshape(2, height // 2, width // 2)
    while read_into(decoder.stdout, memoryview(frame)):
        thumb = cv2.resize(luma, (thumb_width, thumb_height), interpolation=cv2.INTER_AREA)
        network.setInput(((thumb.astype(numpy.float32) - 16) / 219).clip(0, 1)[None, None])
        colors = network.forward()[0]
        colors /= numpy.sqrt((colors * colors).sum(0, keepdims=True) / LIMIT**2 + 1)
        colors *= GAIN * options.saturation
        for plane, small in zip(chroma, colors):
            large = cv2.resize(small, (width // 2, height // 2), interpolation=cv2.INTER_LINEAR)
            cv2.add(large, 128, dst=plane, dtype=cv2.CV_8U)
        encoder.stdin.write(frame)
    encoder.stdin.close()
    if decoder.wait() != 0 or encoder.wait() != 0:
        raise SystemExit("ffmpeg failed")


def probe(film: str) -> tuple[int, int, str]:
    entries = "stream=width,height,r_frame_rate"
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "json", film]
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"][0]
    return stream["width"], stream["height"], stream["r_frame_rate"]


def input_size(network: str) -> tuple[int, int]:
    """The sizes that float32_network.py fixed, from the name it was told to write: …-176x112.onnx."""
    width, height = network.removesuffix(".onnx").rsplit("-", 1)[1].split("x")
    return int(width), int(height)


def read_into(stream, view: memoryview) -> bool:
    filled = 0
    while filled < len(view):
        count = stream.readinto(view[filled:])
        if not count:
            return False
        filled += count
    return True


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film")
    parser.add_argument("out")
    parser.add_argument("--network", required=True)
    parser.add_argument("--saturation", type=float, default=1.2)
    parser.add_argument("--crf", type=int, default=23)
    parser.add_argument("--preset", default="veryfast")
    return parser.parse_args()


main()
