"""How wrong predictions are, given what is known."""

import torch
import torch.nn.functional as F

from network import CELLS
from vocabulary import LOOK_AHEAD

NEIGHBOUR = 0.4
"""What is wanted of the onset's probability one step before and after an impact."""
IMPACT_WEIGHT = 5.0
WARM_UP = 8
"""Steps at the beginning of a window that count nothing: the network has seen too little."""


def late(truth):
    """The truth that is wanted at each step: that of LOOK_AHEAD steps before."""
    return {name: torch.cat([value[:, :1].expand(-1, LOOK_AHEAD, *value.shape[2:]), value[:, :-LOOK_AHEAD]], 1)[:, WARM_UP:] for name, value in truth.items()}


def losses(outputs, truth):
    """Parts of the loss by name, weighted to matter about as they should."""
    truth = late(truth)
    outputs = {name: value[:, WARM_UP:] for name, value in outputs.items()}
    onset = truth["onset"]
    beside = F.max_pool1d(onset[:, None], 3, 1, 1)[:, 0]
    wanted = torch.maximum(onset, NEIGHBOUR * beside)
    entropy = F.binary_cross_entropy_with_logits(outputs["onset"][..., 0], wanted, reduction="none")
    floor = F.binary_cross_entropy(wanted, wanted, reduction="none")
    result = {"onset": 4 * ((entropy - floor) * (1 + (IMPACT_WEIGHT - 1) * beside)).mean()}
    hit = onset > 0
    here = {name: value[hit] for name, value in outputs.items()}
    known = {name: value[hit] for name, value in truth.items()}
    result["offset"] = 0.3 * mean(F.smooth_l1_loss(here["offset"][:, 0], known["offset"], reduction="none", beta=0.1))
    result["energy"] = 0.2 * mean(F.binary_cross_entropy_with_logits(here["energy"][:, 0], known["energy"], reduction="none"))
    # What lies outside of the picture (or nowhere: NaN) is in none of the cells.
    inside = ((known["position"] >= 0) & (known["position"] < 1)).all(1)
    place, cell = known["position"][inside], (known["position"][inside] * CELLS).long()
    result["cell"] = 0.15 * mean(F.cross_entropy(here["cells"][inside], cell[:, 1] * CELLS + cell[:, 0], reduction="none", label_smoothing=0.05))
    result["position"] = 0.5 * mean(F.smooth_l1_loss(here["position"][inside], place, reduction="none", beta=0.05))
    for name, weight in (("action", 0.5), ("material", 0.1)):
        there = known[name] >= 0
        result[name] = weight * mean(F.cross_entropy(here[name][there], known[name][there], reduction="none", label_smoothing=0.05))
    result["features"] = 1.0 * masked(F.smooth_l1_loss, here["features"], known["features"], beta=0.1)
    return result


def mean(values):
    return values.sum() / max(1, values.numel())


def masked(loss, values, wanted, **options):
    """Mean over what is known, that is, not NaN."""
    there = ~torch.isnan(wanted)
    return mean(loss(values[there], wanted[there], reduction="none", **options))
