"""The Centres page with the trivial page's content below it, in a fragment: served by ``benchmarks.pages`` only."""

import runpy

import streamlit as st

from benchmarks.servers import ROOT

runpy.run_path(str(ROOT / "pages" / "centres.py"))


@st.fragment
def trivial() -> None:
    """Show what the trivial page shows."""
    st.title("A trivial page")
    value = st.slider("value", 0, 100, key="value")
    st.write(f"The value is {value}.")


trivial()
