"""Hands with fingers, seen through a camera. Lengths are in widths of the palm, places in the world."""

import numpy as np

from acts import SKINS, unit
from textures import colour

FINGERS = 4
LENGTHS = (0.82, 0.95, 0.9, 0.7)
"""Of the fingers, from the forefinger on."""
REST, CLOSED = 0.3, 1.0
"""How far a finger is bent: at rest, and into the palm."""


class Hand:
    """One hand: how large, of whose skin, in which sleeve, and from where its arm comes. With `mirrored`, the thumb is on the other side."""

    def __init__(self, r, size):
        self.size = size
        self.skin, self.sleeve = SKINS[r.integers(len(SKINS))], colour(r, "cloth")
        self.mirrored = r.random() < 0.5
        self.flat = r.uniform(0.1, 0.9)
        """0–1: seen from the back, where a bent finger becomes short, or from the side, where it turns."""
        self.spread = r.uniform(0.75, 1.15)
        self.bare = r.uniform(0.5, 4)
        """Of the arm, before the sleeve begins."""
        self.shadow = r.uniform(0, 0.5)

    def draw(self, stage, wrist, way, bends, lifted=0.02):
        """With its wrist at a place, the palm towards the unit vector `way`, each finger bent by so much (0–1)."""
        s = self.size
        across = np.float32([-way[1], way[0]]) * (-1 if self.mirrored else 1)
        dark, light = self.skin * 0.62, np.clip(self.skin * 1.08 + 6, 0, 255)
        knuckles = [wrist + way * s * 0.95 + across * s * self.spread * (0.36 - 0.24 * k) for k in range(FINGERS)]
        fingers = [self.finger(knuckle, way, -across, bend, s * length) for knuckle, bend, length in zip(knuckles, bends, LENGTHS)]
        elbow = wrist - way * s * 7
        if self.shadow:
            palm = np.float32([wrist - across * s * 0.4, wrist + across * s * 0.4, knuckles[0], fingers[0][1], fingers[-1][1], knuckles[-1]])
            stage.shade(palm + np.float32([lifted, 2 * lifted]), self.shadow)
        stage.limb(elbow, wrist, s * 0.85, s * 0.58, self.skin)
        stage.limb(elbow, wrist - way * s * self.bare, s * 1.05, s * 0.9, self.sleeve)
        edge = s * 0.5 * self.spread
        stage.polygon([wrist - across * s * 0.3, wrist + across * s * 0.3, wrist + way * s * 0.6 + across * edge, knuckles[0] + across * s * 0.12, knuckles[-1] - across * s * 0.12], self.skin)
        # Those behind first: the little finger.
        for knuckle, (middle, tip) in reversed(list(zip(knuckles, fingers))):
            for width, tint in ((0.27, dark), (0.2, light)):
                stage.limb(knuckle, middle, s * width, s * width * 0.95, tint)
                stage.limb(middle, tip, s * width * 0.95, s * width * 0.75, tint)
        thumb = wrist + way * s * 0.35 + across * s * 0.4
        joint = thumb + (way * 0.35 + across * 0.3) * s
        for width, tint in ((0.3, dark), (0.23, light)):
            stage.limb(thumb, joint, s * width * 1.1, s * width, tint)
            stage.limb(joint, joint + way * s * 0.36, s * width, s * width * 0.7, tint)

    def finger(self, knuckle, way, side, bend, length):
        """Its middle joint and its tip."""
        first, second = 0.9 * bend, 2.2 * bend
        middle = knuckle + self.turned(way, side, first) * length * 0.55
        return middle, middle + self.turned(way, side, second) * length * 0.45

    def turned(self, way, side, angle):
        return way * np.cos(angle) + side * np.sin(angle) * self.flat

    def tip(self, wrist, way, finger, bend):
        """Where a finger's tip is."""
        across = np.float32([-way[1], way[0]]) * (-1 if self.mirrored else 1)
        knuckle = wrist + way * self.size * 0.95 + across * self.size * self.spread * (0.36 - 0.24 * finger)
        return self.finger(knuckle, way, -across, bend, self.size * LENGTHS[finger])[1]

    def wrist_for(self, tip, way, finger, bend):
        """Where the wrist must be for a finger's tip to be there."""
        return tip - self.tip(np.float32([0, 0]), way, finger, bend)


def drifting(r, reach):
    """A slow path about nothing, as hands that rest or wander have: a function of time."""
    hertz, phase, wide = r.uniform(0.05, 0.5, (2, 2)), r.uniform(0, 6.28, (2, 2)), r.uniform(0.2, 1, (2, 2)) * reach
    return lambda t: (np.sin(2 * np.pi * hertz * t + phase) * wide).sum(0).astype(np.float32)


def arm_from(r):
    """A direction in which a palm may point, seldom downwards out of nowhere."""
    return unit(r.choice([0, np.pi]) + r.uniform(-0.8, 0.8) if r.random() < 0.6 else r.uniform(0, 6.28))
