"""Turns the rows of a list into a table of what became of each: every row of the file stands there exactly once.

A row went in (``new``: with it a centre begins; ``adds``: to the centre of a row before it), ``waits`` for a
correction, or was passed over: ``empty``, ``above`` the heads, or the ``heads`` themselves.
"""

import csv
import heapq
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

ROWS = "rows.csv"
ROW_COLUMNS = ("row", "what", "centre_id", "name", "facts", "waited_as")
"""``facts``: how many the row states; ``waited_as``: as in ``Row``. Of a row that did not go in there is no centre."""

WENT_IN = frozenset(("new", "adds"))

_SORTED_AT_ONCE = 100_000


def read_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a table of a draft or an import, without the heads; none if it is not there."""
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            yield from rows


def rows_of_centres(path: Path, centre_ids: Collection[str]) -> dict[str, int]:
    """Return the number of the row with which each of these centres of a draft or an import begins."""
    return {row[2]: int(row[0]) for row in read_rows(path) if row[2] in centre_ids and row[1] == "new"}


def put_in_order(path: Path) -> None:
    """Sort a table by the numbers of rows in its first column: part by part, so that it never is in memory as a whole.

    What is said of one row stays in its order.
    """
    with ExitStack() as files:
        table = csv.reader(files.enter_context(path.open(encoding="utf-8", newline="")))
        head = next(table)
        parts: list[Iterator[list[str]]] = []
        while part := sorted(islice(table, _SORTED_AT_ONCE), key=_number):
            place = files.enter_context(
                tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent)
            )  # fmt: skip
            csv.writer(place, lineterminator="\n").writerows(part)
            place.seek(0)
            parts.append(csv.reader(place))
        aside = path.with_suffix(".sorted")
        with aside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(heapq.merge(*parts, key=_number))
    aside.replace(path)


def _number(row: Iterable[str]) -> int:
    return int(next(iter(row)))
