"""Turns imports into which of their rows still wait: a row that came back, corrected, waits no more where it waited.

A file of waiting rows names the import that they are of (``Layout.waited_in``), and their numbers there. That import
and those of its corrected rows are a family: each row is to be looked for in the newest of them that has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from opinion.centres.imports.archive import Import
from opinion.centres.imports.drafts import WAITING
from opinion.centres.imports.fates import ROWS, WENT_IN, read_rows


@dataclass(frozen=True)
class Waiting:
    """What became of the rows of an import that waited.

    ``left``: how many wait still; ``numbers``: which ones, ``None`` if all do. ``came_in``: the later imports that
    brought some of them, the oldest first, each with how many came in with it and how many wait there.
    """

    left: int
    numbers: frozenset[str] | None = None
    came_in: tuple[tuple[Import, int, int], ...] = ()


def list_of(each: Import) -> str:
    """Return the id of the import that brought the list: of one with corrected rows, that in which they waited."""
    layout = each.about.get("recipe", {}).get("layout", {})
    return str(layout.get("waited_in") or each.id)


def waiting_of(each: Import, imports: Sequence[Import]) -> Waiting:
    """Return what became of the rows of an import that waited; ``imports``: all that are kept."""
    waiting = each.about["counts"]["waiting"]
    later = _later(each, imports)
    if not waiting or not later:
        return Waiting(waiting)
    own = _numbers(each.folder, list_of(each) != each.id)
    came, again = {}, {}
    for other in later:
        came[other.id], again[other.id] = (own.keys() & said for said in _handed_on(other.folder))
    gone = set().union(*came.values(), *again.values())
    left = frozenset(number for listed, numbers in own.items() if listed not in gone for number in numbers)
    return Waiting(left=len(left), numbers=left, came_in=tuple(
        (other, len(came[other.id]), len(again[other.id])) for other in later if came[other.id] or again[other.id]
    ))  # fmt: skip


def came_in_later(each: Import, imports: Sequence[Import]) -> dict[str, tuple[Import, str]]:
    """Return with which later import the rows that waited came in, and the id of the centre, by the row's number."""
    found: dict[str, tuple[Import, str]] = {}
    later = _later(each, imports)
    own = _numbers(each.folder, list_of(each) != each.id) if later else {}
    for other in later:
        for _, what, centre_id, *_, waited_as in read_rows(other.folder / ROWS):
            if waited_as and what in WENT_IN:
                found |= dict.fromkeys(own.get(waited_as, ()), (other, centre_id))
    return found


def _later(each: Import, imports: Sequence[Import]) -> list[Import]:
    """Return the later imports of rows of the same list that count, the oldest first."""
    found = [other for other in imports if other.counts and other.id > each.id and list_of(other) == list_of(each)]
    return sorted(found, key=lambda other: other.id)


@lru_cache(8)  # what is kept does not change; the page asks at each click
def _numbers(folder: Path, are_of_another: bool) -> dict[str, list[str]]:
    """Return the numbers of an import's waiting rows, by those that they had in the list; ``""`` for new rows."""
    found: dict[str, list[str]] = {}
    if are_of_another:
        for number, what, *_, waited_as in read_rows(folder / ROWS):
            if what == "waits":
                found.setdefault(waited_as, []).append(number)
    else:
        for number, *_ in read_rows(folder / WAITING):
            found[number] = [number]
    return found


@lru_cache(8)
def _handed_on(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return which rows of the list came in with an import of corrected rows, and which wait there."""
    came: set[str] = set()
    again: set[str] = set()
    for _, what, *_, waited_as in read_rows(folder / ROWS):
        if waited_as:
            (came if what in WENT_IN else again).add(waited_as)
    return frozenset(came), frozenset(again - came)
