"""Sources: the guidance, the rules, and where every fact comes from."""

import streamlit as st

from opinion.ui import provenance_view, references, state

t = state.translator()
st.set_page_config(page_title=t("Sources"), layout="centered", initial_sidebar_state="auto")
st.title(t("Sources"), anchor=False)
st.markdown(t("Every piece of advice here rests on something. This page shows on what."))
references.show_all(t)
provenance_view.show_download(t)
