"""Data quality: how complete, right and new the catalogue is, and what a curator could do next. For everybody."""

import streamlit as st

from opinion.centres.quality.shared import shared_quality
from opinion.ui import quality_tasks, quality_times, quality_view, state
from opinion.ui.catalogue import shared_catalogue

t = state.translator()
st.set_page_config(page_title=t("Data quality"), layout="wide", initial_sidebar_state="auto")
catalogue = shared_catalogue()
found = shared_quality(catalogue)
st.title(t("Data quality"), anchor=False)
st.markdown(t("How complete, right and new our data about centres are. It says nothing about how good a hospital is."))
quality_tasks.show_glance(catalogue, found.quality, t)
quality_tasks.show_tasks(catalogue, found, t)
quality_view.show_matrix(catalogue, found.quality, t)
quality_times.show_times(catalogue, found.quality, t)
