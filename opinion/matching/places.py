"""Turns what a case says of the doctor into places: the point that distances are measured from, home, the same city.

Nothing of a case is kept in the catalogue: its memory of circles and texts is shared by all visitors.
"""

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_town, town_words
from opinion.centres.distances import distance_km, rows_within
from opinion.centres.rowsets import Words, is_in, pack_rows, unpack_rows
from opinion.centres.towns import Town, find_town
from opinion.matching.cases import Case
from opinion.vocabularies import macro_regions

STEPS = ("other_country", "other_city", "same_country", "other_clinic", "unknown")
"""How far a centre is from the doctor (GUIDANCE G2), most independent first. ``same_country``: whether it is another
city is not known. ``unknown``: the doctor's country is not known."""


@dataclass(frozen=True)
class Origin:
    """Where distances are measured from: the doctor's ``city``, the middle of the ``country``'s centres, or nowhere.

    ``name`` is the town's, or the country's code; ``lat`` and ``lon`` are degrees, NaN for ``nowhere``.
    """

    kind: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, eq=False)
class Places:
    """A case on the map of a catalogue. Made for one ranking, then forgotten."""

    catalogue: Catalogue
    case: Case
    same_city_km: float

    @cached_property
    def home(self) -> Words:
        """The rows of the patient's country; none if that is not known."""
        return rows_of_country(self.catalogue, self.case.country)

    @cached_property
    def region(self) -> Words:
        """The rows of the patient's large region of the world (UN M49); none if the country is not known."""
        codes = next((one.countries for one in macro_regions().values() if self.case.country in one.countries), ())
        nobody: Words = np.zeros_like(self.catalogue.all_rows)
        return reduce(np.bitwise_or, [rows_of_country(self.catalogue, code) for code in codes], nobody)

    @cached_property
    def doctors(self) -> Words:
        """The rows of the doctor's country."""
        return rows_of_country(self.catalogue, self.case.doctor_country)

    @cached_property
    def origin(self) -> Origin:
        """The doctor's city if the gazetteer has it, else the middle (the median) of the country's known points."""
        case, town = self.case, town_of(self.case)
        if town is not None:
            return Origin("city", town.name, town.lat, town.lon)
        rows = unpack_rows(self.home & self.catalogue.placed)
        if len(rows):
            lat, lon = np.median(self.catalogue.lat[rows]), np.median(self.catalogue.lon[rows])
            return Origin("country", case.country, float(lat), float(lon))
        return Origin("nowhere", "", np.nan, np.nan)

    @cached_property
    def in_city(self) -> Words:
        """The rows in the doctor's city: by its name, or so near to it that registers may write it otherwise."""
        flags = np.zeros(self.catalogue.size, dtype=np.bool_)
        words = town_words(self.case.doctor_city)
        if words:
            found = self.catalogue.texts.match(words, keep=False, forgive=False)
            rows = unpack_rows(found.rows & self.doctors) if found else np.empty(0, dtype=np.intp)
            cities = self.catalogue.table.column("city").take(pa.array(rows)).to_pylist()
            same = {city: same_town(city, words) for city in set(cities)}
            flags[rows] = [same[city] for city in cities]
            if self.origin.kind == "city":
                flags[self._within(self.same_city_km)] = True
        return pack_rows(flags) & self.doctors

    def within(self, km: float) -> Words:
        """Return the rows known to be at most ``km`` from the origin; none if there is no origin."""
        flags = np.zeros(self.catalogue.size, dtype=np.bool_)
        if self.origin.kind != "nowhere":
            flags[self._within(km)] = True
        return pack_rows(flags)

    def _within(self, km: float) -> NDArray[np.intp]:
        return rows_within(self.origin.lat, self.origin.lon, km, self.catalogue.lat, self.catalogue.lon)

    def distances_km(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return how far rows are from the origin, NaN where either point is not known."""
        if self.origin.kind == "nowhere":
            return np.full(len(rows), np.nan)
        return distance_km(self.origin.lat, self.origin.lon, self.catalogue.lat[rows], self.catalogue.lon[rows])

    def steps(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return for each row the place of its step in ``STEPS``."""
        if not self.case.doctor_country:
            return np.full(len(rows), STEPS.index("unknown"))
        found = np.full(len(rows), STEPS.index("same_country"))
        if self.case.doctor_city:
            taken: Any = self.catalogue.table.column("city").take(pa.array(rows))
            known: NDArray[np.bool_] = pc.not_equal(taken, "").to_numpy()
            if self.origin.kind == "city":
                known = known | ~np.isnan(self.catalogue.lat[rows])
            found[known] = STEPS.index("other_city")
            found[is_in(self.in_city, rows)] = STEPS.index("other_clinic")
        found[~is_in(self.doctors, rows)] = STEPS.index("other_country")
        return found


def town_of(case: Case) -> Town | None:
    """Return the doctor's city if the gazetteer has it."""
    return find_town(", ".join(filter(None, (case.doctor_city, case.doctor_country)))) if case.doctor_city else None


def rows_of_country(catalogue: Catalogue, code: str) -> Words:
    """Return the packed set of a country's rows; none if it has no centre."""
    if code not in catalogue.countries:
        return np.zeros_like(catalogue.all_rows)
    rows: Words = catalogue.country_rows[catalogue.countries.index(code)]
    return rows
