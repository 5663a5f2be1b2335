"""Trains the network on windows of clips. Writes a checkpoint every few minutes, and goes on from it when run again.

    python3 train.py --out foley.pt --rendered clips --clips ../../../../shared/data/foley/clips --minutes 90
"""

import argparse
import sys
from pathlib import Path

import torch
from losses import losses
from network import FoleyNet
from samples import Windows, judged_windows

sys.path.append(str(Path(__file__).resolve().parent.parent))
from long_training import Training, words  # noqa: E402
from shipped_weights import load_shipped  # noqa: E402

WARM_UP_STEPS = 100


def parts_of(network, lumas, truth):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        # Whole numbers up to 256 are exact in bfloat16.
        outputs, _ = network(lumas.bfloat16(), network.states(len(lumas)))
    return losses(outputs, truth)


def judge(network, average, batches):
    """Mean losses of the averaged weights on clips kept out of training."""
    own = {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(average)
    network.eval()
    sums = {}
    with torch.no_grad():
        for lumas, truth in batches:
            for name, value in parts_of(network, lumas, truth).items():
                sums[name] = sums.get(name, 0.0) + value.item() / len(batches)
    network.load_state_dict(own)
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rendered", type=Path, required=True, help="folder that rendered.py fills; it may go on meanwhile")
    parser.add_argument("--clips", type=Path, help="folder of real clips; only those of TRAINING are read")
    parser.add_argument("--without", nargs="*", default=[], help="names of real clips to leave out, to see how the rest serves them")
    parser.add_argument("--begin", type=Path, help="model.onnx, whose weights a new training begins with")
    parser.add_argument("--late", action="store_true", help="leave the first layers as they are, which takes a third less time")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=56, help="of a window")
    parser.add_argument("--real", type=float, default=0.25, help="0-1: share of real clips")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    items = judged_windows(options.rendered, options.steps)
    judged = [torch.utils.data.default_collate(items[k : k + options.batch]) for k in range(0, len(items), options.batch)]
    network = FoleyNet(options.width)
    if options.begin:
        network = load_shipped(network, options.begin, [(lumas.float(), network.states(len(lumas))) for lumas, _ in judged[:8]], "network")
    network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=2e-3)
    training = Training(options.out, network, optimizer, options.minutes)
    # A seed of its own for every start: a resumed training sees other windows.
    windows = Windows(options.steps, options.rendered, options.clips, options.real, training.step, options.without)
    size = sum(parameter.numel() for parameter in network.parameters())
    print(f"{size} weights, step {training.step}; kept out of training: {words(judge(network, training.average, judged))}", flush=True)
    network.learn(not options.late)
    for lumas, truth in torch.utils.data.DataLoader(windows, options.batch, num_workers=options.workers):
        training.descend(parts_of(network, lumas, truth), options.rate, WARM_UP_STEPS, 2.0)
        if training.due:
            training.save(width=options.width)
            print(f"{training.step}  kept out of training: {words(judge(network, training.average, judged))}", flush=True)
            network.learn(not options.late)
        if training.done >= 1:
            break


if __name__ == "__main__":
    main()
