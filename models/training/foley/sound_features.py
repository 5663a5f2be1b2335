"""`soundFeatures` of `operators/foley/bank/features.ts` for recorded sound: mean power in 8 bands × 6 slices after an onset."""

import json
from pathlib import Path

import numpy as np

from vocabulary import ACTIONS, FEATURES, MATERIALS

FEATURE_RATE = 48000
BANDS_HZ = (60, 120, 240, 480, 960, 1920, 3840, 7680, 18000)
SLICES_S = (0.015, 0.04, 0.09, 0.18, 0.35, 0.7)
RANGE_DB = 60
TABLE = Path(__file__).with_name("bank-features.json")


def section(hz, high, bins):
    """Response of a second-order low or high pass (Audio EQ Cookbook, Q = 1/√2) at frequencies of an FFT."""
    w = 2 * np.pi * hz / FEATURE_RATE
    alpha, c = np.sin(w) / np.sqrt(2), np.cos(w)
    middle = (1 + c) if high else (1 - c)
    b = (middle / 2, -middle if high else middle, middle / 2)
    z = np.exp(-2j * np.pi * bins / FEATURE_RATE)
    return (b[0] + b[1] * z + b[2] * z * z) / (1 + alpha - 2 * c * z + (1 - alpha) * z * z)


def sound_features(audio, onset):
    """float32 [48] for mono sound of FEATURE_RATE and the sample where the event begins."""
    ends = [round(s * FEATURE_RATE) for s in SLICES_S]
    part = np.zeros(2 * ends[-1])
    heard = audio[max(0, onset) : max(0, onset) + ends[-1]]
    part[: len(heard)] = heard
    spectrum, bins = np.fft.rfft(part), np.fft.rfftfreq(len(part), 1 / FEATURE_RATE)
    power = np.empty((len(BANDS_HZ) - 1, len(SLICES_S)))
    for band, (low, high) in enumerate(zip(BANDS_HZ, BANDS_HZ[1:])):
        filtered = np.fft.irfft(spectrum * section(low, True, bins) ** 2 * section(high, False, bins) ** 2)
        power[band] = [np.mean(filtered[a:b] ** 2) for a, b in zip([0, *ends], ends)]
    if power.max() <= 0:
        return np.zeros(FEATURES, np.float32)
    return np.clip(1 + 10 * np.log10(power / power.max() + 1e-12) / RANGE_DB, 0, 1).ravel().astype(np.float32)


class BankFeatures:
    """What the bank's sounds are like: means over energies and sizes, by action and material. Written by `scripts/foley-bank-features.ts`."""

    def __init__(self, path=TABLE):
        self.table = json.loads(path.read_text()) if path.exists() else None

    def fill(self, truth):
        """Gives impacts of which action and material are known the bank's features."""
        if self.table is None:
            return
        for step in np.flatnonzero(truth.onset):
            if truth.action[step] >= 0 and truth.material[step] >= 0:
                key = f"{ACTIONS[truth.action[step]]} {MATERIALS[truth.material[step]]} {'soft' if truth.energy[step] < 0.5 else 'hard'}"
                truth.features[step] = self.table[key]
