"""Turns tables of centres into what is compared of each to find doubles, column by column."""

import csv
import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from opinion.centres.clinics import town_words
from opinion.centres.doubles.columns import Hashes, KeyColumn, Keys, NumberColumn, Numbers, Texts
from opinion.centres.doubles.settings import Settings
from opinion.centres.inputs import Inputs
from opinion.centres.names import fold, search_key
from opinion.centres.tables import CENTRES, FACTS
from opinion.centres.towns import Town, towns_named

_PLACE = {column: place for place, column in enumerate(CENTRES)}
_EXACT = ("site", "stated")
_BATCH = 50_000

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, eq=False)
class Listings:
    """What is compared, one place a centre in every column; a centre that went into another still has its place.

    ``names``: the search keys of its names. ``cores``: the same without words that many centres carry, sorted.
    ``whole_cores``, ``telling``, ``words_known``: keys of the cores, of their words, and of their words or, if there
    are none, of the names. ``meaning``: what its names tell apart, a number in ``meanings``. ``country``, ``town``,
    ``town_local``, ``nearest`` (town), ``register``: numbers of words in ``words``, -1 unknown; so ``host`` and
    ``page``, whose words are not kept. ``known_town``: which town of the gazetteer that is, by GeoNames' id, -1
    unknown. ``lat``, ``lon``: degrees, NaN unknown; ``exact``: the point is of the house. ``beds``: 0 unknown.
    ``stated``: how many facts sources state. ``other_ids``: in other registers. ``known``: how many centres come before
    those of drafts.
    """

    ids: list[str]
    names: Texts
    cores: Texts
    whole_cores: Keys
    telling: Keys
    words_known: Keys
    meaning: Numbers
    meanings: list[frozenset[str]]
    country: Numbers
    town: Numbers
    town_local: Numbers
    known_town: Numbers
    nearest: Numbers
    host: Numbers
    page: Numbers
    register: Numbers
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    exact: NDArray[np.bool_]
    beds: Numbers
    stated: Numbers
    other_ids: list[tuple[str, ...]]
    words: list[str]
    known: int

    def __len__(self) -> int:
        """Return how many centres are compared."""
        return len(self.ids)

    def told_apart(self, one: int, other: int) -> frozenset[str]:
        """Return what stands in the names of one of two centres only."""
        return self.meanings[int(self.meaning[one])] ^ self.meanings[int(self.meaning[other])]


@dataclass(frozen=True, eq=False)
class FactCounts:
    """Of centres, by a hash of their ids in order: how many facts are stated; and of some how many beds."""

    of_stated: Hashes
    stated: Numbers
    of_beds: Hashes
    beds: Numbers


def read_listings(inputs: Inputs, settings: Settings, *more: Path) -> Listings:
    """Return the listings of all ``inputs`` in their order, then those of the folders ``more`` (drafts of imports).

    The tables are taken as they stand, before decisions. Raises ``OSError`` if one cannot be read.
    """
    folders = (inputs.tables, *inputs.parts, *more)
    # a row that a later folder brings again counts there; of all ids hashes are held, of those that come twice more
    hashes = np.fromiter(
        (hash(row[0]) for path in folders for row in _rows(path / "centres.csv")), dtype=np.dtype(np.int64)
    )
    hashes.sort()
    twice = set(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
    del hashes
    last = {
        row[0]: number
        for number, path in enumerate(folders)
        for row in (_rows(path / "centres.csv") if twice else ())
        if hash(row[0]) in twice
    }
    known = 0

    def rows() -> Iterator[list[str]]:
        nonlocal known
        for number, folder in enumerate(folders):
            for row in _rows(folder / "centres.csv"):
                if last.get(row[0], number) == number:
                    known += folder not in more
                    yield row

    facts = count_facts(fact for folder in folders for fact in _rows(folder / "facts.csv"))
    found = listings_of(rows(), settings, facts)
    return replace(found, known=known)


_FIELD, _VALUE, _CERTAINTY = (FACTS.index(name) for name in ("field", "value", "certainty"))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def count_facts(facts: Iterable[list[str]]) -> FactCounts:
    """Return what is stated, of rows of ``facts``; of several numbers of beds the last one."""
    of_stated, stated, of_beds, beds = array("q"), array("i"), array("q"), array("i")
    centre, count = "", 0
    for fact in facts:
        if fact[_CERTAINTY] != "stated":
            continue
        if fact[0] != centre:  # facts of one centre mostly stand together
            of_stated.append(hash(centre))
            stated.append(count)
            centre, count = fact[0], 0
        count += 1
        if fact[_FIELD] == "beds":
            of_beds.append(hash(centre))
            beds.append(int(fact[_VALUE]))
    of_stated.append(hash(centre))
    stated.append(count)
    keys, where = np.unique(np.frombuffer(of_stated, dtype=np.int64), return_inverse=True)
    sums = np.bincount(where, weights=np.frombuffer(stated, dtype=np.int32)).astype(np.int32)
    hashes = np.array(of_beds, dtype=np.int64)
    order = np.argsort(hashes, kind="stable")
    is_last = np.r_[hashes[order][1:] != hashes[order][:-1], [True] * bool(len(order))].astype(np.bool_)
    chosen = order[is_last]
    return FactCounts(keys, sums, hashes[chosen], np.array(beds, dtype=np.int32)[chosen])


def _looked_up(ids: Hashes, keys: Hashes, values: Numbers) -> Numbers:
    """Return the value of each id, 0 where there is none. ``keys`` ascend."""
    if not len(keys):
        return np.zeros(len(ids), dtype=np.int32)
    places = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
    return np.where(keys[places] == ids, values[places], 0).astype(np.int32)


def listings_of(
    rows: Iterable[list[str]], settings: Settings, facts: FactCounts | None = None, known: int | None = None
) -> Listings:
    """Return the listings of rows of ``centres``; ``facts``: what is stated about them, ``None`` for nothing.

    ``known``: how many rows come before those of drafts; ``None``: all are.
    """
    texts: dict[str, int] = {}

    def number(text: str) -> int:
        return texts.setdefault(text, len(texts)) if text else -1

    ids: list[str] = []
    names, cores = Texts(), Texts()
    whole_cores, telling, words_known = KeyColumn(), KeyColumn(), KeyColumn()
    meanings: dict[frozenset[str], int] = {}
    codes, points, known_towns, meaning = NumberColumn("i"), NumberColumn("d"), NumberColumn("i"), NumberColumn("i")
    hosts, pages, exact = NumberColumn("q"), NumberColumn("q"), NumberColumn("b")
    collected = (
        names,
        cores,
        whole_cores,
        telling,
        words_known,
        codes,
        points,
        known_towns,
        meaning,
        hosts,
        pages,
        exact,
    )
    other_ids: list[tuple[str, ...]] = []
    for place, row in enumerate(rows):
        keys = tuple(dict.fromkeys(filter(None, (search_key(row[_PLACE[name]]) for name in ("name", "name_other")))))
        own_cores = tuple(_core(key, settings) for key in keys)
        ids.append(row[0])
        names.add(keys)
        cores.add(own_cores)
        words = {word for core in own_cores for word in core.split()}
        whole_cores.add(place, filter(None, own_cores))
        telling.add(place, words)
        # names of common words only ("City Hospital") are compared within their town by the whole name
        words_known.add(place, words or set(keys))
        meant = frozenset(each for key in keys for word in key.split() for each in settings.meanings_of(word))
        meaning.new.append(meanings.setdefault(meant, len(meanings)))
        host, page = _website(row[_PLACE["website"]], settings)
        hosts.new.append(hash(host) if host else 0)
        pages.new.append(hash(page) if page else 0)
        city = town_words(row[_PLACE["city"]].partition(",")[0])  # "Karlsruhe, Baden": what follows is no town
        towns = search_key(city), search_key(town_words(row[_PLACE["city_local"]]))
        codes.new.extend(
            (
                number(row[_PLACE["country_code"]]),
                *map(number, towns),
                number(search_key(row[_PLACE["nearest_city"]])),
                number(row[0].partition(":")[0]),
            )
        )
        lat, lon = row[_PLACE["lat"]], row[_PLACE["lon"]]
        point = (float(lat), float(lon)) if lat else None
        points.new.extend(point or (np.nan, np.nan))
        known_towns.new.append(_known_town(towns, row[_PLACE["country_code"]], point, settings))
        exact.new.append(row[_PLACE["coord_precision"]] in _EXACT)
        other_ids.append(tuple(filter(None, row[_PLACE["also_in"]].split("|"))))
        if not len(ids) % _BATCH:
            for each in collected:
                each.cut()
    columns, places = codes.packed().reshape(-1, 5), points.packed().reshape(-1, 2)
    country, town, town_local, nearest, register = (np.ascontiguousarray(column) for column in columns.T)
    hashes = np.fromiter(map(hash, ids), dtype=np.dtype(np.int64), count=len(ids))
    facts = facts or count_facts(())
    return Listings(
        ids, names.packed(), cores.packed(), whole_cores.packed(), telling.packed(), words_known.packed(),
        meaning.packed(), list(meanings), country, town, town_local,
        known_towns.packed(), nearest, _codes(hosts.packed()), _codes(pages.packed()), register, places[:, 0],
        places[:, 1],
        exact.packed().astype(np.bool_),
        _looked_up(hashes, facts.of_beds, facts.beds),
        _looked_up(hashes, facts.of_stated, facts.stated),
        other_ids, list(texts), len(ids) if known is None else known,
    )  # fmt: skip


def _codes(hashes: Hashes) -> Numbers:
    """Return numbers for hashes, the same for the same; -1 for 0."""
    codes: Numbers = np.unique(hashes, return_inverse=True)[1].astype(np.int32)
    codes[hashes == 0] = -1
    return codes


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


_towns_named = lru_cache(maxsize=20_000)(towns_named)


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
