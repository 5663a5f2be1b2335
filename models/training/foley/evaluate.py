"""Scores a checkpoint on renders and on real clips it has not been trained on, beside predictors that know nothing.

    python3 evaluate.py foley.pt --looks looks.pt --beds beds.pt --clips ../../../../shared/data/foley/clips --renders 60
    python3 evaluate.py ../../embedded/foley-small --renders 100      # what ships, by ONNX Runtime

Thresholds, of the baselines as well, are chosen on other renders and on the training's real clips: each for the best F1 there.
"""

import argparse
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch

from beds import load_beds
from clips import EVALUATION, TRAINING, UNCLEAR, VOICES, named
from impacts import known_impacts, moments
from looks import Memory, as_input, load_looks, placed
from metrics import Score, motion_energy, motion_onsets, network_onsets, periodic_onsets
from network import FoleyNet, decided
from rendered import JUDGED_SEEDS, STEPS, as_tensor, grey
from scenes import find_photos, render
from shipped import run_looks, watch_shipped
from vocabulary import ACTIONS, BEDS, LOOK_AHEAD, MATERIALS, RATE

LOGITS = np.arange(-4, 3, 0.25)
DEVIATIONS = (0.5, 1, 1.5, 2, 3, 4, 6, 8)
DELAYS = (-2, -1, 0, 1, 2, 3)
PERIODS = np.arange(0.2, 2.0, 0.05)
PHASES = (0.0, 0.25, 0.5, 0.75)
FIRST_EVALUATED = JUDGED_SEEDS + 10_000
FIRST_CHOOSING = JUDGED_SEEDS + 20_000


def load_network(checkpoint):
    state = torch.load(checkpoint)
    network = FoleyNet(state.get("width", 16))
    network.load_state_dict(state["average"])
    return network.eval()


def watch(network, beds, pictures):
    """Outputs by name, [steps + LOOK_AHEAD, …]: the last picture stands for LOOK_AHEAD steps more."""
    pictures = np.concatenate([pictures, np.repeat(pictures[-1:], LOOK_AHEAD, 0)])
    with torch.no_grad():
        outputs, _ = network(torch.from_numpy(grey(pictures))[None].float(), network.states())
        outputs["onset"] = decided(outputs)
        if beds:
            outputs["beds"] = beds(as_tensor(pictures).float())[None]
    return {name: value[0].numpy()[:, 0] if value.shape[2] == 1 else value[0].numpy() for name, value in outputs.items()}


class Watched:
    """A clip with what the networks, of steps and of beds, and the motion energy say of it."""

    def __init__(self, watched, pictures, truth):
        """`watched` makes outputs of pictures."""
        self.pictures, self.truth, self.times = pictures, truth, truth.times()
        self.outputs, self.energy = watched(pictures), motion_energy(pictures)
        self.seconds = len(pictures) / RATE


def predictors():
    """For each name, settings to choose among, and onsets of a clip with one of them."""
    return {
        "network": ([(logit,) for logit in LOGITS], lambda clip, logit: network_onsets(clip.outputs, logit)),
        "motion energy": ([(k, d) for k in DEVIATIONS for d in DELAYS], lambda clip, k, d: motion_onsets(clip.energy, k, d)),
        "periodic": ([(p, f) for p in PERIODS for f in PHASES], lambda clip, p, f: periodic_onsets(clip.seconds, p, f)),
        "silence": ([()], lambda clip: np.zeros(0)),
    }


def score(clips, predict, setting):
    result = Score()
    for clip in clips:
        result.add(predict(clip, *setting), clip.times)
    return result


def report_onsets(title, clips, choosing):
    print(title)
    for name, (settings, predict) in predictors().items():
        setting = max(settings, key=lambda one: score(choosing, predict, one).f1)
        values = ", ".join(f"{value:.2f}" for value in setting)
        print(f"  {name:14s} {score(clips, predict, setting).words()}  [{values}]", flush=True)


def said_at_impacts(clips, name):
    """Predictions at the true impacts, and the truth, one row each; impacts of which nothing is known are left out."""
    said, true = [], []
    for clip in clips:
        wanted = getattr(clip.truth, name)
        for step in np.flatnonzero(clip.truth.onset):
            if np.all(np.isfinite(wanted[step])) and (wanted.ndim > 1 or wanted[step] >= 0):
                said.append(clip.outputs[name][step + LOOK_AHEAD])
                true.append(wanted[step])
    return np.array(said), np.array(true)


def report_classes(title, clips):
    print(title)
    for name in ("action", "material"):
        said, true = said_at_impacts(clips, name)
        if len(true):
            frequent = np.bincount(true).max() / len(true)
            print(f"  {name:9s} {np.mean(said.argmax(1) == true):.3f} right of {len(true)}; chance {1 / said.shape[1]:.3f}, always the most frequent {frequent:.3f}")
            if name == "material":
                each = [f"{MATERIALS[k]} {np.mean(said[true == k].argmax(1) == k):.2f}" for k in np.unique(true)]
                print("            " + "  ".join(each))
    said, true = said_at_impacts(clips, "position")
    if len(true):
        constant = np.abs(true - np.median(true, 0)).mean(0)
        print("  position  mean error x {:.3f}, y {:.3f}; of a constant {:.3f}, {:.3f}".format(*np.abs(said - true).mean(0), *constant))
    said, true = said_at_impacts(clips, "energy")
    if len(true):
        said = 1 / (1 + np.exp(-said))
        print(f"  energy    mean error {np.abs(said - true).mean():.3f}; of a constant {np.abs(true - np.median(true)).mean():.3f}")
    said, true = said_at_impacts(clips, "features")
    if len(true):
        print(f"  features  root mean square error {np.sqrt(((said - true) ** 2).mean()):.3f}; of a constant {np.sqrt(((true - true.mean(0)) ** 2).mean()):.3f}")
    report_beds(clips)


def looked(network, pictures, given):
    """As `run_looks` has it, by a checkpoint's network."""
    with torch.no_grad():
        material, action, looks = network(pictures, given)
    return {"material": torch.softmax(material, 1).numpy(), "action": torch.softmax(action, 1).numpy(), "position": placed(looks).numpy()}


def seen_at_impacts(looks, clip):
    """What the network that looks at what is hit says at the true impacts, given the places where the other network says they are: rows by name; and the steps."""
    steps = known_impacts(clip.truth)
    if not len(steps):
        return steps, {}
    given = clip.outputs["position"][steps + LOOK_AHEAD]
    pictures = [as_input(clip.pictures[moments(step, len(clip.pictures))]) for step in steps]
    said = looks(torch.stack(pictures), torch.from_numpy(np.float32(given)))
    said["memory"] = remembered(steps, said)
    return steps, said


def remembered(steps, said):
    """Probabilities of materials, earlier impacts considered."""
    memory = Memory()
    return np.stack([memory.recall(step, place, material) for step, place, material in zip(steps, said["position"], said["material"])])


def report_looks(looks, clips):
    """By the network that looks at what is hit: materials, by themselves and with what was hit near there before; actions; places."""
    said, true = {}, {"material": [], "action": [], "position": []}
    for clip in clips:
        steps, seen = seen_at_impacts(looks, clip)
        for name, rows in seen.items():
            said.setdefault(name, []).extend(rows)
        for name, values in true.items():
            values.extend(getattr(clip.truth, name)[steps])
    if not said:
        return
    said, true = ({name: np.array(rows) for name, rows in those.items()} for those in (said, true))
    for title, name, wanted, words in (("material, a look", "material", "material", MATERIALS), ("material, … and before", "memory", "material", MATERIALS), ("action", "action", "action", ACTIONS)):
        hit = said[name].argmax(1) == true[wanted]
        each = [f"{words[k]} {np.mean(hit[true[wanted] == k]):.2f}" for k in np.unique(true[wanted])]
        print(f"  looking: {title} {np.mean(hit):.3f} right of {len(hit)}  " + "  ".join(each))
    known = np.isfinite(true["position"]).all(1)
    if known.any():
        print("  looking: position, mean error x {:.3f}, y {:.3f}".format(*np.abs(said["position"] - true["position"])[known].mean(0)))


def report_beds(clips):
    """Of single steps: each bed against all others."""
    if "beds" not in clips[0].outputs:
        return
    said = np.concatenate([clip.outputs["beds"][: len(clip.truth.beds)] for clip in clips])
    true = np.concatenate([clip.truth.beds for clip in clips])
    known = ~np.isnan(true).any(1)
    if known.any():
        right = (said[known].argmax(1) == true[known].argmax(1)).mean()
        share = true[known].mean(0)
        print(f"  beds      {right:.3f} of steps named right; chance {1 / len(BEDS):.3f}, always the most frequent {share.max():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="of train.py; or the folder of a shipped model, with all of its networks")
    parser.add_argument("--looks", type=Path, help="checkpoint of looks.py; takes the place of the shipped one")
    parser.add_argument("--beds", type=Path, help="checkpoint of beds.py")
    parser.add_argument("--clips", type=Path, help="folder of real clips")
    parser.add_argument("--photos", type=Path, help="a folder of JPEG pictures for backgrounds, other than the training's")
    parser.add_argument("--renders", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    photos, is_shipped = find_photos(options.photos), options.checkpoint.is_dir()
    if is_shipped:
        watched = partial(watch_shipped, options.checkpoint)
    else:
        watched = partial(watch, load_network(options.checkpoint), load_beds(options.beds) if options.beds else None)
    looks = partial(looked, load_looks(options.looks)) if options.looks else partial(run_looks, options.checkpoint / "look.onnx") if is_shipped else None

    def rendered(first, played=False):
        return [Watched(watched, *render(first + k, STEPS, photos, played=played)) for k in range(options.renders)]

    renders, choosing = rendered(FIRST_EVALUATED), rendered(FIRST_CHOOSING)
    report_onsets(f"{options.renders} renders", renders, choosing)
    report_onsets(f"{options.renders} renders of hands that play", rendered(FIRST_EVALUATED, True), choosing)
    report_classes("at the impacts of the renders", renders)
    if looks:
        report_looks(looks, renders)
    if not options.clips:
        return
    own, others = ({name: Watched(watched, *clip) for name, clip in named(options.clips, names).items()} for names in (TRAINING, EVALUATION))
    choosing = [clip for name, clip in own.items() if name not in VOICES]
    blows = [clip for name, clip in others.items() if name not in VOICES + UNCLEAR]
    report_onsets("real clips kept out of training, all", list(others.values()), choosing)
    report_onsets("… without voices and without the unclear one", blows, choosing)
    report_classes("at the impacts of the real clips", blows)
    if looks:
        report_looks(looks, blows)
    settings, predict = predictors()["network"]
    setting = max(settings, key=lambda one: score(choosing, predict, one).f1)
    for name, clip in others.items():
        print(f"  {name:10s} {score([clip], predict, setting).words()}")


if __name__ == "__main__":
    main()
