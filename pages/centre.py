"""One centre, named in the address (coordinators) or in the session (patients, who leave no trace in addresses)."""

import streamlit as st

from opinion.ui import centre_view, state, workbench
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
catalogue = shared_catalogue()
centre_id, in_address = centre_view.chosen_centre()
row = centre_view.find_row(catalogue, centre_id)
# the title ends up in the browser's history: a patient's says nothing
name = str(catalogue.table.column("name")[row]) if row is not None and in_address else t("One centre")
st.set_page_config(page_title=name, layout="centered", initial_sidebar_state="auto")
if row is None:
    centre_view.show_missing(centre_id, t)
else:
    centre_view.show_centre(catalogue, row, in_address, t)
if in_address:  # a coordinator: of a patient nothing is kept in the browser
    workbench.show_store()
