"""Doubles: centres that may stand in the catalogue twice, decided pair by pair. For curators who are signed in."""

import streamlit as st

from opinion.ui import doubles_view, sign_in, state
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Doubles"), layout="wide", initial_sidebar_state="auto")
actor = sign_in.require("curator")
st.title(t("Doubles"), anchor=False)
doubles_view.show_doubles(actor, shared_catalogue(), t)
