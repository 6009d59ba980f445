"""Turns what is wrong with rows into problems, and many equal ones into one group with a count and the first rows.

A problem is a code; words for it are in ``opinion.exchange.import_wordings``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

NOTES = frozenset(("beds_zero", "says_no", "word_left_out", "size_passed_over", "column_left_out", "accepted"))
"""Codes that do not hold a row back: they say what of which cells says nothing that the catalogue keeps."""

WORDS_UNKNOWN = frozenset(("word_unknown", "country_unknown"))
"""Codes of words whose meaning a person can say."""

_FIRST_ROWS = 5


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row. ``row``: its number in the file; ``column``: ``""`` for the whole row.

    ``value``: the text of the cell, or the word in it; ``detail``: what may be meant, or another row, or empty.
    """

    row: int
    column: str
    code: str
    value: str = ""
    detail: str = ""

    @property
    def holds_back(self) -> bool:
        """Whether the row waits for a correction."""
        return self.code not in NOTES


@dataclass
class ProblemGroup:
    """Equal problems: ``count`` of them, ``rows`` the numbers of the first ones."""

    column: str
    code: str
    value: str
    detail: str
    count: int = 0
    rows: list[int] = field(default_factory=list)

    @property
    def holds_back(self) -> bool:
        """Whether the rows wait for a correction."""
        return self.code not in NOTES


_VARYING = frozenset((
    "id_twice", "same_centre", "id_in_catalogue", "differs", "another_row_waits", "cells_missing", "cells_too_many",
    "not_json", "quote_open", "point_swapped", "point_at_sea", "point_elsewhere", "point_zero", "not_a_point",
    "scientific", "not_degrees", "not_whole", "letters_broken", "not_a_website",
    "row_of_one_text", "row_of_sum",
))  # fmt: skip
"""Codes of which each row has another value: they are one group whatever the value."""


class ProblemGroups:
    """Groups problems while they come: the memory that it takes does not grow with equal ones."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str], ProblemGroup] = {}

    def add(self, problems: Iterable[Problem]) -> None:
        """Count these problems in."""
        for each in problems:
            key = (each.code, each.column, "" if each.code in _VARYING else each.value)
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = ProblemGroup(each.column, each.code, each.value, each.detail)
            group.count += 1
            if len(group.rows) < _FIRST_ROWS:
                group.rows.append(each.row)

    def groups(self) -> list[ProblemGroup]:
        """Return the groups: first what holds rows back, then the largest, then in the order of the file."""
        return sorted(self._groups.values(), key=lambda group: (not group.holds_back, -group.count, group.rows[0]))
