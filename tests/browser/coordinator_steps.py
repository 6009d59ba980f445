"""What a coordinator does and reads on the pages of centres: filters, the address, the rows of a table."""

import re
from urllib.parse import parse_qs, urlsplit

from conftest import settle


def sidebar(page):
    return page.locator("[data-testid=stSidebar]")


def pick(page, label, option):
    """Choose an option of a filter by the beginning of its label; return the label with its count."""
    box = sidebar(page).get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    row = page.get_by_role("option", name=re.compile(rf"^{re.escape(option)} · [\d,]+$")).first
    text = row.inner_text()
    row.click()
    page.keyboard.press("Escape")
    settle(page)
    return text


def query(page):
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def rows(page):
    """Return the cells of the first table in view, as assistive technologies read them."""
    page.wait_for_selector("[data-testid=stDataFrame] [role=grid] [role=gridcell]", state="attached")
    head, *lines = page.locator("[data-testid=stDataFrame] [role=grid]").first.evaluate(
        """grid => [...grid.querySelectorAll('[role=row]')].map(
            row => [...row.querySelectorAll('[role=columnheader], [role=gridcell]')].map(cell => cell.textContent))"""
    )
    return [dict(zip(head, line, strict=False)) for line in lines]


def widen(page):
    """Make room for every column: those out of sight are not in the tree either."""
    page.set_viewport_size({"width": 1900, "height": 1400})
    settle(page)
    return page


def names(page):
    return [row["Name"] for row in rows(page)]
