"""A patient's own request, opened with reference and code: status, messages, changes, and the ways out."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

import streamlit as st

from opinion.agency.conversations import own_messages
from opinion.agency.patients import (
    PatientKey,
    add_own_message,
    erase_own_request,
    everything_of,
    open_own_request,
    send_changed_answers,
    withdraw_consent,
)
from opinion.agency.requests import ENDED, LONGEST_TEXT, Request
from opinion.agency.stores import shared_store
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.exchange.request_wordings import content_parts, everything_document, status_sentence, status_words
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.ask_view import content_to_send
from opinion.ui.results import fold

Found = TypeVar("Found")


def show_own_request(t: Translator) -> None:
    """Show the fields for reference and code, or the request that they open."""
    key = state.own_request()
    if key is None:
        _ask_key(t)
        return
    request = _try(lambda: open_own_request(shared_store(), key, _address()), t)
    if request is None:
        state.close_own_request()
        _ask_key(t)
        return
    _show(request, key, t)


def _ask_key(t: Translator) -> None:
    st.markdown(t("Type the reference and the code that you got when you sent your request."))
    with st.form("own_key", border=False):
        reference = st.text_input(t("Reference"), max_chars=20, placeholder="SO-", key="own_reference")
        code = st.text_input(t("Code"), max_chars=40, key="own_code", autocomplete="off")
        pressed = st.form_submit_button(t("Show my request"), type="primary")
    if pressed:
        key = PatientKey(reference, code)
        if _try(lambda: open_own_request(shared_store(), key, _address()), t) is not None:
            state.open_own_request(key)
            st.rerun()
    st.caption(t("Have you lost the code? Nobody can look it up. The request is then erased on its day."))


def _show(request: Request, key: PatientKey, t: Translator) -> None:
    with st.container(border=True):
        meaning = status_sentence(request.status, request.owner_id is not None, t)
        st.markdown(
            f"**{status_words(request.status, t)}**\n\n{meaning}\n\n"
            + t("It is erased on {date}, or before.", date=date_words(request.erase_on, t))
        )
    st.caption(f"{t('Reference:')} {request.reference}")
    if request.status != "withdrawn":
        _show_messages(request, key, t)
        _show_changed_answers(request, key, t)
    fold(t("What the agency has from me"), "own_sent", lambda: _show_content(request, t))
    st.subheader(t("Your rights"), anchor=False)
    if request.status == "withdrawn":
        st.info(status_sentence(request.status, False, t), icon=":material/undo:")
    _show_downloads(key, t)
    with st.container(horizontal=True):
        if request.status != "withdrawn":
            _show_withdrawing(key, t)
        _show_erasing(key, t)
        if st.button(t("Close this page for now"), key="own_close", icon=":material/logout:"):
            state.close_own_request()
            st.rerun()


def _show_messages(request: Request, key: PatientKey, t: Translator) -> None:
    from opinion.agency.requests import ENDED  # see above

    st.subheader(t("Messages"), anchor=False)
    messages = _try(lambda: own_messages(shared_store(), key), t) or []
    if not messages:
        st.markdown(t("There are no messages yet."))
    for message in messages:
        author = t("You") if message.by_patient else t("The agency")
        with st.chat_message("user" if message.by_patient else "assistant", avatar=_avatar(message.by_patient)):
            st.markdown(f"**{author}** · {date_words(message.at.date(), t)}\n\n{escape(message.text)}")
    if request.status in ENDED:
        return
    with st.form("own_message", clear_on_submit=True, border=False):
        text = st.text_area(t("Write to the agency"), max_chars=LONGEST_TEXT, key="own_text")
        if st.form_submit_button(t("Send the message"), icon=":material/send:"):
            _do(lambda: add_own_message(shared_store(), key, text), t("Your message is sent."), t)


def _avatar(by_patient: bool) -> str:
    return ":material/person:" if by_patient else ":material/support_agent:"


def _show_changed_answers(request: Request, key: PatientKey, t: Translator) -> None:
    """Offer to send the answers of this visit, if they are others than those that the agency has."""
    given = {id_: value for id_, value in state.answers().items() if id_ not in request.content.left_out}
    if request.status in ENDED or not given or given == dict(request.content.answers):
        return
    st.subheader(t("Changed answers"), anchor=False)
    st.markdown(t("Your answers on this website differ from those that the agency has."))
    sent = content_to_send(state.answers(), given, t)
    fold(t("Look at what would be sent"), "own_changed", lambda: _show_parts(asdict(sent), t, ("answers", "last_date")))
    if st.button(t("Send my changed answers"), key="own_send_changed", icon=":material/send:"):
        _do(lambda: send_changed_answers(shared_store(), key, sent), t("Your changed answers are sent."), t)


def _show_content(request: Request, t: Translator) -> None:
    _show_parts(asdict(request.content), t)


def _show_parts(content: dict[str, object], t: Translator, only: tuple[str, ...] = ()) -> None:
    shown = {name: value for name, value in content.items() if not only or name in only}
    for part in content_parts(shown, t):
        st.markdown(f"**{escape(part.title)}**\n" + "\n".join(f"- {escape(line)}" for line in part.lines))


def _show_downloads(key: PatientKey, t: Translator) -> None:
    store, today = shared_store(), state.today()

    def everything() -> dict[str, object]:
        return everything_of(store, key)

    def as_pdf() -> bytes:
        from opinion.exchange.printing import pdf_of  # loads a typesetter and fonts, for who asks only

        return pdf_of(everything_document(everything(), today, t))

    with st.container(horizontal=True):
        st.download_button(
            t("All that is kept, as PDF"), as_pdf, "request.pdf", "application/pdf", on_click="ignore", key="own_pdf",
            icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            t("The same for programs (JSON)"), lambda: json.dumps(everything(), ensure_ascii=False, indent=2),
            "request.json", "application/json", on_click="ignore", key="own_json", icon=":material/download:",
        )  # fmt: skip


def _show_withdrawing(key: PatientKey, t: Translator) -> None:
    with st.popover(t("Take my yes back"), icon=":material/undo:"):
        st.markdown(t("The agency stops. Nobody there can open your request any more. It is erased within 7 days."))
        if st.button(t("Yes, take it back"), type="primary", key="own_withdraw"):
            _do(lambda: withdraw_consent(shared_store(), key, state.today()), t("You have taken your yes back."), t)


def _show_erasing(key: PatientKey, t: Translator) -> None:
    with st.popover(t("Erase my request"), icon=":material/delete:"):
        st.markdown(t("All that the agency keeps about you is erased now. This cannot be undone."))
        pressed = st.button(t("Yes, erase my request"), type="primary", key="own_erase")
        if pressed and _is_done(lambda: erase_own_request(shared_store(), key), t):
            state.close_own_request()
            st.toast(t("Your request is erased."), icon=":material/delete:")
            st.rerun()


def _address() -> str:
    address = st.context.ip_address
    return address if isinstance(address, str) else ""  # None on this machine itself


def _do(act: Callable[[], object], done: str, t: Translator) -> None:
    """Do something and show the page anew, or say why it was not done."""
    if _is_done(act, t):
        st.toast(done, icon=":material/check:")
        st.rerun()


def _is_done(act: Callable[[], object], t: Translator) -> bool:
    """Do something and return whether it was done; say why not if it was refused."""

    def done() -> bool:
        act()
        return True

    return bool(_try(done, t))


def _try(act: Callable[[], Found], t: Translator) -> Found | None:
    """Return what ``act`` gives; say why not and return ``None`` if it is refused."""
    try:
        return act()
    except ChangedMeanwhileError:
        st.error(t("The agency has changed something just now. Please try again."), icon=":material/error:")
    except RefusedError as error:
        words = {
            "unknown_code": t("No request has this reference and this code. Please look at both again."),
            "too_many_attempts": t("There were too many wrong tries. Please wait 15 minutes."),
            "ended": t("This request has ended. You can send a new one."),
            "empty": t("There is no text yet. Write something first."),
            "too_long": t("The text is too long. Please make it shorter."),
        }
        st.error(words.get(error.reason, str(error)), icon=":material/error:")
    return None
