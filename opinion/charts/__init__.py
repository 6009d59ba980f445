"""Turns tables into plotly figures, and map outlines into files that the server hands out.

No query, no Streamlit, and nothing else of ours is imported here: texts come in ready, in the reader's language.
"""
