"""The middle of the Data quality page: each measure by country or by source, and the values that break a check.

The address holds what is asked for: ``of`` (a dimension) and ``by`` (``country`` or ``source``).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.measures import BY_FAULTS, Measure, Quality
from opinion.centres.quality.queries import query_of_lacking
from opinion.centres.rowsets import unpack_rows
from opinion.errors import Problem
from opinion.exchange.quality_wordings import dimension_labels, dimension_words, measure_labels
from opinion.exchange.tables import Cell as TableCell
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.browsing_address import show_problems
from opinion.ui.coverage_choices import centres_address
from opinion.ui.pictures import Twin, show_picture, show_twin
from opinion.ui.results import fold
from opinion.ui.unknown_view import percents

if TYPE_CHECKING:
    from opinion.charts.figures import Cell

MOST_LINES = 25  # countries or sources one below the other
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
        t("Side by side"), list(sides), format_func=sides.__getitem__, key=_KEYS["by"], on_change=_keep,
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


@st.fragment
def _show_matrix(catalogue: Catalogue, quality: Quality, dimension: str, by: str) -> None:
    from opinion.charts.figures import draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    measures = quality.of(dimension)
    names = measure_labels(t)
    heads = [names[dimension, measure.id] for measure in measures]
    labels, ids, good, of = _lines(catalogue, measures, dimension, by, t)
    shown = min(len(ids), MOST_LINES + 1)
    cells = [
        [_cell(dimension, int(good[place, line]), int(of[place, line]), f"{measure.id} {ids[line]}",
               f"{labels[line]}, {heads[place]}",
               _query(catalogue, quality, measure.id, ids[line], by), t)
         for place, measure in enumerate(measures)]
        for line in range(shown)
    ]  # fmt: skip
    title = _title(measures, dimension, heads, quality, t)
    notes = [dimension_words(dimension, quality.day.year - 4, t)]
    if by == "source":
        notes.append(t("For a source: of the centres it says anything about, what it states itself."))
    if shown < len(ids):
        notes.append(t("Shown are {some} lines; the table has all {count}.", some=shown - 1, count=len(ids) - 1))
    if by == "source" or dimension in ("complete", "fresh"):
        notes.append(t("Press a cell to see its centres, where a filter asks for them."))
    pressed = show_picture(
        f"quality_{dimension}_{by}", title, notes,
        draw_heat_map(labels[:shown], heads, cells, logarithmic=dimension in BY_FAULTS),
        t("Heat map: {title}", title=title.replace("\\", "")),
        Twin((t("Country") if by == "country" else t("Source"), *_twin_heads(heads, dimension, t), t("List")),
             [(label, *_twin_cells(good[:, line], of[:, line], dimension), _list_of(ids[line], by))
              for line, label in enumerate(labels)], {t("List"): t("Open")}),
        t, can_press=True,
    )  # fmt: skip
    if pressed:
        id_, _, line_id = pressed.partition(" ")
        st.switch_page("../../pages/centres.py", query_params=_query(catalogue, quality, id_, line_id, by))


def _lines(
    catalogue: Catalogue, measures: Sequence[Measure], dimension: str, by: str, t: Translator
) -> tuple[list[str], list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return labels and ids of the lines, all centres first with the id ``""``, and good and of (measures × lines)."""
    names = country_names(t.language)
    ids = list(catalogue.countries) if by == "country" else list(catalogue.known_sources)
    labels = (
        [names[id_] for id_ in ids] if by == "country" else [each.title for each in catalogue.known_sources.values()]
    )
    counts = np.stack([measure.by_country if by == "country" else measure.by_source for measure in measures])
    weight = (counts[:, 1] - counts[:, 0]).sum(axis=0) if dimension in BY_FAULTS else counts[:, 1].max(axis=0)
    order = [line for line in np.argsort(-weight, kind="stable").tolist() if counts[:, 1, line].any()]
    total = np.array([[[measure.good], [measure.of]] for measure in measures])
    counts = np.concatenate((total, counts[:, :, order]), axis=2)
    return (
        [t("All centres"), *(labels[line] for line in order)], ["", *(ids[line] for line in order)],
        counts[:, 0], counts[:, 1],
    )  # fmt: skip


def _query(catalogue: Catalogue, quality: Quality, id_: str, line_id: str, by: str) -> dict[str, str]:
    where = {"source": line_id} if by == "source" else {"country_code": line_id}
    if by == "source" and line_id not in catalogue.facets["source"].values:
        return {}
    return query_of_lacking(catalogue, quality.day.year, id_, **where)


def _cell(dimension: str, good: int, of: int, key: str, where: str, query: dict[str, str], t: Translator) -> "Cell":
    from opinion.charts.figures import Cell  # plotly: not before a picture is asked for

    if not of:
        return Cell(None, "", t("{what}: nothing to look at", what=where))
    if dimension in BY_FAULTS:
        label = t("{what}: {some} of {count}", what=where, some=f"{of - good:,}", count=f"{of:,}")
        return Cell(of - good or None, f"{of - good:,}", label, key if query else "")
    label = t("{what}: {some} of {count}", what=where, some=f"{good:,}", count=f"{of:,}")
    return Cell(100 * good / of if good else None, percents(good, of, "") if good else "", label, key if query else "")


def _twin_heads(heads: Sequence[str], dimension: str, t: Translator) -> list[str]:
    if dimension in BY_FAULTS:
        return [each for head in heads for each in (head, t("{what}: of", what=head))]
    return [each for head in heads for each in (t("{what}: known", what=head), t("{what}: of", what=head))]


def _twin_cells(good: NDArray[np.int64], of: NDArray[np.int64], dimension: str) -> list[TableCell]:
    counted = of - good if dimension in BY_FAULTS else good
    return [each for some, count in zip(counted.tolist(), of.tolist(), strict=True) for each in (some, count)]


def _list_of(id_: str, by: str) -> str:
    return centres_address({by: id_} if id_ else {})


def _title(measures: Sequence[Measure], dimension: str, heads: Sequence[str], quality: Quality, t: Translator) -> str:
    if dimension in BY_FAULTS:
        rows = np.bitwise_or.reduce([measure.faulty for measure in measures])
        some = int(np.bitwise_count(rows).sum())
        said = {
            "valid": t("{some} of {count} centres have a value that breaks a check", some=f"{some:,}",
                       count=f"{quality.size:,}"),
            "unique": t("{some} of {count} centres may stand twice", some=f"{some:,}", count=f"{quality.size:,}"),
            "agreeing": t("About {some} of {count} centres, sources disagree", some=f"{some:,}",
                          count=f"{quality.size:,}"),
        }  # fmt: skip
        return said[dimension]
    least = min(measures, key=lambda measure: measure.good / max(measure.of, 1))
    label = words.plain(heads[measures.index(least)])
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
