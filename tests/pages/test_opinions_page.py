"""The page of differing opinions: it compares what is written, knows what it does not know, and takes no side."""

import pytest

from opinion.ui import state
from tests.pages.opening import open_app, open_page

SURGERY = {"diagnosis": "slipped disc", "plan": ["surgery"], "rests_on": ["scan_reports"]}
WATCHING = {"diagnosis": "herniated disc", "plan": ["watch"], "rests_on": ["scan_files"]}
ALL_OPEN = {f"fold_opinion_{place}": True for place in range(3)}


def open_opinions(answers=None, opinions=None, judged=None, **held):
    if opinions:
        held[state.OPINIONS] = (opinions, judged or {})
    return open_page("opinions", answers or {}, **{state.OPINIONS_ROUND: 0, **held})


def said(app):
    boxes = [*app.markdown, *app.info, *app.warning, *app.error, *app.caption, *app.subheader]
    return "\n".join(box.value for box in boxes) + "".join(html.proto.body for html in app.get("html"))


def at(app, key):
    return f"opinion_{app.session_state[state.OPINIONS_ROUND]}_{key}"


def keys(app):
    return {button.key for button in app.button}


def write(app, kind, key, value):
    """Fill in one field; then run the page whole: after a partial rerun AppTest knows only the parts that ran."""
    getattr(app, kind)(key=at(app, key)).set_value(value).run()
    app.run()
    assert not app.exception


def test_an_empty_page_says_what_it_is_for_and_compares_nothing():
    app = open_opinions()
    assert "Nothing here says which opinion is right." in app.info[0].value
    assert "<table" not in said(app) and "clear_opinions" not in keys(app)


def test_what_is_written_is_kept_in_the_session_and_compared():
    app = open_opinions(**ALL_OPEN)
    write(app, "pills", "plan_0", ["surgery"])
    assert "Now write what the other doctor said." in said(app)
    write(app, "pills", "plan_1", ["watch"])
    write(app, "pills", "aim_0", "cure")
    text = said(app)
    assert text.index("Where they differ") < text.index("Kind of plan") < text.index("What is not known yet")
    assert "Treating or watching" in text and "not known" in text and "Where they agree" not in text
    app.switch_page("../../pages/privacy.py").run()
    app.switch_page("../../pages/opinions.py").run()
    assert app.pills(key=at(app, "plan_1")).value == ["watch"] and app.pills(key=at(app, "aim_0")).value == "cure"
    assert not app.query_params


def test_texts_are_judged_by_the_person_and_a_judgement_ends_with_its_texts():
    app = open_opinions(opinions=[SURGERY, WATCHING], **ALL_OPEN)
    assert "The diagnosis itself" not in said(app).split("We cannot tell yet")[0]
    write(app, "pills", "judged_diagnosis", "different")
    assert "**The diagnosis itself.**" in said(app)
    write(app, "pills", "judged_diagnosis", "same")
    assert "**The diagnosis itself.**" not in said(app) and "Where they agree" in said(app)
    write(app, "text_input", "diagnosis_1", "a fracture")
    assert app.session_state[state.OPINIONS][1] == {}
    assert app.pills(key=at(app, "judged_diagnosis")).value is None and "Where they agree" not in said(app)


def test_what_the_difference_rests_on_comes_with_questions_to_copy():
    app = open_opinions(opinions=[SURGERY, WATCHING], copy_asks=True)
    assert "Scans as pictures, or only as a report" in said(app) and "guidance G7.7" in said(app)
    assert "May I bring you the pictures as files?" in app.code[0].value


def test_texts_of_a_visitor_are_shown_letter_by_letter():
    nasty = {"diagnosis": "<img src=x onerror=alert(1)> **bold**", "plan": ["surgery"]}
    text = said(open_opinions(opinions=[nasty, WATCHING]))
    assert "<img" not in text.replace(r"\<img", "") and "&lt;img" in text and r"\*\*bold\*\*" in text


def test_a_third_opinion_is_added_and_taken_away():
    app = open_opinions(opinions=[SURGERY, WATCHING], judged={"diagnosis": "same"}, **ALL_OPEN)
    app.button(key="add_opinion").click().run()
    app.run()
    assert "add_opinion" not in keys(app) and app.session_state[state.OPINIONS][0] == [SURGERY, WATCHING, {}]
    assert "Where they agree" in said(app), "an opinion of which nothing is written changes nothing"
    write(app, "pills", "plan_2", ["test"])
    assert "You have three opinions." in said(app) and "Where they agree" not in said(app)
    app.button(key="drop_opinion").click().run()
    app.run()
    assert app.session_state[state.OPINIONS][0] == [SURGERY, WATCHING] and "You have three" not in said(app)
    assert app.session_state[state.OPINIONS][1] == {"diagnosis": "same"}, "the third had no diagnosis"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"serious_disease": "yes"}, "The opinions differ and the disease is serious. A third opinion is a good idea."),
        ({"serious_disease": "no", "life_threatening": "no"}, "By these criteria a third opinion is not advised now."),
        ({}, "We do not know whether the disease is serious."),
    ],
)
def test_a_third_opinion_is_advised_by_the_guidance_alone(answers, words):
    app = open_opinions({"emergency_signs": [], **answers} if answers else {}, [SURGERY, WATCHING])
    assert words in said(app) and "The date stays." in said(app)
    assert ("opinions_to_questions" in keys(app)) == (answers == {})
    assert app.session_state[state.ANSWERS].get("opinions_conflict") is None, "nothing is answered for the person"


def test_an_unknown_difference_is_no_reason_for_a_third_opinion():
    app = open_opinions({"emergency_signs": [], "serious_disease": "yes"}, [SURGERY, {"aim": "cure"}])
    assert "we see no difference yet" in said(app)
    assert "In a serious disease you may also ask for a third opinion." in said(app)


def test_under_advice_not_to_wait_there_is_no_third_opinion():
    urgent = {"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"}
    app = open_opinions({**urgent, "serious_disease": "yes"}, [SURGERY, WATCHING])
    assert "Do not wait" in app.error[0].value
    assert "Do not spend time on a third opinion now." in said(app)
    assert "add_opinion" not in keys(app)
    assert "good idea" not in said(app) and "Your doctor's date stays." in said(app)


def test_clearing_can_be_undone_until_something_is_written_or_the_page_is_left():
    app = open_opinions(opinions=[SURGERY, WATCHING], **ALL_OPEN)
    app.button(key="clear_opinions").click().run()
    app.run()
    assert state.OPINIONS not in app.session_state and app.text_input(key=at(app, "diagnosis_0")).value == ""
    app.button(key="undo_clear_opinions").click().run()
    app.run()
    assert app.session_state[state.OPINIONS][0] == [SURGERY, WATCHING]
    assert app.text_input(key=at(app, "diagnosis_0")).value == "slipped disc"
    app.button(key="clear_opinions").click().run()
    app.run()
    write(app, "pills", "aim_0", "cure")
    assert state.TAKEN_AWAY not in app.session_state
    app.button(key="clear_opinions").click().run()
    app.run()
    app.switch_page("../../pages/privacy.py").run()
    app.switch_page("../../pages/opinions.py").run()
    assert state.TAKEN_AWAY not in app.session_state and "undo_clear_opinions" not in keys(app)


def test_erasing_everything_erases_the_opinions():
    app = open_opinions({"emergency_signs": []}, [SURGERY, WATCHING])
    app.switch_page("../../pages/privacy.py").run()
    app.button(key="erase").click().run()
    assert state.OPINIONS not in app.session_state and state.TAKEN_AWAY not in app.session_state


def test_studies_are_told_with_limits_harm_and_source():
    text = said(open_opinions(fold_opinion_studies=True))
    assert "Most first opinions are confirmed." in text and "1 in 60 people came out worse (2 of 120)." in text
    assert text.count("**Limits:**") == 3 and "https://" in text


def test_the_result_leads_here_only_when_opinions_differ():
    for conflict in ("yes", "no"):
        serious = {"emergency_signs": [], "serious_disease": "yes"}
        app = open_app({**serious, "opinions_so_far": 2, "opinions_conflict": conflict})
        assert ("opinions_differ" in keys(app)) == (conflict == "yes")
        if conflict == "yes":
            app.button(key="opinions_differ").click().run()
            assert app.title[0].value == "When opinions differ"


def test_while_urgency_is_open_the_doctor_is_asked_about_time_first():
    ask = "First ask your doctor how much time there is."
    serious = {"emergency_signs": [], "serious_disease": "yes"}
    assert ask in said(open_opinions(serious, [SURGERY, WATCHING]))
    settled = {**serious, "urgent_action_required": "no", "disease_area": "spine"}
    assert ask not in said(open_opinions(settled, [SURGERY, WATCHING]))


def test_when_it_is_urgent_the_date_stays_and_nothing_is_slowed_down():
    urgent = {
        "emergency_signs": [], "serious_disease": "yes", "urgent_action_required": "yes",
        "second_opinion_access": "in_person", "days_until_decision": 5, "days_to_second_opinion": 2,
        "disease_area": "spine",
    }  # fmt: skip
    text = said(open_opinions(urgent, [SURGERY, WATCHING]))
    assert "How soon:" in text and "The date stays." in text
