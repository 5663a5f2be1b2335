"""BLEU and chrF as sacrebleu defines them: 13a tokens, exponential smoothing; characters of order 6, beta 2, without blanks.

    python3 scores.py          # checks the known values

Papineni et al. 2002; Chen and Cherry 2014; Popović 2015; Post 2018.
"""

import math
import re
from collections import Counter

ORDER = 4
CHARACTERS = 6
BETA = 2


def tokens_13a(text):
    """As mteval-v13a parts words."""
    for entity, character in [("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]:
        text = text.replace(entity, character)
    text = f" {text} "
    text = re.sub(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", r" \1 ", text)
    text = re.sub(r"([^0-9])([\.,])", r"\1 \2 ", text)
    text = re.sub(r"([\.,])([^0-9])", r" \1 \2", text)
    text = re.sub(r"([0-9])(-)", r"\1 \2 ", text)
    return text.split()


def grams(items, order):
    return Counter(tuple(items[at : at + order]) for at in range(len(items) - order + 1))


def bleu(translations, references):
    """0–100 of a corpus. `references`: for each translation a list of texts."""
    right, made = [0] * ORDER, [0] * ORDER
    length = wanted = 0
    for translation, texts in zip(translations, references):
        words = tokens_13a(translation)
        others = [tokens_13a(text) for text in texts]
        length += len(words)
        wanted += min((abs(len(other) - len(words)), len(other)) for other in others)[1]
        for order in range(1, ORDER + 1):
            most = Counter()
            for other in others:
                most |= grams(other, order)
            own = grams(words, order)
            right[order - 1] += sum((own & most).values())
            made[order - 1] += sum(own.values())
    if length == 0 or right[0] == 0:
        return 0.0
    total, missed = 0.0, 1
    for hits, count in zip(right, made):
        if count == 0:
            return 0.0
        if hits == 0:
            missed *= 2
            hits = 1 / missed
        total += math.log(hits / count)
    penalty = 1.0 if length >= wanted else math.exp(1 - wanted / length)
    return 100 * penalty * math.exp(total / ORDER)


def chrf(translations, references):
    """0–100 of a corpus. Of several references of a text, the one that it is most like counts."""
    totals = [[0, 0, 0] for _ in range(CHARACTERS)]
    for translation, texts in zip(translations, references):
        own = "".join(translation.split())
        candidates = [counts_of(own, "".join(text.split())) for text in texts]
        for sums, counts in zip(totals, max(candidates, key=f_score)):
            for place, count in enumerate(counts):
                sums[place] += count
    return f_score(totals)


def counts_of(own, other):
    counts = []
    for order in range(1, CHARACTERS + 1):
        mine, theirs = grams(own, order), grams(other, order)
        counts.append([sum((mine & theirs).values()), sum(mine.values()), sum(theirs.values())])
    return counts


def f_score(counts):
    """Of averaged precisions and recalls, over orders that both texts are long enough for."""
    precision = recall = orders = 0
    for right, made, wanted in counts:
        if made > 0 and wanted > 0:
            precision += right / made
            recall += right / wanted
            orders += 1
    if orders == 0 or precision + recall == 0:
        return 0.0
    precision, recall = precision / orders, recall / orders
    return 100 * (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


KNOWN = (
    ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."],
    [
        ["The dog bit the man.", "The dog had bit the man."],
        ["It was not unexpected.", "No one was surprised."],
        ["The man bit him first.", "The man had bitten the dog."],
    ],
)
"""The example of sacrebleu's documentation, where it is 48.53 and 59.73."""

if __name__ == "__main__":
    for name, got, expected in [("BLEU", bleu(*KNOWN), 48.53), ("chrF", chrf(*KNOWN), 59.73)]:
        print(f"{name} {got:.2f}, expected {expected}")
        assert abs(got - expected) < 0.006, name
    assert bleu(["a b c d e"], [["a b c d e"]]) > 99.99 and chrf(["x"], [["y"]]) == 0
