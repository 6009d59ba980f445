"""The requests of the agency: alarms first, then a table or a board, with filters in the address.

What is searched for stays out of the address: it may be a patient's name. Nothing here is done in a callback, since
those run before the page has asked who is signed in.
"""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from opinion.agency import casework
from opinion.agency.accounts import Account, all_accounts
from opinion.agency.requests import ENDED, PIPELINE, STATUSES, Request
from opinion.agency.stores import shared_store
from opinion.errors import RefusedError
from opinion.exchange.request_wordings import status_words
from opinion.exchange.wordings import escape
from opinion.texts.countries import country_names
from opinion.texts.dates import day_words
from opinion.texts.translations import Translator
from opinion.ui import state
from opinion.ui.desks import coordinator_names
from opinion.ui.request_words import days_words, due_words, outcome_words
from opinion.vocabularies import disease_areas

VIEWS, WHOSE = ("table", "board"), ("all", "mine", "nobody")
ROWS_HEIGHT = 560
_LATE = "background-color: #fdeaea; color: #6b1010; font-weight: 600"  # readable on both themes
_SOON = "background-color: #fdf3d6; color: #4d3800; font-weight: 600"
SOON_DAYS = 7
ROUND = "requests_round"  # in the session: part of the key of the table, so that its ticks are taken away


def show_requests(actor: Account, t: Translator) -> None:
    """Show the whole page to ``actor``, a coordinator."""
    store, today = shared_store(), state.today()
    at_first = st.container()  # alarms stand above everything, but which there are is known last
    view, chosen = _ask_filters(t)
    found = casework.open_requests(store, actor, with_ended=bool(set(chosen["status"]) & set(ENDED)))
    owners = {each.id: each.shown_name for each in all_accounts(store)}
    unread = casework.unread_messages(store, actor)
    alarms = [request for request in found if request.is_alarm]
    if alarms:
        with at_first:
            _show_alarms(alarms, today, t)
    rest = [each for each in found if not each.is_alarm and _fits(each, actor, chosen, owners, t)]
    rest.sort(key=lambda each: _urgency(each, today))
    st.markdown(
        t.plural("**{count} request**", "**{count} requests**", len(rest))
        + (" " + t.plural("and {count} alarm above", "and {count} alarms above", len(alarms)) if alarms else "")
    )
    st.caption(t("First comes what is due first: the next step, or the doctor's last date."))
    if not rest:
        st.info(
            t("No request fits these filters.") if found else t("There are no requests yet. Patients send them."),
            icon=":material/inbox:",
        )
    elif view == "board":
        _show_board(rest, owners, unread, today, t)
    else:
        _show_table(rest, actor, owners, unread, today, t)


def _ask_filters(t: Translator) -> tuple[str, dict[str, Any]]:
    """Show the filters, put them into the address, and return the view and what is chosen."""
    whose_words = {"all": t("Everybody's"), "mine": t("Mine"), "nobody": t("Nobody's")}
    view_words = {"table": t("Table"), "board": t("Board")}
    areas = [id_ for id_, area in disease_areas().items() if not area.patients_only]
    _take_from_address("view", VIEWS)
    _take_from_address("whose", WHOSE)
    _take_from_address("status", STATUSES, many=True)
    _take_from_address("area", tuple(areas), many=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(t("View"), VIEWS, format_func=view_words.__getitem__, key="requests_view",
                                    required=True)  # fmt: skip
        whose = st.segmented_control(t("Whose"), WHOSE, format_func=whose_words.__getitem__, key="requests_whose",
                                     required=True)  # fmt: skip
        statuses = st.multiselect(t("Status"), [each for each in STATUSES if each != "withdrawn"],
                                  format_func=lambda id_: status_words(id_, t), key="requests_status",
                                  placeholder=t("Open ones"), width=200)  # fmt: skip
        chosen_areas = st.multiselect(t("Disease area"), areas, format_func=lambda id_: t(disease_areas()[id_].label),
                                      key="requests_area", placeholder=t("Any"), width=200)  # fmt: skip
        search = st.text_input(t("Search"), key="requests_search", placeholder=t("Reference, name, text"), width=210)
    query = {
        "view": view if view != VIEWS[0] else "", "whose": whose if whose != WHOSE[0] else "",
        "status": ",".join(statuses), "area": ",".join(chosen_areas), "lang": st.query_params.get("lang", ""),
    }  # fmt: skip
    st.query_params.from_dict({name: value for name, value in query.items() if value})
    return str(view), {"whose": whose, "status": statuses, "area": chosen_areas, "search": search.strip().casefold()}


def _take_from_address(name: str, choices: tuple[str, ...], many: bool = False) -> None:
    """Let a field show what the address says, the first time that it is shown."""
    key = f"requests_{name}"
    if key in st.session_state:
        return
    given = [each for each in st.query_params.get(name, "").split(",") if each in choices]
    st.session_state[key] = given if many else (given or [choices[0]])[0]


def _fits(request: Request, actor: Account, chosen: dict[str, Any], owners: dict[str, str], t: Translator) -> bool:
    if chosen["whose"] == "mine" and request.owner_id != actor.id:
        return False
    if chosen["whose"] == "nobody" and request.owner_id is not None:
        return False
    if request.status not in (chosen["status"] or [each for each in STATUSES if each not in ENDED]):
        return False
    area = request.content.answers.get("disease_area", "")
    if chosen["area"] and area not in chosen["area"]:
        return False
    words = (
        request.reference, request.content.name, request.content.reach, request.content.message, request.next_step,
        owners.get(request.owner_id or "", ""), t(disease_areas()[area].label) if area in disease_areas() else "",
    )  # fmt: skip
    return all(word in " ".join(words).casefold() for word in chosen["search"].split())


def _urgency(request: Request, today: date) -> tuple[int, int]:
    """Order by what is late or due first: the days to the nearer of last date and next step; unknown stands last."""
    days = [(day - today).days for day in (request.last_date, request.next_due) if day is not None]
    return (0, min(days)) if days else (1, (today - request.created_at.date()).days * -1)


def _show_alarms(alarms: list[Request], today: date, t: Translator) -> None:
    with st.container(border=True, key="request_alarms"):
        st.error(
            t.plural("{count} case is an alarm: do not wait.", "{count} cases are alarms: do not wait.",
                     len(alarms)),
            icon=":material/emergency:",
        )  # fmt: skip
        for request in alarms:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{request.reference}** · {outcome_words(request, t)} · {days_words(request, today, t)}")
                if st.button(t("Open"), key=f"alarm_{request.reference}", type="primary"):
                    open_case(request.reference)


def open_case(reference: str) -> None:
    """Open the page of one request."""
    st.switch_page("../../pages/request.py", query_params={"ref": reference})


def _show_table(
    found: list[Request], actor: Account, owners: dict[str, str], unread: dict[str, int], today: date, t: Translator
) -> None:
    names, labels = country_names(t.language), disease_areas()
    answers = [request.content.answers for request in found]
    late = [request.days_left(today) for request in found]
    due = [None if request.next_due is None else (request.next_due - today).days for request in found]
    titles = {"days": t("Doctor's last date"), "due": t("Due")}
    columns = {
        t("Page"): [f"/request?ref={request.reference}" for request in found],
        t("Reference"): [request.reference for request in found],
        titles["days"]: [days_words(request, today, t) for request in found],
        t("Status"): [status_words(request.status, t) for request in found],
        t("Owner"): [owners.get(request.owner_id or "", "") for request in found],
        t("Next step"): [request.next_step for request in found],
        titles["due"]: [due_words(request.next_due, today, t) for request in found],
        t("Disease area"): [
            t(labels[each["disease_area"]].label) if "disease_area" in each else "" for each in answers
        ],
        t("Country"): [names.get(str(each.get("country", "")), "") for each in answers],
        t("New"): [str(unread.get(request.id, "")) for request in found],
        t("Sent"): [day_words(request.created_at.date(), t) for request in found],
    }
    frame = pd.DataFrame(columns)

    def colours(column: "pd.Series[Any]") -> list[str]:
        days = late if column.name == titles["days"] else due if column.name == titles["due"] else [None] * len(found)
        return [_colour(each) for each in days]

    event: Any = st.dataframe(
        frame.style.apply(colours, axis=0), hide_index=True, key=f"requests_table_{st.session_state.get(ROUND, 0)}",
        on_select="rerun",
        selection_mode="multi-row", height="content" if len(found) < 15 else ROWS_HEIGHT, placeholder=t("not known"),
        alt=t("Requests, the most urgent first"),
        column_config={
            t("Page"): st.column_config.LinkColumn(display_text=t("Open"), width=50, pinned=True),
            t("Reference"): st.column_config.TextColumn(width=95, pinned=True),
            titles["days"]: st.column_config.TextColumn(width=130),
            t("Owner"): st.column_config.TextColumn(width=120),
            t("Next step"): st.column_config.TextColumn(width=150),
            titles["due"]: st.column_config.TextColumn(width=105),
            t("Disease area"): st.column_config.TextColumn(width=130),
            t("Country"): st.column_config.TextColumn(width=80),
            t("New"): st.column_config.TextColumn(width=50, help=t("Messages that nobody has read")),
        },
    )  # fmt: skip
    ticked = [found[row] for row in event.selection.rows if row < len(found)]
    _show_assigning(ticked, actor, today, t)


def _colour(days: int | None) -> str:
    if days is None or days > SOON_DAYS:
        return ""
    return _LATE if days < 0 else _SOON


def _show_assigning(ticked: list[Request], actor: Account, today: date, t: Translator) -> None:
    coordinators = coordinator_names()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        owner = st.selectbox(
            t("Give ticked requests to"), [None, *coordinators], key="requests_owner", width=280,
            format_func=lambda id_: coordinators[id_] if id_ else t("nobody"), index=1 if coordinators else 0,
        )  # fmt: skip
        label = t.plural("Assign {count} request", "Assign {count} requests", len(ticked))
        if st.button(label, key="requests_assign", disabled=not ticked, icon=":material/person_add:"):
            try:
                done, left = casework.assign(shared_store(), actor, ticked, owner, today)
            except RefusedError as error:
                st.error(str(error), icon=":material/error:")
                return
            if left:
                st.session_state["requests_left"] = left
            st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
            st.toast(t.plural("{count} request is assigned.", "{count} requests are assigned.", len(done)),
                     icon=":material/check:")  # fmt: skip
            st.rerun()
    left = st.session_state.pop("requests_left", [])
    if left:
        st.warning(t("Somebody else has changed these just now, so they stay as they are: {names}.",
                     names=", ".join(left)))  # fmt: skip


def _show_board(
    found: list[Request], owners: dict[str, str], unread: dict[str, int], today: date, t: Translator
) -> None:
    shown = [status for status in (*PIPELINE, "declined") if any(each.status == status for each in found)]
    stages = [status for status in PIPELINE if status != "closed" or status in shown]
    stages += ["declined"] if "declined" in shown else []
    for column, status in zip(st.columns(len(stages)), stages, strict=True):
        cards = [request for request in found if request.status == status]
        with column:
            st.markdown(f"**{status_words(status, t)}** ({len(cards)})")
            for request in cards:
                _show_card(request, owners, unread, today, t)


def _show_card(
    request: Request, owners: dict[str, str], unread: dict[str, int], today: date, t: Translator
) -> None:  # fmt: skip
    days, area = request.days_left(today), request.content.answers.get("disease_area", "")
    colour = "" if days is None or days > SOON_DAYS else "red" if days < 0 else "orange"
    words = days_words(request, today, t)
    lines = [f":{colour}-badge[{words}]" if colour else words]
    if area:
        lines.append(t(disease_areas()[area].label))
    lines.append(escape(owners.get(request.owner_id or "", "")) or t("nobody's"))
    if request.next_step:
        late = request.next_due is not None and request.next_due < today
        due = due_words(request.next_due, today, t)
        lines.append(f"{escape(request.next_step)} " + (f":red-badge[{due}]" if late else due))
    if unread.get(request.id):
        lines.append(":blue-badge[" + t.plural("{count} new message", "{count} new messages", unread[request.id]) + "]")
    with st.container(border=True):
        st.markdown("  \n".join(lines))
        if st.button(request.reference, key=f"card_{request.reference}", width="stretch"):
            open_case(request.reference)
