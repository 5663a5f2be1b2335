"""What happens in a scene: things that move, and the sounds they make. Times in seconds, places in the world (the picture is 0–1)."""

from dataclasses import dataclass

import numpy as np

from textures import colour
from things import Aftermath, REACTIONS, Thing

SKINS = np.float32([[150, 180, 225], [110, 145, 195], [70, 100, 150], [45, 65, 100]])


@dataclass(frozen=True)
class Impact:
    """A sound: when, how loud (0–1), where, what and of what."""

    time: float
    energy: float
    at: np.ndarray
    action: str
    material: str


def unit(angle):
    return np.float32([np.cos(angle), np.sin(angle)])


def eased(u):
    """0–1 to 0–1, slow at both ends."""
    return u * u * (3 - 2 * u)


def rhythm(r, seconds, least=0.16, most=1.3):
    """Times of impacts: even, uneven, or sparse, sometimes with pauses."""
    gap = np.exp(r.uniform(np.log(least), np.log(most)))
    wobble = r.choice([0.04, 0.15, 0.4])
    times, t = [], r.uniform(0.1, min(1.2, seconds * 0.4))
    while t < seconds - 0.05:
        times.append(t)
        t += max(least, gap * (1 + wobble * r.standard_normal()))
        if r.random() < 0.06:
            t += r.uniform(0.4, 1.5)
    return np.float64(times)


class Striking:
    """A stick, a hammer or a hand hits a thing again and again; with `misses`, some swings stop above it and make no sound."""

    def __init__(self, r, material, seconds, misses=0.12, silent=False, times=None):
        self.thing = Thing(r, material, middle=r.uniform([0.35, 0.4], [0.68, 0.72]))
        self.rise = -unit(np.pi / 2 + r.uniform(-0.9, 0.9)) if r.random() < 0.8 else unit(r.uniform(0, 6.28))
        grip_angle = r.choice([0, np.pi]) + r.uniform(-0.75, 0.75) if r.random() < 0.75 else r.uniform(0, 6.28)
        self.grip, self.turned = unit(grip_angle), r.uniform(-1.1, 1.1)
        self.height, self.length = r.uniform(0.06, 0.4), r.uniform(0.28, 0.7)
        self.tool = r.choice(["stick", "stick", "stick", "hammer", "hand"])
        self.thick = r.uniform(0.012, 0.035) if self.tool != "hand" else r.uniform(0.07, 0.13)
        self.tint = colour(r, "wood") if self.tool != "hand" else SKINS[r.integers(4)]
        self.skin, self.sleeve = SKINS[r.integers(4)], colour(r, "cloth")
        self.head = r.uniform(0.05, 0.13)
        self.hand = r.uniform(0.06, 0.15)
        self.shadow = r.uniform(0.1, 0.55) if r.random() < 0.75 else 0
        self.shadow_way = unit(r.uniform(0, 6.28)) * r.uniform(0.2, 1)
        self.up, self.down = np.exp(r.uniform(np.log(0.12), np.log(0.6))), np.exp(r.uniform(np.log(0.08), np.log(0.3)))
        times = rhythm(r, seconds) if times is None else times
        spot, spread = self.thing.spot(r), r.choice([0.01, 0.03, 0.1])
        self.beats = [(t, spot + np.float32(r.normal(0, spread, 2)), r.uniform(0.35, 1), silent or r.random() < misses) for t in times]
        self.beats = [(-r.uniform(0.2, 0.9), spot, r.uniform(0.4, 1), True)] + self.beats
        self.beats.append((seconds + r.uniform(0.3, 1), spot, r.uniform(0.4, 1), True))
        self.clearance = r.uniform(0.35, 0.8)
        action = "splash" if material == "water" else "strike"
        self.impacts = [Impact(t, float(np.clip(e * r.uniform(0.8, 1.1), 0.1, 1)), at, action, material) for t, at, e, missed in self.beats if not missed and t < seconds]
        self.aftermath = Aftermath(r, self.thing.reaction, material, self.impacts)

    def build(self, backdrop):
        self.thing.draw(backdrop)

    def tip(self, t):
        """Where the tool's end is, and how high above the thing (in the world)."""
        k = max(0, min(len(self.beats) - 2, np.searchsorted([beat[0] for beat in self.beats], t, "right") - 1))
        (t0, from_, e0, miss0), (t1, to, e1, miss1) = self.beats[k], self.beats[k + 1]
        gap = t1 - t0
        u = (t - t0) / gap
        high = self.height * max(e1, 0.5 * e0) * min(1, 0.25 + 1.2 * gap)
        low0, low1 = (self.clearance * high * miss for miss in (miss0, miss1))
        # Slow at the top and fast at the thing, which throws it back; a missed blow slows down before it.
        fit = min(1, gap / (self.up + self.down))
        x, y = np.clip((t - t0) / (self.up * fit), 0, 1), np.clip((t1 - t) / (self.down * fit), 0, 1)
        rise = eased(x) if miss0 else 1 - (1 - x) ** (1 + 2 * self.thing.reaction.bounce)
        fall = eased(y) if miss1 else 1 - (1 - y) ** 2
        lift = max(0.0, high * rise * fall * (1 - 0.5 * (low0 + low1) / high) + low0 * (1 - u) + low1 * u)
        share = eased(u)
        return from_ * (1 - share) + to * share, lift

    def draw(self, stage, t):
        self.aftermath.draw(stage, t)
        at, lift = self.tip(t)
        tip = at + self.rise * lift
        turn = self.turned * lift / self.height
        c, s = np.cos(turn), np.sin(turn)
        grip = np.float32([self.grip[0] * c - self.grip[1] * s, self.grip[0] * s + self.grip[1] * c])
        hand = tip + grip * self.length + self.rise * lift * 0.2
        if self.shadow:
            away = self.shadow_way * lift
            w = np.float32([-grip[1], grip[0]]) * self.thick * 0.8
            stage.shade([at + away + w, at + away - w, hand + away * 1.3 - self.rise * lift - w * 2, hand + away * 1.3 - self.rise * lift + w * 2], self.shadow)
        if self.tool == "hammer":
            across = self.rise * self.head
            stage.limb(hand, tip + across * 0.6, self.thick, self.thick, self.tint)
            stage.limb(tip + across * 0.3, tip + across * 1.3, self.head * 0.7, self.head * 0.7, colour_of_steel(self.tint))
        elif self.tool == "hand":
            stage.limb(hand + grip * 0.3, hand - grip * 0.1, self.thick * 1.2, self.thick, self.sleeve)
            stage.limb(hand - grip * 0.1, tip + grip * self.thick * 0.6, self.thick * 0.8, self.thick, self.tint)
            return
        else:
            stage.limb(hand, tip, self.thick * 1.4, self.thick * 0.8, self.tint)
        stage.limb(hand + grip * 0.7, hand + grip * self.hand, self.hand * 1.1, self.hand, self.sleeve)
        stage.limb(hand + grip * self.hand, hand, self.hand * 0.8, self.hand * 0.75, self.skin)


def colour_of_steel(tint):
    return np.float32([1, 1, 1]) * (60 + 0.4 * float(np.mean(tint)))


class Dropping:
    """Things fall on a surface and bounce; in water they splash and sink."""

    def __init__(self, r, material, seconds, falls=True):
        self.ground = r.uniform(0.55, 0.9)
        self.floor = Thing(r, material, middle=(0.5, 0.5))
        self.top = self.ground - r.uniform(0.02, 0.15)
        self.radius = r.uniform(0.025, 0.1)
        self.corners = int(r.choice([0, 0, 4, 5, 6]))
        self.tint, self.spin = colour(r, r.choice(["plastic", "wood", "metal", "cloth"])), r.uniform(-6, 6)
        self.gravity = r.uniform(1.5, 5)
        self.drops, self.impacts = [], []
        times = rhythm(r, seconds, 0.9)
        for t in times[times < seconds - 0.1]:
            self.drop(r, t, material, seconds)
        self.aftermath = Aftermath(r, REACTIONS[material], material, self.impacts)

    def drop(self, r, t, material, seconds):
        fall = r.uniform(0.25, self.ground + 0.1)
        speed = np.sqrt(2 * self.gravity * fall)
        x, drift = r.uniform(0.2, 0.8), r.uniform(-0.25, 0.25)
        arcs = [(t - speed / self.gravity, t, 0.0)]
        left = speed
        while t < seconds and left > 0.22 and len(arcs) < 9:
            energy = float(np.clip(left / speed * (0.35 + 0.65 * fall), 0.05, 1))
            place = np.float32([x + drift * (t - arcs[0][1]), self.ground])
            action = "splash" if material == "water" else "drop"
            self.impacts.append(Impact(t, energy, place, action, material))
            if material == "water":
                break
            left *= r.uniform(0.6, 1.0) * (0.25 + 0.75 * REACTIONS[material].bounce / 0.55) * 0.75
            arcs.append((t, t + 2 * left / self.gravity, left))
            t = arcs[-1][1]
        self.drops.append((x, drift, fall, arcs, material == "water"))

    def build(self, backdrop):
        band = np.float32([[-0.6, self.top], [1.6, self.top], [1.6, 1.6], [-0.6, 1.6]])
        backdrop.textured(band, self.floor.texture, (0, self.top), 0, self.floor.scale)
        backdrop.lines([[-0.6, self.top], [1.6, self.top]], [30, 30, 30], 0.006)

    def draw(self, stage, t):
        self.aftermath.draw(stage, t)
        for x, drift, fall, arcs, sinks in self.drops:
            begin, landed = arcs[0][0], arcs[0][1]
            if t < begin or t > landed + 3 or (sinks and t > landed + 0.12):
                continue
            height = 0.0
            for t0, t1, speed in arcs:
                if t0 <= t < t1:
                    height = fall - 0.5 * self.gravity * (t - t0) ** 2 if speed == 0 else speed * (t - t0) - 0.5 * self.gravity * (t - t0) ** 2
            moving = min(t, arcs[-1][1]) - landed
            place = np.float32([x + drift * moving, self.ground - max(0.0, height) - self.radius])
            stage.shade(np.float32([x + drift * moving, self.ground]) + ellipse(self.radius * (1 + height), self.radius * 0.25), 0.35 / (1 + 4 * height))
            if self.corners:
                turn = self.spin * moving + np.linspace(0, 2 * np.pi, self.corners, endpoint=False)
                stage.polygon(place + np.stack([np.cos(turn), np.sin(turn)], 1) * self.radius, self.tint)
            else:
                stage.disc(place, self.radius, self.tint)
                stage.disc(place - self.radius * 0.35, self.radius * 0.3, np.clip(self.tint * 1.4 + 30, 0, 255))


def ellipse(a, b, points=16):
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([np.cos(turn) * a, np.sin(turn) * b], 1).astype(np.float32)


class Placing:
    """A hand brings a thing, puts it down, lets it go and takes it up again."""

    def __init__(self, r, material, seconds):
        self.table = Thing(r, material, middle=(0.5, 0.5))
        self.ground = r.uniform(0.55, 0.85)
        self.size = np.float32([r.uniform(0.05, 0.12), r.uniform(0.05, 0.2)])
        self.tint, self.skin, self.sleeve = colour(r, r.choice(["ceramic", "glass", "plastic", "metal", "wood"])), SKINS[r.integers(4)], colour(r, "cloth")
        self.from_ = unit(-np.pi / 2 + r.uniform(-1, 1))
        self.lift, self.arm = r.uniform(0.12, 0.35), unit(-np.pi / 2 + r.uniform(-1.2, 1.2))
        self.cycle = r.uniform(1.0, 2.2)
        self.begin = r.uniform(0.2, 1.0)
        self.x = [r.uniform(0.25, 0.75) for _ in range(12)]
        self.brisk = r.uniform(1.1, 1.8)
        count = int((seconds - self.begin) / self.cycle) + 1
        times = [self.begin + k * self.cycle for k in range(count)]
        self.impacts = [Impact(t, float(r.uniform(0.1, 0.45)), np.float32([self.x[k], self.ground]), "drop", material) for k, t in enumerate(times) if t < seconds]
        self.aftermath = Aftermath(r, REACTIONS[material], material, self.impacts if material == "water" else [])

    def build(self, backdrop):
        top = self.ground - 0.06
        backdrop.textured([[-0.6, top], [1.6, top], [1.6, 1.6], [-0.6, 1.6]], self.table.texture, (0, top), 0, self.table.scale)

    def draw(self, stage, t):
        self.aftermath.draw(stage, t)
        k, u = divmod((t - self.begin) / self.cycle, 1)
        k = int(np.clip(k, -1, 9))
        here, there = self.x[k % 12], self.x[(k + 1) % 12]
        # A third of the cycle the thing stands and the hand goes away and returns; then it is carried.
        if u < 0.4:
            x, high, hand = here, 0.0, np.sin(np.pi * u / 0.4) * self.lift
        else:
            v = (u - 0.4) / 0.6
            x, hand = here + (there - here) * v * v * (3 - 2 * v), 0.0
            high = self.lift * np.sin(np.pi * v ** (1 / self.brisk))
        foot = np.float32([x, self.ground]) + self.from_ * max(0.0, high)
        a, b = self.size
        stage.shade(np.float32([x, self.ground]) + ellipse(a * (1 + high), a * 0.3), 0.3)
        stage.polygon(foot + np.float32([[-a, -b], [a, -b], [a * 0.9, 0], [-a * 0.9, 0]]), self.tint)
        stage.polygon(foot + np.float32([[-a * 0.8, -b], [-a * 0.4, -b], [-a * 0.35, 0], [-a * 0.7, 0]]), np.clip(self.tint * 1.3 + 20, 0, 255))
        wrist = foot + np.float32([0, -b * 0.7]) + self.arm * hand
        stage.limb(wrist + self.arm * 0.6, wrist + self.arm * 0.12, 0.11, 0.09, self.sleeve)
        stage.limb(wrist + self.arm * 0.12, wrist, 0.07, 0.08, self.skin)


class Scraping(Striking):
    """A tool rubs over a thing, to and fro; each stroke is a sound."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds, misses=0, silent=True)
        self.strokes = [t for t in rhythm(r, seconds, 0.3)]
        self.way = unit(r.uniform(-0.7, 0.7)) * r.uniform(0.06, 0.2)
        self.spot = self.thing.spot(r)
        signs = [1 if k % 2 else -1 for k in range(len(self.strokes))]
        self.impacts = [Impact(t, float(r.uniform(0.2, 0.7)), self.spot - self.way * sign, "scratch", material) for t, sign in zip(self.strokes, signs)]
        soft = REACTIONS[material]
        self.aftermath = Aftermath(r, soft, material, self.impacts if soft.debris else [])

    def tip(self, t):
        """Each stroke takes most of the time to the next, then the tool rests."""
        k = np.searchsorted(self.strokes, t, "right") - 1
        if k < 0:
            return self.spot + self.way * -1.0, 0.0
        gap = (self.strokes[k + 1] - self.strokes[k]) if k + 1 < len(self.strokes) else 0.5
        u = np.clip((t - self.strokes[k]) / min(0.8 * gap, 0.6), 0, 1)
        sign = 1 if k % 2 else -1
        return self.spot + self.way * sign * -np.cos(np.pi * u), 0.0


class Playing(Striking):
    """A hand or a bow on something that is plucked or strummed: it sounds where the hand is fastest, not where it stops."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds, misses=0, silent=True)
        self.tool = r.choice(["hand", "hand", "stick"])
        if self.tool == "hand":
            self.thick, self.tint = r.uniform(0.07, 0.13), self.skin
        self.strums = r.random() < 0.5
        self.times = rhythm(r, seconds, 0.12, 0.8)
        self.spot = self.thing.spot(r)
        self.way, self.reach = unit(r.uniform(0, 6.28)), r.uniform(0.02, 0.1)
        self.swing = np.exp(r.uniform(np.log(0.08), np.log(0.3)))
        self.impacts = [Impact(t, float(r.uniform(0.2, 0.9)), self.spot, "strike", material) for t in self.times]
        self.aftermath = Aftermath(r, self.thing.reaction, material, self.impacts)

    def tip(self, t):
        k = int(np.searchsorted(self.times, t, "right")) - 1
        since = t - self.times[k] if k >= 0 else np.inf
        until = self.times[k + 1] - t if k + 1 < len(self.times) else np.inf
        swing = min(self.swing, (since + until) / 2)
        if self.strums:
            # Through the strings and out, then back through them.
            away = min(1.0, since / swing, until / swing)
            along = (1 if k % 2 else -1) * np.sin(np.pi / 2 * away)
        else:
            # Snatched away, then slowly back.
            along = min(since / (0.3 * swing), 1.0) if since < swing else max(0.0, 1 - (since - swing) / (2 * swing))
            along = along if until > 0.5 * swing else along * until / (0.5 * swing)
        return self.spot + self.way * self.reach * along, 0.0


class Walking:
    """Legs walk, seen from the side or from the front. With `silent`, they stand and shift without a step."""

    def __init__(self, r, material, seconds):
        self.floor = Thing(r, material, middle=(0.5, 0.5))
        self.ground = r.uniform(0.72, 0.92)
        self.top = self.ground - r.uniform(0.05, 0.25)
        self.front = r.random() < 0.4
        self.leg = r.uniform(0.35, 0.75)
        self.step_time = r.uniform(0.32, 0.75)
        self.stride = self.leg * r.uniform(0.5, 0.9)
        self.way = r.choice([-1, 1])
        self.follows = r.random() < 0.4
        self.begin = r.uniform(0, 0.5)
        self.cloth, self.shoe, self.shirt = colour(r, "cloth"), colour(r, "cloth") * 0.5, colour(r, "cloth")
        self.x0 = 0.5 - self.way * r.uniform(0, 0.5)
        self.speed = 0 if self.front or self.follows else self.way * self.stride / self.step_time
        self.impacts = []
        count = int((seconds - self.begin) / self.step_time) + 1
        action = "splash" if material == "water" else "step"
        for k in range(count):
            t = self.begin + k * self.step_time
            x = self.foot(t, k % 2)[0]
            if t < seconds and -0.05 < x < 1.05:
                self.impacts.append(Impact(t, float(np.clip(r.normal(0.4, 0.1), 0.1, 0.9)), np.float32([x, self.ground]), action, material))
        self.aftermath = Aftermath(r, REACTIONS[material], material, self.impacts if REACTIONS[material].debris else [])

    def build(self, backdrop):
        band = np.float32([[-0.6, self.top], [1.6, self.top], [1.6, 1.6], [-0.6, 1.6]])
        backdrop.textured(band, self.floor.texture, (0, self.top), 0, self.floor.scale)

    def hip(self, t):
        bob = 0.02 * self.leg * np.cos(2 * np.pi * (t - self.begin) / self.step_time)
        x = self.x0 + self.speed * (t - self.begin)
        return np.float32([x, self.ground - self.leg * 0.97 + bob])

    def foot(self, t, side):
        """Lands at even (odd) steps: behind the body for two thirds of a cycle, then swung forward quickly."""
        u = ((t - self.begin) / self.step_time - side) / 2 % 1
        u = 0.0 if u > 1 - 1e-6 else u
        planted = 0.6
        swing = (u - planted) / (1 - planted)
        lift = 0.0 if u < planted else np.sin(np.pi * swing**0.8) * 0.14 * self.leg
        if self.front:
            return np.float32([self.x0 + (side - 0.5) * 0.22 * self.leg, self.ground - lift * 1.3])
        along = 0.5 - u / planted if u < planted else -0.5 + swing * swing * (3 - 2 * swing)
        return np.float32([self.hip(t)[0] + self.way * self.stride * along * planted * 2, self.ground - lift])

    def draw(self, stage, t):
        self.aftermath.draw(stage, t)
        hip = self.hip(t)
        stage.shade(np.float32([hip[0], self.ground + 0.02]) + ellipse(0.35 * self.leg, 0.05 * self.leg), 0.3)
        stage.limb(hip - [0, 0.6 * self.leg], hip, 0.4 * self.leg, 0.32 * self.leg, self.shirt)
        for side in (0, 1):
            foot = self.foot(t, side)
            ankle = foot - np.float32([0, 0.06 * self.leg])
            away = ankle - hip
            bend = np.sqrt(max(0.0, (0.5 * self.leg) ** 2 - (np.hypot(*away) / 2) ** 2))
            knee = hip + away / 2 + (np.float32([self.way * bend, 0]) if not self.front else 0)
            tint = self.cloth * (1.0 if side else 0.75)
            stage.limb(hip, knee, 0.22 * self.leg, 0.16 * self.leg, tint)
            stage.limb(knee, ankle, 0.16 * self.leg, 0.1 * self.leg, tint)
            toe = foot + np.float32([0 if self.front else self.way * 0.14 * self.leg, -0.03 * self.leg])
            stage.limb(foot - np.float32([0, 0.04 * self.leg]), toe, 0.09 * self.leg, 0.07 * self.leg, self.shoe)


class Waving(Striking):
    """A hand or a stick swings in the air and touches nothing."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds, silent=True)
        self.clearance = r.uniform(0.2, 1)
        self.impacts = []


class Passing:
    """People and things cross the picture without a sound to be seen."""

    def __init__(self, r, material, seconds):
        self.impacts = []
        self.movers = []
        for _ in range(int(r.integers(1, 4))):
            size = r.uniform(0.06, 0.4)
            self.movers.append((r.uniform(-0.3, 1.3), r.uniform(0.2, 0.9), size, r.normal(0, 0.25, 2), colour(r, "cloth"), colour(r, "plastic"), r.uniform(0.3, 2), r.uniform(0, 6)))

    def build(self, backdrop):
        pass

    def draw(self, stage, t):
        for x, y, size, speed, tint, other, hertz, phase in self.movers:
            sway = 0.05 * size * np.sin(2 * np.pi * hertz * t + phase)
            place = np.float32([x + speed[0] * t + sway, y + 0.2 * speed[1] * t])
            stage.limb(place, place + np.float32([sway, size]), size * 0.55, size * 0.65, tint)
            stage.disc(place - np.float32([0, size * 0.5]), size * 0.25, SKINS[int(phase) % 4], 1.2)


class Nothing(Passing):
    def draw(self, stage, t):
        pass


SOUNDING = {"strike": Striking, "play": Playing, "drop": Dropping, "put": Placing, "scratch": Scraping, "step": Walking}
SILENT = {"wave": Waving, "pass": Passing, "nothing": Nothing}
