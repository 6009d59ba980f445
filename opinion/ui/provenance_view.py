"""The whole catalogue as a file, every fact with its source, for coordinators and curators who are signed in."""

from functools import partial

import streamlit as st

from opinion.exchange.workbooks import XLSX
from opinion.texts.translations import Translator
from opinion.ui import sign_in


def may_download() -> bool:
    """Say whether who is here may have the file: it also names the accounts that entered something."""
    account = sign_in.signed_in()
    return account is not None and (account.may("coordinator") or account.may("curator"))


def show_download(t: Translator) -> None:
    """Show the way to the file to who may have it."""
    if not may_download():
        return
    st.subheader(t("Every fact as a file"), anchor=False)
    st.markdown(
        t("One row for each fact: centre, value, certainty, source, address, date, licence, who entered it, and whether"
          " it counts. With it the centres, the sources and what was decided. The same catalogue gives the same file.")
    )  # fmt: skip
    kinds = {
        "csv": (t("CSV (four tables in one ZIP)"), "centres-facts-csv.zip", "application/zip"),
        "xlsx": (t("XLSX"), "centres-facts.xlsx", XLSX),
        "parquet": (t("Parquet (four tables in one ZIP)"), "centres-facts-parquet.zip", "application/zip"),
    }
    with st.container(horizontal=True):
        for format, (label, name, mime) in kinds.items():
            st.download_button(
                label, partial(_file, format), name, mime, on_click="ignore",
                key=f"catalogue_{format}", icon=":material/download:",
            )  # fmt: skip
    st.caption(
        t("It takes some seconds to make. A spreadsheet shows at most 1,048,576 rows: more go on in a second one.")
    )


def _file(format: str) -> bytes:
    # Imported here because they bring pandas and pyarrow, which the page does not need.
    from opinion.centres.shared import shared_catalogue  # see above
    from opinion.exchange.provenance_tables import catalogue_file  # see above

    return catalogue_file(shared_catalogue(), format)
