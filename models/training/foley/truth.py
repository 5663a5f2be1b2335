"""What is known about the sound of a clip, step by step."""

from dataclasses import dataclass, fields

import numpy as np

from vocabulary import ACTIONS, BEDS, FEATURES, MATERIALS, RATE

UNKNOWN = -1


@dataclass
class Truth:
    """Arrays of one row a step. Where `onset` is 0, those of impacts mean nothing. What is not known is UNKNOWN (or NaN), and teaches nothing."""

    onset: np.ndarray
    """float32 [steps], 1 in the step nearest to an impact."""
    offset: np.ndarray
    """float32 [steps], -0.5 to 0.5 steps: from the step to the impact."""
    energy: np.ndarray
    """float32 [steps], 0-1."""
    position: np.ndarray
    """float32 [steps, 2], x and y, 0-1 from the left upper corner; NaN: unknown."""
    action: np.ndarray
    """int64 [steps], index in ACTIONS."""
    material: np.ndarray
    """int64 [steps], index in MATERIALS."""
    beds: np.ndarray
    """float32 [steps, BEDS], 0 or 1; NaN: unknown."""
    features: np.ndarray
    """float32 [steps, FEATURES]; NaN: unknown."""

    @classmethod
    def silent(cls, steps):
        def full(*shape, value=0.0):
            return np.full((steps, *shape), value, np.float32)

        nowhere = np.full(steps, UNKNOWN, np.int64)
        return cls(full(), full(), full(), full(2, value=np.nan), nowhere, nowhere.copy(), full(len(BEDS), value=np.nan), full(FEATURES, value=np.nan))

    def add(self, seconds, energy, position=None, action=None, material=None, features=None):
        """An impact. Of two within one step, the louder counts."""
        step = round(seconds * RATE)
        if not 0 <= step < len(self.onset) or (self.onset[step] and self.energy[step] >= energy):
            return
        self.onset[step], self.offset[step], self.energy[step] = 1, seconds * RATE - step, energy
        if position is not None:
            self.position[step] = position
        self.action[step] = ACTIONS.index(action) if action else UNKNOWN
        self.material[step] = MATERIALS.index(material) if material else UNKNOWN
        if features is not None:
            self.features[step] = features

    def add_beds(self, names, first, last, known=True):
        if known:
            self.beds[first:last] = [float(bed in names) for bed in BEDS]

    def times(self):
        """Seconds of the impacts."""
        steps = np.flatnonzero(self.onset)
        return (steps + self.offset[steps]) / RATE

    def name(self, step):
        parts = [words[index] for words, index in ((ACTIONS, self.action[step]), (MATERIALS, self.material[step])) if index >= 0]
        return " ".join(parts)

    def arrays(self):
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def part(self, first, last):
        return Truth(**{name: value[first:last] for name, value in self.arrays().items()})
