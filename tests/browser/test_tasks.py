"""The patient's tasks of docs/tasks.md, walked as a stranger would walk them."""

import json

from conftest import settle
from steps import choose, main_text, number, press, radio, tick, toggle, unfold, use_copy


def test_knee_surgery_in_ten_weeks(open_page):
    page = open_page()
    press(page, "None of these is happening now")
    radio(page, "Who is this for?", "Me")
    choose(page, "In which country are you treated?", "Austria")
    choose(page, "Which part of medicine is it about?", "Orthopaedics and joints")
    radio(page, "Did the doctor call the disease serious?", "No")
    radio(page, "Can the disease threaten your life?", "No")
    toggle(page, "An operation")
    radio(page, "Must you choose between a gentle and an invasive treatment?", "Yes")
    assert "So far:" in main_text(page), "nobody has said yet whether it is urgent"
    assert "whether it is urgent" in main_text(page)
    press(page, "Next: Time")
    radio(page, "Did the doctor say that you must be treated urgently?", "No")
    radio(page, "Unit for: How long until your doctor's latest date for a decision?", "Weeks")
    number(page, "How long until your doctor's latest date for a decision?", 10)
    radio(page, "Could you get a second opinion?", "Yes, I can see a doctor")
    text = main_text(page)
    assert "A second opinion is worth considering." in text and "So far:" not in text
    assert "How soon: Within weeks." in text
    assert "An operation is proposed." in text
    assert "Find a specialist with the same training or more" in text
    unfold(page, "Centres that could see you")
    press(page, "All centres, and whom to ask")
    page.get_by_role("button", name="See this centre").first.wait_for()
    assert page.get_by_role("button", name="See this centre").count() in range(1, 11), "five listed, five to ask"
    assert page.url.rstrip("/").endswith(str(page.url.rstrip("/").rsplit(":", 1)[1])), "the address says nothing"


def test_leukaemia_treatment_tomorrow(open_page):
    page = open_page(view="phone")
    press(page, "Answer the questions")
    press(page, "None of these is happening now")
    radio(page, "Who is this for?", "A relative or friend")
    choose(page, "Which part of medicine is it about?", "Blood diseases (haematology)")
    radio(page, "Did the doctor call the disease serious?", "Yes")
    toggle(page, "Very strong medicines (chemotherapy)")
    press(page, "Next: Time")
    radio(page, "Did the doctor say that you must be treated urgently?", "Yes")
    number(page, "How long until your doctor's latest date for a decision?", 1)
    radio(page, "Could you get a second opinion?", "Only by phone, video or post")
    number(page, "How long would a second opinion take?", 6)
    press(page, "Show my results")
    text = main_text(page)
    assert "Do not wait for a second opinion." in text
    assert "do not move the date" in text
    for forbidden in ("Centres that could see you", "Third opinion", "abroad", "First step"):
        assert forbidden not in text


def test_half_filled_then_interrupted(open_page, tmp_path):
    page = open_page()
    press(page, "None of these is happening now")
    choose(page, "Which part of medicine is it about?", "IVF and fertility")
    radio(page, "Did the doctor call the disease serious?", "No")
    toggle(page, "Demanding medicines (hormones, biologics)")
    text = main_text(page)
    assert "There is no advice yet. A few answers are still missing." in text, "it does not alarm"
    assert "Phone the doctor" not in text
    with page.expect_download() as download:
        page.get_by_role("button", name="Keep a copy of my answers").click()
    assert download.value.suggested_filename == "my-answers.json"
    kept = json.loads(download.value.path().read_text())
    assert kept == {
        "emergency_signs": [],
        "disease_area": "fertility",
        "serious_disease": "no",
        "proposed": ["challenging_drug_therapy"],
    }
    fresh = open_page()
    assert "Do you need a second medical opinion?" in main_text(fresh)
    use_copy(fresh, kept)
    assert "There is no advice yet." in main_text(fresh)
    assert (
        fresh.get_by_role("radiogroup", name="Did the doctor call the disease serious?")
        .get_by_role("radio", name="No", exact=True)
        .is_checked()
    )


def test_a_copy_that_cannot_be_used_changes_nothing_and_says_why(open_page):
    from steps import load_copy

    page = open_page()
    press(page, "None of these is happening now")
    load_copy(page, {"treatment_riskky": "yes", "days_until_decision": 5.0})
    text = main_text(page)
    assert "This copy cannot be used. Nothing has been changed." in text
    assert "Did you mean 'treatment_risky'?" in text and "whole number" in text
    load_copy(page, b"\xff\xfe nonsense")
    assert "This file is not text." in main_text(page)


def test_a_contradiction_is_shown_with_a_jump_to_its_question(open_page):
    page = open_page()
    use_copy(page, {"emergency_signs": [], "serious_disease": "no", "life_threatening": "yes"})
    assert "These answers do not fit together." in main_text(page)
    press(page, "Change: What was found and proposed")
    assert page.get_by_text("Please check this answer").count() == 2


def test_an_emergency_stands_alone_and_a_mistake_can_be_taken_back(open_page):
    page = open_page()
    tick(page, "Chest pain")
    text = main_text(page)
    assert "Get help now." in text and "Call your local emergency number" in text
    menu = page.locator("[data-testid=stTopNavLink], [data-testid=stTopNavSection]")
    assert menu.count() == 0, "no links to further reading"
    choose(page, "Where are you now?", "Germany")
    link = page.get_by_role("link", name="Call 112")
    assert link.get_attribute("href") == "tel:112"
    choose(page, "Where are you now?", "Brazil")
    assert "Call your local emergency number" in main_text(page), "no number without an official source"
    press(page, "I ticked this by mistake")
    assert "Do you need a second medical opinion?" in main_text(page)


def test_suicide_and_fever_have_their_own_sentence(open_page):
    page = open_page()
    tick(page, "Thoughts of ending your life")
    assert "you need not face this alone" in main_text(page)
    press(page, "I ticked this by mistake")
    tick(page, "Fever during chemotherapy")
    assert "Fever during chemotherapy needs a doctor now" in main_text(page)


def test_an_answer_goes_when_its_question_goes(open_page):
    page = open_page()
    use_copy(page, {"emergency_signs": [], "proposed": ["test"], "test_expensive": "yes", "test_side_effects": "yes"})
    assert page.get_by_role("radiogroup", name="Is the test expensive for you?").count() == 1
    toggle(page, "A test")
    assert page.get_by_role("radiogroup", name="Is the test expensive for you?").count() == 0
    toggle(page, "A test")
    group = page.get_by_role("radiogroup", name="Is the test expensive for you?")
    assert group.get_by_role("radio", name="Yes", exact=True).is_checked() is False
    settle(page)


def test_a_number_can_be_taken_back(open_page):
    page = open_page()
    use_copy(page, {"emergency_signs": [], "urgent_action_required": "no", "days_until_decision": 9})
    press(page, "Next: Time")
    question = "How long until your doctor's latest date for a decision?"
    assert page.get_by_role("spinbutton", name=question).first.input_value() == "9"
    number(page, question, "")
    unfold(page, "Your answers")
    assert "latest date" not in page.locator("[data-testid=stMain]").get_by_role("listitem").all_inner_texts().__str__()
    number(page, question, 12)
    assert "12" in main_text(page)
