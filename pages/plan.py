"""Plan: is there time for a second opinion, and when must each step be done."""

import streamlit as st

from opinion.ui import plan_view, state

t = state.translator()
st.set_page_config(page_title=t("Is there time?"), layout="centered", initial_sidebar_state="auto")
st.title(t("Is there time?"), anchor=False)
plan_view.show_plan()
