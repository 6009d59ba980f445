"""The selection as bars and heat maps: by country, disease area and equipment. A press narrows the filters.

Each picture is a fragment of its own, and counts packed sets, never row by row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from opinion.centres.catalogues import CERTAINTIES, Catalogue
from opinion.centres.coverage import cover_field
from opinion.centres.facets import Selection
from opinion.centres.filters import Filters
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.narrowing import press_on, show_undo
from opinion.ui.pictures import Twin, is_narrow, show_picture

if TYPE_CHECKING:
    from opinion.centres.rowsets import Words
    from opinion.charts.figures import Cell

MOST_BARS = 12
MOST_COLUMNS, MOST_COLUMNS_NARROW = 15, 5  # of a heat map; on a phone


def show_charts(catalogue: Catalogue, selection: Selection) -> None:
    """Show the selection by country, disease area and equipment, and how these meet."""
    t = state.translator()
    show_undo(t)
    _show_country_bars(catalogue, selection)
    for kind in ("disease_area", "equipment"):
        _show_kind_bars(catalogue, selection, kind)
        if len(by_country(catalogue, selection.chosen)) > 1:  # of one country the bars say it all
            _show_kind_heat_map(catalogue, selection, kind)


@st.fragment
def _show_country_bars(catalogue: Catalogue, selection: Selection) -> None:
    t = state.translator()
    counts, names = by_country(catalogue, selection.chosen), country_names(t.language)
    title, note = country_words(counts, selection.count, t)
    if len(counts) == 1:
        st.markdown(f"#### {title}")
        code = next(iter(counts))
        st.caption(t("What is known of this country, and what is not: [Coverage]({address}).",
                     address=f"/coverage?country={code}"))  # fmt: skip
        return
    pressed = _show_bars("countries", title, [note, _press(t)], {t("Centres"): counts}, names, t("Country"), t)
    if pressed:
        press_on(selection.filters, t, country=pressed)


@dataclass(frozen=True)
class _Kind:
    """What bars and heat map count: ``layers`` by name, surest first, each holding the ones before it."""

    field: str
    title: str
    labels: dict[str, str]
    bits: dict[str, int]
    layers: "list[tuple[str, Words]]"
    asked: tuple[str, ...]
    match: str


def _kind(catalogue: Catalogue, filters: Filters, field: str, t: Translator) -> _Kind:
    """Return disease areas or equipment, known as surely as the filters ask."""
    if field == "disease_area":
        depths = {"designated": t("specialises in it (named programme)"), SPECIALISED[-1]: t("specialises in it"),
                  STATED[-1]: t("offers it"), FOCUSES[-1]: t("name suggests it")}  # fmt: skip
        if filters.focus == "designated":
            shown: Sequence[str] = FOCUSES[:1]
        elif filters.focus:
            shown = [one for one in FOCUSES[1:] if FOCUSES.index(one) <= FOCUSES.index(filters.focus)]
        else:
            shown = FOCUSES[1:] if "suggested" in filters.areas_sure else FOCUSES[1:3]
        layers = [(depths[one], catalogue.reached[one]) for one in shown]
        return _Kind(field, t("Disease area"), words.area_labels(t), AREA_BITS, layers, filters.disease_areas,
                     filters.areas_match)  # fmt: skip
    sure = [one for one in CERTAINTIES if one in filters.equipment_sure] or list(CERTAINTIES[:2])
    layers = [(words.certainty_words(one, t), catalogue.equipped[one]) for one in sure]
    return _Kind(field, t("Equipment"), words.asked_labels(t), EQUIPMENT_BITS, layers, filters.equipment,
                 filters.equipment_match)  # fmt: skip


@st.fragment
def _show_kind_bars(catalogue: Catalogue, selection: Selection, field: str) -> None:
    t = state.translator()
    kind = _kind(catalogue, selection.filters, field, t)
    # what every centre was asked to have has as many as there are centres: its bar would say nothing
    repeated = kind.asked if len(kind.asked) == 1 or kind.match == "all" else ()
    parts = _parts({id_: kind.bits[id_] for id_ in kind.labels if id_ not in repeated}, kind.layers, selection.chosen)
    notes = [_stated_for(catalogue, field, t), _elsewhere(t)]
    if repeated:
        notes.append(
            t("Left out, since it was asked for: {what}.", what=", ".join(kind.labels[id_] for id_ in repeated))
        )
    title = _most_words(_totals(parts), kind, selection.count, bool(repeated), t)
    pressed = _show_bars(field, title, [*notes, _press(t)], parts, kind.labels, kind.title, t)
    if pressed:
        press_on(selection.filters, t, **{field: pressed})


@st.fragment
def _show_kind_heat_map(catalogue: Catalogue, selection: Selection, field: str) -> None:
    from opinion.charts.figures import draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    kind = _kind(catalogue, selection.filters, field, t)
    places, names = by_country(catalogue, selection.chosen), country_names(t.language)
    _, sets = kind.layers[-1]
    held = [id_ for id_ in kind.labels if np.any(sets[kind.bits[id_]] & selection.chosen)]
    if not held:
        return  # the bars have said so
    rows = sets[[kind.bits[id_] for id_ in held]] & selection.chosen
    of_country = catalogue.country_rows[[catalogue.countries.index(code) for code in places]]
    table = np.array([np.bitwise_count(rows & one).sum(axis=1, dtype=np.int64) for one in of_country])
    order = np.argsort(-table.sum(axis=0), kind="stable")
    held, table = [held[place] for place in order], table[:, order]
    codes = list(places)[: MOST_COLUMNS_NARROW if is_narrow() else MOST_COLUMNS]
    nothing = int((table.sum(axis=1) == 0).sum())
    count = len(places)
    if field == "disease_area":
        title = t("For {some} of these {count} countries no disease area is stated", some=nothing, count=count)
    else:
        title = t("For {some} of these {count} countries no equipment is stated", some=nothing, count=count)
    notes = [
        t("How many centres are known for each. A blank cell: nothing is stated, which does not mean none."),
        t("Each step of colour is ten times as many, since sources list very unevenly."),
    ]
    if count > len(codes):
        notes.append(
            t("Shown are the {some} countries with most of these centres; the table has all.", some=len(codes))
        )
    pressed = show_picture(
        f"{field}_by_country", title, [*notes, _press(t)],
        draw_heat_map(
            [kind.labels[id_] for id_ in held], [names[code] for code in codes],
            [[_cell(int(table[place, line]), (id_, code), (kind.labels[id_], names[code]), t)
              for place, code in enumerate(codes)] for line, id_ in enumerate(held)],
        ),
        t("Heat map: {title}", title=title.replace("\\", "")),
        Twin((t("Country"), t("Centres"), *(kind.labels[id_] for id_ in held)),
             [(names[code], places[code], *(n or None for n in line)) for code, line in
              zip(places, table.tolist(), strict=True)]),
        t, can_press=True,
    )  # fmt: skip
    if pressed:
        id_, _, code = pressed.partition(" ")
        press_on(selection.filters, t, country=code, **{field: id_})


def _cell(count: int, ids: tuple[str, str], labels: tuple[str, str], t: Translator) -> "Cell":
    from opinion.charts.figures import Cell  # plotly: not before a picture is asked for

    where = ", ".join(labels)
    if not count:
        return Cell(None, "", t("{what}: nothing is stated", what=where))
    centres = t.plural("{count} centre", "{count} centres", count)
    return Cell(count, f"{count:,}", f"{where}: {centres}", " ".join(ids))


def _press(t: Translator) -> str:
    return t("Press one to see its centres only.")


def _stated_for(catalogue: Catalogue, field: str, t: Translator) -> str:
    covered = cover_field(catalogue, field).countries
    places, count = words.country_list(covered, t), len(covered)
    if field == "disease_area":
        return t.plural("Disease areas are stated for {count} country only: {countries}.",
                        "Disease areas are stated for {count} countries only: {countries}.",
                        count, countries=places)  # fmt: skip
    return t.plural("Equipment is stated for {count} country only: {countries}.",
                    "Equipment is stated for {count} countries only: {countries}.",
                    count, countries=places)  # fmt: skip


def _elsewhere(t: Translator) -> str:
    return t("Elsewhere it is not known, which does not mean that there is none.")


def _parts(bits: dict[str, int], layers: "list[tuple[str, Words]]", chosen: "Words") -> dict[str, dict[str, int]]:
    """Return for each layer (surest first, each holding the ones before it) how many it adds to each id."""
    before: dict[str, int] = dict.fromkeys(bits, 0)
    parts: dict[str, dict[str, int]] = {}
    for name, sets in layers:
        counts = np.bitwise_count(sets & chosen).sum(axis=1, dtype=np.int64).tolist()
        parts[name] = {id_: counts[bit] - before[id_] for id_, bit in bits.items()}
        before = {id_: counts[bit] for id_, bit in bits.items()}
    held = {id_ for part in parts.values() for id_, n in part.items() if n}
    return {name: {id_: n for id_, n in part.items() if id_ in held} for name, part in parts.items()}


def _totals(parts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the sum by id, largest first."""
    ids = next(iter(parts.values()), {})
    totals = {id_: sum(part[id_] for part in parts.values()) for id_ in ids}
    return dict(sorted(totals.items(), key=lambda pair: -pair[1]))


def _most_words(totals: dict[str, int], kind: _Kind, count: int, besides: bool, t: Translator) -> str:
    """Return a title that states which is known most often, or that nothing is known."""
    if not totals and besides and kind.field == "equipment":
        return t("No other equipment of these {count} centres is known", count=f"{count:,}")
    if not totals and besides:
        return t("No other disease area of these {count} centres is known", count=f"{count:,}")
    if not totals and kind.field == "equipment":
        return t("The equipment of these {count} centres is not known", count=f"{count:,}")
    if not totals:
        return t("The disease areas of these {count} centres are not known", count=f"{count:,}")
    id_, most = next(iter(totals.items()))
    said = {"what": words.plain(kind.labels[id_]), "some": f"{most:,}", "count": f"{count:,}"}
    if besides:
        return t(
            "Besides what was asked for, known most often is “{what}”: for {some} of these {count} centres", **said
        )
    if kind.field == "equipment":
        return t("Known most often is “{what}”: for {some} of these {count} centres", **said)
    return t("The area known most often is “{what}”: for {some} of these {count} centres", **said)


def _show_bars(
    key: str,
    title: str,
    notes: Sequence[str],
    parts: dict[str, dict[str, int]],
    labels: Mapping[str, str],
    kind: str,
    t: Translator,
) -> str:
    """Show bars, largest first; return the id of the one that is pressed, ``""`` for none."""
    from opinion.charts.figures import draw_bars  # plotly: not before a chart is asked for

    totals = _totals(parts)
    if not totals:
        st.markdown(f"#### {title}")
        st.caption(words.plain(" ".join(notes[:-1])))
        return ""
    shown = list(totals)[:MOST_BARS]
    rest = len(totals) - len(shown)
    more = [t.plural("{count} more stands in the table.", "{count} more stand in the table.", rest)] if rest else []
    pressed = show_picture(
        key, title, [*notes, *more],
        draw_bars([labels[id_] for id_ in shown],
                  {name: [part[id_] for id_ in shown] for name, part in parts.items()}, keys=shown),
        t("Bar chart: {title}", title=title.replace("\\", "")),
        Twin((kind, *parts), [(labels[id_], *(part[id_] for part in parts.values())) for id_ in totals]),
        t, can_press=True,
    )  # fmt: skip
    return pressed if pressed in totals else ""


def by_country(catalogue: Catalogue, chosen: "Words") -> dict[str, int]:
    """Return how many of the chosen centres each country has, most first; countries without one are left out."""
    counts = np.bitwise_count(catalogue.country_rows & chosen).sum(axis=1, dtype=np.int64)
    order = np.argsort(-counts, kind="stable")
    return {catalogue.countries[place]: int(counts[place]) for place in order if counts[place]}


def country_words(countries: dict[str, int], count: int, t: Translator) -> tuple[str, str]:
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
