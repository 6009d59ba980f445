"""Two to four centres side by side; the address names them."""

import streamlit as st

from opinion.ui import state

t = state.translator()
st.set_page_config(page_title=t("Compare centres"), layout="wide", initial_sidebar_state="auto")
st.title(t("Compare centres"), anchor=False)
