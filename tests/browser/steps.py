"""What a visitor does, in their words: tick, choose, unfold, load a copy."""

import json
import re

from conftest import settle


def press(page, name, exact=False):
    page.get_by_role("button", name=name, exact=exact).first.click()
    settle(page)


def visit(page, section, name):
    """Go to another page by the menu on top."""
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_role("menuitem", name=name, exact=True).click()
    settle(page)


def radio(page, question, choice):
    page.get_by_role("radiogroup", name=question).get_by_text(choice, exact=True).click()
    settle(page)


def tick(page, label):
    page.get_by_text(label, exact=True).first.click()
    settle(page)


def toggle(page, label):
    page.locator("[data-testid=stSidebar]").get_by_role("button", name=label, exact=True).click()
    settle(page)


def choose(page, question, option):
    box = page.get_by_role("combobox", name=question).first
    box.click()
    box.fill(option)
    whole = re.compile(rf"^{re.escape(option)}( · .*)?$")  # disease areas also show the words that people say
    page.get_by_role("option", name=whole).first.click()
    settle(page)


def number(page, question, value):
    field = page.get_by_role("spinbutton", name=question).first
    field.fill(str(value))
    field.press("Enter")
    settle(page)


def unfold(page, label):
    page.locator("[data-testid=stMain] summary").filter(has_text=label).first.click()
    settle(page)


def load_copy(page, answers):
    if page.locator("input[type=file]").count() == 0:
        unfold(page, "Load a copy")
    data = answers if isinstance(answers, bytes) else json.dumps(answers).encode()
    page.locator("input[type=file]").set_input_files(
        [{"name": "a.json", "mimeType": "application/json", "buffer": data}]
    )
    page.wait_for_timeout(300)
    settle(page)


def use_copy(page, answers):
    load_copy(page, answers)
    press(page, "Use this copy")


def main_text(page):
    return page.locator("[data-testid=stMain]").inner_text()
