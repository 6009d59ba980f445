"""The parts of the Centres page that take longer: map and files. Each is made only when it is asked for.

A press on a country narrows the filters in the address.
"""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.facets import Selection
from opinion.centres.rowsets import unpack_rows
from opinion.exchange.tables import centres_as_csv, centres_as_xlsx
from opinion.exchange.workbooks import XLSX
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import provenance_view, state
from opinion.ui.browsing_address import centre_addresses
from opinion.ui.browsing_charts import by_country, country_words
from opinion.ui.browsing_charts import show_charts as show_charts  # the page asks for each view here
from opinion.ui.narrowing import press_on, show_undo
from opinion.ui.pictures import Twin, is_narrow, show_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opinion.charts.figures import Place

MOST_PLACES = 600  # bubbles that a browser draws at once without a pause
MOST_LINKS = 25
MAPS = ("points", "countries")
_GRIDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # degrees


def show_downloads(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show the buttons that save the whole selection; a file is made when it is asked for."""
    rows = selection.rows
    count = t.plural("{count} centre", "{count} centres", selection.count)
    asked = selection.filters
    name = "-".join(("centres", *asked.countries, *asked.disease_areas, *asked.equipment))[:80]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("Download {centres}, with sources and licences:", centres=count), width="content")
        st.download_button(
            "CSV", file_of(centres_as_csv, catalogue, rows, t), f"{name}.csv", "text/csv",
            on_click="ignore", icon=":material/download:", key="save_csv",
        )  # fmt: skip
        st.download_button(
            "Excel", file_of(centres_as_xlsx, catalogue, rows, t), f"{name}.xlsx", XLSX,
            on_click="ignore", icon=":material/download:", key="save_xlsx",
        )  # fmt: skip
    if provenance_view.may_download():
        st.markdown(t("One row for each centre. Every fact with its source, date and licence is on the page Sources:"))
        st.page_link("../../pages/sources.py", label=t("Every fact as a file"), icon=":material/menu_book:")


def file_of(
    make: "Callable[[Catalogue, NDArray[np.intp], Translator], bytes]",
    catalogue: Catalogue,
    rows: "NDArray[np.intp]",
    t: Translator,
) -> Callable[[], bytes]:
    """Return what makes the file. It runs outside the session, so it holds all that it needs."""
    return lambda: make(catalogue, rows, t)


def show_licence(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show who published what is on the page, and where licences stand."""
    column = catalogue.table.column("source").chunk(0)
    numbers = np.unique(column.indices.to_numpy()[unpack_rows(selection.chosen)])
    known = catalogue.sources()
    publishers = dict.fromkeys(known[column.dictionary[number].as_py()].publisher for number in numbers.tolist())
    listed = words.plain("; ".join(publishers))
    st.caption(
        t("Some hospitals stand here twice, under two names.")
        + " "
        + t("Listed by: {publishers}.", publishers=listed)
        + " "
        + t("Each source keeps its own licence: see [Sources](/sources), and the page of each centre.")
    )


def show_map(catalogue: Catalogue, selection: Selection) -> None:
    """Show the selection on a map: bubbles that list their centres, or countries that narrow the filters."""
    t = state.translator()
    show_undo(t)
    names = {"points": t("Points"), "countries": t("By country")}
    asked = st.query_params.get("map", MAPS[0])
    st.session_state["map_kind"] = kind = asked if asked in MAPS else MAPS[0]
    st.radio(
        t("Map of"), list(MAPS), format_func=names.__getitem__, key="map_kind", on_change=_keep_map,
        horizontal=True, label_visibility="collapsed",
    )  # fmt: skip
    (_show_countries if kind == "countries" else _show_points)(catalogue, selection)
    st.caption(t("Outlines: plotly.js, from United Nations and Natural Earth data. Borders are no statement of ours."))


def _keep_map() -> None:
    if st.session_state["map_kind"] == MAPS[0]:
        st.query_params.pop("map", None)
    else:
        st.query_params["map"] = st.session_state["map_kind"]


@st.fragment
def _show_points(catalogue: Catalogue, selection: Selection) -> None:
    from opinion.charts.figures import MAP_CONFIG, draw_map  # plotly: not before a map is asked for

    t = state.translator()
    places, members, without = places_of(catalogue, selection.rows, t)
    notes = [t("The larger a bubble, the more centres. Press one to list them. Many points are those of a town.")]
    if without:
        notes.append(t.plural("{count} centre is not on the map: its place is not known.",
                              "{count} centres are not on the map: their places are not known.", without))  # fmt: skip
    ordered = sorted(places, key=lambda place: -place.count)
    pressed = show_picture(
        "map", _map_title(places, selection.count - without, t), notes, draw_map(places, is_narrow()),
        t("Map of {count} centres. The table below the map says the same.", count=f"{selection.count - without:,}"),
        Twin((t("Around"), t("Centres")), [(place.town, place.count) for place in ordered]),
        t, MAP_CONFIG, can_press=True,
    )  # fmt: skip
    if pressed in members:
        place = next(place for place in places if place.key == pressed)
        st.markdown(f"**{words.plain(place.label)}**\n\n" + _links(catalogue, members[pressed], t))
        if len(members[pressed]) > MOST_LINKS:
            st.caption(t("To see all of them as a list, ask for a distance from this town in the filters."))


@st.fragment
def _show_countries(catalogue: Catalogue, selection: Selection) -> None:
    from opinion.charts.figures import MAP_CONFIG, Shade, draw_country_map  # plotly: not before a map is asked for
    from opinion.charts.outlines import outline_of  # the same

    t = state.translator()
    places, _, _ = places_of(catalogue, selection.rows, t)
    names, counts = country_names(t.language), by_country(catalogue, selection.chosen)
    outlines = outline_of(50)
    shades = [
        Shade(outlines[code], n, f"{names[code]}: {t.plural('{count} centre', '{count} centres', n)}", code)
        for code, n in counts.items()
        if code in outlines
    ]
    title, *notes = country_words(counts, selection.count, t)
    notes.append(t("Each step of the scale is ten times as many. Press a country to see its centres only."))
    if absent := {code: n for code, n in counts.items() if code not in outlines}:
        notes.append(t("Not drawn on this map: {countries}.", countries=words.country_list(absent, t)))
    pressed = show_picture(
        "countries_map", title, notes, draw_country_map(shades, places, is_narrow()),
        t("Map of {count} countries. The table below the map says the same.", count=f"{len(shades):,}"),
        Twin((t("Country"), t("Centres")), [(names[code], n) for code, n in counts.items()]),
        t, MAP_CONFIG, can_press=True,
    )  # fmt: skip
    if pressed in counts:
        press_on(selection.filters, t, country=pressed)


def places_of(
    catalogue: Catalogue, rows: "NDArray[np.intp]", t: Translator
) -> "tuple[list[Place], dict[str, NDArray[np.intp]], int]":
    """Return the bubbles for ``rows``, the rows of each by its key, and how many rows have no known place.

    Centres of a cell of a grid share a bubble; the grid is the finest that gives at most ``MOST_PLACES``.
    """
    from opinion.charts.figures import Place  # plotly: not before a map is asked for

    lat, lon = catalogue.lat[rows], catalogue.lon[rows]
    known = ~np.isnan(lat)
    rows, lat, lon = rows[known], lat[known], lon[known]
    firsts = groups = np.empty(0, dtype=np.intp)
    for grid in _GRIDS:
        # one number for a cell: comparing pairs would take ten times as long
        cells = np.round(lat / grid).astype(np.int64) * 1_000_000 + np.round(lon / grid).astype(np.int64)
        _, firsts, groups = np.unique(cells, return_index=True, return_inverse=True)
        if len(firsts) <= MOST_PLACES:
            break
    order = np.argsort(groups, kind="stable")
    held = np.split(order, np.cumsum(np.bincount(groups, minlength=len(firsts)))[:-1]) if len(rows) else []
    names, places, members = country_names(t.language), [], {}
    page = catalogue.page(rows[firsts], ("centre_id", "name"))
    towns, countries = catalogue.table.column("city").take(rows).to_pylist(), catalogue.country_of[rows].tolist()
    for inside, (id_, name) in zip(held, page.itertuples(index=False, name=None), strict=True):
        ((town, country), _), *_ = Counter((towns[place], countries[place]) for place in inside).most_common(1)
        code = catalogue.countries[country]
        where = ", ".join((town or name, names.get(code, code)))
        count = t.plural("{count} centre", "{count} centres", len(inside))
        label = f"{name}, {where}" if len(inside) == 1 else t("Around {place}: {centres}", place=where, centres=count)
        # the middle of its centres, so that a bubble stands where they are and not in the middle of a cell
        places.append(Place(id_, float(lat[inside].mean()), float(lon[inside].mean()), len(inside), label, where))
        members[id_] = rows[inside]
    return places, members, int((~known).sum())


def _map_title(places: "list[Place]", count: int, t: Translator) -> str:
    if not places:
        return t("The places of these centres are not known")
    largest = max(places, key=lambda place: place.count)
    if largest.count == 1:
        return t.plural("{count} centre, in a place of its own", "{count} centres, each in a place of its own", count)
    return t("The largest group is around {place}: {some} of {count} centres",
             place=words.plain(largest.town), some=f"{largest.count:,}", count=f"{count:,}")  # fmt: skip


def _links(catalogue: Catalogue, rows: "NDArray[np.intp]", t: Translator) -> str:
    """Return a list of links to the centres of a bubble."""
    page = catalogue.page(rows[:MOST_LINKS], ("centre_id", "name", "city"))
    lines = [
        f"- [{words.plain(name)}]({address}){', ' + words.plain(city) if city else ''}"
        for address, name, city in zip(centre_addresses(page.centre_id), page.name, page.city, strict=True)
    ]
    rest = len(rows) - MOST_LINKS
    if rest > 0:
        lines.append("- " + t.plural("and {count} more", "and {count} more", rest))
    return "\n".join(lines)
