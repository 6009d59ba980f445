"""Opinions: two or three of them side by side, and what their difference may rest on."""

import streamlit as st

from opinion.ui import opinions_view, state

t = state.translator()
st.set_page_config(page_title=t("When opinions differ"), layout="centered", initial_sidebar_state="auto")
st.title(t("When opinions differ"), anchor=False)
opinions_view.show_opinions()
