"""Turns ``data/centres/*.csv`` into rows in memory, and rows back into the same bytes.

Three tables: ``centres`` (one row a centre: what identifies it), ``facts`` (one row a fact about it) and ``origins``
(one row for each source, address, date and code that rows of the other two point to by ``origin``). Cells are
text; an empty cell is unknown. Lines end in a line feed and are sorted, so
that a change is a short diff in git.

Lists that curators import stand beside them, each in a folder of its own under ``var/imports`` with three tables of the
same form and ``import.json``, which describes it and its source. A catalogue is made of the tables and of all imports.
"""

import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opinion.errors import CatalogueError
from opinion.vocabularies import DATA, country_codes, designations, disease_areas, equipment

TABLES = DATA / "centres"
"""Where the tables of this repository stand."""

_CENTRES = """
centre_id name name_other city city_local nearest_city region country_code lat lon coord_precision facility_type
website flag also_in origin origin_name_other origin_city origin_point origin_website
"""
CENTRES = tuple(_CENTRES.split())
FACTS = ("centre_id", "field", "value", "count", "certainty", "origin")
ORIGINS = ("origin", "source", "address", "date", "code")
LEFT_OUT = ("centre_id", "field", "value", "source", "reason")
LEDGER = ("table", "source", "outcome", "reason", "rows")

FIELDS = ("beds", "designation", "disease_area", "equipment", "teaching")
"""The fields of ``facts``. What identifies a centre stands in ``centres``."""


IMPORTS, ABOUT_IMPORT = "imports", "import.json"
"""The folder of imports beside the packed files, and the file in each that describes it."""


@dataclass(frozen=True)
class Tables:
    """The three tables as rows of text cells in the order of their columns."""

    centres: list[list[str]]
    facts: list[list[str]]
    origins: list[list[str]]


def default_folder() -> Path:
    """Return the folder of the packed files and the imports: the variable ``OPINION_VAR``, or ``var/`` beside data."""
    return Path(os.environ.get("OPINION_VAR") or TABLES.parent.parent / "var")


def imports_in(folder: Path) -> tuple[Path, ...]:
    """Return the folders of the imports beside the packed files in ``folder``, in the order in which they were made.

    One that is being made, or was taken back, has a dot in its name.
    """
    found = (folder / IMPORTS).iterdir() if (folder / IMPORTS).is_dir() else iter(())
    return tuple(sorted(path for path in found if "." not in path.name and (path / ABOUT_IMPORT).is_file()))


def read_about(folder: Path) -> dict[str, Any]:
    """Return what describes an import. Raises ``CatalogueError`` if it cannot be read."""
    try:
        found: dict[str, Any] = json.loads((folder / ABOUT_IMPORT).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{folder / ABOUT_IMPORT} cannot be read ({error}). Restore it from a backup.") from None
    return found


def read_tables(tables: Path = TABLES, imports: Sequence[Path] = ()) -> Tables:
    """Return the tables in folder ``tables`` and those of ``imports``, checked: known ids and origins, true numbers.

    Raises ``CatalogueError`` with file, line and remedy on the first fault.
    """
    read = _read_folder(tables)
    ids = {row[0] for row in read.centres}
    shared = {row[0]: row for row in read.origins}
    for folder in imports:
        more = _read_folder(folder)
        for row in more.centres:
            if row[0] in ids:
                raise CatalogueError(f"{folder}: the centre {row[0]!r} is in the catalogue already. Undo the import.")
            ids.add(row[0])
        for row in more.origins:
            if shared.setdefault(row[0], row) != row:
                raise CatalogueError(f"{folder}: the origin {row[0]!r} says something else elsewhere. Undo the import.")
        read.centres.extend(more.centres)
        read.facts.extend(more.facts)
    return Tables(read.centres, read.facts, list(shared.values()))


def _read_folder(tables: Path) -> Tables:
    origins = _read(tables / "origins.csv", ORIGINS)
    centres = _read(tables / "centres.csv", CENTRES)
    facts = _read(tables / "facts.csv", FACTS)
    known = {row[0] for row in origins} | {""}
    if len(known) != len(origins) + 1:
        raise CatalogueError(f"{tables / 'origins.csv'}: an origin stands there twice or is empty. Keep one.")
    ids = _check_centres(tables / "centres.csv", centres, known)
    _check_facts(tables / "facts.csv", facts, known, ids)
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


def stamp(tables: Path = TABLES, version: str = "", imports: Sequence[Path] = ()) -> str:
    """Return a hash of all that the packed files are made of: tables, rules, vocabularies, imports and ``version``.

    Of an import, which nobody edits, what describes it is read: hashes of its tables stand there.
    """
    digest = hashlib.sha256(version.encode())
    files = [tables / name for name in ("centres.csv", "facts.csv", "origins.csv", "sources.toml", "focus.toml")]
    files += [DATA / "vocabularies" / name for name in ("disease_areas.toml", "equipment.toml", "designations.toml")]
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from git.") from None
        digest.update(f"{path.name}:{len(content)}:".encode())
        digest.update(content)
    for folder in imports:
        digest.update(json.dumps(read_about(folder), sort_keys=True).encode())
    return digest.hexdigest()


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


def _check_facts(path: Path, facts: list[list[str]], origins: set[str], ids: set[str]) -> None:
    for number, (centre_id, field, value, count, certainty, origin) in enumerate(facts, start=2):
        fault = fact_fault(field, value, count)
        if centre_id not in ids:
            fault = f"{centre_id!r} is not in centres.csv"
        elif certainty not in ("stated", "suggested"):
            fault = f"{certainty!r} is neither 'stated' nor 'suggested'"
        elif not origin or origin not in origins:
            fault = "the origin is not in origins.csv"
        if fault:
            raise CatalogueError(f"{path}, row {number}: {fault}. Correct the row.")
