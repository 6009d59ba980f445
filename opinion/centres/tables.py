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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from opinion.errors import CatalogueError
from opinion.vocabularies import designations, disease_areas, equipment

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


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write ``rows`` under ``columns`` to ``path``, whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode("utf-8"))


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, never half of it."""
    with made_aside(path) as aside:
        aside.write_bytes(content)


@contextmanager
def made_aside(path: Path) -> Iterator[Path]:
    """Give a file to write beside ``path``, which takes its place when all is well and goes away when it is not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_table(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return the rows of one table. Raises ``CatalogueError`` if it is missing or has other ``columns``."""
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


def is_web_address(text: str) -> bool:
    """Say whether a text is an address that a browser opens."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host and text.isprintable() and " " not in text


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
