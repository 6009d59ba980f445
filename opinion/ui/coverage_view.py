"""The first half of the Coverage page: where we know of nobody, and who is the nearest abroad.

The address holds what is asked: ``area``, ``country``, ``region``, ``focus``, as on the Centres page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import (
    AreaCoverage,
    NearestCentre,
    cover_areas,
    cover_countries,
    nearest_for_all,
)
from opinion.centres.filters import Filters
from opinion.centres.focuses import STATED
from opinion.centres.packing import AREA_BITS
from opinion.errors import Problem, did_you_mean
from opinion.exchange.tables import Cell as TableCell
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.pictures import Twin, is_narrow, show_picture, show_twin
from opinion.vocabularies import disease_areas, macro_regions, regions

if TYPE_CHECKING:
    from opinion.charts.figures import Cell

MOST_COUNTRIES, MOST_COUNTRIES_NARROW = 15, 5  # that stand side by side; on a phone
MOST_LINES = 25  # countries one below the other
MOST_SENTENCES = 5  # countries that are described in words, with links
NEAR_KM = 500.0  # what the finding calls near
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


def show_gaps(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show for which areas and countries nobody is known, and where the nearest one abroad is."""
    st.markdown(f"### {t('Where have we nobody?')}")
    places = asked.places(catalogue)
    unlisted = [code for code in asked.countries if code not in catalogue.countries]
    if unlisted:
        names = country_names(t.language)
        missing = words.plain(", ".join(names[code] for code in unlisted))
        st.info(
            t("No source of ours lists any centre in: {countries}.", countries=missing), icon=":material/search_off:"
        )
    if not places:
        return
    area = disease_areas().get(asked.disease_area)
    if area is None:
        _show_all_areas(catalogue, asked)
    elif area.patients_only:
        near = ", ".join(f"[{words.plain(t(disease_areas()[one].label))}]({_here(asked, one)})" for one in area.near)
        st.info(t("No register states this area: {area}. Look at the areas nearest to it: {areas}.",
                  area=words.plain(t(area.label)), areas=near), icon=":material/search_off:")  # fmt: skip
    else:
        _show_one_area(catalogue, asked)
        _show_nearest(catalogue, asked)


@st.fragment
def _show_all_areas(catalogue: Catalogue, asked: Asked) -> None:
    from opinion.charts.figures import draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    places, labels, names = asked.places(catalogue), words.area_labels(t), country_names(t.language)
    codes = [catalogue.countries[place] for place in places]
    table = cover_areas(catalogue, asked.focus)[[AREA_BITS[id_] for id_ in labels]][:, places]  # areas × countries
    title = _nobody_title(int((table.sum(axis=0) == 0).sum()), len(places), t("any disease area"), asked, t)
    notes = [*_reading(t), *shown_of(len(codes), columns(), t), t("Press a cell to see its centres.")]
    cells = [
        [_cell(n, f"{id_} {code}", f"{labels[id_]}, {names[code]}", t)
         for n, code in zip(line, codes[: columns()], strict=False)]
        for id_, line in zip(labels, table.tolist(), strict=True)
    ]  # fmt: skip
    listed = np.bitwise_count(catalogue.country_rows[places]).sum(axis=1, dtype=np.int64).tolist()
    head = (t("Country"), t("Centres listed"), *labels.values(), t("List"))
    rows = [
        (names[code], count, *(n or None for n in line), centres_address({"country": code}))
        for code, count, line in zip(codes, listed, table.T.tolist(), strict=True)
    ]
    pressed = show_picture(
        "gaps", title, notes,
        draw_heat_map(list(labels.values()), [names[code] for code in codes[: columns()]], cells),
        t("Heat map: {title}", title=title.replace("\\", "")),
        Twin(head, rows, {t("List"): t("Open")}), t, can_press=True,
    )  # fmt: skip
    if pressed:
        area, code = pressed.split(" ")
        _open_centres({"area": area, "country": code, **_focus_query(asked)})


@st.fragment
def _show_one_area(catalogue: Catalogue, asked: Asked) -> None:
    from opinion.charts.figures import draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    names, label = country_names(t.language), t(disease_areas()[asked.disease_area].label)
    covered = cover_countries(catalogue, asked.disease_area)
    known = [covered[place] for place in asked.places(catalogue)]
    counts = cover_areas(catalogue, asked.focus)[AREA_BITS[asked.disease_area], asked.places(catalogue)]
    title = _nobody_title(int((counts == 0).sum()), len(known), label, asked, t)
    kinds = {
        t("Specialise in it"): "specialised",
        t("At least offer it"): "stated",
        t("Only the name suggests it"): "only_suggested",
        t("Centres listed"): "listed",
    }
    notes = [*_reading(t), *shown_of(len(known), MOST_LINES, t), t("Press a cell to see its centres.")]
    shown = known[:MOST_LINES]
    cells = [
        [_cell(getattr(one, field), f"{field} {one.country_code}", f"{names[one.country_code]}, {head}", t)
         for head, field in kinds.items()]
        for one in shown
    ]  # fmt: skip
    rows = [
        (names[one.country_code], *(getattr(one, field) or None for field in kinds.values()),
         centres_address(query_of("stated", one)))
        for one in known
    ]  # fmt: skip
    pressed = show_picture(
        "gaps_of_area", title, notes, draw_heat_map([names[one.country_code] for one in shown], list(kinds), cells),
        t("Heat map: {title}", title=title.replace("\\", "")),
        Twin((t("Country"), *kinds, t("List")), rows, {t("List"): t("Open")}), t, can_press=True,
    )  # fmt: skip
    if pressed:
        field, code = pressed.split(" ")
        _open_centres(query_of(field, next(one for one in known if one.country_code == code)))


def _nobody_title(some: int, count: int, area: str, asked: Asked, t: Translator) -> str:
    said = {"some": f"{some:,}", "what": words.plain(area)}
    if asked.focus == "designated":
        return t.plural("In {some} of {count} country, we know of nobody with a named programme for {what}",
                        "In {some} of {count} countries, we know of nobody with a named programme for {what}",
                        count, **said)  # fmt: skip
    if asked.focus == "single_specialty":
        return t.plural("In {some} of {count} country, we know of nobody who specialises in {what}",
                        "In {some} of {count} countries, we know of nobody who specialises in {what}",
                        count, **said)  # fmt: skip
    return t.plural("In {some} of {count} country, we know of nobody for {what}",
                    "In {some} of {count} countries, we know of nobody for {what}", count, **said)  # fmt: skip


def query_of(field: str, known: AreaCoverage) -> dict[str, str]:
    """Return the query of the Centres page for the centres that a number of ``AreaCoverage`` counts."""
    area = {"area": known.disease_area, "country": known.country_code}
    return {
        "specialised": {**area, "focus": "single_specialty"},
        "stated": area,
        "only_suggested": {**area, "area_sure": "suggested"},
        "listed": {"country": known.country_code},
    }[field]


def _show_nearest(catalogue: Catalogue, asked: Asked, t: Translator | None = None) -> None:
    """Show where the nearest centre abroad is for each country asked for that has none."""
    t = t or state.translator()
    names, far = country_names(t.language), nearest_for_all(catalogue, asked.disease_area, asked.focus)
    codes = [catalogue.countries[place] for place in asked.places(catalogue)]
    found = [far[code] for code in codes if code in far]
    if not found:
        return
    near = sum(one.distance_km <= NEAR_KM for one in found)
    title = t.plural("From {some} of {count} country without one, the nearest abroad is within {km} km",
                     "From {some} of {count} countries without one, the nearest abroad is within {km} km",
                     len(found), some=near, km=f"{NEAR_KM:,.0f}")  # fmt: skip
    st.markdown(f"#### {title}")
    st.caption(words.plain(" ".join((
        t("In a straight line, from the middle of a country's centres that we know (the median of their points)."),
        t("That is right for the country, not for one town of it."),
        t("The nearest that a source states, not the nearest that there is. Countries without a centre of ours are "
          "not here."),
    ))))  # fmt: skip
    if asked.countries and len(found) <= MOST_SENTENCES:
        st.markdown("\n".join(_sentence(one, names, asked, t) for one in found))
    show_twin("nearest_abroad", _nearest_twin(found, names, asked, t), title, t)


def _nearest_twin(found: Sequence[NearestCentre], names: Mapping[str, str], asked: Asked, t: Translator) -> Twin:
    head = (t("Seen from"), t("About km"), t("Nearest centre abroad"), t("Town"), t("Country"), t("Point"),
            t("Its page"), t("All in that country"))  # fmt: skip
    rows: list[tuple[TableCell, ...]] = [
        (names[one.seen_from], about_km(one.distance_km), one.name, one.city or None, names[one.country_code],
         t("its town") if one.approximate else t("its site"), f"/centre?{urlencode({'id': one.centre_id}, safe=':')}",
         centres_address({"area": one.disease_area, "country": one.country_code, **_focus_query(asked)}))
        for one in found
    ]  # fmt: skip
    return Twin(head, rows, {t("Its page"): t("Open"), t("All in that country"): t("Open")})


def _sentence(one: NearestCentre, names: Mapping[str, str], asked: Asked, t: Translator) -> str:
    own = centres_address({"country": one.seen_from})
    there = centres_address({"area": one.disease_area, "country": one.country_code, **_focus_query(asked)})
    return "- " + t(
        "From [{home}]({own}): [{centre}]({page}) in {town}, about {km} km away. [All in {abroad}]({there})",
        home=words.plain(names[one.seen_from]), own=own, centre=words.plain(one.name),
        page=f"/centre?{urlencode({'id': one.centre_id}, safe=':')}",
        town=words.plain(", ".join(filter(None, (one.city, names[one.country_code])))),
        km=f"{about_km(one.distance_km):,}", abroad=words.plain(names[one.country_code]), there=there,
    )  # fmt: skip


def about_km(km: float) -> int:
    """Return a distance as it may be said when its start is the middle of a country: to 10 km."""
    return max(round(km / 10) * 10, 10)


def columns() -> int:
    """Return how many countries stand side by side, or bars one below the other, in this visitor's browser."""
    return MOST_COUNTRIES_NARROW if is_narrow() else MOST_COUNTRIES


def _reading(t: Translator) -> list[str]:
    return [
        t("The number of centres that sources state. A blank cell: nothing is stated, which does not mean none."),
        t("Each step of colour is ten times as many, since sources list very unevenly."),
    ]


def shown_of(count: int, most: int, t: Translator) -> list[str]:
    """Return the note that a picture shows only the first of ``count`` countries, if it does."""
    if count <= most:
        return []
    return [t("Shown are the {some} countries with most centres listed; the table has all {count}.",
              some=most, count=count)]  # fmt: skip


def _cell(count: int, key: str, where: str, t: Translator) -> "Cell":
    from opinion.charts.figures import Cell  # plotly: not before a picture is asked for

    if not count:
        return Cell(None, "", t("{what}: nothing is stated", what=where))
    centres = t.plural("{count} centre", "{count} centres", count)
    return Cell(count, f"{count:,}", f"{where}: {centres}", key)


def _focus_query(asked: Asked) -> dict[str, str]:
    return {"focus": asked.focus} if asked.focus != STATED[-1] else {}


def _here(asked: Asked, area: str) -> str:
    return f"/coverage?{urlencode({**asked.to_query(), 'area': area}, safe=',')}"


def centres_address(query: Mapping[str, str]) -> str:
    """Return the address of the list of centres with these filters, in this visitor's language."""
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    return f"/centres?{urlencode({**query, **kept}, safe=',')}"


def _open_centres(query: Mapping[str, str]) -> None:
    st.switch_page("../../pages/centres.py", query_params=dict(query))
