"""The pages "Rule book" and "About", without a browser."""

import pytest

from opinion.guidance import checks
from opinion.guidance.contents import load_guidance
from tests.pages.opening import open_page

GUIDANCE = load_guidance()
PARTS = ("ladder", "try", "rules", "questions", "contradictions", "timing", "statements", "cases", "laws", "sources")


def open_rule_book(answers=None, *unfolded):
    return open_page("rule_book", answers, **{f"fold_book_{part}": True for part in unfolded})


def said(app):
    kinds = (app.markdown, app.caption, app.info, app.warning, app.get("html"))
    return "\n".join(getattr(element, "value", None) or element.proto.body for kind in kinds for element in kind)


def test_everything_that_the_engine_runs_on_is_shown():
    words = said(open_rule_book(None, *PARTS))
    for rule in GUIDANCE.rules.values():
        assert f"**{rule.id} · {rule.title}**" in words and f"`{rule.when.text}`" in words
    for question in GUIDANCE.questions.values():
        assert f"**{question.title}** `{question.id}`" in words
    for contradiction in GUIDANCE.contradictions.values():
        assert contradiction.text in words and contradiction.ask in words
    for id, statement in GUIDANCE.statements.items():
        assert f"**{id}** {statement['text']}" in words
    for row in GUIDANCE.outcomes:
        assert f"<small>{row.code} · " in words
    for place, row in enumerate(GUIDANCE.timings, start=1):
        assert f"**{place}. {GUIDANCE.timing_texts[row.code].texts['headline']}**" in words
    assert words.count("no clinician has reviewed it") == len(GUIDANCE.rules)
    assert f"Reviewed by a clinician so far: 0 of {len(GUIDANCE.rules)} rules." in words


def test_cases_are_run_and_laws_are_counted():
    words = said(open_rule_book(None, "cases", "laws"))
    cases, counts = checks.load_cases(GUIDANCE), checks.load_law_counts()
    assert f"As expected: {len(cases)} of {len(cases)}." in words
    assert all(case.name in words for case in cases)
    assert "The rules say something else now." not in words
    for law in checks.load_laws():
        count = checks.count_of(law, counts)
        assert f"{law.text} **{f'checked {count:,} times' if count else 'checked, not counted'}**" in words


def test_without_the_tests_the_page_says_so(monkeypatch):
    monkeypatch.setattr(checks, "load_cases", lambda guidance: None)
    monkeypatch.setattr(checks, "load_law_counts", lambda: None)
    words = said(open_rule_book(None, "cases", "laws"))
    assert "The test cases are not on this machine." in words and "The figures are not on this machine." in words
    assert "checked " not in words


def test_the_search_finds_rules_and_says_when_there_is_nothing():
    app = open_rule_book()
    app.text_input(key="rule_book_search").set_value("r05").run()
    assert "**R05 · Risky, disputed or new treatment**" in said(app) and not app.expander
    app.text_input(key="rule_book_search").set_value("zzzz").run()
    assert "**0 entries found**" in said(app)


def test_trying_shows_each_rule_and_the_outcome_at_once_and_leaves_the_own_answers_alone():
    mine = {"emergency_signs": [], "serious_disease": "no", "doubts": "unsure"}
    app = open_rule_book(dict(mine), "try")
    assert "Rule S01 is unknown." in said(app)
    app.pills(key="try_serious_disease").set_value("yes").run()
    app.multiselect(key="try_proposed").set_value(["surgery"]).run()
    words = said(app)
    assert "Rule S01 is true." in words and "A second opinion is strongly recommended." in app.info[0].value
    assert "- true: S01, S02, R01" in app.info[0].value
    assert words.count("This step holds.") == 1
    app.multiselect(key="try_proposed").set_value(["nothing"]).run()
    assert "Rule S01 is false." in said(app)
    app.multiselect(key="try_proposed").set_value([]).run()
    assert app.session_state["tried_answers"] == {"serious_disease": "yes"}
    assert app.session_state["answers"] == mine
    assert not app.query_params


def test_trying_starts_from_my_answers_and_is_emptied():
    mine = {"emergency_signs": [], "serious_disease": "no", "doubts": "unsure", "days_until_decision": 12}
    app = open_rule_book(dict(mine), "try")
    app.pills(key="try_serious_disease").set_value("yes").run()
    app.button(key="try_mine").click().run()
    assert app.session_state["tried_answers"] == {key: value for key, value in mine.items() if value != "unsure"}
    assert app.pills(key="try_serious_disease").value == "no"
    app.selectbox(key="try_rule").select("D01").run()
    assert app.number_input(key="try_days_until_decision").value == 12
    app.button(key="try_nothing").click().run()
    assert app.session_state["tried_answers"] == {}
    assert app.number_input(key="try_days_until_decision").value is None
    assert app.session_state["answers"] == mine


def test_a_tried_sign_of_an_emergency_hides_nothing():
    app = open_rule_book(None, "try")
    app.selectbox(key="try_rule").select("E01").run()
    app.multiselect(key="try_emergency_signs").set_value(["seizure"]).run()
    assert "Get help now." in app.info[0].value
    assert [title.value for title in app.title] == ["Rule book"]


@pytest.mark.parametrize("rule", list(GUIDANCE.rules))
def test_every_rule_can_be_tried(rule):
    app = open_rule_book(None, "try")
    app.selectbox(key="try_rule").select(rule).run()
    assert not app.exception and f"Rule {rule} is unknown." in said(app)


def test_about_says_what_a_decision_aid_has_to_say():
    words = said(open_page("about"))
    for part in (
        "It gives no diagnosis",
        "no claim to be a medical device",
        "No clinician has reviewed its rules yet.",
        "Funding: none is stated.",
        "Update policy:",
        "Published:",
        "Content checked:",
        "Old today: 0 of",
    ):
        assert part in words, part


def test_about_without_the_changelog_does_not_make_up_a_date(monkeypatch):
    monkeypatch.setattr("opinion.ui.about_view.read_editions", lambda: None)
    assert "the day of publication is unknown here" in said(open_page("about"))
