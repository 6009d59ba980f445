"""Turns a catalogue into what it does not cover: for which countries anything is stated, and how much."""

from dataclasses import dataclass

import numpy as np

from opinion.centres.catalogues import Catalogue, Words
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
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
    rows: Words = sets[bits[value]] if value else np.bitwise_or.reduce(sets, axis=0)
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
