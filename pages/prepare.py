"""Prepare: what to bring to a second opinion, what to say and what to ask."""

import streamlit as st

from opinion.ui import prepare_view, state

t = state.translator()
st.set_page_config(page_title=t("What to bring, say and ask"), layout="centered", initial_sidebar_state="auto")
st.title(t("What to bring, say and ask"), anchor=False)
prepare_view.show_preparation()
