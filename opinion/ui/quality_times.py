"""The last part of the Data quality page: over time, by the dates of facts and by the record of each day."""

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.measures import COMPLETE, Quality
from opinion.centres.quality.records import latest_by_day, read_records
from opinion.exchange.cells import Cell
from opinion.exchange.quality_wordings import dimension_labels, measure_labels
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.pictures import Twin, is_narrow, show_picture

DRAWN = (
    ("complete", "disease_area"), ("complete", "equipment"), ("complete", "beds"), ("complete", "point"),
    ("fresh", "recent"), ("fresh", "not_long_overdue"),
)  # fmt: skip
"""The measures that have a line in the picture of the record; its table has all."""


def show_times(catalogue: Catalogue, quality: Quality, t: Translator) -> None:
    """Show how old what is known is, and how the measures went from day to day."""
    st.markdown(f"### {t('Over time')}")
    if quality.years:
        _show_years(quality)
    _show_records(catalogue, quality)


@st.fragment
def _show_years(quality: Quality) -> None:
    from opinion.charts.lines import draw_lines  # plotly: not before a picture is asked for

    t = state.translator()
    names = measure_labels(t)
    labels = {field: names["complete", field] for field in COMPLETE}
    known, size = quality.known_by_year, max(quality.size, 1)
    first = quality.years[0]
    title = t("How old is what we know today of {count} centres?", count=f"{quality.size:,}")
    notes = [
        t("For each year: the share of centres of which a fact of that year or before states it."),
        t("It says how old today's facts are, not what we knew then."),
        t("Facts without a year are left out; the table counts their centres."),
    ]
    rows: list[tuple[Cell, ...]] = [
        (str(year), *(known[field][place] for field in COMPLETE)) for place, year in enumerate(quality.years)
    ]
    undated: tuple[Cell, ...] = (t("no date"), *(quality.undated[field] for field in COMPLETE))
    show_picture(
        "quality_years", title, notes,
        draw_lines([str(year) for year in quality.years],
                   {labels[field]: [100 * count / size for count in known[field]] for field in COMPLETE}, is_narrow()),
        t("Lines from {first} to {last}: {title}", first=first, last=quality.years[-1], title=title),
        Twin((t("Year"), *labels.values()), [*rows, undated]), t,
    )  # fmt: skip


@st.fragment
def _show_records(catalogue: Catalogue, quality: Quality) -> None:
    from opinion.charts.lines import draw_lines  # plotly: not before a picture is asked for

    t = state.translator()
    records = latest_by_day(read_records(catalogue.folder))
    if not records:
        st.markdown(f"#### {t('From day to day')}")
        st.info(t("No record is kept yet. The server adds a line for each catalogue that comes into use."),
                icon=":material/history:")  # fmt: skip
        return
    dimensions, names = dimension_labels(t), measure_labels(t)
    every = [(measure.dimension, measure.id) for measure in quality.measures]
    labels = {key: f"{dimensions[key[0]]}: {names[key]}" for key in every}
    days = [record.day.isoformat() for record in records]
    title = t("From day to day, since {day}", day=days[0])
    notes = [
        t("A record is kept on the day on which a catalogue comes into use."),
        t("The share of centres that are as they should be, of those that the measure is about."),
    ]
    lines: dict[str, list[float | None]] = {}
    for key in DRAWN:
        counts = [record.counts.get(key, (0, 0)) for record in records]
        lines[labels[key]] = [100 * good / of if of else None for good, of in counts]
    head = (
        t("Day"),
        t("Centres"),
        *(each for label in labels.values() for each in (label, t("{what}: of", what=label))),
    )
    rows = [
        (record.day.isoformat(), record.centres, *(n for key in every for n in record.counts.get(key, (None, None))))
        for record in records
    ]
    show_picture(
        "quality_records", title, notes, draw_lines(days, lines, is_narrow()),
        t("Lines from {first} to {last}: {title}", first=days[0], last=days[-1], title=title), Twin(head, rows), t,
    )  # fmt: skip
