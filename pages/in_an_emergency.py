"""In an emergency: the signs and the number, for everybody and without any answer."""

import streamlit as st

from opinion.ui import emergency, state

t = state.translator()
st.set_page_config(page_title=t("In an emergency"), layout="centered", initial_sidebar_state="auto")
st.title(t("In an emergency"), anchor=False)
emergency.show_signs()
