"""Import: a hospital list becomes part of the catalogue. For curators who are signed in."""

import streamlit as st

from opinion.ui import import_view, sign_in, state

t = state.translator()
st.set_page_config(page_title=t("Import a list"), layout="wide", initial_sidebar_state="auto")
actor = sign_in.require("curator")
st.title(t("Import a list"), anchor=False)
import_view.show_import(actor, t)
