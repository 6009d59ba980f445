"""The page "Prepare": lists that fit the answers, ticks that stay, nothing for those who must not wait."""

import re

import pytest

from tests.pages.opening import open_app, open_page

FOLDS = ("bring", "say", "ask", "look", "rights", "studies")
SPINE = {
    "emergency_signs": [], "country": "DE", "disease_area": "spine", "proposed": ["surgery"],
    "serious_disease": "yes", "urgent_action_required": "no", "days_until_decision": 40,
}  # fmt: skip


def open_prepare(answers=None, *unfolded):
    return open_page("prepare", answers, **{f"fold_prepare_{part}": True for part in unfolded})


def said(app):
    kinds = (app.markdown, app.caption, app.info, app.error, app.code)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_without_answers_the_general_lists_are_shown_and_what_would_make_them_fit():
    app = open_prepare(None, *FOLDS)
    assert "These are the general lists." in said(app)
    assert "These answers would tell: Who is this for? Which part of medicine is it about?" in said(app)
    assert "Tell us the country, and we show its rules." in said(app) and "Germany" in said(app)
    assert "A doctor who already knows the first plan may lean towards it." in said(app)
    assert app.button(key="prepare_to_emergency")


def test_a_tick_stays_when_pages_change_and_goes_with_everything():
    app = open_prepare(SPINE)
    count = int(re.search(r"0 of (\d+) ready", app.get("progress")[0].proto.text)[1])
    app.checkbox(key="ready_scan_files").check().run()
    app.checkbox(key="ready_medicines").check().run()
    app.switch_page("../../pages/privacy.py").run()
    app.switch_page("../../pages/prepare.py").run()
    assert app.checkbox(key="ready_scan_files").value and not app.checkbox(key="ready_timeline").value
    assert app.get("progress")[0].proto.text == f"2 of {count} ready"
    app.checkbox(key="ready_medicines").uncheck().run()
    app.switch_page("../../pages/self_check.py").run()
    assert app.session_state["ready_to_bring"] == {"scan_files"}
    app.session_state["fold_erase"] = True
    app.run()
    app.button(key="erase").click().run()
    assert "ready_to_bring" not in app.session_state
    app.switch_page("../../pages/prepare.py").run()
    assert not app.checkbox(key="ready_scan_files").value


def test_a_spine_operation_in_germany_gets_its_rights_and_its_study_first():
    app = open_prepare(SPINE, *FOLDS)
    words = said(app)
    assert "In your part of medicine:\n- Spine: operation" in words
    assert "at least 10 days before" in words and "116117.de" in words and "As read on 2026-" in words
    assert "Cancer is left out" not in words
    assert words.index("425 people") < words.index("286 people")
    assert "for about 1 in 3 people (143 of 425)" in words


@pytest.mark.parametrize(
    ("changed", "shown", "hidden"),
    [
        ({"country": "CH"}, "16 operations", "116117"),
        ({"country": "US"}, "Medicare", "116117"),
        ({"country": "GB"}, "Martha", "Medicare"),
        ({"country": "JP"}, "We know of no right or duty for Japan that fits your answers.", "Medicare"),
        ({"country": "US", "proposed": ["test"]}, "We know of no right or duty for United States", "Medicare"),
        ({"country": "PL", "rare_disease": "yes"}, "European networks", "Perhaps for you"),
        ({"disease_area": "oncology"}, "Cancer is left out", "In your part of medicine:\n- Spine"),
    ],
)
def test_rights_are_shown_only_where_they_apply(changed, shown, hidden):
    words = said(open_prepare(SPINE | changed, "rights"))
    assert shown in words and hidden not in words


def test_with_cancer_in_germany_the_exception_is_read_before_the_right():
    words = said(open_prepare(SPINE | {"disease_area": "oncology"}, "rights"))
    assert words.index("Cancer is left out") < words.index("Before some operations you have a right")


def test_sentences_speak_for_whoever_asks():
    app = open_prepare(SPINE | {"answering_for": "relative"}, "say")
    assert "my mother" in app.code[0].value
    app.segmented_control(key="prepare_asker").set_value("child").run()
    assert "our child" in app.code[0].value
    assert app.session_state["answers"]["answering_for"] == "relative"
    assert "This is a big step for me." in open_prepare(SPINE, "say").code[0].value


def test_the_open_questions_of_the_advice_come_first_and_once():
    app = open_prepare(SPINE, "ask")
    words = said(app)
    first = "How sure is the diagnosis, and what supports it?"
    assert words.index("First: what your advice leaves open") < words.index(first) < words.index("About the options")
    assert words.count(first) == 1
    app.session_state["prepare_copy"] = True
    app.run()
    assert first in app.code[0].value


def test_who_must_not_wait_is_told_so_and_sees_only_what_helps_today():
    hurry = {"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none", "country": "DE"}
    app = open_prepare(hurry, "ask")
    assert "Do not wait for a second opinion." in app.error[0].value
    assert [fold.label for fold in app.expander] == ["What to ask"]
    words = said(app)
    assert words.index("By what date must I decide?") < words.index("How sure is the diagnosis")
    assert "About the options" not in words and "what your advice leaves open" not in words


def test_the_result_leads_here_and_the_address_stays_bare():
    app = open_app(dict(SPINE))
    app.button(key="prepare").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["What to bring, say and ask"]
    assert not app.query_params
