"""Says what was just done where it was done, and brings the words on the screen: ``page.js`` looks for the key."""

import streamlit as st


def show_said(place: str, words: str, undone: bool = False) -> None:
    """Show what was just done. ``place`` tells it apart from other words on the page; ``undone``: it was a way back."""
    with st.container(key=f"said_{place}"):
        if undone:
            st.info(words, icon=":material/undo:")
        else:
            st.success(words, icon=":material/check:")
