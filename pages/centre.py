"""The centre page."""

import streamlit as st

from opinion.ui import state

t = state.translator()
st.title("centre")
