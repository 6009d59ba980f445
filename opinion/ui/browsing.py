"""The filters of the Centres page, kept in step with the address.

The address says what is asked. Each run sets the widgets to it; a changed widget changes its own part of it, so that
filters in a part of the sidebar that is not open stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import FacetCounts, Selection
from opinion.centres.filters import FARTHEST_KM, Filters
from opinion.centres.towns import Town, find_town, suggest_towns
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import VIEWS, read_address, write_address
from opinion.ui.results import fold

COUNT = " · "  # stands between an option's label and its count; page.js greys what ends in a count of 0
KEYS = {
    "area": "filter_area",
    "areas": "filter_areas_match",
    "area_sure": "filter_area_sure",
    "country": "filter_country",
    "equipment": "filter_equipment",
    "having": "filter_equipment_match",
    "equipment_sure": "filter_equipment_sure",
    "focus": "filter_focus",
    "designation": "filter_designation",
    "designations": "filter_designations_match",
    "teaching": "filter_teaching",
    "beds": "filter_beds",
    "source": "filter_source",
    "sources": "filter_sources_match",
    "newest": "filter_newest",
    "hide_country": "filter_hide_country",
    "hide_designation": "filter_hide_designation",
    "hide_source": "filter_hide_source",
    "near": "filter_near",
    "which": "filter_which_town",
    "km": "filter_km",
    "q": "filter_text",
    "sort": "list_sort",
    "page": "list_page",
    "view": "view",
}
"""Name of the widget (most are keys of the address) -> key of the widget."""

_MOST_FIRST = "most_first"  # in the session: choices are sorted by number, not by name
_TYPED_TOWN = "typed_town"  # in the session: a town that was not found stays in its field
_KINDS: dict[str, Callable[[Translator], Mapping[str, str]]] = {
    "area": words.area_labels,
    "country": words.place_labels,
    "hide_country": words.place_labels,
    "equipment": words.asked_labels,
    "designation": words.designation_labels,
    "hide_designation": words.designation_labels,
    "beds": words.beds_labels,
    "source": lambda _: words.source_labels(),
    "hide_source": lambda _: words.source_labels(),
    "newest": words.newest_labels,
    "focus": words.focus_labels,
    "area_sure": words.area_certainty_labels,
    "equipment_sure": words.equipment_certainty_labels,
}


def _keep(name: str) -> None:
    """Write what one widget asks for into the address; the list starts again on its first page."""
    filters, view, _, _ = read_address()
    asked = filters.to_query() | _query_of(name, st.session_state.get(KEYS[name]))
    write_address(Filters.from_query(asked)[0], view)


def _query_of(name: str, value: Any) -> dict[str, str]:  # noqa: ANN401 (what a widget holds)
    """Return the part of the query that one widget stands for; an empty text asks nothing."""
    t = state.translator()
    if name in ("country", "hide_country"):
        codes, places = words.split_places(_ids(value, words.place_labels(t)))
        return {name: ",".join(codes), name.replace("country", "region"): ",".join(places)}
    if name == "near":
        return {"near": _town_written((value or "").strip())}
    if name == "which":
        return {"near": str(value)} if value else {}
    if name == "teaching":
        return {name: "stated" if value else ""}
    if name in _KINDS:
        return {name: ",".join(_ids([value] if isinstance(value, str) else value, _KINDS[name](t)))}
    return {name: str(value or "")}


def _town_written(typed: str) -> str:
    """Return the number of the town that somebody wrote, or of the largest that starts so; ``""`` if there is none."""
    town = (find_town(typed) or next(iter(suggest_towns(typed, 1)), None)) if typed else None
    st.session_state[_TYPED_TOWN] = "" if town else typed
    return str(town.id) if town else ""


def _ids(chosen: Iterable[str] | None, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of what is chosen.

    Who chooses faster than the page answers sends labels with counts that have changed since: they are looked up by
    the label alone.
    """
    by_label = {label: id_ for id_, label in labels.items()}
    found = (choice if choice in labels else by_label.get(choice.split(COUNT)[0], "") for choice in chosen or ())
    return tuple(id_ for id_ in found if id_)


def _keep_view() -> None:
    filters, view, page, _ = read_address()
    write_address(filters, st.session_state.get(KEYS["view"]) or view, page)


def show_filters(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show a widget for each filter, set as the address says, with the number of centres each option would give."""
    filters, facets = selection.filters, selection.facets
    st.subheader(t("Filters"), anchor=False)
    st.text_input(
        t("Name, town or title"), key=set_widget("q", filters.text), on_change=_keep, args=("q",), type="search",
        max_chars=100, placeholder=t("Part of a name, with or without accents"),
    )  # fmt: skip
    _ask_place("country", t("Country or region"), filters.countries + filters.regions, facets, t)
    _ask_many("area", t("Disease area"), filters.disease_areas, facets.disease_areas, t)
    if filters.disease_areas:
        _ask_match("areas", t("Of these areas"), filters.areas_match, filters.disease_areas, t)
        _ask_sure("area_sure", t("Areas that are"), filters.areas_sure, t)
    _ask_focus(filters, facets.focus, t)
    _ask_many("equipment", t("Equipment"), filters.equipment, facets.equipment, t)
    if filters.equipment:
        _ask_match("having", t("Of this equipment"), filters.equipment_match, filters.equipment, t)
        _ask_sure("equipment_sure", t("Equipment that is"), filters.equipment_sure, t)
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
    _ask_order(t)


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


def _ask_order(t: Translator) -> None:
    st.toggle(
        t("Choices with most centres first"), key=_MOST_FIRST,
        help=t("The number beside a choice says how many centres it would give."),
    )  # fmt: skip


def _counted(label: str, count: int) -> str:
    return f"{label} ({count})" if count else label


def _asked_more(filters: Filters) -> int:
    return sum(map(bool, (filters.designations, filters.teaching, filters.beds, filters.sources, filters.newest)))


def _asked_hidden(filters: Filters) -> int:
    hidden = (filters.hidden_countries + filters.hidden_regions, filters.hidden_designations, filters.hidden_sources)
    return sum(map(bool, hidden))


def _ask_more(filters: Filters, facets: FacetCounts, t: Translator) -> None:
    _ask_many("designation", t("Title or programme"), filters.designations, facets.designations, t)
    if filters.designations:
        _ask_match("designations", t("Of these titles"), filters.designations_match, filters.designations, t)
    st.checkbox(
        t("Stated to teach") + f"{COUNT}{facets.teaching['stated']:,}",
        key=set_widget("teaching", bool(filters.teaching)),
        on_change=_keep, args=("teaching",), help=t("No source says that a hospital does not teach."),
    )  # fmt: skip
    _ask_many("beds", t("Beds"), filters.beds, facets.beds, t, in_order=True)
    _ask_many("source", t("Source"), filters.sources, facets.sources, t)
    if filters.sources:
        _ask_match("sources", t("Of these sources"), filters.sources_match, filters.sources, t)
    _ask_many("newest", t("Newest fact of"), filters.newest, facets.newest, t, in_order=True)
    st.caption(t("The newest fact about what a centre does: areas, equipment, beds, teaching and titles."))


def _ask_hidden(filters: Filters, facets: FacetCounts, t: Translator) -> None:
    st.caption(
        t("Only what a source states can be left out.")
        + " "
        + t("Equipment and disease areas cannot: where none is stated, it is not known.")
    )
    _ask_place("hide_country", t("Not in"), filters.hidden_countries + filters.hidden_regions, facets, t)
    _ask_many("hide_designation", t("Not stated to have"), filters.hidden_designations, facets.designations, t)
    _ask_many("hide_source", t("Not listed by"), filters.hidden_sources, facets.sources, t)


def _ask_distance(filters: Filters, town: Town | None, t: Translator) -> None:
    """Show the fields for a distance; a town that is not known stays in its field, with what to do."""
    typed = "" if town else st.session_state.get(_TYPED_TOWN, "")
    st.text_input(
        t("Near a town"), key=set_widget("near", town.name if town else typed), on_change=_keep, args=("near",),
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
            t("Which town?"), list(towns), key=set_widget("which", str(town.id)), on_change=_keep, args=("which",),
            format_func=lambda id_: words.town_words(towns[id_], t),
        )  # fmt: skip
    st.number_input(
        t("Within (km)"), min_value=1, max_value=FARTHEST_KM, step=50, key=set_widget("km", filters.within_km),
        on_change=_keep, args=("km",),
    )  # fmt: skip
    st.caption(
        t("In a straight line, from the middle of the town. Many centres stand at the middle of their own town.")
    )


def clear_filters() -> None:
    """Ask for everything again; the view stays."""
    st.session_state.pop(_TYPED_TOWN, None)
    write_address(Filters(), read_address()[1])


def set_widget(name: str, value: object) -> str:
    """Set a widget to what the address says, before it is made; return its key."""
    st.session_state[KEYS[name]] = value
    return KEYS[name]


def _ask_many(
    name: str, label: str, chosen: tuple[str, ...], counts: Mapping[str, int], t: Translator, in_order: bool = False
) -> None:
    """Ask for several values of a facet. ``in_order``: they have an order of their own (bands, years)."""
    labels = _KINDS[name](t)
    shown = {id_: label for id_, label in labels.items() if id_ in counts or id_ in chosen}
    _choose(name, label, shown, chosen, counts, t, in_order)


def _ask_place(name: str, label: str, chosen: tuple[str, ...], facets: FacetCounts, t: Translator) -> None:
    """Ask for countries and regions in one list: by name, each country stands under its region."""
    counts = facets.countries | facets.regions
    labels = words.place_labels(t)
    shown = {id_: text for id_, text in labels.items() if id_ in facets.countries or counts.get(id_) or id_ in chosen}
    _choose(name, label, shown, chosen, counts, t, in_order=True)


def _choose(
    name: str, label: str, labels: Mapping[str, str], chosen: tuple[str, ...], counts: Mapping[str, int],
    t: Translator, in_order: bool,
) -> None:  # fmt: skip
    options = list(labels)
    if st.session_state.get(_MOST_FIRST):
        options.sort(key=lambda id_: -counts.get(id_, 0))
    elif not in_order:
        options.sort(key=lambda id_: labels[id_].casefold())
    st.multiselect(
        label,
        options,
        format_func=lambda id_: f"{labels[id_]}{COUNT}{counts.get(id_, 0):,}",
        key=set_widget(name, list(chosen)),
        on_change=_keep,
        args=(name,),
        placeholder=t("All") if not name.startswith("hide") else t("Nothing left out"),
        filter_mode="contains",
        select_all=False,
    )


def _ask_match(name: str, label: str, chosen: str, asked: tuple[str, ...], t: Translator) -> None:
    if len(asked) < 2:
        return
    names = {"any": t("any one will do"), "all": t("all of them")}
    st.radio(
        label, list(names), format_func=names.__getitem__, horizontal=True,
        key=set_widget(name, chosen), on_change=_keep, args=(name,),
    )  # fmt: skip


def _ask_sure(name: str, label: str, chosen: tuple[str, ...], t: Translator) -> None:
    """Ask how surely something has to be known; nothing chosen is the usual choice again."""
    names = _KINDS[name](t)
    st.pills(
        label, list(names), format_func=names.__getitem__, selection_mode="multi",
        key=set_widget(name, list(chosen)), on_change=_keep, args=(name,),
    )  # fmt: skip


def _ask_focus(filters: Filters, counts: Mapping[str, int], t: Translator) -> None:
    names = words.focus_labels(t)
    st.radio(
        t("Focus"),
        list(names),
        format_func=lambda id_: f"{names[id_]}{COUNT}{counts[id_]:,}" if id_ else names[id_],
        key=set_widget("focus", filters.focus),
        on_change=_keep,
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
        t("Order"), list(names), format_func=names.__getitem__, key=set_widget("sort", chosen), on_change=_keep,
        args=("sort",), width=220, label_visibility="collapsed",
    )  # fmt: skip
