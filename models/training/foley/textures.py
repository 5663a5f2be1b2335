"""Procedural textures of materials, uint8 [h, w, 3] BGR."""

import cv2
import numpy as np

from vocabulary import MATERIALS

TEXTURE = 192
# Hue, saturation and value: lowest and highest. Half of all things are of the usual colour, the others of any.
COLOURS = {
    "wood": ((8, 70, 60), (20, 190, 210)),
    "metal": ((90, 0, 70), (120, 50, 220)),
    "glass": ((75, 10, 110), (110, 70, 235)),
    "ceramic": ((0, 0, 170), (179, 40, 250)),
    "plastic": ((0, 120, 60), (179, 255, 245)),
    "cloth": ((0, 20, 30), (179, 190, 210)),
    "paper": ((12, 5, 175), (30, 60, 250)),
    "leaf": ((35, 80, 40), (70, 220, 170)),
    "gravel": ((8, 5, 60), (25, 60, 180)),
    "grass": ((32, 90, 50), (55, 220, 180)),
    "water": ((85, 30, 50), (115, 170, 190)),
    "drum": ((10, 0, 150), (30, 50, 245)),
}
USUAL_COLOUR = 0.75


def noise(r, size, cells, stretch=1.0):
    """Smooth noise of mean 0 and deviation about 1, float32 [size, size]; `stretch` makes it long along x."""
    small = r.standard_normal((max(2, int(cells)), max(2, int(cells / stretch)))).astype(np.float32)
    return cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC)


def fractal(r, size, cells=3, octaves=4, stretch=1.0):
    total = np.zeros((size, size), np.float32)
    for octave in range(octaves):
        total += noise(r, size, min(size, cells * 2**octave), stretch) * 0.6**octave
    return total


def colour(r, material):
    """BGR, floats."""
    low, high = COLOURS[material] if r.random() < USUAL_COLOUR else ((0, 0, 50), (179, 120, 230))
    hsv = np.uint8([[[r.uniform(a, b) for a, b in zip(low, high)]]])
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0].astype(np.float32)


def texture(r, material, size=TEXTURE):
    """A piece of the material: its pattern in light and dark, in a colour it often has."""
    pattern = PATTERNS[material](r, size)
    base = colour(r, material)
    tint = colour(r, material)
    mix = np.clip(0.5 + 0.25 * noise(r, size, 3), 0, 1)[:, :, None] * 0.4
    picture = (base * (1 - mix) + tint * mix) * (1 + pattern[:, :, None])
    return np.clip(picture, 0, 255).astype(np.uint8)


def wood(r, size):
    rings = fractal(r, size, 2, 3, stretch=0.15 if r.random() < 0.5 else 1)
    grain = np.sin(rings * r.uniform(2, 6) + np.linspace(0, r.uniform(8, 40), size, dtype=np.float32)[:, None])
    planks = (np.arange(size) % int(r.integers(24, 90)) < 2).astype(np.float32)[:, None]
    return 0.13 * grain + 0.08 * noise(r, size, size // 2, 12) - 0.35 * planks


def metal(r, size):
    brushed = noise(r, size, size, 40) * r.uniform(0, 0.08)
    angle = np.linspace(0, r.uniform(3, 12), size, dtype=np.float32)
    gloss = np.sin(angle + r.uniform(0, 6))[:, None] * r.uniform(0.15, 0.4)
    rust = np.clip(fractal(r, size, 4, 3) - 1.2, 0, 1) * -r.uniform(0, 0.4)
    return brushed + gloss + np.clip(np.sin(angle * 0.7)[:, None], 0.9, 1) * 2 - 1.9 + rust


def glass(r, size):
    ramp = np.linspace(-0.3, 0.3, size, dtype=np.float32)
    slanted = np.sin((ramp[:, None] + ramp[None]) * r.uniform(4, 20))
    return 0.5 * np.clip(slanted - 0.75, 0, 1) * 4 + 0.06 * noise(r, size, 3) + 0.2 * ramp[:, None]


def ceramic(r, size):
    pattern = 0.05 * noise(r, size, 3)
    if r.random() < 0.5:
        step = int(r.integers(20, 60))
        x = np.arange(size) % step < 2
        pattern = pattern - 0.3 * (x[:, None] | x[None])
    return pattern + 0.5 * np.clip(noise(r, size, 4) - 1.6, 0, 1)


def plastic(r, size):
    ribs = np.sin(np.arange(size, dtype=np.float32) * r.uniform(0.1, 0.6)) * r.uniform(0, 0.12)
    return ribs[None] + 0.45 * np.clip(noise(r, size, 3) - 1.3, 0, 1) + 0.03 * noise(r, size, 4)


def cloth(r, size):
    folds = np.sin(fractal(r, size, 2, 2) * r.uniform(2, 5)) * r.uniform(0.08, 0.25)
    thread = np.arange(size, dtype=np.float32) * r.uniform(0.8, 2.4)
    weave = np.sin(thread)[:, None] * np.sin(thread)[None] * 0.1
    if r.random() < 0.35:
        stripes = np.sign(np.sin(np.arange(size, dtype=np.float32) * r.uniform(0.1, 0.5))) * 0.25
        weave = weave + (stripes[None] if r.random() < 0.5 else stripes[:, None] * 0.6 + stripes[None] * 0.6)
    return folds + weave


def paper(r, size):
    pattern = 0.04 * fractal(r, size, 4, 3)
    if r.random() < 0.7:
        lines = (np.arange(size) % int(r.integers(8, 16)) < 3)[:, None]
        words = noise(r, size, size, 8) > -0.5
        return pattern - 0.55 * (lines & words)
    return pattern - 0.2 * np.clip(np.abs(np.sin(fractal(r, size, 3, 1) * 3)) - 0.9, 0, 1) * 5


def leaf(r, size):
    pattern = np.full((size, size), -0.45, np.float32)
    for _ in range(90):
        middle = tuple(int(v) for v in r.integers(0, size, 2))
        axes = (int(r.integers(6, 22)), int(r.integers(3, 8)))
        angle = float(r.uniform(0, 180))
        cv2.ellipse(pattern, middle, axes, angle, 0, 360, float(r.uniform(-0.35, 0.35)), -1, cv2.LINE_AA)
    return pattern + 0.08 * noise(r, size, size // 2)


def gravel(r, size):
    cells = int(r.integers(22, 60))
    stones = np.abs(noise(r, size, cells)) + 0.5 * np.abs(noise(r, size, cells * 2))
    return np.clip(stones * 0.6 - 0.5, -0.5, 0.6) + 0.15 * noise(r, size, size)


def grass(r, size):
    pattern = np.full((size, size), -0.3, np.float32)
    x, y = r.integers(0, size, (2, 500))
    lean, height = r.integers(-6, 7, 500), r.integers(6, 20, 500)
    light = r.uniform(-0.45, 0.4, 500)
    for i in range(500):
        cv2.line(pattern, (int(x[i]), int(y[i])), (int(x[i] + lean[i]), int(y[i] - height[i])), float(light[i]), 1)
    return pattern + 0.1 * noise(r, size, 6)


def water(r, size):
    waves = np.sin(fractal(r, size, 4, 3, stretch=3) * 2.5 + np.linspace(0, r.uniform(6, 30), size, dtype=np.float32)[:, None])
    return 0.14 * waves + 0.8 * np.clip(waves - 0.93, 0, 1) * 6 + 0.06 * noise(r, size, 30, 3)


def drum(r, size):
    x = np.linspace(-1, 1, size, dtype=np.float32)
    radius = np.sqrt(x[:, None] ** 2 + x[None] ** 2)
    worn = -0.25 * np.exp(-(radius**2) / 0.08) * r.uniform(0, 1)
    return worn + 0.04 * fractal(r, size, 6, 3) - 0.1 * (radius > 0.9)


PATTERNS = dict(zip(MATERIALS, (wood, metal, glass, ceramic, plastic, cloth, paper, leaf, gravel, grass, water, drum)))
