"""Writes the folder that the package ships: one step of the network as ONNX, its states going in and out; the network that looks at what is hit; and their contract.

    python3 export.py --steps foley.pt --beds beds.pt --looks looks.pt --onset 0.3 --out ../../embedded/foley-small
    python3 export.py --looks looks.pt --out ../../embedded/foley-small          # the rest stays as it is

Weights are stored as float16 behind Casts. Many steps are compared with PyTorch through Node and onnxruntime-node, the runtime it is meant for.
"""

import argparse
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch

from beds import load_beds
from evaluate import load_network
from impacts import MOMENTS
from looks import load_looks, placed
from network import LUMA, OUTPUTS, FoleyNet, decided
from rendered import as_tensor
from scenes import render
from shipped import SAID, SEEN, run_looks, run_steps
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
    """Pictures uint8 [1, 3 · MOMENTS, SIZE, SIZE] and the place that is given → probabilities of materials and actions, and the place that is seen, [1, n] each."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, pictures, given):
        material, action, looks = self.network(pictures, given)
        return torch.softmax(material, 1), torch.softmax(action, 1), placed(looks)


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
    inputs = (torch.zeros(1, 3 * len(MOMENTS), SIZE, SIZE, dtype=torch.uint8), torch.zeros(1, 2))
    return to_onnx(Look(network), inputs, {"input_names": ["pictures", "given"], "output_names": list(SEEN)})


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
    """Largest difference between PyTorch and ONNX Runtime, of pictures of noise."""
    pictures, given = torch.randint(0, 256, (4, 3 * len(MOMENTS), SIZE, SIZE), dtype=torch.uint8), torch.rand(4, 2)
    said = run_looks(path, pictures, given)
    with torch.no_grad():
        wanted = Look(network)(pictures, given)
    return max(float(np.abs(said[name] - value.numpy()).max()) for name, value in zip(SEEN, wanted))


def described(path, purpose, inputs, outputs):
    content = path.read_bytes()
    return {"purpose": purpose, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "inputs": inputs, "outputs": outputs}


def write_contract(folder, onset):
    states = {name: list(value.shape) for name, value in FoleyNet().states().items()}
    content = {
        "id": "foley-small",
        "title": "What sounds in a picture, and when, for CPUs",
        "task": "foley",
        "family": "foley-step",
        "version": "1",
        "licence": "see CARD.md",
        "adapter": {
            "layout": "NCHW", "channels": "RGB", "range": [0, 255], "size": [SIZE, SIZE], "fit": "stretch", "interpolation": "area",
            "stepsPerSecond": RATE, "lookAheadSteps": LOOK_AHEAD, "onsetThreshold": onset, "lookMoments": MOMENTS, "actions": ACTIONS, "materials": MATERIALS, "beds": BEDS,
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
                "Pictures around an impact in; what is hit, how and where out. Better at these than a step is.",
                [
                    {"name": "pictures", "type": "uint8", "shape": [1, 3 * len(MOMENTS), SIZE, SIZE], "meaning": f"RGB of the steps {', '.join(map(str, MOMENTS))} from the impact"},
                    {"name": "given", "type": "float32", "shape": [1, 2], "meaning": "where it is thought to be, x and y, 0-1 from the left upper corner"},
                ],
                [{"name": name, "type": "float32", "shape": [1, count], "meaning": MEANINGS[name]} for name, count in SEEN.items()],
            ),
        },
    }  # fmt: skip
    (folder / "model.json").write_text(json.dumps(content, indent=2) + "\n")


def export_steps(folder, steps, beds):
    """Writes `model.onnx`, and says how far it is from PyTorch."""
    network, beds = rounded(load_network(steps)), rounded(load_beds(beds))
    path = folder / "model.onnx"
    path.write_bytes(step_to_onnx(network, beds))
    return parity(network, beds, path)


def export_looks(folder, looks):
    """Writes `look.onnx`, and says how far it is from PyTorch."""
    network, path = rounded(load_looks(looks)), folder / "look.onnx"
    path.write_bytes(look_to_onnx(network))
    return look_parity(network, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=Path, help="checkpoint of train.py; --beds and --onset go with it")
    parser.add_argument("--beds", type=Path, help="checkpoint of beds.py, or the model.onnx whose beds stay")
    parser.add_argument("--looks", type=Path, help="checkpoint of looks.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--onset", type=float, help="0-1: probability from which an onset counts, as evaluate.py has chosen it")
    options = parser.parse_args()
    if len({options.steps is None, options.beds is None, options.onset is None}) > 1:
        parser.error("--steps, --beds and --onset go together")
    options.out.mkdir(parents=True, exist_ok=True)
    contract = options.out / "model.json"
    onset = json.loads(contract.read_text())["adapter"]["onsetThreshold"] if options.onset is None else options.onset
    differences = [export_steps(options.out, options.steps, options.beds)] if options.steps else []
    differences += [export_looks(options.out, options.looks)] if options.looks else []
    size = sum((options.out / name).stat().st_size for name in ("model.onnx", "look.onnx"))
    print(f"{options.out}: {size} bytes, at most {max(differences, default=0):.4f} from PyTorch")
    if max(differences, default=0) > PARITY or size > MOST_BYTES:
        raise SystemExit(f"wanted: at most {PARITY} from PyTorch, and at most {MOST_BYTES} bytes")
    write_contract(options.out, onset)


if __name__ == "__main__":
    main()
