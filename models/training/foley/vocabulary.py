"""What is predicted, and for which pictures. The words are those of `operators/foley/bank/vocabulary.ts`, in its order."""

SIZE = 112
"""Pixels of a side of the pictures the network sees."""
RATE = 25
"""Steps a second, whatever the rate of the source."""
LOOK_AHEAD = 3
"""Steps between a picture and the prediction for it: 120 ms."""
ACTIONS = ("strike", "scratch", "step", "splash", "drop")
MATERIALS = ("wood", "metal", "glass", "ceramic", "plastic", "cloth", "paper", "leaf", "gravel", "grass", "water", "drum")
BEDS = ("water", "wind", "rain", "crowd", "street", "fire", "room")
"""Sounds of places that can be seen: wind stands for trees as well, street for engines."""
FEATURES = 48
"""8 bands × 6 slices: the length of `soundFeatures` in `operators/foley/bank/features.ts`."""
