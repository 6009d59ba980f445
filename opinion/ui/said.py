"""Says what was just done where it was done, and brings the words on the screen: ``page.js`` looks for the key."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def said(place: str) -> DeltaGenerator:
    """Return a container whose words come on the screen when they are new. ``place`` tells it apart on the page."""
    return st.container(key=f"said_{place}")


def show_said(place: str, words: str, undone: bool = False) -> None:
    """Show what was just done, at such a place; ``undone``: it was a way back."""
    with said(place):
        if undone:
            st.info(words, icon=":material/undo:")
        else:
            st.success(words, icon=":material/check:")
