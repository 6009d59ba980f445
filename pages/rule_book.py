"""Rule book: every statement, rule and question that the advice is made of, and a place to try them."""

import streamlit as st

from opinion.ui import rule_book_view, state

t = state.translator()
st.set_page_config(page_title=t("Rule book"), layout="centered", initial_sidebar_state="auto")
st.title(t("Rule book"), anchor=False)
st.markdown(
    t("This is all that the self-check runs on, drawn from the same files. It is no score and no hidden model.")
)
rule_book_view.show_rule_book()
