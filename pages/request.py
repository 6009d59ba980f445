"""One request: what the patient sent, and the coordinators' work on it. For coordinators who are signed in."""

import streamlit as st

from opinion.ui import request_view, sign_in, state, workbench

t = state.translator()
st.set_page_config(page_title=t("Request"), layout="wide", initial_sidebar_state="auto")
actor = sign_in.require("coordinator")
request_view.show_request(st.query_params.get("ref", ""), actor, t)
workbench.show_store()
