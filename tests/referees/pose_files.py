"""Reads exports of poses as other programs do, with Python's own readers, and tells what is in them as JSON on standard output.

    python3 tests/referees/pose_files.py dance.coco.json dance.csv dance.person-1.bvh

COCO results are prepared as pycocotools' loadRes does it (and by pycocotools itself where it is installed); BVH is evaluated in space with 4×4
matrices, every channel in the order that the file names, after Meredith and Maddock 2001.
"""

import csv
import json
import math
import sys


def coco(path):
    with open(path, encoding="utf-8") as file:
        results = json.load(file)
    assert isinstance(results, list), "results are a list"
    people = []
    for result in results:
        assert set(result) == {"image_id", "category_id", "keypoints", "score"}, sorted(result)
        assert type(result["image_id"]) is int and result["category_id"] == 1
        xs, ys, scores = (result["keypoints"][i::3] for i in range(3))
        assert len(xs) == len(ys) == len(scores) == 17
        # Extent of the key points, which stands for the person in the evaluation.
        area = (max(xs) - min(xs)) * (max(ys) - min(ys))
        people.append({**result, "area": area, "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]})
    return {"people": people, "pycocotools": loaded_by_pycocotools(path, results)}


def loaded_by_pycocotools(path, results):
    try:
        from pycocotools.coco import COCO
    except ImportError:
        return None
    truth = COCO()
    images = sorted({result["image_id"] for result in results})
    truth.dataset = {"images": [{"id": id} for id in images], "annotations": [], "categories": [{"id": 1}]}
    truth.createIndex()
    return len(truth.loadRes(path).getAnnIds())


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        rows = [{name: float(value) for name, value in row.items()} for row in reader]
    assert all(None not in row for row in rows)
    return {"columns": reader.fieldnames, "rows": rows}


def bvh(path):
    with open(path, encoding="utf-8") as file:
        words = file.read().split()
    at = 0

    def take(expected=None):
        nonlocal at
        word = words[at]
        at += 1
        assert expected is None or word == expected, f"{word} is not {expected}"
        return word

    joints = []

    def joint(name, parent):
        own = {"name": name, "parent": parent, "channels": []}
        joints.append(own)
        index = len(joints) - 1
        take("{")
        while (word := take()) != "}":
            if word == "OFFSET":
                own["offset"] = [float(take()) for _ in range(3)]
            elif word == "CHANNELS":
                own["channels"] = [take() for _ in range(int(take()))]
            elif word == "JOINT":
                joint(take(), index)
            elif word == "End":
                take("Site")
                joint(f"{name}End", index)
            else:
                raise AssertionError(word)

    take("HIERARCHY")
    take("ROOT")
    joint(take(), None)
    take("MOTION")
    take("Frames:")
    frames = int(take())
    take("Frame")
    take("Time:")
    seconds = float(take())
    values = [float(word) for word in words[at:]]
    width = sum(len(each["channels"]) for each in joints)
    assert len(values) == frames * width, f"{len(values)} values for {frames} frames of {width}"
    rows = [values[i * width : (i + 1) * width] for i in range(frames)]
    return {"frames": frames, "seconds": seconds, "places": [places(joints, row) for row in rows]}


def places(joints, row):
    """Where the joints are in the world."""
    worlds, found, next_value = [], {}, iter(row)
    for joint in joints:
        local = shifted(joint["offset"])
        for channel in joint["channels"]:
            value = next(next_value)
            axis = "XYZ".index(channel[0])
            if channel.endswith("position"):
                local = times(local, shifted([value if i == axis else 0 for i in range(3)]))
            else:
                local = times(local, turned(axis, math.radians(value)))
        world = local if joint["parent"] is None else times(worlds[joint["parent"]], local)
        worlds.append(world)
        found[joint["name"]] = [world[i][3] for i in range(3)]
    return found


def shifted(by):
    return [[1.0 if i == j else 0.0 for j in range(3)] + [by[i]] for i in range(3)] + [[0.0, 0.0, 0.0, 1.0]]


def turned(axis, angle):
    matrix = shifted([0, 0, 0])
    a, b = (axis + 1) % 3, (axis + 2) % 3
    matrix[a][a] = matrix[b][b] = math.cos(angle)
    matrix[a][b], matrix[b][a] = -math.sin(angle), math.sin(angle)
    return matrix


def times(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(4)) for j in range(4)] for i in range(4)]


READERS = {"json": coco, "csv": table, "bvh": bvh}

if __name__ == "__main__":
    json.dump([READERS[path.rsplit(".", 1)[-1]](path) for path in sys.argv[1:]], sys.stdout)
