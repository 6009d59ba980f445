"""The question that every engine answers, and the shape of an answer."""

from dataclasses import dataclass

from benchmarks.columns import source_places
from opinion.centres.catalogues import BEDS_BANDS, Catalogue
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.names import search_key
from opinion.centres.packing import AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.vocabularies import disease_areas

TOP = 50
ASKED = Filters(
    disease_areas=("oncology", "cardiology"),
    equipment=("ct", "mri"),
    equipment_match="all",
    countries=("US", "JP", "CH", "ES", "PT"),
)
"""Two disease areas (any), two kinds of equipment (all), five countries."""

TERM = "center"
AREAS = {area: AREA_BITS[area] for area, known in disease_areas().items() if not known.patients_only}


@dataclass(frozen=True)
class Answer:
    """The first ``TOP`` rows by match and focus, how many there are, and every facet's counts under the others'."""

    rows: tuple[int, ...]
    count: int
    facets: dict[str, dict[str, int]]


def ours(catalogue: Catalogue, asked: Filters) -> Answer:
    """Return the answer of our engine."""
    found = select(catalogue, asked)
    facets = found.facets
    return Answer(
        tuple(found.page(0, TOP).tolist()),
        found.count,
        {
            "area": facets.disease_areas, "focus": facets.focus, "country": facets.countries,
            "equipment": facets.equipment, "designation": facets.designations, "teaching": facets.teaching,
            "beds": facets.beds, "source": facets.sources, "newest": facets.newest,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Bits:
    """The numbers that the question comes to: masks, and the bits of each facet in its column."""

    areas: int
    items: int
    countries: tuple[str, ...]
    term: str
    of: dict[str, dict[str, int]]


def bits_of(catalogue: Catalogue, asked: Filters) -> Bits:
    """Return the question as numbers; ``of`` maps facets of bits to their values' bits."""
    shipped = [source.id for source in catalogue.sources().values() if source.ship]
    of_source = source_places(catalogue)
    return Bits(
        sum(1 << AREA_BITS[area] for area in asked.disease_areas),
        sum(1 << EQUIPMENT_BITS[item] for item in asked.equipment),
        asked.countries,
        search_key(asked.text),
        {
            "area": AREAS,
            "equipment": EQUIPMENT_BITS,
            "designation": DESIGNATION_BITS,
            "source": {id_: of_source[id_] for id_ in shipped},
        },
    )


BANDS = tuple(BEDS_BANDS)
REACHED = [f"reached_{focus}" for focus in FOCUSES]
STATED_REACHED = f"reached_{STATED[-1]}"
