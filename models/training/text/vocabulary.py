"""What the reader of lines can spell."""

import unicodedata

ASCII = "".join(map(chr, range(33, 127)))
ACCENTED = "àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿß" "ÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜÝŸẞ" "ðþÐÞªº"
SIGNS = "«»‹›“”„‘’‚…–—¿¡€£¥¢°§¶©®™×÷±·•½¼¾²³µ†№"
ALPHABET = ASCII + ACCENTED + SIGNS + " "
"""Class n of the network is `ALPHABET[n - 1]`; class 0 is CTC's blank. The space comes last, as `appendSpace` of the adapter has it."""
BLANK = 0
CLASSES = len(ALPHABET) + 1
INDEX = {character: at + 1 for at, character in enumerate(ALPHABET)}
assert len(INDEX) == len(ALPHABET)

_LOOKALIKES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2010": "-", "\u2212": "–", "\u2015": "—", "`": "'", "´": "'", "\u00ad": None, "\u200b": None})


def spelled(text):
    """The text composed (NFC), with odd spaces and dashes made common; `None` if it has characters that are not read."""
    plain = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    plain = " ".join(plain.split())
    return plain if plain and all(character in INDEX for character in plain) else None


def classes_of(text):
    return [INDEX[character] for character in text]


def greedy(labels):
    """The text of the likeliest class at each step: repetitions count once, blanks separate."""
    before, characters = BLANK, []
    for label in labels:
        if label not in (BLANK, before):
            characters.append(ALPHABET[label - 1])
        before = label
    return "".join(characters)
