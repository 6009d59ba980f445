"""The one catalogue that all sessions share."""

import streamlit as st

from opinion.centres.catalogues import Catalogue, load_catalogue


@st.cache_resource(show_spinner=False)
def shared_catalogue() -> Catalogue:
    """Return the catalogue, loaded once for the whole server; it never changes and holds nothing about visitors."""
    return load_catalogue()
