"""Turns words that somebody types into the rows that hold them, the best matches first.

A word is found exactly, at the start of a longer word, or inside one. Only if that finds nothing at all are words
looked for that are spelled nearly so.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from opinion.centres.names import search_key
from opinion.centres.packing import TOWN_MARK
from opinion.centres.rowsets import Words, pack_rows

_REMEMBERED = 16  # texts: every part of a page asks for the same one
_FEW = 1000  # words: up to so many, their rows are gathered one by one
_SHORTEST_FORGIVEN = 4  # letters: in shorter words a slip makes another word


@dataclass(frozen=True, eq=False)
class TextMatch:
    """What a text finds. ``levels``: packed sets of rows, best first, each holding the ones before it.

    In a row of ``levels[0]`` every word stands by itself in a name or title, of ``levels[1]`` at least at the start
    of a word there, of ``levels[2]`` inside one, or in the town. ``nearly``: nothing was found so; the last level is
    what is spelled nearly so, and ``spellings`` has the words meant by each word. ``keys``: the words looked for, as
    ``search_key`` writes them.
    """

    keys: tuple[str, ...]
    levels: tuple[Words, ...]
    nearly: bool
    spellings: dict[str, tuple[str, ...]]

    @property
    def rows(self) -> Words:
        """The packed set of all rows that match."""
        return self.levels[-1]


class WordIndex:
    """The words of a column of search keys, and the rows in which each stands. Made at the first search."""

    def __init__(self, keys: pa.Array) -> None:
        """Take the column: one text a row, its words separated by single spaces, as ``search_key`` gives them."""
        self._keys = keys
        self._building = threading.Lock()
        self._made: tuple[pa.Array, NDArray[np.int64], NDArray[np.int32]] | None = None
        self._known: dict[str, TextMatch] = {}

    def match(self, text: str, keep: bool = True, forgive: bool = True) -> TextMatch | None:
        """Return what ``text`` finds, every word of it in one row; ``None`` if it has no word.

        ``keep=False`` remembers nothing: for words of a patient's answers. ``forgive=False`` takes no near spellings.
        """
        key = search_key(text)
        if not key:
            return None
        known = self._known.get(key)
        if known is not None and (forgive or not known.nearly):
            return known
        words = tuple(dict.fromkeys(key.split()))
        found = TextMatch(words, self._levels([self._numbers(word) for word in words]), False, {})
        if forgive and not found.rows.any():
            found = self._nearly(words) or found
        if keep:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    @cached_property
    def words(self) -> list[str]:
        """Every word, those of towns without their mark: these may stand there twice."""
        return [word.lstrip(TOWN_MARK) for word in self._index[0].to_pylist()]

    def forget(self) -> None:
        """Forget the texts that were looked for; the index stays."""
        self._known.clear()

    @property
    def nbytes(self) -> int:
        """The bytes of the index without the words themselves."""
        _, starts, rows = self._index
        return starts.nbytes + rows.nbytes

    @property
    def _index(self) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.int32]]:
        """The words; where the rows of each start (and the last end); the rows, word by word."""
        with self._building:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.int32]]:
        split = pc.split_pattern(self._keys, " ")
        encoded = split.values.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        rows = np.repeat(np.arange(len(split), dtype=np.int32), pc.list_value_length(split).to_numpy(False))
        starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(encoded.dictionary)))])
        return encoded.dictionary, starts, rows[np.argsort(codes, kind="stable")]

    def _numbers(self, word: str) -> tuple[NDArray[np.intp], ...]:
        """Return the words that are ``word``, that start with it, that hold it: each with the ones before."""
        words = self._index[0]
        inside = np.flatnonzero(pc.match_substring(words, word).to_numpy(zero_copy_only=False))
        held = words.take(pa.array(inside))
        first = inside[pc.starts_with(held, word).to_numpy(zero_copy_only=False)]
        same = inside[pc.equal(held, word).to_numpy(zero_copy_only=False)]
        return same, first, inside

    def _levels(self, by_word: "list[tuple[NDArray[np.intp], ...]]") -> tuple[Words, ...]:
        """Return the rows in which every word is reached, level by level."""
        return tuple(
            np.bitwise_and.reduce([self._rows_with(numbers) for numbers in level], axis=0)
            for level in zip(*by_word, strict=True)
        )

    def _rows_with(self, numbers: NDArray[np.intp]) -> Words:
        """Return the packed set of rows that hold any of the words with these numbers."""
        words, starts, rows = self._index
        flags = np.zeros(len(self._keys), dtype=np.bool_)
        if len(numbers) <= _FEW:
            for number in numbers.tolist():
                flags[rows[starts[number] : starts[number + 1]]] = True
        else:
            wanted = np.zeros(len(words), dtype=np.bool_)
            wanted[numbers] = True
            flags[rows[np.repeat(wanted, np.diff(starts))]] = True
        return pack_rows(flags)

    def _nearly(self, words: tuple[str, ...]) -> TextMatch | None:
        """Return what near spellings find; ``None`` if they find nothing either."""
        by_word, spellings = [], {}
        for word in words:
            levels = self._numbers(word)
            slips = 0 if len(word) < _SHORTEST_FORGIVEN or not word.isalpha() else 1 if len(word) < 6 else 2
            close = [
                number for _, _, number in extract_iter(word, self.words, scorer=OSA.distance, score_cutoff=slips)
            ] if slips else []  # fmt: skip
            if len(levels[-1]) == 0:
                spellings[word] = tuple(sorted({self.words[number] for number in close}))
            by_word.append((*levels, np.union1d(levels[-1], np.array(close, dtype=np.intp))))
        found = TextMatch(words, self._levels(by_word), True, spellings)
        return found if found.rows.any() else None


_word_key = lru_cache(maxsize=20_000)(search_key)
"""Names share most of their words: the words of the catalogue that were shown are kept, not what anybody typed."""

_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)


def matched_parts(text: str, match: TextMatch) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word in ``text`` (a name, a town) for which it was found."""
    near = {spelling for found in match.spellings.values() for spelling in found}
    for part in _PART.finditer(text):
        key = _word_key(part.group())
        if key and (any(word in key for word in match.keys) or key in near):
            yield part.start(), part.end()
