"""The filters of the Centres page, kept in step with the address, and the ways out of an empty result."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import FacetCounts, select
from opinion.centres.filters import Filters
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import VIEWS, read_address, write_address

_COUNT = " · "  # stands between an option's label and its count
KEYS = {
    "area": "filter_area",
    "areas": "filter_areas_match",
    "country": "filter_country",
    "equipment": "filter_equipment",
    "having": "filter_equipment_match",
    "focus": "filter_focus",
    "q": "filter_text",
    "suggested": "filter_suggested",
    "page": "list_page",
    "view": "view",
}
"""Key in the address -> key of the widget."""


def _keep_filters() -> None:
    """Write what the widgets ask for into the address; the list starts again on its first page."""
    t, held = state.translator(), st.session_state
    filters = Filters(
        disease_areas=_ids(held.get(KEYS["area"]), words.area_labels(t)),
        areas_match=held.get(KEYS["areas"]) or "any",
        countries=_ids(held.get(KEYS["country"]), country_names(t.language)),
        equipment=_ids(held.get(KEYS["equipment"]), words.asked_labels(t)),
        equipment_match=held.get(KEYS["having"]) or "any",
        focus=next(iter(_ids([held.get(KEYS["focus"]) or ""], focus_labels(t))), ""),
        text=held.get(KEYS["q"]) or "",
        areas_sure=("stated", "suggested") if held.get(KEYS["suggested"]) else (),
    )
    write_address(filters, held.get(KEYS["view"]) or VIEWS[0])


def _ids(chosen: list[str] | None, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of what is chosen.

    Who chooses faster than the page answers sends labels with counts that have changed since: they are looked up by
    the label alone.
    """
    by_label = {label: id_ for id_, label in labels.items()}
    found = (choice if choice in labels else by_label.get(choice.split(_COUNT)[0], "") for choice in chosen or ())
    return tuple(id_ for id_ in found if id_)


def _keep_view() -> None:
    filters, view, page, _ = read_address()
    write_address(filters, st.session_state.get(KEYS["view"]) or view, page)


def show_filters(catalogue: Catalogue, filters: Filters, facets: FacetCounts, t: Translator) -> None:
    """Show a widget for each filter, set to ``filters``, with the number of centres that each option would give."""
    st.subheader(t("Filters"), anchor=False)
    st.text_input(
        t("Name or town"), key=set_widget("q", filters.text), on_change=_keep_filters, type="search", max_chars=100,
        placeholder=t("Part of a name, with or without accents"),
    )  # fmt: skip
    countries = country_names(t.language)
    known = {code: name for code, name in countries.items() if code in facets.countries or code in filters.countries}
    _ask_many("country", t("Country"), known, filters.countries, facets.countries, t)
    _ask_many("area", t("Disease area"), words.area_labels(t), filters.disease_areas, facets.disease_areas, t)
    if len(filters.disease_areas) > 1:
        _ask_match("areas", t("Of these areas"), filters.areas_match, t)
    _ask_focus(filters, facets.focus, t)
    _ask_many("equipment", t("Equipment"), words.asked_labels(t), filters.equipment, facets.equipment, t)
    covered = cover_field(catalogue, "equipment").countries
    places = words.plain(words.country_list(covered, t))
    st.caption(
        t.plural("Equipment is stated for {count} country only: {places}.",
                 "Equipment is stated for {count} countries only: {places}.", len(covered), places=places)
    )  # fmt: skip
    if len(filters.equipment) > 1:
        _ask_match("having", t("Of this equipment"), filters.equipment_match, t)
    st.checkbox(
        t("Also what the name suggests"), key=set_widget("suggested", "suggested" in filters.areas_sure), on_change=_keep_filters,
        help=t("A centre called “Heart clinic” counts for the heart, though no source states it."),
    )  # fmt: skip
    st.button(
        t("Clear all filters"), on_click=clear_filters, key="clear_filters", icon=":material/filter_alt_off:",
        disabled=filters == Filters(), width="stretch",
    )  # fmt: skip
    st.button(t("Show the centres"), key="show_results", type="primary", width="stretch")
    st.caption(t("The numbers say how many centres each choice would give. What is not known is not counted as no."))


def clear_filters() -> None:
    """Ask for everything again; the view stays."""
    write_address(Filters(), read_address()[1])


def set_widget(name: str, value: object) -> str:
    """Set a widget to what the address says, before it is made; return its key."""
    st.session_state[KEYS[name]] = value
    return KEYS[name]


def _ask_many(
    name: str, label: str, labels: Mapping[str, str], chosen: tuple[str, ...], counts: Mapping[str, int], t: Translator
) -> None:
    st.multiselect(
        label,
        list(labels),
        format_func=lambda id_: f"{labels[id_]}{_COUNT}{counts.get(id_, 0):,}",
        key=set_widget(name, list(chosen)),
        on_change=_keep_filters,
        placeholder=t("All"),
        filter_mode="contains",
        select_all=False,
    )


def _ask_match(name: str, label: str, chosen: str, t: Translator) -> None:
    names = {"any": t("any one will do"), "all": t("all of them")}
    st.radio(
        label, list(names), format_func=names.__getitem__, horizontal=True,
        key=set_widget(name, chosen), on_change=_keep_filters,
    )  # fmt: skip


def focus_labels(t: Translator) -> dict[str, str]:
    """Return the labels of the focuses that can be asked for, weakest first; ``""`` takes any."""
    return {
        "": t("Any"),
        "service_offered": t("At least offers it"),
        "single_specialty": t("Specialises in it"),
        "designated": t("Has a named programme"),
    }


def _ask_focus(filters: Filters, counts: Mapping[str, int], t: Translator) -> None:
    names = focus_labels(t)
    st.radio(
        t("Focus"),
        list(names),
        format_func=lambda id_: f"{names[id_]}{_COUNT}{counts[id_]:,}" if id_ else names[id_],
        key=set_widget("focus", filters.focus),
        on_change=_keep_filters,
        help=t("Offering is not specialising: many small hospitals offer a treatment among many others."),
    )


def show_view_choice(view: str, t: Translator) -> None:
    """Show the choice between list, map and charts."""
    names = {
        "list": f":material/list: {t('List')}",
        "map": f":material/map: {t('Map')}",
        "charts": f":material/bar_chart: {t('Charts')}",
    }
    st.radio(
        t("Show as"), list(VIEWS), format_func=names.__getitem__, key=set_widget("view", view), on_change=_keep_view,
        label_visibility="collapsed", horizontal=True,
    )  # fmt: skip


def show_nothing_found(catalogue: Catalogue, filters: Filters, t: Translator) -> None:
    """Say why nothing is found, and offer each change that would give centres, the one closest to the request first."""
    lines = words.why_empty(catalogue, filters, t)
    lines.append(t("That does not mean that there is none: what no source states is not known."))
    st.info(" ".join(lines), icon=":material/search_off:")
    ways = [(select(catalogue, less).count, label, less) for label, less in _ways_out(filters, t)]
    ways = [way for way in ways if way[0]]  # what keeps the request closest comes first
    for place, (count, label, less) in enumerate(ways):
        centres = t.plural("{count} centre", "{count} centres", count)
        st.button(f"{words.plain(label)}: {centres}", on_click=write_address, args=(less, read_address()[1]),
                  key=f"leave_out_{place}", type="primary" if place == 0 else "secondary")  # fmt: skip
    if not ways:
        st.markdown(t("No single filter is to blame: leave out more than one."))
    st.button(
        t("Clear all filters"), on_click=clear_filters, key="clear_filters_here", icon=":material/filter_alt_off:"
    )


def _ways_out(filters: Filters, t: Translator) -> list[tuple[str, Filters]]:
    """Return each single change that asks for less, with its words."""
    areas, items, names = words.area_labels(t), words.asked_labels(t), country_names(t.language)
    asked = [
        (words.either([areas[id_] for id_ in filters.disease_areas], t, filters.areas_match),
         replace(filters, disease_areas=(), areas_match="any")),
        (words.either([items[id_] for id_ in filters.equipment], t, filters.equipment_match),
         replace(filters, equipment=(), equipment_match="any")),
        (t("the focus") if filters.focus else "", replace(filters, focus="")),
        (f"“{filters.text}”" if filters.text else "", replace(filters, text="")),
        (t("{areas} and its focus", areas=words.either([areas[id_] for id_ in filters.disease_areas], t))
         if filters.focus and filters.disease_areas else "",
         replace(filters, disease_areas=(), areas_match="any", focus="")),
        (words.either([names[code] for code in filters.countries], t), replace(filters, countries=())),
    ]  # fmt: skip
    ways = (
        []
        if "suggested" in filters.areas_sure
        else [(t("Also what the name suggests"), replace(filters, areas_sure=("stated", "suggested")))]
    )
    return ways + [(t("Without {filter}", filter=label), less) for label, less in asked if label]
