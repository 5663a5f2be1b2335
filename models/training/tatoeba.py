"""Tatoeba's pairs by manythings.org (CC BY 2.0 FR): English, a tab, the other language, and a tab and who wrote it where the file is new."""

import gzip
import zipfile
from pathlib import Path

STEMS = {"fr": "fra", "es": "spa", "de": "deu"}


def pair_lines(folder, language):
    """Lines of `fra-eng.zip`, `fra.txt.gz` or `fra.txt`, the first that is there. Nothing where none is."""
    for path in sorted(Path(folder).glob(f"{STEMS[language]}*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                name = next(name for name in archive.namelist() if Path(name).name == f"{STEMS[language]}.txt")
                return archive.read(name).decode().splitlines()
        if path.suffix == ".gz":
            return gzip.decompress(path.read_bytes()).decode().splitlines()
        if path.suffix == ".txt":
            return path.read_text(encoding="utf-8").splitlines()
    return []
