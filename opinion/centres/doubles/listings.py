"""Turns tables of centres into what is compared of each to find doubles, column by column."""

import csv
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from opinion.centres.clinics import town_words
from opinion.centres.doubles.settings import Settings
from opinion.centres.inputs import Inputs
from opinion.centres.names import fold, search_key
from opinion.centres.tables import CENTRES, FACTS
from opinion.centres.towns import Town, towns_named

_PLACE = {column: place for place, column in enumerate(CENTRES)}
_EXACT = ("site", "stated")

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, eq=False)
class Listings:
    """What is compared, one place a centre in every column; a centre that went into another still has its place.

    ``names``: the search keys of its names. ``cores``: the same without words that many centres carry, sorted.
    ``meanings``: what its names tell apart. ``country``, ``town``, ``town_local``, ``nearest`` (town), ``host``,
    ``page``, ``register``: numbers of words in ``words``, -1 unknown. ``known_town``: which town of the gazetteer that
    is, by GeoNames' id, -1 unknown. ``lat``, ``lon``: degrees, NaN unknown;
    ``exact``: the point is of the house. ``beds``: 0 unknown. ``stated``: how many facts sources state.
    ``other_ids``: in other registers. ``known``: how many centres come before those of drafts.
    """

    ids: list[str]
    names: list[tuple[str, ...]]
    cores: list[tuple[str, ...]]
    meanings: list[frozenset[str]]
    country: NDArray[np.int32]
    town: NDArray[np.int32]
    town_local: NDArray[np.int32]
    known_town: NDArray[np.int32]
    nearest: NDArray[np.int32]
    host: NDArray[np.int32]
    page: NDArray[np.int32]
    register: NDArray[np.int32]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    exact: NDArray[np.bool_]
    beds: NDArray[np.int32]
    stated: NDArray[np.int32]
    other_ids: list[tuple[str, ...]]
    words: list[str]
    known: int

    def __len__(self) -> int:
        """Return how many centres are compared."""
        return len(self.ids)


def read_listings(inputs: Inputs, settings: Settings, *more: Path) -> Listings:
    """Return the listings of all ``inputs`` in their order, then those of the folders ``more`` (drafts of imports).

    The tables are taken as they stand, before decisions. Raises ``OSError`` if one cannot be read.
    """
    folders = (inputs.tables, *inputs.parts, *more)
    # a row that a later folder brings again counts there; rows are not held, a million would fill the memory
    last = {row[0]: number for number, path in enumerate(folders) if number for row in _rows(path / "centres.csv")}
    beds: dict[str, int] = {}
    stated: Counter[str] = Counter()
    for folder in folders:
        for fact in _rows(folder / "facts.csv"):
            if fact[_CERTAINTY] == "stated":
                stated[fact[0]] += 1
                if fact[_FIELD] == "beds":
                    beds[fact[0]] = int(fact[_VALUE])
    known = 0

    def rows() -> Iterator[list[str]]:
        nonlocal known
        for number, folder in enumerate(folders):
            for row in _rows(folder / "centres.csv"):
                if last.get(row[0], 0) == number:
                    known += folder not in more
                    yield row

    found = listings_of(rows(), settings, beds, stated)
    return replace(found, known=known)


_FIELD, _VALUE, _CERTAINTY = (FACTS.index(name) for name in ("field", "value", "certainty"))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def listings_of(
    rows: Iterable[list[str]],
    settings: Settings,
    beds: Mapping[str, int],
    stated: Mapping[str, int],
    known: int | None = None,
) -> Listings:
    """Return the listings of rows of ``centres``; ``beds`` and ``stated`` (counts of facts) by id.

    ``known``: how many rows come before those of drafts; ``None``: all are.
    """
    texts: dict[str, int] = {}

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts)) if text else -1

    ids: list[str] = []
    names: list[tuple[str, ...]] = []
    cores: list[tuple[str, ...]] = []
    meanings: list[frozenset[str]] = []
    shared: dict[frozenset[str], frozenset[str]] = {}
    codes, points, known_towns = array("i"), array("d"), array("i")
    exact: list[bool] = []
    other_ids: list[tuple[str, ...]] = []
    for row in rows:
        keys = tuple(dict.fromkeys(filter(None, (search_key(row[_PLACE[name]]) for name in ("name", "name_other")))))
        ids.append(row[0])
        names.append(keys)
        cores.append(tuple(_core(key, settings) for key in keys))
        meant = frozenset(each for key in keys for word in key.split() for each in settings.meanings_of(word))
        meanings.append(shared.setdefault(meant, meant))
        host, page = _website(row[_PLACE["website"]], settings)
        city = town_words(row[_PLACE["city"]].partition(",")[0])  # "Karlsruhe, Baden": what follows is no town
        towns = search_key(city), search_key(town_words(row[_PLACE["city_local"]]))
        codes.extend(
            (
                number(row[_PLACE["country_code"]]),
                *map(number, towns),
                number(search_key(row[_PLACE["nearest_city"]])),
                number(host),
                number(page),
                number(row[0].partition(":")[0]),
            )
        )
        lat, lon = row[_PLACE["lat"]], row[_PLACE["lon"]]
        point = (float(lat), float(lon)) if lat else None
        points.extend(point or (np.nan, np.nan))
        known_towns.append(_known_town(towns, row[_PLACE["country_code"]], point, settings))
        exact.append(row[_PLACE["coord_precision"]] in _EXACT)
        other_ids.append(tuple(filter(None, row[_PLACE["also_in"]].split("|"))))
    columns = np.array(codes, dtype=np.int32).reshape(-1, 7)
    places = np.array(points, dtype=np.float64).reshape(-1, 2)
    country, town, town_local, nearest, hosts, pages, register = columns.T
    return Listings(
        ids, names, cores, meanings, country, town, town_local,
        np.array(known_towns, dtype=np.int32),
        nearest, hosts, pages, register, places[:, 0], places[:, 1],
        np.array(exact, dtype=np.bool_),
        np.array([beds.get(each, 0) for each in ids], dtype=np.int32),
        np.array([stated.get(each, 0) for each in ids], dtype=np.int32),
        other_ids, list(texts), len(ids) if known is None else known,
    )  # fmt: skip


def _known_town(names: Iterable[str], country_code: str, point: tuple[float, float] | None, settings: Settings) -> int:
    """Return GeoNames' id of the town that a centre names (search keys of its name), -1 if that cannot be told.

    The gazetteer also holds names of long ago, which are those of other places now: so the centre's own point has to be
    near, or, if it has none, the name has to be the town's own and of one town only.
    """
    for name in filter(None, names):
        towns = _towns_named(name, country_code)
        if point is None:
            own = [town for town in towns if search_key(town.name) == name]
            if len(own) == 1 == len(towns):
                return own[0].id
        elif towns:
            far, id_ = min((_apart_km(point, town), town.id) for town in towns)
            if far <= settings.town_names["known_km"]:
                return id_
    return -1


_towns_named = lru_cache(maxsize=50_000)(towns_named)


def _apart_km(point: tuple[float, float], town: Town) -> float:
    """Return how far a point is from a town's; flat, true to 1 % nearby."""
    east = ((point[1] - town.lon + 180) % 360 - 180) * math.cos(math.radians(town.lat))
    return math.hypot(point[0] - town.lat, east) * KM_PER_DEGREE


def _core(key: str, settings: Settings) -> str:
    """Return the telling words of a search key, sorted; ``""`` if it has none."""
    words = [word for word in key.split() if word not in settings.generic]
    telling = [word for word in words if not word.startswith(settings.forms)]
    return " ".join(sorted(set(telling or words)))


def _website(address: str, settings: Settings) -> tuple[str, str]:
    """Return the host of a website, and the host with a path that leads to one page of it; each may be empty."""
    parts = urlsplit(address)
    host = fold(parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/").casefold()
    page = f"{host}{path}?{parts.query}" if host and path and path not in _FIRST_PAGES else ""
    return ("" if host in settings.hosts else host), page


_FIRST_PAGES = ("/index.html", "/index.php", "/home", "/en", "/index.htm", "/default.aspx", "/home.aspx", "/de", "/fr")
