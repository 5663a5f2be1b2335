"""Where scenes are, and what moves there all the time: the sources of the beds."""

import cv2
import numpy as np

from stage import BACKDROP, Stage
from textures import colour, fractal, noise, texture
from vocabulary import MATERIALS


def sky(r):
    top, low = np.float32(r.uniform([120, 90, 60], [250, 220, 200])), np.float32(r.uniform([150, 140, 130], [255, 250, 245]))
    share = np.linspace(0, 1, BACKDROP, dtype=np.float32)[:, None, None]
    return np.clip(top * (1 - share) + low * share + 10 * fractal(r, BACKDROP, 3)[:, :, None], 0, 255).astype(np.uint8)


def wall(r):
    """A room: a wall of something, perhaps with frames, edges and furniture."""
    picture = np.full((BACKDROP, BACKDROP, 3), colour(r, r.choice(["ceramic", "cloth", "paper", "wood"])), np.float32)
    picture *= 1 + 0.12 * noise(r, BACKDROP, 3)[:, :, None] + 0.03 * noise(r, BACKDROP, 60)[:, :, None]
    stage = Stage.backdrop(np.clip(picture, 0, 255).astype(np.uint8))
    for _ in range(int(r.integers(0, 9))):
        at, size = r.uniform(-0.3, 1.2, 2), r.uniform(0.05, 0.5, 2)
        corners = at + np.float32([[0, 0], [1, r.uniform(-0.2, 0.2)], [1 + r.uniform(-0.2, 0.2), 1], [0, 1]]) * size
        if r.random() < 0.5:
            stage.textured(corners, texture(r, MATERIALS[r.integers(12)], 96), at, r.uniform(-0.4, 0.4), r.uniform(0.3, 1))
        else:
            stage.polygon(corners, colour(r, "plastic"))
        if r.random() < 0.5:
            stage.lines(corners, colour(r, "wood") * 0.5, r.uniform(0.004, 0.03), closed=True)
    return stage.canvas


def photograph(r, photos):
    picture = cv2.imread(str(photos[r.integers(len(photos))]))
    side = int(min(picture.shape[:2]) * r.uniform(0.5, 1))
    y, x = (int(r.integers(0, size - side + 1)) for size in picture.shape[:2])
    return cv2.resize(picture[y : y + side, x : x + side], (BACKDROP, BACKDROP), interpolation=cv2.INTER_AREA)


class Place:
    """A backdrop, the names of its beds, and what is drawn over it at every moment."""

    beds = ()
    covers = True
    """What it draws lies over the backdrop, so that things must be painted anew over that."""

    def __init__(self, r, photos):
        self.r = r

    def backdrop(self):
        return wall(self.r)

    def draw(self, stage, t):
        pass


class Plain(Place):
    """A photograph or a heap of colours: no sound of the place is known."""

    covers = False

    def __init__(self, r, photos):
        self.photos, self.r = photos, r

    def backdrop(self):
        if self.photos and self.r.random() < 0.7:
            return photograph(self.r, self.photos)
        return wall(self.r) if self.r.random() < 0.5 else cv2.resize(texture(self.r, MATERIALS[self.r.integers(12)]), (BACKDROP, BACKDROP))


class Room(Place):
    beds = ("room",)
    covers = False


class Water(Place):
    """A sea, a river, a pond: part or all of the picture moves as water does."""

    beds = ("water",)

    def __init__(self, r, photos):
        self.r = r
        self.shore = r.uniform(-0.5, 0.6)
        self.texture, self.scale = texture(r, "water"), r.uniform(0.7, 2)
        self.speed, self.phase = r.uniform(-0.15, 0.15), r.uniform(0, 6, 3)
        self.foam = r.uniform(0, 1)

    def backdrop(self):
        return sky(self.r)

    def draw(self, stage, t):
        low = np.float32([[-0.8, self.shore], [1.8, self.shore], [1.8, 1.8], [-0.8, 1.8]])
        stage.textured(low, self.texture, (self.speed * t + 0.02 * np.sin(2 * t), self.shore + 0.03 * np.sin(1.3 * t + self.phase[0])), 0, self.scale)
        for k in range(4):
            y = self.shore + (k + 0.5) ** 1.6 * 0.12 + 0.02 * np.sin(1.5 * t + k + self.phase[1])
            x = np.linspace(-0.5, 1.5, 24)
            crest = np.stack([x, y + 0.012 * np.sin(9 * x + 2.2 * t + 2 * k + self.phase[2]) * (1 + k * 0.5)], 1)
            stage.lines(crest, [200 + 50 * self.foam] * 3, 0.004 + 0.006 * self.foam * k / 3)


class Wind(Place):
    """Trees and grass that sway."""

    beds = ("wind",)

    def __init__(self, r, photos):
        self.r = r
        count = int(r.integers(60, 130))
        self.at = np.float32(r.uniform([-0.2, -0.3], [1.2, 0.7], (count, 2)))
        self.size, self.phase = r.uniform(0.03, 0.12, count), r.uniform(0, 6, count) * 0.2 + self.at[:, 0] * 3
        self.tint = [colour(r, "leaf") * r.uniform(0.6, 1.2) for _ in range(count)]
        self.sway, self.hertz = r.uniform(0.008, 0.04), r.uniform(0.4, 1.3)

    def backdrop(self):
        stage = Stage.backdrop(sky(self.r))
        stage.textured([[-0.6, 0.7], [1.6, 0.7], [1.6, 1.6], [-0.6, 1.6]], texture(self.r, "grass"), (0, 0.7))
        for x in self.r.uniform(-0.2, 1.2, 4):
            stage.limb([x, 0.1], [x, 0.85], 0.02, 0.06, colour(self.r, "wood") * 0.6)
        return stage.canvas

    def draw(self, stage, t):
        gust = 0.6 + 0.4 * np.sin(0.7 * t)
        move = self.sway * gust * np.sin(2 * np.pi * self.hertz * t + self.phase) + self.sway * 0.4 * np.sin(17 * t + self.phase * 3)
        for at, dx, size, tint in zip(self.at, move, self.size, self.tint):
            stage.disc(at + np.float32([dx, 0.4 * dx]), size, tint, 0.6)


class Rain(Place):
    beds = ("rain",)
    covers = False

    def __init__(self, r, photos):
        self.r = r
        count = int(r.integers(50, 140))
        self.at, self.fall = r.uniform(-0.3, 1.3, (count, 2)), r.uniform(1.5, 3.5, count)
        self.slant, self.long = r.uniform(-0.3, 0.3), r.uniform(0.03, 0.1)
        self.light = float(r.uniform(150, 235))

    def backdrop(self):
        picture = wall(self.r) if self.r.random() < 0.4 else Street(self.r, None).backdrop()
        return cv2.convertScaleAbs(picture, alpha=0.55)

    def draw(self, stage, t):
        y = (self.at[:, 1] + self.fall * t + 0.3) % 1.6 - 0.3
        x = self.at[:, 0] + self.slant * y
        ends = stage.pixels(np.stack([x, y, x + self.slant * self.long, y + self.long], 1))
        fixed = np.rint(ends.reshape(-1, 2, 2) * 16).astype(np.int32)
        cv2.polylines(stage.canvas, list(fixed), False, (self.light,) * 3, 1, cv2.LINE_AA, 4)


class Crowd(Place):
    beds = ("crowd",)

    def __init__(self, r, photos):
        self.r = r
        count = int(r.integers(25, 70))
        self.at = np.float32(r.uniform([-0.2, 0.15], [1.2, 1.1], (count, 2)))
        self.at = self.at[np.argsort(self.at[:, 1])]
        self.size = 0.02 + 0.05 * np.clip(self.at[:, 1], 0, 1) * r.uniform(0.8, 1.4)
        self.phase, self.hertz = r.uniform(0, 6, count), r.uniform(0.2, 2, count)
        self.drift = r.normal(0, 0.04, count)
        self.clothes = [colour(r, "cloth") for _ in range(count)]
        self.hair = [colour(r, "wood") * r.uniform(0.2, 0.9) for _ in range(count)]

    def backdrop(self):
        return Street(self.r, None).backdrop() if self.r.random() < 0.5 else wall(self.r)

    def draw(self, stage, t):
        sway = 0.25 * self.size * np.sin(2 * np.pi * self.hertz * t + self.phase)
        x = self.at[:, 0] + self.drift * t + sway
        for px, py, size, cloth, hair in zip(x, self.at[:, 1] + 0.4 * np.abs(sway), self.size, self.clothes, self.hair):
            stage.disc([px, py + 2.2 * size], 1.6 * size, cloth, 1.1)
            stage.disc([px, py], size, [120, 155, 200], 1.2)
            stage.disc([px, py - 0.5 * size], size * 0.95, hair, 0.7)


class Street(Place):
    """Houses, a road, and cars that drive by."""

    beds = ("street",)

    def __init__(self, r, photos):
        self.r = r
        self.road = r.uniform(0.55, 0.75)
        self.cars = [
            (r.uniform(-1.5, 2.5), self.road + r.uniform(0.02, 0.22), r.uniform(0.08, 0.3), r.choice([-1, 1]) * r.uniform(0.15, 0.9), colour(r, "plastic"))
            for _ in range(int(r.integers(2, 7)))
        ]

    def backdrop(self):
        stage = Stage.backdrop(sky(self.r))
        x = -0.6
        while x < 1.6:
            wide, top = self.r.uniform(0.15, 0.5), self.r.uniform(-0.3, 0.35)
            tint = colour(self.r, self.r.choice(["paper", "ceramic", "wood"])) * 0.8
            stage.polygon([[x, top], [x + wide, top], [x + wide, 0.9], [x, 0.9]], tint)
            pane = colour(self.r, "glass") * 0.5
            for wx in np.arange(x + 0.04, x + wide - 0.05, 0.09):
                for wy in np.arange(top + 0.05, 0.6, 0.13):
                    stage.polygon([[wx, wy], [wx + 0.05, wy], [wx + 0.05, wy + 0.07], [wx, wy + 0.07]], pane)
            x += wide
        stage.textured([[-0.6, self.road], [1.6, self.road], [1.6, 1.6], [-0.6, 1.6]], cv2.convertScaleAbs(texture(self.r, "gravel", 96), alpha=0.6), (0, self.road), 0, 0.5)
        return stage.canvas

    def draw(self, stage, t):
        for x0, y, size, speed, tint in self.cars:
            x = (x0 + speed * t + 1) % 3.5 - 1
            at = np.float32([x, y])
            stage.shade(at + np.float32([[-1.1, 0.2], [1.1, 0.2], [1.1, 0.3], [-1.1, 0.3]]) * size, 0.5)
            stage.polygon(at + np.float32([[-1, -0.2], [-0.6, -0.25], [-0.4, -0.55], [0.35, -0.55], [0.6, -0.25], [1, -0.15], [1, 0.15], [-1, 0.15]]) * size, tint)
            stage.polygon(at + np.float32([[-0.5, -0.25], [-0.35, -0.5], [0.3, -0.5], [0.48, -0.25]]) * size, tint * 0.2 + 60)
            for wheel in (-0.6, 0.6):
                stage.disc(at + np.float32([wheel, 0.15]) * size, 0.17 * size, [25, 25, 25])


class Fire(Place):
    beds = ("fire",)

    def __init__(self, r, photos):
        self.r = r
        count = 26
        self.root = np.float32([r.uniform(0.3, 0.7), r.uniform(0.7, 0.95)])
        self.wide, self.tall = r.uniform(0.08, 0.3), r.uniform(0.25, 0.6)
        self.x, self.phase, self.speed = r.normal(0, 0.4, count), r.uniform(0, 1, count), r.uniform(0.8, 2.2, count)
        self.flicker = r.uniform(0, 6, 3)

    def backdrop(self):
        return cv2.convertScaleAbs(wall(self.r), alpha=0.35)

    def draw(self, stage, t):
        glow = 1 + 0.25 * np.sin(23 * t + self.flicker[0]) + 0.15 * np.sin(37 * t + self.flicker[1])
        stage.disc(self.root, self.wide * 1.6, np.float32([10, 40, 90]) * glow, 0.7)
        age = (self.phase + self.speed * t) % 1
        order = np.argsort(age)
        for k in order:
            a = age[k]
            place = self.root + np.float32([self.x[k] * self.wide * (1 - 0.7 * a) + 0.03 * np.sin(11 * t + k), -self.tall * a])
            stage.disc(place, self.wide * 0.42 * (1 - a) + 0.01, np.clip(np.float32([40 + 120 * (1 - a) ** 3, 90 + 150 * (1 - a), 255]) * (1 - 0.3 * a), 0, 255), 1.5)


PLACES = (Plain, Room, Water, Wind, Rain, Crowd, Street, Fire)
CHANCES = (0.42, 0.2, 0.07, 0.07, 0.06, 0.06, 0.07, 0.05)
