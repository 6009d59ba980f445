"""Turns what is read of one centre after the other into columns: packed, so that those of a million can be held."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Hashes = NDArray[np.int64]


class Texts:
    """One or two texts of each centre, packed: those of a million would be too many as objects."""

    def __init__(self) -> None:
        """Begin with none."""
        self._parts: tuple[list[pa.Array], list[pa.Array]] = ([], [])
        self._new: tuple[list[str | None], list[str | None]] = ([], [])
        self._packed: list[pa.Array] = []
        self.has: list[NDArray[np.bool_]] = []

    def add(self, texts: tuple[str, ...]) -> None:
        """Add the texts of the next centre: none, one or two."""
        for which, column in enumerate(self._new):
            column.append(texts[which] if which < len(texts) else None)

    def cut(self) -> None:
        """Pack what was added."""
        for column, parts in zip(self._new, self._parts, strict=True):
            parts.append(pa.array(column, pa.large_string()))
            column.clear()

    def packed(self) -> "Texts":
        """Return these texts, to be read; nothing can be added any more. ``has`` says who has a first, a second."""
        self.cut()
        self._packed = [pa.concat_arrays(parts) for parts in self._parts]
        self._parts = ([], [])
        self.has = [column.is_valid().to_numpy(zero_copy_only=False) for column in self._packed]
        return self

    def of(self, place: int) -> tuple[str, ...]:
        """Return the texts of one centre."""
        return tuple(text for column in self._packed if (text := column[place].as_py()) is not None)

    def column(self, which: int, places: NDArray[np.int64]) -> list[str]:
        """Return the first (0) or second (1) texts of some centres, which have one."""
        found: list[str] = self._packed[which].take(pa.array(places)).to_pylist()
        return found


@dataclass(frozen=True, eq=False)
class Keys:
    """Keys of centres: hashes ``key``, each with the place ``of`` a centre, a centre with none, one or many."""

    key: Hashes
    of: Numbers


class NumberColumn:
    """Numbers while they are collected: put them into ``new``, and ``cut`` from time to time.

    They are kept in pieces, for arrays that grow side by side leave holes in the memory.
    """

    def __init__(self, kind: str) -> None:
        """Collect numbers of a ``kind`` of ``array``."""
        self.new: array[Any] = array(kind)
        self._pieces: list[NDArray[Any]] = []

    def cut(self) -> None:
        """Pack what is new."""
        self._pieces.append(np.array(self.new))
        del self.new[:]

    def packed(self) -> NDArray[Any]:
        """Return all numbers."""
        self.cut()
        return np.concatenate(self._pieces)


class KeyColumn:
    """Keys while they are collected."""

    def __init__(self) -> None:
        """Begin with none."""
        self._keys, self._of = NumberColumn("q"), NumberColumn("i")

    def add(self, place: int, texts: Iterable[str]) -> None:
        """Add the keys of the centre at ``place``."""
        for text in texts:
            self._keys.new.append(hash(text))
            self._of.new.append(place)

    def cut(self) -> None:
        """Pack what is new."""
        self._keys.cut()
        self._of.cut()

    def packed(self) -> Keys:
        """Return all keys."""
        return Keys(self._keys.packed(), self._of.packed())
