"""Where to go: the centres that fit a patient's answers, with the reason for each. Nothing of it is in the address."""

import streamlit as st

from opinion.ui import state, where_view

t = state.translator()
st.set_page_config(page_title=t("Where to go"), layout="centered", initial_sidebar_state="auto")
st.title(t("Where to go"), anchor=False)
where_view.show_where(state.answers(), t)
