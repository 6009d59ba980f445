"""Turns the tables into a read-only SQLite file of facts by centre, and that file into facts with their sources."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from opinion.centres.listings import Listing
from opinion.centres.sources import Source
from opinion.centres.tables import CENTRES, made_aside
from opinion.errors import CatalogueError
from opinion.vocabularies import broader_equipment

FACTS_DATABASE = "centres_facts.sqlite"

_PLACE = {column: place for place, column in enumerate(CENTRES)}
# field of the fact, place of the value, place of its origin
_IDENTITY = tuple(
    (field, _PLACE[field], _PLACE[origin])
    for field, origin in (
        ("name", "origin"),
        ("name_other", "origin_name_other"),
        ("city", "origin_city"),
        ("city_local", "origin"),
        ("region", "origin"),
        ("country_code", "origin"),
        ("facility_type", "origin"),
        ("website", "origin_website"),
    )
)
_LAT, _LON, _PRECISION, _ORIGIN_POINT, _NEAREST_CITY = (
    _PLACE[column] for column in ("lat", "lon", "coord_precision", "origin_point", "nearest_city")
)
_NEAREST = 0  # the number of the origin of nearest towns
_BATCH = 20_000  # facts that are sorted before they are written: the file grows in order
_Key = tuple[str, str, str, str, int, str, str]
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


class FactWriter:
    """Writes the facts of one centre after the other to the SQLite file of facts.

    From the same centres in the same order the same bytes are made.
    """

    def __init__(self, database: sqlite3.Connection, sources: dict[str, Source], mark: str) -> None:
        self._database = database
        # nobody sees the file before it is whole: it needs no journal
        database.executescript(
            "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-20000;"
            "CREATE TABLE stamp (mark TEXT NOT NULL);"
            "CREATE TABLE origin (id INTEGER PRIMARY KEY, source TEXT, address TEXT, date TEXT, code TEXT,"
            " entered_by TEXT);"
            "CREATE TABLE fact (centre_id TEXT, field TEXT, value TEXT, certainty TEXT, origin INTEGER,"
            " standing TEXT, about_id TEXT, count INTEGER,"
            " PRIMARY KEY (centre_id, field, value, certainty, origin, standing, about_id)) WITHOUT ROWID;"
        )
        nearest = sources["geonames"]
        said = (nearest.id, nearest.read_from, nearest.published, "nearest town of 15,000 people", "")
        database.execute("INSERT INTO stamp VALUES (?)", (mark,))
        database.execute("INSERT INTO origin VALUES (?,?,?,?,?,?)", (_NEAREST, *said))
        self._numbers: dict[str, int] = {}
        self._of_towns: set[str] = set()
        self._batch: dict[_Key, int | None] = {}

    def add_origins(self, origins: Iterable[list[str]], entered_by: Mapping[str, str]) -> None:
        """Take in the ``origins`` that facts name which come later; those that are known already change nothing."""
        new = [row for row in origins if row[0] not in self._numbers]
        self._numbers |= {row[0]: number for number, row in enumerate(new, start=len(self._numbers) + 1)}
        self._of_towns |= {row[0] for row in new if row[1] == "geonames"}
        self._database.executemany(
            "INSERT INTO origin VALUES (?,?,?,?,?,?)",
            ((self._numbers[row[0]], *row[1:], entered_by.get(row[0], "")) for row in new),
        )

    def add(self, listing: Listing, own_origin: Mapping[tuple[str, str], str] = MappingProxyType({})) -> None:
        """Write what is said about a centre; ``own_origin`` as in ``Tables``."""
        numbers, batch, centre_id = self._numbers, self._batch, listing.cells[0]
        self._add_identity(centre_id, "", listing.cells, own_origin)
        for cells in listing.doubles:
            self._add_identity(centre_id, cells[0], cells, own_origin)
        for _, field, value, count, certainty, origin in listing.facts:
            batch[centre_id, field, value, certainty, numbers[origin], "", ""] = int(count) if count else None
        for _, field, value, count, certainty, origin, standing in listing.past:
            batch[centre_id, field, value, certainty, numbers[origin], standing, ""] = int(count) if count else None
        if len(batch) > _BATCH:
            self._write()

    def _add_identity(
        self, centre_id: str, about_id: str, cells: list[str], own_origin: Mapping[tuple[str, str], str]
    ) -> None:
        numbers, batch = self._numbers, self._batch
        for field, value_at, origin_at in _IDENTITY:
            value = cells[value_at]
            if value:
                origin = own_origin.get((cells[0], field)) or cells[origin_at] if own_origin else cells[origin_at]
                sure = "derived" if origin in self._of_towns else "stated"
                batch[centre_id, field, value, sure, numbers[origin], "", about_id] = None
        if cells[_LAT]:
            sure = "derived" if cells[_PRECISION] in _DERIVED_POINTS else "stated"
            point = f"{cells[_LAT]},{cells[_LON]},{cells[_PRECISION]}"
            batch[centre_id, "point", point, sure, numbers[cells[_ORIGIN_POINT]], "", about_id] = None
        if cells[_NEAREST_CITY]:
            batch[centre_id, "nearest_city", cells[_NEAREST_CITY], "derived", _NEAREST, "", about_id] = None

    def _write(self) -> None:
        self._database.executemany(
            "INSERT OR IGNORE INTO fact VALUES (?,?,?,?,?,?,?,?)",
            ((*key, self._batch[key]) for key in sorted(self._batch)),
        )
        self._batch.clear()

    def close(self) -> int:
        """Write what is left; return how many facts there are."""
        self._write()
        self._database.commit()
        return int(self._database.execute("SELECT count(*) FROM fact").fetchone()[0])


@contextmanager
def write_facts(path: Path, sources: dict[str, Source], mark: str) -> Iterator[FactWriter]:
    """Give what writes the SQLite file ``path``, stamped ``mark``; it is there when all is written, or not at all."""
    with made_aside(path) as aside, closing(sqlite3.connect(aside)) as database:
        yield FactWriter(database, sources, mark)


def read_stamp(path: Path) -> str:
    """Return the stamp of the SQLite file ``path``, or ``""`` if there is no readable one."""
    if not path.is_file():
        return ""
    try:
        with closing(_connect(path)) as database:
            return str(database.execute("SELECT mark FROM stamp").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return ""


@contextmanager
def open_facts(path: Path, stamp: str = "") -> Iterator[sqlite3.Connection]:
    """Open the SQLite file ``path`` for reading. ``stamp``: of the catalogue whose facts these must be, ``""`` for any.

    The file has another stamp when the catalogue was packed anew and somebody still holds the one before: its ids and
    sources are others. Raises ``CatalogueError`` then, and if the file cannot be read, also while it is being read.
    """
    try:
        with closing(_connect(path)) as database:
            if stamp and database.execute("SELECT mark FROM stamp").fetchone() != (stamp,):
                raise CatalogueError("The catalogue was built anew a moment ago. Load the page again.")
            yield database
    except sqlite3.Error as error:
        raise CatalogueError(f"{path} cannot be read ({error}). Run `python -m opinion centres build`.") from None


def read_facts(
    path: Path, sources: dict[str, Source], centre_id: str, with_past: bool = False, stamp: str = ""
) -> list[Fact]:
    """Return the facts of one centre, by field and value, implied equipment last; ``[]`` for an unknown centre.

    ``with_past``: also what does not count any more, and what sources say of its doubles' names and places. Opens its
    own connection, so any thread may call it. ``stamp`` and what is raised: see ``open_facts``.
    """
    query = (
        "SELECT field, value, count, certainty, source, address, date, code, standing, entered_by, about_id"
        " FROM fact JOIN origin ON origin.id = fact.origin WHERE centre_id = ? AND (? OR standing || about_id = '')"
        " ORDER BY field, value, certainty, date DESC, source, code, standing, about_id"
    )
    with open_facts(path, stamp) as database:
        rows = database.execute(query, (centre_id, with_past)).fetchall()
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
