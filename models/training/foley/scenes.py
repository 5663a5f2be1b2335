"""Renders short silent clips in which every sound is known.

    python3 scenes.py sheet.png --clips 24 --seed 1        # a contact sheet, impacts marked
    python3 scenes.py --time 20                            # how many clips a minute
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

import film
from acts import SILENT, SOUNDING
from places import CHANCES, PLACES
from playing import PLAYED, Gesturing
from stage import Stage
from truth import Truth
from vocabulary import MATERIALS, RATE, SIZE

CANVAS = 160
"""Pixels of a side that is drawn; the picture is reduced from it."""
SUBFRAMES = 3
"""Moments whose mean is one picture, for blur by motion."""
CHANCES_OF_ACTS = {"strike": 0.34, "play": 0.24, "drop": 0.1, "put": 0.06, "scratch": 0.08, "step": 0.18}
UNLIKELY = {"play": ("water", "gravel", "leaf", "grass"), "drop": ("drum",), "put": ("drum", "leaf", "gravel"), "scratch": ("drum", "water"), "step": ("drum", "glass", "paper")}
"""Materials that this does not happen to."""
SILENT_SHARE = 0.14
PLAYED_UNLIKELY = ("water", "gravel", "leaf", "grass")
GESTURE_SHARE = 0.12
"""Of scenes of playing, those in which hands only move."""
DISTRACTED_SHARE = 0.15
CUT_SHARE = 0.12


def any_act(r):
    if r.random() < SILENT_SHARE:
        return SILENT[r.choice(list(SILENT))], MATERIALS[r.integers(len(MATERIALS))]
    name = r.choice(list(CHANCES_OF_ACTS), p=list(CHANCES_OF_ACTS.values()))
    return SOUNDING[name], r.choice([one for one in MATERIALS if one not in UNLIKELY.get(name, ())])


def played_act(r):
    material = r.choice([one for one in MATERIALS if one not in PLAYED_UNLIKELY])
    return Gesturing if r.random() < GESTURE_SHARE else PLAYED[r.choice(list(PLAYED))], material


class Shot:
    """One camera, one place, one act (with `played`, of playing) and perhaps a distraction."""

    def __init__(self, r, seconds, photos, calm=False, played=False):
        self.place = PLACES[r.choice(len(PLACES), p=CHANCES)](r, photos)
        kind, material = played_act(r) if played else any_act(r)
        self.acts = [kind(r, material, seconds)]
        if r.random() < DISTRACTED_SHARE and not calm:
            self.acts.insert(0, SILENT["pass"](r, material, seconds))
        self.camera, self.shutter = film.Camera(r, CANVAS, calm), r.uniform(0.15, 0.9)
        self.backdrop = Stage.backdrop(self.place.backdrop())
        if not self.place.covers:
            for act in self.acts:
                act.build(self.backdrop)

    def impacts(self):
        return [impact for act in self.acts for impact in act.impacts]

    def picture(self, t, exposure):
        """The mean of what is seen between t and t + exposure."""
        total = None
        for part in range(SUBFRAMES):
            moment = t + exposure * part / SUBFRAMES
            stage = Stage.look(self.backdrop, self.camera.view(moment), CANVAS)
            self.place.draw(stage, moment)
            for act in self.acts:
                if self.place.covers:
                    act.build(stage)
                act.draw(stage, moment)
            total = stage.canvas.astype(np.uint16) if total is None else total + stage.canvas
        return cv2.resize((total // SUBFRAMES).astype(np.uint8), (SIZE, SIZE), interpolation=cv2.INTER_AREA)

    def place_of(self, impact):
        """0-1 from the left upper corner of the picture; outside of it if not seen."""
        view = self.camera.view(impact.time)
        return (view[:, :2] @ np.float32(impact.at) + view[:, 2]) / CANVAS


def render(seed, steps=100, photos=None, wanted=None, calm=False, played=False):
    """A clip: pictures uint8 [steps, SIZE, SIZE, 3] BGR at RATE a second, and its `Truth`.

    Given `wanted`, only the steps that it tells of the truth are drawn. With `calm`, as somebody films who wants one thing to be seen: the camera stands, nothing
    else moves, no cuts, little grain, 25 or 30 pictures a second. With `played`, hands play instruments, or gesture.
    """
    r = np.random.default_rng(seed)
    seconds = steps / RATE
    cut = r.uniform(0.25, 0.75) * seconds if r.random() < CUT_SHARE and not calm else seconds
    lengths = [cut] if cut == seconds else [cut, seconds - cut]
    rates = (25, 30) if calm else film.HELD_RATES
    rate, look = rates[r.integers(len(rates))], film.Look(r, gentle=calm)
    shown = film.held(steps, RATE, rate)
    shots, truth, begin = [], Truth.silent(steps), 0.0
    for length in lengths:
        shots.append((begin, length, Shot(r, length, photos, calm, played)))
        note(truth, *shots[-1])
        begin += length
    drawn = set(range(steps) if wanted is None else wanted(truth))
    pictures = np.zeros((steps, SIZE, SIZE, 3), np.uint8)
    for begin, length, shot in shots:
        seen, before = None, -1
        for step in range(round(begin * RATE), round((begin + length) * RATE)):
            if step not in drawn:
                continue
            if shown[step] != before or seen is None:
                before = shown[step]
                t = before / rate - begin
                seen = look.apply(shot.picture(max(0.0, t), shot.shutter / rate), t + begin)
            pictures[step] = seen
    return pictures, truth


def note(truth, begin, length, shot):
    """What is heard of a shot."""
    truth.add_beds(shot.place.beds, round(begin * RATE), round((begin + length) * RATE), known=bool(shot.place.beds))
    for impact in shot.impacts():
        where = shot.place_of(impact)
        if np.all((where > -0.03) & (where < 1.03)):
            truth.add(begin + impact.time, impact.energy, np.clip(where, 0, 1), impact.action, impact.material)


def sheet(path, seeds, photos, played=False, across=12):
    """One row of pictures for each clip, around its first impacts; red marks where and when one is."""
    rows = []
    for seed in seeds:
        pictures, truth = render(seed, photos=photos, played=played)
        steps = np.flatnonzero(truth.onset)
        begin = int(np.clip((steps[1] if len(steps) > 1 else steps[0] if len(steps) else 50) - across // 2, 0, len(pictures) - across))
        row = [picture.copy() for picture in pictures[begin : begin + across]]
        for step in steps[(steps >= begin) & (steps < begin + across)]:
            x, y = (truth.position[step] * SIZE).astype(int).tolist()
            cv2.circle(row[step - begin], (x, y), 7, (0, 0, 255), 1)
            cv2.putText(row[step - begin], truth.name(step), (2, SIZE - 4), cv2.FONT_HERSHEY_PLAIN, 0.7, (0, 0, 255))
        rows.append(np.concatenate(row, 1))
    cv2.imwrite(path, np.concatenate(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", nargs="?")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time", type=int, default=0)
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds")
    parser.add_argument("--played", action="store_true", help="only scenes in which hands play, or gesture")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    photos = find_photos(options.photos)
    if options.sheet:
        sheet(options.sheet, range(options.seed, options.seed + options.clips), photos, options.played)
    if options.time:
        begun = time.process_time()
        impacts = sum(render(options.seed + k, photos=photos, played=options.played)[1].onset.sum() for k in range(options.time))
        spent = time.process_time() - begun
        print(f"{options.time} clips of 4 s: {60 * options.time / spent:.0f} a minute of processor time, {impacts / options.time:.1f} impacts each")


def find_photos(folder):
    return sorted(folder.rglob("*.jp*g")) if folder else None


if __name__ == "__main__":
    main()
