"""Turns a catalogue into the centres whose values look wrong or are worth a note, whoever states them.

The one list of both for the pages *Data quality* and *Facts to check*.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.fact_database import Fact
from opinion.centres.imports.places import point_fault
from opinion.centres.imports.values import CellError, broken_letters, read_website
from opinion.centres.quality.statements import Statements, is_after
from opinion.centres.rowsets import Words, pack_rows

MOST_BEDS = 5_000
"""More than any hospital of our registers has: a larger number is a slip, or that of a whole region."""

MANY = 3
"""So many centres with one and the same point of their own cannot all stand there."""

_TWO_LETTERS = re.compile(r"[^\W_].*[^\W_]", re.DOTALL)
_PLAIN_WEBSITE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?", re.IGNORECASE)
_Flags = NDArray[np.bool_]


CHECKS = {
    "outside_country": "point",
    "at_sea": "point",
    "one_point_for_many": "point",
    "beds_zero": "beds",
    "beds_too_many": "beds",
    "website_no_host": "website",
    "name_too_short": "name",
    "name_broken": "name",
    "not_one_centre": "name",
    "future_date": "",
}
"""Every check, with the one of ``STATED_FIELDS`` that it looks at; ``""`` is any."""

NOTES = ("one_point_for_many", "not_one_centre")
"""The checks that break what may well be right, as houses of one campus do: worth a note, and nothing to correct."""


@dataclass(frozen=True, eq=False)
class Checked:
    """A check that was made. ``of``: the rows that it could be tried on; ``faulty``: those that broke it."""

    id: str
    of: Words
    faulty: Words


def check_catalogue(catalogue: Catalogue, statements: Statements) -> tuple[Checked, ...]:
    """Return each of ``CHECKS`` with the rows that it was tried on and those that broke it."""
    table, placed = catalogue.table, ~np.isnan(catalogue.lat)
    every = np.ones(catalogue.size, dtype=np.bool_)
    has_beds, beds = table.column("beds").is_valid().to_numpy(), pc.fill_null(table.column("beds"), 1).to_numpy()
    own = placed & (_texts(catalogue, "coord_precision") == "site")
    names, websites = _texts(catalogue, "name"), _texts(catalogue, "website")
    faults = _point_faults(catalogue, placed)
    found = {
        "outside_country": (placed, np.isin(faults, ("point_elsewhere", "point_swapped"))),
        "at_sea": (placed, np.isin(faults, ("point_at_sea", "point_zero", "not_a_point"))),
        "one_point_for_many": (own, _repeated(catalogue, own)),
        "beds_zero": (has_beds, has_beds & (beds == 0)),
        "beds_too_many": (has_beds, has_beds & (beds > MOST_BEDS)),
        "website_no_host": (websites != "", _each(websites, _is_no_website)),
        "name_too_short": (every, _each(names, lambda name: not _TWO_LETTERS.search(name))),
        "name_broken": (every, _each(names, lambda name: broken_letters(name) != "")),
        "not_one_centre": (every, table.column("maybe_not_one_centre").to_numpy()),
        "future_date": (every, statements.future),
    }
    return tuple(Checked(id_, *map(pack_rows, found[id_])) for id_ in CHECKS)


def facts_at_fault(catalogue: Catalogue, check: str, row: int, today: date) -> list[Fact]:
    """Return the facts that break a check at the centre of a row: those that count, in the order of the file."""
    facts = catalogue.facts(str(catalogue.table.column("centre_id")[row]))
    if check == "future_date":
        return [fact for fact in facts if is_after(fact.source_date, today)]
    return [fact for fact in facts if fact.field == CHECKS[check]]


def _texts(catalogue: Catalogue, column: str) -> NDArray[np.object_]:
    return np.array(catalogue.table.column(column).to_pylist(), dtype=np.object_)


def _each(texts: NDArray[np.object_], is_faulty: Callable[[str], bool]) -> _Flags:
    return np.fromiter((is_faulty(text) for text in texts), dtype=np.bool_, count=len(texts))


def _is_no_website(text: str) -> bool:
    if not text or _PLAIN_WEBSITE.fullmatch(text):  # nearly all: reading takes ten times as long
        return False
    try:
        return not read_website(text)
    except CellError:
        return True


def _point_faults(catalogue: Catalogue, placed: _Flags) -> NDArray[np.object_]:
    faults = np.full(catalogue.size, "", dtype=np.object_)
    rows = np.flatnonzero(placed)
    where = zip(catalogue.lat[rows].tolist(), catalogue.lon[rows].tolist(), catalogue.country_of[rows], strict=True)
    for row, (lat, lon, country) in zip(rows, where, strict=True):
        faults[row] = point_fault(lat, lon, catalogue.countries[country])
    return faults


def _repeated(catalogue: Catalogue, own: _Flags) -> _Flags:
    """Say of each row whether ``MANY`` or more centres have the very same point of their own."""
    points = np.stack((catalogue.lat[own], catalogue.lon[own]), axis=1)
    found = np.zeros(catalogue.size, dtype=np.bool_)
    if len(points):
        _, place, count = np.unique(points, axis=0, return_inverse=True, return_counts=True)
        found[own] = count[place.reshape(-1)] >= MANY
    return found
