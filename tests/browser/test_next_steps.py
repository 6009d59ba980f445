"""From the result to the pages that help with the next step: time, preparation, files to take along."""

import json
from io import BytesIO

import pytest
from audits import audit
from conftest import VIEWS, settle
from icalendar import Calendar
from pypdf import PdfReader
from steps import main_text, press, unfold, use_copy
from test_states import FULL, TOMORROW

TIGHT = {key: value for key, value in FULL.items() if key != "days_to_second_opinion"} | {"days_until_decision": 14}


def open_from_result(open_page, answers, label, view="desktop", theme="light"):
    page = open_page(view=view, theme=theme)
    use_copy(page, answers)
    press(page, label)
    page.locator("h1").first.wait_for()
    settle(page)
    return page


def taken(page, label):
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_a_tight_plan(open_page, view, theme):
    page = open_from_result(open_page, TIGHT, "Is there time?", view, theme)
    assert "It is tight" in main_text(page)
    assert "With cancer, keep the time short" in main_text(page)
    for label in ("Change the days", "Where these days come from"):
        unfold(page, label)
    audit(page)
    assert "?" not in page.url, "nothing of a patient stands in the address"


def test_own_days_change_the_verdict_and_stay_over_a_visit_elsewhere(open_page):
    page = open_from_result(open_page, TIGHT, "Is there time?")
    unfold(page, "Change the days")
    field = page.get_by_label("Review (days)")
    field.fill("3")
    field.press("Tab")
    settle(page)
    assert "before your doctor's date" in main_text(page)
    page.get_by_test_id("stTopNavLink").filter(has_text="Self-check").click()
    settle(page)
    press(page, "Is there time?")
    assert "before your doctor's date" in main_text(page)
    unfold(page, "Change the days")
    assert page.get_by_label("Review (days)").input_value() == "3"
    page.get_by_label("Review (days)").fill("")
    page.get_by_label("Review (days)").press("Tab")
    settle(page)
    assert "It is tight" in main_text(page)


def test_the_calendar_opens(open_page):
    page = open_from_result(open_page, TIGHT, "Is there time?")
    name, data = taken(page, "Put these days into my calendar")
    events = Calendar.from_ical(data).walk("VEVENT")
    assert name == "calendar.ics" and len(events) == 4
    assert "cancer" not in data.decode().lower()


def test_advice_not_to_wait_has_no_plan(open_page):
    page = open_page("/")
    use_copy(page, TOMORROW)
    assert page.get_by_role("button", name="Is there time?").count() == 0


@pytest.mark.parametrize("view", list(VIEWS))
def test_files_to_take_along(open_page, view):
    page = open_from_result(open_page, FULL, "Take it along", view, "dark" if view == "phone" else "light")
    for label in ("Look at it here", "Look at the packet here"):
        unfold(page, label)
    audit(page)
    assert "?" not in page.url
    name, data = taken(page, "Summary as PDF")
    assert name == "summary.pdf" and len(PdfReader(BytesIO(data)).pages) <= 2
    name, data = taken(page, "Request packet as PDF")
    text = "".join(part.extract_text() for part in PdfReader(BytesIO(data)).pages)
    assert name == "request.pdf" and "Berlin" not in text and "What the first doctor proposes" in text
    name, data = taken(page, "Summary as a page to print")
    assert name == "summary.html" and b"<h1>" in data
    name, _ = taken(page, "Answers as a file")
    assert name == "my-answers.json"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_where_to_go(open_page, view, theme):
    page = open_page(view=view, theme=theme)
    use_copy(page, FULL | {"country": "ES", "disease_area": "oncology", "doctor_city": "Madrid"})
    unfold(page, "Centres that could see you")
    press(page, "All centres, and whom to ask")
    page.locator("h1").first.wait_for()
    settle(page)
    assert page.url.endswith("/where"), "nothing of a patient stands in the address"
    assert "Keep this centre" in main_text(page)
    audit(page)
    press(page, "Keep this centre")
    assert "Centres you keep" in main_text(page)


@pytest.mark.parametrize("view", list(VIEWS))
def test_a_case_is_matched(open_page, sign_in_as, view):
    page = open_page("/privacy", view=view)
    page.context.add_cookies([sign_in_as("coordinator")])
    page.goto(f"{page.url.rpartition('/')[0]}/match", wait_until="commit")
    page.locator("h1", has_text="Match a case").wait_for()
    settle(page)
    if view == "phone":
        press(page, "The case")
    page.get_by_test_id("stSidebar").locator("summary").filter(has_text="Load a case file").click()
    settle(page)
    case = {"answers": {"disease_area": "oncology", "country": "ES", "doctor_city": "Madrid"}, "wishes": {}}
    page.locator("input[type=file]").set_input_files(
        [{"name": "case.json", "mimeType": "application/json", "buffer": json.dumps(case).encode()}]
    )
    settle(page)
    press(page, "Use this file")
    name, data = taken(page, "Download case")
    assert name == "case.json" and json.loads(data)["answers"] == case["answers"]
    if view == "phone":
        press(page, "Show the centres")
    assert "known to fit" in main_text(page)
    assert page.locator("[data-testid=stDataFrame]").count() >= 1
    audit(page)
    assert "?" not in page.url, "nothing of a case stands in the address"
    name, data = taken(page, "Both lists as CSV, up to 500 centres each")
    lines = data.decode("utf-8-sig").splitlines()
    assert name == "centres-for-a-case.csv" and len(lines) > 26, "more than the page shows"
    assert "/centre?id=" in lines[1]
