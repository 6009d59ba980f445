"""From a patient's click to a closed case: sent with consent, worked on, answered, erased."""

import json
import re
from datetime import date
from types import SimpleNamespace

import pytest
from audits import audit
from conftest import VIEWS, settle
from pypdf import PdfReader
from steps import main_text, press, use_copy
from test_states import FULL

from opinion.agency import accounts, audits, casework, patients, sign_ins
from opinion.agency.patients import PatientKey
from opinion.agency.requests import Content
from opinion.agency.stores import shared_store

NAME = "Rosa Beispiel"
URGENT = {"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"}


@pytest.fixture(scope="module")
def desk(server):
    """Return what opens a page as a signed-in coordinator, on the database that the server uses."""
    store = shared_store()
    found = accounts.find_account(store, "carla")
    account = found or accounts.create_account(store, audits.COMMAND, "carla", "Carla Weber", ["coordinator"])
    cookie = {"name": sign_ins.COOKIE, "value": sign_ins.start_sign_in(store, account), "url": server.address}
    return SimpleNamespace(store=store, account=account, cookie=cookie)


def open_desk(open_page, desk, path, view="desktop", theme="light"):
    page = open_page("/privacy", view=view, theme=theme)
    page.context.add_cookies([desk.cookie])
    page.goto(desk.cookie["url"] + path, wait_until="commit")
    page.locator("h1").first.wait_for()
    settle(page)
    return page


def ask(open_page, answers=FULL, view="desktop", theme="light"):
    page = open_page(view=view, theme=theme)
    use_copy(page, answers)
    press(page, "Ask the agency")
    page.locator("h1", has_text="Ask the agency").wait_for()
    settle(page)
    return page


def agree(page):
    page.get_by_text("Yes, the agency may read and keep", exact=False).click()
    settle(page)


def send(page):
    agree(page)
    press(page, "Send to the agency")
    text = main_text(page)
    return PatientKey(re.search(r"SO-\w{6}", text)[0], re.search(r"\w{5}(-\w{5}){3}", text)[0])


def open_own(page, key):
    page.get_by_label("Reference").fill(key.reference)
    page.get_by_label("Code", exact=True).fill(key.code)
    press(page, "Show my request")


def test_from_click_to_closed_case(open_page, desk, tmp_path):
    patient = ask(open_page)
    patient.get_by_label("Your name, if you like").fill(NAME)
    patient.get_by_label("Your name, if you like").press("Tab")
    settle(patient)
    preview = patient.locator(".st-key-ask_preview").inner_text()
    assert NAME in preview and "Exactly this is sent" in preview
    key = send(patient)
    kept = patients.open_own_request(desk.store, key)
    assert kept.content.name == NAME and kept.status == "new"

    coordinator = open_desk(open_page, desk, "/requests?view=board")
    press(coordinator, key.reference)
    assert NAME in coordinator.locator("h1").inner_text()
    assert coordinator.url.endswith(f"/request?ref={key.reference}")
    status = coordinator.get_by_role("combobox", name="Status")
    status.click()
    coordinator.get_by_role("option", name="Looking for centres").click()
    press(coordinator, "Save")
    assert "Undo: status New → Looking for centres" in main_text(coordinator)
    coordinator.get_by_role("radio", name="Messages").click()
    settle(coordinator)
    coordinator.get_by_label("Text").fill("We have found a centre.")
    press(coordinator, "Send or keep")
    assert "We have found a centre." in main_text(coordinator)

    press(patient, "I have them. Show my request")
    assert "Looking for centres" in main_text(patient) and "We have found a centre." in main_text(patient)
    patient.get_by_label("Write to the agency").fill("Thank you.")
    press(patient, "Send the message")
    assert "Thank you." in main_text(patient)
    with patient.expect_download() as download:
        patient.get_by_role("button", name="All that is kept, as PDF").click()
    pages = PdfReader(download.value.path()).pages
    assert NAME in "".join(page.extract_text() for page in pages)
    with patient.expect_download() as download:
        patient.get_by_role("button", name="The same for programs (JSON)").click()
    assert json.loads(download.value.path().read_text())["content"]["name"] == NAME
    assert "?" not in patient.url and key.code not in patient.url

    request = casework.current_request(desk.store, desk.account, key.reference)
    casework.set_status(desk.store, desk.account, key.reference, request.version, "closed", kept.created_at.date())
    press(patient, "Erase my request")
    press(patient, "Yes, erase my request")
    assert "Type the reference and the code" in main_text(patient)
    coordinator.goto(f"{desk.cookie['url']}/request?ref={key.reference}", wait_until="commit")
    settle(coordinator)
    assert "There is no such request" in main_text(coordinator)


def test_without_a_yes_nothing_is_sent(open_page, desk):
    before = len(casework.open_requests(desk.store, desk.account, with_ended=True))
    page = ask(open_page)
    press(page, "Send to the agency")
    assert "Please tick the first yes" in main_text(page)
    assert len(casework.open_requests(desk.store, desk.account, with_ended=True)) == before


def test_what_is_left_out_is_not_sent(open_page, desk):
    page = ask(open_page)
    page.get_by_text("The advice that I got here", exact=True).click()
    settle(page)
    page.get_by_role("combobox", name="Leave these answers out").click()
    page.get_by_role("option", name="In which country are you treated?").click()
    page.keyboard.press("Escape")
    settle(page)
    assert "In which country" not in page.locator(".st-key-ask_preview").inner_text()
    content = patients.open_own_request(desk.store, send(page)).content
    assert "country" not in content.answers and not content.advice and content.answers["disease_area"]


def test_who_should_not_wait_reads_what_to_do_instead(open_page):
    page = ask_with_advice_not_to_wait(open_page)
    assert "nothing can be sent" in main_text(page)
    assert page.get_by_role("button", name="Send to the agency").count() == 0


def ask_with_advice_not_to_wait(open_page):
    page = open_page()
    use_copy(page, URGENT)
    page.get_by_test_id("stTopNavSection").filter(has_text="Next steps").click()
    page.get_by_role("menuitem", name="Ask the agency", exact=True).click()
    page.locator("h1", has_text="Ask the agency").wait_for()
    settle(page)
    return page


def test_a_wrong_code_opens_nothing(open_page, desk):
    key = patients.send_request(desk.store, Content(answers=FULL), ["request"], "en", date.today())
    page = open_page("/my-request")
    open_own(page, PatientKey(key.reference, "AAAAA-AAAAA-AAAAA-AAAAA"))
    assert "No request has this reference" in main_text(page)
    open_own(page, key)
    assert "Your request has arrived" in main_text(page)


def test_two_coordinators_do_not_overwrite_each_other(open_page, desk):
    key = patients.send_request(desk.store, Content(answers=FULL), ["request"], "en", date.today())
    page = open_desk(open_page, desk, f"/request?ref={key.reference}")
    casework.set_next_step(desk.store, desk.account, key.reference, 1, "call today", None, date.today())
    page.get_by_label("Next step").fill("write tomorrow")
    press(page, "Save")
    assert "Somebody else has changed this" in main_text(page)
    assert casework.current_request(desk.store, desk.account, key.reference).next_step == "call today"


def test_an_alarm_stands_first_and_leaves_the_board(open_page, desk):
    key = patients.send_request(desk.store, Content(answers=FULL), ["request"], "en", date.today())
    patients.send_changed_answers(desk.store, key, Content(answers=URGENT))
    page = open_desk(open_page, desk, "/requests?view=board")
    assert key.reference in page.locator(".st-key-request_alarms").inner_text()
    assert page.locator(f".st-key-card_{key.reference}").count() == 0
    page.locator(f".st-key-alarm_{key.reference} button").click()
    settle(page)
    assert "Do not wait" in main_text(page)


def test_a_file_is_kept_and_handed_out_to_coordinators_only(open_page, desk, browser):
    key = patients.send_request(desk.store, Content(answers=FULL), ["request"], "en", date.today())
    page = open_desk(open_page, desk, f"/request?ref={key.reference}&part=files")
    file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 letter"}
    page.locator("input[type=file]").set_input_files([file])
    settle(page)
    press(page, "Keep this file")
    link = page.get_by_role("link", name="letter.pdf").get_attribute("href")
    address = desk.cookie["url"] + link.removeprefix(desk.cookie["url"])
    answer = page.context.request.get(address)
    assert answer.body() == b"%PDF-1.7 letter" and answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    stranger = browser.new_context()
    assert stranger.request.get(address).status == 401
    stranger.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_the_patients_pages_have_no_barrier(open_page, view, theme):
    page = ask(open_page, view=view, theme=theme)
    audit(page)
    send(page)
    audit(page)
    press(page, "I have them. Show my request")
    audit(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_the_coordinators_pages_have_no_barrier(open_page, desk, view, theme):
    key = patients.send_request(
        desk.store, Content(answers=FULL, name=NAME, message="x"), ["request"], "en", date.today()
    )
    patients.add_own_message(desk.store, key, "Is there news?")
    for path in ("/requests", "/requests?view=board"):
        page = open_desk(open_page, desk, path, view, theme)
        audit(page)
    for part in ("case", "centres", "offers", "messages", "files", "history"):
        page.goto(f"{desk.cookie['url']}/request?ref={key.reference}&part={part}", wait_until="commit")
        page.locator("h1").first.wait_for()
        settle(page)
        audit(page)


@pytest.mark.parametrize("path", ["/requests", "/request?ref=SO-000000"])
def test_who_is_not_signed_in_sees_nothing(open_page, path):
    page = open_page(path)
    assert "Sign in" in page.locator("h1").inner_text()
    assert "request" not in main_text(page).casefold().replace("requests", "")
