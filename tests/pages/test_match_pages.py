"""The pages Where to go and Match a case, without a browser: every answer leads to a list, nothing to the address."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from opinion.centres.focuses import SPECIALISED
from opinion.centres.shared import shared_catalogue
from opinion.centres.towns import find_town
from opinion.matching.cases import read_case
from opinion.matching.rankings import rank

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"emergency_signs": [], "serious_disease": "yes", "country": "US", "disease_area": "oncology",
         "doctor_city": "Hoboken", "doctor_clinic": "Memorial Sloan Kettering"}  # fmt: skip


def open_page(page: str, **held: object) -> AppTest:
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    for key, value in held.items():
        app.session_state[key] = value
    app.run()
    app.switch_page(f"../../pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    parts = (app.markdown, app.info, app.warning, app.error, app.caption, app.title, app.subheader, app.code)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


def first(answers: dict, limit: int = 5) -> list:
    return list(rank(shared_catalogue(), read_case(answers), limit=limit).centres)


# ---- where to go


def test_the_page_shows_the_first_five_and_then_more():
    app = open_page("where", answers=KNOWN)
    ten = first(KNOWN, 10)
    assert all(match.name in said(app) for match in ten[:5]) and ten[5].name not in said(app)
    assert "They specialise in it" in said(app) and "Specialises in: Cancer" in said(app)
    assert "Left out, because it is or may be your doctor's own clinic: Memorial Sloan Kettering" in said(app)
    assert "No centre pays to be listed" in said(app)
    app.button(key="where_more").click().run()
    assert ten[9].name in said(app)
    assert dict(app.query_params) == {}, "nothing stands in the address"


def test_missing_answers_are_asked_for_kindly():
    for answers in (
        {},
        {"country": "US"},
        {"disease_area": "oncology"},
        {"disease_area": "oncology", "country": "unsure"},
    ):
        app = open_page("where", answers=dict(answers))
        assert "Tell us the country and the part of medicine." in said(app)
        app.button(key="open_questions_where").click().run()
        assert not app.exception
    assert "We list no centres" in said(open_page("where", answers={"disease_area": "other", "country": "US"}))


def test_what_we_do_not_know_of_the_country_is_said_first_and_names_are_to_be_asked():
    app = open_page("where", answers={**KNOWN, "country": "LV", "doctor_city": "Riga"}, fold_ask_them_first=True)
    assert "our sources do not say which centres treat this" in app.info[0].value
    assert any("Latvijas Onkoloģijas centrs" in element.value for element in app.markdown)
    assert any("Do you have specialists for this: Cancer (oncology)?" in element.value for element in app.code)


def test_an_empty_list_says_which_wish_to_relax():
    answers = {**KNOWN, "disease_area": "fertility", "doctor_city": "Boston", "doctor_clinic": "",
               "wishes": {"accredited": True, "equipment": ["ivf_laboratory"], "max_distance_km": 100}}  # fmt: skip
    words = said(open_page("where", answers=answers))
    assert "That is not a no." in words and "Without the wish “IVF laboratory" in words


def test_a_near_match_is_called_near():
    answers = {**KNOWN, "disease_area": "spine", "doctor_clinic": ""}
    assert "Known for a related kind of disease only" in said(open_page("where", answers=answers))


def test_a_centre_is_kept_compared_and_let_go():
    app = open_page("where", answers=dict(KNOWN))
    one, two = (match.centre_id for match in first(KNOWN)[:2])
    app.button(key=f"where_keep_{one}").click().run()
    app.button(key=f"where_keep_{two}").click().run()
    assert app.session_state["kept_centres"] == [one, two]
    app.session_state["fold_side_by_side"] = True
    app.run()
    assert "| Fact |" in said(app) and not app.exception
    app.button(key=f"let_go_of_{one}").click().run()
    assert app.session_state["kept_centres"] == [two]
    app.button(key=f"where_see_{one}").click().run()
    assert app.session_state["centre"] == one and dict(app.query_params) == {}


def test_with_no_time_no_centre_is_named():
    app = open_page("where", answers={**KNOWN, "urgent_action_required": "yes", "second_opinion_access": "none"})
    assert "Do not wait for a second opinion" in said(app)
    assert first(KNOWN)[0].name not in said(app)


def test_the_result_shows_three_and_the_way_to_all():
    app = open_page("self_check", answers=dict(KNOWN), fold_centres=True)
    three = first(KNOWN, 4)
    assert all(match.name in said(app) for match in three[:3]) and three[3].name not in said(app)
    app.button(key="open_where").click().run()
    assert not app.exception


def test_home_without_a_country_still_lists():
    app = open_page("where", answers={**KNOWN, "country": None, "doctor_country": "FR", "wishes": {"abroad": "no"}})
    assert "France" in said(app)


def test_the_agency_can_be_asked_about_the_centres_that_are_kept():
    kept = [match.centre_id for match in first(KNOWN, 2)]
    app = open_page("where", answers=KNOWN, kept_centres=kept)
    app.button(key="where_ask").click()
    app.switch_page("../../pages/ask_agency.py").run()
    assert not app.exception
    assert "Centres that the patient keeps" in said(app), "they stand in what would be sent"


# ---- match a case, as a coordinator

CASE = {"answers": {"disease_area": "oncology", "country": "US", "doctor_city": "Boston"}, "wishes": {"abroad": "no"}}


@pytest.fixture
def coordinator(work_as):
    return work_as("coordinator")


def case() -> dict:
    return json.loads(json.dumps(CASE))


def test_an_empty_case_says_what_to_do(coordinator):
    app = open_page("match")
    assert "Choose a disease area in the sidebar" in said(app)
    app.selectbox(key="match_field_disease_area_0").set_value("oncology").run()
    assert "are known to fit" in said(app)
    assert "The points are ours. No clinician has reviewed them." in said(app)
    app.selectbox(key="match_field_abroad_0").set_value("no").run()
    assert "needs the patient's country" in said(app)


def test_the_table_is_the_ranking_and_the_address_stays_empty(coordinator):
    app = open_page("match", match_case=case())
    table = app.dataframe[0].value
    assert list(table["Name"]) == [match.name for match in first(CASE, 25)]
    score = f"Score of {first(CASE)[0].highest:.0f}"
    assert list(table[score]) == [round(match.score, 1) for match in first(CASE, 25)]
    assert dict(app.query_params) == {}


def test_the_table_says_what_comes_before_the_points(coordinator):
    app = open_page("match", match_case=case())
    assert "Who specialises in the disease comes first, then who offers it." in said(app)
    matches, table = first(CASE, 25), app.dataframe[0].value
    assert list(table["The disease"]) == ["specialises in it" if match.focus in SPECIALISED else "offers it"
                                          for match in matches]  # fmt: skip
    assert list(table["km"]) == [round(match.km_from_city) for match in matches]
    app = open_page("match", match_case={"answers": {"disease_area": "oncology"}, "wishes": {}})
    assert "centres at home" not in said(app) and "km" not in app.dataframe[0].value, "no home and no city is known"


def test_a_field_changes_the_list_and_stays_when_the_page_is_left(coordinator):
    app = open_page("match", match_case=case())
    app.number_input(key="match_field_min_beds_0").set_value(300).run()
    assert app.session_state["match_case"]["wishes"] == {"abroad": "no", "min_beds": 300}
    app.multiselect(key="match_field_equipment_0").set_value(["pet_ct"]).run()
    app.switch_page("../../pages/privacy.py").run()
    app.switch_page("../../pages/match.py").run()
    assert app.session_state["match_case"]["wishes"]["equipment"] == ["pet_ct"]
    assert app.number_input(key="match_field_min_beds_0").value == 300
    app.button(key="match_clear").click().run()
    assert app.session_state["match_case"] == {"answers": {}, "wishes": {}}
    assert app.number_input(key="match_field_min_beds_1").value is None


def test_weights_change_the_list_at_once_and_back(coordinator):
    app = open_page("match", match_case=case(), fold_match_weights=True)
    plain = list(app.dataframe[0].value["Name"])
    app.slider(key="match_weight_distance_0").set_value(0.0).run()
    assert app.session_state["match_weights"] == {"distance": 0.0}
    assert "Moved" in app.dataframe[0].value and list(app.dataframe[0].value["Name"]) != plain
    app.button(key="match_reset").click().run()
    assert list(app.dataframe[0].value["Name"]) == plain and "Moved" not in app.dataframe[0].value


def test_a_ticked_row_says_why_and_is_kept(coordinator):
    app = open_page("match", match_case=case(), match_list={"selection": {"rows": [0], "columns": [], "cells": []}})
    match = first(CASE)[0]
    assert "Specialises in: Cancer" in said(app) and match.name in said(app)
    app.button(key="match_list_keep").click().run()
    assert app.session_state["shortlist"] == [match.centre_id]


def test_why_names_the_musts_and_the_points_of_each_part(coordinator):
    asked = {**case(), "wishes": {"abroad": "no", "equipment": ["pet", "ct"], "min_beds": 300}}
    match = first(asked, 25)[0]
    words = said(open_page("match", match_case=asked))  # the first one is explained before any row is ticked
    assert f"(/centre?id={match.centre_id})" in words, "the name leads to the page of the centre"
    assert f"{match.score:.0f} of {match.highest:.0f} points" in words
    assert f"Specialty: {match.points['focus']:.0f} of {match.most['focus']:.0f}" in words
    assert "at least 300 beds: stated" in words and "not abroad: met" in words
    for must in match.musts[:2]:
        assert must.code in ("stated", "implied") and bool(must.by) == (must.code == "implied")


def test_a_wish_is_taken_back_by_a_button(coordinator):
    asked = {"answers": {"disease_area": "oncology", "country": "MX", "doctor_city": "Mexico City"},
             "wishes": {"equipment": ["carbon_ion_therapy"]}}  # fmt: skip
    app = open_page("match", match_case=json.loads(json.dumps(asked)))
    assert [one.label.replace("\\", "").split(":")[0] for one in app.button if one.key.startswith("match_relax_")] == [
        "Without the wish “Carbon-ion therapy”", "If you would go farther abroad",
    ]  # fmt: skip
    app.button(key="match_relax_0").click().run()
    fit = rank(shared_catalogue(), read_case({**asked, "wishes": {}})).count
    assert app.session_state["match_case"]["wishes"] == {} and f"**{fit} centres** are known to fit." in said(app)
    app = open_page("match", match_case=json.loads(json.dumps(asked)))
    app.button(key="match_relax_1").click().run()
    assert app.session_state["match_case"]["wishes"] == {"equipment": ["carbon_ion_therapy"], "abroad": "yes"}
    assert "more than 2,000 km away" in said(app) and "Nearer ones may fit: ask them first." in said(app)


def test_wishes_that_contradict_are_said(coordinator):
    asked = {"answers": {"disease_area": "oncology", "country": "PT"}, "wishes": {"abroad": "yes", "countries": ["PT"]}}
    assert "You ask for abroad, and for Portugal only. Only Portugal counts." in said(
        open_page("match", match_case=asked)
    )
    asked["wishes"] = {"abroad": "no", "countries": ["ES"]}
    assert "Nobody can meet both" in said(open_page("match", match_case=asked))


def test_further_areas_age_urgency_and_languages_are_fields(coordinator):
    app = open_page("match", match_case=case())
    app.multiselect(key="match_field_also_0").set_value(["haematology"]).run()
    app.number_input(key="match_field_age_0").set_value(0).run()
    app.selectbox(key="match_field_urgent_action_required_0").set_value("yes").run()
    app.multiselect(key="match_field_languages_0").set_value(["de"]).run()
    app.checkbox(key="match_field_remote_0").check().run()
    held = app.session_state["match_case"]
    assert (held["also"], held["age"]) == (["haematology"], 0)
    assert held["answers"]["urgent_action_required"] == "yes"
    assert held["wishes"] == {"abroad": "no", "languages": ["de"], "remote": True}
    read = read_case(held)
    assert read.also == ("haematology", "paediatrics") and read.fastest_first
    assert "No source says this of any centre: languages." in said(app)
    options = app.selectbox(key="match_field_disease_area_0").options
    assert any("breast" in option and option.startswith("Cancer (oncology)") for option in options)


def test_compare_keeps_the_town_of_the_case(coordinator):
    app = open_page("match", match_case=case(), match_list={"selection": {"rows": [0, 1], "columns": [], "cells": []}})
    app.button(key="match_list_compare").click().run()
    assert not app.exception and "Compare centres" in said(app)
    one, two = first(CASE)[:2]
    assert app.query_params["id"] == f"{one.centre_id},{two.centre_id}"
    assert find_town(app.query_params["near"]).name == "Boston"


@pytest.mark.parametrize(("country", "is_said"), [("LV", True), ("JP", True), ("GB", False), ("FR", False)])
def test_what_is_not_known_of_the_country_is_said(coordinator, country, is_said):
    app = open_page("match", match_case={"answers": {"disease_area": "oncology", "country": country}, "wishes": {}})
    assert bool(app.info) == is_said
