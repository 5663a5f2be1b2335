"""Writes the folder that the package ships: one step of the network as ONNX, its states going in and out; the network that looks at what is hit; and their contract.

    python3 export.py foley.pt looks.pt beds.pt --out ../../embedded/foley-small --onset 0.3

Weights are stored as float16 behind Casts. Many steps are compared with PyTorch through Node and onnxruntime-node, the runtime it is meant for.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

from beds import load_beds
from evaluate import load_network
from looks import CROP, MOMENTS, load_looks
from network import LUMA, decided
from rendered import as_tensor
from scenes import render
from shipped import SAID, run_steps
from vocabulary import ACTIONS, BEDS, LOOK_AHEAD, MATERIALS, RATE, SIZE

sys.path.append(str(Path(__file__).resolve().parent.parent))
from half_weights import halve_weights  # noqa: E402

OPSET = 17
PARITY = 0.02
"""Largest deviation from PyTorch allowed, after PARITY_STEPS steps of states going in and out."""
PARITY_STEPS = 60
MOST_BYTES = 6_000_000
MEANINGS = {
    "onset": "probability of an impact, 0-1",
    "offset": "steps from the step meant to the impact, -0.5 to 0.5",
    "energy": "0-1",
    "position": "x and y, 0-1 from the left upper corner",
    "action": "probabilities: " + ", ".join(ACTIONS),
    "material": "probabilities: " + ", ".join(MATERIALS),
    "features": "what the sound is like: 8 bands × 6 slices, as soundFeatures gives it",
    "beds": "probabilities, each for itself: " + ", ".join(BEDS),
}


class Step(torch.nn.Module):
    """One picture [1, 3, SIZE, SIZE] and states in; outputs [1, n] as MEANINGS has them, and new states out."""

    def __init__(self, network, beds):
        super().__init__()
        self.network, self.beds = network, beds
        self.names = list(network.states())
        self.register_buffer("luma", torch.tensor(LUMA).view(1, 3, 1, 1))

    def forward(self, picture, *states):
        picture = picture.float()
        # Whole numbers, as in training.
        outputs, news = self.network((picture * self.luma).sum(1, keepdim=True).round(), dict(zip(self.names, states)))
        outputs["onset"] = decided(outputs)
        said = {**{name: outputs[name][:, 0] for name in OUTPUTS}, "beds": self.beds(picture)}
        return (*(readable(name, said[name]) for name in SAID), *(news[name] for name in self.names))


class Look(torch.nn.Module):
    """Crops uint8 [1, 9, CROP, CROP] → probabilities of materials [1, n]."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, crops):
        return torch.softmax(self.network(crops), 1)


def readable(name, value):
    if name in ("onset", "energy", "beds"):
        return torch.sigmoid(value)
    if name in ("action", "material"):
        return torch.softmax(value, 1)
    return value.clamp(0, 1) if name == "features" else value


def rounded(network):
    """With weights as they will be stored, rounded to float16."""
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    return network


def to_onnx(module, inputs, names):
    buffer = io.BytesIO()
    torch.onnx.export(module.eval(), inputs, buffer, opset_version=OPSET, **names)
    model = onnx.load_from_string(buffer.getvalue())
    halve_weights(model)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def step_to_onnx(network, beds):
    states = network.states()
    picture = torch.zeros(1, 3, SIZE, SIZE, dtype=torch.uint8)
    names = {"input_names": ["picture", *states], "output_names": [*SAID, *(f"{name}_next" for name in states)]}
    return to_onnx(Step(network, beds), (picture, *states.values()), names)


def look_to_onnx(network):
    return to_onnx(Look(network), torch.zeros(1, 3 * len(MOMENTS), CROP, CROP, dtype=torch.uint8), {"input_names": ["crops"], "output_names": ["material"]})


def parity(network, beds, path):
    """Largest difference between PyTorch, which sees the whole clip at once, and ONNX Runtime, step by step."""
    pictures = as_tensor(render(7, PARITY_STEPS)[0])
    with torch.no_grad():
        lumas = (pictures.float() * Step(network, beds).luma).sum(1).round()
        outputs, _ = network(lumas[None], network.states())
        outputs["onset"] = decided(outputs)
        outputs["beds"] = beds(pictures.float())[None]
    said = run_steps(path, pictures, SAID)
    return max(float(np.abs(said[name] - readable(name, outputs[name][0]).numpy()).max()) for name in SAID)


def look_parity(network, path):
    """Largest difference between PyTorch and ONNX Runtime, of crops of noise."""
    crops = torch.randint(0, 256, (1, 3 * len(MOMENTS), CROP, CROP), dtype=torch.uint8)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "crops.u8"), Path(folder, "material.f32")
        crops.numpy().tofile(source)
        subprocess.run(["node", Path(__file__).with_name("run-look.mjs"), path, source, target], check=True)
        said = np.fromfile(target, np.float32)
    with torch.no_grad():
        return float(np.abs(Look(network)(crops).numpy().ravel() - said).max())


def described(path, purpose, inputs, outputs):
    content = path.read_bytes()
    return {"purpose": purpose, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "inputs": inputs, "outputs": outputs}


def write_contract(folder, network, onset):
    states = {name: list(value.shape) for name, value in network.states().items()}
    content = {
        "id": "foley-small",
        "title": "What sounds in a picture, and when, for CPUs",
        "task": "foley",
        "family": "foley-step",
        "version": "1",
        "licence": "see CARD.md",
        "adapter": {
            "layout": "NCHW", "channels": "RGB", "range": [0, 255], "size": [SIZE, SIZE], "fit": "stretch", "interpolation": "area",
            "stepsPerSecond": RATE, "lookAheadSteps": LOOK_AHEAD, "onsetThreshold": onset, "lookMoments": MOMENTS, "lookSize": CROP, "actions": ACTIONS, "materials": MATERIALS, "beds": BEDS,
        },
        "files": {
            "model.onnx": described(
                folder / "model.onnx",
                f"A picture every 1/{RATE} s and the states in; what sounds at the picture {LOOK_AHEAD} steps before, and new states, out. States begin as zeros.",
                [{"name": "picture", "type": "uint8", "shape": [1, 3, SIZE, SIZE], "meaning": "RGB, squeezed to a square"}]
                + [{"name": name, "type": "float32", "shape": shape, "meaning": "state"} for name, shape in states.items()],
                [{"name": name, "type": "float32", "shape": [1, count], "meaning": MEANINGS[name]} for name, count in SAID.items()]
                + [{"name": f"{name}_next", "type": "float32", "shape": shape, "meaning": "state"} for name, shape in states.items()],
            ),
            "look.onnx": described(
                folder / "look.onnx",
                "Three crops around an impact in; what is hit out. Better at materials than a step is.",
                [{"name": "crops", "type": "uint8", "shape": [1, 3 * len(MOMENTS), CROP, CROP], "meaning": f"RGB of the steps {', '.join(map(str, MOMENTS))} from the impact, cut out of the picture around it"}],
                [{"name": "material", "type": "float32", "shape": [1, len(MATERIALS)], "meaning": MEANINGS["material"]}],
            ),
        },
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(content, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("looks")
    parser.add_argument("beds")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--onset", type=float, required=True, help="0-1: probability from which an onset counts, as evaluate.py has chosen it")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    network, looks, beds = rounded(load_network(options.checkpoint)), rounded(load_looks(options.looks)), rounded(load_beds(options.beds))
    # It has taught, and is not shipped.
    del beds.teach
    paths = [options.out / "model.onnx", options.out / "look.onnx"]
    for path, content in zip(paths, (step_to_onnx(network, beds), look_to_onnx(looks))):
        path.write_bytes(content)
    differences, size = (parity(network, beds, paths[0]), look_parity(looks, paths[1])), sum(path.stat().st_size for path in paths)
    print(f"{options.out}: {size} bytes, at most {differences[0]:.4f} and {differences[1]:.4f} from PyTorch")
    if max(differences) > PARITY or size > MOST_BYTES:
        raise SystemExit(f"wanted: at most {PARITY} from PyTorch, and at most {MOST_BYTES} bytes")
    write_contract(options.out, network, options.onset)


if __name__ == "__main__":
    main()
