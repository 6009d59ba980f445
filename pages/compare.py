"""Two to four centres side by side; the address names them, so that the comparison is a link."""

import streamlit as st

from opinion.ui import compare_view, state, workbench
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Compare centres"), layout="wide", initial_sidebar_state="auto")
catalogue = shared_catalogue()
asked = compare_view.read_asked(catalogue)
st.page_link("../../pages/centres.py", label=t("Back to the list of centres"), icon=":material/arrow_back:")
st.title(t("Compare centres"), anchor=False)
compare_view.show_problems(catalogue, asked, t)
compare_view.show_choice(catalogue, asked, t)
if compare_view.can_compare(asked):
    compare_view.show_comparison(catalogue, asked, t)
else:
    compare_view.show_too_few(asked, t)
workbench.show_store()
