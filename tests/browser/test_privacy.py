"""Law 9, and: nothing about a patient ever leaves the session."""

import json
import re
from pathlib import Path

from conftest import ROOT, settle, start_server
from steps import main_text, press, unfold, use_copy, visit

from opinion.storage.engines import DATABASE_URL
from opinion.storage.keys import KEY_FILE

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


def traces(folder: Path, marks=MARKS) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [f"{path.name}: {mark}" for mark in marks if mark.encode() in data]
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


SENT = {**SECRETS, "wishes": {}, "days_until_decision": 41}
SENT_MARKS = (*MARKS, "Wilhelmine Sonntag", "Grossonkel")


def test_a_request_is_in_the_database_sealed_and_nowhere_else(open_page, tmp_path):
    """A self-check, a request with a message, a wrong password: nothing of them is in a log, a file or a table."""
    database = tmp_path / "database"
    settings = {DATABASE_URL: f"sqlite:///{database}/agency.db", KEY_FILE: str(database / "agency.key")}
    running = start_server(tmp_path, **settings)
    try:
        page = open_page(address=running.address)
        use_copy(page, SENT)
        press(page, "Ask the agency")
        page.get_by_label("Your name, if you like").fill("Wilhelmine Sonntag")
        page.get_by_label("What else the agency should know").fill("Grossonkel hatte das auch")
        page.keyboard.press("Tab")
        settle(page)
        page.get_by_text("Yes, the agency may read and keep", exact=False).click()
        settle(page)
        press(page, "Send to the agency")
        text = main_text(page)
        assert "Your request is sent" in text
        code = re.search(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}", text)[0]
        reference = re.search(r"SO-[0-9A-Z]{6}", text)[0]
        page.goto(running.address + "/account/sign-in", wait_until="commit")
        token = page.locator("input[name=token]").input_value()
        form = {"token": token, "name": "nobody", "password": "Geheimes Kennwort 77"}
        refused = page.request.post(page.url, form=form, headers={"Origin": running.address})
        assert refused.status == 403 and "is not right" in refused.text()
        held = b"".join(path.read_bytes() for path in database.iterdir())
        assert reference.encode() in held, "the request is there"
    finally:
        running.process.terminate()
        running.process.wait(10)
    marks = (*SENT_MARKS, code, code.replace("-", ""), "Geheimes Kennwort 77")
    assert traces(tmp_path, marks) == [], "log, home folder, temporary files, database"
    key = (database / "agency.key").read_text().split()[1]
    assert key not in running.log.read_text()


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
