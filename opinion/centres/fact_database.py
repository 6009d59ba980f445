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
    ``""`` where it has none. A ``point`` is ``"lat,lon,precision"`` in degrees. ``standing`` is ``""`` for what counts,
    else why it does not any more (``older``, ``corrected``, ``set_aside``). ``entered_by``: the account that entered
    it, ``""`` for a register. ``about_id``: the double of which the source speaks, ``""`` for the centre itself.
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
    standing: str = ""
    entered_by: str = ""
    about_id: str = ""


def write_facts(path: Path, tables: Tables, sources: dict[str, Source], mark: str) -> int:
    """Write every fact of ``tables`` to the SQLite file ``path``, stamped ``mark``; return how many."""
    numbers = {row[0]: number for number, row in enumerate(tables.origins)}
    nearest = len(numbers)
    geonames = sources["geonames"]
    origins = [(numbers[row[0]], *row[1:], tables.entered_by.get(row[0], "")) for row in tables.origins]
    origins.append((nearest, geonames.id, geonames.read_from, geonames.published, "nearest town of 15,000 people", ""))
    facts = sorted({row[:-1]: row for row in _rows(tables, numbers, nearest)}.values(), key=lambda row: row[:5])
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / FACTS_DATABASE
        with closing(sqlite3.connect(made)) as database:
            database.executescript(
                "PRAGMA page_size=4096; PRAGMA journal_mode=OFF;"
                "CREATE TABLE stamp (mark TEXT NOT NULL);"
                "CREATE TABLE origin (id INTEGER PRIMARY KEY, source TEXT, address TEXT, date TEXT, code TEXT,"
                " entered_by TEXT);"
                "CREATE TABLE fact (centre_id TEXT, field TEXT, value TEXT, certainty TEXT, origin INTEGER,"
                " standing TEXT, about_id TEXT, count INTEGER,"
                " PRIMARY KEY (centre_id, field, value, certainty, origin, standing, about_id)) WITHOUT ROWID;"
            )
            database.execute("INSERT INTO stamp VALUES (?)", (mark,))
            database.executemany("INSERT INTO origin VALUES (?,?,?,?,?,?)", origins)
            database.executemany("INSERT INTO fact VALUES (?,?,?,?,?,?,?,?)", facts)
            database.commit()
        write_whole(path, made.read_bytes())
    return len(facts)


_Row = tuple[str, str, str, str, int, str, str, int | None]


def _rows(tables: Tables, numbers: dict[str, int], nearest: int) -> Iterator[_Row]:
    """Yield rows of the table ``fact``, each once by all but its count."""
    towns = {number for number, row in enumerate(tables.origins) if row[1] == "geonames"}
    own = {key: numbers[origin] for key, origin in tables.own_origin.items() if origin}
    centres = [(cells[0], "", cells) for cells in tables.centres]
    for centre_id, about_id, cells in centres + [(kept, cells[0], cells) for kept, cells in tables.folded]:
        cell = dict(zip(CENTRES, cells, strict=True))
        for field, column, origin in _IDENTITY:
            if cell[column]:
                number = own.get((cells[0], field)) or numbers[cell[origin]]
                sure = "derived" if number in towns else "stated"
                yield centre_id, field, cell[column], sure, number, "", about_id, None
        if cell["lat"]:
            derived = cell["coord_precision"] in _DERIVED_POINTS
            point = f"{cell['lat']},{cell['lon']},{cell['coord_precision']}"
            number = numbers[cell["origin_point"]]
            yield centre_id, "point", point, "derived" if derived else "stated", number, "", about_id, None
        if cell["nearest_city"]:
            yield centre_id, "nearest_city", cell["nearest_city"], "derived", nearest, "", about_id, None
    for centre_id, field, value, count, certainty, origin in tables.facts:
        yield centre_id, field, value, certainty, numbers[origin], "", "", int(count) if count else None
    for centre_id, field, value, count, certainty, origin, standing in tables.past:
        yield centre_id, field, value, certainty, numbers[origin], standing, "", int(count) if count else None


def read_stamp(path: Path) -> str:
    """Return the stamp of the SQLite file ``path``, or ``""`` if there is no readable one."""
    if not path.is_file():
        return ""
    try:
        with closing(_connect(path)) as database:
            return str(database.execute("SELECT mark FROM stamp").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return ""


def read_facts(path: Path, sources: dict[str, Source], centre_id: str, with_past: bool = False) -> list[Fact]:
    """Return the facts of one centre, by field and value, implied equipment last; ``[]`` for an unknown centre.

    ``with_past``: also what does not count any more, and what sources say of its doubles' names and places. Opens its
    own connection, so any thread may call it. Raises ``CatalogueError`` if the file cannot be read.
    """
    query = (
        "SELECT field, value, count, certainty, source, address, date, code, standing, entered_by, about_id"
        " FROM fact JOIN origin ON origin.id = fact.origin WHERE centre_id = ? AND (? OR standing || about_id = '')"
        " ORDER BY field, value, certainty, date DESC, source, code, standing, about_id"
    )
    try:
        with closing(_connect(path)) as database:
            rows = database.execute(query, (centre_id, with_past)).fetchall()
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None
    facts = [_fact(sources[row[4]], *row) for row in rows]
    return facts + _implied(facts)


def _fact(
    source: Source, field: str, value: str, count: int | None, certainty: str, _: str, url: str, date: str, code: str,
    *kept: str,
) -> Fact:  # fmt: skip
    return Fact(
        field, value, count, certainty, source.id, source.title, source.publisher, source.address, url, date, code,
        source.licence, *kept,
    )  # fmt: skip


def _implied(facts: list[Fact]) -> list[Fact]:
    stated = {
        fact.value: fact
        for fact in facts
        if fact.field == "equipment" and fact.certainty == "stated" and not fact.standing
    }
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
