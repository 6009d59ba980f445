"""Turns the real catalogue into one of any size with the same skew: rows drawn again, with words of their own."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from opinion.centres.catalogues import Catalogue, catalogue_of, load_catalogue
from opinion.centres.inputs import TABLES


def grown(size: int) -> Catalogue:
    """Return the real catalogue, or ``size`` rows drawn from it.

    A drawn row keeps all that is stated together; its point moves by some kilometres, and one row in five gets a word
    that few others have, because names never stop bringing new words.
    """
    real = load_catalogue()
    return real if size == real.size else catalogue_of(grown_table(real, size), Path("nowhere"), TABLES)


def grown_table(real: Catalogue, size: int) -> pa.Table:
    """Return the packed columns of ``size`` rows drawn from ``real``, in the order of names."""
    rng = np.random.default_rng(20261122)
    rows = np.sort(rng.integers(0, real.size, size))
    table = real.table.take(pa.array(rows))
    words = table.column("search").to_pylist()
    for place, number in zip(
        np.flatnonzero(rng.random(size) < 0.2).tolist(), rng.integers(0, size, size), strict=False
    ):
        words[place] += f" zq{number}x"
    changed = {
        "search": pa.array(words),
        "centre_id": pa.array([f"grown:{number}" for number in range(size)]),
        "lat": pa.array(np.clip(real.lat[rows] + rng.normal(0, 0.1, size), -90, 90)),
        "lon": pa.array(np.clip(real.lon[rows] + rng.normal(0, 0.1, size), -180, 180)),
    }
    for name, column in changed.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table.combine_chunks()
