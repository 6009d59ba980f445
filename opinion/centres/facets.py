"""Turns a catalogue and filters into a selection: rows in a sensible order, counts, and what is not known.

No source says that a centre lacks something. So what does not match an asked area or machine is *unknown*, and is
counted as that: never as "no".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue, Words, unpack_rows
from opinion.centres.filters import QUERY_KEYS, Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.vocabularies import disease_areas

# the areas that only patients name come last in the vocabulary, and have no bit set
_AREAS_OF_CENTRES = tuple(area for area, known in disease_areas().items() if not known.patients_only)

__all__ = ["QUERY_KEYS", "FacetCounts", "Filters", "Selection", "select"]


@dataclass(frozen=True)
class FacetCounts:
    """How many centres each value would give, under the filters of the *other* facets. Every value is counted.

    ``focus`` counts centres at that focus or better for the areas asked (for any area, if none is asked);
    ``suggested_by_name`` counts them with what names suggest.
    """

    disease_areas: dict[str, int]
    countries: dict[str, int]
    equipment: dict[str, int]
    focus: dict[str, int]


@dataclass(frozen=True, eq=False)
class Selection:
    """The centres that match. ``rows``: row numbers, best focus for the areas asked first, then by name.

    Of the centres that match everything else: for ``unknown_equipment`` the asked equipment is not known; for
    ``unknown_areas`` the asked areas are not stated, of which names suggest them for ``only_suggested``, and nothing
    at all is stated or suggested about the field of ``only_listed``. All three are 0 if no area is asked.
    ``unknown_both``: neither is known (0 unless both are asked, without a focus).
    ``implied``: rows, in the order of ``rows``, that match some asked equipment only because a narrower item is
    stated; ``by_suggestion``: rows that match only with what their name suggests.
    """

    filters: Filters
    rows: NDArray[np.intp]
    unknown_equipment: int
    unknown_areas: int
    only_suggested: int
    only_listed: int
    unknown_both: int
    implied: NDArray[np.bool_]
    by_suggestion: NDArray[np.bool_]
    facets: FacetCounts

    @property
    def count(self) -> int:
        """The number of centres that match."""
        return len(self.rows)


def select(catalogue: Catalogue, filters: Filters) -> Selection:
    """Return the centres of ``catalogue`` that match ``filters``, with counts for every facet."""
    everything = catalogue.all_rows
    text = catalogue.rows_with_text(filters.text)
    in_countries = _in_countries(catalogue, filters)
    asked = _bits(filters.disease_areas, AREA_BITS)
    by_area = catalogue.reached[_weakest(filters)]
    of_area = _match(by_area, asked, filters.areas_match, everything)
    if not asked and filters.focus:
        of_area = catalogue.any_area[filters.focus]
    by_item = catalogue.equipped["suggested" if filters.suggested else "implied"]
    items = _bits(filters.equipment, EQUIPMENT_BITS)
    with_items = _match(by_item, items, filters.equipment_match, everything)

    but_area = text & in_countries & with_items
    but_items = text & in_countries & of_area
    rows = _ordered(catalogue, filters, but_area & of_area)
    unknown, suggested, listed = _unknown_areas(catalogue, filters, but_area & ~of_area) if asked else (0, 0, 0)
    stated, sure = (
        _match(catalogue.equipped[certainty], items, filters.equipment_match, everything)
        for certainty in ("stated", "implied")
    )
    sure_area = _match(catalogue.reached[STATED[-1]], asked, filters.areas_match, everything)
    return Selection(
        filters=filters,
        rows=rows,
        unknown_equipment=_count(but_items & ~with_items),
        unknown_both=_count(text & in_countries & ~with_items & ~of_area)
        if items and asked and not filters.focus
        else 0,
        unknown_areas=unknown,
        only_suggested=suggested,
        only_listed=listed,
        implied=_flags(sure & ~stated, rows),
        by_suggestion=_flags(~(sure & sure_area), rows),
        facets=FacetCounts(
            disease_areas=_named(_AREAS_OF_CENTRES, by_area[: len(_AREAS_OF_CENTRES)], but_area),
            countries=_named(catalogue.countries, catalogue.country_rows, text & of_area & with_items),
            equipment=_named(EQUIPMENT_BITS, by_item, but_items),
            focus=_focus_counts(catalogue, filters, but_area),
        ),
    )


def _weakest(filters: Filters) -> str:
    """Return the weakest focus that counts."""
    return filters.focus or (FOCUSES if filters.suggested else STATED)[-1]


def _in_countries(catalogue: Catalogue, filters: Filters) -> Words:
    if not filters.countries:
        return catalogue.all_rows
    wanted = [number for number, code in enumerate(catalogue.countries) if code in filters.countries]
    return _union(catalogue.country_rows[wanted])


def _bits(ids: tuple[str, ...], bits: dict[str, int]) -> list[int]:
    return [bits[id_] for id_ in ids]


def _union(sets: Words) -> Words:
    union: Words = np.bitwise_or.reduce(sets, axis=0)
    return union


def _match(sets: Words, asked: list[int], match: str, everything: Words) -> Words:
    """Return the rows in any or in all of the asked sets; all rows if nothing is asked."""
    if not asked:
        return everything
    matched: Words = (np.bitwise_and if match == "all" else np.bitwise_or).reduce(sets[asked], axis=0)
    return matched


def _count(words: Words) -> int:
    return int(np.bitwise_count(words).sum())


def _named(names: Iterable[str], sets: Words, base: Words) -> dict[str, int]:
    """Return for each name how many rows of ``base`` its set holds."""
    return dict(zip(names, np.bitwise_count(sets & base).sum(axis=1, dtype=np.int64).tolist(), strict=True))


def _flags(words: Words, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    flags: NDArray[Any] = np.unpackbits(words.view(np.uint8), bitorder="little")[rows]
    return flags.astype(np.bool_)


def _ordered(catalogue: Catalogue, filters: Filters, chosen: Words) -> NDArray[np.intp]:
    """Return the chosen rows, best focus first; a row is a name's place, so ascending rows are names in order.

    Of several areas asked, the best focus counts if any will do, the weakest if all must match.
    """
    if not filters.disease_areas:
        return unpack_rows(chosen)
    parts: list[NDArray[np.intp]] = []
    rest = chosen
    asked = _bits(filters.disease_areas, AREA_BITS)
    for focus in FOCUSES:
        reached = _match(catalogue.reached[focus], asked, filters.areas_match, chosen)
        parts.append(unpack_rows(rest & reached))
        rest = rest & ~reached
    return np.concatenate(parts)


def _unknown_areas(catalogue: Catalogue, filters: Filters, rest: Words) -> tuple[int, int, int]:
    """Return how many of ``rest`` lack the asked areas at every stated focus; by suggestion only; with no area."""
    asked = _bits(filters.disease_areas, AREA_BITS)
    unknown = rest & ~_match(catalogue.reached[STATED[-1]], asked, filters.areas_match, rest)
    suggested = unknown & _match(catalogue.reached[FOCUSES[-1]], asked, filters.areas_match, rest)
    return _count(unknown), _count(suggested), _count(unknown & ~catalogue.any_area[FOCUSES[-1]])


def _focus_counts(catalogue: Catalogue, filters: Filters, base: Words) -> dict[str, int]:
    asked = _bits(filters.disease_areas, AREA_BITS)
    counts: dict[str, int] = {}
    for focus in FOCUSES:
        reached = _match(catalogue.reached[focus], asked, filters.areas_match, base)
        counts[focus] = _count(base & (reached if asked else catalogue.any_area[focus]))
    return counts
