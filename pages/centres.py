"""The centres page."""

import streamlit as st

from opinion.ui import state

t = state.translator()
st.title("centres")
