"""The filters of the Centres page, kept in step with the address.

The address says what is asked. Each run sets the widgets to it; a changed widget changes its own part of it, so that
filters in a part of the sidebar that is not open stay as they are.
"""

from collections.abc import Mapping

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import FacetCounts, Selection
from opinion.centres.filters import FARTHEST_KM, Filters
from opinion.centres.towns import Town, suggest_towns
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui.browsing_address import VIEWS, read_address, write_address
from opinion.ui.browsing_widgets import (
    COUNT,
    KEYS,
    TYPED_TOWN,
    ask_many,
    ask_match,
    ask_order,
    ask_place,
    ask_sure,
    keep_asked,
    set_widget,
)
from opinion.ui.choices import told_apart
from opinion.ui.results import fold


def _keep_view() -> None:
    filters, view, page, _ = read_address()
    write_address(filters, st.session_state.get(KEYS["view"]) or view, page)


def show_filters(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show a widget for each filter, set as the address says, with the number of centres each option would give."""
    filters, facets = selection.filters, selection.facets
    st.subheader(t("Filters"), anchor=False)
    st.text_input(
        t("Name, town or title"), key=set_widget("q", filters.text), on_change=keep_asked, args=("q",), type="search",
        max_chars=100, placeholder=t("Part of a name, with or without accents"),
    )  # fmt: skip
    ask_place("country", t("Country or region"), filters.countries + filters.regions, facets, t)
    ask_many("area", t("Disease area"), filters.disease_areas, facets.disease_areas, t)
    if filters.disease_areas:
        ask_match("areas", t("Of these areas"), filters.areas_match, filters.disease_areas, t)
        ask_sure("area_sure", t("Areas that are"), filters.areas_sure, t)
    _ask_focus(filters, facets.focus, t)
    ask_many("equipment", t("Equipment"), filters.equipment, facets.equipment, t)
    if filters.equipment:
        ask_match("having", t("Of this equipment"), filters.equipment_match, filters.equipment, t)
        ask_sure("equipment_sure", t("Equipment that is"), filters.equipment_sure, t)
        say_equipment_coverage(catalogue, t)
    _ask_distance(filters, selection.town, t)
    more, hidden = _asked_more(filters), _asked_hidden(filters)
    fold(
        _counted(t("Title, size, source, freshness"), more),
        "more_filters",
        lambda: _ask_more(filters, facets, t),
        bool(more),
    )
    fold(_counted(t("Leave out"), hidden), "hide_filters", lambda: _ask_hidden(filters, facets, t), bool(hidden))
    st.button(
        t("Clear all filters"), on_click=clear_filters, key="clear_filters", icon=":material/filter_alt_off:",
        disabled=filters == Filters(), width="stretch",
    )  # fmt: skip
    st.button(t("Show the centres"), key="show_results", type="primary", width="stretch")
    ask_order(t)


def say_equipment_coverage(catalogue: Catalogue, t: Translator) -> None:
    """Say for which countries equipment is stated at all."""
    covered = cover_field(catalogue, "equipment").countries
    places = words.plain(words.country_list(covered, t))
    st.caption(
        t.plural("Equipment is stated for {count} country only: {places}.",
                 "Equipment is stated for {count} countries only: {places}.", len(covered), places=places)
        + " "
        + t("What is not known is not counted as no.")
    )  # fmt: skip


def _counted(label: str, count: int) -> str:
    return f"{label} ({count})" if count else label


def _asked_more(filters: Filters) -> int:
    return sum(map(bool, (filters.designations, filters.teaching, filters.beds, filters.sources, filters.newest)))


def _asked_hidden(filters: Filters) -> int:
    hidden = (filters.hidden_countries + filters.hidden_regions, filters.hidden_designations, filters.hidden_sources)
    return sum(map(bool, hidden))


def _ask_more(filters: Filters, facets: FacetCounts, t: Translator) -> None:
    ask_many("designation", t("Title or programme"), filters.designations, facets.designations, t)
    if filters.designations:
        ask_match("designations", t("Of these titles"), filters.designations_match, filters.designations, t)
    st.checkbox(
        t("Stated to teach") + f"{COUNT}{facets.teaching['stated']:,}",
        key=set_widget("teaching", bool(filters.teaching)),
        on_change=keep_asked, args=("teaching",), help=t("No source says that a hospital does not teach."),
    )  # fmt: skip
    ask_many("beds", t("Beds"), filters.beds, facets.beds, t, in_order=True)
    ask_many("source", t("Source"), filters.sources, facets.sources, t)
    if filters.sources:
        ask_match("sources", t("Of these sources"), filters.sources_match, filters.sources, t)
    ask_many("newest", t("Newest fact of"), filters.newest, facets.newest, t, in_order=True)
    st.caption(t("The newest fact about what a centre does: areas, equipment, beds, teaching and titles."))


def _ask_hidden(filters: Filters, facets: FacetCounts, t: Translator) -> None:
    st.caption(
        t("Only what a source states can be left out.")
        + " "
        + t("Equipment and disease areas cannot: where none is stated, it is not known.")
    )
    ask_place("hide_country", t("Not in"), filters.hidden_countries + filters.hidden_regions, facets, t)
    ask_many("hide_designation", t("Not stated to have"), filters.hidden_designations, facets.designations, t)
    ask_many("hide_source", t("Not listed by"), filters.hidden_sources, facets.sources, t)


def _ask_distance(filters: Filters, town: Town | None, t: Translator) -> None:
    """Show the fields for a distance; a town that is not known stays in its field, with what to do."""
    typed = "" if town else st.session_state.get(TYPED_TOWN, "")
    st.text_input(
        t("Near a town"), key=set_widget("near", town.name if town else typed), on_change=keep_asked, args=("near",),
        max_chars=60, placeholder=t("Vienna, or Vienna, AT"),
    )  # fmt: skip
    if typed:
        st.error(t("We know no town “{town}” of 15,000 people or more. Write a larger town near it, or add a country "
                   "code: Paris, FR.", town=words.plain(typed)), icon=":material/wrong_location:")  # fmt: skip
    if town is None:
        return
    towns = {str(one.id): one for one in (town, *suggest_towns(town.name, 6))}
    if len(towns) > 1:
        st.selectbox(
            t("Which town?"), list(towns), key=set_widget("which", str(town.id)), on_change=keep_asked, args=("which",),
            format_func=told_apart({id_: words.town_words(each, t) for id_, each in towns.items()}).__getitem__,
        )  # fmt: skip
    st.number_input(
        t("Within (km)"), min_value=1, max_value=FARTHEST_KM, step=50, key=set_widget("km", filters.within_km),
        on_change=keep_asked, args=("km",),
    )  # fmt: skip
    st.caption(
        t("In a straight line, from the middle of the town. Many centres stand at the middle of their own town.")
    )


def clear_filters() -> None:
    """Ask for everything again; the view stays."""
    st.session_state.pop(TYPED_TOWN, None)
    write_address(Filters(), read_address()[1])


def _ask_focus(filters: Filters, counts: Mapping[str, int], t: Translator) -> None:
    names = words.focus_labels(t)
    st.radio(
        t("Focus"),
        list(names),
        format_func=lambda id_: f"{names[id_]}{COUNT}{counts[id_]:,}" if id_ else names[id_],
        key=set_widget("focus", filters.focus),
        on_change=keep_asked,
        args=("focus",),
        help=t("Offering is not specialising: many small hospitals offer a treatment among many others."),
    )


def show_view_choice(filters: Filters, view: str, t: Translator) -> None:
    """Show the choice between list, map and charts, and for a list its order."""
    names = {
        "list": f":material/list: {t('List')}",
        "map": f":material/map: {t('Map')}",
        "charts": f":material/bar_chart: {t('Charts')}",
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        st.radio(
            t("Show as"), list(VIEWS), format_func=names.__getitem__, key=set_widget("view", view),
            on_change=_keep_view, label_visibility="collapsed", horizontal=True, width="content",
        )  # fmt: skip
        if view == "list":
            _ask_sort(filters, t)


def _ask_sort(filters: Filters, t: Translator) -> None:
    names = words.sort_labels(t)
    if not filters.near:
        names.pop("distance")
    chosen = filters.sort if filters.sort in names else "match"
    st.selectbox(
        t("Order"), list(names), format_func=names.__getitem__, key=set_widget("sort", chosen), on_change=keep_asked,
        args=("sort",), width=220, label_visibility="collapsed",
    )  # fmt: skip
