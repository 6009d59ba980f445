"""Accounts, as an administrator sees them: who may sign in, with which roles; each change can be seen or undone.

Nothing here is done in a callback: callbacks run before the page's guard (see ``sign_in``). A change is made to the
account as it stood on the page when the button was pressed, so that nobody overwrites another one's change unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from opinion.agency import accounts
from opinion.agency.accounts import Account
from opinion.agency.roles import ROLES
from opinion.agency.sign_ins import sign_out_everywhere
from opinion.agency.stores import shared_store
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.exchange.wordings import escape
from opinion.texts.translations import Translator
from opinion.ui.account_words import duties, refusal_words, role_words

SEEN = "account_seen"  # the account as the page showed it last
NOTE = "account_note"  # what was done last
TURN = "account_turn"  # part of the keys of what unfolds: it is folded again by new keys
CODE = "account_code"  # a one-time code to hand over: name of the person, sign-in name, code
ADD_ROUND = "account_add_round"  # part of the keys of the form: its fields are emptied by new keys


@dataclass(frozen=True)
class Desk:
    """Who works here, and the account chosen: as the page showed it when a button was pressed, and as it is now."""

    actor: Account
    seen: Account
    now: Account
    t: Translator


@dataclass(frozen=True)
class Note:
    """What was done: the words, and for what can be undone the account as it is now and what brings it back."""

    words: str
    undo: Callable[[], Account] | None = None


def show_accounts(actor: Account, t: Translator) -> None:
    """Show every account, what was done last, what can be done with one, and a form for another one."""
    found = accounts.all_accounts(shared_store())
    if CODE in st.session_state:
        st.dialog(t("One-time code"), dismissible=False)(_show_code)(t)
    _show_table(found, t)
    names = {each.id: f"{each.shown_name} ({each.name})" for each in found}
    with st.container(border=True, key="account_change"):
        st.subheader(t("Change an account"), anchor=False)
        _show_note(t)
        chosen = st.selectbox(t("Account"), list(names), format_func=names.__getitem__, key="account_chosen")
        now = next(each for each in found if each.id == chosen)
        kept = st.session_state.get(SEEN)
        desk = Desk(actor, kept if kept is not None and kept.id == now.id else now, now, t)
        st.session_state[SEEN] = now
        _show_roles(desk)
        with st.container(horizontal=True):
            if now.is_active:
                _show_password(desk)
                _show_sign_out(desk)
            _show_switch(desk)
            if now.locked_until and st.button(t("Unlock"), key="account_unlock", icon=":material/lock_open:"):
                _do(lambda: accounts.unlock(shared_store(), actor.actor, desk.seen), t("{name} can sign in again."), t)
    with st.container(border=True, key="account_add"):
        _show_add(actor, t)


def _show_table(found: list[Account], t: Translator) -> None:
    words = role_words(t)
    columns = {
        t("Person"): [each.shown_name for each in found],
        t("Sign-in name"): [each.name for each in found],
        t("Roles"): [", ".join(words[role] for role in each.roles) for each in found],
        t("State"): [_state_words(each, t) for each in found],
    }
    st.dataframe(columns, hide_index=True, height="content", alt=t("Accounts, by sign-in name"))


def _state_words(account: Account, t: Translator) -> str:
    if not account.is_active:
        return t("Off")
    if account.locked_until:
        return t("Locked after wrong passwords")
    return t("On") if account.has_password else t("On, has no password yet")


def _show_roles(desk: Desk) -> None:
    actor, now, t = desk.actor, desk.now, desk.t
    key = f"account_roles_{now.id}_{now.version}"  # shows the roles anew after each change
    chosen = st.pills(
        t("Roles"), ROLES, default=now.roles, format_func=role_words(t).__getitem__, selection_mode="multi", key=key
    )
    st.caption("\n".join(f"- {words}" for words in duties(t).values()))
    if set(chosen) != set(now.roles) and st.button(t("Save the roles"), key="account_save_roles", type="primary"):
        before = desk.seen.roles
        _do(
            lambda: accounts.change_roles(shared_store(), actor.actor, desk.seen, chosen),
            t("{name} has other roles. They hold at once."),
            t,
            lambda after: accounts.change_roles(shared_store(), actor.actor, after, before),
        )


def _show_password(desk: Desk) -> None:
    t, seen = desk.t, desk.seen
    with st.popover(t("New password"), icon=":material/password:", key=_folded("account_password")):
        st.markdown(
            t("You get a one-time code to hand over. With it the person chooses a password that nobody else knows.")
        )
        if st.button(t("Make a one-time code"), key="account_make_code"):
            code = accounts.make_password_code(shared_store(), desk.actor.actor, seen)
            st.session_state[CODE] = (seen.shown_name, seen.name, code)
            _show_anew()


def _show_sign_out(desk: Desk) -> None:
    t, seen = desk.t, desk.seen
    with st.popover(t("Sign out everywhere"), icon=":material/devices_off:", key=_folded("account_sign_out")):
        st.markdown(t("The person must sign in again on every device. What they have not saved is lost."))
        if st.button(t("Yes, sign them out"), key="account_sign_out_yes"):
            sign_out_everywhere(shared_store(), desk.actor.actor, seen)
            st.session_state[NOTE] = Note(t("{name} is signed out everywhere.", name=escape(seen.shown_name)))
            _show_anew()


def _show_switch(desk: Desk) -> None:
    t = desk.t
    if not desk.now.is_active:
        if st.button(t("Switch on"), key="account_on", icon=":material/toggle_on:"):
            _switch(desk, True)
        return
    with st.popover(t("Switch off"), icon=":material/block:", key=_folded("account_off")):
        words = t(
            "The person is signed out everywhere and cannot sign in. Nothing is erased. You can switch it on again."
        )
        st.markdown(words)
        if desk.now.id == desk.actor.id:
            st.warning(t("This is your own account."), icon=":material/warning:")
        if st.button(t("Yes, switch it off"), key="account_off_yes", type="primary"):
            _switch(desk, False)


def _switch(desk: Desk, is_active: bool) -> None:
    t, actor = desk.t, desk.actor
    _do(
        lambda: accounts.switch(shared_store(), actor.actor, desk.seen, is_active),
        t("{name} can sign in.") if is_active else t("{name} is switched off."),
        t,
        lambda after: accounts.switch(shared_store(), actor.actor, after, not is_active),
    )


def _show_add(actor: Account, t: Translator) -> None:
    st.subheader(t("Add an account"), anchor=False)
    turn = st.session_state.get(ADD_ROUND, 0)
    with st.form("account_add_form", border=False):
        shown_name = st.text_input(
            t("Name of the person"), max_chars=accounts.LONGEST_NAME, key=f"account_person_{turn}"
        )
        name = st.text_input(t("Sign-in name"), max_chars=accounts.LONGEST_NAME, key=f"account_name_{turn}",
                             help=t("Small letters and digits, such as anna or anna@example.org"))  # fmt: skip
        roles = st.pills(t("Roles"), ROLES, format_func=role_words(t).__getitem__, selection_mode="multi",
                         key=f"account_new_roles_{turn}")  # fmt: skip
        if not st.form_submit_button(t("Add the account"), type="primary", key="account_add_yes"):
            return
    try:
        added = accounts.create_account(shared_store(), actor.actor, name, shown_name, roles)
    except RefusedError as error:
        st.error(refusal_words(error, t), icon=":material/error:")
        return
    st.session_state[ADD_ROUND] = turn + 1
    st.session_state[NOTE] = Note(t("The account of {name} was made.", name=escape(added.shown_name)))
    code = accounts.make_password_code(shared_store(), actor.actor, added)
    st.session_state[CODE] = (added.shown_name, added.name, code)
    _show_anew()


def _do(
    change: Callable[[], Account], words: str, t: Translator, back: Callable[[Account], Account] | None = None
) -> None:
    """Make a change and show the page anew, with the words for it and a way back; or say why it was not made."""
    try:
        after = change()
    except (RefusedError, ChangedMeanwhileError) as error:
        st.error(refusal_words(error, t), icon=":material/error:")
        return
    undo = (lambda: back(after)) if back else None
    st.session_state[NOTE] = Note(words.format(name=escape(after.shown_name)), undo)
    _show_anew()


def _show_note(t: Translator) -> None:
    """Show what was done last, until the next step, and undo it if that is asked for."""
    note: Note | None = st.session_state.get(NOTE)
    if note is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(note.words, icon=":material/check:")
        is_undone = note.undo is not None and st.button(t("Undo"), key="account_undo", icon=":material/undo:")
    if is_undone and note.undo:
        del st.session_state[NOTE]
        _do(note.undo, t("It is undone: {name} is as before."), t)


def _show_code(t: Translator) -> None:
    """Show a one-time code, once made, over the page until it was handed over."""
    shown_name, name, code = st.session_state[CODE]
    words = t("A one-time code for {name}. It is shown only here and is valid for a day.", name=_strong(shown_name))
    st.markdown(words)
    st.code(code, language=None)
    where, sign_in_name = "`/account/new-password`", f"`{name}`"
    words = t("Give it to the person yourself, or by phone. They open {address} and give the sign-in name {name}.",
              address=where, name=sign_in_name)  # fmt: skip
    st.markdown(words)
    if st.button(t("I have handed it over"), key="account_code_done"):
        del st.session_state[CODE]
        st.rerun()


def _folded(key: str) -> str:
    """Return a key of something that unfolds, another one after each change."""
    return f"{key}_{st.session_state.get(TURN, 0)}"


def _show_anew() -> NoReturn:
    """Show the page after a change, with everything folded."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()


def _strong(name: str) -> str:
    return f"**{escape(name)}**"
