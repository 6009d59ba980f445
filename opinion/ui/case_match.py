"""Matching for a request: the page Match a case is filled from it, and centres found there are attached to it."""

import streamlit as st

from opinion.agency.enquiries import plan_enquiry
from opinion.agency.requests import Request
from opinion.agency.stores import shared_store
from opinion.errors import RefusedError
from opinion.texts.translations import Translator
from opinion.ui import match_case, sign_in, state
from opinion.ui.catalogue import centre_titles
from opinion.ui.desks import refusal_words

FOR_REQUEST = "match_for_request"  # in the session: the reference of the request that is matched


def can_match(request: Request) -> bool:
    """Say whether a request's answers are enough to look for centres, and nobody has to act at once."""
    return request.content.answers.get("disease_area") not in (None, "other", "unsure") and not request.is_alarm


def match_request(request: Request) -> None:
    """Open the page Match a case with the answers and wishes of a request."""
    answers = {key: value for key, value in request.content.answers.items() if value != "unsure"}
    wishes = answers.pop("wishes", {})
    days = request.days_left(state.today())
    if days is not None:
        answers["days_until_decision"] = max(days, 0)
    match_case.hold_case({"answers": answers, "wishes": dict(wishes)})
    st.session_state[FOR_REQUEST] = request.reference
    st.switch_page("../../pages/match.py")


def show_request(t: Translator) -> None:
    """Say on the page Match a case for which request it is, with the way back to it and out of it."""
    reference = st.session_state.get(FOR_REQUEST)
    if not reference:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(t("For request {reference}.", reference=f"**{reference}**"))
        if st.button(t("Back to the request"), key="match_to_request", icon=":material/arrow_back:"):
            st.switch_page("../../pages/request.py", query_params={"ref": reference, "part": "centres"})
        if st.button(t("No longer for this request"), key="match_without_request", icon=":material/link_off:"):
            st.session_state.pop(FOR_REQUEST)
            st.rerun()


def show_attaching(centre_ids: list[str], key: str, t: Translator) -> None:
    """Offer to attach centres to the request that is matched, if one is."""
    reference, actor = st.session_state.get(FOR_REQUEST), sign_in.signed_in()
    if not reference or actor is None:
        return
    label = t("Attach to {reference}", reference=reference)
    if not st.button(label, key=f"{key}_attach", disabled=not centre_ids, icon=":material/add_link:", type="primary"):
        return
    try:
        for id_, name in centre_titles(centre_ids).items():
            plan_enquiry(shared_store(), actor, reference, {"id": id_, "name": name}, state.today())
    except RefusedError as error:
        st.error(refusal_words(error, t), icon=":material/error:")
        return
    st.toast(t("Attached to {reference}.", reference=reference), icon=":material/check:")
