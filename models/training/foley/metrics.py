"""Onsets predicted against onsets heard, and predictors that know nothing."""

import numpy as np

from vocabulary import LOOK_AHEAD, RATE

TOLERANCE_S = 0.08


def matched(predicted, true, tolerance=TOLERANCE_S):
    """Signed errors in seconds of pairs, each onset in one pair at most: the nearest first."""
    predicted, true = np.asarray(predicted, float), np.asarray(true, float)
    if not len(predicted) or not len(true):
        return np.zeros(0)
    error = predicted[:, None] - true[None]
    left, right, errors = set(), set(), []
    for flat in np.argsort(np.abs(error), axis=None):
        i, j = divmod(int(flat), len(true))
        if abs(error[i, j]) > tolerance:
            break
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            errors.append(error[i, j])
    return np.array(errors)


class Score:
    """F1 over all onsets of all clips, the mean of the F1s of clips in which there are onsets, and the median of the absolute errors in time."""

    def __init__(self):
        self.predicted = self.true = 0
        self.errors, self.of_clips = [], []

    def add(self, predicted, true):
        errors = matched(predicted, true)
        self.predicted += len(predicted)
        self.true += len(true)
        self.errors.extend(errors)
        if len(true):
            self.of_clips.append(2 * len(errors) / (len(predicted) + len(true)))

    @property
    def f1(self):
        return 2 * len(self.errors) / max(1, self.predicted + self.true)

    @property
    def median_ms(self):
        return 1000 * float(np.median(np.abs(self.errors))) if self.errors else float("nan")

    def words(self):
        precision, recall = len(self.errors) / max(1, self.predicted), len(self.errors) / max(1, self.true)
        return f"F1 {self.f1:.3f}  of clips {np.mean(self.of_clips or [0]):.3f}  precision {precision:.3f}  recall {recall:.3f}  median error {self.median_ms:5.1f} ms  ({self.predicted} for {self.true})"


def peaks(values, threshold, gap=3):
    """Steps that are above the threshold and the highest within `gap` steps to both sides."""
    padded = np.pad(values, gap, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * gap + 1).max(1)
    return np.flatnonzero((values >= highest) & (values > threshold))


def picked(values, threshold, apart=2):
    """Steps that are above the threshold, higher than the one before and not lower than the next one, more than `apart` steps after another: as the operator picks them."""
    padded = np.concatenate([[-np.inf], values, [-np.inf]])
    steps = []
    for step in np.flatnonzero((values > threshold) & (values > padded[:-2]) & (values >= padded[2:])):
        if not steps or step - steps[-1] > apart:
            steps.append(step)
    return np.array(steps, int)


def network_onsets(outputs, threshold):
    """Seconds; the prediction of a step is for LOOK_AHEAD steps before."""
    steps = picked(outputs["onset"], threshold)
    return (steps - LOOK_AHEAD + outputs["offset"][steps]) / RATE


def motion_energy(pictures):
    """Mean difference of luma to the picture before that was another, [steps]; pictures uint8 [steps, h, w, 3]."""
    luma = pictures.astype(np.float32).mean(3)
    energy = np.zeros(len(luma), np.float32)
    energy[1:] = np.abs(np.diff(luma, axis=0)).mean((1, 2))
    repeated = np.flatnonzero(energy[1:-1] < 0.1 * np.minimum(energy[:-2], energy[2:])) + 1
    energy[repeated] = 0.5 * (energy[repeated - 1] + energy[repeated + 1])
    return energy


def motion_onsets(energy, threshold, delay=0):
    """Peaks of motion energy, `threshold` deviations above its median; `delay` steps later, as arms are fastest before they hit."""
    scaled = (energy - np.median(energy)) / (np.median(np.abs(energy - np.median(energy))) + 1e-6)
    return (peaks(scaled, threshold) + delay) / RATE


def periodic_onsets(seconds, period, phase):
    return np.arange(phase * period, seconds, period)
