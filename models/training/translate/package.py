"""The shipped folder, used as the package uses it."""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def translated(folder, texts, direction, beams=0):
    """Through Node. `beams` 0: the search that the model's folder asks for."""
    command = ["node", "--import", "tsx", HERE / "run-network.mjs", Path(folder).resolve(), *direction, str(beams)]
    return answer(command, texts)


def translated_with_names(folder, texts, direction):
    """As translate-text does, so that names survive; None for texts that it leaves alone."""
    command = ["node", "--import", "tsx", ROOT / "bench/quality/text/translate-named.ts", Path(folder).resolve(), *direction]
    return answer(command, texts)


def answer(command, texts):
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, input=json.dumps(texts))
    return json.loads(run.stdout)


def directions_of(folder):
    """What its `model.json` says: every source with every target."""
    adapter = json.loads(Path(folder, "model.json").read_text(encoding="utf-8"))["adapter"]
    return [(source, target) for source in adapter["from"] for target in adapter["to"] if source != target]
