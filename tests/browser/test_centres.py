"""The coordinator's tasks of docs/tasks.md, walked as a stranger would walk them; and what a coordinator relies on."""

import io
import re
from urllib.parse import urlsplit

import openpyxl
import pandas as pd
import pytest
from audits import faults, overflow
from conftest import settle
from coordinator_steps import names, pick, query, rows, sidebar, widen
from steps import main_text, press, radio, unfold, visit

RAMON_Y_CAJAL = "/centre?id=es:280029"


def test_pet_and_stroke_care_in_switzerland(open_page):
    page = open_page("/")
    visit(page, "Centres", "Browse centres")
    settle(page)
    assert re.search(r"[\d,]+ centres in \d+ countries", main_text(page))
    pick(page, "Country or region", "Switzerland")
    said = pick(page, "Equipment", "PET")
    assert query(page) == {"country": "CH", "equipment": "pet"}
    text = main_text(page)
    found = re.search(
        r"(\d+) centres in Switzerland with PET; for ([\d,]+) more it is not known whether they have PET\.", text
    )
    assert found, text
    assert said == f"PET · {found[1]}", "the option said before how many it would give"
    assert all(row["Country"] == "Switzerland" for row in rows(page))
    assert {row["PET"] for row in rows(widen(page))} <= {"stated", "implied"}
    pick(page, "Disease area", "Neurology and stroke")
    text = main_text(page)
    assert f"for {found[1]} that fit otherwise it is not known whether they treat this: Neurology and stroke" in text
    assert f"for {found[2]} more neither is known" in text, "all of them are accounted for"
    assert "For Switzerland, no source of ours states Neurology and stroke." in text
    press(page, f"Drop the filter “Neurology and stroke”: {found[1]} centres")
    assert f"{found[1]} centres in Switzerland with PET" in main_text(page)
    assert query(page) == {"country": "CH", "equipment": "pet"}


def test_what_nobody_in_portugal_is_known_to_have_is_empty_and_says_why(open_page):
    page = open_page("/centres")
    pick(page, "Country or region", "Portugal")
    total = int(re.search(r"([\d,]+) centres in Portugal", main_text(page))[1])
    pick(page, "Equipment", "CyberKnife")
    text = main_text(page)
    assert f"No centre is known in Portugal with CyberKnife; for {total} that fit otherwise" in text
    assert "That does not mean that there is none" in text
    press(page, f"Drop the filter “CyberKnife”: {total} centres")
    assert query(page) == {"country": "PT"}
    assert len(rows(page)) == 25
    page.get_by_role("button", name="Clear all filters").click()
    settle(page)
    assert query(page) == {} and "countries." in main_text(page)


def test_a_link_shows_a_colleague_the_same_rows(open_page):
    page = open_page("/centres")
    pick(page, "Country or region", "Spain")
    pick(page, "Country or region", "Portugal")
    pick(page, "Equipment", "MRI")
    sidebar(page).get_by_role("searchbox", name="Name, town or title").fill("HOSPITAL")
    page.keyboard.press("Enter")
    settle(page)
    page.locator("[data-testid=stPagination]").get_by_text("2", exact=True).click()
    settle(page)
    assert query(page) == {"country": "ES,PT", "equipment": "mri", "q": "HOSPITAL", "page": "2"}
    sent = urlsplit(page.url)
    colleague = open_page(f"{sent.path}?{sent.query}", view="phone", theme="dark")
    assert names(colleague) == names(page) and names(page)
    assert colleague.url == page.url, "the address stays as it was sent"
    first_line = re.search(r"[\d,]+ centres in .*", main_text(page))[0]
    assert first_line in main_text(colleague)


def test_back_and_forward_bring_the_view_back(open_page):
    page = open_page("/centres?country=CH")
    before = names(page)
    pick(page, "Equipment", "MRI")
    assert names(page) != before
    page.go_back()
    settle(page)
    page.wait_for_timeout(300)
    settle(page)
    assert query(page) == {"country": "CH"} and names(page) == before
    assert sidebar(page).get_by_text("MRI ·").count() == 0


def test_counts_follow_the_other_filters(open_page):
    page = open_page("/centres?country=CH&area=rehabilitation")
    stated = int(re.search(r"([\d,]+) centres", main_text(page))[1])
    chips = sidebar(page).locator("[data-tag]").all_inner_texts()
    assert f"Switzerland · {stated}" in chips[0] and f"· {stated}" in chips[1]
    pick(page, "Country or region", "France")
    chips = sidebar(page).locator("[data-tag]").all_inner_texts()
    assert any(f"Switzerland · {stated}" in chip for chip in chips), "a country's own count does not fall for another"
    radio(page, re.compile("Focus"), re.compile("^Specialises in it"))
    assert query(page)["focus"] == "single_specialty"
    assert all(row["Rehabilitation"].startswith("specialises in it") for row in rows(page))


def test_search_ignores_case_and_accents(open_page):
    page = open_page("/centres?q=RAMON+Y+CAJAL")
    assert "Hospital Universitario Ramón y Cajal" in names(page)


def test_what_an_address_gets_wrong_is_said_and_left_out(open_page):
    page = open_page("/centres?country=CH,ZZ&equipment=warp_drive&view=globe&page=0&q=%3Cb%3E%2A")
    text = main_text(page)
    assert "It was left out: country “ZZ”; equipment “warp_drive”; view “globe”; page “0”." in text
    assert "with “<b>*” in name, town or title" in text, "what somebody types is shown letter by letter"
    page = open_page("/centres?country=CH&page=999")
    assert len(rows(page)) in range(1, 26), "past the end is the last page"


def test_the_list_ships_one_page_and_says_unknown(open_page):
    page = open_page("/centres?country=DE")
    assert len(rows(page)) == 25
    widen(page)
    assert {row["Equipment, stated"] for row in rows(page)} == {""}, "shown as “not known”, and never as a no"
    page.hover("[data-testid=stDataFrame]")
    own = page.get_by_role("button", name=re.compile("^Download as CSV"))
    assert own.count() == 0, "Streamlit's own file of the rows in view has no guard against formulas"
    head = set(rows(page)[0])
    assert {"Name", "City", "Country", "Disease areas", "Beds", "Website"} <= head
    assert "no" not in {cell for row in rows(page) for cell in row.values()}


def test_the_map_draws_outlines_of_our_own_and_lists_a_bubble(open_page):
    page = open_page("/centres?country=CH&view=map")
    assert "The largest group is around" in main_text(page)
    page.wait_for_selector(".geolayer .countries path", state="attached")
    assert page.locator("path.point").count() > 50
    point = page.locator("path.point").nth(10)
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settle(page)
    link = page.locator("[data-testid=stMain] a[href*='/centre?id=']").first
    assert link.count() == 1
    unfold(page, "The map as a table")
    assert sum(int(row["Centres"].replace(",", "")) for row in rows(page)[:5]) > 5


def test_charts_state_what_they_find_and_have_a_table(open_page):
    page = open_page("/centres?country=US,ES,CH&view=charts")
    text = main_text(page)
    assert re.search(r"Most of these [\d,]+ centres are in the United States \(\d+ %\)", text)
    assert re.search(r"The area known most often is “.+”: for [\d,]+ of these [\d,]+ centres", text)
    assert re.search(r"Equipment is stated for \d+ countries only: the United States", text)
    assert page.locator("[data-testid=stPlotlyChart]").count() == 5, "three bar charts, two heat maps"
    assert page.locator(".modebar").count() == 0
    unfold(page, "The chart as a table")
    table = rows(page)
    assert table[0]["Country"] == "United States"


@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_files_open_and_hold_the_whole_selection(open_page, kind):
    page = open_page("/centres?country=CH&equipment=pet")
    count = int(re.search(r"(\d+) centres in Switzerland", main_text(page))[1])
    page.get_by_role("button", name="Download, save or share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    data = download.value.path().read_bytes()
    if kind == "CSV":
        table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    else:
        table = pd.read_excel(io.BytesIO(data), engine="openpyxl", dtype=str, keep_default_na=False)
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.sheetnames == ["Centres", "Facts", "Sources", "Notes"]
        assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)
    assert len(table) == count and set(names(page)) <= set(table["Name"])
    assert (table["Licences"] != "").all() and (table["Sources"] != "").all()
    cells = [cell for line in table.to_numpy().tolist() for cell in line]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize(
    "path",
    ["/centres?area=oncology,cardiology&country=US,CH&equipment=pet,mri", "/centres?country=PT&equipment=gamma_knife",
     "/centres?country=CH&view=map", "/centres?country=US,ES&view=charts", RAMON_Y_CAJAL, "/centre?id=x"],
)  # fmt: skip
def test_no_barrier_and_nothing_sticks_out(open_page, path, view, theme):
    page = open_page(path, view=view, theme=theme)
    assert faults(page) == []
    assert overflow(page) <= 1


def test_on_a_phone_the_filters_open_and_close(open_page):
    page = open_page("/centres", view="phone")
    press(page, "Filters", exact=True)
    pick(page, "Country or region", "Malta")
    press(page, "Show the centres")
    assert query(page) == {"country": "MT"}
    assert "centres in Malta" in main_text(page)


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_long_words_and_right_to_left_hold(open_page, language):
    for path in ("/centres?country=CH,US&equipment=pet", "/centres?country=CH&view=charts", RAMON_Y_CAJAL):
        joint = "&" if "?" in path else "?"
        page = open_page(f"{path}{joint}lang={language}", view="phone")
        assert overflow(page) <= 1
        assert f"lang={language}" in page.url


def test_right_to_left_charts_keep_their_labels_in_sight(open_page):
    page = open_page("/centres?country=CH,US&view=charts&lang=ar-XB")
    page.wait_for_selector(".ytick text", state="attached")
    hidden = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].filter(chart => {
            const left = chart.getBoundingClientRect().left;
            return [...chart.querySelectorAll('.ytick text')].some(
                text => text.getBoundingClientRect().left < left - 1) }).length"""
    )
    assert hidden == 0
