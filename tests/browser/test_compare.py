"""Comparing centres as a coordinator does, on paper too; one centre with its likes; what a patient keeps."""

import csv
import io
import re
from urllib.parse import urlsplit

import pytest
from audits import faults, overflow
from conftest import settle
from coordinator_steps import query
from steps import main_text, press, unfold, use_copy

RAMON, LA_PAZ, AARAU, ABRAMSON = "es:280029", "es:280014", "bag:AG:000", "ror:01hvpjq66"
THREE = f"/compare?id={RAMON},{AARAU},{ABRAMSON}"
PATIENT = {"emergency_signs": [], "country": "ES", "disease_area": "oncology", "serious_disease": "yes",
           "proposed": ["surgery"], "urgent_action_required": "no", "days_until_decision": 60,
           "second_opinion_access": "in_person", "days_to_second_opinion": 10}  # fmt: skip


def lines(page):
    """Return the table as a list of its rows, each a list of texts."""
    page.wait_for_selector(".comparison table")
    return page.locator(".comparison tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.innerText.trim()))"
    )


def write(page, label, text):
    field = page.get_by_role("textbox", name=label).or_(page.get_by_role("searchbox", name=label)).first
    field.fill(text)
    field.press("Enter")
    settle(page)


def test_three_centres_side_by_side_and_the_link_shows_the_same(open_page):
    page = open_page(THREE)
    write(page, "Distance from a town", "Vienna")
    page.get_by_text("Show sources and dates").click()
    settle(page)
    told = lines(page)
    assert [cell.split("\n")[0] for cell in told[0]] == [
        "Fact", "Hospital Universitario Ramón y Cajal", "Kantonsspital Aarau AG", "Abramson Cancer Center",
    ]  # fmt: skip
    titles = [line[0] for line in told if len(line) == 1]
    assert titles.index("Where they differ") < titles.index("Known of some only: “not known” is not a no")
    beds = next(line for line in told if line[0] == "Beds")
    assert "886" in beds[1] and "901 (2020)" in beds[1] and beds[2].startswith("483") and beds[3] == "not known"
    far = next(line for line in told if line[0] == "Distance from Vienna")
    assert re.match(r"627 km\n", far[2]) and far[3].startswith("about 6,926 km (town, not site)")
    assert query(page) == {"id": f"{RAMON},{AARAU},{ABRAMSON}", "near": "2761369", "sources": "1"}
    shown = page.locator("[data-testid=stCode]").inner_text().strip()
    sent = urlsplit(shown)
    colleague = open_page(f"{sent.path}?{sent.query}", view="phone", theme="dark")
    assert lines(colleague) == told
    assert colleague.url.replace("%2C", ",").replace("%3A", ":") == shown
    source = page.locator(".comparison td a", has_text="Key figures of Swiss hospitals").first
    assert source.get_attribute("href").startswith("https://") and source.get_attribute("target") == "_blank"


def test_paper_holds_the_table_and_nothing_of_the_app(open_page, tmp_path):
    page = open_page(f"{THREE},{LA_PAZ}", theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for part in ("[data-testid=stSidebar]", "[data-testid=stHeader]", ".st-key-compare_choice", "[data-testid=stCode]",
                 "[data-testid=stPageLink]", ".st-key-compare_sources"):  # fmt: skip
        assert not any(part.is_visible() for part in page.locator(part).all()), part
    assert page.locator(".comparison table").is_visible()
    assert "/compare?id=" in page.locator(".on-paper").inner_text(), "who holds the paper can find the page"
    colours = page.evaluate(
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('td')).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(22, 40, 43)"], "dark on white, whatever the theme"
    file = tmp_path / "comparison.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    data = file.read_bytes()
    assert len(re.findall(rb"/Type /Page\b", data)) == 1, "one page"
    width, height = map(float, re.search(rb"MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data).groups())
    assert width > height, "landscape"


def test_the_file_holds_what_the_table_says(open_page):
    page = open_page(THREE)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    data = download.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    head, *told = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    beds = next(line for line in told if line[2] == "Beds")
    assert next(line for line in lines(page) if line[0] == "Beds") == ["Beds", *beds[3:6]]
    assert head[6].startswith("Sources: ") and "2025" in beds[6] and "https://" in beds[6]
    assert not [cell for line in told for cell in line if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_the_keyboard_alone_adds_one_and_takes_one_away(open_page):
    page = open_page(f"/compare?id={RAMON}")
    assert "One centre is chosen." in main_text(page)
    page.get_by_role("searchbox", name="Add a centre by its name").focus()
    page.keyboard.type("Kantonsspital Aarau")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name=re.compile("Kantonsspital Aarau")).first.focus()
    page.keyboard.press("Enter")
    settle(page)
    assert query(page)["id"] == f"{RAMON},{AARAU}" and len(lines(page)[0]) == 3
    box = page.get_by_role("region", name="Comparison of centres")
    box.focus()
    assert box.evaluate("box => box === document.activeElement"), "the box that scrolls can be reached"
    page.get_by_role("combobox", name="Centres compared").focus()
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    settle(page)
    assert query(page)["id"] == RAMON


def test_a_centre_of_the_shortlist_is_offered(open_page):
    page = open_page(f"/centre?id={ABRAMSON}")
    press(page, "Keep on the shortlist")
    page.get_by_role("link", name="Compare with others").click()
    settle(page)
    assert query(page) == {"id": ABRAMSON}
    page = open_page(f"/centre?id={RAMON}")
    press(page, "Keep on the shortlist")
    page.goto(page.url.split("/centre")[0] + f"/compare?id={AARAU}")
    settle(page)
    page.get_by_role("combobox", name="Centres compared").click()
    page.get_by_role("option", name=re.compile("Ramón y Cajal")).click()
    page.keyboard.press("Escape")
    settle(page)
    assert query(page)["id"] == f"{AARAU},{RAMON}", "the shortlist outlives a new load of the page"


def test_one_centre_shows_its_likes_a_distance_and_its_history(open_page):
    page = open_page(f"/centre?id={RAMON}")
    write(page, "Distance from a town", "Vienna")
    assert query(page) == {"id": RAMON, "near": "2761369"}
    assert "1,804 km from Vienna, Austria, in a straight line." in main_text(page)
    both = page.get_by_role("link", name="Compare with this one").first
    assert re.search(rf"/compare\?id={RAMON},es:\d+$", both.get_attribute("href")), "with one of its country"
    unfold(page, "What was stated, and when")
    text = main_text(page)
    assert "Beds: 886 (before: 901, 2020)" in text and text.index("2026-06-23") < text.rindex("Beds: 901")


def test_what_a_patient_keeps_stands_nowhere_but_in_the_session(open_page):
    seen = []
    page = open_page("/")
    page.on("request", lambda request: seen.append(request.url))
    use_copy(page, PATIENT)
    unfold(page, "Centres that could see you")
    press(page, "All centres, and whom to ask")
    press(page, "See this centre")
    name = page.locator("h1").inner_text()
    press(page, "Keep this centre")
    write(page, "Distance from a town", "Madrid")
    assert "from Madrid, Spain, in a straight line" in main_text(page)
    assert urlsplit(page.url).query == ""
    links = page.locator("[data-testid=stMain] a").evaluate_all("links => links.map(link => link.href)")
    assert not [link for link in links if "id=" in link or "near=" in link]
    page.get_by_role("link", name="Back to Where to go").click()
    settle(page)
    assert "Centres you keep" in main_text(page) and name in main_text(page)
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    centre_ids = re.findall(r"(?:es|ror|hifld|eu):[\w:]+", kept)
    assert centre_ids == [] and name not in kept
    assert not [address for address in seen if re.search(r"es(:|%3A)\d|near=", address)]
    press(page, "Let it go")
    assert "Centres you keep" not in main_text(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize(
    "path",
    [f"{THREE},{LA_PAZ}&near=2761369&sources=1", THREE, "/compare", f"/compare?id={RAMON},zz:1&near=xyzzy",
     f"/centre?id={RAMON}&near=2761369"],
)  # fmt: skip
def test_no_barrier_and_nothing_sticks_out(open_page, path, view, theme):
    page = open_page(path, view=view, theme=theme)
    assert faults(page) == []
    assert overflow(page) <= 1


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
def test_long_words_and_right_to_left_hold(open_page, language):
    for path in (f"{THREE}&sources=1", f"/centre?id={RAMON}"):
        page = open_page(f"{path}&lang={language}", view="phone")
        assert overflow(page) <= 1
