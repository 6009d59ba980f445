"""Turns what a register states into a release: tables that take the place of its earlier facts.

An adapter gives listings and statements with the register's own ids. Here they find their centres: by the same id, by
the id under which the catalogue folded them into another register's centre (``also_in``), or, where a register has no
ids of its own, by name and region. Every row ends in a table or in ``left_out.csv``, with a reason.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from opinion.centres.sources import Source
from opinion.centres.tables import CENTRES, Tables, fact_fault, is_point, is_web_address
from opinion.errors import CatalogueError
from opinion.vocabularies import country_codes

TOWN_POINT = "city_geonames"
"""The precision of a point that is that of the centre's town, by the gazetteer."""

_NOT_LISTED = "the catalogue has no such centre, and the file does not list it"
_NOTHING_STATED = "new, and nothing is stated of what it does"


@dataclass(frozen=True)
class Listing:
    """A centre that a register lists. An empty text is what it does not say.

    ``centre_id``: the register's prefix, a colon, and its own id. ``lat``, ``lon``: degrees; ``precision``: ``site``,
    ``city``, or ``city_geonames`` for the point of its town, which GeoNames says. ``address``, ``date``: of this
    record, where they are not those of the source. ``file``, ``row``: where it stands, to be said of a fault.
    """

    centre_id: str
    name: str
    country_code: str
    name_other: str = ""
    city: str = ""
    city_local: str = ""
    region: str = ""
    lat: str = ""
    lon: str = ""
    precision: str = "site"
    facility_type: str = ""
    website: str = ""
    address: str = ""
    date: str = ""
    file: str = ""
    row: int = 0


@dataclass(frozen=True)
class Statement:
    """A fact that a register states, as a row of ``facts``. ``code``: the register's own, word for word.

    ``count``: machines, an empty text if it does not say how many. ``certainty``: ``stated``, or ``suggested`` by the
    name. ``address``, ``date``: of this statement, where they are not those of the source.
    """

    centre_id: str
    field: str
    value: str
    code: str
    count: str = ""
    certainty: str = "stated"
    address: str = ""
    date: str = ""


@dataclass(frozen=True)
class LeftOut:
    """What of a raw file is in no table. ``row`` counts the lines or records of ``file``, from 1, 0 for no one row."""

    file: str
    row: int
    what: str
    value: str
    reason: str


@dataclass(frozen=True)
class Release:
    """What a register states in one release.

    ``about_ids``: beginnings of the ids of centres that the file speaks about; earlier facts about others stay.
    ``silent_on``: beginnings of codes that the file does not speak about; earlier facts of those codes stay.
    ``ids_by_name``: the register has no ids; a centre is known by its name and region. ``adds``: which centres that
    the catalogue has not are added: ``all``, those of which ``more_than_beds`` is stated, or ``none``.
    """

    source: Source
    centres: Sequence[Listing]
    facts: Sequence[Statement]
    left_out: Sequence[LeftOut] = ()
    about_ids: tuple[str, ...] = ("",)
    silent_on: tuple[str, ...] = ()
    ids_by_name: bool = False
    adds: str = "all"


@dataclass
class _Settling:
    """The rows of a release as they come together. ``home_of``: the centre that is meant by an id of the register.

    ``stands_in``: file and row of each centre that the register lists, by that id.
    """

    release: Release
    before: dict[str, dict[str, str]]
    origins: dict[str, list[str]]
    home_of: dict[str, str]
    centres: dict[str, list[str]] = field(default_factory=dict)
    facts: list[list[str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    renamed: set[str] = field(default_factory=set)
    stands_in: dict[str, tuple[str, int]] = field(default_factory=dict)

    def origin(self, address: str, date: str, code: str = "") -> str:
        """Return the id of an origin: a hash of what it says, the same as in the compiled tables."""
        source = self.release.source
        said = (source.id, address or source.read_from, date or source.published, code)
        id_ = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:10]
        self.origins[id_] = [id_, *said]
        return id_

    def origin_of_towns(self) -> str:
        """Return the id of the origin of the points of towns."""
        return next(id_ for id_, row in self.origins.items() if row[1] == "geonames" and not row[4])


def settle(release: Release, before: Tables) -> tuple[Tables, list[LeftOut]]:
    """Return the tables of a release, and what is in none of them, given the catalogue as it was ``before``.

    Values that the register does not state (points, websites of others) stay as they are. Raises ``CatalogueError``
    if there is nothing to tell.
    """
    cells_of = {row[0]: dict(zip(CENTRES, row, strict=True)) for row in before.centres}
    work = _Settling(release, cells_of, {row[0]: row for row in before.origins}, find_homes(release, before))
    work.left_out += release.left_out
    for listing in release.centres:
        work.stands_in.setdefault(listing.centre_id, (listing.file, listing.row))
        _list(work, listing)
    for statement in release.facts:
        _state(work, statement)
    if release.adds == "more_than_beds":
        _leave_out_new(work)
    if not work.facts and not work.centres:
        raise CatalogueError(f"{release.source.title}: no centre and no fact could be read. Is it the right file?")
    _carry_over(work, before)
    centres = [work.centres[centre_id] for centre_id in sorted(work.centres)]
    order = {
        centre_id: place for place, centre_id in enumerate(dict.fromkeys([row[0] for row in centres] + [*cells_of]))
    }
    facts = sorted({tuple(row): row for row in work.facts}.values(), key=lambda row: (order[row[0]], row[1:]))
    used = {row[-1] for row in facts}
    for row in centres:
        used |= {cell for column, cell in zip(CENTRES, row, strict=True) if column.startswith("origin") and cell}
    origins = [work.origins[id_] for id_ in sorted(used)]
    return Tables(centres, facts, origins), work.left_out


def find_homes(release: Release, before: Tables) -> dict[str, str]:
    """Return the centre of the catalogue that each of the register's ids stands for."""
    source, places = release.source.id, {column: place for place, column in enumerate(CENTRES)}
    ids = [each.centre_id for each in release.centres] + [each.centre_id for each in release.facts]
    prefixes = {id_.partition(":")[0] for id_ in ids}
    homes: dict[str, str] = {}
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    stated_by = {row[0]: row[1] for row in before.origins}
    for row in before.centres:
        for part in filter(None, row[places["also_in"]].split("|")):
            told_by, _, record = part.partition(":")
            if told_by == source:
                homes |= {f"{prefix}:{record}": row[0] for prefix in prefixes}
        if stated_by[row[places["origin"]]] == source:
            named[row[places["region"]], row[places["name"]]].append(row[0])
    homes |= {row[0]: row[0] for row in before.centres}
    if release.ids_by_name:
        for listing in release.centres:
            known = named[listing.region, listing.name]
            if len(known) == 1:
                homes[listing.centre_id] = known[0]
    return homes


def _list(work: _Settling, listing: Listing) -> None:
    """Put a listed centre into the table, unless it stands for a centre of another register."""
    home = work.home_of.setdefault(listing.centre_id, listing.centre_id)
    known = work.before.get(home)
    if known and work.origins[known["origin"]][1] != work.release.source.id:
        return  # another register lists it; the statements find it all the same
    fault = ""
    if not known and work.release.adds == "none":
        fault = _NOTHING_STATED
    elif home in work.centres:
        fault = "the centre stands in the file twice; the first one counts"
    elif not listing.name or not listing.centre_id.partition(":")[2] or "," in listing.centre_id:
        fault = "name or id is empty, or the id has a comma"
    elif (listing.country_code or (known or {}).get("country_code")) not in country_codes():
        fault = f"{listing.country_code!r} is no country code"
    if fault:
        if not known:
            work.home_of.pop(listing.centre_id, None)
        work.left_out.append(LeftOut(listing.file, listing.row, listing.centre_id, listing.name, fault))
        return
    own = work.origin(listing.address, listing.date)
    cells = dict(known) if known else dict.fromkeys(CENTRES, "")
    if known and known["name"] != listing.name:
        work.renamed.add(home)
    cells |= {"centre_id": home, "origin": own}
    for column in ("name", "country_code", "city_local", "region", "facility_type"):
        cells[column] = getattr(listing, column) or cells[column]
    for column in ("name_other", "city", "website"):
        _fill(work, listing, cells, column, {column: getattr(listing, column)}, own)
    point = {"lat": listing.lat, "lon": listing.lon, "coord_precision": listing.precision if listing.lat else ""}
    if is_point(listing.lat, listing.lon):
        _fill(work, listing, cells, "point", point, work.origin_of_towns() if listing.precision == TOWN_POINT else own)
    else:
        work.left_out.append(
            LeftOut(listing.file, listing.row, home, f"{listing.lat},{listing.lon}", "not a point on the globe")
        )
    work.centres[home] = [cells[column] for column in CENTRES]


def _fill(
    work: _Settling, listing: Listing, cells: dict[str, str], name: str, values: dict[str, str], own: str
) -> None:
    """Put a stated value into ``cells``, unless another source states it there already."""
    stated, column = next(iter(values.values())), f"origin_{name}"
    if not stated:
        return
    if name == "website" and not is_web_address(stated):
        what = cells["centre_id"]
        work.left_out.append(LeftOut(listing.file, listing.row, what, stated, "not an http or https address"))
        return
    if cells[column] and work.origins[cells[column]][1] != work.release.source.id:
        return
    if name == "city" and stated.casefold() == cells["city"].casefold():
        values = {}  # the same town, of which a file in capitals does not know the spelling
    cells |= values | {column: own}


def _state(work: _Settling, said: Statement) -> None:
    home = work.home_of.get(said.centre_id, "")
    fault = fact_fault(said.field, said.value, said.count) if home else _NOT_LISTED
    if fault:
        file, row = work.stands_in.get(said.centre_id, ("", 0))
        work.left_out.append(LeftOut(file, row, f"{said.centre_id} {said.field}", f"{said.value} {said.code}", fault))
        return
    origin = work.origin(said.address, said.date, said.code)
    work.facts.append([home, said.field, said.value, said.count, said.certainty, origin])


def _leave_out_new(work: _Settling) -> None:
    """Take away new centres of which too little is stated to list them; each is left out with the reason."""
    said = {fact[0] for fact in work.facts if fact[1] != "beds"}
    why = "new, and only its beds are stated"
    for centre_id in [id_ for id_ in work.centres if id_ not in work.before and id_ not in said]:
        file, row = work.stands_in.get(centre_id, ("", 0))
        work.left_out.append(LeftOut(file, row, centre_id, work.centres.pop(centre_id)[1], why))
    work.facts = [fact for fact in work.facts if fact[0] in work.before or fact[0] in work.centres]


def _carry_over(work: _Settling, before: Tables) -> None:
    """Add the register's earlier facts that this file does not speak about, with their own origin.

    What a name suggests stays as long as the name is the same.
    """
    release = work.release
    for fact in before.facts:
        _, source, _, _, code = work.origins[fact[-1]]
        if source != release.source.id:
            continue
        if not fact[0].startswith(release.about_ids) or (release.silent_on and code.startswith(release.silent_on)):
            work.facts.append(list(fact))
        elif fact[4] == "suggested" and fact[0] in work.centres and fact[0] not in work.renamed:
            own = work.centres[fact[0]][CENTRES.index("origin")]
            work.facts.append([*fact[:-1], own])
