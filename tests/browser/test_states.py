"""Every state of the patient's pages: readable for everybody, on every screen, in every theme and direction."""

import pytest
from audits import audit
from conftest import VIEWS, settle
from steps import load_copy, main_text, press, unfold, use_copy

FULL = {
    "emergency_signs": [], "country": "DE", "disease_area": "oncology", "serious_disease": "yes",
    "life_threatening": "yes", "several_health_issues": "yes", "diagnosis": "confirmed", "cancer_biopsy": "clear",
    "proposed": ["surgery"], "treatment_risky": "yes", "doubts": "yes", "urgent_action_required": "no",
    "days_until_decision": 40, "second_opinion_access": "in_person", "days_to_second_opinion": 10,
    "opinions_so_far": 2, "opinions_conflict": "yes", "doctor_city": "Berlin",
}  # fmt: skip
TOMORROW = FULL | {"urgent_action_required": "yes", "days_until_decision": 1, "days_to_second_opinion": 6}
NOT_NEEDED = {
    "emergency_signs": [], "disease_area": "dermatology", "serious_disease": "no", "life_threatening": "no",
    "rare_disease": "no", "several_health_issues": "no", "diagnosis": "confirmed", "proposed": ["other_treatment"],
    "treatment_risky": "no", "treatment_expensive": "no", "options_differ_in_cost": "no",
    "conservative_or_invasive": "no", "not_responding": "no", "lost_confidence": "no", "doubts": "none",
    "insurer_requires": "no", "urgent_action_required": "no", "days_until_decision": 10,
    "second_opinion_access": "in_person", "days_to_second_opinion": 5,
}  # fmt: skip
CONTRADICTING = {"emergency_signs": [], "serious_disease": "no", "life_threatening": "yes", "diagnosis": "confirmed"}
FOLDS = ["The next steps", "Centres that could see you", "All reasons", "What we could not check",
         "What would change this", "Why not the others", "Third opinion", "Your answers"]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_welcome_questions_and_result(open_page, view, theme):
    page = open_page(view=view, theme=theme)
    audit(page)
    if view == "phone":
        press(page, "Answer the questions")
    audit(page)
    press(page, "None of these is happening now")
    audit(page)
    for group in ("Time", "How it goes", "Your doctor", "Your wishes"):
        press(page, f"Next: {group}")
        audit(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_a_full_result_with_everything_unfolded(open_page, view, theme):
    page = open_page(view=view, theme=theme)
    use_copy(page, FULL)
    for label in FOLDS:
        unfold(page, label)
    audit(page)


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (TOMORROW, "Do not wait for a second opinion."),
        (NOT_NEEDED, "By these criteria you do not need a second opinion."),
        (CONTRADICTING, "These answers do not fit together."),
        ({"emergency_signs": ["chest_pain"], "country": "DE"}, "Get help now."),
    ],
    ids=["do not wait", "not needed", "contradiction", "emergency"],
)
def test_other_results(open_page, view, answers, words):
    page = open_page(view=view, theme="dark" if view == "phone" else "light")
    use_copy(page, answers)
    assert words in main_text(page)
    audit(page)


PATHS = [
    *("/sources", "/privacy", "/in-an-emergency", "/prepare", "/rule-book", "/about"),
    *("/where", "/match", "/opinions", "/plan", "/summary"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("view", list(VIEWS))
def test_pages_about(open_page, path, view):
    page = open_page(path, view=view)
    audit(page)
    assert page.get_by_text("In an emergency").count() >= 1
    if path == "/sources":
        for label in ("The guidance", "The rules", "Sources of the guidance", "Sources of the centres"):
            unfold(page, label)
        audit(page)
    parts = {
        "/prepare": ("What to say", "What to ask", "The blind second look", "Your rights", "What studies found"),
        "/rule-book": ("Try it", "The rules", "The questions", "How soon", "People as test cases", "What always holds"),
    }
    for label in parts.get(path, ()):
        unfold(page, label)
    if path in parts:
        audit(page)


def test_a_bad_copy_is_audited_too(open_page):
    page = open_page()
    load_copy(page, {"nonsense": 1})
    audit(page)


@pytest.mark.parametrize("language", ["en-XA", "ar-XB"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_long_words_and_right_to_left_keep_the_layout(open_page, language, view):
    page = open_page(f"/?lang={language}", view=view)
    html = page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar-XB" else "ltr")
    audit(page)
    page.locator("[data-testid=stMain] summary").last.click()
    settle(page)
    load_copy(page, FULL)
    page.locator(".st-key-use_copy button").click()
    settle(page)
    assert page.locator(".st-key-answers_at_risk").count() == 1
    audit(page)


def test_the_keyboard_alone_is_enough(open_page):
    page = open_page()

    def reach(name):
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate("() => document.activeElement.innerText || document.activeElement.ariaLabel || ''")
            if name in focused:
                return
        raise AssertionError(f"{name} cannot be reached with the Tab key")

    reach("None of these is happening now")
    page.keyboard.press("Enter")
    settle(page)
    assert "There is no advice yet." in main_text(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("() => document.activeElement.closest('[role=radiogroup]')?.ariaLabel || ''")
        if name == "Did the doctor call the disease serious?":
            break
    page.keyboard.press("Space")
    settle(page)
    assert "A second opinion is strongly recommended." in main_text(page)


def test_the_printed_result_has_no_buttons_or_questions(open_page):
    page = open_page()
    use_copy(page, FULL)
    page.emulate_media(media="print")
    assert page.locator("[data-testid=stSidebar]").is_hidden()
    assert page.get_by_role("button", name="Keep a copy of my answers").is_hidden()
    assert page.get_by_text("A second opinion is strongly recommended.").is_visible()


def test_urgency_is_in_words_and_icon_not_in_colour_alone(open_page):
    page = open_page()
    use_copy(page, TOMORROW)
    box = page.locator("[data-testid=stAlert]").first
    assert "Do not wait" in box.inner_text() and "How soon: Now." in box.inner_text()
    assert box.locator("[data-testid=stAlertDynamicIcon], [data-testid=stIconMaterial]").count() >= 1


def test_a_new_step_starts_at_its_heading(open_page):
    page = open_page(view="phone")
    press(page, "Answer the questions")
    press(page, "None of these is happening now")
    page.get_by_role("button", name="Next: Time").scroll_into_view_if_needed()
    press(page, "Next: Time")
    page.wait_for_function("() => document.activeElement.innerText === 'Time'")
    assert page.evaluate("() => document.querySelector('[data-testid=stSidebarContent]').scrollTop") == 0


def test_on_a_phone_the_menu_has_a_name_and_is_there_when_it_is_opened(open_page):
    page = open_page(view="phone")
    menu = page.get_by_role("button", name="Menu", exact=True)
    assert "Menu" in menu.evaluate("button => getComputedStyle(button, '::after').content")
    menu.click()
    link = page.get_by_test_id("stSidebarNav").get_by_text("Where to go")
    page.wait_for_function("link => link.getBoundingClientRect().bottom < innerHeight", arg=link.element_handle())
    page = open_page(view="phone")
    press(page, "Answer the questions")
    page.wait_for_timeout(600)  # longer than the menu's own button takes to show it
    assert page.evaluate("() => document.querySelector('[data-testid=stSidebarContent]').scrollTop") == 0


def test_long_choices_are_read_whole(open_page):
    page = open_page(view="phone")
    press(page, "Answer the questions")
    press(page, "None of these is happening now")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('[data-variant=pills], [data-variant=pills] *')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible').length"""
    )
    assert cut == 0


def test_print_leaves_out_what_is_folded(open_page):
    page = open_page()
    use_copy(page, FULL)
    unfold(page, "The next steps")
    page.emulate_media(media="print")
    assert page.get_by_text("Think about a specialist abroad").is_visible()
    assert page.get_by_text("Why not the others").is_hidden()
    assert page.get_by_text("Load a copy").is_hidden()
