"""Pages as the server runs them, without a browser: always from the navigation script."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from opinion.guidance.contents import load_guidance

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
PRE = "answer_"


@pytest.fixture(autouse=True)
def pseudo_locales(monkeypatch):
    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")


def open_app(answers=None, group=None):
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    if answers is not None:
        app.session_state["answers"] = answers
    if group:
        app.session_state["group"] = group
    return app.run()


def answer(app, kind, key, value):
    """Answer a question; then run the page whole: after a partial rerun AppTest knows only the parts that ran."""
    getattr(app, kind)(key=f"{PRE}{key}").set_value(value).run()
    app.run()


def words(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.error, *app.title])


@pytest.mark.parametrize("language", ["en", "en-XA", "ar-XB"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_in_every_language(page, language):
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    app.switch_page(f"../../pages/{page}.py").run()
    assert not app.exception


def test_an_answer_takes_effect_at_once():
    app = open_app({"emergency_signs": []}, "findings")
    answer(app, "pills", "serious_disease", "yes")
    assert "A second opinion is strongly recommended." in words(app)
    answer(app, "pills", "serious_disease", "no")
    assert "strongly recommended" not in words(app)
    answer(app, "pills", "serious_disease", None)
    assert "serious_disease" not in app.session_state["answers"]


def test_nothing_yet_and_a_proposal_exclude_each_other():
    app = open_app({"emergency_signs": []}, "findings")
    answer(app, "pills", "proposed", ["surgery"])
    answer(app, "pills", "proposed", ["surgery", "nothing"])
    assert app.session_state["answers"]["proposed"] == []
    answer(app, "pills", "proposed", ["nothing", "test"])
    assert app.session_state["answers"]["proposed"] == ["test"]
    answer(app, "pills", "proposed", [])
    assert "proposed" not in app.session_state["answers"]


def test_weeks_are_kept_as_days_and_changing_the_unit_changes_the_days():
    app = open_app({"emergency_signs": []}, "time")
    answer(app, "number_input", "days_until_decision", 10)
    assert app.session_state["answers"]["days_until_decision"] == 10
    answer(app, "radio", "days_until_decision_unit", "weeks")
    assert app.session_state["answers"]["days_until_decision"] == 70


@pytest.mark.parametrize("days", [1, 13, 28, 35, 40, 70, 71])
def test_going_away_and_coming_back_never_changes_the_days(days):
    app = open_app({"emergency_signs": [], "days_until_decision": days}, "time")
    app.button(key="next_group").click().run()
    app.button(key="previous_group").click().run()
    assert app.session_state["answers"]["days_until_decision"] == days
    shown = app.number_input(key=f"{PRE}days_until_decision").value
    unit = app.radio(key=f"{PRE}days_until_decision_unit").value
    assert shown * {"days": 1, "weeks": 7}[unit] == days


def test_answers_stay_when_groups_and_pages_change():
    app = open_app({"emergency_signs": []}, "findings")
    answer(app, "pills", "diagnosis", "unclear")
    app.button(key="next_group").click().run()
    app.button(key="previous_group").click().run()
    assert app.pills(key=f"{PRE}diagnosis").value == "unclear"
    app.switch_page("../../pages/privacy.py").run()
    app.switch_page("../../pages/self_check.py").run()
    assert app.session_state["answers"] == {"emergency_signs": [], "diagnosis": "unclear"}
    assert app.pills(key=f"{PRE}diagnosis").value == "unclear"


def test_only_questions_that_apply_are_asked():
    app = open_app({"emergency_signs": [], "disease_area": "fertility"}, "findings")
    assert not [pills for pills in app.pills if pills.key == f"{PRE}cancer_biopsy"]
    app.selectbox(key=f"{PRE}disease_area").select("oncology").run()
    assert app.pills(key=f"{PRE}cancer_biopsy")


def test_wishes_are_kept_and_taken_back():
    app = open_app({"emergency_signs": []}, "wishes")
    answer(app, "pills", "wishes_abroad", "no")
    answer(app, "multiselect", "wishes_countries", ["DE", "AT"])
    assert app.session_state["answers"]["wishes"] == {"abroad": "no", "countries": ["DE", "AT"]}
    answer(app, "multiselect", "wishes_countries", [])
    answer(app, "pills", "wishes_abroad", None)
    assert "wishes" not in app.session_state["answers"]


def test_every_wish_of_a_loaded_copy_can_be_shown():
    wishes = {"countries": ["XK"], "languages": ["de", "la"], "equipment": ["ivf_laboratory"], "accredited": True,
              "abroad": "if_needed", "remote": False, "max_distance_km": 120.5, "note": "x"}  # fmt: skip
    app = open_app({"emergency_signs": [], "wishes": wishes}, "wishes")
    assert not app.exception
    assert app.number_input(key=f"{PRE}wishes_max_distance_km").value == 120
    assert app.session_state["answers"]["wishes"] == wishes


def test_the_own_clinic_is_never_suggested():
    known = {"emergency_signs": [], "serious_disease": "yes", "country": "CH", "disease_area": "psychiatry"}
    app = open_app(known)
    app.expander(key="fold_centres")
    app.session_state["fold_centres"] = True
    app.run()
    first = next(
        element.value for element in app.markdown if element.value.startswith("**") and "Switzerland" in element.value
    )
    name = first.split("**")[1]
    app = open_app(known | {"doctor_clinic": name})
    app.session_state["fold_centres"] = True
    app.run()
    assert not app.exception
    assert f"**{name}**" not in words(app)


def test_under_do_not_wait_nothing_leads_to_centres():
    app = open_app({"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"})
    assert "Do not wait for a second opinion." in words(app)
    labels = [expander.label for expander in app.expander]
    assert not any("Centres" in label or "Third" in label or "next steps" in label for label in labels)


def test_an_emergency_hides_every_page_but_its_own():
    app = open_app({"emergency_signs": ["chest_pain"], "country": "DE"})
    for page in ("self_check", "centres", "sources"):
        app.switch_page(f"../../pages/{page}.py").run()
        assert [title.value for title in app.title] == ["Get help now."]
        assert not app.expander
    assert app.link_button[0].url == "tel:112"
    app.button(key="ticked_by_mistake").click().run()
    assert "emergency_signs" not in app.session_state["answers"]


def test_a_self_check_needs_neither_pandas_nor_a_figure():
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
before = set(sys.modules)
app = AppTest.from_file({str(ROOT / "opinion/ui/main.py")!r}, default_timeout=30)
app.session_state["answers"] = {{"emergency_signs": [], "serious_disease": "yes", "disease_area": "oncology"}}
app.run()
assert not app.exception and "strongly recommended" in app.info[0].value
heavy = {{"pandas", "pyarrow", "opinion.charts.figures", "opinion.centres.catalogues"}}
print(sorted(heavy & (set(sys.modules) - before)))
"""
    printed = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert printed.stdout.strip() == "[]", printed.stderr


def test_not_sure_stands_alone():
    app = open_app({"emergency_signs": []}, "findings")
    answer(app, "pills", "proposed", ["surgery"])
    answer(app, "pills", "proposed", ["surgery", "unsure"])
    assert app.session_state["answers"]["proposed"] == "unsure"
    answer(app, "pills", "proposed", ["unsure", "test"])
    assert app.session_state["answers"]["proposed"] == ["test"]


def test_not_sure_of_everything_shows_what_to_ask_the_doctor():
    unsure = {question: "unsure" for question in load_guidance().questions if question not in ("country", "wishes")}
    app = open_app(unsure | {"emergency_signs": [], "disease_area": "oncology"})
    assert "Take these questions to your doctor:" in words(app)
    assert "There is no advice yet" not in words(app)


def test_a_wish_for_a_distance_is_kept():
    known = {"emergency_signs": [], "serious_disease": "yes", "country": "FR", "disease_area": "oncology",
             "doctor_city": "Paris"}  # fmt: skip
    for farthest in (60, 2):
        app = open_app(known | {"wishes": {"max_distance_km": farthest, "abroad": "no"}})
        app.session_state["fold_centres"] = True
        app.run()
        far = [int(km.replace(",", "")) for km in re.findall(r"about ([\d,]+) km", words(app))]
        assert all(distance <= farthest for distance in far)
        assert any(f"at most {farthest} km" in caption.value for caption in app.caption)


def test_a_contradiction_says_how_it_is_read_meanwhile():
    app = open_app({"emergency_signs": [], "serious_disease": "no", "life_threatening": "yes"})
    assert "Until you change it, we treat the disease as serious." in words(app)
