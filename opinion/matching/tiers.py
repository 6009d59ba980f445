"""Turns the areas of a case into tiers of rows: who specialises in the disease before who only offers it (GUIDANCE F3).

No part of the score lifts a centre into another tier.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opinion.centres.catalogues import Catalogue
from opinion.centres.focuses import SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.centres.rowsets import Words, pack_rows
from opinion.matching.cases import Case
from opinion.matching.weights import RankingRules

LISTED: Final = (
    "all_areas", "specialised", "specialised_near_and_offered", "offered", "specialised_near", "offered_near",
)  # fmt: skip
"""The tiers of centres of which a source states the area asked, then of those with a neighbouring one, best first.
``all_areas``: specialised in one area of the case, and every other one is stated, or it is a house for children."""

ASKED_FIRST: Final = (
    "named_and_further", "named_or_further", "named_near", "offered_to_ask", "offered_near_to_ask",
)  # fmt: skip
"""The tiers of centres that have to be asked whether they treat the disease: only the name says so, or they specialise
in a further area of the case, or the facility is of a type that gives single treatments."""


@dataclass(frozen=True, eq=False)
class Tiers:
    """Disjoint packed sets of rows, best first. ``stated``: the tiers of ``LISTED``; ``doubtful``: ``ASKED_FIRST``.

    ``equipped``: the rows with the rare machines asked for, whose area no source states; they are asked before all.
    ``for_children``: houses for children, where the patient is not known to be one; they come after all others.
    ``known``: the rows whose area is stated, these houses among them.
    """

    equipped: Words
    stated: tuple[Words, ...]
    doubtful: tuple[Words, ...]
    for_children: Words
    known: Words

    @property
    def in_order(self) -> tuple[Words, ...]:
        """All tiers in the order in which centres are listed, or asked."""
        return (self.equipped, *self.stated, *self.doubtful, self.for_children)

    @property
    def possible(self) -> Words:
        """All rows of any tier."""
        return _any(self.in_order)

    @property
    def specialised(self) -> Words:
        """The rows that specialise in the area asked, or offer it and specialise in a further one."""
        return self.stated[0] | self.stated[1]


def make_tiers(catalogue: Catalogue, case: Case, rules: RankingRules) -> Tiers:
    """Return the tiers for a case; rows that may not be one centre stand in none."""
    doubt = _of_types(catalogue, case.disease_area, rules)
    elsewhere = _elsewhere(catalogue, case, rules)
    doubtful_rows = pack_rows(catalogue.table.column("maybe_not_one_centre").to_numpy())
    left = catalogue.all_rows & ~doubtful_rows
    near = case.areas[1:]
    specialised = _at(catalogue, SPECIALISED, case.areas[:1])
    specialised_near = _at(catalogue, SPECIALISED, near)
    offered = _at(catalogue, ("service_offered",), case.areas[:1])
    offered_near = _at(catalogue, ("service_offered",), near)
    further = _at(catalogue, SPECIALISED, case.also)
    all_also = reduce(np.bitwise_and, [_treats(catalogue, area, rules) for area in case.also], catalogue.all_rows)
    named = _at(catalogue, ("suggested_by_name",), case.areas[:1]) & ~elsewhere
    wanted = (
        (specialised | offered & ~doubt & further) & all_also,
        specialised,
        specialised_near & offered,
        offered & ~doubt,
        specialised_near,
        offered_near & ~doubt & ~offered,
        named & further,
        named | further,
        _at(catalogue, ("suggested_by_name",), near) & ~elsewhere,
        offered,
        offered_near,
    )
    found = []
    for rows in wanted:
        found.append(rows & left)
        left = left & ~rows
    known = _any(tuple(found[: len(LISTED)]))
    equipped = _equipped(catalogue, case, rules) & ~known & ~doubtful_rows
    houses = _for_children(catalogue, case, rules)
    others = tuple(rows & ~equipped & ~houses for rows in found)
    return Tiers(
        equipped=equipped & ~houses,
        stated=others[: len(LISTED)],
        doubtful=others[len(LISTED) :],
        for_children=(_any(tuple(found)) | equipped) & houses,
        known=known,
    )


def _at(catalogue: Catalogue, focuses: tuple[str, ...], areas: tuple[str, ...]) -> Words:
    return _any(
        (np.zeros_like(catalogue.all_rows), *(catalogue.areas[f][AREA_BITS[a]] for f in focuses for a in areas))
    )


def _any(sets: tuple[Words, ...]) -> Words:
    return reduce(np.bitwise_or, sets)


def _elsewhere(catalogue: Catalogue, case: Case, rules: RankingRules) -> Words:
    """Return the rows that are houses for something else, by a register or, for some areas, by their name."""
    asked = {*case.areas, *case.also}
    others = {area for area in AREA_BITS if area not in asked and area not in rules.teams[case.disease_area]}
    named = {
        area for one in rules.not_asked if case.disease_area not in one.except_areas for area in one.areas
    } - asked  # fmt: skip
    by_register = _at(catalogue, ("single_specialty",), tuple(others | named))
    return by_register | _at(catalogue, ("suggested_by_name",), tuple(named))


def _equipped(catalogue: Catalogue, case: Case, rules: RankingRules) -> Words:
    """Return the rows with every rare machine that is asked for, none if none is."""
    asked = [catalogue.equipped["implied"][EQUIPMENT_BITS[item]] for item in case.equipment if item in rules.rare]
    return reduce(np.bitwise_and, asked) if asked else np.zeros_like(catalogue.all_rows)


def _treats(catalogue: Catalogue, area: str, rules: RankingRules) -> Words:
    """Return the rows of which a source states a further area; a house for children may say by its name that it is."""
    stated = _at(catalogue, STATED, (area,))
    return stated | _houses_for_children(catalogue, rules) if area in rules.child.houses else stated


def _for_children(catalogue: Catalogue, case: Case, rules: RankingRules) -> Words:
    """Return the rows that are houses for children; none if the patient is a child."""
    if {case.disease_area, *case.also} & {*rules.child.patients_of}:
        return np.zeros_like(catalogue.all_rows)
    return _houses_for_children(catalogue, rules)


def _houses_for_children(catalogue: Catalogue, rules: RankingRules) -> Words:
    """Return the rows that are houses for children, by a register or their name."""
    houses = _at(catalogue, ("single_specialty", "suggested_by_name"), rules.child.houses)
    return houses & ~_at(catalogue, (*SPECIALISED, "suggested_by_name"), rules.child.unless)


def _of_types(catalogue: Catalogue, area: str, rules: RankingRules) -> Words:
    types = [name for one in rules.ask_first if area not in one.except_areas for name in one.facility_types]
    column = catalogue.table.column("facility_type").combine_chunks()
    codes = pc.index_in(column.dictionary, pa.array(types, pa.string())).is_valid().to_numpy(zero_copy_only=False)
    return pack_rows(codes[column.indices.to_numpy()])
