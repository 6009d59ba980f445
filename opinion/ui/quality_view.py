"""The middle of the Data quality page: each measure by country or by source, and the values that break a check.

The address holds what is asked for: ``of`` (a dimension) and ``by`` (``country`` or ``source``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.measures import BY_FAULTS, Measure, Quality
from opinion.centres.quality.queries import query_of_lacking
from opinion.centres.rowsets import unpack_rows
from opinion.errors import Problem
from opinion.exchange.cells import Cell as TableCell
from opinion.exchange.quality_wordings import dimension_labels, dimension_words, measure_labels
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import show_problems
from opinion.ui.choices import told_apart
from opinion.ui.coverage_choices import centres_address
from opinion.ui.pictures import Twin, is_narrow, show_picture, show_twin
from opinion.ui.results import fold
from opinion.ui.unknown_view import percents

if TYPE_CHECKING:
    from opinion.charts.figures import Cell, Figure

MOST_LINES = 25  # countries or sources one below the other
_LABEL = 46  # characters beside a line of the picture: two lines of text; the table has all
MOST_LISTED = 200  # centres that break a check
BY = ("country", "source")
_KEYS = {"of": "quality_of", "by": "quality_by"}


def show_matrix(catalogue: Catalogue, quality: Quality, t: Translator) -> None:
    """Show one dimension, by country or by source, as the address asks."""
    st.markdown(f"### {t('By country and by source')}")
    dimension, by = _ask(quality, t)
    _show_matrix(catalogue, quality, dimension, by)
    if dimension in BY_FAULTS:
        fold(t("The centres"), "faulty", lambda: _show_faulty(catalogue, quality, dimension, t))


def _ask(quality: Quality, t: Translator) -> tuple[str, str]:
    labels = {id_: label for id_, label in dimension_labels(t).items() if quality.of(id_)}
    sides = {"country": t("Countries"), "source": t("Sources")}
    dimension, by = (_asked(key, choices, t) for key, choices in (("of", list(labels)), ("by", list(BY))))
    st.session_state[_KEYS["of"]], st.session_state[_KEYS["by"]] = dimension, by
    first, second = st.columns([3, 2])
    first.radio(
        t("What is measured"), list(labels), format_func=labels.__getitem__, key=_KEYS["of"], on_change=_keep,
        horizontal=True,
    )  # fmt: skip
    second.radio(
        t("Shown by"), list(sides), format_func=sides.__getitem__, key=_KEYS["by"], on_change=_keep,
        horizontal=True,
    )  # fmt: skip
    return dimension, by


def _asked(key: str, choices: list[str], t: Translator) -> str:
    """Return what the address asks for, the first choice if it asks for none; what is not known is said."""
    asked = st.query_params.get(key, "")
    if asked and asked not in choices:
        show_problems([Problem(key, asked[:100], "")], t)
    return asked if asked in choices else choices[0]


def _keep() -> None:
    kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.query_params.from_dict({**{key: st.session_state[held] for key, held in _KEYS.items()}, **kept})


@dataclass(frozen=True)
class _Lines:
    """The numbers of one dimension: ``good`` and ``of`` are measures × lines. The first line, id ``""``, is all."""

    dimension: str
    by: str
    measures: Sequence[Measure]
    heads: Sequence[str]
    labels: Sequence[str]
    ids: Sequence[str]
    good: NDArray[np.int64]
    of: NDArray[np.int64]


@st.fragment
def _show_matrix(catalogue: Catalogue, quality: Quality, dimension: str, by: str) -> None:
    from opinion.charts.figures import draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    lines = _lines(catalogue, quality, dimension, by, t)
    shown = min(len(lines.ids), MOST_LINES + 1)
    if dimension in BY_FAULTS:  # where nothing is found there is nothing to see: the table has these too
        shown = min(shown, 1 + int(np.count_nonzero((lines.of - lines.good)[:, 1:].sum(axis=0))))
    title = _title(lines, quality, t)
    notes = [dimension_words(dimension, quality.day.year - 4, t)]
    if by == "source":
        notes.append(t("For a source: of the centres it says anything about, what it states itself."))
    if by == "source" or dimension in ("complete", "fresh"):
        notes.append(t("Press a cell to see its centres, where a filter asks for them."))
    if is_narrow():
        head = t("Country") if by == "country" else t("Source")
        key = f"quality_line_{dimension}_{by}"
        line = st.selectbox(head, range(len(lines.ids)), format_func=lines.labels.__getitem__, key=key)
        figure, kind = _bars(catalogue, quality, lines, line, t), t("Bar chart: {title}", title=lines.labels[line])
    else:
        if shown < len(lines.ids):
            some, count = shown - 1, len(lines.ids) - 1
            notes.append(t("Shown are {some} lines; the table has all {count}.", some=some, count=count))
        places = range(len(lines.measures))
        cells = [[_cell(catalogue, quality, lines, place, line, t) for place in places] for line in range(shown)]
        labels = [shorten(label, _LABEL, placeholder="…") for label in lines.labels[:shown]]
        figure = draw_heat_map(labels, lines.heads, cells, logarithmic=dimension in BY_FAULTS)
        kind = t("Heat map: {title}", title=title.replace("\\", ""))
    twin = _twin(lines, t)
    pressed = show_picture(f"quality_{dimension}_{by}", title, notes, figure, kind, twin, t, can_press=True)
    if pressed:
        id_, _, line_id = pressed.partition(" ")
        st.switch_page("../../pages/centres.py", query_params=_query(catalogue, quality, id_, line_id, by))


def _bars(catalogue: Catalogue, quality: Quality, lines: _Lines, line: int, t: Translator) -> "Figure":
    """Return a bar for each measure of one line: a phone has no room for a column each."""
    from opinion.charts.figures import draw_bars  # plotly: not before a picture is asked for

    cells = [_cell(catalogue, quality, lines, place, line, t) for place in range(len(lines.measures))]
    if lines.dimension in BY_FAULTS:  # the number stands at the end of the bar
        labels = list(lines.heads)
    else:
        labels = [f"{head}: {cell.text or '–'}" for head, cell in zip(lines.heads, cells, strict=True)]
    values = {t("Centres"): [cell.value or 0 for cell in cells]}
    return draw_bars(labels, values, [cell.key for cell in cells], in_percent=lines.dimension not in BY_FAULTS)


def _lines(catalogue: Catalogue, quality: Quality, dimension: str, by: str, t: Translator) -> _Lines:
    """Return the numbers of a dimension, first the lines with most centres, or with most that are not right."""
    measures, names, heads = quality.of(dimension), country_names(t.language), measure_labels(t)
    if by == "country":
        named = {code: names[code] for code in catalogue.countries}
    else:
        named = told_apart({source.id: source.title for source in catalogue.known_sources.values()})
    counts = np.stack([measure.by_country if by == "country" else measure.by_source for measure in measures])
    weight = (counts[:, 1] - counts[:, 0]).sum(axis=0) if dimension in BY_FAULTS else counts[:, 1].max(axis=0)
    order = [line for line in np.argsort(-weight, kind="stable").tolist() if counts[:, 1, line].any()]
    total = np.array([[[measure.good], [measure.of]] for measure in measures])
    counts = np.concatenate((total, counts[:, :, order]), axis=2)
    ids = ["", *(list(named)[line] for line in order)]
    labels = [named.get(id_, t("All centres")) for id_ in ids]
    return _Lines(
        dimension, by, measures, [heads[dimension, measure.id] for measure in measures], labels, ids,
        counts[:, 0], counts[:, 1],
    )  # fmt: skip


def _query(catalogue: Catalogue, quality: Quality, id_: str, line_id: str, by: str) -> dict[str, str]:
    if by == "country" or not line_id:
        return query_of_lacking(catalogue, quality.day.year, id_, line_id)
    if line_id not in catalogue.facets["source"].values:
        return {}
    return query_of_lacking(catalogue, quality.day.year, id_, source=line_id)


def _cell(catalogue: Catalogue, quality: Quality, lines: _Lines, place: int, line: int, t: Translator) -> "Cell":
    id_, line_id = lines.measures[place].id, lines.ids[line]
    key = f"{id_} {line_id}" if _query(catalogue, quality, id_, line_id, lines.by) else ""
    where = f"{lines.labels[line]}, {lines.heads[place]}"
    return cell_of(lines.dimension, int(lines.good[place, line]), int(lines.of[place, line]), key, where, t)


def cell_of(dimension: str, good: int, of: int, key: str, where: str, t: Translator) -> "Cell":
    """Return the cell of a measure: the percent that is good, or how many are not; blank if there is nothing."""
    from opinion.charts.figures import Cell  # plotly: not before a picture is asked for

    if not of:
        return Cell(None, "", t("{what}: nothing to look at", what=where))
    some = of - good if dimension in BY_FAULTS else good
    label = t("{what}: {some} of {count}", what=where, some=f"{some:,}", count=f"{of:,}")
    if dimension in BY_FAULTS:
        return Cell(some or None, f"{some:,}", label, key)
    if dimension == "complete" and not some:
        return Cell(None, "", label, key)
    return Cell(100 * some / of, percents(some, of, ""), label, key)


def _twin(lines: _Lines, t: Translator) -> Twin:
    is_faults = lines.dimension in BY_FAULTS
    counted = lines.of - lines.good if is_faults else lines.good
    heads = [each if is_faults else t("{what}: known", what=each) for each in lines.heads]
    pairs = [each for head, of in zip(heads, lines.heads, strict=True) for each in (head, t("{what}: of", what=of))]
    rows: list[list[TableCell]] = []
    for line, (id_, label) in enumerate(zip(lines.ids, lines.labels, strict=True)):
        numbers = np.stack((counted[:, line], lines.of[:, line]), axis=1).reshape(-1).tolist()
        rows.append([label, *numbers, centres_address({lines.by: id_} if id_ else {})])
    return Twin(
        (t("Country") if lines.by == "country" else t("Source"), *pairs, t("List")), rows, {t("List"): t("Open")}
    )


def _title(lines: _Lines, quality: Quality, t: Translator) -> str:
    measures, dimension = lines.measures, lines.dimension
    if dimension in BY_FAULTS:
        rows = np.bitwise_or.reduce([measure.faulty for measure in measures])
        some = int(np.bitwise_count(rows).sum())
        said = {
            "valid": t("{some} of {count} centres have a value that looks wrong", some=f"{some:,}",
                       count=f"{quality.size:,}"),
            "noted": t("Of {some} of {count} centres something is worth a note", some=f"{some:,}",
                       count=f"{quality.size:,}"),
            "unique": t("{some} of {count} centres may stand twice", some=f"{some:,}", count=f"{quality.size:,}"),
            "agreeing": t("Sources disagree about {some} of {count} centres", some=f"{some:,}",
                          count=f"{quality.size:,}"),
        }  # fmt: skip
        return said[dimension]
    if dimension == "fresh":
        recent = quality.one("fresh", "recent")
        percent, count = percents(recent.good, recent.of), f"{recent.of:,}"
        return t("For {percent} of {count} centres the newest fact is from {year} or later",
                 percent=percent, count=count, year=quality.day.year - 4)  # fmt: skip
    least = min(measures, key=lambda measure: measure.good / max(measure.of, 1))
    label = words.plain(lines.heads[measures.index(least)])
    return t("Least is known here: {what}, {percent} of {count} centres", what=label,
             percent=percents(least.good, least.of), count=f"{least.of:,}")  # fmt: skip


def _show_faulty(catalogue: Catalogue, quality: Quality, dimension: str, t: Translator) -> None:
    """Show the centres that are not as they should be, with a link to each one's page."""
    labels, names = measure_labels(t), country_names(t.language)
    lines: list[tuple[TableCell, ...]] = []
    for measure in quality.of(dimension):
        page = catalogue.page(unpack_rows(measure.faulty)[:MOST_LISTED], ("centre_id", "name", "city", "country_code"))
        lines += [
            (labels[dimension, measure.id], name, city, names[code], f"/centre?id={id_}")
            for id_, name, city, code in page.itertuples(index=False, name=None)
        ]
    count = sum(measure.of - measure.good for measure in quality.of(dimension))
    if len(lines) < count:
        st.caption(t("Shown are {some} of {count}.", some=f"{len(lines):,}", count=f"{count:,}"))
    head = (t("What is wrong"), t("Name"), t("Town"), t("Country"), t("Centre"))
    show_twin(f"faulty_{dimension}", Twin(head, lines, {t("Centre"): t("Open")}), t("The centres"), t)
