"""Widgets that each stand for a part of the address: set as it says, and written back into it when they change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from opinion.centres.facets import FacetCounts
from opinion.centres.filters import Filters
from opinion.centres.towns import find_town, suggest_towns
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import read_address, write_address

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

TYPED_TOWN = "typed_town"  # in the session: a town that was not found stays in its field
_MOST_FIRST = "most_first"  # in the session: choices are sorted by number, not by name
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


def keep_asked(name: str) -> None:
    """Write what one widget asks for into the address; the list starts again on its first page."""
    filters, view, _, _ = read_address()
    asked = filters.to_query() | _query_of(name, st.session_state.get(KEYS[name]))
    write_address(Filters.from_query(asked)[0], view)


def set_widget(name: str, value: object) -> str:
    """Set a widget to what the address says, before it is made; return its key."""
    st.session_state[KEYS[name]] = value
    return KEYS[name]


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
    st.session_state[TYPED_TOWN] = "" if town else typed
    return str(town.id) if town else ""


def _ids(chosen: Iterable[str] | None, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of what is chosen.

    Who chooses faster than the page answers sends labels with counts that have changed since: they are looked up by
    the label alone.
    """
    by_label = {label: id_ for id_, label in labels.items()}
    found = (choice if choice in labels else by_label.get(choice.split(COUNT)[0], "") for choice in chosen or ())
    return tuple(id_ for id_ in found if id_)


def ask_many(
    name: str, label: str, chosen: tuple[str, ...], counts: Mapping[str, int], t: Translator, in_order: bool = False
) -> None:
    """Ask for several values of a facet. ``in_order``: they have an order of their own (bands, years)."""
    labels = _KINDS[name](t)
    shown = {id_: label for id_, label in labels.items() if id_ in counts or id_ in chosen}
    _choose(name, label, shown, chosen, counts, t, in_order)


def ask_place(name: str, label: str, chosen: tuple[str, ...], facets: FacetCounts, t: Translator) -> None:
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
        on_change=keep_asked,
        args=(name,),
        placeholder=t("All") if not name.startswith("hide") else t("Nothing left out"),
        filter_mode="contains",
        select_all=False,
    )


def ask_match(name: str, label: str, chosen: str, asked: tuple[str, ...], t: Translator) -> None:
    """Ask whether one of the values ``asked`` will do or all are needed; of a single one nothing is asked."""
    if len(asked) < 2:
        return
    names = {"any": t("any one will do"), "all": t("all of them")}
    st.radio(
        label, list(names), format_func=names.__getitem__, horizontal=True,
        key=set_widget(name, chosen), on_change=keep_asked, args=(name,),
    )  # fmt: skip


def ask_sure(name: str, label: str, chosen: tuple[str, ...], t: Translator) -> None:
    """Ask how surely something has to be known; nothing chosen is the usual choice again."""
    names = _KINDS[name](t)
    st.pills(
        label, list(names), format_func=names.__getitem__, selection_mode="multi",
        key=set_widget(name, list(chosen)), on_change=keep_asked, args=(name,),
    )  # fmt: skip


def ask_order(t: Translator) -> None:
    """Ask whether the choices of all filters stand by name or by number; the session keeps it, not the address."""
    st.toggle(
        t("Choices with most centres first"), key=_MOST_FIRST,
        help=t("The number beside a choice says how many centres it would give."),
    )  # fmt: skip
