"""Turns tables of facts that were read by hand, one page at a time, into releases: one for each source.

``data/centres/hand_checked`` holds ``facts.csv`` (a fact with its page, the day of the page and its own words),
``centres.csv`` (centres that no register lists) and ``sources.toml``. The releases are made of the compiled tables
alone, so that the same tables give the same bytes wherever they are made.
"""

import csv
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from opinion.centres.inputs import TABLES, Inputs
from opinion.centres.registers.releases import TOWN_POINT, Listing, Release, Statement
from opinion.centres.registers.writing import write_release
from opinion.centres.sources import Source
from opinion.centres.towns import town_of
from opinion.errors import CatalogueError

FOLDER = TABLES / "hand_checked"
"""Where the tables of this repository stand."""

_ABOUT = ("title", "publisher", "address", "stated", "read", "licence", "words")
CENTRES = ("centre_id", "source", "name", "city", "region", "country_code", "geonames_id", "website", *_ABOUT)
"""The columns of ``centres.csv``. ``geonames_id``: of its town, which gives the point; empty if unknown."""

FACTS = ("centre_id", "field", "value", "count", "source", *_ABOUT)
"""The columns of ``facts.csv``: the fact, then the page that says so. ``stated``: the day of the page, or ``undated``;
``read``: the day on which it was read; ``words``: what it says, in its own words."""

UNDATED = "undated"
_MAY_BE_EMPTY = frozenset(("count", "region", "geonames_id", "website"))
_TABLES = ("centres.csv", "facts.csv", "origins.csv", "sources.toml", "refresh.toml", "conflicts.toml", "focus.toml")


def read_releases(folder: Path = FOLDER) -> list[Release]:
    """Return what the tables in ``folder`` say: one release for each source, in the order of their ids.

    Raises ``CatalogueError`` with file, row and remedy on the first cell that is empty or cannot be.
    """
    known = tomllib.loads((folder / "sources.toml").read_text("utf-8"))["source"]
    sources = {each["id"]: Source(**each) for each in known}
    centres, facts = (_read(folder / name, columns, sources) for name, columns in _COLUMNS.items())
    return [
        Release(
            source,
            [_listing(row, source) for row in centres if row["source"] == id_],
            [_statement(row, source) for row in facts if row["source"] == id_],
        )
        for id_, source in sorted(sources.items())
    ]


def write_releases(out: Path, folder: Path = FOLDER, tables: Path = TABLES) -> list[Path]:
    """Write the releases of ``folder`` into ``out`` and return them; those that are there are replaced.

    ``tables``: the compiled tables, of which alone they are made. Raises ``CatalogueError`` if a table has a fault;
    then nothing is changed.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as place:
        bare, made = Path(place) / "tables", list[Path]()
        bare.mkdir()
        for name in _TABLES:
            if (tables / name).is_file():
                (bare / name).symlink_to((tables / name).resolve())
        for release in read_releases(folder):
            before = Inputs(bare, tuple(made))
            # there is one such table: what it says now takes the place of what it said
            made.append(write_release(release, Path(place) / release.source.id, before))
            if left_out := (made[-1] / "left_out.csv").read_text("utf-8").splitlines()[1:]:
                raise CatalogueError(f"{folder}: {left_out[0]}. Correct the row.")
        for each in made:
            shutil.rmtree(out / each.name, ignore_errors=True)
            each.rename(out / each.name)
    return [out / each.name for each in made]


_COLUMNS = {"centres.csv": CENTRES, "facts.csv": FACTS}


def _read(path: Path, columns: Sequence[str], sources: Mapping[str, Source]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from git.") from None
    for number, row in enumerate(rows, start=2):
        fault = ""
        if tuple(row) != tuple(columns) or None in row.values():
            fault = f"the columns must be {', '.join(columns)}"
        elif empty := [name for name in columns if not row[name] and name not in _MAY_BE_EMPTY]:
            fault = f"{empty[0]} is empty"
        elif row["source"] not in sources:
            fault = f"{row['source']!r} is not in sources.toml"
        elif urlsplit(row["address"]).scheme not in ("http", "https"):
            fault = f"{row['address']!r} is no address of a page"
        elif not _is_past(row["read"]):
            fault = f"{row['read']!r} is no day on which somebody can have read it"
        elif row["stated"][:4].isdecimal() and row["stated"] > row["read"]:
            fault = f"{row['stated']!r} is later than the day on which it was read"
        if fault:
            raise CatalogueError(f"{path}, row {number}: {fault}. Correct the row.")
    return rows


def _is_past(text: str) -> bool:
    try:
        return date.fromisoformat(text) <= datetime.now(UTC).date()
    except ValueError:
        return False


def _listing(row: Mapping[str, str], source: Source) -> Listing:
    given = Listing(
        row["centre_id"], row["name"], row["country_code"], city=row["city"], region=row["region"],
        website=row["website"], address=row["address"], date=_date(row, source),
    )  # fmt: skip
    if not row["geonames_id"]:
        return given
    town = town_of(int(row["geonames_id"]))
    if town is None:
        raise CatalogueError(f"{row['centre_id']}: the gazetteer has no town {row['geonames_id']}. Correct the row.")
    return replace(given, lat=str(town.lat), lon=str(town.lon), precision=TOWN_POINT)


def _statement(row: Mapping[str, str], source: Source) -> Statement:
    words = row["words"]
    if row["publisher"] not in source.publisher:  # a source of many publishers: each fact says whose page it is
        words = f"{words} ({row['publisher']}: {row['title']})"
    return Statement(
        row["centre_id"], row["field"], row["value"], words, row["count"], address=row["address"],
        date=_date(row, source),
    )  # fmt: skip


def _date(row: Mapping[str, str], source: Source) -> str:
    return source.published if row["stated"] == UNDATED else row["stated"]
