"""How cameras, film and compression change pictures. uint8 [h, w, 3] BGR in and out."""

import cv2
import numpy as np

HELD_RATES = (8, 10, 12, 15, 15, 15, 16, 18, 20, 24, 24, 25, 25, 25, 30, 30)
"""Pictures a second of sources: the network sees every source at its own 25 steps, with pictures repeated or left out."""


class Camera:
    """Where it looks: still, unsteady, panning or zooming. Gives the view for a time. With `calm` always still."""

    def __init__(self, r, size, calm=False):
        self.size = size
        self.zoom = r.uniform(0.85, 1.5)
        self.middle, self.roll = r.uniform(0.4, 0.6, 2), r.normal(0, 0.06)
        self.mirror = r.random() < 0.5
        kind = r.random()
        self.pan = r.normal(0, 0.12, 2) if kind < 0.2 else np.zeros(2)
        self.growth = r.normal(0, 0.08) if 0.15 < kind < 0.3 else 0.0
        shaky = r.random() < 0.35
        self.shake = np.exp(r.uniform(np.log(0.001), np.log(0.012))) if shaky else 0.0
        self.hertz, self.phase = r.uniform(0.3, 7, (3, 2)), r.uniform(0, 6, (3, 2))
        self.turns_at, self.turn = (r.uniform(0.5, 4), r.normal(0, 0.5, 2)) if r.random() < 0.08 else (1e9, np.zeros(2))
        if calm:
            self.pan, self.growth, self.shake, self.turns_at = np.zeros(2), 0.0, 0.0, 1e9

    def view(self, t):
        wobble = (np.sin(2 * np.pi * self.hertz * t + self.phase) * self.shake).sum(0)
        whip = self.turn / (1 + np.exp(-12 * (t - self.turns_at))) if self.turns_at < 1e8 else 0
        middle = self.middle + self.pan * t + wobble + whip
        scale = self.size * self.zoom * np.exp(self.growth * t)
        c, s = np.cos(self.roll) * scale, np.sin(self.roll) * scale
        view = np.float32([[c, -s, 0], [s, c, 0]])
        if self.mirror:
            view[0] *= -1
        view[:, 2] = self.size / 2 - view[:, :2] @ middle.astype(np.float32)
        return view


class Look:
    """Light, colour, blur, grain, flicker, scratches and compression of one source. With `gentle`, less of all (for real clips)."""

    def __init__(self, r, gentle=False):
        calm = 0.5 if gentle else 1.0
        self.r = r
        self.contrast, self.light = np.exp(r.normal(0, 0.25 * calm)), r.normal(0, 22 * calm)
        self.balance = 1 + r.normal(0, 0.08, 3)
        self.grey = r.random() < 0.4
        self.sepia = r.random() < 0.15
        self.blur = r.uniform(0.4, 1.1) if r.random() < 0.3 * calm else 0
        self.grain = r.uniform(2, 12) * calm if r.random() < 0.55 else 0
        self.coarse = r.random() < 0.4
        self.flicker = r.uniform(0.02, 0.15) if r.random() < 0.15 * calm else 0
        self.scratches = r.random() < 0.07 * calm
        self.quality = int(r.integers(15, 75)) if r.random() < 0.4 * calm else 0
        self.bars = int(r.integers(4, 18)) if r.random() < 0.15 * calm else 0
        self.flash_at = r.uniform(0, 4) if r.random() < 0.06 * calm else None

    def apply(self, picture, t):
        r = self.r
        x = picture.astype(np.float32)
        if self.grey:
            x = cv2.cvtColor(cv2.cvtColor(x, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        gain = self.contrast * (1 + self.flicker * r.standard_normal())
        if self.flash_at is not None and 0 <= t - self.flash_at < 0.15:
            gain *= 1.6
        scale = gain * (np.float32([0.8, 0.95, 1.1]) if self.sepia and self.grey else self.balance.astype(np.float32) if not self.grey else np.ones(3, np.float32))
        x = (x - 118) * scale + (118 + self.light)
        if self.blur:
            x = cv2.GaussianBlur(x, (0, 0), self.blur)
        if self.grain:
            grain = r.standard_normal(x.shape[:2], dtype=np.float32) * self.grain
            x += (cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.8 if self.coarse else grain)[:, :, None]
        if self.scratches:
            for _ in range(int(r.integers(0, 3))):
                x[:, r.integers(0, x.shape[1])] += r.uniform(-90, 110)
            spots = r.integers(0, x.shape[0], (int(r.integers(0, 4)), 2))
            x[spots[:, 0], spots[:, 1]] += r.uniform(-120, 120)
        if self.bars:
            x[: self.bars] = x[-self.bars :] = 2
        x = np.clip(x, 0, 255).astype(np.uint8)
        if self.quality:
            x = cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1], cv2.IMREAD_COLOR)
        return x


def held(count, rate, source_rate):
    """For each of `count` steps, the index of the source's picture that is on the screen then."""
    return np.floor(np.arange(count) * source_rate / rate + 1e-6).astype(int)
