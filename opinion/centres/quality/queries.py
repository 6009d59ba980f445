"""Turns a measure into the query of the Centres page that lists what it lacks, where a filter asks for that."""

from opinion.centres.catalogues import UNKNOWN, Catalogue
from opinion.centres.packing import EQUIPMENT_BITS
from opinion.centres.quality.statements import RECENT_YEARS
from opinion.vocabularies import disease_areas

_AREAS = ",".join(area for area, known in disease_areas().items() if not known.patients_only)
_EQUIPMENT = ",".join(EQUIPMENT_BITS)

UNKNOWN_EQUIPMENT = {"equipment": _EQUIPMENT, "having": "all", "equipment_sure": UNKNOWN}
"""The part of a query that asks for centres of which no equipment is stated, implied or suggested by the name."""

_LACKING = {
    "disease_area": {"area": _AREAS, "areas": "all", "area_sure": f"suggested,{UNKNOWN}"},
    "equipment": {**UNKNOWN_EQUIPMENT, "equipment_sure": f"suggested,{UNKNOWN}"},
    "beds": {"beds": UNKNOWN},
    "dated": {"newest": UNKNOWN},
}


def query_of_lacking(
    catalogue: Catalogue, year: int, id: str, country_code: str = "", source: str = ""
) -> dict[str, str]:
    """Return the query that lists the centres that are not as measure ``id`` asks; ``{}`` if no filter asks for that.

    ``year``: the one of the measures. For a source it is all centres that it states anything about: no filter asks
    what a source leaves out.
    """
    if source:
        return {"source": source}
    asked = _LACKING.get(id, {})
    if id == "recent":
        since = year - RECENT_YEARS + 1
        older = [one for one in catalogue.facets["newest"].values if one == UNKNOWN or int(one) < since]
        asked = {"newest": ",".join(older)} if older else {}
    return {**({"country": country_code} if country_code else {}), **asked} if asked else {}
