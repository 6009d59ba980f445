"""Asking the agency: what a patient is about to send, to whom, why and for how long; consent; and the receipt.

Nothing is written before the patient has ticked the consent and pressed the button.
"""

import os
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from opinion.agency.consents import newest_consent
from opinion.agency.patients import send_request
from opinion.agency.requests import LONGEST_LINE, LONGEST_TEXT, Content
from opinion.agency.stores import shared_store
from opinion.errors import RefusedError
from opinion.exchange import wordings
from opinion.exchange.request_wordings import content_parts
from opinion.guidance.answers import Answers
from opinion.guidance.assessments import Advice, assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.editions import guidance_version
from opinion.texts.translations import Translator
from opinion.ui import results, state
from opinion.ui.found_centres import kept_names

AGENCY_NAME = "OPINION_AGENCY_NAME"
"""The environment variable with the agency's name and how to reach it, as patients read them."""


def show_asking(t: Translator) -> None:
    """Show the whole page: the receipt after sending, advice not to wait instead, or what would be sent."""
    if state.RECEIPT in st.session_state:
        _show_receipt(t)
        return
    given = state.answers()
    if not given:
        st.info(t("There are no answers yet. Answer the questions first."), icon=":material/edit_note:")
        if st.button(t("Answer the questions"), type="primary", key="ask_to_questions"):
            state.go_to("emergency")
            st.switch_page("../../pages/self_check.py")
        _show_way_to_own_request(t)
        return
    advice = assess(load_guidance(), given, with_changes=False)
    if advice.outcome == "do_not_wait":
        head = wordings.headline(advice, given, t)
        st.error(f"### {head.text}\n\n{head.now}", icon=results.ICONS[advice.outcome])
        st.markdown(t("So nothing can be sent to the agency now. Talk to your doctor today."))
        return
    _show_form(advice, given, t)
    _show_way_to_own_request(t)


def _show_form(advice: Advice, given: Answers, t: Translator) -> None:
    draft: dict[str, Any] = st.session_state.setdefault(state.ASKED, {})
    st.markdown(
        t("The agency looks for a centre, asks it, and answers you.")
        + " "
        + t("Nothing is sent until you press the button at the end.")
    )
    if not advice.recommends:
        st.info(t("Our advice does not recommend a second opinion now. You can ask the agency all the same."))
    st.subheader(t("1. What is sent"), anchor=False)
    content = _choose(given, draft, t)
    with st.container(border=True, key="ask_preview"):
        parts = content_parts(asdict(content), t)
        st.markdown(
            f"**{t('Exactly this is sent:')}**\n\n"
            + "\n\n".join(
                f"**{wordings.escape(part.title)}**\n" + "\n".join(f"- {wordings.escape(line)}" for line in part.lines)
                for part in parts
            )
            if parts
            else t("Nothing is chosen yet.")
        )
    st.subheader(t("2. Who gets it, and why"), anchor=False)
    _show_agency(t)
    st.subheader(t("3. Your yes"), anchor=False)
    purposes = _ask_consent(draft, t)
    if st.button(t("Send to the agency"), type="primary", key="ask_send", icon=":material/send:", width="stretch"):
        _send(content, purposes, bool(parts), t)


def _choose(given: Answers, draft: dict[str, Any], t: Translator) -> Content:
    """Show the choices of what to send, and return what is chosen."""
    questions = {id_: each for id_, each in load_guidance().questions.items() if given.get(id_) is not None}
    sends = {
        "answers": _toggle("answers", t("My answers"), draft),
        "advice": _toggle("advice", t("The advice that I got here"), draft),
    }
    left_out: list[str] = []
    if sends["answers"]:
        held = [id_ for id_ in draft.get("left_out", []) if id_ in questions]
        left_out = draft["left_out"] = st.multiselect(
            t("Leave these answers out"), list(questions), held, format_func=lambda id_: t(questions[id_].title),
            key="ask_left_out", placeholder=t("None is left out"),
        )  # fmt: skip
    names = kept_names(t)
    with_centres = bool(names) and _toggle("centres", t("The centres that I keep"), draft)
    draft["name"] = st.text_input(
        t("Your name, if you like"), draft.get("name", ""), max_chars=LONGEST_LINE, key="ask_name", autocomplete="name"
    )
    draft["reach"] = st.text_input(
        t("How to reach you, if you like"), draft.get("reach", ""), max_chars=LONGEST_LINE, key="ask_reach",
        help=t("You can read the agency's messages here too, with a code. Then nobody needs your address."),
    )  # fmt: skip
    draft["message"] = st.text_area(
        t("What else the agency should know"), draft.get("message", ""), max_chars=LONGEST_TEXT, key="ask_message"
    )
    with_answers = {id_: given[id_] for id_ in questions if id_ not in left_out} if sends["answers"] else {}
    content = content_to_send(given, with_answers, t)
    return replace(
        content,
        advice=content.advice if sends["advice"] else {},
        edition=content.edition if sends["advice"] else "",
        centres=[
            {"id": id_, "name": name} for id_, name in zip(state.kept_centres(), names, strict=True) if with_centres
        ],
        name=draft["name"],
        reach=draft["reach"],
        message=draft["message"],
    )


def content_to_send(given: Answers, sent: Answers, t: Translator) -> Content:
    """Return what a request says of the answers ``given``, of which ``sent`` are sent: they, the advice, the date."""
    advice = assess(load_guidance(), given, with_changes=False)
    days = sent.get("days_until_decision")
    return Content(
        answers=dict(sent),
        advice={
            "outcome": advice.outcome,
            "timing": advice.timing,
            "reasons": wordings.main_reasons(advice, limit=None),
        },
        edition=guidance_version(),
        outcome=advice.outcome,
        left_out=[id_ for id_ in given if id_ not in sent],
        last_date=(state.today() + timedelta(days)).isoformat() if isinstance(days, int) else "",
        language=t.language,
    )


def _toggle(name: str, label: str, draft: dict[str, Any]) -> bool:
    draft[name] = st.checkbox(label, draft.get(name, True), key=f"ask_{name}")
    return bool(draft[name])


def _show_agency(t: Translator) -> None:
    name = os.environ.get(AGENCY_NAME, "").strip()
    if name:
        st.markdown(f"**{wordings.escape(name)}**")
    else:
        st.warning(t("The agency behind this website has not given its name here. Ask who it is before you send."))
    st.markdown(t("It gets this to find a centre for your second opinion, and for nothing else."))


def _ask_consent(draft: dict[str, Any], t: Translator) -> list[str]:
    """Show what the patient agrees to, and return the purposes that are ticked."""
    ticked = []
    for place, purpose in enumerate(newest_consent().purposes):
        points = "\n".join(f"- {t(point)}" for point in purpose.points)
        if place == 0:  # what is needed to send anything is read before the tick
            st.markdown(points)
        key = f"consent_{purpose.id}"
        draft[key] = st.checkbox(t(purpose.label), draft.get(key, False), key=f"ask_{key}")
        if place:
            st.markdown(points)
        if draft[key]:
            ticked.append(purpose.id)
    return ticked


def _send(content: Content, purposes: list[str], holds_something: bool, t: Translator) -> None:
    if not holds_something:
        st.error(t("There is nothing to send. Choose at least one part above."), icon=":material/error:")
        return
    try:
        with st.spinner(t("Sending …")):
            key = send_request(shared_store(), content, purposes, t.language, state.today())
    except RefusedError as error:
        words = {
            "no_consent": t("Please tick the first yes above. Without it nothing is sent."),
            "do_not_wait": t("Your answers say that you should not wait. So nothing can be sent. Look at your result."),
        }
        st.error(words.get(error.reason, str(error)), icon=":material/error:")
        return
    state.keep_receipt(key)
    st.rerun()


def _show_receipt(t: Translator) -> None:
    key = st.session_state[state.RECEIPT]
    st.success(t("Your request is sent. The agency has it now."), icon=":material/check_circle:")
    st.subheader(t("Write these two down"), anchor=False)
    st.markdown(t("With them you can read the answer, add something, or erase all. The code is shown only now."))
    st.markdown(f"{t('Reference:')} **{key.reference}**  \n{t('Code:')} **{key.code}**")
    text = f"{t('Reference:')} {key.reference}\n{t('Code:')} {key.code}\n"
    with st.container(horizontal=True):
        st.download_button(
            t("Keep both as a file"), lambda: text, "reference-and-code.txt", "text/plain", on_click="ignore",
            key="ask_keep", icon=":material/download:",
        )  # fmt: skip
        if st.button(t("I have them. Show my request"), type="primary", key="ask_done"):
            state.open_own_request(key)
            st.switch_page("../../pages/my_request.py")


def _show_way_to_own_request(t: Translator) -> None:
    if st.button(t("I have sent a request before"), key="ask_to_own", icon=":material/key:"):
        st.switch_page("../../pages/my_request.py")
