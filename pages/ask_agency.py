"""Ask the agency: what would be sent, to whom and for how long; nothing is sent before the patient says yes."""

import streamlit as st

from opinion.ui import ask_view, state

t = state.translator()
st.set_page_config(page_title=t("Ask the agency"), layout="centered", initial_sidebar_state="auto")
st.title(t("Ask the agency"), anchor=False)
ask_view.show_asking(t)
