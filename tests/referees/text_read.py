"""Referee for `ctc-tesseract` and `line-orientation`: cuts lines out with OpenCV, prepares them in numpy, decodes greedily.

    /usr/bin/python3 tests/referees/text_read.py > tests/models/adapters/text/expected-lines.json

Reads the rendered page of text_lines.py and the word crops of ../shared.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np

from referee_model import ROOT, SHARED, run_model

MODELS = SHARED / "weights/public/text"
PAGE = ROOT / "tests/models/adapters/text"
WORDS = SHARED / "data/text/mmocr/rec_toy_dataset"


def rectified(image, quad, height):
    """The quadrangle as an upright image of that height, sampled at its own size first."""
    quad = np.float32(quad) - 0.5
    width_px = max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]))
    height_px = max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1]))
    w, h = int(round(width_px)), int(round(height_px))
    target = np.float32([[0, 0], [w, 0], [w, h], [0, h]]) - 0.5
    upright = cv2.warpPerspective(image, cv2.getPerspectiveTransform(quad, target), (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    width = max(12, int(np.ceil(width_px / height_px * height)))
    return cv2.resize(upright, (width, height), interpolation=cv2.INTER_AREA if h > height else cv2.INTER_LINEAR)


def extremes(row):
    before, at, after = row[:-2], row[1:-1], row[2:]
    minima = at[((at < before) & (at <= after)) | ((at <= before) & (at < after))]
    maxima = at[((at > before) & (at >= after)) | ((at >= before) & (at > after))]
    rank = lambda values, q, otherwise: float(np.sort(values)[int(np.ceil(q * len(values))) - 1]) if len(values) else otherwise
    return rank(minima, 0.25, 0.0), rank(maxima, 0.75, 255.0)


def contrasted(gray):
    gray = gray.astype(np.float32)
    black, white = extremes(gray[gray.shape[0] // 2])
    half = (white - black) / 2
    return np.clip((gray - black) / (half if half > 0 else 1) - 1, -1, 1)


def greedy(probabilities, alphabet):
    text, scores, before = "", [], alphabet["null"]
    for step in probabilities:
        label = int(step.argmax())
        if label != alphabet["null"]:
            if label != before:
                text += alphabet["codes"][str(label)]
                scores.append(float(step[label]))
            else:
                scores[-1] = max(scores[-1], float(step[label]))
        before = label
    return text, float(np.mean(scores)) if scores else 0.0


def read(gray, language):
    alphabet = json.loads((MODELS / f"{language}.json").read_text())
    once = lambda image: greedy(run_model(MODELS / f"{language}.onnx", contrasted(image)[None, None])[:, 0], alphabet)
    text, score = once(gray)
    if score < 0.7:
        text, score = max((text, score), once(255 - gray), key=lambda pair: pair[1])
    return {"text": text, "score": round(score, 3)}


def upside_down(image, quad):
    crop = rectified(image, quad, 48)
    width = min(192, crop.shape[1])
    crop = cv2.resize(crop, (width, 48)).astype(np.float32) / 127.5 - 1
    tensor = np.zeros((1, 3, 48, 192), np.float32)
    tensor[0, :, :, :width] = crop.transpose(2, 0, 1)
    return round(float(run_model(MODELS / "ch_ppocr_mobile_v2.0_cls_infer.onnx", tensor)[0, 1]), 3)


def main():
    page = cv2.imread(str(PAGE / "lines.png"))
    gray = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    lines = json.loads((PAGE / "lines.json").read_text())
    result = {"lines": [], "words": {}}
    for line in lines:
        quad = line["quad"]
        turned = quad[2:] + quad[:2]
        orientation = {"upright": upside_down(page, quad), "turned": upside_down(page, turned)}
        result["lines"].append({**read(rectified(gray, quad, 36), line["language"]), **orientation})
    for path in sorted((WORDS / "imgs").glob("*.jpg")):
        word = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2GRAY)
        height, width = word.shape
        result["words"][path.name] = read(rectified(word, [[0, 0], [width, 0], [width, height], [0, height]], 36), "eng")
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
