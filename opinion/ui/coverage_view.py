"""The first half of the Coverage page: for which areas and countries we know of nobody."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import AreaCoverage, cover_areas, cover_countries
from opinion.centres.packing import AREA_BITS
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.coverage_choices import Asked, centres_address
from opinion.ui.nearest_view import show_nearest
from opinion.ui.pictures import Twin, is_narrow, show_picture
from opinion.vocabularies import disease_areas

if TYPE_CHECKING:
    from opinion.charts.figures import Cell

MOST_COUNTRIES, MOST_COUNTRIES_NARROW = 15, 5  # that stand side by side; on a phone
MOST_LINES = 25  # countries one below the other


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
        show_nearest(catalogue, asked, t)


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
        _open_centres({"area": area, "country": code, **asked.focus_query})


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


def _here(asked: Asked, area: str) -> str:
    return f"/coverage?{urlencode({**asked.to_query(), 'area': area}, safe=',')}"


def _open_centres(query: Mapping[str, str]) -> None:
    st.switch_page("../../pages/centres.py", query_params=dict(query))
