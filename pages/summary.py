"""Take along: the summary, the request packet and the answers, as files."""

import streamlit as st

from opinion.ui import state, summary_view

t = state.translator()
st.set_page_config(page_title=t("Take it along"), layout="centered", initial_sidebar_state="auto")
st.title(t("Take it along"), anchor=False)
summary_view.show_summary()
