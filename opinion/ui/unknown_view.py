"""The second half of the Coverage page: what is not known, field by field and by country, and how old the facts are."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from opinion.centres.catalogues import Catalogue
from opinion.centres.coverage import FIELDS, KNOWLEDGE, cover_fields, cover_years
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state
from opinion.ui.coverage_choices import Asked
from opinion.ui.coverage_view import MOST_COUNTRIES, MOST_LINES, shown_of
from opinion.ui.pictures import Twin, show_picture

AGES = ("#0f5f69", "#3b98a2", "#8cc4c9", "#d0a35c", "#a9b4b6")
"""Colours of ages, newest first; the last is for no date."""


def show_unknown(catalogue: Catalogue, asked: Asked, t: Translator) -> None:
    """Show for how many centres something is known in each field, by country too, and how old the facts are."""
    st.markdown(f"### {t('What we do not know')}")
    if asked.places(catalogue):
        _show_fields(catalogue, asked)
        _show_fields_by_country(catalogue, asked)
        _show_ages(catalogue, asked)


@st.fragment
def _show_fields(catalogue: Catalogue, asked: Asked) -> None:
    from opinion.charts.figures import COLOURS, draw_bars  # plotly: not before a picture is asked for

    t = state.translator()
    table = cover_fields(catalogue)[:, :, asked.places(catalogue)].sum(axis=2)  # fields × knowledge
    count, labels = int(table[0].sum()), _field_labels(t)
    missing = {field: int(count - table[FIELDS.index(field), 0]) for field in ("disease_area", "equipment")}
    field = max(missing, key=missing.__getitem__)
    said = {"percent": percents(missing[field], count), "count": f"{count:,}"}
    if missing[field] == count:
        finding = {
            "disease_area": t("For none of {count} centres a disease area is stated", **said),
            "equipment": t("For none of {count} centres any equipment is stated", **said),
        }
    else:
        finding = {
            "disease_area": t("For {percent} of {count} centres no disease area is stated", **said),
            "equipment": t("For {percent} of {count} centres no equipment is stated", **said),
        }
    notes = [
        t("A centre counts as stated if anything of a field is: one machine, one disease area."),
        t("What is implied follows from something stated, and stands there."),
        t("Teaching and designations are only ever stated as yes: not known is not no."),
    ]
    knowledge = _knowledge_labels(t)
    used = [place for place in range(len(KNOWLEDGE)) if table[:, place].any()]
    shares = {knowledge[KNOWLEDGE[place]]: _rounded(table)[:, place].tolist() for place in used}
    colours = [COLOURS[place] for place in used]
    rows = [(labels[field], *line[used].tolist()) for field, line in zip(FIELDS, table, strict=True)]
    show_picture(
        "fields", finding[field], notes, draw_bars(list(labels.values()), shares, in_percent=True, colours=colours),
        t("Bar chart: {title}", title=finding[field]), Twin((t("Field"), *shares), rows), t,
    )  # fmt: skip


@st.fragment
def _show_fields_by_country(catalogue: Catalogue, asked: Asked) -> None:
    from opinion.charts.figures import Cell, draw_heat_map  # plotly: not before a picture is asked for

    t = state.translator()
    names, labels, places = country_names(t.language), _field_labels(t), asked.places(catalogue)
    table = cover_fields(catalogue)[:, :, places]
    stated, listed = table[:, 0], table[0].sum(axis=0)  # fields × countries, countries
    neither = int((stated[[FIELDS.index("disease_area"), FIELDS.index("equipment")]].sum(axis=0) == 0).sum())
    title = t.plural("For {some} of {count} country, neither disease areas nor equipment are stated",
                     "For {some} of {count} countries, neither disease areas nor equipment are stated",
                     len(places), some=neither)  # fmt: skip
    notes = [
        t("The share of the centres listed, in percent, for which a source states something."),
        t("It says how much our sources state, and nothing about how good a country's care is."),
        *shown_of(len(places), MOST_LINES, t),
    ]
    codes = [catalogue.countries[place] for place in places]
    cells = []
    for place, code in enumerate(codes[:MOST_LINES]):
        line = []
        for number, field in enumerate(FIELDS):
            some, of = int(stated[number, place]), int(listed[place])
            where = f"{names[code]}, {labels[field]}"
            label = t("{what}: stated for {some} of {count}", what=where, some=f"{some:,}", count=f"{of:,}")
            line.append(Cell(100 * some / of if some else None, percents(some, of, "") if some else "", label))
        cells.append(line)
    rows = [(names[code], int(listed[place]), *stated[:, place].tolist()) for place, code in enumerate(codes)]
    show_picture(
        "fields_by_country", title, notes,
        draw_heat_map([names[code] for code in codes[:MOST_LINES]], list(labels.values()), cells, logarithmic=False),
        t("Heat map: {title}", title=title), Twin((t("Country"), t("Centres listed"), *labels.values()), rows), t,
    )  # fmt: skip


@st.fragment
def _show_ages(catalogue: Catalogue, asked: Asked) -> None:
    from opinion.charts.figures import draw_bars  # plotly: not before a picture is asked for

    t = state.translator()
    names, places = country_names(t.language), asked.places(catalogue)
    years, table = cover_years(catalogue)
    bands = age_bands(years, t)
    of_band = np.array([table[numbers][:, places].sum(axis=0) for numbers in bands.values()])  # bands × countries
    count, recent = int(of_band.sum()), int(of_band[:2].sum())
    title = t("For {percent} of {count} centres the newest fact is from {year} or later",
              percent=percents(recent, count), count=f"{count:,}", year=max(years) - 1)  # fmt: skip
    notes = [
        t("Of each centre the newest fact about what it does counts, or of its listing if there is none."),
        t("A release of a register without a year counts as no date."),
        *shown_of(len(places), MOST_COUNTRIES, t),
    ]
    codes = [catalogue.countries[place] for place in places]
    shares = _rounded(of_band.T[:MOST_COUNTRIES])
    rows = [(names[code], *line.tolist()) for code, line in zip(codes, of_band.T, strict=True)]
    show_picture(
        "ages", title, notes,
        draw_bars([names[code] for code in codes[:MOST_COUNTRIES]],
                  {band: shares[:, place].tolist() for place, band in enumerate(bands)}, in_percent=True, colours=AGES),
        t("Bar chart: {title}", title=title), Twin((t("Country"), *bands), rows), t,
    )  # fmt: skip


def age_bands(years: Sequence[int], t: Translator) -> dict[str, list[int]]:
    """Return the places in ``years`` (newest first, 0 no date) of each band: two years apart, then three, the rest."""
    newest = max(years)
    labels = (
        f"{newest}", f"{newest - 1}", f"{newest - 4}–{newest - 2}",
        t("before {year}", year=newest - 4), t("no date"),
    )  # fmt: skip
    bands: dict[str, list[int]] = {label: [] for label in labels}
    for place, year in enumerate(years):
        age = newest - year
        band = 4 if not year else age if age < 2 else 2 if age <= 4 else 3
        bands[labels[band]].append(place)
    return bands


def percents(some: int, count: int, sign: str = " %") -> str:
    """Return a share in whole percents; what is not all is never said as 100, what is not none never as 0."""
    share = 100 * some / count if count else 0.0
    if 0 < share < 1:
        return f"< 1{sign}"
    return f"> 99{sign}" if 99 < share < 100 else f"{round(share)}{sign}"


def _rounded(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each line of a table in percents of its sum, to a tenth."""
    shares: NDArray[np.float64] = np.round(100 * table / table.sum(axis=1, keepdims=True), 1)
    return shares


def _field_labels(t: Translator) -> dict[str, str]:
    return {
        "disease_area": t("Disease areas"),
        "equipment": t("Equipment"),
        "beds": t("Beds"),
        "teaching": t("Teaching"),
        "designation": t("Designations"),
        "website": t("Website"),
        "point": t("Place on the map"),
    }


def _knowledge_labels(t: Translator) -> dict[str, str]:
    return {one: words.certainty_words("" if one == "unknown" else one, t) for one in KNOWLEDGE}
