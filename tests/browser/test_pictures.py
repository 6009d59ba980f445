"""Pictures: a press narrows the filters and can be undone; a link shows the same; no other host is asked."""

import re
from urllib.parse import urlsplit

import pytest
from audits import faults, overflow
from conftest import settle
from coordinator_steps import query
from steps import main_text, press, unfold


def count(page):
    return int(re.search(r"([\d,]+) centres?", main_text(page))[1].replace(",", ""))


def picture(page, words):
    """Return the picture whose description holds ``words``."""
    found = page.get_by_role("figure", name=re.compile(words)).first
    found.wait_for()
    found.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    return found


def press_on(page, element):
    """Press a point within a shape that plotly drew: it hears the mouse, not a click, and a shape may have bays."""
    element.evaluate("shape => shape.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    x, y = element.evaluate(
        """shape => { const box = shape.getBoundingClientRect();
            for (let down = .5; shape.isPointInFill && down < .9; down += .02)
                for (let right = .1; right < .9; right += .02) {
                    const point = new DOMPoint(box.x + right * box.width, box.y + down * box.height);
                    if (shape.isPointInFill(point.matrixTransform(shape.getScreenCTM().inverse())))
                        return [point.x + box.width * .02, point.y];
                }
            return [box.x + box.width / 2, box.y + box.height / 2] }"""
    )
    page.mouse.move(x - 1, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(100)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(400)
    settle(page)


def press_cell(page, chart, row, column):
    """Press a cell of a heat map by the numbers of its row and column."""
    columns = chart.locator(".xtick text").count()
    press_on(page, chart.locator(".textpoint").nth(row * columns + column))


def test_a_pressed_country_narrows_the_list_and_can_be_undone(open_page):
    page = open_page("/centres?equipment=mri&view=map&map=countries")
    before, shown = query(page), count(page)
    chart = picture(page, "^Map of")
    chart.locator(".choroplethlayer path").first.wait_for()
    names = chart.locator(".choroplethlayer path").count()
    assert names >= 3
    # the United States are the largest of the shapes
    largest = max(
        range(names), key=lambda place: chart.locator(".choroplethlayer path").nth(place).bounding_box()["width"]
    )
    press_on(page, chart.locator(".choroplethlayer path").nth(largest))
    assert query(page) == {**before, "country": "US"}
    assert 0 < count(page) < shown
    assert "You pressed United States" in main_text(page)
    press(page, "Undo")
    assert query(page) == before and count(page) == shown
    assert page.get_by_role("button", name="Undo").count() == 0


def test_the_map_by_country_is_a_link_and_asks_no_other_host(open_page):
    page = open_page("/centres?view=map")
    page.get_by_text("By country", exact=True).click()
    settle(page)
    assert query(page) == {"view": "map", "map": "countries"}
    colleague = open_page("/centres?view=map&map=countries", view="phone", theme="dark")
    chart = picture(colleague, "^Map of 1")
    chart.locator(".choroplethlayer path").first.wait_for()
    unfold(colleague, "The map as a table")
    assert "Not drawn on this map" in main_text(colleague), "what is too small is said, not lost"


def test_a_pressed_bar_gives_the_centres_that_it_counts(open_page):
    page = open_page("/centres?country=ES,PT,CH&view=charts")
    chart = picture(page, "^Bar chart: Known most often")
    number = int(chart.locator(".textpoint text").first.text_content().strip().replace(",", ""))
    press_on(page, chart.locator(".barlayer .point path").first)
    assert query(page)["equipment"] and query(page)["view"] == "charts"
    assert count(page) == number
    assert "Left out, since it was asked for" in main_text(page), "a bar of all would say nothing"
    press(page, "Undo")
    assert query(page) == {"country": "ES,PT,CH", "view": "charts"}


def test_a_pressed_cell_gives_the_centres_that_it_counts(open_page):
    page = open_page("/centres?country=ES,PT,CH&view=charts")
    chart = picture(page, "^Heat map: For . of these 3 countries no disease area")
    number = int(chart.locator(".textpoint text").first.text_content().replace(",", ""))
    press_cell(page, chart, 0, 0)
    asked = query(page)
    assert asked["country"] in ("ES", "PT", "CH") and asked["area"]
    assert count(page) == number
    assert "All of these" in main_text(page), "one country: no bar of one country"
    page.go_back()
    settle(page)
    assert query(page) == {"country": "ES,PT,CH", "view": "charts"}


def test_a_cell_of_coverage_opens_the_list(open_page):
    page = open_page("/coverage?country=US,JP")
    chart = picture(page, "we know of nobody for any disease area")
    number = int(chart.locator(".textpoint text").first.text_content().replace(",", ""))
    press_cell(page, chart, 0, 0)
    assert urlsplit(page.url).path == "/centres"
    assert query(page) == {"area": "oncology", "country": "US"}
    assert count(page) == number


@pytest.mark.parametrize(
    ("column", "more"), [(0, {"focus": "single_specialty"}), (1, {}), (2, {"area_sure": "suggested"})]
)
def test_each_number_of_an_area_opens_its_own_list(open_page, column, more):
    page = open_page("/coverage?area=oncology&country=ES")
    chart = picture(page, r"for Cancer \(oncology\)")
    number = int(chart.locator(".textpoint text").nth(column).text_content().replace(",", ""))
    press_cell(page, chart, 0, column)
    assert query(page) == {"area": "oncology", "country": "ES", **more}
    assert count(page) == number


def test_a_link_to_coverage_shows_a_colleague_the_same(open_page):
    page = open_page("/coverage")
    box = page.get_by_role("combobox", name="Disease area")
    box.click()
    box.fill("Burns")
    page.get_by_role("option", name="Burns", exact=True).click()
    settle(page)
    box = page.get_by_role("combobox", name="Country", exact=True)
    for country in ("Germany", "Sweden"):
        box.click()
        box.fill(country)
        page.get_by_role("option", name=country, exact=True).first.click()
        page.keyboard.press("Escape")
        settle(page)
    assert query(page) == {"area": "burns", "country": "DE,SE"}
    sent = urlsplit(page.url)
    colleague = open_page(f"{sent.path}?{sent.query}", view="phone", theme="dark")
    found = re.search(r"From Germany: .+, about [\d,]+ km away", main_text(page))
    assert found and found[0] in main_text(colleague)
    assert colleague.url == page.url


def test_nobody_for_spine_leads_to_the_nearest_areas(open_page):
    page = open_page("/coverage?area=spine")
    assert "No register states this area" in main_text(page)
    link = page.get_by_role("link", name="Neurosurgery")
    assert "area=neurosurgery" in link.get_attribute("href")


def test_what_an_address_gets_wrong_is_said(open_page):
    page = open_page("/coverage?area=warp&country=ZZ,ES")
    assert "It was left out: area “warp”; country “ZZ”." in main_text(page)


def test_the_table_of_a_picture_is_a_file(open_page):
    page = open_page("/coverage?area=oncology&country=ES,BR")
    with page.expect_download() as download:
        page.get_by_role("button", name="This table as CSV").first.click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("Seen from,About km") and "Brazil," in text


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize(
    "path", ["/coverage", "/coverage?area=oncology&region=europe", "/centres?view=map&map=countries"]
)
def test_no_barrier_and_nothing_sticks_out(open_page, path, view, theme):
    page = open_page(path, view=view, theme=theme)
    assert faults(page) == []
    assert overflow(page) <= 1


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_long_words_and_right_to_left_hold(open_page, language):
    page = open_page(f"/coverage?area=oncology&country=ES,DE&lang={language}", view="phone")
    assert overflow(page) <= 1 and f"lang={language}" in page.url
