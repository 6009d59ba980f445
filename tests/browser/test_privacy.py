"""Law 9, and: nothing about a patient ever leaves the session."""

import json
import re
from pathlib import Path

from conftest import ROOT, settle
from steps import main_text, press, unfold, use_copy, visit

SECRETS = {
    "emergency_signs": [],
    "country": "FR",
    "disease_area": "oncology",
    "serious_disease": "yes",
    "proposed": ["surgery"],
    "days_until_decision": 7319,
    "urgent_action_required": "no",
    "second_opinion_access": "in_person",
    "days_to_second_opinion": 17,
    "doctor_clinic": "Klinik Zauberwald",
    "doctor_city": "Hintertupfing",
    "wishes": {"note": "Grossmutter mag Mirabellen"},
}
MARKS = ("oncology", "7319", "Zauberwald", "Hintertupfing", "Mirabellen", "serious_disease")


def traces(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [f"{path.name}: {mark}" for mark in MARKS if mark.encode() in data]
    return found


def test_a_whole_self_check_and_three_clicks_further_leave_no_trace(open_page, fresh_server):
    seen = []
    page = open_page(address=fresh_server.address)
    page.on("request", lambda request: seen.extend([request.url, *request.headers.values()]))
    page.on("websocket", lambda socket: seen.append(socket.url))
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    use_copy(page, SECRETS)
    assert "A second opinion is strongly recommended." in main_text(page)
    unfold(page, "Centres that could see you")
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "var").rglob("*") if path.is_file()}
    press(page, "All centres, and whom to ask")
    assert page.url.endswith("/where")
    press(page, "See this centre")
    assert "/centre" in page.url and "?" not in page.url
    seen.append(page.url)
    visit(page, "Centres", "Browse centres")
    settle(page)
    seen.append(page.url)
    page.get_by_role("link", name="Self-check").first.click()
    settle(page)
    seen.append(page.url)
    page.reload()
    settle(page)
    seen.append(page.url)
    # The upload itself is a request to our own server; its address must not say anything either.
    said = [text for text in seen if any(mark in text for mark in MARKS)]
    assert said == []
    assert not [text for text in seen if re.search(r"(hifld|cms|eurostat|ror|wikidata|nci)[:%]", text)], "a centre's id"
    assert traces(fresh_server.home.parent) == [], "log, home folder and temporary files"
    after = {path: path.stat().st_mtime_ns for path in (ROOT / "var").rglob("*") if path.is_file()}
    assert after == before, "catalogue and database are untouched"


def test_erasing_leaves_nothing_in_page_address_storage_or_session(open_page):
    page = open_page()
    use_copy(page, SECRETS)
    assert "strongly recommended" in main_text(page)
    press(page, "Erase my answers")
    press(page, "Yes, erase everything")
    assert "Do you need a second medical opinion?" in main_text(page)
    assert "Step 1 of 6" in page.locator("[data-testid=stSidebar]").inner_text()
    storage = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    body = page.content()
    for mark in MARKS[1:]:
        assert mark not in storage and mark not in body and mark not in page.url
    use_copy(page, {"emergency_signs": []})
    press(page, "Next: Time")
    press(page, "Next: How it goes")
    press(page, "Next: Your doctor")
    assert page.get_by_role("textbox", name="Which clinic or hospital is your doctor at?").input_value() == ""


def test_the_page_asks_before_answers_are_lost(open_page):
    page = open_page()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.reload()
    settle(page)
    assert dialogs == [], "nothing to lose yet"
    press(page, "None of these is happening now")
    page.reload()
    settle(page)
    assert dialogs == ["beforeunload"]


def test_the_copy_holds_the_answers_and_nothing_else(open_page):
    page = open_page()
    use_copy(page, SECRETS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep a copy of my answers").click()
    assert json.loads(download.value.path().read_text()) == SECRETS
