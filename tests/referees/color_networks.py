"""Expected chroma of colour networks, computed with numpy from the formulas of the CIE and IEC 61966-2-1.

    python tests/referees/color_networks.py > tests/referees/color-networks.json

The networks are made up, so that their answers can be computed by hand; `tests/models/adapters/colorize/` builds the same ones as ONNX files.
"""

import json

import numpy as np

THUMB = (32, 48)


def waves(height: int, width: int, across: int, down: int, period: int) -> np.ndarray:
    """Luma 0-1, from float32 as the test's."""
    y, x = np.mgrid[:height, :width]
    return (((x * across + y * down) % period) / (period - 1)).astype(np.float32).astype(np.float64)


# Primaries and white point of sRGB: chromaticities to a matrix, rather than its printed rounding.
PRIMARIES = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]])
WHITE = np.array([0.3127 / 0.3290, 1.0, (1 - 0.3127 - 0.3290) / 0.3290])


def xyz_of_rgb() -> np.ndarray:
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in PRIMARIES]).T
    return columns * np.linalg.solve(columns, WHITE)


def linear(v: np.ndarray) -> np.ndarray:
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def encoded(v: np.ndarray) -> np.ndarray:
    v = np.clip(v, 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055)


def lightness(grey: np.ndarray) -> np.ndarray:
    t = linear(grey)
    return 116 * np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29) - 16


def lab_to_rgb(light: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    y = (light + 16) / 116
    roots = np.stack([y + a / 500, y, y - b / 200])
    xyz = np.where(roots > 6 / 29, roots**3, 3 * (6 / 29) ** 2 * (roots - 4 / 29)) * WHITE.reshape(3, 1, 1)
    return encoded(np.einsum("ij,jhw->ihw", np.linalg.inv(xyz_of_rgb()), xyz))


def cbcr(rgb: np.ndarray) -> np.ndarray:
    """BT.601, full range, 8 bit, off neutral."""
    y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
    return 255 * np.stack([(rgb[2] - y) / 1.772, (rgb[0] - y) / 1.402])


def weights(size: int, wanted: int) -> np.ndarray:
    """Triangle filter, as wide as an output pixel where the picture gets smaller; the border repeats: [wanted, size]."""
    ratio = size / wanted
    support = max(1.0, ratio)
    centre = (np.arange(wanted) + 0.5) * ratio - 0.5
    table = np.zeros((wanted, size))
    for at in range(-int(support) - 1, size + int(support) + 1):
        share = np.maximum(0, 1 - np.abs(at - centre) / support)
        table[:, min(size - 1, max(0, at))] += share
    return table / table.sum(axis=1, keepdims=True)


def resized(planes: np.ndarray) -> np.ndarray:
    height, width = THUMB[0] // 2, THUMB[1] // 2
    return weights(planes.shape[-2], height) @ planes @ weights(planes.shape[-1], width).T


def halved(plane: np.ndarray) -> np.ndarray:
    h, w = plane.shape
    return plane.reshape(h // 2, 2, w // 2, 2).mean(axis=(1, 3))


def of_ab(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = resized(np.stack([a, b]))
    return cbcr(lab_to_rgb(lightness(halved(THUMB_LUMA)), a, b))


THUMB_LUMA = waves(*THUMB, 7, 11, 61)
SIGHT = waves(40, 40, 5, 3, 47)


def ddcolor() -> np.ndarray:
    """a = 80 R - 30, b = 40 - 90 G of R'G'B' 0-1."""
    return of_ab(80 * SIGHT - 30, 40 - 90 * SIGHT)


def lightness_network() -> np.ndarray:
    """a = 0.5 L - 20, b = 25 - 0.4 L of L 0-100."""
    light = lightness(SIGHT)
    return of_ab(0.5 * light - 20, 25 - 0.4 * light)


def deoldify() -> np.ndarray:
    """R' = 0.8 R + 0.2, G' = 0.7 G, B' = 1 - 0.9 B of R'G'B' 0-1."""
    return resized(cbcr(np.stack([0.8 * SIGHT + 0.2, 0.7 * SIGHT, 1 - 0.9 * SIGHT])))


if __name__ == "__main__":
    cases = {"ddcolor": ddcolor(), "lightness": lightness_network(), "deoldify": deoldify()}
    print(json.dumps({name: [round(float(v), 3) for v in values.ravel()] for name, values in cases.items()}))
