"""The tables of the page Import: as wide as a desktop of 1,280 points; sentences go on in a second line."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

_HEIGHT = 470
_TALL, _LOW = 70, 35  # above 4 rem (here 68) the component lets texts go on in a further line


def show_table(
    table: Mapping[str, Sequence[object]], widths: Sequence[int], alt: str, link: str = "", is_tall: bool = True
) -> None:
    """Show a table; ``widths`` of its columns in points. ``is_tall``: its texts may take two or three lines.

    ``link``: what to show for the addresses of the last column, ``""`` if it has none.
    """
    shape = st.column_config
    columns = {head: shape.Column(width=width) for head, width in zip(table, widths, strict=True)}
    if link:
        columns[list(table)[-1]] = shape.LinkColumn(display_text=link, width=widths[-1])
    rows = len(next(iter(table.values())))
    row_height = _TALL if is_tall else _LOW
    height: Literal["content"] | int = "content" if (rows + 1) * row_height <= _HEIGHT else _HEIGHT
    st.dataframe(dict(table), hide_index=True, height=height, row_height=row_height, column_config=columns, alt=alt)
