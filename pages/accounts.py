"""Accounts: who may sign in, with which roles. For administrators who are signed in."""

import streamlit as st

from opinion.ui import accounts_view, sign_in, state

t = state.translator()
st.set_page_config(page_title=t("Accounts"), layout="wide", initial_sidebar_state="auto")
actor = sign_in.require("administrator")
st.title(t("Accounts"), anchor=False)
accounts_view.show_accounts(actor, t)
