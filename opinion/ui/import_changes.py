"""What a newer list changes, as a table of the first changes and as a file of all."""

from dataclasses import asdict
from itertools import islice
from pathlib import Path

import streamlit as st

from opinion.centres.imports.replacing import Changes
from opinion.exchange.import_files import change_head, change_rows, changes_as_csv
from opinion.texts.translations import Translator
from opinion.ui.import_tables import show_table

_CHANGES_SHOWN = 200


def show_changes(changes: Changes, folder: Path, t: Translator) -> None:
    """Show what a newer list, or a release of a register, in ``folder`` changes, before anything is changed."""
    st.markdown(f"**{t('What the newer list changes')}**")
    numbers = {name: f"**{count:,}**" for name, count in asdict(changes).items()}
    st.markdown(
        t("Centres: {added} new, {changed} changed, {gone} no more there, {same} as before. "
          "Facts: {facts_added} new, {facts_gone} no more there. Older facts stay in the history.", **numbers)
    )  # fmt: skip
    if changes.waits:
        st.warning(t("Centres that leave the catalogue because their row in the newer list waits: {waits}. "
                     "Correct these rows and check the file again, or bring them in afterwards.", **numbers),
                   icon=":material/warning:")  # fmt: skip
    if changes.gone > changes.changed + changes.same:
        st.warning(t("Most centres of the older list are not in this one. Is it the whole list?"),
                   icon=":material/warning:")  # fmt: skip
    rows = list(islice(change_rows(folder, t), _CHANGES_SHOWN))
    if not rows:
        return
    table = {head: [row[place] for row in rows] for place, head in enumerate(change_head(t))}
    show_table(table, (160, 280, 130, 200, 200, 180), t("What the newer list changes"))
    st.download_button(t("All changes (CSV)"), lambda: changes_as_csv(folder, t), "changes.csv", "text/csv",
                       on_click="ignore", key="import_changes", icon=":material/download:")  # fmt: skip
