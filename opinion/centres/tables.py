"""Turns ``data/centres/*.csv`` into rows in memory, and rows back into the same bytes.

Three tables: ``centres`` (one row a centre: what identifies it), ``facts`` (one row a fact about it) and ``origins``
(one row for each source, address, date and code that rows of the other two point to by ``origin``). Cells are
text; an empty cell is unknown. Lines end in a line feed and are sorted, so
that a change is a short diff in git.
"""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from opinion.centres.inputs import Inputs, read_about
from opinion.errors import CatalogueError
from opinion.vocabularies import country_codes, designations, disease_areas, equipment

_CENTRES = """
centre_id name name_other city city_local nearest_city region country_code lat lon coord_precision facility_type
website flag also_in origin origin_name_other origin_city origin_point origin_website
"""
CENTRES = tuple(_CENTRES.split())
FACTS = ("centre_id", "field", "value", "count", "certainty", "origin")
ORIGINS = ("origin", "source", "address", "date", "code")
PAST = (*FACTS, "standing", *ORIGINS[1:], "entered_by")
PAST_FILE = "past.csv"
"""A table of an import alone: what the list before it said otherwise, each row with its origin."""
LEFT_OUT = ("centre_id", "field", "value", "source", "reason")
LEDGER = ("table", "source", "outcome", "reason", "rows")

FIELDS = ("beds", "designation", "disease_area", "equipment", "teaching")
"""The fields of ``facts``. What identifies a centre stands in ``centres``."""


@dataclass(frozen=True)
class Tables:
    """The three tables as rows of text cells in the order of their columns, and what is kept beside them.

    ``past``: facts that do not count any more, as rows of ``facts`` and why (``older``, ``corrected``, ``set_aside``);
    also values of ``centres``, by the names of ``fact_database``. ``folded``: the rows of doubles, each with the id of
    the centre that took it in. ``entered_by``: who entered what an origin states, by origin; not in it: a register.
    ``own_origin``: the origin of a value of ``centres`` that is not its row's, by centre and field.
    """

    centres: list[list[str]]
    facts: list[list[str]]
    origins: list[list[str]]
    past: list[list[str]] = field(default_factory=list)
    folded: list[tuple[str, list[str]]] = field(default_factory=list)
    entered_by: dict[str, str] = field(default_factory=dict)
    own_origin: dict[tuple[str, str], str] = field(default_factory=dict)


def read_tables(inputs: Inputs | None = None) -> Tables:
    """Return the tables of all ``inputs`` (default: of this repository), before anything that curators decided.

    They are checked: known ids and origins, true numbers. A release takes the place of the facts that its register
    (``replaces`` in ``import.json``) stated before; those stay in ``past``. It may state facts about centres of others.
    An import in the place of older ones carries in ``past.csv`` what they said otherwise about its centres. Raises
    ``CatalogueError`` with file, line and remedy on the first fault.
    """
    inputs = inputs or Inputs()
    read = _read_folder(inputs.tables, frozenset())
    centres, facts, past = {row[0]: row for row in read.centres}, read.facts, list[list[str]]()
    shared, entered_by = {row[0]: row for row in read.origins}, dict[str, str]()
    for folder in inputs.parts:
        about = read_about(folder)
        more = _read_folder(folder, centres.keys())
        replaced = about.get("replaces", "")
        for row in more.centres:
            before = centres.get(row[0])
            if before is not None and (not replaced or shared[before[_ORIGIN]][1] != replaced):
                raise CatalogueError(f"{folder}: the centre {row[0]!r} is in the catalogue already. Undo the import.")
            centres[row[0]] = row
        for row in more.origins:
            if shared.setdefault(row[0], row) != row:
                raise CatalogueError(f"{folder}: the origin {row[0]!r} says something else elsewhere. Undo the import.")
            entered_by[row[0]] = about.get("entered_by", "")
        if replaced:
            of_register = {origin for origin, row in shared.items() if row[1] == replaced}
            restated = set(map(tuple, more.facts))
            past += [[*fact, "older"] for fact in facts if fact[-1] in of_register and tuple(fact) not in restated]
            facts = [fact for fact in facts if fact[-1] not in of_register]
        facts = facts + more.facts
        for row in _read(folder / PAST_FILE, PAST) if (folder / PAST_FILE).is_file() else ():
            fact, origin = row[:7], [row[5], *row[7:11]]
            past.append(fact)
            shared.setdefault(origin[0], origin)
            entered_by.setdefault(origin[0], row[11])
    return Tables(list(centres.values()), facts, list(shared.values()), past, entered_by=entered_by)


_ORIGIN = CENTRES.index("origin")


def _read_folder(tables: Path, known_ids: Set[str]) -> Tables:
    origins = _read(tables / "origins.csv", ORIGINS)
    centres = _read(tables / "centres.csv", CENTRES)
    facts = _read(tables / "facts.csv", FACTS)
    known = {row[0] for row in origins} | {""}
    if len(known) != len(origins) + 1:
        raise CatalogueError(f"{tables / 'origins.csv'}: an origin stands there twice or is empty. Keep one.")
    ids = _check_centres(tables / "centres.csv", centres, known)
    _check_facts(tables / "facts.csv", facts, known, ids | known_ids)
    return Tables(centres, facts, origins)


def read_table(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return the rows of one table. Raises ``CatalogueError`` if it is missing or has other ``columns``."""
    return _read(path, columns)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write ``rows`` under ``columns`` to ``path``, whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode("utf-8"))


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path, columns: Sequence[str]) -> list[list[str]]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from git.") from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or rows[0] != list(columns):
        raise CatalogueError(f"{path}: the first line must read {','.join(columns)}.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(columns):
            raise CatalogueError(f"{path}, row {number}: {len(row)} cells, {len(columns)} are needed.")
    return rows[1:]


def _check_centres(path: Path, centres: list[list[str]], origins: set[str]) -> set[str]:
    ids: set[str] = set()
    countries = set(country_codes())
    for number, row in enumerate(centres, start=2):
        cell = dict(zip(CENTRES, row, strict=True))
        fault = ""
        if not cell["centre_id"] or cell["centre_id"] in ids or "," in cell["centre_id"]:
            fault = "the id is empty, has a comma or stands there twice"
        elif not cell["name"] or not cell["origin"]:
            fault = "name or origin is empty"
        elif cell["country_code"] not in countries:
            fault = f"{cell['country_code']!r} is not a country code"
        elif not {cell[column] for column in CENTRES if column.startswith("origin")} <= origins:
            fault = "an origin is not in origins.csv"
        elif not is_point(cell["lat"], cell["lon"]):
            fault = "lat and lon are not a point"
        if fault:
            raise CatalogueError(f"{path}, row {number} ({cell['centre_id']}): {fault}. Correct the row.")
        ids.add(cell["centre_id"])
    return ids


def is_point(lat: str, lon: str) -> bool:
    """Say whether the two texts are a point in degrees, or both empty."""
    if not lat and not lon:
        return True
    try:
        return -90 <= float(lat) <= 90 and -180 <= float(lon) <= 180
    except ValueError:
        return False


@cache
def _designation_values() -> frozenset[str]:
    return frozenset(designation.value for designation in designations().values())


def fact_fault(field: str, value: str, count: str) -> str:
    """Return what is wrong with a fact, or an empty text."""
    if field not in FIELDS:
        return f"{field!r} is not a field"
    if field == "disease_area" and (value not in disease_areas() or disease_areas()[value].patients_only):
        return f"{value!r} is not a disease area of centres"
    if field == "equipment" and value not in equipment():
        return f"{value!r} is not a kind of equipment"
    if field == "beds" and not value.isdecimal():
        return f"{value!r} is not a number of beds"
    if field == "designation" and value not in _designation_values():
        return f"{value!r} is not in designations.toml"
    if field == "teaching" and value != "yes":
        return f"{value!r} is not 'yes'; unknown is no row"
    if not value or (count and not count.isdecimal()):
        return "the value is empty or the count is not a number"
    return ""


def _check_facts(path: Path, facts: list[list[str]], origins: set[str], ids: Set[str]) -> None:
    for number, (centre_id, name, value, count, certainty, origin) in enumerate(facts, start=2):
        fault = fact_fault(name, value, count)
        if centre_id not in ids:
            fault = f"{centre_id!r} is not in centres.csv"
        elif certainty not in ("stated", "suggested"):
            fault = f"{certainty!r} is neither 'stated' nor 'suggested'"
        elif not origin or origin not in origins:
            fault = "the origin is not in origins.csv"
        if fault:
            raise CatalogueError(f"{path}, row {number}: {fault}. Correct the row.")
