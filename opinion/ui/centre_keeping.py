"""Keeping a centre: a coordinator's stands on the shortlist, a patient's stays in the session and goes with it."""

import streamlit as st

from opinion.texts.translations import Translator
from opinion.ui import state, workbench


def show_keeping(centre_id: str, in_address: bool, t: Translator) -> None:
    """Show the way to keep this centre, or to keep it no longer; to coordinators also the way to compare it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not in_address:
            _show_patient(centre_id, t)
            return
        if centre_id in workbench.shortlist():
            st.button(
                t("On the shortlist: take off"), key="drop_this_centre", icon=":material/playlist_remove:",
                on_click=workbench.drop_centres, args=([centre_id],),
            )  # fmt: skip
        else:
            st.button(
                t("Keep on the shortlist"), key="keep_this_centre", icon=":material/playlist_add:",
                on_click=workbench.keep_centres, args=([centre_id],),
            )  # fmt: skip
        st.page_link(
            "../../pages/compare.py", label=t("Compare with others"), icon=":material/compare:",
            query_params={"id": centre_id},
        )  # fmt: skip


def _show_patient(centre_id: str, t: Translator) -> None:
    if centre_id in state.kept_centres():
        st.button(
            t("You keep this centre. Let it go"), key="let_go_of_this_centre", icon=":material/bookmark_remove:",
            on_click=state.let_go_of, args=(centre_id,),
        )  # fmt: skip
    else:
        st.button(
            t("Keep this centre"), key="keep_this_centre", icon=":material/bookmark_add:",
            on_click=state.keep_centre, args=(centre_id,),
        )  # fmt: skip
    st.caption(t("Kept until you close this page. You find it again on the page Where to go."), width="content")
