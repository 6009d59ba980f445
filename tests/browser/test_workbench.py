"""A coordinator's day: facets, distance, slips of the pen, shortlist, saved views, links, other programs."""

import json
import re
from urllib.parse import urlsplit

import pytest
from audits import faults, overflow
from conftest import settle
from coordinator_steps import names, pick, query, rows, sidebar, widen
from steps import main_text, press, visit

FIRST = "/centres?region=europe&equipment=proton_therapy,mri&having=any&near=2761369&km=900&sort=distance"


def unfold_side(page, label):
    sidebar(page).locator("summary").filter(has_text=label).first.click()
    settle(page)


def tick(page, *numbers):
    """Tick rows of the list as a mouse does."""
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    for number in numbers:
        page.mouse.click(box["x"] + 16, box["y"] + 52 + 35 * number)
        settle(page)


def test_a_question_is_a_link_that_shows_a_colleague_the_same(open_page):
    page = open_page("/")
    visit(page, "Centres", "Browse centres")
    settle(page)
    pick(page, "Country or region", "Europe")
    pick(page, "Equipment", "MRI")
    town = sidebar(page).get_by_role("textbox", name="Near a town")
    town.fill("Wien")
    town.press("Enter")
    settle(page)
    km = sidebar(page).get_by_role("spinbutton", name="Within (km)")
    km.fill("900")
    km.press("Enter")
    settle(page)
    assert "in Europe within 900 km of Vienna with MRI" in main_text(page)
    assert "their place is not known" in main_text(page) or "for" in main_text(page)
    page.get_by_role("combobox", name="Order").click()
    page.get_by_role("option", name="Nearest first").click()
    settle(page)
    shown = rows(widen(page))
    far = [int(re.search(r"(\d+) km", row["Distance"])[1]) for row in shown]
    assert far == sorted(far)
    assert any("town, not site" in row["Distance"] for row in shown) or all(
        "about" not in row["Distance"] for row in shown
    )
    other = widen(open_page(urlsplit(page.url).path + "?" + urlsplit(page.url).query))
    assert names(other) == names(page)
    assert main_text(other).split("\n")[1] == main_text(page).split("\n")[1]


def test_each_facet_can_be_cleared_alone_and_all_at_once(open_page):
    page = open_page("/centres?country=IT&designation=irccs&beds=200_499&hide_source=wikidata")
    assert {"country", "designation", "beds", "hide_source"} == set(query(page))
    sidebar(page).get_by_role("button", name=re.compile("Clear all$")).first.wait_for()
    sidebar(page).locator(".st-key-filter_beds").get_by_role(
        "button", name=re.compile("Clear", re.IGNORECASE)
    ).first.click()
    settle(page)
    assert {"country", "designation", "hide_source"} == set(query(page))
    press(page, "Clear all filters")
    assert query(page) == {}


def test_choices_that_give_nothing_are_grey_and_can_be_read(open_page):
    page = open_page("/centres?country=IT")
    sidebar(page).get_by_role("combobox", name="Equipment", exact=True).click()
    option = page.get_by_role("option", name=re.compile(r" · 0$")).first
    option.wait_for()
    assert "empty-choice" in option.get_attribute("class")
    full = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stMain]')).color")
    assert option.evaluate("node => getComputedStyle(node).color") != full
    assert faults(page) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("zuerich", "name: Zürich"), ("Zurihc", "town: Zürich"), ("irccs policlinico", "title: IRCCS")],
)
def test_what_was_found_is_marked(open_page, typed, found):
    page = widen(open_page("/centres"))
    box = sidebar(page).get_by_role("searchbox", name="Name, town or title")
    box.fill(typed)
    box.press("Enter")
    page.wait_for_url(lambda url: "q=" in url)
    settle(page)
    assert any(found in row["Found"] for row in rows(page))
    assert ("written nearly so" in main_text(page)) == (typed == "Zurihc")


def test_a_shortlist_survives_navigation_and_reload_and_goes_by_link(open_page):
    page = widen(open_page("/centres?country=PT&equipment=mri"))
    kept = names(page)[:3]
    tick(page, 0, 1, 2)
    assert "3 rows ticked." in main_text(page)
    press(page, "Keep on the shortlist")
    page.get_by_role("link", name="3 centres on the shortlist").click()
    settle(page)
    assert [row["Name"] for row in rows(page)] == kept
    link = page.locator("[data-testid=stCode]").inner_text().strip()
    visit(page, "Centres", "Coverage")
    settle(page)
    visit(page, "Centres", "Browse centres")
    settle(page)
    assert query(page) == {"country": "PT", "equipment": "mri"}, "the menu leads back to the last list"
    visit(page, "Centres", "Shortlist")
    settle(page)
    page.reload()
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    assert [row["Name"] for row in rows(page)] == kept
    other = widen(open_page(urlsplit(link).path + "?" + urlsplit(link).query))
    assert "came in a link" in main_text(other)
    assert [row["Name"] for row in rows(other)] == kept
    assert json.loads(other.evaluate("localStorage.getItem('opinion.workbench')"))["shortlist"] == []


def test_two_tabs_keep_one_shortlist(open_page):
    first = widen(open_page("/centres?country=PT&equipment=mri"))
    kept = names(first)
    second = first.context.new_page()
    second.goto(first.url)
    widen(second)
    tick(first, 0)
    press(first, "Keep on the shortlist")
    tick(second, 1)
    press(second, "Keep on the shortlist")
    second.wait_for_timeout(500)
    tick(first, 2)
    press(first, "Keep on the shortlist")
    first.wait_for_timeout(500)
    for page in (first, second):
        settle(page)
        visit(page, "Centres", "Shortlist")
        settle(page)
        assert sorted(row["Name"] for row in rows(page)) == sorted(kept[:3])
    box = first.get_by_role("combobox", name="Choose centres")
    box.click()
    first.get_by_role("option").first.click()
    first.keyboard.press("Escape")
    settle(first)
    press(first, "Take off the shortlist")
    second.wait_for_timeout(800)
    settle(second)
    assert len(rows(second)) == 2, "what one tab takes off is gone in the other"


def test_a_view_is_saved_named_opened_and_outlives_a_reload(open_page):
    page = widen(open_page("/centres?country=CH&equipment=pet&page=2"))
    before = main_text(page).split("\n")[1]
    press(page, "Download, save or share")
    name = page.get_by_role("textbox", name="Name of the view")
    assert name.input_value() == "PET, Switzerland"
    name.fill("Swiss PET")
    name.press("Enter")
    settle(page)
    page.locator(".st-key-save_view button").click()
    settle(page)
    page.goto(page.url.split("?")[0])
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    press(page, "Saved views (1)")
    press(page, "Swiss PET")
    page.wait_for_url(re.compile("equipment=pet"))
    settle(page)
    assert query(page) == {"country": "CH", "equipment": "pet"}
    assert main_text(page).split("\n")[1] == before


def test_keyboard_alone_ticks_keeps_and_compares(open_page):
    page = widen(open_page("/centres?country=PT&equipment=mri"))
    grid = page.locator("[data-testid=stDataFrame] canvas").first
    page.get_by_role("combobox", name="Order").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if grid.evaluate("node => node === document.activeElement || node.contains(document.activeElement)"):
            break
    else:
        pytest.fail("the list cannot be reached by Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    settle(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Control+Space")
    settle(page)
    assert re.search(r"[12] rows? ticked\.", main_text(page))
    button = page.locator(".st-key-keep_ticked button")
    button.focus()
    page.keyboard.press("Enter")
    settle(page)
    assert re.search(r"[12] centres? on the shortlist", main_text(page))


def test_links_for_other_programs_give_the_same_rows(open_page):
    page = widen(open_page("/centres?country=PT&equipment=mri"))
    shown = names(page)
    press(page, "Download, save or share")
    address = page.get_by_role("link", name="JSON").get_attribute("href")
    answer = page.request.get(urlsplit(page.url)._replace(path="", query="").geturl() + address)
    assert [centre["name"] for centre in answer.json()["centres"]][: len(shown)] == shown
    assert answer.headers["etag"]
    address = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    answer = page.request.get(urlsplit(page.url)._replace(path="", query="").geturl() + address)
    assert shown[0] in answer.text()


@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        FIRST,
        "/centres?q=zurihc&near=Graz&km=900",
        "/centres?designation=irccs&country=CH&equipment=proton_therapy",
        "/shortlist",
        "/shortlist?id=bag:AG:000,bag:AG:001,nowhere:1",
    ],
)
def test_no_fault_and_no_overflow(open_page, path, view, theme):
    page = open_page(path, view, theme)
    assert faults(page) == []
    assert overflow(page) <= 0


def test_a_patients_visit_leaves_nothing_in_the_browser(open_page):
    page = open_page("/")
    press(page, "None of these")
    settle(page)
    assert page.evaluate("localStorage.getItem('opinion.workbench')") is None
