"""What can be kept of a view of the Centres page: a file, a name for it, the link to it."""

from contextlib import nullcontext
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.facets import Selection
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import state, workbench
from opinion.ui.browsing_sentences import short_name
from opinion.ui.browsing_views import show_downloads


@st.fragment
def show_saving(catalogue: Catalogue, selection: Selection, t: Translator) -> None:
    """Show the way to this view's files, name and link, and to the views saved before; each made when it is opened."""
    count = len(workbench.saved_views())
    with st.container(horizontal=True, vertical_alignment="center") if count else nullcontext():
        share = st.popover(
            t("Download, save or share"), icon=":material/ios_share:", key="share_view", on_change="rerun"
        )
        if share.open:
            with share:
                if selection.count:
                    show_downloads(catalogue, selection, t)
                _show_sharing(selection, t)
        if count:
            saved = st.popover(
                t("Saved views ({count})", count=count), icon=":material/bookmarks:", key="show_saved_views",
                on_change="rerun",
            )  # fmt: skip
            if saved.open:
                with saved:
                    show_saved(t)


def _show_sharing(selection: Selection, t: Translator) -> None:
    filters = selection.filters
    st.text_input(
        t("Name of the view"), key="view_name", max_chars=workbench.LONGEST_NAME,
        value=short_name(filters, selection.town, t), help=t("It is kept in this browser. Name no patient."),
    )  # fmt: skip
    if st.button(t("Save"), key="save_view", on_click=_save, icon=":material/save:", type="primary"):
        st.rerun()  # the list of saved views is kept at the end of the page
    st.markdown(t("The link to this view, for a colleague:"))
    st.code(link_to(st.query_params.to_dict()), language=None, wrap_lines=True)
    query = urlencode(filters.to_query())
    as_csv = "&".join(filter(None, (query, "format=csv")))
    st.markdown(
        t("For other programs, 25 centres a page: [JSON]({json}) · [CSV]({csv}) · [how it works]({about})",
          json=f"/api/v1/centres?{query}", csv=f"/api/v1/centres?{as_csv}", about="/api/v1/openapi.json")
    )  # fmt: skip


def _save() -> None:
    name = st.session_state.get("view_name", "")
    query = {key: value for key, value in st.query_params.to_dict().items() if key != "page"}
    workbench.save_view(name, urlencode(query, safe=",:"))
    if name.strip():
        t = state.translator()
        st.toast(t("Saved: {name}", name=f"**{words.plain(name)}**"), icon=":material/bookmark_added:")


def show_saved(t: Translator) -> None:
    """Show the way to each saved view, and the way to forget it."""
    for place, (name, query) in enumerate(workbench.saved_views().items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            # a link to the page that is shown would do nothing
            if st.button(words.plain(name), key=f"open_view_{place}", type="tertiary", icon=":material/bookmark:"):
                st.switch_page("../../pages/centres.py", query_params=dict(parse_qsl(query)))
            st.button(
                t("Forget"), key=f"forget_view_{place}", on_click=workbench.drop_view, args=(name,), type="tertiary",
                icon=":material/delete:", help=t("Forget “{name}”", name=name),
            )  # fmt: skip


def link_to(query: dict[str, str], path: str = "") -> str:
    """Return the whole address of a page of ours, the present one unless ``path`` says, with ``query``."""
    parts = urlsplit(st.context.url or "")
    kept = {key: value for key, value in query.items() if value}
    return urlunsplit((parts.scheme, parts.netloc, path or parts.path, urlencode(kept, safe=",:"), ""))
