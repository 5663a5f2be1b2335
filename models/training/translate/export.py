"""Writes the folder that the package ships: encoder and decoder as ONNX, vocabulary, configuration, contract.

    python3 export.py translate.pt vocabulary --out ../../embedded/translate-fr-en

Weights are stored as float16 behind Casts; the table of tokens is in both files. The decoder keeps keys and values of its own tokens (`past_key_values.*`), and makes those of the
source anew in each step, which at three layers costs less than carrying them. `--compare` runs a few sentences through the package itself.
"""

import argparse
import hashlib
import io
import json
import sys
from pathlib import Path

import onnx
import torch
from torch import nn

from evaluate import load_network, translate
from network import DECODERS, HEADS, MOST_TOKENS, WIDTH
from package import translated
from vocabulary import END, PAD, START, Vocabulary

sys.path.append(str(Path(__file__).resolve().parent.parent))
from half_weights import halve_weights  # noqa: E402

OPSET = 17
MOST_BYTES = 25_000_000


class Encoder(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, ids, mask):
        return self.network.encode(ids, mask)


class Decoder(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, ids, mask, states, *past):
        logits, kept = self.network.decode(ids, states, mask, list(zip(past[0::2], past[1::2])))
        return (logits, *(tensor for pair in kept for tensor in pair))


def cache_names(start):
    return [f"{start}.{layer}.{kind}" for layer in range(DECODERS) for kind in ("key", "value")]


def written(module, inputs, names, outputs, axes, path):
    memory = io.BytesIO()
    torch.onnx.export(module, inputs, memory, input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=OPSET, do_constant_folding=False)
    model = onnx.load_from_string(memory.getvalue())
    halve_weights(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def export_network(network, out):
    ids, mask = torch.randint(0, 100, (2, 7)), torch.ones(2, 7, dtype=torch.int64)
    axes = {"input_ids": {0: "batch", 1: "s"}, "attention_mask": {0: "batch", 1: "s"}, "last_hidden_state": {0: "batch", 1: "s"}}
    written(Encoder(network).eval(), (ids, mask), ["input_ids", "attention_mask"], ["last_hidden_state"], axes, out / "encoder.onnx")
    past = [torch.randn(2, HEADS, 3, WIDTH // HEADS) for _ in range(2 * DECODERS)]
    into, leaving = cache_names("past_key_values"), cache_names("present")
    names = ["input_ids", "encoder_attention_mask", "encoder_hidden_states", *into]
    axes = {
        "input_ids": {0: "batch", 1: "n"},
        "encoder_attention_mask": {0: "batch", 1: "s"},
        "encoder_hidden_states": {0: "batch", 1: "s"},
        "logits": {0: "batch", 1: "n"},
        **{name: {0: "batch", 2: "past"} for name in into},
        **{name: {0: "batch", 2: "all"} for name in leaving},
    }
    inputs = (ids[:, :2], mask, network.encode(ids, mask).detach(), *past)
    written(Decoder(network).eval(), inputs, names, ["logits", *leaving], axes, out / "decoder.onnx")


def describe(out, directions, vocabulary):
    sources, targets = (sorted({direction[side] for direction in directions}) for side in (0, 1))
    config = {
        "decoder_start_token_id": vocabulary.ids[START],
        "eos_token_id": vocabulary.ids[END],
        "pad_token_id": vocabulary.ids[PAD],
        "bad_words_ids": [[vocabulary.ids[PAD]], [vocabulary.ids[START]]],
        "max_position_embeddings": MOST_TOKENS,
        "num_beams": 2,
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    # Else spaces go that French has before its question marks.
    (out / "tokenizer_config.json").write_text(json.dumps({"clean_up_tokenization_spaces": False}, indent=2) + "\n")
    files = {}
    for name in ["encoder.onnx", "decoder.onnx", "tokenizer.json", "tokenizer_config.json", "config.json"]:
        files[name] = {"sha256": hashlib.sha256((out / name).read_bytes()).hexdigest()}
    adapter = {"style": "m2m" if len(directions) > 1 else "marian", "from": sources, "to": targets}
    title = f"{', '.join(sources)} to {', '.join(targets)}"
    model = {"id": out.name, "task": "translate", "family": "seq2seq", "title": title, "version": "1", "adapter": adapter, "files": files}
    (out / "model.json").write_text(json.dumps(model, indent=2) + "\n")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("vocabulary", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--compare", nargs="*", default=[], help="sentences to run through the package")
    given = arguments.parse_args()
    vocabulary = Vocabulary.load(given.vocabulary)
    network, directions = load_network(given.checkpoint, len(vocabulary.ids))
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "tokenizer.json").write_bytes((given.vocabulary / "tokenizer.json").read_bytes())
    export_network(network, given.out)
    describe(given.out, directions, vocabulary)
    size = sum(file.stat().st_size for file in given.out.iterdir())
    print(f"{size / 1e6:.1f} MB")
    assert size <= MOST_BYTES
    if given.compare:
        expected = translate(network, vocabulary, given.compare, directions[0], len(directions) > 1)
        got = translated(given.out, given.compare, directions[0], beams=1)
        for text, one, other in zip(given.compare, expected, got):
            print(f"{'same' if one == other else 'DIFFERENT'}: {text} | {one} | {other}")
