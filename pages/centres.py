"""The centres: filters in the sidebar; list, map or charts in the main area. The address holds the whole view."""

import streamlit as st

from opinion.centres.facets import select
from opinion.ui import (
    browsing,
    browsing_address,
    browsing_empty,
    browsing_list,
    browsing_sentences,
    browsing_views,
    saved_views,
    state,
    workbench,
)
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Centres"), layout="wide", initial_sidebar_state="locked")
catalogue = shared_catalogue()
browsing_address.restore()
filters, view, page, problems = browsing_address.read_address()
selection = select(catalogue, filters)
browsing_address.remember()
with st.sidebar:
    browsing.show_filters(catalogue, selection, t)
st.title(t("Centres"), anchor=False)
browsing_address.show_problems(problems, t)
st.markdown(browsing_sentences.describe(selection, t))
nearly = browsing_sentences.nearly_words(selection, t)
if nearly:
    st.info(nearly, icon=":material/spellcheck:")
saved_views.show_saving(catalogue, selection, t)
st.button(t("Filters"), icon=":material/filter_alt:", key="open_questions_start", width="stretch")
if selection.count == 0:
    browsing_empty.show_nothing_found(catalogue, filters, t)
else:
    browsing.show_view_choice(filters, view, t)
    if view == "map":
        browsing_views.show_map(catalogue, selection)
    elif view == "charts":
        browsing_views.show_charts(catalogue, selection)
    else:
        browsing_list.show_list(catalogue, selection, page, t)
    browsing_views.show_licence(catalogue, selection, t)
workbench.show_store()
