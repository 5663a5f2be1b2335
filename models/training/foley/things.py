"""Things made of a material: how they look, where they can be hit, and what they do when they are."""

from dataclasses import dataclass

import cv2
import numpy as np

from stage import rounded
from textures import colour, texture


@dataclass(frozen=True)
class Reaction:
    """What a material does when it is hit. Lengths in the height of the picture."""

    bounce: float
    """Of the speed, 0–1, that is left after an impact."""
    give: float = 0.0
    """How far it yields near the impact."""
    shake: float = 0.0
    """How far it trembles."""
    hertz: float = 8.0
    """Of the trembling or swaying."""
    decay: float = 6.0
    """A second: of trembling."""
    debris: int = 0
    ripples: float = 0.0


REACTIONS = {
    "wood": Reaction(0.45),
    "metal": Reaction(0.55, shake=0.004, hertz=11, decay=4),
    "glass": Reaction(0.5, shake=0.003, hertz=9),
    "ceramic": Reaction(0.45),
    "plastic": Reaction(0.45, give=0.008, shake=0.006, hertz=7),
    "cloth": Reaction(0.1, give=0.035, hertz=2.5, decay=7),
    "paper": Reaction(0.15, give=0.02, shake=0.006, hertz=5),
    "leaf": Reaction(0.15, give=0.04, shake=0.02, hertz=3, decay=2.5, debris=3),
    "gravel": Reaction(0.15, debris=9),
    "grass": Reaction(0.15, give=0.025, shake=0.008, hertz=3, decay=5, debris=4),
    "water": Reaction(0.0, debris=12, ripples=0.02),
    "drum": Reaction(0.7, give=0.012, shake=0.004, hertz=10, decay=5),
}
GROUNDS = ("gravel", "grass", "water")
"""Lie around; they are not objects."""
ROUND = {"drum": 0.95, "ceramic": 0.6, "cloth": 0.5, "leaf": 1.0, "metal": 0.35, "glass": 0.4, "plastic": 0.3}
"""How often things of a material are round."""


class Thing:
    """An object, or the ground, with a middle, and points of it that can be hit."""

    def __init__(self, r, material, middle=(0.5, 0.62), reach=0.3):
        self.r, self.material, self.reaction = r, material, REACTIONS[material]
        self.texture = texture(r, material)
        self.side = cv2.convertScaleAbs(self.texture, alpha=r.uniform(0.45, 0.8))
        self.middle = np.float32(middle)
        self.angle = r.uniform(-0.6, 0.6)
        self.scale = r.uniform(0.5, 1.4)
        self.everywhere = material in GROUNDS or (material != "drum" and r.random() < 0.3)
        self.round = r.random() < ROUND.get(material, 0.1)
        wide = reach * r.uniform(0.55, 1.1)
        self.half = np.float32([wide, wide * r.uniform(0.2, 0.75)])
        self.depth = wide * r.uniform(0.1, 0.9)
        self.rim = colour(r, "metal")
        self.leaves = self.grown() if material == "leaf" and not self.everywhere else []

    def grown(self):
        """Leaves: root, tip, width, colour."""
        leaves = []
        for _ in range(int(self.r.integers(14, 34))):
            root = self.middle + self.r.normal(0, 0.35, 2) * self.half
            angle = self.r.uniform(-np.pi, np.pi)
            tip = root + np.float32([np.cos(angle), np.sin(angle)]) * self.r.uniform(0.08, 0.22)
            leaves.append((root, tip, self.r.uniform(0.02, 0.06), colour(self.r, "leaf") * self.r.uniform(0.5, 1.15)))
        return leaves

    def spot(self, r):
        """A place that can be hit, in the world."""
        if self.everywhere:
            return self.middle + np.float32(r.uniform(-0.25, 0.25, 2))
        return self.middle + self.half * np.float32(r.uniform(-0.6, 0.6, 2))

    def outline(self):
        if self.everywhere:
            return np.float32([[-0.6, -0.6], [1.6, -0.6], [1.6, 1.6], [-0.6, 1.6]])
        if self.round:
            turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
            return self.middle + np.stack([np.cos(turn), np.sin(turn)], 1) * self.half
        lean = np.float32([self.half[1] * np.sin(self.angle) * 1.2, 0])
        x, y = np.float32([self.half[0], 0]), np.float32([0, self.half[1]])
        corners = np.float32([-x - y + lean, x - y + lean, x + y - lean, y - x - lean])
        turned = corners @ np.float32([[np.cos(self.angle * 0.5), np.sin(self.angle * 0.5)], [-np.sin(self.angle * 0.5), np.cos(self.angle * 0.5)]])
        return self.middle + (rounded(turned) if self.material in ("cloth", "plastic", "ceramic") else turned)

    def draw(self, stage):
        outline = self.outline()
        if not self.everywhere:
            stage.shade(outline + [self.depth * 0.15, self.depth + 0.03], 0.35)
            for step in (1, 0.6, 0.3):
                stage.textured(outline + [0, self.depth * step], self.side, self.middle, self.angle, self.scale)
        if self.leaves:
            for root, tip, width, shade in self.leaves:
                self.leaf(stage, root, tip, width, shade)
            return
        stage.textured(outline, self.texture, self.middle - 0.5, self.angle, self.scale)
        if self.material == "drum" and self.round:
            stage.lines(outline, self.rim, 0.012, closed=True)

    def leaf(self, stage, root, tip, width, shade):
        along = tip - root
        across = np.float32([-along[1], along[0]]) / (np.hypot(*along) + 1e-6) * width
        middle = root + along * 0.45
        stage.polygon(rounded([root, middle + across, tip, middle - across], 1), shade)
        stage.lines([root, tip], shade * 0.7, 0.004)


class Aftermath:
    """What a thing shows after its impacts: it yields, trembles, throws up debris, makes rings."""

    LASTS = 0.9

    def __init__(self, r, thing_reaction, material, impacts):
        self.reaction, self.impacts = thing_reaction, impacts
        self.tint = colour(r, material)
        count = self.reaction.debris
        self.throws = []
        for impact in impacts:
            n = int(count * (0.4 + impact.energy)) if count else 0
            heading = r.uniform(-np.pi * 0.95, -np.pi * 0.05, n)
            speed = r.uniform(0.2, 1.1, n) * (0.4 + impact.energy)
            sizes = r.uniform(0.003, 0.011, n)
            self.throws.append((np.stack([np.cos(heading), np.sin(heading)], 1) * speed[:, None], sizes, r.uniform(0.6, 1.3, n)))

    def draw(self, stage, t):
        for impact, (velocity, sizes, shades) in zip(self.impacts, self.throws):
            age = t - impact.time
            if not 0 <= age < self.LASTS:
                continue
            self.deform(stage, impact, age)
            flown = impact.at + velocity * age + np.float32([0, 1.6]) * age * age
            for place, size, shade, v in zip(flown, sizes, shades, velocity):
                if v[1] + 3.2 * age < abs(v[1]) * 1.1:
                    stage.disc(place, size, np.clip(self.tint * shade, 0, 255))

    def deform(self, stage, impact, age):
        kind, strength = self.reaction, 0.35 + 0.65 * impact.energy
        if kind.give:
            depth = kind.give * strength * np.exp(-age * kind.decay) * np.cos(2 * np.pi * kind.hertz * age * 0.3)
            stage.bend(impact.at, 0.16, lambda dx, dy, d: (0 * d, depth * np.exp(-6 * d * d)))
        if kind.shake:
            push = kind.shake * strength * np.exp(-age * kind.decay) * np.sin(2 * np.pi * kind.hertz * age)
            stage.bend(impact.at, 0.34, lambda dx, dy, d: (0.6 * push * np.clip(1 - d, 0, 1), push * np.clip(1 - d, 0, 1)))
        if kind.ripples:
            high = kind.ripples * strength * np.exp(-2.2 * age)

            def ring(dx, dy, d):
                wave = np.sin(34 * d - 26 * age) * np.exp(-18 * (d - 1.4 * age) ** 2) * high * np.clip(3 * (1 - d), 0, 1)
                return wave * dx / (d + 0.05), wave * dy / (d + 0.05)

            stage.bend(impact.at, 0.5, ring)
