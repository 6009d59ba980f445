"""The list of centres: one page of rows, the way through the pages, and the way to a centre."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from opinion.centres import staleness
from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import MOST_COMPARED
from opinion.centres.facets import Selection
from opinion.centres.packing import EQUIPMENT_BITS
from opinion.centres.searching import TextMatch, matched_parts
from opinion.exchange.overdue_wordings import overdue_part_words
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import workbench
from opinion.ui.browsing_address import centre_addresses, read_address, write_address
from opinion.ui.browsing_widgets import KEYS, set_widget
from opinion.ui.choices import told_apart
from opinion.ui.fact_words import distance_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAGE_ROWS = 25
_SHOWN = [
    "centre_id", "name", "name_local", "name_other", "city", "designations", "country_code", "coord_precision", "beds",
    "website", "equipment_stated", "newest_year", "due_first", "due_last",
]  # fmt: skip
_Columns = dict[str, tuple[list[Any], Any]]
OWN_COLUMNS = 3  # so many areas, and items of equipment, have a column each


def _keep_page() -> None:
    filters, view, page, _ = read_address()
    write_address(filters, view, st.session_state.get(KEYS["page"]) or page)


def show_list(catalogue: Catalogue, selection: Selection, page: int, t: Translator) -> None:
    """Show one page of rows, the way through the pages, and a way to open a centre by keyboard."""
    pages = -(-selection.count // PAGE_ROWS)
    page = min(page, pages)
    rows = selection.page((page - 1) * PAGE_ROWS, PAGE_ROWS)
    first = (page - 1) * PAGE_ROWS + 1
    spoken = t(
        "Centres {first} to {last} of {count}",
        first=f"{first:,}", last=f"{first + len(rows) - 1:,}", count=f"{selection.count:,}",
    )  # fmt: skip
    # Arrow in, Arrow out: made into pandas in between, the list would take twice as long
    known = catalogue.table.select(_SHOWN).take(rows).to_pydict()
    columns = _columns(catalogue, selection, rows, known, t)
    _show_table(columns, known, spoken, t)
    if pages > 1:
        # set only when it differs: Streamlit warns of a set value beside the default that pagination always has
        if st.session_state.get(KEYS["page"], 1) != page:
            set_widget("page", page)
        st.pagination(pages, key=KEYS["page"], on_change=_keep_page, width="stretch")
    _show_opening(known, t)


@st.fragment
def _show_table(columns: _Columns, known: dict[str, list[Any]], spoken: str, t: Translator) -> None:
    """Show the rows, and what can be done with those that are ticked: only this part runs again for a tick."""
    event: Any = st.dataframe(
        pa.table({title: cells for title, (cells, _) in columns.items()}),
        hide_index=True,
        height="content",
        alt=spoken + ". " + t("An empty cell means: not known."),
        key="list",
        placeholder=t("not known"),
        column_config={title: shape for title, (_, shape) in columns.items()},
        on_select="rerun",
        selection_mode="multi-row",
    )
    ticked = [known["centre_id"][row] for row in event.selection.rows if row < len(known["centre_id"])]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            t("Keep on the shortlist"), key="keep_ticked", disabled=not ticked, icon=":material/playlist_add:"
        ):
            workbench.keep_centres(ticked)
            st.rerun()
        if st.button(
            t("Compare"),
            key="compare_ticked",
            disabled=not 2 <= len(ticked) <= MOST_COMPARED,
            icon=":material/compare:",
        ):
            st.switch_page("../../pages/compare.py", query_params={"id": ",".join(ticked)})
        held = len(workbench.shortlist())
        if held:
            label = t.plural("{count} centre on the shortlist", "{count} centres on the shortlist", held)
            st.page_link("../../pages/shortlist.py", label=label, icon=":material/playlist_add_check:")
        how = t("Tick rows to keep them, or two to {most} to compare them.", most=MOST_COMPARED)
        how += " " + t("By keyboard: arrow keys, then Shift and Space.")
        how = t.plural("{count} row ticked.", "{count} rows ticked.", len(ticked)) if ticked else how
        st.caption(f"{spoken}. {how}")


def _show_opening(known: dict[str, list[Any]], t: Translator) -> None:
    """Show the way to one centre, and to the shortlist, by a list of names."""
    named = zip(known["centre_id"], known["name"], known["city"], strict=True)
    names = {id_: ", ".join(filter(None, (name, city))) for id_, name, city in named}
    names = told_apart(names, str)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Open a centre of this page"), list(names), index=None, format_func=names.__getitem__,
            placeholder=t("Choose a centre"), key="open_centre", width=420,
        )  # fmt: skip
        if st.button(t("Open this centre"), key="open_centre_now", disabled=not chosen) and chosen:
            st.switch_page("../../pages/centre.py", query_params={"id": chosen})


def _columns(
    catalogue: Catalogue, selection: Selection, rows: "NDArray[np.intp]", known: dict[str, list[Any]], t: Translator
) -> _Columns:
    """Return the columns of the list for a few rows, by title: cells (``None`` is unknown) and their shape.

    What is asked for stands next to the name; what is always there comes after it.
    """
    names, shape, filters = country_names(t.language), st.column_config, selection.filters
    columns: _Columns = {
        t("Page"): (
            centre_addresses(known["centre_id"]),
            shape.LinkColumn(display_text=t("Open"), width=55),
        ),
        t("Name"): _words_column(known["name"], 280),
    }
    if selection.match:
        columns[t("Found")] = _words_column(_found_words(known, selection.match, t))
    distances = selection.distances_km(rows)
    if distances is not None:
        points = zip(distances.tolist(), known["coord_precision"], strict=True)
        columns[t("Distance")] = _words_column([distance_words(km, precision, t) for km, precision in points])
    asked, others = _facts_columns(catalogue, selection, rows, known, t)
    beds = {t("Beds"): (known["beds"], shape.NumberColumn(width=70))}
    columns |= asked | (beds if filters.sort == "beds" or filters.beds else {})
    columns[t("City")] = _words_column([town or None for town in known["city"]])
    columns[t("Country")] = _words_column([names.get(code, code) for code in known["country_code"]])
    columns[t("Newest fact")] = _words_column(_dated_words(known, t))
    link = shape.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width=150)
    return columns | others | beds | {t("Website"): ([site or None for site in known["website"]], link)}


def _dated_words(known: dict[str, list[Any]], t: Translator) -> list[str | None]:
    """Return for each row the year of its newest fact, how much of what is stated of it is overdue, and how long."""
    day = staleness.today()
    due = zip(known["newest_year"], known["due_first"], known["due_last"], strict=True)
    cells = [(year, overdue_part_words(first, last, day, t)) for year, first, last in due]
    return ["; ".join(filter(None, (str(year) if year else "", late))) or None for year, late in cells]


def _facts_columns(
    catalogue: Catalogue, selection: Selection, rows: "NDArray[np.intp]", known: dict[str, list[Any]], t: Translator
) -> tuple[_Columns, _Columns]:
    """Return the columns of areas and equipment: those asked for, and those that tell of the rest."""
    filters, asked, others = selection.filters, _Columns(), _Columns()
    certain = [[certainty_of(catalogue, item, row) for item in filters.equipment] for row in rows.tolist()]
    labels = words.asked_labels(t)
    if 0 < len(filters.equipment) <= OWN_COLUMNS:
        for place, item in enumerate(filters.equipment):
            asked[labels[item]] = _words_column([words.certainty_words(each[place], t) for each in certain])
    elif filters.equipment:
        pairs = [zip(filters.equipment, each, strict=True) for each in certain]
        cells = ["; ".join(f"{labels[item]}: {words.certainty_words(how, t)}" for item, how in each) for each in pairs]
        asked[t("Equipment")] = _words_column(cells)
    else:
        stated = [_stated_items(mask, labels, t) for mask in known["equipment_stated"]]
        others[t("Equipment, stated")] = _words_column(stated)
    focuses, areas = catalogue.focuses_of(rows), words.area_labels(t)
    if 0 < len(filters.disease_areas) <= OWN_COLUMNS:
        for area in filters.disease_areas:
            asked[areas[area]] = _words_column([words.focus_word(focus.get(area, ""), t) for focus in focuses], 260)
    else:
        cells = [words.focus_words(focus, filters.disease_areas, t) for focus in focuses]
        (asked if filters.disease_areas else others)[t("Disease areas")] = _words_column(cells)
    return asked, others


def _words_column(cells: Sequence[str | None], most: int = 230) -> tuple[list[Any], Any]:
    """Return a column of words as wide as they need, up to ``most`` pixels."""
    needed = 7 * max((len(cell) for cell in cells if cell), default=0) + 24
    return list(cells), st.column_config.TextColumn(width=max(90, min(needed, most)))


def _found_words(known: dict[str, list[Any]], match: TextMatch, t: Translator) -> list[str]:
    """Return for each row the words that were found, with where they stand: a name that is not shown stands whole."""
    places = {"name": t("name"), "city": t("town"), "name_local": "", "name_other": "", "designations": t("title")}
    cells = []
    for row in range(len(known["centre_id"])):
        said = []
        for field, label in places.items():
            text = known[field][row]
            found = [text[start:end] for start, end in matched_parts(text, match)]
            if found:
                said.append(f"{label}: {' '.join(dict.fromkeys(found))}" if label else text)
        cells.append("; ".join(said))
    return cells


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
