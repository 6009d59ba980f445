"""What the Coverage page is asked for, and the widgets that ask it.

The address holds it: ``area``, ``country``, ``region``, ``focus``, as on the Centres page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.filters import Filters
from opinion.centres.focuses import STATED
from opinion.errors import Problem, did_you_mean
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.vocabularies import disease_areas, macro_regions, regions

KEYS = {"area": "coverage_area", "country": "coverage_country", "region": "coverage_region", "focus": "coverage_focus"}
"""Key in the address -> key of the widget."""


@dataclass(frozen=True)
class Asked:
    """What the page is asked for. ``disease_area``: ``""`` is all. ``focus``: the weakest that counts, of ``STATED``.

    ``countries`` narrow ``regions``; none of either is the whole world.
    """

    disease_area: str = ""
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    focus: str = STATED[-1]

    def to_query(self) -> dict[str, str]:
        """Return the shortest query that asks for this."""
        query = {
            "area": self.disease_area,
            "country": ",".join(self.countries),
            "region": ",".join(self.regions),
            "focus": self.focus if self.focus != STATED[-1] else "",
        }
        return {key: value for key, value in query.items() if value}

    @property
    def focus_query(self) -> dict[str, str]:
        """The part of a query of the Centres page that asks for the focus."""
        return {"focus": self.focus} if self.focus != STATED[-1] else {}

    def places(self, catalogue: Catalogue) -> list[int]:
        """Return the numbers of the countries asked for that the catalogue lists, most centres first."""
        known = macro_regions() | regions()
        wanted = set(self.countries) or set[str]().union(*(known[region].countries for region in self.regions))
        listed = np.bitwise_count(catalogue.country_rows).sum(axis=1, dtype=np.int64)
        order = np.argsort(-listed, kind="stable").tolist()
        return [
            place for place in order if not (self.countries or self.regions) or catalogue.countries[place] in wanted
        ]


def read_asked() -> tuple[Asked, list[Problem]]:
    """Return what the address asks for, and what in it is not known and left out."""
    query = {key: st.query_params.get_all(key) for key in ("country", "region", "focus")}
    filters, problems = Filters.from_query(query)
    area = st.query_params.get("area", "").strip().lower()
    if area and area not in _areas():
        problems.insert(0, Problem("area", area[:100], did_you_mean(area, _areas())))
        area = ""
    return Asked(area, filters.countries, filters.regions, filters.focus or STATED[-1]), problems


def _areas() -> list[str]:
    """Return the areas to ask for: spine too, which patients name and no register, but not "other"."""
    return [area for area in disease_areas() if area != "other"]


def _keep_asked() -> None:
    held = st.session_state
    asked = Asked(
        held.get(KEYS["area"]) or "",
        tuple(held.get(KEYS["country"]) or ()),
        tuple(held.get(KEYS["region"]) or ()),
        held.get(KEYS["focus"]) or STATED[-1],
    )
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.query_params.from_dict({**asked.to_query(), **kept})


def show_choices(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show what can be asked for, set to what the address says."""
    for key, value in (("area", asked.disease_area or None), ("country", list(asked.countries)),
                       ("region", list(asked.regions)), ("focus", asked.focus)):  # fmt: skip
        st.session_state[KEYS[key]] = value
    areas = {id_: t(disease_areas()[id_].label) for id_ in _areas()}
    places = {id_: t(region.label) for id_, region in (macro_regions() | regions()).items()}
    names = {code: name for code, name in country_names(t.language).items()
             if code in catalogue.countries or code in asked.countries}  # fmt: skip
    first, second, third = st.columns(3)
    first.selectbox(
        t("Disease area"), list(areas), format_func=areas.__getitem__, key=KEYS["area"], on_change=_keep_asked,
        placeholder=t("All"),
    )  # fmt: skip
    second.multiselect(
        t("World region"), list(places), format_func=places.__getitem__, key=KEYS["region"], on_change=_keep_asked,
        placeholder=t("All"), select_all=False,
    )  # fmt: skip
    third.multiselect(
        t("Country"), list(names), format_func=names.__getitem__, key=KEYS["country"], on_change=_keep_asked,
        placeholder=t("All"), select_all=False,
    )  # fmt: skip
    focuses = {
        "service_offered": t("At least offers it"),
        "single_specialty": t("Specialises in it"),
        "designated": t("Has a named programme"),
    }
    st.radio(
        t("Who counts"), list(focuses), format_func=focuses.__getitem__, key=KEYS["focus"], on_change=_keep_asked,
        horizontal=True,
        help=t("Offering is not specialising: many small hospitals offer a treatment among many others."),
    )  # fmt: skip


def centres_address(query: Mapping[str, str]) -> str:
    """Return the address of the list of centres with these filters, in this visitor's language."""
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    return f"/centres?{urlencode({**query, **kept}, safe=',')}"
