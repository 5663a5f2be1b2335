"""Onsets in recorded sound: peaks of spectral flux (Bello et al., *A Tutorial on Onset Detection in Music Signals*, 2005; Böck et al., *SuperFlux*, 2013)."""

import subprocess

import numpy as np

AUDIO_RATE = 22050
WINDOW, HOP = 1024, 110
"""46 ms every 5 ms."""
BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 10_000.0
COMPRESSION = 30.0
"""log(1 + COMPRESSION · magnitude / loudest): quiet sounds count, noise does not."""
LAG = 3
"""Hops between the spectra that are compared: 15 ms."""
AROUND_S = 0.4
"""A peak must stand out of the median of so much before and after it."""
RISE = 0.5
"""By this share of the clip's strong flux (its 98th percentile)."""
LEAST_GAP_S = 0.1
"""Between two onsets; of two nearer ones the stronger counts."""
LEAST_RISE_DB = 2.5
"""How much louder the 60 ms after an onset are than what was before: echoes and rumble change the spectrum only."""
BEGIN_S = 0.05
"""Nothing is an onset so soon: what sounds when a clip begins may have begun before it."""
QUIET_DB = -26.0
"""Onsets after which the sound stays below this, relative to the loudest of the clip, are left out."""


def read_audio(path, rate=AUDIO_RATE):
    """Mono float32 of the first sound track; begins at the time of the first picture as the container has it."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", str(rate), "-af", "aresample=async=1:first_pts=0", "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, np.float32)


def band_matrix():
    """Triangles, evenly spaced on a mel scale, [BANDS, bins]."""
    mel = np.linspace(*(2595 * np.log10(1 + hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ)), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    bins = np.fft.rfftfreq(WINDOW, 1 / AUDIO_RATE)[None]
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.clip(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0, None)


def spectrogram(audio):
    """Magnitudes of bands, [frames, BANDS]; frame n is centred on n · HOP samples."""
    padded = np.pad(audio, (WINDOW // 2, WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) @ band_matrix().T


def flux(bands):
    """How much the bands rise, [frames]. Each is compared with the strongest of its neighbours before, so that vibrato is none (SuperFlux)."""
    level = np.log1p(COMPRESSION * bands / (np.percentile(bands.max(1), 99.5) + 1e-9))
    wide = np.maximum(np.maximum(np.roll(level, 1, 1), level), np.roll(level, -1, 1))
    rise = np.zeros(len(level))
    rise[LAG:] = np.clip(level[LAG:] - wide[:-LAG], 0, None).mean(1)
    return rise


def onsets(audio):
    """Seconds and energies (0-1) of the onsets."""
    bands = spectrogram(audio)
    rise = flux(bands)
    around = int(AROUND_S * AUDIO_RATE / HOP)
    padded = np.pad(rise, around, mode="reflect")
    floor = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1), axis=1)
    above = rise - floor
    needed = RISE * np.percentile(above, 98)
    gap = int(LEAST_GAP_S * AUDIO_RATE / HOP)
    loud = 10 * np.log10((bands**2).sum(1) + 1e-12)
    picked = []
    for frame in np.argsort(-above):
        if frame < BEGIN_S * AUDIO_RATE / HOP:
            continue
        if above[frame] < max(needed, 1e-3):
            break
        after = loud[frame : frame + gap].max()
        if after > loud.max() + QUIET_DB and rises(loud, frame) and all(abs(frame - other) >= gap for other in picked):
            picked.append(int(frame))
    picked = np.array(sorted(picked), int)
    peak = np.array([loud[frame : frame + gap].max() for frame in picked])
    energy = np.clip(1 + (peak - loud.max()) / 30, 0.05, 1) if len(picked) else np.zeros(0)
    return np.array([attack(audio, frame * HOP) for frame in picked]) / AUDIO_RATE, energy


def rises(loud, frame):
    before = np.median(loud[max(0, frame - 16) : max(1, frame - 5)])
    return loud[frame : frame + 12].max() - before > LEAST_RISE_DB


def attack(audio, near):
    """The sample of the steepest rise of the envelope near a peak of flux, which lags behind and is blurred by the window."""
    begin = max(0, near - WINDOW)
    part = np.abs(audio[begin : near + WINDOW // 2])
    smooth = int(0.003 * AUDIO_RATE)
    if len(part) < 4 * smooth:
        return near
    envelope = np.log(np.convolve(part, np.ones(smooth) / smooth, "same") + 0.02 * part.max() + 1e-9)
    return begin + smooth + int(np.argmax(envelope[2 * smooth :] - envelope[: -2 * smooth]))
