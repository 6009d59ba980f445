"""My request: status, messages, and the ways to change, withdraw and erase it, for who has reference and code."""

import streamlit as st

from opinion.ui import own_request_view, state

t = state.translator()
st.set_page_config(page_title=t("My request"), layout="centered", initial_sidebar_state="auto")
st.title(t("My request"), anchor=False)
own_request_view.show_own_request(t)
