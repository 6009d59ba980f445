"""The page Import in a browser: every state of it, on a desktop and a phone; work that is stopped. All invented."""

import sys
from pathlib import Path

import pytest
from audits import audit
from conftest import running_desk, settle
from playwright.sync_api import expect
from steps import press, unfold

from opinion.centres.imports.archive import read_imports
from opinion.centres.inputs import IMPORTS

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "centres"))
from import_lists import faulty, merged_cells, tilde_cp1252

ROWS = 100_000
STOPPED = "It was stopped. Nothing was changed."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with running_desk(tmp_path_factory.mktemp("importing"), "ines", "Ines Kowalska") as running:
        yield running


@pytest.fixture
def opened(open_page, desk):
    def opener(view="desktop", theme="light"):
        page = open_page("/privacy", view=view, theme=theme, address=desk.address)
        page.context.add_cookies([desk.cookie])
        page.goto(f"{desk.address}/import-centres", wait_until="commit")
        page.get_by_role("heading", name="Import a list").wait_for()
        settle(page)
        return page

    return opener


def give(page, path):
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_text(path.name).first.wait_for()
    page.get_by_text("What the columns are").or_(page.get_by_text("The file cannot be read so")).first.wait_for()
    settle(page)


def say_source(page, title):
    for label, text in (("Title of the list", title), ("Publisher", "Nobody"),
                        ("Address on the web", "https://example.org/list"), ("Licence", "CC0")):  # fmt: skip
        field = page.get_by_role("textbox", name=label)
        field.fill(text)
        field.press("Enter")
        settle(page)
    page.get_by_role("spinbutton", name="year").click()
    page.keyboard.type("20261001", delay=30)
    page.keyboard.press("Enter")
    settle(page)
    page.keyboard.press("Escape")
    settle(page)


def text_of(page):
    return page.locator("[data-testid=stMain]").inner_text()


def left_over(var):
    """Return how many drafts and held files there are."""
    return len(list((var / IMPORTS).glob(".making-*")))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
def test_every_state_of_the_page(opened, desk, tmp_path, view, theme):
    page = opened(view, theme)
    audit(page)
    (tmp_path / "letter.csv").write_bytes(b"%PDF-1.7 a letter")
    give(page, tmp_path / "letter.csv")
    assert "is a PDF, not what its name says. Ask for the list as a spreadsheet or CSV." in text_of(page)
    audit(page)
    heads, _, rows = faulty(tmp_path).read_text("utf-8").partition("\n")
    if view == "phone":
        heads = heads.upper()
    if theme == "dark":  # heads of its own, or it would come with the choices of the list before
        heads = heads.replace("a", "A").replace("E", "e")
    faulty(tmp_path).write_text(f"{heads}\n{rows}", "utf-8")
    give(page, tmp_path / "faulty.csv")
    assert "Say who made the list" in text_of(page)
    audit(page)
    say_source(page, f"Invented list of {view} and {theme}")
    press(page, "Check the file")
    found = page.get_by_text("Rows: 23. Good: 2. Waiting: 21.")
    expect(found, "it stands where one looks").to_be_in_viewport(ratio=1)
    assert "What do these words mean?" in text_of(page)
    unfold(page, "What becomes of each row")
    page.get_by_role("textbox", name="Keep these choices as a recipe").fill(f"{view} {theme}")
    press(page, "Keep")
    assert "The recipe is kept." in text_of(page)
    audit(page)
    press(page, "Import the good rows: 2")
    done = page.get_by_text("It is in the catalogue now, for everyone. Centres: 2. Facts: 2.")
    expect(done, "it stands where one looks").to_be_in_viewport(ratio=1)
    unfold(page, "What became of each row")
    unfold(page, "Recipes")
    audit(page)
    with page.expect_download() as download:
        press(page, "Rows that wait")
    assert "Why it waits" in Path(download.value.path()).read_text("utf-8-sig")
    press(page, "Undo this import")
    assert "It is undone. No longer counted: centres 2, facts 2." in text_of(page)
    unfold(page, "Who did what")
    settle(page)
    assert "Ines Kowalska: undid faulty.csv" in text_of(page)
    audit(page)


def test_a_messy_spreadsheet_goes_in_by_the_keyboard_alone(opened, desk, tmp_path):
    page = opened()
    give(page, merged_cells(tmp_path))
    assert page.get_by_role("combobox", name="Sheet").input_value() == "Hospitals"
    say_source(page, "Invented list by keyboard")
    for name in ("Check the file", "Import the good rows: 3"):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        settle(page)
    assert "It is in the catalogue now, for everyone. Centres: 3." in text_of(page)
    button = page.get_by_role("button", name="Undo this import")
    button.focus()
    page.keyboard.press("Enter")
    settle(page)
    assert "No longer counted: centres 3" in text_of(page)


def test_a_newer_list_is_compared_and_comes_in_the_place_of_the_older_one(opened, desk, tmp_path):
    page = opened("phone")
    give(page, tilde_cp1252(tmp_path))
    say_source(page, "Invented list of each month")
    press(page, "Check the file")
    press(page, "Import the good rows: 2")
    text = tilde_cp1252(tmp_path).read_bytes().replace(b"1.234", b"1.300")
    (tmp_path / "newer.csv").write_bytes(text)
    give(page, tmp_path / "newer.csv")
    say_source(page, "Invented list of each month")
    assert "it takes the place of what is there" in text_of(page)
    press(page, "Check the file")
    assert "0 new, 1 changed, 0 no more there, 1 as before." in text_of(page)
    audit(page)
    press(page, "Replace the older list, with the good rows: 2")
    assert "in the place of the older list. Centres: 2." in text_of(page)
    audit(page)
    press(page, "Undo this import")
    newer, older = [each for each in read_imports(desk.var) if each.about["source"]["title"].endswith("each month")]
    assert newer.is_undone and older.counts


def test_a_large_file_can_be_stopped_while_it_is_checked_and_while_it_goes_in(opened, desk, tmp_path):
    path = tmp_path / "large.csv"
    rows = "".join(f"{number},Invented {number},Wien,AT,MRI; CT\n" for number in range(ROWS))
    path.write_text(f"id,name,city,country,equipment\n{rows}", "utf-8")
    packed = (desk.var / "centres.parquet").stat().st_ino
    before, kept = left_over(desk.var), len(read_imports(desk.var))
    page = opened()
    page.set_default_timeout(120_000)
    give(page, path)
    assert left_over(desk.var) == before + 1, "the file that is held"
    say_source(page, "Invented large list")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("The file is read: ").wait_for()
    assert left_over(desk.var) == before + 2
    page.get_by_role("button", name="Stop").click()
    page.get_by_text(STOPPED).wait_for()
    settle(page)
    assert left_over(desk.var) == before + 1, "nothing is left of the draft"
    press_and_wait(page, "Check the file", f"Good: {ROWS:,}.")
    page.get_by_role("button", name=f"Import the good rows: {ROWS:,}").click()
    page.get_by_text("The catalogue is built with the new centres: ").wait_for()
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    page.keyboard.press("Enter")
    page.get_by_text(STOPPED).wait_for()
    settle(page, limit=120)
    assert (desk.var / "centres.parquet").stat().st_ino == packed and len(read_imports(desk.var)) == kept
    assert left_over(desk.var) == before + 2, "the draft can still be imported"
    assert page.get_by_role("button", name=f"Import the good rows: {ROWS:,}").is_enabled()


def press_and_wait(page, name, said):
    page.get_by_role("button", name=name).click()
    page.get_by_text(said).first.wait_for()
    settle(page, limit=120)
