"""The shortlist: a coordinator's own, or one that came in a link; and the saved views."""

import streamlit as st

from opinion.ui import saved_views, shortlist_view, state, workbench
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Shortlist"), layout="wide", initial_sidebar_state="auto")
catalogue = shared_catalogue()
st.title(t("Shortlist"), anchor=False)
sent = shortlist_view.sent_centres()
if sent:
    shortlist_view.show_sent(catalogue, sent, t)
else:
    shortlist_view.show_own(catalogue, t)
shortlist_view.show_undo(t)
st.subheader(t("Saved views"), anchor=False)
if workbench.saved_views():
    saved_views.show_saved(t)
else:
    st.markdown(t("No view is saved. On the page Browse centres, press “Download, save or share”."))
workbench.show_store()
