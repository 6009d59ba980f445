"""Match a case: the centres for one case of a coordinator, in order, with reasons; nothing of it is in the address."""

import streamlit as st

from opinion.ui import case_match, match_case, match_view, sign_in, state, workbench

t = state.translator()
st.set_page_config(page_title=t("Match a case"), layout="wide", initial_sidebar_state="locked")
sign_in.require("coordinator")
st.title(t("Match a case"), anchor=False)
st.markdown(t("The case stays in this session. Give no name of a patient."))
case_match.show_request(t)
st.button(t("The case"), icon=":material/edit_note:", key="open_questions_start", width="stretch")
with st.sidebar:
    match_case.show_case(t)
case, problems = match_case.case_to_rank()
if case is None:
    match_view.show_case_missing(problems, t)
else:
    match_view.show_ranking(case, t)
workbench.show_store()
