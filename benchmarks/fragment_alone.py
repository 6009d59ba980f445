"""The trivial page's content as a fragment on a page of its own: what a fragment costs in Streamlit itself."""

from benchmarks.trivial_fragment import trivial

trivial()
