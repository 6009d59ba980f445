"""A shortlist as a table, with what can be done with it: compare, take off, save as a file, send as a link."""

import numpy as np
import pyarrow as pa
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import MOST_COMPARED
from opinion.errors import CatalogueError
from opinion.exchange.tables import centres_as_csv, centres_as_xlsx
from opinion.exchange.workbooks import XLSX
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import workbench
from opinion.ui.browsing_views import file_of
from opinion.ui.choices import told_apart
from opinion.ui.saved_views import link_to


def sent_centres() -> list[str]:
    """Return the ids of a shortlist that came in the address, at most as many as a shortlist holds."""
    ids = (id_.strip() for id_ in st.query_params.get("id", "").split(","))
    return list(dict.fromkeys(filter(None, ids)))[: workbench.MOST_CENTRES]


def show_sent(catalogue: Catalogue, ids: list[str], t: Translator) -> None:
    """Show a shortlist that came in a link, and the way to make it one's own."""
    rows = _rows_of(catalogue, ids, t)
    st.info(t("This shortlist came in a link. Your own shortlist stays as it is."), icon=":material/link:")
    _show_table(catalogue, rows, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            t("Keep these on my shortlist"), key="keep_sent", icon=":material/playlist_add:", disabled=not len(rows)
        ):
            workbench.keep_centres([str(catalogue.table.column("centre_id")[row]) for row in rows.tolist()])
            del st.query_params["id"]
            st.rerun()
        st.page_link("../../pages/shortlist.py", label=t("My own shortlist"), icon=":material/playlist_add_check:")
    _show_files(catalogue, rows, t)


def show_own(catalogue: Catalogue, t: Translator) -> None:
    """Show the coordinator's own shortlist."""
    ids = workbench.shortlist()
    if not ids:
        st.info(
            t("The shortlist is empty. On the page Centres, tick rows and press “Keep on the shortlist”."),
            icon=":material/playlist_add:",
        )
        st.page_link("../../pages/centres.py", label=t("To the list of centres"), icon=":material/list:")
        return
    rows = _rows_of(catalogue, ids, t)
    _show_table(catalogue, rows, t)
    known = catalogue.table.column("centre_id").take(rows).to_pylist()
    held = told_apart(dict(zip(known, _names(catalogue, rows), strict=True)), str)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            t("Choose centres"), list(held), format_func=held.__getitem__, key="shortlist_chosen", select_all=False,
            placeholder=t("Choose from this list"), width=420,
        )  # fmt: skip
        if st.button(
            t("Compare"), key="compare_kept", disabled=not 2 <= len(chosen) <= MOST_COMPARED, icon=":material/compare:",
            help=t("Choose two to {most} centres.", most=MOST_COMPARED),
        ):  # fmt: skip
            st.switch_page("../../pages/compare.py", query_params={"id": ",".join(chosen)})
        st.button(
            t("Take off the shortlist"), key="drop_kept", on_click=workbench.drop_centres, args=(chosen,),
            disabled=not chosen, icon=":material/playlist_remove:",
        )  # fmt: skip
    _show_files(catalogue, rows, t)
    st.markdown(t("The link to this shortlist, for a colleague:"))
    st.code(link_to({"id": ",".join(held)}, "/shortlist"), language=None, wrap_lines=True)
    st.caption(t("The shortlist is kept in this browser only. Whoever uses this browser can see it."))


def show_undo(t: Translator) -> None:
    """Show the way to take the last change back, if there is one."""
    if workbench.can_undo():
        st.button(t("Undo the last change"), key="undo_workbench", on_click=workbench.undo, icon=":material/undo:")


def _rows_of(catalogue: Catalogue, ids: list[str], t: Translator) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Return the rows of the ids, in their order; those that are no centre are said to be gone."""
    rows, missing = [], []
    for id_ in ids:
        try:
            rows.append(catalogue.row_of(id_))
        except CatalogueError:
            missing.append(id_)
    if missing:
        gone = words.plain(", ".join(missing)[:200])
        st.warning(
            t("These are not in the catalogue. They may have left it, or the link is incomplete: {ids}.", ids=gone),
            icon=":material/search_off:",
        )
    return np.array(rows, dtype=np.intp)


def _names(catalogue: Catalogue, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> list[str]:
    page = catalogue.page(rows, ("name", "city"))
    return [", ".join(filter(None, pair)) for pair in page.itertuples(index=False, name=None)]


def _show_table(catalogue: Catalogue, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", t: Translator) -> None:
    if not len(rows):
        return
    names, shape, labels = country_names(t.language), st.column_config, words.equipment_labels(t)
    cells = catalogue.page(rows, ("centre_id", "name", "city", "country_code", "equipment", "beds", "website"))
    columns = {
        t("Page"): [f"/centre?id={id_}" for id_ in cells["centre_id"]],
        t("Name"): cells["name"].tolist(),
        t("City"): [town or None for town in cells["city"]],
        t("Country"): [names.get(code, code) for code in cells["country_code"]],
        t("Disease areas"): [words.focus_words(focus, (), t) for focus in catalogue.focuses_of(rows)],
        t("Equipment, stated"): [
            ", ".join(labels[item] for item in items.split(";") if item) or None for items in cells["equipment"]
        ],
        t("Beds"): [int(beds) if str(beds).isdigit() else None for beds in cells["beds"]],
        t("Website"): [site or None for site in cells["website"]],
    }
    st.dataframe(
        pa.table(columns), hide_index=True, height="content", key="shortlist_table", placeholder=t("not known"),
        alt=t.plural("Shortlist of {count} centre", "Shortlist of {count} centres", len(rows)),
        column_config={
            t("Page"): shape.LinkColumn(display_text=t("Open"), width=55),
            t("Name"): shape.TextColumn(width=230),
            t("Disease areas"): shape.TextColumn(width=230),
            t("Website"): shape.LinkColumn(display_text=r"^https?://(?:www\.)?([^/]+)", width=150),
        },
    )  # fmt: skip


def _show_files(catalogue: Catalogue, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "CSV", file_of(centres_as_csv, catalogue, rows, t), "shortlist.csv", "text/csv", on_click="ignore",
            icon=":material/download:", key="save_shortlist_csv",
        )  # fmt: skip
        st.download_button(
            "Excel", file_of(centres_as_xlsx, catalogue, rows, t), "shortlist.xlsx", XLSX, on_click="ignore",
            icon=":material/download:", key="save_shortlist_xlsx",
        )  # fmt: skip
