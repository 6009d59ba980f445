"""Who is signed in, on the pages: looked up in the database on every run, so that roles and signing out hold at once.

A page that is not for everybody begins with ``require``. A callback (``on_click``, ``on_change``) runs before the page,
and so before its guard: what is protected must not be done in a callback, but after the guard: ``if st.button(…):``.
"""

from functools import cache
from html import escape
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

from opinion.agency.accounts import Account
from opinion.agency.identities import account_of_claims
from opinion.agency.sign_ins import COOKIE, account_of
from opinion.agency.stores import shared_store
from opinion.exchange import wordings
from opinion.texts.translations import SOURCE_LANGUAGE, Translator
from opinion.ui import state
from opinion.ui.account_words import role_words

SIGN_IN, SIGN_OUT, PASSWORD = "/account/sign-in", "/account/sign-out", "/account/password"


def signed_in() -> Account | None:
    """Return the account that this visitor is signed in with, as it is now; ``None`` if they are not."""
    token = visitors_token()
    if token:
        return account_of(shared_store(), token)
    claims = _claims()
    return account_of_claims(shared_store(), claims) if claims else None


def visitors_token() -> str:
    """Return the token that this visitor's browser sent when it opened the session; it may be nobody's, or empty."""
    return str(st.context.cookies.get(COOKIE, ""))


@cache
def has_provider() -> bool:
    """Say whether people may sign in with an identity provider (``[auth]`` in Streamlit's secrets)."""
    return bool(get_secrets_auth_section())


def _claims() -> dict[str, Any]:
    """Return what the identity provider said of this visitor; nothing if they have not signed in there."""
    return dict(st.user.to_dict()) if has_provider() and st.user.is_logged_in else {}


def require(role: str) -> Account:
    """Return the account, if it has ``role``, and show its name. Else say what to do, and stop the page."""
    t, account = state.translator(), signed_in()
    if account is None:
        show_invitation(t, t("This page is for people who work here."))
        _stop(t)
    if not account.may(role):
        with st.container(border=True, key="role_missing"):
            st.title(t("This page is not for your account"), anchor=False)
            st.markdown(
                t("It needs the role: {role}. Ask an administrator for it.", role=role_words(t)[role].casefold())
            )
        show_who(account, t)
        _stop(t)
    show_who(account, t)
    return account


def show_invitation(t: Translator, words: str) -> None:
    """Show a card with the way to sign in, which comes back to this page."""
    with st.container(border=True, key="sign_in_card"):
        st.title(t("Sign in"), anchor=False)
        st.markdown(words)
        if has_provider():
            if _claims():
                st.warning(
                    t("Your organisation knows you, but there is no account for you here. Ask an administrator."),
                    icon=":material/person_off:",
                )
            if st.button(t("Sign in with your organisation"), key="sign_in_provider", type="primary"):
                st.login()
        st.html(f'<a class="account-button" href="{_address(SIGN_IN, t)}">{escape(t("Sign in"))}</a>')


def show_who(account: Account, t: Translator) -> None:
    """Show who is signed in, with the way out."""
    st.html(
        f'<p class="signed-in">{escape(account.shown_name)} · '
        f'<a href="{_address(SIGN_OUT, t)}">{escape(t("Sign out"))}</a></p>'
    )


def show_own_account(account: Account, t: Translator) -> None:
    """Show who is signed in and with which roles, and the ways to another password and out."""
    with st.container(border=True, key="own_account"):
        st.title(t("Your account"), anchor=False)
        roles = ", ".join(role_words(t)[role] for role in account.roles)
        st.markdown(t("You are signed in as {name}.", name=f"**{wordings.escape(account.shown_name)}**"))
        st.markdown(t("Sign-in name: {name}. Roles: {roles}.", name=f"`{account.name}`", roles=roles))
        ways = ((PASSWORD, t("Change the password")), (SIGN_OUT, t("Sign out")))
        st.html(
            " ".join(
                f'<a class="account-button" href="{_address(path, t)}">{escape(words)}</a>' for path, words in ways
            )
        )


def _stop(t: Translator) -> NoReturn:
    """End the page, with the link that ends every page: a patient may have come here by mistake."""
    st.page_link("../../pages/in_an_emergency.py", label=t("In an emergency"), icon=":material/emergency:")
    st.stop()


def _address(path: str, t: Translator) -> str:
    """Return the address of a page for signing in or out that comes back here, with the filters of this page."""
    here = f"/{st.session_state.get(state.PAGE, '')}"
    filters = [(key, value) for key in st.query_params for value in st.query_params.get_all(key) if key != "lang"]
    back = f"{here}?{urlencode(filters)}" if filters else here
    language = "" if t.language == SOURCE_LANGUAGE else f"&lang={t.language}"
    return escape(f"{path}?next={quote(back, safe='/')}{language}")
