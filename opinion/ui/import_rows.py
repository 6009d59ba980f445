"""What became of the rows of a list, on the page Import: as a table of the first ones, and as files of all."""

from collections.abc import Callable, Collection
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from opinion.centres.inputs import read_about
from opinion.exchange.import_files import CameIn, centre_path, fate_head, fate_rows, fates_as_csv, has_fates
from opinion.exchange.waiting_files import waiting_file
from opinion.texts.translations import Translator
from opinion.ui.import_tables import show_table

Later = Callable[[], CameIn]
_SHOWN = 200


def show_fates(folder: Path, t: Translator, key: str, are_linked: bool = False, later: Later = dict) -> None:
    """Show what becomes of the first rows of a draft or an import, and offer the file of all.

    ``are_linked``: the centres are in the catalogue, and have pages. ``later``: gives what ``came_in_later`` does.
    """
    rows = list(islice(fate_rows(folder, t, later()), _SHOWN))
    table: dict[str, list[object]] = {
        head: ["" if row[place] is None else str(row[place]) for row in rows] for place, head in enumerate(fate_head(t))
    }
    table[t("Row")] = [row[0] for row in rows]
    widths = [55, 190, 170, 210, 60, 410]
    if are_linked:
        table[t("Page")] = [centre_path(str(row[2])) if row[2] else None for row in rows]
        widths[-1:] = [350, 60]
    show_table(table, widths, t("What becomes of each row"), t("Open") if are_linked else "", is_tall=False)
    if len(rows) == _SHOWN:
        st.caption(t("The first {shown} rows. The file holds them all.", shown=str(_SHOWN)))
    offer_fates(folder, t, key, are_linked, later)


def offer_fates(folder: Path, t: Translator, key: str, are_linked: bool = False, later: Later = dict) -> None:
    """Offer the file that says what became of each row; nothing where that is not known."""
    if not has_fates(folder):
        return
    name = Path(read_about(folder)["file"]).stem
    address = urlsplit(st.context.url or "")
    site = f"{address.scheme}://{address.netloc}" if are_linked else None
    st.download_button(t("Each row (CSV)"), lambda: fates_as_csv(folder, t, site, later()), f"{name} rows.csv",
                       "text/csv", on_click="ignore", key=key, icon=":material/checklist:",
                       help=t("For each row of the file: which centre it became, or why it waits or was passed over."),
                       )  # fmt: skip


def offer_waiting(folder: Path, t: Translator, key: str, numbers: Collection[str] | None = None) -> None:
    """Offer the rows that wait, to be corrected and imported again; ``numbers``: which ones, ``None`` for all."""
    file = waiting_file(folder)
    words = t("Correct the rows and give this file to the page again. It has the form of your list.")
    if file.lacks_letters:
        words += " " + t("Where {encoding} lacks a letter, the file is in UTF-8.", encoding=file.layout.encoding)
    st.download_button(t("Rows that wait"), lambda: file.content(t, numbers), file.name, file.mime, on_click="ignore",
                       key=key, icon=":material/download:", help=words)  # fmt: skip
