"""Turns a press on a picture of the Centres page into narrower filters in the address, and offers the way back."""

from dataclasses import replace

import streamlit as st

from opinion.centres.filters import Filters
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words

UNDO = "picture_undo"
"""In the session: the query before a press on a picture, the one after it, and what it narrowed to."""

_KEPT = ("view", "map", "lang")  # of the address, besides the filters; the list starts again on its first page


def press_on(filters: Filters, t: Translator, country: str = "", disease_area: str = "", equipment: str = "") -> None:
    """Put what was pressed, ids or ``""``, into the filters in the address, and run the page again."""
    labels = (country_names(t.language).get(country), words.area_labels(t).get(disease_area),
              words.asked_labels(t).get(equipment))  # fmt: skip
    before = st.query_params.to_dict()
    kept = {key: before[key] for key in _KEPT if key in before}
    st.query_params.from_dict({**narrow(filters, country, disease_area, equipment).to_query(), **kept})
    label = ", ".join(filter(None, labels))
    st.session_state[UNDO] = (before, st.query_params.to_dict(), label)
    # the way back stands above the pictures, out of sight for who has scrolled down to this one
    st.toast(t("The filters now ask for {what}. “Undo” stands above.", what=f"**{words.plain(label)}**"))
    st.rerun()


def narrow(filters: Filters, country: str = "", disease_area: str = "", equipment: str = "") -> Filters:
    """Return the filters that select what a bar or a cell counts, among the centres selected now.

    Where that cannot be asked (one more of several areas, of which any will do), what was pressed is asked alone.
    """
    if country:
        filters = replace(filters, countries=(country,), regions=())
    if disease_area:
        asked, match = _with_one(filters.disease_areas, filters.areas_match, disease_area)
        filters = replace(filters, disease_areas=asked, areas_match=match)
        if "stated" not in filters.areas_sure:
            filters = replace(filters, areas_sure=("stated", *filters.areas_sure))
    if equipment:
        asked, match = _with_one(filters.equipment, filters.equipment_match, equipment)
        filters = replace(filters, equipment=asked, equipment_match=match)
    return filters


def _with_one(asked: tuple[str, ...], match: str, pressed: str) -> tuple[tuple[str, ...], str]:
    if asked and (len(asked) == 1 or match == "all"):
        return (asked, match) if pressed in asked else ((*asked, pressed), "all")
    return (pressed,), "any"


def show_undo(t: Translator) -> None:
    """Show what the last press on a picture narrowed to and the way back, as long as nothing else was changed."""
    _, after, label = st.session_state.get(UNDO, ({}, None, ""))
    if after != st.query_params.to_dict():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="picture_undo_row"):
        st.markdown(t("You pressed **{what}**: the filters ask for it now.", what=words.plain(label)), width="content")
        st.button(t("Undo"), icon=":material/undo:", on_click=_undo, key="undo_picture")


def _undo() -> None:
    before, _, _ = st.session_state.pop(UNDO)
    st.query_params.from_dict(before)
