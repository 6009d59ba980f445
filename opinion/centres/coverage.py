"""Turns a catalogue into what it does not cover: where nothing is stated, how much is known, and how old it is."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from opinion.centres.catalogues import BEDS_BANDS, UNKNOWN, Catalogue
from opinion.centres.distances import distance_km
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import Words, pack_rows, union, unpack_rows
from opinion.errors import CatalogueError, did_you_mean
from opinion.vocabularies import disease_areas


@dataclass(frozen=True)
class FieldCoverage:
    """For how many centres something is stated, by country code; countries with none are not in ``countries``."""

    field: str
    value: str
    countries: dict[str, int]

    @property
    def centres(self) -> int:
        """The number of centres for which it is stated."""
        return sum(self.countries.values())


@dataclass(frozen=True)
class AreaCoverage:
    """What is known of one disease area in one country, in centres.

    ``stated``: a source states the area, of which ``specialised`` are designated or of that single specialty.
    ``only_suggested``: nothing but the name says it. ``listed``: all centres of the country. ``no_register``: no
    source anywhere states this area, patients name it (spine).
    """

    disease_area: str
    country_code: str
    stated: int
    specialised: int
    only_suggested: int
    listed: int
    no_register: bool

    @property
    def nothing_stated(self) -> bool:
        """Whether that has to be said before anything else."""
        return self.stated == 0


@dataclass(frozen=True)
class NearestCentre:
    """The nearest centre abroad that stands for an area, seen from ``seen_from``, a country code.

    ``distance_km`` is the great circle from the middle (the median) of the known points of that country's centres,
    so it is about right for the country and for no town of it. ``approximate``: the centre's own point is that of
    its town or ZIP area.
    """

    disease_area: str
    seen_from: str
    centre_id: str
    name: str
    city: str
    country_code: str
    distance_km: float
    approximate: bool


FIELDS = ("disease_area", "equipment", "beds", "teaching", "designation", "website", "point")
"""What may be known of a centre, in the order of ``cover_fields``."""

_DERIVED_POINTS = ("city_geonames", "zip_centroid")
_POINT_COLUMNS = ("centre_id", "name", "city", "country_code", "coord_precision")

KNOWLEDGE = ("stated", "derived", "suggested", "unknown")
"""How surely something of a field is known, surest first. ``derived`` is worked out: a town's point for a centre's."""


def cover_field(catalogue: Catalogue, field: str, value: str = "") -> FieldCoverage:
    """Return for which countries ``field`` is stated at all, or ``value`` of it.

    ``field`` is ``disease_area`` or ``equipment`` (stated or implied); ``value`` an id of it, ``""`` any. Raises
    ``CatalogueError`` on any other.
    """
    bits: dict[str, int]
    if field == "disease_area":
        bits, sets = AREA_BITS, catalogue.reached[STATED[-1]]
    elif field == "equipment":
        bits, sets = EQUIPMENT_BITS, catalogue.equipped["implied"]
    else:
        raise CatalogueError(f"{field!r} is not covered. Use 'disease_area' or 'equipment'.")
    if value and value not in bits:
        raise CatalogueError(f"{value!r} is not a value of {field}.{did_you_mean(value, list(bits))}")
    rows: Words = sets[bits[value]] if value else union(sets)
    counts = np.bitwise_count(catalogue.country_rows & rows).sum(axis=1, dtype=np.int64).tolist()
    found = {code: count for code, count in zip(catalogue.countries, counts, strict=True) if count}
    return FieldCoverage(field, value, found)


def cover_area(catalogue: Catalogue, disease_area: str, country_code: str) -> AreaCoverage:
    """Return what is known of ``disease_area`` in ``country_code``; a country without centres gives zeros."""
    inside = np.zeros_like(catalogue.all_rows)
    if country_code in catalogue.countries:
        inside = catalogue.country_rows[catalogue.countries.index(country_code)]
    bit = AREA_BITS[disease_area]
    by_focus = {focus: int(np.bitwise_count(catalogue.areas[focus][bit] & inside).sum()) for focus in FOCUSES}
    return AreaCoverage(
        disease_area,
        country_code,
        stated=sum(by_focus[focus] for focus in STATED),
        specialised=sum(by_focus[focus] for focus in SPECIALISED),
        only_suggested=by_focus["suggested_by_name"],
        listed=int(np.bitwise_count(inside).sum()),
        no_register=disease_areas()[disease_area].patients_only,
    )


def cover_countries(catalogue: Catalogue, disease_area: str) -> list[AreaCoverage]:
    """Return what is known of ``disease_area`` in each country of the catalogue, in the order of its countries."""
    bit = AREA_BITS[disease_area]
    by_focus = {focus: _per_country(catalogue, catalogue.areas[focus][bit]) for focus in FOCUSES}
    stated, specialised = (np.sum([by_focus[focus] for focus in focuses], axis=0) for focuses in (STATED, SPECIALISED))
    listed, by_name = _per_country(catalogue, catalogue.all_rows), by_focus[FOCUSES[-1]]
    nobody_states = disease_areas()[disease_area].patients_only
    counts = np.stack((stated, specialised, by_name, listed), axis=1).tolist()
    return [
        AreaCoverage(disease_area, code, one, two, three, four, nobody_states)
        for code, (one, two, three, four) in zip(catalogue.countries, counts, strict=True)
    ]


def cover_areas(catalogue: Catalogue, focus: str = STATED[-1]) -> NDArray[np.int64]:
    """Return the centres at ``focus`` or better, disease areas (in the order of ``AREA_BITS``) × countries."""
    return np.stack([_per_country(catalogue, sets) for sets in catalogue.reached[focus]])


def nearest_abroad(
    catalogue: Catalogue, disease_area: str, country_code: str, focus: str = STATED[-1]
) -> NearestCentre | None:
    """Return the nearest centre outside ``country_code`` that stands for ``disease_area`` at ``focus`` or better.

    ``None`` if no centre does, or if no point of a centre of that country is known.
    """
    if country_code not in catalogue.countries:
        return None
    number = catalogue.countries.index(country_code)
    return _nearest(catalogue, disease_area, [number], focus).get(country_code)


def nearest_for_all(catalogue: Catalogue, disease_area: str, focus: str = STATED[-1]) -> dict[str, NearestCentre]:
    """Return ``nearest_abroad`` by country code, for every country that has no such centre itself."""
    at_home = _per_country(catalogue, catalogue.reached[focus][AREA_BITS[disease_area]])
    return _nearest(catalogue, disease_area, np.flatnonzero(at_home == 0).tolist(), focus)


def _nearest(catalogue: Catalogue, disease_area: str, homes: list[int], focus: str) -> dict[str, NearestCentre]:
    rows = unpack_rows(catalogue.reached[focus][AREA_BITS[disease_area]])
    rows = rows[~np.isnan(catalogue.lat[rows])]
    if not len(rows):
        return {}
    middles = {home: middle for home in homes if (middle := middle_of(catalogue, home))}
    chosen, distances = [], []
    for home, (lat, lon) in middles.items():
        far = distance_km(lat, lon, catalogue.lat[rows], catalogue.lon[rows])
        far[catalogue.country_of[rows] == home] = np.inf
        place = int(np.argmin(far))
        chosen.append(rows[place])
        distances.append(float(far[place]))
    page = catalogue.page(np.array(chosen, dtype=np.intp), _POINT_COLUMNS)
    lines = page.itertuples(index=False, name=None)
    return {
        catalogue.countries[home]: NearestCentre(
            disease_area, catalogue.countries[home], id_, name, city, code, round(distance, 1), precision != "site"
        )
        for home, distance, (id_, name, city, code, precision) in zip(middles, distances, lines, strict=True)
        if distance < np.inf
    }


def middle_of(catalogue: Catalogue, country: int) -> tuple[float, float] | None:
    """Return the median latitude and longitude, in degrees, of a country's centres; ``None`` if no point is known."""
    inside = (catalogue.country_of == country) & ~np.isnan(catalogue.lat)
    if not inside.any():
        return None
    return float(np.median(catalogue.lat[inside])), float(np.median(catalogue.lon[inside]))


def cover_fields(catalogue: Catalogue) -> NDArray[np.int64]:
    """Return the centres for which something is known: ``FIELDS`` × ``KNOWLEDGE`` × countries of the catalogue.

    A centre counts once in a field, for the surest that is known: what is implied comes with what is stated. The
    knowledge of each field adds up to the centres listed.
    """
    listed = _per_country(catalogue, catalogue.all_rows)
    facets, beds = catalogue.facets, list(BEDS_BANDS).index(UNKNOWN)
    known: tuple[dict[str, Words], ...] = (
        {"stated": catalogue.any_area[STATED[-1]], "suggested": catalogue.any_area[FOCUSES[-1]]},
        {sure: union(catalogue.equipped[sure]) for sure in ("stated", "suggested")},
        {"stated": catalogue.all_rows & ~facets["beds"].sets[beds]},
        {"stated": union(facets["teaching"].sets)},
        {"stated": union(facets["designation"].sets)},
        {"stated": pack_rows(pc.not_equal(catalogue.table.column("website"), "").to_numpy())},
        {"stated": catalogue.placed & ~points_worked_out(catalogue), "derived": catalogue.placed},
    )
    table = np.zeros((len(FIELDS), len(KNOWLEDGE), len(catalogue.countries)), dtype=np.int64)
    for line, sets in zip(table, known, strict=True):
        for sure, rows in sets.items():  # each set holds the surer ones
            line[KNOWLEDGE.index(sure)] = _per_country(catalogue, rows) - line.sum(axis=0)
        line[-1] = listed - line.sum(axis=0)
    return table


def cover_years(catalogue: Catalogue) -> tuple[tuple[int, ...], NDArray[np.int64]]:
    """Return the years of the newest facts, newest first and 0 (no date) last, and the centres by year × country.

    Of each centre the newest fact about what it does counts, or of its listing if there is none.
    """
    newest = catalogue.facets["newest"]
    years = tuple(0 if year == UNKNOWN else int(year) for year in newest.values)
    counts = [_per_country(catalogue, rows) for rows in newest.sets]
    return years, np.array(counts, dtype=np.int64).reshape(len(years), len(catalogue.countries))


def _per_country(catalogue: Catalogue, rows: Words) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = np.bitwise_count(catalogue.country_rows & rows).sum(axis=1, dtype=np.int64)
    return counts


def points_worked_out(catalogue: Catalogue) -> Words:
    """Return the rows whose point was worked out from a town or a ZIP area."""
    precision = catalogue.table.column("coord_precision").combine_chunks()
    derived = [place for place, word in enumerate(precision.dictionary.to_pylist()) if word in _DERIVED_POINTS]
    return pack_rows(np.isin(precision.indices.to_numpy(), derived))
