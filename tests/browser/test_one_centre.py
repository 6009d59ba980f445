"""One centre: opened from a list and left again, with its facts; and by a patient, whose address holds no id."""

import re
from urllib.parse import urlsplit

import pytest
from conftest import settle
from coordinator_steps import names, query, rows, widen
from steps import main_text, press, unfold, use_copy

RAMON_Y_CAJAL = "/centre?id=es:280029"


def test_browser_back_from_a_centre_brings_the_same_list(open_page):
    page = open_page("/centres?country=CH&equipment=pet")
    before = names(page)
    box = page.get_by_role("combobox", name="Open a centre of this page")
    assert page.get_by_role("button", name="Open this centre").is_disabled()
    box.click()
    box.press("ArrowDown")
    box.press("Enter")
    settle(page)
    press(page, "Open this centre")
    assert "/centre?id=" in page.url
    page.go_back()
    settle(page)
    assert query(page) == {"country": "CH", "equipment": "pet"}
    assert names(page) == before


def test_a_centre_opens_by_keyboard_and_the_way_back_keeps_the_filters(open_page):
    page = open_page("/centres?country=CH&equipment=pet")
    name = names(page)[0]
    box = page.get_by_role("combobox", name="Open a centre of this page")
    box.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Open this centre").focus()
    page.keyboard.press("Enter")
    settle(page)
    assert urlsplit(page.url).path == "/centre" and query(page)["id"]
    assert name in main_text(page)
    page.get_by_role("link", name="Back to the list of centres").click()
    settle(page)
    assert query(page) == {"country": "CH", "equipment": "pet"} and names(page)[0] == name


def test_a_centre_opened_in_a_new_tab_knows_the_way_back(open_page):
    back = "country%3DCH%26equipment%3Dpet"
    page = open_page(f"/centre?id=bag:ZH:100&back={back}")
    page.get_by_role("link", name="list of centres").first.click()
    settle(page)
    assert page.url.split("?")[0].endswith("/centres")


def test_a_centre_is_the_first_request_to_a_fresh_server(open_page, fresh_server):
    page = open_page(RAMON_Y_CAJAL, address=fresh_server.address)
    text = main_text(page)
    assert "Hospital Universitario Ramón y Cajal" in text
    assert "CT scanner (7)" in text, "machines are counted"
    assert "Nuclear medicine service (machine not stated) (from Gamma camera)" in text, "implied, and by what"
    assert "Offering is not specialising" in text
    assert "Not known" in text and "Teaching hospital" in text
    assert "Licence:" in text
    source = page.get_by_role("link", name="National catalogue of hospitals 2025").first
    assert source.get_attribute("href").startswith("https://www.sanidad.gob.es/")
    near = page.get_by_role("link", name="Hospital Universitario La Paz").last
    assert near.get_attribute("href").startswith("/centre?id=")
    unfold(page, "Every fact, one by one")
    facts = rows(widen(page))
    assert "stated" in {row["How sure"] for row in facts}
    assert all(row["Date"] and row["Source"] for row in facts), "whatever is in view"


def test_a_specialised_centre_says_by_which_programme(open_page):
    page = open_page("/centre?id=ror:01hvpjq66")
    text = main_text(page)
    assert "Specialises in (named programme)" in text and "NCI-designated" in text


@pytest.mark.parametrize("path", ["/centre", "/centre?id=es:nothing"])
def test_a_missing_centre_says_so_and_leads_to_the_list(open_page, path):
    page = open_page(path)
    assert re.search("No centre is chosen|There is no centre with the id “es:nothing”", main_text(page))
    page.get_by_role("link", name="To the list of centres").click()
    settle(page)
    assert urlsplit(page.url).path == "/centres"


def test_a_patient_walks_through_centres_without_an_id_in_the_address(open_page):
    page = open_page("/")
    use_copy(page, {"emergency_signs": [], "country": "ES", "disease_area": "oncology", "serious_disease": "yes",
                    "proposed": ["surgery"], "urgent_action_required": "no", "days_until_decision": 60,
                    "second_opinion_access": "in_person", "days_to_second_opinion": 10})  # fmt: skip
    unfold(page, "Centres that could see you")
    press(page, "All centres, and whom to ask")
    assert urlsplit(page.url).path == "/where" and urlsplit(page.url).query == ""
    press(page, "See this centre")
    assert urlsplit(page.url).query == ""
    first = page.locator("h1").inner_text()
    links = page.locator("[data-testid=stMain] a").evaluate_all("links => links.map(link => link.href)")
    assert not [link for link in links if "id=" in link]
    page.locator("[class*=st-key-near_] button").first.click()
    settle(page)
    assert page.locator("h1").inner_text() != first and urlsplit(page.url).query == ""
    page.get_by_role("link", name="Back to Where to go").click()
    settle(page)
    assert urlsplit(page.url).path == "/where" and urlsplit(page.url).query == ""
