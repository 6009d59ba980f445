"""Coverage: where we know of nobody, who is the nearest abroad, and what is not known. The address holds the view."""

import streamlit as st

from opinion.ui import browsing_address, coverage_choices, coverage_view, state, unknown_view
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Coverage"), layout="wide", initial_sidebar_state="auto")
catalogue = shared_catalogue()
asked, problems = coverage_choices.read_asked()
st.title(t("Coverage"), anchor=False)
st.markdown(
    t("What our sources state, and what they do not. It shows where sources list centres, not where care is good.")
)
browsing_address.show_problems(problems, t)
coverage_choices.show_choices(catalogue, asked, t)
coverage_view.show_gaps(catalogue, asked, t)
unknown_view.show_unknown(catalogue, asked, t)
