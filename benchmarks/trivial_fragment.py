"""The trivial page's content, in a fragment."""

import streamlit as st


@st.fragment
def trivial() -> None:
    """Show what the trivial page shows."""
    st.title("A trivial page")
    value = st.slider("value", 0, 100, key="value")
    st.write(f"The value is {value}.")
