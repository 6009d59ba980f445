"""The tables of the page Facts to check: a page of lines, each with the way to its centre, and what is narrowed down.

The address holds which list is shown and how it is narrowed (``list``, ``fact``, ``country``, ``check``, ``source``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.corrections import CORRECTABLE
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.choices import told_apart

PAGE_ROWS = 50
_LOW_ROWS = 9  # lines of a table below which more is to be seen
Columns = dict[str, list[Any]]


def from_address(name: str, values: Sequence[str], other: str = "") -> dict[str, Any]:
    """Return what a widget needs that asks for a part of the address: it shows what the address says, and keeps it.

    ``values``: what can be chosen; ``other``: what is shown where the address says nothing, or nothing of that.
    """
    key, asked = f"queue_{name}", st.query_params.get(name, other)
    st.session_state[key] = asked if asked in values else other
    # the one callback of a page with a guard: it runs before that, and changes nothing but the address
    return {"key": key, "on_change": _keep, "args": (name, other)}


def _keep(name: str, other: str) -> None:
    chosen = st.session_state[f"queue_{name}"]
    if chosen and chosen != other:
        st.query_params[name] = chosen
    else:
        forget(name)


def forget(*names: str) -> None:
    """Take parts of the address away."""
    for name in names:
        if name in st.query_params:
            del st.query_params[name]


def choose(label: str, counts: Counter[str], names: Mapping[str, str], name: str, t: Translator) -> str:
    """Ask for one of the values counted, with how often each is there; ``""`` for any. ``name``: in the address."""
    words = told_apart({id_: f"{names.get(id_, id_)} ({count:,})" for id_, count in counts.most_common()})
    chosen = st.selectbox(
        label, ["", *words], format_func=lambda id_: words.get(id_, t("Any")), width=260,
        **from_address(name, ["", *words]),
    )  # fmt: skip
    return chosen or ""


def page_of(found: Sequence[Any], name: str) -> Sequence[Any]:
    """Return one page of a list, with the way through the pages if there are several."""
    pages = -(-len(found) // PAGE_ROWS)
    number = 1
    if pages > 1:
        number = min(st.pagination(pages, key=f"queue_page_{name}"), pages)
    return found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]


def country_of(catalogue: Catalogue, row: int) -> str:
    """Return the code of the country of a row."""
    return catalogue.countries[int(catalogue.country_of[row])]


def centre_columns(
    catalogue: Catalogue, rows: Sequence[int | None], t: Translator, fields: Sequence[str] = ()
) -> Columns:
    """Return the columns that say of which centre each line is, and open it; empty where it is not there any more.

    ``fields``: for each line the field that its page is to offer to correct, ``""`` for none.
    """
    ids, titles = (catalogue.table.column(name) for name in ("centre_id", "name"))
    to_correct = fields or [""] * len(rows)
    return {
        t("Page"): [
            None if row is None else centre_address(ids[row].as_py(), field)
            for row, field in zip(rows, to_correct, strict=True)
        ],
        t("Centre"): [None if row is None else titles[row].as_py() for row in rows],
    }


def centre_address(centre_id: str, field: str = "") -> str:
    """Return the address of a centre's page, with ``field`` ready to be corrected if it can be."""
    offered = f"&correct={field}" if field in CORRECTABLE else ""
    return f"/centre?id={quote(centre_id, safe=':')}{offered}"


def countries_of(catalogue: Catalogue, rows: Sequence[int | None], t: Translator) -> list[str | None]:
    """Return the names of countries; they come late in a table, for on a phone little more than its start is seen."""
    names = country_names(t.language)
    codes = [None if row is None else country_of(catalogue, row) for row in rows]
    return [None if code is None else names.get(code, code) for code in codes]


def show_table(columns: Columns, alt: str, key: str, t: Translator) -> None:
    """Show lines to be read."""
    st.dataframe(columns, key=key, **_shape(columns, alt, t))


def ask_lines(columns: Columns, alt: str, key: str, t: Translator, is_low: bool = False) -> list[int]:
    """Show lines of which some can be ticked; return the places of these.

    ``is_low``: few lines are seen at once, so that what stands below the table is seen, too.
    """
    shape = _shape(columns, alt, t, is_low)
    shown = st.dataframe(columns, key=key, on_select="rerun", selection_mode="multi-row", **shape)
    count = len(next(iter(columns.values())))
    return [place for place in shown["selection"]["rows"] if place < count]


def _shape(columns: Columns, alt: str, t: Translator, is_low: bool = False) -> dict[str, Any]:
    shape = st.column_config
    links = {
        t("Page"): shape.LinkColumn(display_text=t("Open"), width=50),
        t("Centres of it"): shape.LinkColumn(display_text=t("Show them"), width=100),
        t("Where to get it"): shape.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width=180),
        t("Centre"): shape.TextColumn(width=190 if is_low else 260),
        t("Gap"): shape.NumberColumn(width=50),
        t("Source"): shape.TextColumn(width=260),
        t("Fact"): shape.TextColumn(width=100 if is_low else 120),
        t("Counts"): shape.TextColumn(width=270),
        t("Does not count"): shape.TextColumn(width=270),
        t("Why"): shape.TextColumn(width=225),
    }
    most, height = (_LOW_ROWS, 370) if is_low else (PAGE_ROWS, 600)
    return {
        "hide_index": True, "alt": alt, "placeholder": "",
        "height": "content" if len(next(iter(columns.values()))) <= most else height,
        "column_config": {title: link for title, link in links.items() if title in columns},
    }  # fmt: skip
