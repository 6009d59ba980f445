"""Corrections and the page Facts to check in a browser: by keyboard, on a desktop and a phone. All invented."""

import shutil
from types import SimpleNamespace

import pytest
from audits import audit
from conftest import settle, start_server

from opinion.agency import accounts, audits, sign_ins
from opinion.agency.stores import shared_store
from opinion.centres.decisions import read_revisions
from opinion.centres.inputs import DECISIONS, default_folder
from opinion.centres.shared import shared_catalogue

CENTRE = "es:280029"
GOOD = {"New value": "880", "Where did you read it": "Invented report", "Address of that page": "https://example.org/r",
        "Date of that page": "2026-03"}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A server with a catalogue of its own, and the cookie of a curator."""
    folder = tmp_path_factory.mktemp("correcting")
    shared_catalogue()  # packs once for all tests what is copied here
    (folder / "var").mkdir()
    for name in ("centres.parquet", "centres_facts.sqlite"):
        shutil.copy(default_folder() / name, folder / "var" / name)
    store = shared_store()
    account = accounts.find_account(store, "carla") or accounts.create_account(
        store, audits.COMMAND, "carla", "Carla Rossi", ["curator"]
    )
    running = start_server(folder, OPINION_VAR=str(folder / "var"))
    cookie = {"name": sign_ins.COOKIE, "value": sign_ins.start_sign_in(store, account), "url": running.address}
    yield SimpleNamespace(address=running.address, cookie=cookie, var=folder / "var")
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture
def opened(open_page, desk):
    def opener(path, heading, view="desktop", theme="light"):
        page = open_page("/privacy", view=view, theme=theme, address=desk.address)
        page.context.add_cookies([desk.cookie])
        page.goto(desk.address + path, wait_until="commit")
        page.get_by_role("heading", name=heading).first.wait_for()
        settle(page)
        return page

    return opener


def choose_field(page, name):
    """Choose what is to be corrected, by keyboard."""
    page.get_by_role("combobox", name="What is to be corrected?").focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Look at it first").wait_for()
    settle(page)


def fill(page, **changed):
    for label, text in (GOOD | changed).items():
        field = page.get_by_role("textbox", name=label)
        field.focus()
        field.fill(text)
    page.get_by_role("button", name="Look at it first").focus()
    page.keyboard.press("Enter")
    settle(page)


def press_by_keyboard(page, name):
    page.get_by_role("button", name=name).first.focus()
    page.keyboard.press("Enter")
    settle(page)


def decided(var):
    """Return what was decided here, without what the repository brings."""
    return read_revisions([var / DECISIONS] if (var / DECISIONS).is_file() else [])


def text_of(page):
    return page.locator("[data-testid=stMain]").inner_text()


def test_a_correction_and_the_way_back_by_keyboard_alone(opened, desk):
    page = opened(f"/centre?id={CENTRE}", "Hospital Universitario Ramón y Cajal")
    assert "886 counts, because it is newer." in text_of(page)
    choose_field(page, "Beds")
    fill(page, **{"New value": "88x"})
    assert "write a whole number" in text_of(page)
    assert page.get_by_role("textbox", name="Where did you read it").input_value() == "Invented report"
    audit(page)
    fill(page)
    assert "Beds corrected to 880" in text_of(page) and not decided(desk.var).history
    press_by_keyboard(page, "Correct it")
    page.get_by_text("Corrected. It counts now, for everyone.").wait_for()
    settle(page)
    assert "880 — Invented report, 2026-03 (corrected by a curator)" in text_of(page)
    audit(page)
    press_by_keyboard(page, "Revert")
    page.get_by_text("Taken back. That can be taken back too.").wait_for()
    settle(page)
    assert "886 counts, because it is newer." in text_of(page)
    assert [each.kind for each in decided(desk.var).history] == ["correct", "undo"]


def test_who_is_not_signed_in_sees_the_history_but_no_way_to_a_correction(open_page, desk):
    page = open_page(f"/centre?id={CENTRE}", address=desk.address)
    page.get_by_text("What was stated, and when").first.wait_for()
    settle(page)
    assert "Correct this entry" not in text_of(page) and "carla" not in text_of(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
def test_every_state_has_no_barrier(opened, view, theme):
    page = opened(f"/centre?id={CENTRE}", "Hospital Universitario", view, theme)
    choose_field(page, "Equipment")
    audit(page)
    page.get_by_text("It is wrong, and no better value is known").click()
    settle(page)
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_text("Say why, in a few words.").wait_for()
    audit(page)
    page.goto(page.url.split("/centre")[0] + "/fact-queue", wait_until="commit")
    page.get_by_role("heading", name="Facts to check").wait_for()
    settle(page)
    audit(page)
    for name in ("Overdue sources", "Values that look wrong", "Corrections made"):
        page.get_by_role("radio", name=name).click()
        settle(page)
        audit(page)


def test_the_whole_catalogue_is_downloaded(opened):
    page = opened("/sources", "Sources")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="XLSX").click()
    assert download.value.suggested_filename == "centres-facts.xlsx"
