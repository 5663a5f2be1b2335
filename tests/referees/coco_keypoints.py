"""Referee of the figures for key points: pycocotools, which is COCO's own evaluation.

    python3 tests/referees/coco_keypoints.py LABELS.json RESULTS.json

Prints COCO's ten figures as JSON, in their order; null where nobody counts. Needs pycocotools (`pip install pycocotools`).
"""

import contextlib
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def figures(labels, results):
    with contextlib.redirect_stdout(sys.stderr):
        truth = COCO(labels)
        evaluation = COCOeval(truth, truth.loadRes(results), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [None if value < 0 else float(value) for value in evaluation.stats]


if __name__ == "__main__":
    print(json.dumps(figures(*sys.argv[1:])))
