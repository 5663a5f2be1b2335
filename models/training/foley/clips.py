"""Real clips: their pictures as the network sees them, and the onsets of their true sound.

    python3 clips.py ../../../../shared/data/foley/clips --sheets sheets   # a table, and a spectrogram of each with the onsets drawn in
"""

import argparse
import subprocess
from pathlib import Path

import cv2
import numpy as np

from onsets import AUDIO_RATE, onsets, read_audio, spectrogram
from sound_features import FEATURE_RATE, sound_features
from truth import Truth
from vocabulary import RATE, SIZE

# Half of each kind, by hand and for ever: what evaluates is never trained on.
TRAINING = ("strike-01", "strike-03", "strike-05", "bag", "hammer", "gun", "vgg-1", "vgg-3")
EVALUATION = ("strike-02", "strike-04", "strike-06", "metal", "drum", "dog", "vgg-2", "vgg-4")
# What is struck and how, as far as everybody would agree; the rest is unknown.
KNOWN = {
    "strike-03": ("strike", "gravel"),
    "strike-04": ("strike", "ceramic"),
    "strike-02": ("strike", "plastic"),
    "bag": ("strike", "cloth"),
    "hammer": ("strike", "metal"),
    "metal": ("strike", "metal"),
    "drum": ("strike", "drum"),
    "strike-01": ("strike", None),
    "strike-05": ("strike", None),
    "strike-06": ("strike", None),
}
# Voices: their onsets are nobody's blow, and are told apart in figures.
VOICES = ("dog", "vgg-1", "vgg-2")
# Of what trains: the shots of a gun without their echoes, by eye on the spectrogram. Seconds.
HEARD = {"gun": (1.07, 2.08, 3.14, 4.24)}
# A harp, whose notes begin so softly that half of them cannot be told: what is not told would teach silence.
VAGUE = ("vgg-3",)
# Overdriven throughout: one cannot hear (or see in the spectrogram) most of the drummer's blows.
UNCLEAR = ("drum",)


def read_pictures(path):
    """uint8 [steps, SIZE, SIZE, 3] BGR, RATE a second: for each step the picture on the screen then, squeezed to a square."""
    filters = f"fps={RATE}:round=up,scale={SIZE}:{SIZE}:flags=area"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v:0", "-vf", filters, "-f", "rawvideo", "-pix_fmt", "bgr24", "-"]
    return np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, np.uint8).reshape(-1, SIZE, SIZE, 3)


def read_clip(path):
    """Pictures and `Truth`; action and material only where KNOWN."""
    pictures = read_pictures(path)
    truth = Truth.silent(len(pictures))
    wide = read_audio(path, FEATURE_RATE)
    action, material = KNOWN.get(path.stem, (None, None))
    for seconds, energy in zip(*onsets(read_audio(path))):
        if path.stem in HEARD and min(abs(seconds - one) for one in HEARD[path.stem]) > 0.05:
            continue
        truth.add(seconds, energy, None, action, material, sound_features(wide, int(seconds * FEATURE_RATE)))
    return pictures, truth


def named(folder, names):
    return {name: read_clip(Path(folder, f"{name}.mp4")) for name in names}


def sheet(path, target):
    audio = read_audio(path)
    times, _ = onsets(audio)
    level = 20 * np.log10(spectrogram(audio).T[::-1] + 1e-4)
    level = np.clip((level - level.max()) / 70 + 1, 0, 1)
    width = 1600
    seconds = len(audio) / AUDIO_RATE
    picture = cv2.applyColorMap(cv2.resize(np.uint8(level * 255), (width, 240)), cv2.COLORMAP_MAGMA)
    wave = np.zeros((120, width, 3), np.uint8)
    edges = np.linspace(0, len(audio), width + 1).astype(int)
    peaks = np.array([np.abs(audio[a : max(b, a + 1)]).max() for a, b in zip(edges, edges[1:])]) / (np.abs(audio).max() + 1e-9)
    for x, peak in enumerate(peaks):
        cv2.line(wave, (x, int(60 - 58 * peak)), (x, int(60 + 58 * peak)), (180, 180, 180), 1)
    whole = np.concatenate([picture, wave])
    for time in times:
        x = int(time / seconds * width)
        cv2.line(whole, (x, 0), (x, len(whole)), (0, 255, 0), 1)
    cv2.putText(whole, f"{path.stem}: {len(times)} onsets, {seconds:.1f} s", (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    cv2.imwrite(str(target), whole)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--sheets", type=Path)
    options = parser.parse_args()
    for use, names in (("training", TRAINING), ("evaluation", EVALUATION)):
        for name in names:
            path = options.clips / f"{name}.mp4"
            times, energies = onsets(read_audio(path))
            print(f"{use:11s} {name:10s} {len(times):3d} onsets  " + " ".join(f"{t:.2f}" for t in times))
            if options.sheets:
                options.sheets.mkdir(parents=True, exist_ok=True)
                sheet(path, options.sheets / f"{name}.png")


if __name__ == "__main__":
    main()
