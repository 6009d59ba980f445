"""The pages for signing in: what they set, what they refuse, where they go on to; bad input is a clear 4xx."""

import re
import string

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from opinion.agency import accounts, attempts, audits, passwords, sign_ins
from opinion.agency.stores import shared_store
from opinion.server import forms
from opinion.server.middleware import PageLanguage, SecurityHeaders
from opinion.server.sign_in import HOME, ROUTES, own_page

GOOD = "a long password 17"
PATHS = [route.path for route in ROUTES]
HOST = "http://testserver"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def browser(sqlite_store):
    app = Starlette(routes=ROUTES, middleware=[Middleware(SecurityHeaders), Middleware(PageLanguage)])
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.fixture
def anna(sqlite_store):
    return accounts.create_account(sqlite_store, audits.COMMAND, "anna", "Anna <b>", ["administrator"], GOOD)


def send(browser, path, headers=None, **fields):
    """Open a form and send it, as a browser does."""
    token = re.search(r'name="token" value="([^"]+)"', browser.get(path).text)
    return browser.post(path, data={"token": token[1] if token else "", **fields}, headers=headers or {"origin": HOST})


def signed_in(browser):
    return sign_ins.account_of(shared_store(), browser.cookies.get(sign_ins.COOKIE, ""))


def test_signing_in_sets_a_cookie_and_goes_on(browser, anna):
    answer = send(browser, "/account/sign-in?next=/requests%3Fstatus%3Dnew", name="Anna", password=GOOD)
    assert answer.status_code == 303 and answer.headers["location"] == "/requests?status=new"
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(sign_ins.COOKIE)]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
    assert "Max-Age" not in cookie and "expires" not in cookie.lower(), "it ends with the browser"
    assert signed_in(browser) == anna
    page = browser.get("/account/sign-in").text
    assert "You are signed in as Anna &lt;b&gt;." in page and "<b>" not in page


def test_the_cookie_is_for_https_alone_where_there_is_https(sqlite_store, anna, monkeypatch):
    with TestClient(Starlette(routes=ROUTES), "https://testserver", follow_redirects=False) as browser:
        answer = send(browser, "/account/sign-in", {"origin": "https://testserver"}, name="anna", password=GOOD)
        assert all("Secure" in line for line in answer.headers.get_list("set-cookie") if "Max-Age=0" not in line)
    monkeypatch.setenv("OPINION_BEHIND_TLS", "1")
    with TestClient(Starlette(routes=ROUTES)) as browser:
        assert "Secure" in browser.get("/account/sign-in").headers["set-cookie"]


def test_a_new_sign_in_ends_the_one_before_and_the_token_is_another(browser, anna):
    send(browser, "/account/sign-in", name="anna", password=GOOD)
    before = browser.cookies[sign_ins.COOKIE]
    browser.get("/account/password")  # sets the token of a form
    token = browser.cookies[forms.COOKIE]
    browser.post("/account/sign-in", data={"token": token, "name": "anna", "password": GOOD})
    assert browser.cookies[sign_ins.COOKIE] != before and signed_in(browser) == anna
    assert sign_ins.account_of(shared_store(), before) is None


def test_wrong_passwords_and_unknown_names_get_the_same_page(browser, anna):
    pages = []
    for name in ("anna", "nobody"):
        answer = send(browser, "/account/sign-in", name=name, password="wrong password 1")
        assert answer.status_code == 403 and "Name or password is not right" in answer.text
        assert "wrong password 1" not in answer.text, "a password is never sent back"
        assert 'role="alert"' in answer.text and 'aria-invalid="true"' in answer.text and "<title>Error" in answer.text
        pages.append(answer.text.replace(name, "NAME"))
    assert pages[0] == pages[1]
    for _ in range(4):
        answer = send(browser, "/account/sign-in", name="anna", password="wrong password 1")
    assert answer.status_code == 403
    answer = send(browser, "/account/sign-in", name="anna", password=GOOD)
    assert answer.status_code == 429 and "Wait 15 minutes" in answer.text and signed_in(browser) is None


@pytest.mark.parametrize(
    ("headers", "cookie", "token", "status"),
    [
        ({"origin": HOST}, True, True, 303),
        ({"sec-fetch-site": "same-origin"}, True, True, 303),
        ({}, True, True, 303),
        ({"origin": "http://elsewhere"}, True, True, 403),
        ({"origin": "null"}, True, True, 403),
        ({"origin": "http://["}, True, True, 403),
        ({"origin": HOST, "sec-fetch-site": "cross-site"}, True, True, 403),
        ({"origin": HOST, "sec-fetch-site": "same-site"}, True, True, 403),
        ({"origin": HOST}, False, True, 403),
        ({"origin": HOST}, True, False, 403),
        ({"origin": HOST}, False, False, 403),
    ],
)
def test_only_our_own_form_is_taken(browser, anna, headers, cookie, token, status):
    browser.get("/account/sign-in")
    kept = browser.cookies[forms.COOKIE]
    if not cookie:
        browser.cookies.clear()
    data = {"name": "anna", "password": GOOD, **({"token": kept} if token else {})}
    answer = browser.post("/account/sign-in", data=data, headers=headers)
    assert answer.status_code == status and bool(signed_in(browser)) == (status == 303)
    if status == 403:
        assert "Nothing was done" in answer.text and 'name="token"' in answer.text, "it can be filled in again"


@pytest.mark.parametrize("path", PATHS)
def test_a_form_that_is_none_is_refused(browser, anna, path):
    send(browser, "/account/sign-in", name="anna", password=GOOD)
    browser.get("/account/sign-out")
    token, who = browser.cookies[forms.COOKIE], browser.cookies[sign_ins.COOKIE]
    large = browser.post(path, data={"token": token, "name": "x" * forms.LARGEST_BODY})
    many = browser.post(path, data={"token": token, **{f"f{number}": "x" for number in range(20)}})
    other = browser.post(path, json={"token": token})
    assert (large.status_code, many.status_code, other.status_code) == (
        (413, 403, 415) if path == "/account/first-administrator" else (413, 400, 415)  # there is an account
    )
    assert browser.put(path).status_code == 405 and browser.delete(path).status_code == 405
    assert sign_ins.account_of(shared_store(), who), "nothing was done"


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_kept_by_nobody_and_loads_nothing(browser, path):
    answer = browser.get(path)
    assert answer.headers["cache-control"] == "no-store"
    if answer.status_code != 303:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "script" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "same-origin" and "<script" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "given",
    ["//evil.org", "/\\evil.org", "https://evil.org", "/a/../b", "/x//evil.org", "javascript:alert(1)", "/a\r\nX: y",
     "/requests#x", "requests", "/" + "a" * 600, "/a?next=//evil.org\\", "/%2f/evil.org", "/account/sign-out", ""],
)  # fmt: skip
def test_it_goes_on_to_our_own_pages_only(browser, anna, given):
    answer = send(browser, "/account/sign-in", name="anna", password=GOOD)
    assert own_page(given) == HOME
    browser.cookies.clear()
    browser.get("/account/sign-in", params={"next": given})
    data = {"token": browser.cookies[forms.COOKIE], "name": "anna", "password": GOOD}
    answer = browser.post("/account/sign-in", params={"next": given}, data=data)
    assert answer.status_code == 303 and answer.headers["location"] == HOME


@pytest.mark.parametrize(
    "given", ["/", "/match", "/requests?status=new&mine=1", "/in-an-emergency", "/account/password"]
)
def test_pages_of_ours_are_gone_on_to(given):
    assert own_page(given) == given


# ---- the first administrator, and passwords


def test_the_first_administrator_is_made_and_signed_in(browser, sqlite_store):
    code = accounts.make_first_code(sqlite_store)
    assert "There is no account yet" in browser.get("/account/sign-in").text
    path, fields = "/account/first-administrator", {"name": "anna", "shown_name": "Anna", "new_password": GOOD}
    differ = send(browser, path, code=code, **fields, again="x")
    assert differ.status_code == 400 and "not the same" in differ.text and code not in differ.text
    assert 'value="Anna"' in differ.text, "what was given stands there still"
    wrong = send(browser, path, code="AAAA-AAAA-AAAA-AAAA", **fields, again=GOOD)
    assert wrong.status_code == 403 and signed_in(browser) is None
    made = send(browser, path, code=code, **fields, again=GOOD)
    assert made.status_code == 303 and signed_in(browser).roles == ("administrator",)
    assert browser.get(path).status_code == 403
    browser.get("/account/sign-out")
    again = browser.post(path, data={"token": browser.cookies[forms.COOKIE], "code": code, **fields, "again": GOOD})
    assert again.status_code == 403 and len(accounts.all_accounts(sqlite_store)) == 1


def test_a_password_is_chosen_by_a_code(browser, sqlite_store, anna):
    ben = accounts.create_account(sqlite_store, anna.actor, "ben", "Ben", ["coordinator"])
    code = accounts.make_password_code(sqlite_store, anna.actor, ben)
    path = "/account/new-password"
    assert send(browser, path, name="anna", code=code, new_password=GOOD, again=GOOD).status_code == 403
    short = send(browser, path, name="ben", code=code, new_password="short", again="short")
    assert (
        short.status_code == 400
        and "at least 12" in short.text
        and "short" not in re.findall('value="([^"]*)', short.text)
    )
    assert send(browser, path, name="ben", code=code, new_password=GOOD, again=GOOD).status_code == 303
    assert signed_in(browser).name == "ben"


def test_ones_own_password_is_changed_by_who_knows_it(browser, anna):
    path = "/account/password"
    assert browser.get(path).headers["location"] == "/account/sign-in?next=/account/password"
    assert browser.post(path, data={}).status_code == 303, "to whoever is not signed in, it is not shown"
    send(browser, "/account/sign-in", name="anna", password=GOOD)
    elsewhere = sign_ins.sign_in(shared_store(), "anna", GOOD, "elsewhere")
    wrong = send(
        browser, path, password="wrong password 1", new_password="another password 5", again="another password 5"
    )
    assert wrong.status_code == 403 and sign_ins.account_of(shared_store(), elsewhere)
    done = send(browser, path, password=GOOD, new_password="another password 5", again="another password 5")
    assert done.status_code == 200 and "Your password is changed" in done.text
    assert signed_in(browser).name == "anna" and sign_ins.account_of(shared_store(), elsewhere) is None


@pytest.mark.parametrize("path", ["/account/sign-out", "/account/sign-out-everywhere"])
def test_signing_out_takes_a_press(browser, anna, path):
    send(browser, "/account/sign-in", name="anna", password=GOOD)
    elsewhere = sign_ins.sign_in(shared_store(), "anna", GOOD, "elsewhere")
    browser.get(path)
    assert signed_in(browser), "a link alone signs nobody out"
    token = browser.cookies[sign_ins.COOKIE]
    answer = send(browser, path)
    assert answer.status_code == 303 and sign_ins.COOKIE not in browser.cookies
    assert sign_ins.account_of(shared_store(), token) is None
    assert bool(sign_ins.account_of(shared_store(), elsewhere)) == (path == "/account/sign-out")
    assert "You are signed out." in browser.get(path).text


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_the_pages_speak_the_readers_language(browser, anna, monkeypatch, language):
    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")
    answer = browser.get(f"/account/sign-in?lang={language}")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar-XB" else "ltr"}">' in answer.text
    assert answer.headers["content-language"] == language and "Sign in</h1>" not in answer.text
    gone_on = send(browser, f"/account/sign-in?lang={language}&next=/match", name="anna", password=GOOD)
    assert gone_on.headers["location"] == f"/match?lang={language}"
    assert '<html lang="en"' in browser.get("/account/sign-in?lang=none").text


# ---- whatever is sent, the answer is a page


@pytest.fixture
def unthrottled(monkeypatch):
    """Let every made-up form get as far as it can."""
    monkeypatch.setattr(attempts, "check_one", lambda *given, **named: None)


ANYTHING = some.text(some.one_of(some.characters(codec="utf-8"), some.sampled_from(string.printable)), max_size=80)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=some.sampled_from(PATHS),
    fields=some.dictionaries(
        some.sampled_from(["name", "password", "new_password", "again", "code", "shown_name", "token", "x"]), ANYTHING
    ),
    is_ours=some.booleans(),
    going_on=ANYTHING,
    data=some.data(),
)
def test_whatever_a_form_holds_is_answered(browser, anna, unthrottled, path, fields, is_ours, going_on, data):
    browser.cookies.clear()
    browser.get("/account/sign-in")
    token = browser.cookies[forms.COOKIE]
    fields = {**fields, **({"token": token} if is_ours else {})}
    answer = browser.post(path, data=fields, params={"next": going_on, "lang": data.draw(ANYTHING)})
    assert answer.status_code in {200, 303, 400, 403, 413, 415, 429}
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(("/account/", HOME)), "nobody was let in"
    else:
        assert answer.text.startswith("<!doctype html>") and len(re.findall("<h1>", answer.text)) == 1
    assert len(accounts.all_accounts(shared_store())) == 1 and signed_in(browser) is None


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=some.sampled_from(PATHS), body=some.binary(max_size=300), headers=some.dictionaries(
    some.sampled_from(["cookie", "origin", "host", "content-type", "sec-fetch-site"]),
    some.one_of(some.sampled_from(["application/x-www-form-urlencoded", "http://[", "[", "opinion_form=x", "null"]),
                some.text(string.printable.strip(), max_size=40)), max_size=3))  # fmt: skip
def test_whatever_a_body_and_its_headers_are_is_answered(browser, anna, unthrottled, path, body, headers):
    browser.cookies.clear()
    answer = browser.post(path, content=body, headers=headers)
    assert answer.status_code in {303, 400, 403, 413, 415}
    assert browser.get(path, headers=headers).status_code in {200, 303, 403}
