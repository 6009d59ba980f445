"""One request: status, owner and next step on top, then one of its parts: case, centres, offers, messages, files.

Each run reads the request again. What is sent off carries the version that the coordinator last saw, so that nobody
overwrites another unseen. Nothing is done in a callback: those run before the page has asked who is signed in.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date

import streamlit as st

from opinion.agency import casework
from opinion.agency.accounts import Account
from opinion.agency.requests import LONGEST_LINE, STATUSES, Request
from opinion.agency.stores import shared_store
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.exchange.request_wordings import content_parts, status_words
from opinion.exchange.wordings import escape
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.ui import case_centres, case_match, case_talk
from opinion.ui.desks import SEEN, Desk, coordinator_names, refusal_words
from opinion.ui.request_words import days_words, outcome_words
from opinion.ui.results import fold

PARTS = ("case", "centres", "offers", "messages", "files", "history")
_OPENED = "request_opened"  # in the session: references whose opening is in the audit trail


def show_request(reference: str, actor: Account, t: Translator) -> None:
    """Show the request with this reference to ``actor``, a coordinator."""
    if st.button(t("All requests"), key="request_back", icon=":material/arrow_back:"):
        st.switch_page("../../pages/requests.py")
    try:
        request = _read(reference, actor)
    except RefusedError as error:
        st.error(refusal_words(error, t), icon=":material/error:")
        return
    desk = Desk(request, actor, t)
    _show_head(desk)
    part = _ask_part(desk)
    shows: dict[str, Callable[[], None]] = {
        "case": lambda: _show_case(desk),
        "centres": lambda: case_centres.show_centres(desk),
        "offers": lambda: case_centres.show_offers(desk),
        "messages": lambda: case_talk.show_messages(desk),
        "files": lambda: case_talk.show_files(desk),
        "history": lambda: case_talk.show_history(desk),
    }
    shows[part]()
    st.session_state.setdefault(SEEN, {})[reference] = request.version


def _read(reference: str, actor: Account) -> Request:
    """Return the request; the first time in a session, opening it is noted in the audit trail."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if reference in opened:
        return casework.current_request(shared_store(), actor, reference)
    request = casework.open_request(shared_store(), actor, reference)
    opened.add(reference)
    return request


def _ask_part(desk: Desk) -> str:
    t, key = desk.t, "request_part"
    words = {
        "case": t("Case"), "centres": t("Centres"), "offers": t("Offers"), "messages": t("Messages"),
        "files": t("Files"), "history": t("History"),
    }  # fmt: skip
    if key not in st.session_state:
        asked = st.query_params.get("part", PARTS[0])
        st.session_state[key] = asked if asked in PARTS else PARTS[0]
    part = str(st.segmented_control(t("Part"), PARTS, format_func=words.__getitem__, key=key, required=True,
                                    label_visibility="collapsed"))  # fmt: skip
    if part != st.query_params.get("part", PARTS[0]):
        st.query_params["part"] = part
    return part


def _show_head(desk: Desk) -> None:
    request, t = desk.request, desk.t
    name = f" · {escape(request.content.name)}" if request.content.name else ""
    st.title(f"{t('Request')} {request.reference}{name}", anchor=False)
    last = request.last_date
    when = f" ({date_words(last, t)})" if last else ""
    st.markdown(f"**{t('Doctor’s last date:')}** {days_words(request, desk.today, t)}{when}")
    if request.is_alarm:
        reach = request.content.reach
        ways = (
            t("Call the patient now: {reach}.", reach=escape(reach))
            if reach
            else t("The patient gave no number and no address. Write a message now: they read it with their code.")
        )
        st.error(f"**{outcome_words(request, t)}** {ways} " + t("Nothing is sent to a centre."),
                 icon=":material/emergency:")  # fmt: skip
    elif desk.is_open and last is not None and (last - desk.today).days < 0:
        st.error(
            t("The doctor's last date has passed. Ask the patient what was decided."), icon=":material/event_busy:"
        )
    owners = coordinator_names()
    if request.owner_id is not None and request.owner_id not in owners:
        owners[request.owner_id] = t("somebody who has left")
    with st.form("request_head"):
        _show_fields(desk, owners)
    _show_undo(desk, owners)


def _show_fields(desk: Desk, owners: dict[str, str]) -> None:
    request, t = desk.request, desk.t
    key = f"{request.reference}_{request.version}"  # a new version shows new values
    choices = [status for status in STATUSES if status != "withdrawn"]
    one, two, three, four, five = st.columns([4, 4, 6, 3, 2], vertical_alignment="bottom")
    status = one.selectbox(t("Status"), choices, choices.index(request.status), key=f"status_{key}",
                           format_func=lambda id_: status_words(id_, t))  # fmt: skip
    held = [None, *owners]
    owner = two.selectbox(t("Owner"), held, held.index(request.owner_id), key=f"owner_{key}",
                          format_func=lambda id_: owners[id_] if id_ else t("nobody"))  # fmt: skip
    step = three.text_input(t("Next step"), request.next_step, max_chars=LONGEST_LINE, key=f"step_{key}")
    due = four.date_input(t("Due"), request.next_due, key=f"due_{key}")
    if five.form_submit_button(t("Save"), type="primary", width="stretch"):
        day = due if isinstance(due, date) else None
        desk.do(lambda: _save(desk, status, owner, step, day), t("Saved."))


def _save(desk: Desk, status: str, owner: str | None, step: str, due: date | None) -> None:
    """Write what differs, each as a change of its own, from the version that was seen on."""
    request, version = desk.request, desk.seen
    args = (desk.store, desk.actor, request.reference)
    if version != request.version:
        raise ChangedMeanwhileError("Somebody else has changed this request.")
    if owner != request.owner_id:
        casework.set_owner(*args, version, owner, desk.today)
        version += 1
    if (step.strip(), due) != (request.next_step, request.next_due):
        casework.set_next_step(*args, version, step, due, desk.today)
        version += 1
    if status != request.status:
        casework.set_status(*args, version, status, desk.today)


def _show_undo(desk: Desk, owners: dict[str, str]) -> None:
    t = desk.t
    changes = [change for change in casework.history_of(desk.store, desk.actor, desk.request) if change.can_be_undone]
    if changes:
        last = changes[-1]
        label = t("Undo: {what}", what=case_talk.change_words(last, owners, t))
        if st.button(label, key="request_undo", icon=":material/undo:"):
            desk.do(lambda: casework.undo(desk.store, desk.actor, desk.request.reference, desk.today), t("Undone."))


def _show_case(desk: Desk) -> None:
    request, t = desk.request, desk.t
    st.caption(t("As the patient sent it. What is missing was left out, or was not asked."))
    parts = content_parts(asdict(request.content), t)
    for column, half in zip(st.columns(2), (parts[:1], parts[1:]), strict=True):
        for part in half:
            column.markdown(f"#### {escape(part.title)}\n" + "\n".join(f"- {escape(line)}" for line in part.lines))
    if st.button(
        t("Match this case"), key="request_match", icon=":material/join_inner:", type="primary",
        disabled=not case_match.can_match(request),
    ):  # fmt: skip
        case_match.match_request(request)
    if case_match.can_match(request):
        st.caption(t("On the page Match a case, tick centres and attach them to this request."))
    fold(t("Consent"), "request_consent", lambda: _show_consent(desk))
    st.caption(t("Erased on {date}, or before.", date=date_words(request.erase_on, t)))


def _show_consent(desk: Desk) -> None:
    t = desk.t
    purposes = {"request": t("read and keep the request"), "centres": t("show the facts to centres")}
    for consent in casework.consents_of(desk.store, desk.actor, desk.request):
        agreed = ", ".join(purposes.get(id_, id_) for id_ in consent["parts"]["purposes"])
        st.markdown(
            f"- {t('Given on {date}', date=date_words(consent['given_at'].date(), t))}\n"
            f"- {t('Agreed to: {what}', what=agreed)}\n- {t('Text of {version}', version=consent['text_version'])}"
        )
