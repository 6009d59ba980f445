"""Corrections and the page Facts to check in a browser: by keyboard, on a desktop and a phone. All invented."""

import pytest
from audits import audit
from conftest import running_desk, settle
from playwright.sync_api import expect

from opinion.centres.decisions import read_revisions
from opinion.centres.imports.archive import read_imports
from opinion.centres.inputs import DECISIONS

CENTRE = "es:280029"
GOOD = {"New value": "880", "Where did you read it": "Invented report", "Address of that page": "https://example.org/r",
        "Date of that page": "2026-03"}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with running_desk(tmp_path_factory.mktemp("correcting"), "cora", "Cora Rossi") as running:
        yield running


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


def unfold(page):
    """Unfold what only a curator sees near the head of a centre, by keyboard."""
    page.locator("summary", has_text="Correct this entry").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="What is to be corrected?").wait_for()
    settle(page)


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
    unfold(page)
    assert "You are signed in as Cora Rossi." in text_of(page)
    press_by_keyboard(page, "Correct this")  # beside the conflict about beds
    page.get_by_role("button", name="Look at it first").wait_for()
    fill(page, **{"New value": "88x"})
    assert "write a whole number" in text_of(page)
    assert page.get_by_role("textbox", name="Where did you read it").input_value() == "Invented report"
    audit(page)
    fill(page)
    assert "Beds corrected to 880" in text_of(page) and not decided(desk.var).history
    press_by_keyboard(page, "Correct it")
    said = page.get_by_text("Corrected. It counts now, for everyone.")
    said.wait_for()
    settle(page)
    expect(said, "it stands where one looks").to_be_in_viewport(ratio=1)
    assert "880 — Invented report, 2026-03 (corrected by a curator)" in text_of(page)
    audit(page)
    press_by_keyboard(page, "Take back")
    said = page.get_by_text("Taken back. That can be taken back too.")
    said.wait_for()
    settle(page)
    expect(said).to_be_in_viewport(ratio=1)
    assert "886 counts, because it is newer." in text_of(page)
    assert [each.kind for each in decided(desk.var).history] == ["correct", "undo"]


def test_who_is_not_signed_in_sees_the_history_but_no_way_to_a_correction(open_page, desk):
    page = open_page(f"/centre?id={CENTRE}", address=desk.address)
    page.get_by_text("What was stated, and when").first.wait_for()
    settle(page)
    assert "Correct this entry" not in text_of(page) and "cora" not in text_of(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
def test_every_state_has_no_barrier(opened, view, theme):
    page = opened(f"/centre?id={CENTRE}&correct=website", "Hospital Universitario", view, theme)
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
    for name in ("Overdue sources", "Values that look wrong", "Worth a note", "Decided"):
        page.get_by_role("radio", name=name).click()
        settle(page)
        audit(page)


def tick(page, line):
    """Tick a line of the table: it is drawn, so it is found by its place."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 55 + 37 * line)
    settle(page)


def test_conflicts_are_ticked_as_looked_at_and_taken_back(opened, desk):
    page = opened("/fact-queue?fact=beds", "Facts to check")
    before = page.get_by_role("radio", name="Sources disagree").inner_text()
    tick(page, 0)
    tick(page, 1)
    page.get_by_role("button", name="Looked at, fine: 2").click()
    page.get_by_text("2 conflicts were looked at.").wait_for()
    settle(page)
    audit(page)
    assert [each.kind for each in decided(desk.var).history[-2:]] == ["accept", "accept"]
    page.get_by_role("radio", name="Decided").click()
    settle(page)
    assert "list=decided" in page.url and "fact=" not in page.url
    tick(page, 0)
    tick(page, 1)
    page.get_by_role("button", name="Take back: 2").click()
    page.get_by_text("2 decisions were taken back.").wait_for()
    settle(page)
    assert page.get_by_role("radio", name="Sources disagree").inner_text() == before


def test_a_release_is_given_looked_at_put_in_and_taken_back(opened, desk, tmp_path):
    raw = tmp_path / "key_figures_2031.csv"
    raw.write_text(
        "JAHR,KT,Inst,Ort,Typ,Akt,WB,SA,BettenStatA,BettenStatP,BettenStatR,BettenStatB\n"
        '2031,AG,Kantonsspital Aarau AG,5001 Aarau,K112,A,Arzt,"CT, MRI",500.4,,,\n'
    )
    page = opened("/fact-queue?list=overdue&source=bag_ch", "Facts to check")
    page.locator("input[type=file]").set_input_files(raw)
    page.get_by_role("button", name="Check the files").click()
    page.get_by_text("What the newer list changes").wait_for()
    settle(page)
    audit(page)
    page.get_by_text("This is right: the files are whole").click()
    settle(page)
    page.get_by_role("button", name="Put it in").click()
    page.get_by_text("It is in the catalogue now, for everyone").wait_for(timeout=60_000)
    settle(page)
    audit(page)
    (one,) = read_imports(desk.var)
    assert one.counts
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("It was taken back. What was there before counts again.").wait_for(timeout=60_000)
    assert read_imports(desk.var)[0].is_undone


def test_the_whole_catalogue_is_downloaded(opened):
    page = opened("/sources", "Sources")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="XLSX").click()
    assert download.value.suggested_filename == "centres-facts.xlsx"
