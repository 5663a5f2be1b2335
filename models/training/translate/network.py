"""The network: a Transformer (Vaswani et al. 2017), pre-norm, one table of tokens for source, target and output; deep encoder, shallow decoder (Kasai et al. 2021)."""

import math

import torch
from torch import nn

WIDTH, HEADS, WIDER = 256, 4, 1024
ENCODERS, DECODERS = 6, 3
MOST_TOKENS = 256
"""Tokens of a text at most; positions beyond have no code."""


def position_codes():
    places = torch.arange(MOST_TOKENS).unsqueeze(1)
    rates = torch.exp(torch.arange(0, WIDTH, 2) * (-math.log(10000.0) / WIDTH))
    codes = torch.zeros(MOST_TOKENS, WIDTH)
    codes[:, 0::2] = torch.sin(places * rates)
    codes[:, 1::2] = torch.cos(places * rates)
    return codes


class Drop(nn.Module):
    """Dropout whose chances are drawn once: taking another part of them each time is several times faster on a CPU than drawing anew."""

    def __init__(self, share):
        super().__init__()
        self.share = share
        self.register_buffer("kept", (torch.rand(1 << 21) >= share).to(torch.bfloat16) / (1 - share), persistent=False)

    def forward(self, x):
        if not self.training or self.share == 0 or x.numel() > len(self.kept):
            return nn.functional.dropout(x, self.share, self.training)
        start = int(torch.randint(len(self.kept) - x.numel() + 1, ()))
        return x * self.kept[start : start + x.numel()].view(x.shape).to(x.dtype)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.ask = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def memory(self, states):
        """Keys and values `[batch, heads, n, size]`."""
        return heads(self.key(states)), heads(self.value(states))

    def forward(self, x, keys, values, barred):
        """`barred`: added to the scores, `[batch or 1, 1, n or 1, m]`, minus a lot where nobody may look."""
        scores = heads(self.ask(x)) @ keys.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + barred
        found = torch.softmax(scores, -1) @ values
        return self.out(found.transpose(1, 2).reshape(x.shape[0], x.shape[1], WIDTH))


def heads(x):
    return x.view(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)


class Wider(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(WIDTH, WIDER), nn.ReLU(), nn.Linear(WIDER, WIDTH))


class EncoderLayer(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))
        self.attention, self.wider, self.drop = Attention(), Wider(), drop

    def forward(self, x, barred):
        normed = self.norms[0](x)
        x = x + self.drop(self.attention(normed, *self.attention.memory(normed), barred))
        return x + self.drop(self.wider(self.norms[1](x)))


class DecoderLayer(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3))
        self.own, self.across, self.wider, self.drop = Attention(), Attention(), Wider(), drop

    def forward(self, x, past, later, states, barred):
        """→ x, and the keys and values with those of `past` before them."""
        normed = self.norms[0](x)
        kept = [torch.cat(pair, 2) for pair in zip(past, self.own.memory(normed))]
        x = x + self.drop(self.own(normed, *kept, later))
        x = x + self.drop(self.across(self.norms[1](x), *self.across.memory(states), barred))
        return x + self.drop(self.wider(self.norms[2](x))), kept


class Translator(nn.Module):
    def __init__(self, tokens, dropout=0.1):
        super().__init__()
        self.table = nn.Embedding(tokens, WIDTH)
        nn.init.normal_(self.table.weight, std=WIDTH**-0.5)
        self.drop = Drop(dropout)
        self.encoders = nn.ModuleList(EncoderLayer(self.drop) for _ in range(ENCODERS))
        self.decoders = nn.ModuleList(DecoderLayer(self.drop) for _ in range(DECODERS))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(2))
        self.register_buffer("positions", position_codes(), persistent=False)

    def encode(self, ids, mask):
        """int64 `[batch, s]` → states; `mask` is 0 for padding."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.table(ids) * math.sqrt(WIDTH) + self.positions[places])
        for layer in self.encoders:
            x = layer(x, barring(mask))
        return self.norms[0](x)

    def decode(self, ids, states, mask, past):
        """int64 `[batch, n]`, and for each layer keys and values of earlier tokens `[batch, heads, p, size]` → logits `[batch, n, tokens]`, and these with the new ones."""
        before = past[0][0].shape[2]
        places = torch.arange(ids.shape[1], device=ids.device) + before
        x = self.drop(self.table(ids) * math.sqrt(WIDTH) + self.positions[places])
        all_places = torch.arange(ids.shape[1] + before, device=ids.device)
        later = (all_places.unsqueeze(0) > places.unsqueeze(1)).to(x.dtype) * -1e4
        kept = []
        for layer, earlier in zip(self.decoders, past):
            x, now = layer(x, earlier, later[None, None], states, barring(mask))
            kept.append(now)
        return self.norms[1](x) @ self.table.weight.t(), kept

    def nothing(self, batch):
        """Keys and values before the first token."""
        empty = self.positions.new_zeros(batch, HEADS, 0, WIDTH // HEADS)
        return [(empty, empty) for _ in self.decoders]


def barring(mask):
    return (1.0 - mask.to(torch.float32))[:, None, None, :] * -1e4
