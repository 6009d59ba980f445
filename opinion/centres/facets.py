"""Turns a catalogue and filters into a selection: rows in a sensible order, counts, and what is not known.

No source says that a centre lacks something. So what does not match an asked area or machine is *unknown*, and is
counted as that: never as "no".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.distances import distance_km
from opinion.centres.filter_sets import (
    areas_as_asked,
    asked_values,
    equipment_as_asked,
    having,
    in_places,
    match_sets,
    places_of,
    town_asked,
)
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import Words, count_rows, count_shared, rows_from, unpack_rows
from opinion.centres.searching import TextMatch
from opinion.centres.towns import Town
from opinion.vocabularies import disease_areas, macro_regions, regions

# the areas that only patients name come last in the vocabulary, and have no bit set
_AREAS_OF_CENTRES = tuple(area for area, known in disease_areas().items() if not known.patients_only)


@dataclass(frozen=True)
class FacetCounts:
    """How many centres each value would give, under the filters of the *other* facets. Every value is counted.

    ``focus`` counts centres at that focus or better for the areas asked (for any area, if none is asked);
    ``suggested_by_name`` counts them with what names suggest. ``teaching`` has ``stated`` only. ``beds`` and
    ``newest`` have ``unknown``. ``regions`` holds the parts of the world and their regions.
    """

    disease_areas: dict[str, int]
    focus: dict[str, int]
    countries: dict[str, int]
    regions: dict[str, int]
    equipment: dict[str, int]
    designations: dict[str, int]
    teaching: dict[str, int]
    beds: dict[str, int]
    sources: dict[str, int]
    newest: dict[str, int]


@dataclass(frozen=True, eq=False)
class Selection:
    """The centres that match, in the order that ``filters.sort`` asks for, and what is not known.

    ``chosen``: the packed set of their rows. Of the centres that match everything else, it is not known of
    ``unknown_equipment`` whether they have the asked equipment, of ``unknown_areas`` whether they treat the asked
    areas (names suggest them for ``only_suggested``; nothing at all is stated or suggested about the field of
    ``only_listed``), of ``unknown_both`` neither (0 unless both are asked, without a focus), of ``unknown_place`` how
    far they are, and of ``unknown_teaching`` whether they teach. Each is 0 if that is not asked.
    ``match``: what the text found, ``None`` without a text. ``town``: where distances are measured from, ``None``
    without one.
    """

    catalogue: Catalogue
    filters: Filters
    chosen: Words
    count: int
    unknown_equipment: int
    unknown_areas: int
    only_suggested: int
    only_listed: int
    unknown_both: int
    unknown_place: int
    unknown_teaching: int
    match: TextMatch | None
    town: Town | None
    facets: FacetCounts

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Every row number, in order."""
        return self.page(0, self.count)

    def page(self, start: int, most: int) -> NDArray[np.intp]:
        """Return up to ``most`` row numbers from place ``start`` on: the others are not put in order."""
        if self.filters.sort in _SORT_KEYS or (self.filters.sort == "distance" and self.town):
            rows = unpack_rows(self.chosen)
            return rows[np.argsort(self._sort_keys(rows), kind="stable")][start : start + most]
        found = []
        for part in self._parts():
            size = count_rows(part)
            if start < size:
                found.append(rows_from(part, start, most))
                most -= len(found[-1])
            start = max(start - size, 0)
            if most <= 0:
                break
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)

    def distances_km(self, rows: NDArray[np.intp]) -> NDArray[np.float64] | None:
        """Return the distance of rows from the town in km, NaN where a place is unknown; ``None`` without a town."""
        if self.town is None:
            return None
        return distance_km(self.town.lat, self.town.lon, self.catalogue.lat[rows], self.catalogue.lon[rows])

    def _sort_keys(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        if self.filters.sort in _SORT_KEYS:
            return _SORT_KEYS[self.filters.sort](self.catalogue, rows)
        distances = self.distances_km(rows)
        assert distances is not None
        return distances  # NaN sorts last

    def _parts(self) -> Iterable[Words]:
        """Yield disjoint sets of rows, best first: by match of the text, then by focus on the areas asked.

        A row is a name's place, so ascending rows within a part are names in order. Of several areas asked, the best
        focus counts if any will do, the weakest if all must match.
        """
        asked = places_of(self.filters.disease_areas, AREA_BITS)
        by_name = self.filters.sort == "name"
        reached = [
            match_sets(self.catalogue.reached[focus], asked, self.filters.areas_match, self.chosen)
            for focus in (FOCUSES if asked and not by_name else ())
        ]
        rest = self.chosen
        for level in (*(self.match.levels if self.match and not by_name else ()), self.chosen):
            here = rest & level
            rest = rest & ~level
            for focus in reached:
                yield here & focus
                here = here & ~focus
            yield here


_SORT_KEYS: dict[str, Callable[[Catalogue, NDArray[np.intp]], NDArray[np.float64]]] = {
    "beds": lambda catalogue, rows: -catalogue.beds[rows].astype(np.float64),
    "newest": lambda catalogue, rows: -catalogue.newest_year[rows].astype(np.float64),
}


def select(catalogue: Catalogue, filters: Filters) -> Selection:
    """Return the centres of ``catalogue`` that match ``filters``, with counts for every facet.

    Raises ``CatalogueError`` if ``filters.near`` is no town.
    """
    everything = catalogue.all_rows
    asked = places_of(filters.disease_areas, AREA_BITS)
    items = places_of(filters.equipment, EQUIPMENT_BITS)
    by_area, by_item = areas_as_asked(catalogue, filters), equipment_as_asked(catalogue, filters)
    of_area = match_sets(by_area, asked, filters.areas_match, everything)
    if not asked and filters.focus:
        of_area = catalogue.any_area[filters.focus]
    match = catalogue.texts.match(filters.text)
    town = town_asked(filters)
    within = catalogue.rows_within(town.lat, town.lon, filters.within_km) if town else everything
    held = {
        "areas": of_area,
        "equipment": match_sets(by_item, items, filters.equipment_match, everything),
        "place": in_places(catalogue, filters),
        "text": match.rows if match else everything,
        "within": within,
        **{name: having(catalogue, name, *asks) for name, asks in asked_values(filters).items()},
    }
    chosen, but = _without_each(held, everything)
    unknown, suggested, listed = (
        _unknown_areas(catalogue, filters, but["areas"] & ~of_area) if asked else (0, 0, 0)
    )  # fmt: skip
    known_items = match_sets(catalogue.equipped["implied"], items, filters.equipment_match, everything)
    not_known = ~(held["equipment"] | known_items)
    but_both = but["areas"] if not items else _all_but(held, ("areas", "equipment"))
    return Selection(
        catalogue=catalogue,
        filters=filters,
        chosen=chosen,
        count=count_rows(chosen),
        unknown_equipment=count_rows(but["equipment"] & not_known) if items else 0,
        unknown_both=count_rows(but_both & not_known & ~of_area) if items and asked and not filters.focus else 0,
        unknown_areas=unknown,
        only_suggested=suggested,
        only_listed=listed,
        unknown_place=count_rows(but["within"] & ~catalogue.placed) if town else 0,
        unknown_teaching=count_rows(but["teaching"] & ~held["teaching"]) if filters.teaching else 0,
        match=match,
        town=town,
        facets=_count_facets(catalogue, filters, by_area, by_item, but),
    )


def _count_facets(
    catalogue: Catalogue, filters: Filters, by_area: Words, by_item: Words, but: Mapping[str, Words]
) -> FacetCounts:
    areas = count_shared(by_area[: len(_AREAS_OF_CENTRES)], but["areas"])
    countries = dict(zip(catalogue.countries, _count_countries(catalogue, but["place"]), strict=True))
    simple = {
        name: dict(zip(values.values, count_shared(values.sets, but[name]), strict=True))
        for name, values in catalogue.facets.items()
    }
    return FacetCounts(
        disease_areas=dict(zip(_AREAS_OF_CENTRES, areas, strict=True)),
        focus=_count_focuses(catalogue, filters, but["areas"]),
        countries=countries,
        regions={
            id_: sum(countries.get(code, 0) for code in region.countries)
            for id_, region in (macro_regions() | regions()).items()
        },
        equipment=dict(zip(EQUIPMENT_BITS, count_shared(by_item, but["equipment"]), strict=True)),
        designations=simple["designation"],
        teaching=simple["teaching"],
        beds=simple["beds"],
        sources=simple["source"],
        newest=simple["newest"],
    )


def _without_each(held: Mapping[str, Words], everything: Words) -> tuple[Words, dict[str, Words]]:
    """Return the rows in every set, and by name the rows in every set but that one."""
    names, sets = list(held), list(held.values())
    before = [everything]
    for one in sets:
        before.append(before[-1] & one)
    after, but = everything, {}
    for place in range(len(sets) - 1, -1, -1):
        but[names[place]] = before[place] & after
        after = after & sets[place]
    return before[-1], but


def _all_but(held: Mapping[str, Words], names: tuple[str, ...]) -> Words:
    rows: Words = np.bitwise_and.reduce([rows for name, rows in held.items() if name not in names], axis=0)
    return rows


def _count_countries(catalogue: Catalogue, base: Words) -> list[int]:
    """Return how many rows of ``base`` each country has.

    A few countries hold most rows: crossing their sets is quick, and so is reading the rows of all the others.
    """
    others = unpack_rows(base & catalogue.in_small_countries)
    counted = np.bincount(catalogue.country_of[others], minlength=len(catalogue.countries))
    large = catalogue.large_countries
    counted[large] = count_shared((catalogue.country_rows[place] for place in large), base)
    found: list[int] = counted.tolist()
    return found


def _unknown_areas(catalogue: Catalogue, filters: Filters, rest: Words) -> tuple[int, int, int]:
    """Return how many of ``rest`` lack the asked areas at every stated focus; by suggestion only; with no area."""
    asked = places_of(filters.disease_areas, AREA_BITS)
    unknown = rest & ~match_sets(catalogue.reached[STATED[-1]], asked, filters.areas_match, rest)
    suggested = unknown & match_sets(catalogue.reached[FOCUSES[-1]], asked, filters.areas_match, rest)
    return count_rows(unknown), count_rows(suggested), count_rows(unknown & ~catalogue.any_area[FOCUSES[-1]])


def _count_focuses(catalogue: Catalogue, filters: Filters, base: Words) -> dict[str, int]:
    asked = places_of(filters.disease_areas, AREA_BITS)
    if not asked:
        return dict(zip(FOCUSES, count_shared(catalogue.any_area.values(), base), strict=True))
    reached = (match_sets(catalogue.reached[focus], asked, filters.areas_match, base) for focus in FOCUSES)
    return dict(zip(FOCUSES, count_shared(reached, base), strict=True))
