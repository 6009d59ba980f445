"""What the Centres page shares: filters kept in step with the address, the list, and ways out of an empty result.

The address is the only place where the view is kept. Each run reads it, and sets the widgets to it; a changed widget
writes it. So a view is a link, and the counts in the options' labels may change under a choice.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import FacetCounts, Selection, select
from opinion.centres.filters import Filters
from opinion.centres.packing import EQUIPMENT_BITS
from opinion.errors import Problem
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state

PAGE_ROWS = 25
_SHOWN = ["centre_id", "name", "city", "country_code", "beds", "website", "equipment_stated"]
OWN_COLUMNS = 3  # so many areas, and items of equipment, have a column each
VIEWS = ("list", "map", "charts")
LAST_QUERY = "centres_query"
"""In the session: the query of the list as it was last seen, for the way back from a centre."""

_COUNT = " · "  # stands between an option's label and its count
_KEYS = {
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


def read_address() -> tuple[Filters, str, int, list[Problem]]:
    """Return what the address asks for: filters, view and page; and what in it is not known and left out."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    filters, problems = Filters.from_query(query)
    view, page = st.query_params.get("view", VIEWS[0]), st.query_params.get("page", "1")
    if view not in VIEWS:
        problems.append(Problem("view", view[:100], ""))
        view = VIEWS[0]
    if not (page.isascii() and page.isdigit() and int(page[:9]) > 0):
        problems.append(Problem("page", page[:100], ""))
        page = "1"
    return filters, view, int(page[:9]), problems


def write_address(filters: Filters, view: str = VIEWS[0], page: int = 1) -> None:
    """Put a view into the address, in the shortest form; the language stays."""
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    more = {"view": view if view != VIEWS[0] else "", "page": str(page) if page > 1 else ""}
    st.query_params.from_dict({**kept, **filters.to_query(), **{key: value for key, value in more.items() if value}})


def centre_address(centre_id: str) -> str:
    """Return the address of a centre's page, with the way back to this list in it: it opens in a new tab."""
    query = urlencode(st.query_params.to_dict())
    back = f"&back={quote(query, safe='')}" if query else ""
    return f"/centre?id={quote(centre_id, safe=':')}{back}"


def restore() -> None:
    """Put the last list of this session back into the address, if the browser's Back came to it by a centre's id.

    Opening a centre leaves such an entry in the browser's history.
    """
    if "id" in st.query_params:
        st.query_params.from_dict(st.session_state.get(LAST_QUERY, {}))


def remember() -> None:
    """Keep the query of this list in the session, for the way back from a centre."""
    st.session_state[LAST_QUERY] = st.query_params.to_dict()


def _keep_filters() -> None:
    """Write what the widgets ask for into the address; the list starts again on its first page."""
    t, held = state.translator(), st.session_state
    filters = Filters(
        disease_areas=_ids(held.get(_KEYS["area"]), words.area_labels(t)),
        areas_match=held.get(_KEYS["areas"]) or "any",
        countries=_ids(held.get(_KEYS["country"]), country_names(t.language)),
        equipment=_ids(held.get(_KEYS["equipment"]), words.asked_labels(t)),
        equipment_match=held.get(_KEYS["having"]) or "any",
        focus=next(iter(_ids([held.get(_KEYS["focus"]) or ""], focus_labels(t))), ""),
        text=held.get(_KEYS["q"]) or "",
        suggested=bool(held.get(_KEYS["suggested"])),
    )
    write_address(filters, held.get(_KEYS["view"]) or VIEWS[0])


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
    write_address(filters, st.session_state.get(_KEYS["view"]) or view, page)


def _keep_page() -> None:
    filters, view, page, _ = read_address()
    write_address(filters, view, st.session_state.get(_KEYS["page"]) or page)


def show_problems(problems: list[Problem], t: Translator) -> None:
    """Say in one line what in the address is not known."""
    if problems:
        parts = "; ".join(f"{words.plain(problem.key)} “{words.plain(problem.value)}”" for problem in problems)
        st.warning(t("This address asks for something that is not known. It was left out: {parts}.", parts=parts),
                   icon=":material/link_off:")  # fmt: skip


def show_filters(catalogue: Catalogue, filters: Filters, facets: FacetCounts, t: Translator) -> None:
    """Show a widget for each filter, set to ``filters``, with the number of centres that each option would give."""
    st.subheader(t("Filters"), anchor=False)
    st.text_input(
        t("Name or town"), key=_set("q", filters.text), on_change=_keep_filters, type="search", max_chars=100,
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
        t("Also what the name suggests"), key=_set("suggested", filters.suggested), on_change=_keep_filters,
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


def _set(name: str, value: object) -> str:
    """Set a widget to what the address says, before it is made; return its key."""
    st.session_state[_KEYS[name]] = value
    return _KEYS[name]


def _ask_many(
    name: str, label: str, labels: Mapping[str, str], chosen: tuple[str, ...], counts: Mapping[str, int], t: Translator
) -> None:
    st.multiselect(
        label,
        list(labels),
        format_func=lambda id_: f"{labels[id_]}{_COUNT}{counts.get(id_, 0):,}",
        key=_set(name, list(chosen)),
        on_change=_keep_filters,
        placeholder=t("All"),
        filter_mode="contains",
        select_all=False,
    )


def _ask_match(name: str, label: str, chosen: str, t: Translator) -> None:
    names = {"any": t("any one will do"), "all": t("all of them")}
    st.radio(
        label, list(names), format_func=names.__getitem__, horizontal=True,
        key=_set(name, chosen), on_change=_keep_filters,
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
        key=_set("focus", filters.focus),
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
        t("Show as"), list(VIEWS), format_func=names.__getitem__, key=_set("view", view), on_change=_keep_view,
        label_visibility="collapsed", horizontal=True,
    )  # fmt: skip


def show_list(catalogue: Catalogue, selection: Selection, page: int, t: Translator) -> None:
    """Show one page of rows, the way through the pages, and a way to open a centre by keyboard."""
    pages = -(-selection.count // PAGE_ROWS)
    page = min(page, pages)
    rows = selection.rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    first = (page - 1) * PAGE_ROWS + 1
    spoken = t(
        "Centres {first} to {last} of {count}",
        first=f"{first:,}", last=f"{first + len(rows) - 1:,}", count=f"{selection.count:,}",
    )  # fmt: skip
    # Arrow in, Arrow out: made into pandas in between, the list would take twice as long
    known = catalogue.table.select(_SHOWN).take(rows).to_pydict()
    columns = _columns(catalogue, selection.filters, rows.tolist(), known, t)
    st.dataframe(
        pa.table({title: cells for title, (cells, _) in columns.items()}),
        hide_index=True,
        height="content",
        alt=spoken + ". " + t("An empty cell means: not known."),
        key="list",
        placeholder=t("not known"),
        column_config={title: shape for title, (_, shape) in columns.items()},
    )
    st.caption(spoken)
    if pages > 1:
        # set only when it differs: Streamlit warns of a set value beside the default that pagination always has
        if st.session_state.get(_KEYS["page"], 1) != page:
            _set("page", page)
        st.pagination(pages, key=_KEYS["page"], on_change=_keep_page, width="stretch")
    _show_opening(known, t)


def _show_opening(known: dict[str, list[Any]], t: Translator) -> None:
    named = zip(known["centre_id"], known["name"], known["city"], strict=True)
    names = {id_: ", ".join(filter(None, (name, city))) for id_, name, city in named}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Open a centre of this page"), list(names), index=None, format_func=names.__getitem__,
            placeholder=t("Choose a centre"), key="open_centre", width=420,
        )  # fmt: skip
        if st.button(t("Open this centre"), key="open_centre_now", disabled=not chosen) and chosen:
            st.switch_page("../../pages/centre.py", query_params={"id": chosen})


def _columns(
    catalogue: Catalogue, filters: Filters, rows: list[int], known: dict[str, list[Any]], t: Translator
) -> dict[str, tuple[list[Any], Any]]:
    """Return the columns of the list for a few rows, by title: cells (``None`` is unknown) and their shape."""
    names, shape = country_names(t.language), st.column_config
    focuses = [catalogue.focus_of(row) for row in rows]
    certain = [[certainty_of(catalogue, item, row) for item in filters.equipment] for row in rows]
    columns: dict[str, tuple[list[Any], Any]] = {
        t("Page"): (
            [centre_address(id_) for id_ in known["centre_id"]],
            shape.LinkColumn(display_text=t("Open"), width=55),
        ),
        t("Name"): (known["name"], shape.TextColumn(width=215)),
        t("City"): ([town or None for town in known["city"]], shape.TextColumn(width=95)),
        t("Country"): ([names.get(code, code) for code in known["country_code"]], shape.TextColumn(width=95)),
    }
    if 0 < len(filters.disease_areas) <= OWN_COLUMNS:
        labels = words.area_labels(t)
        for area in filters.disease_areas:
            cells = [words.focus_word(focus.get(area, ""), t) for focus in focuses]
            columns[labels[area]] = (cells, shape.TextColumn(width=125))
    else:
        cells = [words.focus_words(focus, filters.disease_areas, t) for focus in focuses]
        columns[t("Disease areas")] = (cells, shape.TextColumn(width=230))
    labels, cells = words.asked_labels(t), []
    if 0 < len(filters.equipment) <= OWN_COLUMNS:
        for place, item in enumerate(filters.equipment):
            cells = [words.certainty_words(each[place], t) for each in certain]
            columns[labels[item]] = (cells, shape.TextColumn(width=90))
    elif filters.equipment:
        pairs = [zip(filters.equipment, each, strict=True) for each in certain]
        cells = ["; ".join(f"{labels[item]}: {words.certainty_words(how, t)}" for item, how in each) for each in pairs]
        columns[t("Equipment")] = (cells, shape.TextColumn(width=230))
    else:
        columns[t("Equipment, stated")] = (
            [_stated_items(mask, labels, t) for mask in known["equipment_stated"]],
            shape.TextColumn(width=170),
        )
    columns[t("Beds")] = (known["beds"], shape.NumberColumn(width=65))
    link = shape.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width=150)
    columns[t("Website")] = ([site or None for site in known["website"]], link)
    return columns


def _stated_items(mask: int, labels: Mapping[str, str], t: Translator) -> str | None:
    """Return the first few items by name, the rest by number; ``None`` if none is stated."""
    items = [labels[item] for item, bit in EQUIPMENT_BITS.items() if mask >> bit & 1]
    more = t.plural("and {count} more", "and {count} more", len(items) - 2) if len(items) > 2 else ""
    return " ".join(filter(None, (", ".join(items[:2]), more))) or None


def certainty_of(catalogue: Catalogue, item: str, row: int) -> str:
    """Return how surely the centre of a row has an item of equipment; ``""`` is unknown."""
    for certainty, sets in catalogue.equipped.items():
        if int(sets[EQUIPMENT_BITS[item]][row >> 6]) >> (row & 63) & 1:
            return certainty
    return ""


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
    ways = [] if filters.suggested else [(t("Also what the name suggests"), replace(filters, suggested=True))]
    return ways + [(t("Without {filter}", filter=label), less) for label, less in asked if label]
