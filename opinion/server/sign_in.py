"""The pages under ``/account/``: signing in and out, the first administrator, and choosing a password.

They are plain HTML, because a page of Streamlit's cannot set a cookie. Every form carries a token that is in a cookie
too, and is taken only from a page of this host. What takes time runs in threads, a few at a time: a password costs 64
MiB of memory.
"""

import os
import re
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlencode

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from opinion.agency import accounts, sign_ins
from opinion.agency.accounts import Account
from opinion.agency.identities import account_of_claims
from opinion.agency.stores import shared_store
from opinion.errors import ChangedMeanwhileError, RefusedError
from opinion.server import forms, identity
from opinion.server.account_pages import (
    Field,
    Form,
    code_field,
    form_html,
    link,
    name_field,
    new_password_fields,
    page,
    paragraph,
    password_field,
    with_language,
)
from opinion.server.rate_limit import client_of
from opinion.texts.translations import Translator, translator_for
from opinion.ui.account_words import refusal_words

SIGN_IN, SIGN_OUT, PASSWORD = "/account/sign-in", "/account/sign-out", "/account/password"
FIRST, BY_CODE = "/account/first-administrator", "/account/new-password"
HOME = "/sign-in"  # the page of the app that says who is signed in
WORK = "/requests"  # where coordinators begin

BEHIND_TLS = "OPINION_BEHIND_TLS"
"""The environment variable: 1 if browsers reach this server by https only, through a proxy that does not say so."""

_AT_ONCE = anyio.CapacityLimiter(4)  # each may take 64 MiB
_OWN_PAGE = re.compile(r"/(?:account/password|[a-z0-9-]*)(?:\?[\w.~%+=&,:*@-]*)?", re.ASCII)
_P = ParamSpec("_P")
_T = TypeVar("_T")


async def in_thread(call: Callable[_P, _T], *given: _P.args, **named: _P.kwargs) -> _T:
    """Run what takes time beside the event loop, a few at a time."""
    return await anyio.to_thread.run_sync(lambda: call(*given, **named), limiter=_AT_ONCE)


def account_of_request(request: Request) -> Account | None:
    """Return the account that a request's cookie is signed in with; ``None`` if nobody is. It takes a moment."""
    token = request.cookies.get(sign_ins.COOKIE, "")
    if token:
        return sign_ins.account_of(shared_store(), token)
    claims = identity.claims_of(request)
    return account_of_claims(shared_store(), claims) if claims else None


def own_page(given: str) -> str:
    """Return an address to go on to: the one given, if it is a page of ours, else the page that says who is here."""
    return given if len(given) <= 500 and _OWN_PAGE.fullmatch(given) else HOME


# ---- one visit of one page


class Visit:
    """A request for one of these pages: its language, where it goes on to, and the answer that is made of it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.t: Translator = translator_for(request.query_params.get("lang"))
        self.next = own_page(request.query_params.get("next", ""))
        self.token = forms.token_for(request)
        self.address = client_of(request.scope)

    def path(self, path: str) -> str:
        """Return the address of one of these pages, with language and the page to go on to."""
        return with_language(f"{path}?{urlencode({'next': self.next})}" if self.next != HOME else path, self.t)

    def form(self, path: str, button: str, *fields: Field) -> Form:
        """Return a form that is sent to ``path``."""
        return Form(self.path(path), fields, button, self.token)

    def with_token(self, response: Response) -> Response:
        """Let the browser keep the token of the form that it is shown."""
        self._set(response, forms.COOKIE, self.token)
        return response

    def go_on(self, token: str, to: str | None = None) -> Response:
        """Return the answer to somebody who has just signed in: their cookie, and the page they wanted."""
        response = RedirectResponse(with_language(to or self.next, self.t), 303, headers={"Cache-Control": "no-store"})
        self.sign_in(response, token)
        return response

    def sign_in(self, response: Response, token: str) -> None:
        """Give the browser the cookie of a sign-in, and a new token for forms."""
        self._set(response, sign_ins.COOKIE, token)
        response.delete_cookie(forms.COOKIE)

    def _set(self, response: Response, name: str, value: str) -> None:
        is_secure = self.request.scope["scheme"] == "https" or os.environ.get(BEHIND_TLS) == "1"
        response.set_cookie(name, value, path="/", httponly=True, samesite="lax", secure=is_secure)

    async def account(self) -> Account | None:
        """Return who is signed in."""
        return await in_thread(account_of_request, self.request)

    def sign_out_token(self) -> str:
        """Return the token of the sign-in that this browser has now."""
        return self.request.cookies.get(sign_ins.COOKIE, "")


Show = Callable[[Visit, str, tuple[str, ...], dict[str, str], int], Awaitable[Response]]
Do = Callable[[Visit, dict[str, str]], Awaitable[Response]]


def route(path: str, show: Show, do: Do) -> Route:
    """Return the route of a page: ``show`` makes it, ``do`` does what its form asks; a refusal shows it again."""

    async def answer(request: Request) -> Response:
        visit = Visit(request)
        if request.method != "POST":
            return await show(visit, "", (), {}, 200)
        try:
            form = await forms.read_form(request)
        except forms.BadFormError as error:
            return await show(visit, _bad_form_words(error.status, visit.t), (), {}, error.status)
        try:
            return await do(visit, form)
        except RefusedError as error:
            status = 429 if error.reason == "too_many_attempts" else 403 if error.reason in _FORBIDDEN else 400
            return await show(visit, refusal_words(error, visit.t), _wrong_fields(error.reason), form, status)
        except ChangedMeanwhileError as error:
            return await show(visit, refusal_words(error, visit.t), (), form, 409)

    return Route(path, answer, methods=["GET", "POST"])


_FORBIDDEN = ("wrong_password", "wrong_code")


def _bad_form_words(status: int, t: Translator) -> str:
    if status == 403:
        return t("This form is too old, or was not sent from this page. Nothing was done. Fill it in again.")
    return t("This form could not be read. Nothing was done. Fill it in again.")


def _wrong_fields(reason: str) -> tuple[str, ...]:
    if reason.startswith("password"):
        return ("new_password", "again")
    by_reason = {"wrong_password": ("name", "password"), "wrong_code": ("name", "code"), "bad_name": ("name",),
                 "name_taken": ("name",), "bad_shown_name": ("shown_name",)}  # fmt: skip
    return by_reason.get(reason, ())


def _new_password(form: dict[str, str]) -> str:
    password = form.get("new_password", "")
    if password != form.get("again", ""):
        raise RefusedError("passwords_differ", "The two passwords are not the same. Write both again.")
    return password


# ---- the pages


async def _show_sign_in(
    visit: Visit, error: str, wrong: tuple[str, ...], given: dict[str, str], status: int
) -> Response:  # fmt: skip
    t, account = visit.t, await visit.account()
    if account and not error:
        words = t("You are signed in as {name}.", name=account.shown_name)
        onward = link(with_language(visit.next, t), t("Go on"))
        return page(t, t("Sign in"), paragraph(words), onward, link(visit.path(SIGN_OUT), t("Sign out")))
    form = visit.form(SIGN_IN, t("Sign in"), name_field(t), password_field(t))
    parts = [paragraph(t("For people who work here. Patients need no account.")), form_html(form, given, error, wrong)]
    if await in_thread(accounts.waits_for_the_first, shared_store()):
        parts.append(link(visit.path(FIRST), t("There is no account yet. Make the first one.")))
    else:
        parts.append(link(visit.path(BY_CODE), t("I have a one-time code")))
    return visit.with_token(page(t, t("Sign in"), *parts, status=status, is_error=bool(error)))


async def _sign_in(visit: Visit, form: dict[str, str]) -> Response:
    name, password = form.get("name", ""), form.get("password", "")
    token = await in_thread(sign_ins.sign_in, shared_store(), name, password, visit.address)
    await in_thread(sign_ins.sign_out, shared_store(), visit.sign_out_token())  # the one before, in this browser
    account = await in_thread(sign_ins.account_of, shared_store(), token)
    to_work = WORK if visit.next == HOME and account is not None and account.may("coordinator") else None
    return visit.go_on(token, to_work)


async def _show_first(
    visit: Visit, error: str, wrong: tuple[str, ...], given: dict[str, str], status: int
) -> Response:  # fmt: skip
    t = visit.t
    if not await in_thread(accounts.waits_for_the_first, shared_store()):
        words = t("There is an account already. An administrator makes others.")
        return page(t, t("First administrator"), paragraph(words), link(visit.path(SIGN_IN), t("Sign in")),
                    status=max(status, 403), is_error=True)  # fmt: skip
    hint = t("The server has printed it at its start. It is valid for a day.")
    fields = (code_field(t, hint), Field("name", t("Sign-in name"), "username", hint=t("Small letters and digits")),
              Field("shown_name", t("Your name"), "name"), *new_password_fields(t))  # fmt: skip
    words = t("An administrator makes the other accounts and says what each may do.")
    form = visit.form(FIRST, t("Make the account"), *fields)
    parts = (paragraph(words), form_html(form, given, error, wrong))
    return visit.with_token(page(t, t("First administrator"), *parts, status=status, is_error=bool(error)))


async def _make_first(visit: Visit, form: dict[str, str]) -> Response:
    code, name, shown_name = (form.get(field, "") for field in ("code", "name", "shown_name"))
    account = await in_thread(
        accounts.create_first_administrator, shared_store(), code, name, shown_name, _new_password(form), visit.address
    )
    return visit.go_on(await in_thread(sign_ins.start_sign_in, shared_store(), account))


async def _show_by_code(
    visit: Visit, error: str, wrong: tuple[str, ...], given: dict[str, str], status: int
) -> Response:  # fmt: skip
    t = visit.t
    hint = t("An administrator gives it to you. It is valid for a day.")
    form = visit.form(BY_CODE, t("Use this password"), name_field(t), code_field(t, hint), *new_password_fields(t))
    words = t("With a one-time code you choose your password. Nobody else knows it.")
    parts = (paragraph(words), form_html(form, given, error, wrong), link(visit.path(SIGN_IN), t("Sign in")))
    return visit.with_token(page(t, t("Choose a password"), *parts, status=status, is_error=bool(error)))


async def _use_code(visit: Visit, form: dict[str, str]) -> Response:
    name, code, password = form.get("name", ""), form.get("code", ""), _new_password(form)
    account = await in_thread(accounts.use_password_code, shared_store(), name, code, password, visit.address)
    return visit.go_on(await in_thread(sign_ins.start_sign_in, shared_store(), account))


async def _show_password(
    visit: Visit, error: str, wrong: tuple[str, ...], given: dict[str, str], status: int
) -> Response:  # fmt: skip
    t = visit.t
    if await visit.account() is None:
        return RedirectResponse(
            with_language(f"{SIGN_IN}?next={PASSWORD}", t), 303, headers={"Cache-Control": "no-store"}
        )
    form = visit.form(
        PASSWORD, t("Change the password"), password_field(t, t("Present password")), *new_password_fields(t)
    )
    parts = (form_html(form, given, error, wrong), link(with_language(visit.next, t), t("Back, without a change")))
    return visit.with_token(page(t, t("Change your password"), *parts, status=status, is_error=bool(error)))


async def _change_password(visit: Visit, form: dict[str, str]) -> Response:
    t, account = visit.t, await visit.account()
    if account is None:
        return await _show_password(visit, "", (), {}, 200)
    new = _new_password(form)
    proved = await in_thread(sign_ins.prove, shared_store(), account.name, form.get("password", ""), visit.address)
    changed = await in_thread(accounts.set_password, shared_store(), account.actor, proved, new)
    words = t("Your password is changed. You are signed out everywhere but here.")
    response = page(t, t("Change your password"), paragraph(words), link(with_language(visit.next, t), t("Go on")))
    visit.sign_in(response, await in_thread(sign_ins.start_sign_in, shared_store(), changed))
    return response


async def _show_sign_out(
    visit: Visit, error: str, wrong: tuple[str, ...], given: dict[str, str], status: int
) -> Response:  # fmt: skip
    t, account = visit.t, await visit.account()
    if account is None:
        words = paragraph(t("You are signed out."))
        return page(
            t, t("Sign out"), words, link(visit.path(SIGN_IN), t("Sign in")), status=status, is_error=bool(error)
        )
    here = form_html(visit.form(SIGN_OUT, t("Sign out")), {}, error)
    everywhere = visit.form(f"{SIGN_OUT}-everywhere", t("Sign out on every device"))
    parts = (paragraph(t("You are signed in as {name}.", name=account.shown_name)), here, form_html(everywhere, {}),
             link(with_language(visit.next, t), t("Stay signed in")))  # fmt: skip
    return visit.with_token(page(t, t("Sign out"), *parts, status=status, is_error=bool(error)))


async def _sign_out(visit: Visit, form: dict[str, str]) -> Response:
    await in_thread(sign_ins.sign_out, shared_store(), visit.sign_out_token())
    return _signed_out(visit)


async def _sign_out_everywhere(visit: Visit, form: dict[str, str]) -> Response:
    account = await visit.account()
    if account:
        await in_thread(sign_ins.sign_out_everywhere, shared_store(), account.actor, account)
    return _signed_out(visit)


def _signed_out(visit: Visit) -> Response:
    response = RedirectResponse(visit.path(SIGN_OUT), 303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(sign_ins.COOKIE)
    response.delete_cookie(forms.COOKIE)
    identity.forget(visit.request, response)
    return response


ROUTES = [
    route(SIGN_IN, _show_sign_in, _sign_in),
    route(FIRST, _show_first, _make_first),
    route(BY_CODE, _show_by_code, _use_code),
    route(PASSWORD, _show_password, _change_password),
    route(SIGN_OUT, _show_sign_out, _sign_out),
    route(f"{SIGN_OUT}-everywhere", _show_sign_out, _sign_out_everywhere),
]
