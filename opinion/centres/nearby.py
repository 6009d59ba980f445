"""Turns a place into centres near it, and a patient's situation into a shortlist with reasons.

Returns ids, numbers and reason codes, never sentences. A shortlist says first how little is known of the patient's
country, keeps what names suggest apart, and never fills a gap with another continent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.clinics import same_clinic, same_town, town_words
from opinion.centres.coverage import AreaCoverage, cover_area
from opinion.centres.distances import distance_km
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS
from opinion.centres.rowsets import unpack_rows
from opinion.errors import CatalogueError, did_you_mean
from opinion.vocabularies import disease_areas

ABROAD_WITHIN_KM = 2000.0
"""How far from a patient's country centres abroad are looked for unless the patient names countries."""

SAME_TOWN_KM = 15.0
"""Centres this near to the doctor's town are not called independent of it."""

_PAGE = 50  # rows described at a time

REASONS = (
    "designated",
    "single_specialty",
    "service_offered",
    "suggested_by_name",
    "near_area",
    "same_city",
    "other_city",
    "other_country",
)


@dataclass(frozen=True)
class Neighbour:
    """A centre near another. ``approximate``: at least one of the two points is a town's or a ZIP area's."""

    centre_id: str
    name: str
    city: str
    country_code: str
    distance_km: float
    approximate: bool


@dataclass(frozen=True)
class Suggestion:
    """A centre for a patient. ``disease_area`` is the area that it stands for; ``near_area`` if not the one asked.

    ``reasons`` are codes of ``REASONS``. ``distance_km`` from the doctor's town (from the middle of the patient's
    country for centres abroad when the town is unknown), ``None`` if a point is unknown.
    """

    centre_id: str
    name: str
    city: str
    country_code: str
    disease_area: str
    focus: str
    near_area: bool
    reasons: tuple[str, ...]
    distance_km: float | None


@dataclass(frozen=True)
class Shortlist:
    """What can be said to a patient, in the order in which it is to be said.

    ``coverage``: of the area asked, then of near areas, in the patient's country. ``at_home``: centres whose area is
    stated there. ``suggested``: those whose name alone says it. ``abroad``: specialised centres elsewhere, empty
    unless wished for, or needed because no specialised centre is known at home. ``from_town``: distances are from the
    doctor's town; otherwise that town is unknown here, and they are from the middle of the country.
    """

    coverage: tuple[AreaCoverage, ...]
    at_home: tuple[Suggestion, ...]
    suggested: tuple[Suggestion, ...]
    abroad: tuple[Suggestion, ...]
    from_town: bool = False

    @property
    def nothing_stated(self) -> bool:
        """Whether no source states the area, or a near one, for the patient's country: to be said first."""
        return all(area.nothing_stated for area in self.coverage)


def near(catalogue: Catalogue, centre_id: str, limit: int = 10, within_km: float = 100.0) -> list[Neighbour]:
    """Return up to ``limit`` centres within ``within_km`` of a centre, nearest first; ``[]`` if its point is unknown.

    Raises ``CatalogueError`` if there is no such centre.
    """
    own = catalogue.row_of(centre_id)
    distances = distance_km(catalogue.lat[own], catalogue.lon[own], catalogue.lat, catalogue.lon)
    candidates = np.flatnonzero(distances <= within_km)
    candidates = candidates[candidates != own]
    ordered = candidates[np.argsort(distances[candidates], kind="stable")][:limit]
    columns = ("centre_id", "name", "city", "country_code", "coord_precision")
    rough = catalogue.page(np.array([own]), ("coord_precision",)).iloc[0, 0] != "site"
    return [
        Neighbour(id_, name, city, country, round(float(distances[row]), 1), bool(rough or precision != "site"))
        for row, id_, name, city, country, precision in catalogue.page(ordered, columns).itertuples(name=None)
    ]


def shortlist(
    catalogue: Catalogue,
    disease_area: str,
    country: str,
    doctor_clinic: str = "",
    doctor_city: str = "",
    limit: int = 5,
    abroad: str = "no",
    countries: tuple[str, ...] = (),
) -> Shortlist:
    """Return centres for a second opinion about ``disease_area`` for somebody who lives in ``country``.

    Best focus first, ``service_offered`` after every designated or single-specialty centre (near areas too), then
    another town than the doctor's, then the nearest. Never the doctor's own clinic; never what may not be a single
    centre. ``abroad`` is ``yes``, ``if_needed`` or ``no``; ``countries`` are those wished for. An empty ``country``
    is unknown. Raises ``CatalogueError`` on an unknown area or wish.
    """
    known = disease_areas()
    if disease_area not in known:
        raise CatalogueError(f"{disease_area!r} is not a disease area.{did_you_mean(disease_area, list(known))}")
    if abroad not in ("yes", "if_needed", "no"):
        raise CatalogueError(f"abroad: {abroad!r} is not 'yes', 'if_needed' or 'no'.")
    asked = (disease_area, *known[disease_area].near)
    coverage = tuple(cover_area(catalogue, area, country) for area in asked)
    home = _in_countries(catalogue, (country,))
    in_town = _in_town(catalogue, home, doctor_city)
    distances = _distances(catalogue, home, in_town)
    if in_town.any():  # registers write one town in several ways: München, Munich
        in_town |= distances <= SAME_TOWN_KM
    case = _Case(catalogue, asked, country, doctor_clinic, doctor_city, in_town, distances)
    at_home = case.pick(home, STATED, limit)
    # centres already listed for a near area are not suggested a second time
    listed = {suggestion.centre_id for suggestion in at_home}
    named = [one for one in case.pick(home, ("suggested_by_name",), limit + len(listed)) if one.centre_id not in listed]
    elsewhere: list[Suggestion] = []
    needed = not any(one.focus in SPECIALISED for one in at_home)
    if abroad == "yes" or (abroad == "if_needed" and needed):
        reached = _in_countries(catalogue, countries) if countries else distances <= ABROAD_WITHIN_KM
        elsewhere = case.pick(reached & ~home, SPECIALISED, limit)
    return Shortlist(coverage, tuple(at_home), tuple(named[:limit]), tuple(elsewhere), bool(in_town.any()))


def _in_countries(catalogue: Catalogue, countries: tuple[str, ...]) -> NDArray[np.bool_]:
    wanted = [number for number, code in enumerate(catalogue.countries) if code in countries]
    flags: NDArray[np.bool_] = np.isin(catalogue.country_of, wanted)
    return flags


def _in_town(catalogue: Catalogue, home: NDArray[np.bool_], town: str) -> NDArray[np.bool_]:
    """Flag the rows of the patient's country that stand in the doctor's town."""
    flags = np.zeros(catalogue.size, dtype=np.bool_)
    if town_words(town):
        # search first: comparing some thousand towns word by word would take longer than all the rest
        found = catalogue.texts.match(town_words(town), keep=False, forgive=False)
        rows = unpack_rows(found.rows) if found else np.empty(0, dtype=np.intp)
        rows = rows[home[rows]]
        flags[rows] = [same_town(city, town) for city in catalogue.page(rows, ("city",))["city"]]
    return flags


def _distances(catalogue: Catalogue, home: NDArray[np.bool_], in_town: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return every row's distance in km from the doctor's town, or from the middle of the country; NaN unknown."""
    for rows in (in_town, home):
        lats, lons = catalogue.lat[rows], catalogue.lon[rows]
        if not np.isnan(lats).all():
            return distance_km(float(np.nanmedian(lats)), float(np.nanmedian(lons)), catalogue.lat, catalogue.lon)
    return np.full(catalogue.size, np.nan)


@dataclass(frozen=True, eq=False)
class _Case:
    """What a shortlist is made for: the area asked first in ``areas``, then the near ones."""

    catalogue: Catalogue
    areas: tuple[str, ...]
    country: str
    clinic: str
    city: str
    in_town: NDArray[np.bool_]
    distances: NDArray[np.float64]

    def pick(self, among: NDArray[np.bool_], focuses: tuple[str, ...], limit: int) -> list[Suggestion]:
        """Return the first ``limit`` centres of ``among`` at one of ``focuses``, in the order of preference."""
        doubtful = self.catalogue.table.column("maybe_not_one_centre").to_numpy()
        left = among & ~doubtful
        found: list[Suggestion] = []
        for focus, area in self._order(focuses):
            rows = unpack_rows(self.catalogue.areas[focus][AREA_BITS[area]])
            rows = rows[left[rows]]
            left[rows] = False  # a centre is named once, for the best that it stands for
            rows = rows[np.lexsort((rows, self.distances[rows], self.in_town[rows]))]
            for start in range(0, len(rows), _PAGE):
                found += self._described(rows[start : start + _PAGE], focus, area)
                if len(found) >= limit:
                    return found[:limit]
        return found

    def _described(self, rows: NDArray[np.intp], focus: str, area: str) -> Iterator[Suggestion]:
        columns = ("centre_id", "name", "name_local", "name_other", "name_stated", "city", "country_code")
        page = self.catalogue.page(rows, columns)
        is_near = area != self.areas[0]
        for row, id_, name, local, other, stated, city, code in page.itertuples(name=None):
            if same_clinic(self.clinic, name, local, other, stated):
                continue
            far = float(self.distances[row])
            reasons = self._reasons(focus, is_near, bool(self.in_town[row]), city, code)
            distance = None if np.isnan(far) else round(far, 1)
            yield Suggestion(id_, name, city, code, area, focus, is_near, reasons, distance)

    def _order(self, focuses: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return (focus, area) in the order of preference: specialised, the area asked, then the better focus."""
        pairs = [(focus, area) for focus in focuses for area in self.areas]
        return sorted(
            pairs, key=lambda pair: (pair[0] not in SPECIALISED, pair[1] != self.areas[0], FOCUSES.index(pair[0]))
        )

    def _reasons(self, focus: str, is_near: bool, same: bool, city: str, code: str) -> tuple[str, ...]:
        held = {focus}
        if is_near:
            held.add("near_area")
        if code != self.country:
            held.add("other_country")
        elif self.city and city:
            held.add("same_city" if same else "other_city")
        return tuple(reason for reason in REASONS if reason in held)
