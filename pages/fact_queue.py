"""Facts to check: conflicts, overdue sources, values that look wrong, what was decided. For curators."""

import streamlit as st

from opinion.ui import fact_queue_view, sign_in, state
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Facts to check"), layout="wide", initial_sidebar_state="auto")
account = sign_in.require("curator")
st.title(t("Facts to check"), anchor=False)
fact_queue_view.show_queue(account, shared_catalogue(), t)
