"""The Plan page: it reads the answers of this session, and says what it does not know."""

from opinion.ui import state
from tests.pages.opening import open_page


def said(app):
    boxes = [*app.markdown, *app.info, *app.warning, *app.error, *app.caption]
    return "\n".join(box.value for box in boxes)


def test_without_a_date_it_asks_for_one():
    app = open_page("plan", {"emergency_signs": []})
    assert "We cannot say yet" in said(app)
    app.button(key="plan_to_time").click().run()
    assert app.session_state[state.GROUP] == "time"


def test_a_tight_plan_leads_to_a_review_from_a_distance():
    app = open_page("plan", {"emergency_signs": [], "days_until_decision": 10})
    assert "It is tight" in app.warning[0].value
    assert "from a distance" in app.warning[0].value


def test_own_days_are_kept_and_change_the_plan():
    app = open_page("plan", {"emergency_signs": [], "days_until_decision": 10}, fold_plan_days=True)
    app.number_input(key="own_days_review").set_value(2).run()
    assert app.session_state[state.OWN_DAYS] == {"review": 2}
    assert "before your doctor's date" in app.info[0].value
    app.number_input(key="own_days_review").set_value(None).run()
    assert app.session_state[state.OWN_DAYS] == {}


def test_advice_not_to_wait_stands_alone():
    answers = {"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"}
    app = open_page("plan", answers)
    assert "Do not wait" in app.error[0].value
    assert not app.get("plotly_chart") and not app.number_input


def test_sources_are_named():
    app = open_page("plan", {"emergency_signs": []}, fold_plan_sources=True)
    text = said(app)
    assert "44 programmes" in text and "https://bmchealthservres.biomedcentral.com" in text
    assert "No clinician has reviewed" in text
