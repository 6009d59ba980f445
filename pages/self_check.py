"""The self-check: the questionnaire in the sidebar, the results in the main area."""

import streamlit as st

from opinion.ui import questionnaire, results, state, welcome

t = state.translator()
st.set_page_config(page_title=t("Second opinion: self-check"), layout="centered", initial_sidebar_state="locked")
with st.sidebar:
    questionnaire.show_questionnaire()
if state.answers():
    st.title(t("Your result"), anchor=False)
    results.show_results()
else:
    welcome.show_welcome()
