"""Turns the tables into a read-only SQLite file of facts by centre, and that file into facts with their sources."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from opinion.centres.sources import Source
from opinion.centres.tables import CENTRES, Tables, write_whole
from opinion.errors import CatalogueError
from opinion.vocabularies import broader_equipment

FACTS_DATABASE = "centres_facts.sqlite"

# field of the fact, column of the value, column of its origin
_IDENTITY = (
    ("name", "name", "origin"),
    ("name_other", "name_other", "origin_name_other"),
    ("city", "city", "origin_city"),
    ("city_local", "city_local", "origin"),
    ("region", "region", "origin"),
    ("country_code", "country_code", "origin"),
    ("facility_type", "facility_type", "origin"),
    ("website", "website", "origin_website"),
)
_DERIVED_POINTS = ("city_geonames", "zip_centroid")


@dataclass(frozen=True)
class Fact:
    """One fact about a centre, and who says so.

    ``certainty`` is ``stated``, ``implied`` (a narrower item is stated; ``code`` names it), ``suggested`` (the name
    says it) or ``derived`` (worked out, as the nearest town). ``count`` is a number of machines, ``None`` unknown.
    ``publisher_url`` is the publisher's address, ``source_url`` the copy that was read. ``source_date`` is a date,
    a month, a year, a period ``from/to`` or a release, as the source gives it. ``code`` is the source's own wording,
    ``""`` where it has none. A ``point`` is ``"lat,lon,precision"`` in degrees.
    """

    field: str
    value: str
    count: int | None
    certainty: str
    source: str
    source_title: str
    publisher: str
    publisher_url: str
    source_url: str
    source_date: str
    code: str
    licence: str


def write_facts(path: Path, tables: Tables, sources: dict[str, Source], mark: str) -> int:
    """Write every fact of ``tables`` to the SQLite file ``path``, stamped ``mark``; return how many."""
    numbers = {row[0]: number for number, row in enumerate(tables.origins)}
    nearest = len(numbers)
    geonames = sources["geonames"]
    origins = [(numbers[row[0]], *row[1:]) for row in tables.origins]
    origins.append((nearest, geonames.id, geonames.read_from, geonames.published, "nearest town of 15,000 people"))
    facts = sorted(_rows(tables, numbers, nearest))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / FACTS_DATABASE
        with closing(sqlite3.connect(made)) as database:
            database.executescript(
                "PRAGMA page_size=4096; PRAGMA journal_mode=OFF;"
                "CREATE TABLE stamp (mark TEXT NOT NULL);"
                "CREATE TABLE origin (id INTEGER PRIMARY KEY, source TEXT, address TEXT, date TEXT, code TEXT);"
                "CREATE TABLE fact (centre_id TEXT, field TEXT, value TEXT, certainty TEXT, origin INTEGER,"
                " count INTEGER, PRIMARY KEY (centre_id, field, value, certainty, origin)) WITHOUT ROWID;"
            )
            database.execute("INSERT INTO stamp VALUES (?)", (mark,))
            database.executemany("INSERT INTO origin VALUES (?,?,?,?,?)", origins)
            database.executemany("INSERT INTO fact VALUES (?,?,?,?,?,?)", facts)
            database.commit()
        write_whole(path, made.read_bytes())
    return len(facts)


def _rows(
    tables: Tables, numbers: dict[str, int], nearest: int
) -> Iterator[tuple[str, str, str, str, int, int | None]]:
    towns = {number for number, row in enumerate(tables.origins) if row[1] == "geonames"}
    for row in tables.centres:
        cell = dict(zip(CENTRES, row, strict=True))
        centre_id = cell["centre_id"]
        for field, column, origin in _IDENTITY:
            if cell[column]:
                number = numbers[cell[origin]]
                yield centre_id, field, cell[column], "derived" if number in towns else "stated", number, None
        if cell["lat"]:
            derived = cell["coord_precision"] in _DERIVED_POINTS
            point = f"{cell['lat']},{cell['lon']},{cell['coord_precision']}"
            number = numbers[cell["origin_point"]]
            yield centre_id, "point", point, "derived" if derived else "stated", number, None
        if cell["nearest_city"]:
            yield centre_id, "nearest_city", cell["nearest_city"], "derived", nearest, None
    for centre_id, field, value, count, certainty, origin in tables.facts:
        yield centre_id, field, value, certainty, numbers[origin], int(count) if count else None


def read_stamp(path: Path) -> str:
    """Return the stamp of the SQLite file ``path``, or ``""`` if there is no readable one."""
    if not path.is_file():
        return ""
    try:
        with closing(_connect(path)) as database:
            return str(database.execute("SELECT mark FROM stamp").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return ""


def read_facts(path: Path, sources: dict[str, Source], centre_id: str) -> list[Fact]:
    """Return the facts of one centre, by field and value, implied equipment last; ``[]`` for an unknown centre.

    Opens its own connection, so any thread may call it. Raises ``CatalogueError`` if the file cannot be read.
    """
    query = (
        "SELECT field, value, count, certainty, source, address, date, code FROM fact JOIN origin ON origin.id ="
        " fact.origin WHERE centre_id = ? ORDER BY field, value, certainty, date DESC, source, code"
    )
    try:
        with closing(_connect(path)) as database:
            rows = database.execute(query, (centre_id,)).fetchall()
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None
    facts = [_fact(sources[row[4]], *row) for row in rows]
    return facts + _implied(facts)


def _fact(
    source: Source, field: str, value: str, count: int | None, certainty: str, _: str, url: str, date: str, code: str
) -> Fact:
    return Fact(
        field, value, count, certainty, source.id, source.title, source.publisher, source.address, url, date, code,
        source.licence,
    )  # fmt: skip


def _implied(facts: list[Fact]) -> list[Fact]:
    stated = {fact.value: fact for fact in facts if fact.field == "equipment" and fact.certainty == "stated"}
    implied: dict[str, Fact] = {}
    for item, fact in sorted(stated.items()):
        for broader in sorted(broader_equipment(item) - stated.keys() - implied.keys()):
            implied[broader] = Fact(
                "equipment", broader, None, "implied", fact.source, fact.source_title, fact.publisher,
                fact.publisher_url, fact.source_url, fact.source_date, item, fact.licence,
            )  # fmt: skip
    return list(implied.values())


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
