"""What is heard and what moves in clips, as JSON for the figures and the pictures of other programs.

    python3 heard.py ../../../../shared/data/foley/clips/*.mp4

One array, an object a clip: `name`; `use` (training, evaluation or null for clips that are neither); `voices` and `unclear` as in clips.py; `seconds`; `onsets`, seconds
after the first picture; `action` and `material` of what is struck, null where nobody knows; `motion`, the energy of each step for the baseline, RATE a second.
"""

import json
import sys
from pathlib import Path

from clips import EVALUATION, KNOWN, TRAINING, UNCLEAR, VOICES, read_clip
from metrics import motion_energy
from vocabulary import RATE


def heard(path):
    name = path.stem
    pictures, truth = read_clip(path)
    action, material = KNOWN.get(name, (None, None))
    return {
        "name": name,
        "use": "training" if name in TRAINING else "evaluation" if name in EVALUATION else None,
        "voices": name in VOICES,
        "unclear": name in UNCLEAR,
        "seconds": len(pictures) / RATE,
        "onsets": [round(float(time), 4) for time in truth.times()],
        "action": action,
        "material": material,
        "motion": [round(float(value), 4) for value in motion_energy(pictures)],
    }


if __name__ == "__main__":
    json.dump([heard(Path(path)) for path in sys.argv[1:]], sys.stdout)
