"""Instruments that are played, fast or slowly: strings that fingers pluck, keys that they press, drums under two sticks; and hands that move and play nothing."""

import numpy as np

from acts import Impact, Playing, Striking, eased, rhythm, unit
from hands import FINGERS, REST, Hand, arm_from, drifting
from textures import colour
from things import Aftermath, REACTIONS, Thing

FASTEST_S, SLOWEST_S = 0.11, 0.7
"""Between two notes."""
SIZES = (0.07, 0.34)
"""Widths of palms: a player in a room, a hand that fills the picture."""


def notes(r, seconds):
    """Times: even runs of one tempo, as music has them, sometimes halved or doubled, with rests."""
    if r.random() < 0.3:
        return rhythm(r, seconds, FASTEST_S, SLOWEST_S)
    beat = np.exp(r.uniform(np.log(FASTEST_S), np.log(SLOWEST_S)))
    wobble, rests, changes = r.choice([0.01, 0.05, 0.12]), r.choice([0, 0.03, 0.12]), r.choice([0, 0.1, 0.3])
    times, t, length = [], r.uniform(0, 0.5), beat
    while t < seconds - 0.02:
        times.append(t)
        if r.random() < changes:
            length = beat * r.choice([0.5, 1, 1, 2, 1.5])
        t += max(FASTEST_S, length * (1 + wobble * r.standard_normal()))
        if r.random() < rests:
            t += r.uniform(0.3, 1.5)
    return np.float64(times)


def palm(r):
    return float(np.exp(r.uniform(*np.log(SIZES))))


class Fingering:
    """What plucking and pressing have in common: a hand before an instrument, and which finger plays when."""

    def __init__(self, r, material, seconds):
        self.thing = Thing(r, material, middle=r.uniform([0.35, 0.35], [0.65, 0.7]), reach=r.uniform(0.3, 0.7))
        self.hand, self.way = Hand(r, palm(r)), arm_from(r)
        self.times = notes(r, seconds)
        used = r.choice([1, 2, 3, 4])
        order = r.permutation(FINGERS)[:used]
        self.finger = [int(order[k % used]) if r.random() < 0.8 else int(r.choice(order)) for k in range(len(self.times))]
        self.energy = [float(r.uniform(0.25, 0.9)) for _ in self.times]
        self.spot = self.thing.spot(r)
        self.drift, self.shiver = drifting(r, r.uniform(0, 0.06)), r.uniform(0, 0.25)
        self.rest = r.uniform(0.1, 0.5, FINGERS)
        # How much of each note's movement the whole hand makes.
        self.whole = r.choice([0, 0.15, 0.4]) * self.hand.size
        self.quick = np.exp(r.uniform(np.log(0.03), np.log(0.09)))
        self.slow = np.exp(r.uniform(np.log(0.08), np.log(0.3)))
        self.far = r.uniform(0.25, 0.7)

    def heard(self, r, material):
        self.impacts = [Impact(t, e, self.spot + self.drift(t), "strike", material) for t, e in zip(self.times, self.energy)]
        self.aftermath = Aftermath(r, REACTIONS[material], material, [])

    def around(self, t, finger):
        """Seconds since the last note of a finger and until its next one."""
        own = [time for time, one in zip(self.times, self.finger) if one == finger]
        k = int(np.searchsorted(own, t, "right"))
        return t - own[k - 1] if k else np.inf, own[k] - t if k < len(own) else np.inf

    def moved(self, since, until):
        """0–1: how far along its movement a finger is. For its kind of playing to say."""
        raise NotImplementedError

    def draw_hand(self, stage, t):
        at = self.spot + self.drift(t)
        moved = [self.moved(*self.around(t, finger)) for finger in range(FINGERS)]
        bends = [rest + self.far * how for rest, how in zip(self.rest, moved)]
        # Fingers do not move alone.
        most = max(moved)
        bends = [bend + self.shiver * self.far * (most - how) for bend, how in zip(bends, moved)]
        lead = self.finger[0] if self.finger else 0
        wrist = self.hand.wrist_for(at, self.way, lead, float(self.rest[lead])) + self.push * self.whole * most
        self.hand.draw(stage, wrist, self.way, bends)


class Plucking(Fingering):
    """Fingers pull strings and let them go: it sounds as the finger snaps away, and the string trembles."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds)
        self.push = -self.way if r.random() < 0.5 else unit(r.uniform(0, 6.28))
        self.pull = r.uniform(0.1, 0.4)
        strings = unit(np.pi / 2 + np.arctan2(self.way[1], self.way[0]) + r.normal(0, 0.35))
        apart = r.uniform(0.012, 0.05)
        side = np.float32([-strings[1], strings[0]])
        count = int(r.integers(1, 7))
        tint = colour(r, "metal") if r.random() < 0.7 else colour(r, "cloth") * 0.6
        self.strings = [(self.spot + side * apart * (k - count / 2), strings, tint * r.uniform(0.7, 1.2)) for k in range(count)]
        self.string_of = [int(r.integers(count)) for _ in self.times]
        self.thick, self.swing = r.uniform(0.003, 0.012), r.uniform(0, 0.02)
        self.hertz, self.decay = r.uniform(9, 40), r.uniform(1, 6)
        self.neck = (r.uniform(0.04, 0.14), colour(r, "wood") * 0.6) if r.random() < 0.6 else None
        self.heard(r, material)

    def build(self, backdrop):
        self.thing.draw(backdrop)
        if self.neck:
            wide, tint = self.neck
            middle = self.strings[len(self.strings) // 2]
            backdrop.limb(middle[0] - middle[1] * 1.5, middle[0] + middle[1] * 1.5, wide, wide, tint)

    def moved(self, since, until):
        gone = 0.0
        if since < self.quick:
            gone = since / self.quick
        elif since < self.quick + self.slow:
            gone = 1 - eased((since - self.quick) / self.slow)
        # The finger takes hold and pulls before it lets go.
        held = self.pull * eased(1 - until / 0.12) if until < 0.12 else 0.0
        if 0 < since < 0.5 * self.quick:
            gone = max(gone, self.pull)
        return max(gone * min(1.0, until / 0.1), held)

    def draw(self, stage, t):
        for k, (through, along, tint) in enumerate(self.strings):
            plucked = [time for time, string in zip(self.times, self.string_of) if string == k and time <= t]
            age = t - plucked[-1] if plucked else np.inf
            away = self.swing * np.exp(-age * self.decay) * np.cos(2 * np.pi * self.hertz * age) if age < 3 else 0.0
            side = np.float32([-along[1], along[0]])
            points = [through + along * (1.5 * x) + side * away * (1 - x * x) for x in np.linspace(-1, 1, 9)]
            stage.lines(points, tint, self.thick)
        self.draw_hand(stage, t)


class Pressing(Fingering):
    """Fingers press keys (or tap a thing): it sounds as they arrive."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds)
        self.push = np.float32([0, 1])
        self.keys = r.random() < 0.6
        self.white, self.black = colour(r, "paper"), colour(r, "cloth") * 0.3
        self.top, self.wide = self.spot[1] - r.uniform(0.05, 0.3), r.uniform(0.03, 0.09)
        self.held = r.uniform(0.2, 0.9)
        self.heard(r, material)

    def build(self, backdrop):
        self.thing.draw(backdrop)
        if not self.keys:
            return
        backdrop.polygon([[-0.6, self.top], [1.6, self.top], [1.6, self.top + 0.45], [-0.6, self.top + 0.45]], self.white)
        for k, x in enumerate(np.arange(-0.6, 1.6, self.wide)):
            backdrop.lines([[x, self.top], [x, self.top + 0.45]], self.white * 0.5, 0.004)
            if k % 7 not in (2, 6):
                backdrop.polygon([[x + 0.7 * self.wide, self.top], [x + 1.3 * self.wide, self.top], [x + 1.3 * self.wide, self.top + 0.26], [x + 0.7 * self.wide, self.top + 0.26]], self.black)

    def moved(self, since, until):
        if until < self.quick:
            # Lifted before it comes down again.
            return (1 - until / self.quick) ** 2
        if since == np.inf:
            return 0.0
        return 1 - eased(float(np.clip((since - self.held * self.slow) / self.slow, 0, 1)))

    def draw(self, stage, t):
        for time, finger in zip(self.times, self.finger):
            if self.keys and 0 <= t - time < self.held * self.slow + 0.05:
                x = self.spot[0] + (finger - 1.5) * self.wide
                stage.shade([[x, self.top], [x + self.wide, self.top], [x + self.wide, self.top + 0.45], [x, self.top + 0.45]], 0.3)
        self.draw_hand(stage, t)


class Drumming:
    """Two sticks or hands in turn, on one thing or on two."""

    def __init__(self, r, material, seconds):
        times = notes(r, seconds)
        left = np.arange(len(times)) % 2 == 0
        if r.random() < 0.3:
            left = r.random(len(times)) < 0.5
        self.sticks = [Striking(r, material, seconds, misses=0, times=part) for part in (times[left], times[~left])]
        first, second = self.sticks
        second.grip, second.rise = np.float32([-first.grip[0], first.grip[1]]), first.rise
        second.tool, second.thick, second.tint, second.skin, second.sleeve = first.tool, first.thick, first.tint, first.skin, first.sleeve
        self.impacts = [impact for stick in self.sticks for impact in stick.impacts]

    def build(self, backdrop):
        for stick in self.sticks:
            stick.build(backdrop)

    def draw(self, stage, t):
        for stick in self.sticks:
            stick.draw(stage, t)


class Gesturing(Fingering):
    """A hand that talks, points, wipes or rests: fingers and arm move, and nothing sounds."""

    def __init__(self, r, material, seconds):
        super().__init__(r, material, seconds)
        self.times, self.finger, self.impacts = np.zeros(0), [], []
        self.push = unit(r.uniform(0, 6.28))
        self.hertz, self.phase = r.uniform(0.2, 3, FINGERS), r.uniform(0, 6.28, FINGERS)
        self.lively = r.uniform(0, 0.4)
        self.sway, self.swaying = r.uniform(0, 0.12), r.uniform(0.3, 2.5)

    def build(self, backdrop):
        self.thing.draw(backdrop)

    def draw(self, stage, t):
        wrist = self.spot + self.drift(t) + self.push * self.sway * np.sin(2 * np.pi * self.swaying * t + self.phase[0]) - self.way * self.hand.size
        bends = REST + self.lively * np.sin(2 * np.pi * self.hertz * t + self.phase)
        self.hand.draw(stage, wrist, self.way, np.clip(bends, 0, 1))


PLAYED = {"pluck": Plucking, "press": Pressing, "drum": Drumming, "play": Playing}
