"""About: what this is for, who made it, who pays, how sure it is, and when it was checked."""

import streamlit as st

from opinion.ui import about_view, state

t = state.translator()
st.set_page_config(page_title=t("About"), layout="centered", initial_sidebar_state="auto")
st.title(t("About"), anchor=False)
about_view.show_about()
