"""The parts of the Centres page that take longer: map, charts, files. Each is made only when it is asked for."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from opinion.centres.catalogues import CERTAINTIES, Catalogue, pack_rows
from opinion.centres.coverage import cover_field
from opinion.centres.facets import Selection
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.exchange.tables import XLSX, centres_as_csv, centres_as_xlsx
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import centre_address
from opinion.ui.results import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from opinion.charts.figures import Place

MOST_PLACES = 600  # bubbles that a browser draws at once without a pause
MOST_BARS = 12
MOST_LINKS = 25
_GRIDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # degrees


def show_downloads(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show the buttons that save the whole selection; a file is made when it is asked for."""
    rows = selection.rows
    count = t.plural("{count} centre", "{count} centres", selection.count)
    asked = selection.filters
    name = "-".join(("centres", *asked.countries, *asked.disease_areas, *asked.equipment))[:80]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("Save {centres}, with sources and licences:", centres=count), width="content")
        st.download_button(
            "CSV", _file(centres_as_csv, catalogue, rows, t), f"{name}.csv", "text/csv",
            on_click="ignore", icon=":material/download:", key="save_csv",
        )  # fmt: skip
        st.download_button(
            "Excel", _file(centres_as_xlsx, catalogue, rows, t), f"{name}.xlsx", XLSX,
            on_click="ignore", icon=":material/download:", key="save_xlsx",
        )  # fmt: skip


def _file(
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
    numbers = np.unique(column.indices.to_numpy()[selection.rows])
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


@st.fragment
def show_map(catalogue: Catalogue, selection: Selection) -> None:
    """Show the selection on a map; a pressed bubble lists its centres."""
    from opinion.charts.figures import MAP_CONFIG, draw_map  # plotly: not before a map is asked for

    t = state.translator()
    places, members, without = places_of(catalogue, selection.rows, t)
    st.markdown(f"#### {_map_title(places, selection.count - without, t)}")
    said = [t("The larger a bubble, the more centres. Press one to list them. Many points are those of a town.")]
    if without:
        said.append(t.plural("{count} centre is not on the map: its place is not known.",
                             "{count} centres are not on the map: their places are not known.", without))  # fmt: skip
    st.caption(" ".join(said))
    event: Any = st.plotly_chart(
        draw_map(places), config=MAP_CONFIG, key="map", on_select="rerun", selection_mode="points",
        alt=t("Map of {count} centres. The table below the map says the same.", count=f"{selection.count - without:,}"),
    )  # fmt: skip
    st.caption(t("Outlines: plotly.js, from United Nations and Natural Earth data. Borders are no statement of ours."))
    pressed = [point["customdata"][0] for point in event.selection.points if point.get("customdata")]
    for key in pressed[:1]:
        if key in members:
            st.markdown(_links(catalogue, members[key], t))

    def table() -> None:
        ordered = sorted(places, key=lambda place: -place.count)
        st.dataframe(
            {t("Around"): [place.town for place in ordered],
             t("Centres"): [place.count for place in ordered]},
            hide_index=True, alt=t("Places on the map, with the number of centres at each"),
        )  # fmt: skip

    fold(t("The map as a table"), "map_table", table)


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
        f"- [{words.plain(name)}]({centre_address(id_)}){', ' + words.plain(city) if city else ''}"
        for id_, name, city in page.itertuples(index=False, name=None)
    ]
    rest = len(rows) - MOST_LINKS
    if rest > 0:
        lines.append("- " + t.plural("and {count} more", "and {count} more", rest))
    return "\n".join(lines)


@st.fragment
def show_charts(catalogue: Catalogue, selection: Selection) -> None:
    """Show the selection by country, disease area and equipment."""
    t = state.translator()
    flags = np.zeros(catalogue.size, dtype=np.bool_)
    flags[selection.rows] = True
    chosen = pack_rows(flags)
    filters, count = selection.filters, selection.count

    per_country = np.bincount(catalogue.country_of[selection.rows], minlength=len(catalogue.countries)).tolist()
    in_codes = {code: n for code, n in zip(catalogue.countries, per_country, strict=True) if n}
    names = country_names(t.language)
    countries = {names.get(code, code): n for code, n in in_codes.items()}
    title, note = _country_words(in_codes, count, t)
    _show_chart("countries", title, note, {t("Centres"): countries}, t("Country"), t)

    weakest = FOCUSES[-1] if filters.suggested and not filters.focus else STATED[-1]
    depths = [SPECIALISED[-1], STATED[-1], FOCUSES[-1]][: 3 if weakest == FOCUSES[-1] else 2]
    parts = _parts(
        words.area_labels(t), AREA_BITS,
        [(label, catalogue.reached[depth]) for depth, label in zip(
            depths, (t("specialises in it"), t("offers it"), t("name suggests it")), strict=False)],
        chosen,
    )  # fmt: skip
    covered = cover_field(catalogue, "disease_area").countries
    note = t.plural("Disease areas are stated for {count} country only: {countries}.",
                    "Disease areas are stated for {count} countries only: {countries}.",
                    len(covered), countries=words.country_list(covered, t))  # fmt: skip
    _show_chart("areas", _most_words(parts, count, False, t), f"{note} {_elsewhere(t)}", parts, t("Disease area"), t)

    sure = CERTAINTIES if filters.suggested else CERTAINTIES[:2]
    parts = _parts(
        words.asked_labels(t), EQUIPMENT_BITS,
        [(words.certainty_words(one, t), catalogue.equipped[one]) for one in sure],
        chosen,
    )  # fmt: skip
    covered = cover_field(catalogue, "equipment").countries
    note = t.plural("Equipment is stated for {count} country only: {countries}.",
                    "Equipment is stated for {count} countries only: {countries}.",
                    len(covered), countries=words.country_list(covered, t))  # fmt: skip
    _show_chart("equipment", _most_words(parts, count, True, t), f"{note} {_elsewhere(t)}", parts, t("Equipment"), t)


def _elsewhere(t: Translator) -> str:
    return t("Elsewhere it is not known, which does not mean that there is none.")


def _parts(
    labels: dict[str, str], bits: dict[str, int], layers: "list[tuple[str, Any]]", chosen: "NDArray[np.uint64]"
) -> dict[str, dict[str, int]]:
    """Return for each layer (surest first, each holding the ones before it) how many it adds to each label."""
    before: dict[str, int] = dict.fromkeys(labels, 0)
    parts: dict[str, dict[str, int]] = {}
    for name, sets in layers:
        counts = np.bitwise_count(sets & chosen).sum(axis=1, dtype=np.int64).tolist()
        parts[name] = {labels[id_]: counts[bits[id_]] - before[id_] for id_ in labels}
        before = {id_: counts[bits[id_]] for id_ in labels}
    held = {label for part in parts.values() for label, n in part.items() if n}
    return {name: {label: n for label, n in part.items() if label in held} for name, part in parts.items()}


def _totals(parts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the sum by label, largest first."""
    labels = next(iter(parts.values()), {})
    totals = {label: sum(part[label] for part in parts.values()) for label in labels}
    return dict(sorted(totals.items(), key=lambda pair: -pair[1]))


def _country_words(countries: dict[str, int], count: int, t: Translator) -> tuple[str, str]:
    """Return a title that states the finding, and a note."""
    code, most = max(countries.items(), key=lambda pair: pair[1])
    top = words.place_names(t).get(code, code)
    percent, all_ = f"{round(100 * most / count)}", f"{count:,}"
    note = t("This shows where sources list centres, not where there are most.")
    if most == count:
        return t("All of these {count} centres are in {country}", count=all_, country=words.plain(top)), note
    if 2 * most > count:
        title = t("Most of these {count} centres are in {country} ({percent} %)",
                  count=all_, country=words.plain(top), percent=percent)  # fmt: skip
        return title, note
    return t("The largest share of these {count} centres is in {country} ({percent} %)",
             count=all_, country=words.plain(top), percent=percent), note  # fmt: skip


def _most_words(parts: dict[str, dict[str, int]], count: int, of_equipment: bool, t: Translator) -> str:
    """Return a title that states which is known most often, or that nothing is known."""
    totals = _totals(parts)
    if not totals and of_equipment:
        return t("The equipment of these {count} centres is not known", count=f"{count:,}")
    if not totals:
        return t("The disease areas of these {count} centres are not known", count=f"{count:,}")
    label, most = next(iter(totals.items()))
    said = {"what": words.plain(label), "some": f"{most:,}", "count": f"{count:,}"}
    if of_equipment:
        return t("Known most often is “{what}”: for {some} of these {count} centres", **said)
    return t("The area known most often is “{what}”: for {some} of these {count} centres", **said)


def _show_chart(key: str, title: str, note: str, parts: dict[str, dict[str, int]], kind: str, t: Translator) -> None:
    from opinion.charts.figures import CHART_CONFIG, draw_bars  # plotly: not before a chart is asked for

    totals, spoken = _totals(parts), title.replace("\\", "")
    st.markdown(f"#### {title}")
    st.caption(words.plain(note))
    if not totals:
        return
    shown = list(totals)[:MOST_BARS]
    st.plotly_chart(
        draw_bars(shown, {name: [part[label] for label in shown] for name, part in parts.items()}),
        config=CHART_CONFIG, key=f"chart_{key}", alt=t("Bar chart: {title}", title=spoken),
    )  # fmt: skip
    if len(totals) > MOST_BARS:
        rest = len(totals) - MOST_BARS
        st.caption(t.plural("{count} more stands in the table.", "{count} more stand in the table.", rest))
    columns: dict[str, list[Any]] = {kind: list(totals)}
    columns.update({name: [part[label] for label in totals] for name, part in parts.items()})
    fold(t("The chart as a table"), f"chart_{key}", lambda: st.dataframe(columns, hide_index=True, alt=spoken))
