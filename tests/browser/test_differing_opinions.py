"""The page of differing opinions in a real browser: readable for everybody, by keyboard alone, with no trace."""

import pytest
from audits import audit
from conftest import VIEWS, settle
from steps import main_text, press, unfold, visit

SAYS = "What does this doctor say you have?"
MARKS = ("Zauberbein", "Hexenschuss")


def choose_pill(page, question, choice):
    group = page.get_by_test_id("stButtonGroup").filter(has_text=question).first
    group.get_by_text(choice, exact=True).click()
    settle(page)


def write(page, question, text):
    field = page.get_by_role("textbox", name=question).first
    field.fill(text)
    field.press("Tab")
    settle(page)


def fill_in(page, diagnosis, plan, rests_on):
    write(page, SAYS, diagnosis)
    choose_pill(page, "What does this doctor propose?", plan)
    choose_pill(page, "What does this opinion rest on", rests_on)


def fill_in_both(page):
    fill_in(page, MARKS[0], "An operation", "Only the reports of scans")
    unfold(page, "First opinion")  # it folds
    unfold(page, "Second opinion")
    fill_in(page, MARKS[1], "Watch and check again", "Scans seen as pictures")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_every_state_of_the_page(open_page, view, theme):
    page = open_page("/opinions", view=view, theme=theme)
    audit(page)
    fill_in_both(page)
    choose_pill(page, "Different", "Different")
    unfold(page, "How often do opinions differ?")
    press(page, "Add a third opinion")
    audit(page)
    assert page.get_by_role("columnheader").all_inner_texts() == ["What", "First opinion", "Second opinion"]
    assert page.get_by_role("rowheader", name="Kind of plan").count() == 1, "also where cells are stacked"


def test_clearing_empties_every_field_and_undo_brings_them_back(open_page):
    page = open_page("/opinions")
    fill_in_both(page)
    press(page, "Clear this page")
    assert page.get_by_role("textbox", name=SAYS).first.input_value() == ""
    assert page.locator("[data-variant=pills][aria-pressed=true]").count() == 0
    assert not any(mark in page.content() for mark in MARKS)
    press(page, "Undo")
    assert page.get_by_role("textbox", name=SAYS).first.input_value() == MARKS[1]
    assert "Where they differ" in main_text(page)


def test_by_keyboard_alone(open_page):
    page = open_page("/opinions")

    def tab_to(selector):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => !!document.activeElement.closest(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached by the Tab key")

    for place, diagnosis in enumerate(MARKS):
        if place:
            tab_to("summary")
            while "Second" not in page.evaluate("() => document.activeElement.innerText"):
                tab_to("summary")
            page.keyboard.press("Enter")
            settle(page)
        tab_to("[data-testid=stTextInput]")
        page.keyboard.type(diagnosis)
        tab_to("[data-testid=stButtonGroup]")  # one stop; arrows go on within it
        settle(page)
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        settle(page)
    assert "Where they differ" in main_text(page) and "Kind of plan" in main_text(page)


def test_nothing_that_is_written_leaves_the_session(open_page):
    page, seen = open_page("/opinions"), []
    page.on("request", lambda request: seen.extend([request.url, *request.headers.values()]))
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    fill_in_both(page)
    visit(page, "Next steps", "Prepare")
    seen.append(page.url)
    visit(page, "Next steps", "When opinions differ")
    seen.append(page.url)
    assert MARKS[0] in main_text(page), "it is still there"
    storage = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert not [text for text in [*seen, storage] if any(mark in text for mark in MARKS)]
    assert "?" not in page.url
