"""Requests: all that patients have sent to the agency, the most urgent first. For coordinators who are signed in."""

import streamlit as st

from opinion.ui import requests_view, sign_in, state

t = state.translator()
st.set_page_config(page_title=t("Requests"), layout="wide", initial_sidebar_state="auto")
actor = sign_in.require("coordinator")
st.title(t("Requests"), anchor=False)
requests_view.show_requests(actor, t)
