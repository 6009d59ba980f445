"""Signing in, and who may open what: every page of the app as a first request, signed out and in each role."""

import re

import pytest
from audits import audit, faults
from conftest import ROOT, VIEWS, settle, start_server
from sessions import open_session
from steps import choose
from websockets.exceptions import InvalidStatus

from opinion.agency import accounts, sign_ins
from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE

PASSWORD = "a long password 17"
FOR_EVERYBODY = {"self_check", "where", "plan", "prepare", "opinions", "summary", "ask_agency", "my_request", "centres",
                 "centre", "compare", "coverage", "data_quality", "shortlist", "rule_book", "sources", "about",
                 "privacy", "in_an_emergency", "sign_in"}  # fmt: skip
GUARDED = {"requests": "coordinator", "request": "coordinator", "match": "coordinator", "accounts": "administrator",
           "import_centres": "curator", "fact_queue": "curator", "doubles": "curator"}  # fmt: skip
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
INVITATION, NOT_YOURS = "This page is for people who work here.", "This page is not for your account"
ACCOUNT_PATHS = ("sign-in", "new-password", "first-administrator", "password", "sign-out")


@pytest.fixture(scope="module")
def cookies(sign_in_as):
    """Return the cookie of somebody in each role, and of nobody, as a header."""
    return {"": ""} | {role: f"{sign_ins.COOKIE}={sign_in_as(role)['value']}" for role in accounts.ROLES}


def address_of(page):
    return "/" if page == "self_check" else f"/{page.replace('_', '-')}"


def test_of_every_page_it_is_said_who_may_open_it():
    assert set(PAGES) == FOR_EVERYBODY | set(GUARDED)


@pytest.mark.parametrize("role", ["", *accounts.ROLES])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_as_the_first_request_of_a_session(server, cookies, page, role):
    session = open_session(server.address, address_of(page), cookies[role])
    assert session.exceptions == 0 and session.elements > 1 and "page not found" not in session.text
    needed = GUARDED.get(page)
    assert (INVITATION in session.text) == (needed is not None and not role)
    assert (NOT_YOURS in session.text) == (needed is not None and role not in ("", needed))
    offered = {page.replace("-", "_") for page in session.menu}
    assert {"match", "requests"} <= offered if role == "coordinator" else not {"match", "requests"} & offered
    assert ("import_centres" in offered) == (role == "curator")
    assert ("accounts" in offered) == (role == "administrator") and "sign_in" in offered


@pytest.mark.parametrize("page", GUARDED)
def test_a_guarded_page_may_be_the_first_request_to_a_server(tmp_path, page):
    running = start_server(tmp_path)
    try:
        first = open_session(running.address, address_of(page))
        assert INVITATION in first.text and first.exceptions == 0 and page not in first.menu
    finally:
        running.process.terminate()
        running.process.wait(10)


@pytest.mark.parametrize("cookie", ["opinion_sign_in=", "opinion_sign_in=x", f"opinion_sign_in={'A' * 43}", "a=b; ;=;"])
def test_a_cookie_that_nobody_gave_opens_nothing(server, cookie):
    assert INVITATION in open_session(server.address, "/accounts", cookie).text


def test_another_website_cannot_open_a_session_for_somebody(server, cookies):
    with pytest.raises(InvalidStatus, match="403"):
        open_session(server.address, "/requests", cookies["coordinator"], origin="http://elsewhere.example")


# ---- the first start


def codes_in(log):
    return re.findall(r"give this code: (\S+)", log.read_text())


def stop(running):
    running.process.terminate()
    running.process.wait(10)


def test_from_the_first_start_to_a_coordinator_who_is_switched_off(browser, tmp_path, monkeypatch):
    own = {DATABASE_URL: f"sqlite:///{tmp_path}/agency.db", KEY_FILE: str(tmp_path / "agency.key")}
    running = start_server(tmp_path / "one", **own)
    (before,) = codes_in(running.log)
    stop(running)
    running = start_server(tmp_path / "two", **own)
    (code,) = codes_in(running.log)
    assert code != before, "each start prints its own, once"
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    anna, ben = (context.new_page() for context in contexts)

    def fill(page, **fields):
        for name, words in fields.items():
            page.locator(f"#{name}").fill(words)
        page.get_by_role("button").first.click()

    try:
        anna.goto(f"{running.address}/accounts")
        anna.get_by_role("link", name="Sign in").click()
        anna.get_by_role("link", name="There is no account yet").click()
        person = {"name": "anna", "shown_name": "Anna Berg", "new_password": PASSWORD, "again": PASSWORD}
        fill(anna, code=before, **person)
        assert "code is not right" in anna.get_by_role("alert").inner_text()
        fill(anna, **person | {"code": code})
        anna.locator("h1", has_text="Accounts").wait_for()
        settle(anna)
        assert "Anna Berg" in anna.locator(".signed-in").inner_text()

        anna.get_by_role("textbox", name="Name of the person").fill("Ben Lee")
        anna.get_by_role("textbox", name="Sign-in name").fill("ben")
        anna.locator("[class*=st-key-account_new_roles]").get_by_text("Coordinator").click()
        anna.get_by_role("button", name="Add the account").click()
        code_of_ben = anna.get_by_role("dialog").get_by_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
        ben.goto(f"{running.address}/account/new-password?next=/requests")
        fill(ben, name="Ben", code=code_of_ben.inner_text(), new_password=PASSWORD, again=PASSWORD)
        ben.locator("h1", has_text="Requests").wait_for()
        ben.goto(f"{running.address}/accounts")
        ben.locator("h1", has_text=NOT_YOURS).wait_for()
        ben.goto(f"{running.address}/requests")
        ben.locator("h1", has_text="Requests").wait_for()

        anna.get_by_role("button", name="I have handed it over").click()
        anna.get_by_role("dialog").wait_for(state="detached")
        settle(anna)
        choose(anna, "Account", "Ben Lee (ben)")
        anna.get_by_role("button", name="Switch off").click()
        anna.get_by_role("button", name="Yes, switch it off").click()
        anna.get_by_text("Ben Lee is switched off.").wait_for()
        ben.reload()
        ben.locator("h1", has_text="Sign in").wait_for()
        anna.get_by_role("button", name="Undo").click()
        anna.get_by_text("is as before").wait_for()

        anna.get_by_role("link", name="Sign out").click()
        anna.get_by_role("button", name="Sign out", exact=True).click()
        anna.get_by_text("You are signed out.").wait_for()
        anna.goto(f"{running.address}/accounts")
        anna.locator("h1", has_text="Sign in").wait_for()
    finally:
        for context in contexts:
            context.close()
        stop(running)
    log = running.log.read_text()
    assert PASSWORD not in log and "Ben Lee" not in log
    running = start_server(tmp_path / "three", **own)
    stop(running)
    assert codes_in(running.log) == [], "there is an account"


# ---- how the pages look


def wide(page):
    return page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("language", ["en", "en-XA", "ar-XB"])
@pytest.mark.parametrize(
    ("view", "theme"), [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_the_pages_for_signing_in(open_page, server, sign_in_as, view, theme, language):
    page = open_page("/privacy", view=view, theme=theme)
    for cookies in ([], [sign_in_as(*accounts.ROLES)]):  # nobody is signed in, then somebody
        page.context.add_cookies(cookies)
        for path in ACCOUNT_PATHS:
            if path == "first-administrator":
                continue  # there is an account: it says so with an error, which the browser notes
            page.goto(f"{server.address}/account/{path}?lang={language}")
            assert page.locator("h1").count() == 1 and faults(page) == [] and wide(page) <= 0, path


def test_they_work_without_scripts_and_by_keyboard(browser, server):
    context = browser.new_context(java_script_enabled=False, **VIEWS["phone"])
    page = context.new_page()
    page.goto(f"{server.address}/account/sign-in")
    page.locator("#name").focus()
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    assert "Name or password is not right" in page.get_by_role("alert").inner_text()
    assert page.locator("#name").input_value() == "nobody" and page.locator("#password").input_value() == ""
    assert page.title().startswith("Error")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_the_pages_of_the_app(open_page, server, sign_in_as, view, theme):
    page = open_page("/accounts", view=view, theme=theme)
    audit(page)  # the card with the way to sign in
    page.goto(f"{server.address}/sign-in")
    settle(page)
    audit(page)
    page.context.add_cookies([sign_in_as(*accounts.ROLES)])
    for path in ("/sign-in", "/accounts"):
        page.goto(server.address + path)
        page.locator("h1").first.wait_for()
        settle(page)
        audit(page)
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("button", name="Yes, switch it off").wait_for()
    audit(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New password").click()
    page.get_by_role("button", name="Make a one-time code").click()
    page.get_by_role("button", name="I have handed it over").wait_for()
    settle(page)
    assert page.get_by_role("button", name="Make a one-time code").count() == 0, "it is folded again"
    audit(page)
