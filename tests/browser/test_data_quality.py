"""The page Data quality in a browser: a pressed cell and a task open the list they promise; no barrier, no overflow."""

import re
from urllib.parse import urlsplit

import pytest
from audits import faults, overflow
from conftest import settle
from coordinator_steps import query
from steps import main_text, unfold
from test_pictures import count, picture, press_cell


def test_a_pressed_cell_opens_the_centres_that_lack_it(open_page):
    page = open_page("/data-quality?of=complete&by=country")
    chart = picture(page, "Least is known here")
    listed = int(re.search(r"Of ([\d,]+) centres", main_text(page))[1].replace(",", ""))
    percent = int(chart.locator(".textpoint text").nth(3).text_content())
    press_cell(page, chart, 0, 3)
    assert urlsplit(page.url).path == "/centres" and query(page) == {"beds": "unknown"}
    assert abs(100 * (listed - count(page)) / listed - percent) <= 1, "the others have beds stated"


def test_a_task_opens_the_list_it_promises(open_page):
    page = open_page("/data-quality")
    task = page.get_by_role("listitem").filter(has_text="by name only").first
    task.wait_for()
    promised = int(re.search(r"equipment of ([\d,]+) centre", task.inner_text())[1].replace(",", ""))
    page.goto(page.url.split("/data-quality")[0] + task.get_by_role("link").get_attribute("href"))
    settle(page)
    assert count(page) == promised
    assert "of which no equipment is stated" in main_text(page)


def test_the_table_of_what_to_do_is_a_file(open_page):
    page = open_page("/data-quality")
    unfold(page, "This list as a table")
    with page.expect_download() as download:
        page.get_by_role("button", name="This table as CSV").first.click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("What to do,Centres") and len(lines) == 11


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["/data-quality", "/data-quality?of=valid&by=source"])
def test_no_barrier_and_nothing_sticks_out(open_page, path, view, theme):
    page = open_page(path, view=view, theme=theme)
    page.get_by_role("figure").first.wait_for()
    assert faults(page) == []
    assert overflow(page) <= 1
