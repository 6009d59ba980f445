"""Turns flags and codes of rows into packed sets of rows, one bit a row, and back; counts what they share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""A packed set of rows: row r is bit r % 64 of word r // 64."""

_Array = TypeVar("_Array", bound=NDArray[Any])


@dataclass(frozen=True, eq=False)
class ValueSets:
    """One packed set of rows for each value of a facet. ``sets``: values × words, in the order of ``values``."""

    values: tuple[str, ...]
    sets: Words

    def of(self, chosen: Iterable[str]) -> list[int]:
        """Return the places of the values ``chosen``, leaving out those that no row has."""
        wanted = set(chosen)
        return [place for place, value in enumerate(self.values) if value in wanted]


def frozen(array: _Array) -> _Array:
    """Return the array, made read-only: it is shared between threads."""
    array.flags.writeable = False
    return array


def pack_rows(flags: NDArray[np.bool_]) -> Words:
    """Return the packed set of the rows whose flag is true; bits past the last row are 0. Read-only."""
    size = -(-len(flags) // 64) * 64
    padded = np.zeros(size, dtype=np.bool_)
    padded[: len(flags)] = flags
    return frozen(np.packbits(padded, bitorder="little").view(np.uint64))


def unpack_rows(words: Words) -> NDArray[np.intp]:
    """Return the row numbers in a packed set, ascending."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_))


def rows_from(words: Words, start: int, most: int) -> NDArray[np.intp]:
    """Return up to ``most`` row numbers of a packed set, ascending, from place ``start`` on; reads no others."""
    before = np.cumsum(np.bitwise_count(words), dtype=np.int64)
    first = int(np.searchsorted(before, start, "right"))
    last = int(np.searchsorted(before, start + most, "left")) + 1
    skipped = start - (int(before[first - 1]) if first else 0)
    rows = unpack_rows(words[first:last])[skipped : skipped + most] + 64 * first
    return rows


def is_in(words: Words, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Say for each of a few rows whether it is in a packed set."""
    bits: NDArray[np.uint64] = words[rows >> 6] >> (rows & 63).astype(np.uint64) & np.uint64(1)
    return bits.astype(np.bool_)


def sets_of_bits(column: NDArray[np.uint64], count: int) -> Words:
    """Return one packed set for each of the first ``count`` bits of a column: the rows that have it. Read-only."""
    one = np.uint64(1)
    sets = np.zeros((count, -(-len(column) // 64)), dtype=np.uint64)
    for bit in range(count):
        sets[bit] = pack_rows((column >> np.uint64(bit) & one).astype(np.bool_))
    return frozen(sets)


def sets_of_codes(column: NDArray[np.integer[Any]], count: int) -> Words:
    """Return one packed set for each code below ``count``: the rows that carry it. Read-only."""
    sets = np.zeros((count, -(-len(column) // 64)), dtype=np.uint64)
    for code in range(count):
        sets[code] = pack_rows(column == code)
    return frozen(sets)


def count_rows(words: Words) -> int:
    """Return the number of rows in a packed set."""
    return int(np.bitwise_count(words).sum(dtype=np.uint32))


def count_shared(sets: Iterable[Words], base: Words) -> list[int]:
    """Return how many rows each set shares with ``base``.

    Set by set, so that what is worked on stays in the processor's cache; the buffers belong to this call alone.
    """
    shared, counts = np.empty_like(base), np.empty(base.shape, dtype=np.uint8)
    found = []
    for one in sets:
        np.bitwise_count(np.bitwise_and(one, base, out=shared), out=counts)
        found.append(int(counts.sum(dtype=np.uint32)))
    return found


def union(sets: Words) -> Words:
    """Return the rows in any of the sets (sets × words); none for no set."""
    either: Words = np.bitwise_or.reduce(sets, axis=0)
    return either
