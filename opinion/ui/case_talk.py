"""The parts of a request's page about what was said and kept: messages and notes, files, and the history."""

from datetime import datetime

import streamlit as st

from opinion.agency import audits, casework, conversations, files
from opinion.agency.accounts import all_accounts
from opinion.agency.casework import Change
from opinion.agency.requests import LONGEST_TEXT
from opinion.exchange.request_wordings import status_words
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.ui.desks import Desk
from opinion.ui.results import fold

FILE_ROUND = "case_file_round"  # in the session: part of the key of the upload field, so that it is emptied


def show_messages(desk: Desk) -> None:
    """Show messages and notes in one row, and the fields to write either."""
    t, reference = desk.t, desk.request.reference
    found = conversations.entries_of(desk.store, desk.actor, reference)
    if not found:
        st.info(t("There are no messages and no notes yet."), icon=":material/chat:")
    for entry in found:
        author = t("The patient") if entry.by_patient else entry.author or t("somebody who has left")
        kind = t("note, not shown to the patient") if entry.kind == "note" else ""
        avatar = (
            ":material/person:" if entry.by_patient else ":material/edit_note:" if kind else ":material/support_agent:"
        )
        with st.chat_message("user" if entry.by_patient else "assistant", avatar=avatar):
            head = " · ".join(filter(None, (f"**{escape(author)}**", date_words(entry.at.date(), t), kind)))
            st.markdown(f"{head}\n\n{escape(entry.text)}")
    kinds = {"message": t("A message to the patient"), "note": t("A note, for coordinators only")}
    with st.form("case_entry", clear_on_submit=True):
        kind = st.segmented_control(t("What you write"), list(kinds), format_func=kinds.__getitem__, default="message",
                                    required=True, key="entry_kind")  # fmt: skip
        text = st.text_area(t("Text"), max_chars=LONGEST_TEXT, key="entry_text")
        pressed = st.form_submit_button(t("Send or keep"), type="primary", icon=":material/send:")
    st.caption(t("A patient who asks for all data gets the notes too. Write them so that you could show them."))
    if pressed:
        desk.do(lambda: conversations.add_entry(desk.store, desk.actor, reference, str(kind), text), t("Done."))


def show_files(desk: Desk) -> None:
    """Show the files of the case, and the field to add one."""
    t, reference = desk.t, desk.request.reference
    found = files.files_of(desk.store, desk.actor, desk.request)
    if not found:
        st.info(t("There are no files yet."), icon=":material/folder:")
    for file in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"case_file_{file.id}"):
            st.markdown(
                f"[{escape(file.name)}](/agency/files/{reference}/{file.id}) · {_size_words(file.size)} · "
                f"{escape(file.author)} · {date_words(file.at.date(), t)}"
            )
            with st.popover(t("Erase"), icon=":material/delete:"):
                st.markdown(t("The file is erased for good."))
                if st.button(t("Yes, erase the file"), key=f"erase_{file.id}", type="primary"):
                    desk.do(lambda id_=file.id: files.drop_file(desk.store, desk.actor, reference, id_), t("Erased."))  # type: ignore[misc]
    if not desk.is_open:
        return
    round_ = st.session_state.get(FILE_ROUND, 0)
    given = st.file_uploader(
        t("Add a file (PDF, PNG, JPEG or DICOM, at most 10 MB)"), type=list(files.ENDINGS),
        key=f"case_upload_{round_}", max_upload_size=files.LARGEST // 1024 // 1024,
    )  # fmt: skip
    if given is not None and st.button(t("Keep this file"), key="case_keep_file", type="primary"):
        content = given.getvalue()
        st.session_state[FILE_ROUND] = round_ + 1
        desk.do(lambda: files.add_file(desk.store, desk.actor, reference, given.name, content), t("The file is kept."))


def show_history(desk: Desk) -> None:
    """Show every change of the case, newest first, and on asking every step that the audit trail knows."""
    t = desk.t
    owners = {each.id: each.shown_name for each in all_accounts(desk.store)}
    changes = casework.history_of(desk.store, desk.actor, desk.request)
    lines = [f"{_time_words(desk.request.created_at, t)} · {t('The patient')}: {t('sent the request')}"]
    for change in changes:
        undone = f" ({t('taken back')})" if change.is_undone else ""
        author = escape(change.author) or t("The patient")
        lines.append(f"{_time_words(change.at, t)} · {author}: {change_words(change, owners, t)}{undone}")
    st.markdown("\n".join(f"- {line}" for line in reversed(lines)))
    fold(t("Everything that was done"), "case_trail", lambda: _show_trail(desk))


def _show_trail(desk: Desk) -> None:
    t = desk.t
    names = {f"account:{each.name}": each.shown_name for each in all_accounts(desk.store)}
    actors = {**names, audits.PATIENT: t("The patient"), audits.SERVER: t("The server")}
    words = _action_words(t)
    lines = [
        f"- {_time_words(datetime.fromisoformat(at), t)} · {escape(actors.get(actor, actor))}: {words.get(act, act)}"
        for at, actor, act in casework.trail_of(desk.store, desk.actor, desk.request)
    ]
    st.markdown("\n".join(reversed(lines)))


def _action_words(t: Translator) -> dict[str, str]:
    return {
        "request_sent": t("sent the request"), "request_opened": t("opened the request"),
        "answers_changed": t("answers changed"), "message_added": t("wrote a message"), "note_added": t("kept a note"),
        "status_changed": t("changed the status"), "owner_changed": t("changed the owner"),
        "next_step_changed": t("changed the next step"), "status_undone": t("took a status back"),
        "owner_undone": t("took an owner back"), "next_step_undone": t("took a next step back"),
        "enquiry_planned": t("attached a centre"), "enquiry_sent": t("asked a centre"),
        "enquiry_answered": t("noted the answer of a centre"), "enquiry_declined": t("noted that a centre declined"),
        "enquiry_dropped": t("took a centre off"), "offer_added": t("entered an offer"),
        "offer_changed": t("changed an offer"), "offer_dropped": t("erased an offer"),
        "file_added": t("added a file"), "file_opened": t("opened a file"), "file_erased": t("erased a file"),
    }  # fmt: skip


def _time_words(at: datetime, t: Translator) -> str:
    """Return day and time of day, in UTC."""
    return f"{date_words(at.date(), t)}, {at:%H:%M} UTC"


def change_words(change: Change, owners: dict[str, str], t: Translator) -> str:
    """Return what was changed, from what to what."""
    if change.field == "status":
        return f"{t('status')} {status_words(change.before, t)} → {status_words(change.after, t)}"
    if change.field == "owner":
        names = [escape(owners.get(each or "", "")) or t("nobody") for each in (change.before, change.after)]
        return f"{t('owner')} {names[0]} → {names[1]}"
    if change.field == "next_step":
        return f"{t('next step')} “{escape(change.before[0])}” → “{escape(change.after[0])}”"
    return t("answers changed")


def _size_words(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} kB"
