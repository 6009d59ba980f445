"""A picture as a page shows it: its finding as title, what would make it lie, its table, its file, a press on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zlib import crc32

import pyarrow as pa
import streamlit as st

from opinion.exchange.cells import Cell
from opinion.exchange.tables import csv_of
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui.results import fold

if TYPE_CHECKING:
    from opinion.charts.figures import Figure


@dataclass(frozen=True)
class Twin:
    """The table that says the same as a picture. ``rows``: one cell per title in ``head``, ``None`` is not known.

    ``links``: by title of a column of addresses, the words to show in their place.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    links: Mapping[str, str] = field(default_factory=dict)


def show_picture(
    key: str, title: str, notes: Sequence[str], figure: "Figure", alt: str, twin: Twin, t: Translator,
    config: dict[str, Any] | None = None, can_press: bool = False,
) -> str:  # fmt: skip
    """Show a picture and, folded, its table; return the key of what is pressed in it, ``""`` for nothing.

    ``title`` is Markdown, ``notes`` and ``alt`` are plain text. ``config`` is plotly's for maps, ``None`` for charts.
    """
    from opinion.charts.figures import CHART_CONFIG  # plotly: not before a picture is asked for

    st.markdown(f"#### {title}")
    st.caption(words.plain(" ".join(notes)))
    settings: dict[str, Any] = {"config": config or CHART_CONFIG, "alt": alt}
    pressed = ""
    if can_press:
        # a key for each address: what was pressed under other filters is over
        own = f"picture_{key}_{crc32(urlencode(st.query_params.to_dict()).encode()):x}"
        event: Any = st.plotly_chart(figure, key=own, on_select="rerun", selection_mode="points", **settings)
        pressed = next((key for key in map(key_of, event.selection.points) if key), "")
    else:
        st.plotly_chart(figure, key=f"picture_{key}", **settings)
    label = t("The map as a table") if config else t("The chart as a table")
    fold(label, f"picture_{key}", lambda: show_twin(key, twin, alt, t))
    return pressed


def key_of(point: Mapping[str, Any]) -> str:
    """Return the key that a pressed point carries, ``""`` if it carries none."""
    carried = point.get("customdata") or [""]
    return str(carried[0] if isinstance(carried, list) else carried)


def show_twin(key: str, twin: Twin, alt: str, t: Translator) -> None:
    """Show a table, and the button that saves it as CSV."""
    # Arrow keeps whole numbers whole beside cells that are not known
    table = pa.table({title: pa.array([row[place] for row in twin.rows]) for place, title in enumerate(twin.head)})
    shapes = {title: st.column_config.LinkColumn(display_text=shown) for title, shown in twin.links.items()}
    st.dataframe(
        table, hide_index=True, alt=alt, key=f"twin_{key}", placeholder=t("not known"), column_config=shapes
    )  # fmt: skip
    st.download_button(
        t("This table as CSV"), _csv(twin), f"{key}.csv", "text/csv",
        on_click="ignore", icon=":material/download:", key=f"save_{key}",
    )  # fmt: skip


def _csv(twin: Twin) -> Callable[[], bytes]:
    """Return what makes the file. It runs outside the session, so it holds all that it needs."""
    return lambda: csv_of(twin.head, twin.rows)


def is_narrow() -> bool:
    """Whether the visitor's browser says that it runs on a phone: there a picture has room for few columns."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")
