"""Turns filters into packed sets of rows: one for each thing that is asked."""

import numpy as np

from opinion.centres.catalogues import UNKNOWN, Catalogue
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.rowsets import Words, union
from opinion.centres.towns import Town, town_of
from opinion.errors import CatalogueError
from opinion.vocabularies import macro_regions, regions


def places_of(ids: tuple[str, ...], bits: dict[str, int]) -> list[int]:
    """Return the place of each id's set."""
    return [bits[id_] for id_ in ids]


def match_sets(sets: Words, asked: list[int], match: str, everything: Words) -> Words:
    """Return the rows in any or in all of the asked sets; all rows if nothing is asked."""
    if not asked:
        return everything
    matched: Words = (np.bitwise_and if match == "all" else np.bitwise_or).reduce(sets[asked], axis=0)
    return matched


def areas_as_asked(catalogue: Catalogue, filters: Filters) -> Words:
    """Return the rows of each area, known as surely as is asked (areas × words)."""
    stated, either = catalogue.reached[filters.focus or STATED[-1]], catalogue.reached[FOCUSES[-1]]
    sure = set(filters.areas_sure)
    if sure == {"stated"}:
        return stated
    if sure == {"stated", "suggested"} and not filters.focus:
        return either
    found = np.zeros_like(stated)
    if "stated" in sure:
        found |= stated
    if "suggested" in sure:
        found |= catalogue.areas[FOCUSES[-1]]
    if UNKNOWN in sure:
        found |= ~either & catalogue.all_rows
    return found


def equipment_as_asked(catalogue: Catalogue, filters: Filters) -> Words:
    """Return the rows of each item, known as surely as is asked (items × words)."""
    levels = catalogue.equipped
    sure = set(filters.equipment_sure)
    if sure == {"stated"} or sure == {"stated", "implied"} or sure == {"stated", "implied", "suggested"}:
        return levels["suggested" if "suggested" in sure else "implied" if "implied" in sure else "stated"]
    found = np.zeros_like(levels["stated"])
    if "stated" in sure:
        found |= levels["stated"]
    if "implied" in sure:
        found |= levels["implied"] & ~levels["stated"]
    if "suggested" in sure:
        found |= levels["suggested"] & ~levels["implied"]
    if UNKNOWN in sure:
        found |= ~levels["suggested"] & catalogue.all_rows
    return found


def in_places(catalogue: Catalogue, filters: Filters) -> Words:
    """Return the rows in the countries and regions asked, and in none of those to hide."""
    rows = catalogue.all_rows
    if filters.countries or filters.regions:
        rows = _of_countries(catalogue, filters.countries, filters.regions)
    if filters.hidden_countries or filters.hidden_regions:
        rows = rows & ~_of_countries(catalogue, filters.hidden_countries, filters.hidden_regions)
    return rows


def _of_countries(catalogue: Catalogue, codes: tuple[str, ...], in_regions: tuple[str, ...]) -> Words:
    known = macro_regions() | regions()
    wanted = set(codes).union(*(known[region].countries for region in in_regions))
    return union(catalogue.country_rows[[place for place, code in enumerate(catalogue.countries) if code in wanted]])


def asked_values(filters: Filters) -> dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return by facet of ``Catalogue.facets``: the values asked, any or all of them, the values to hide."""
    return {
        "designation": (filters.designations, filters.designations_match, filters.hidden_designations),
        "teaching": (filters.teaching, "any", ()),
        "beds": (filters.beds, "any", ()),
        "source": (filters.sources, filters.sources_match, filters.hidden_sources),
        "newest": (filters.newest, "any", ()),
    }


def having(catalogue: Catalogue, name: str, asked: tuple[str, ...], match: str, hidden: tuple[str, ...]) -> Words:
    """Return the rows with any or all of the values asked, and with none of those to hide."""
    facet, rows = catalogue.facets[name], catalogue.all_rows
    if asked:
        places = facet.of(asked)
        if not places or (match == "all" and len(places) < len(asked)):
            rows = np.zeros_like(rows)
        else:
            rows = match_sets(facet.sets, places, match, rows)
    return rows & ~union(facet.sets[facet.of(hidden)]) if hidden else rows


def town_asked(filters: Filters) -> Town | None:
    """Return the town that distances are measured from. Raises ``CatalogueError`` if ``filters.near`` is no town."""
    if not filters.near:
        return None
    town = town_of(filters.near)
    if town is None:
        raise CatalogueError(f"{filters.near} is not the number of a town. Look it up with find_town.")
    return town
