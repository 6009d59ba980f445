"""Sign in: the way in for people who work here; for who is signed in, their account and the way out."""

import streamlit as st

from opinion.ui import sign_in, state

t = state.translator()
st.set_page_config(page_title=t("Sign in"), layout="centered", initial_sidebar_state="auto")
account = sign_in.signed_in()
if account is None:
    sign_in.show_invitation(t, t("For people who work here. Patients need no account."))
else:
    sign_in.show_own_account(account, t)
