"""A case is read whole or refused with every problem; the files of numbers are checked when they are loaded."""

import shutil
from pathlib import Path

import pytest

from opinion.errors import AnswersError, ContentError
from opinion.guidance.answers import parse_answers
from opinion.matching.cases import CASE_WISHES, read_case, read_weights
from opinion.matching.everyday_words import everyday_words
from opinion.matching.weights import FOLDER, PARTS, load_rules
from opinion.vocabularies import disease_areas


def problems(given: object) -> dict[str, str]:
    with pytest.raises(AnswersError) as caught:
        read_case(given)
    return {problem.key: problem.message for problem in caught.value.problems}


def test_a_case_and_plain_answers_are_both_read():
    answers = {"disease_area": "oncology", "country": "DE", "wishes": {"abroad": "no", "equipment": ["pet", "ct"]}}
    plain, wrapped = read_case(answers), read_case({"answers": answers})
    assert plain == wrapped
    assert plain.equipment == ("ct", "pet") and plain.doctor_country == "DE"
    more = read_case(
        {"answers": answers, "wishes": {"abroad": "yes", "min_beds": 99.5, "equipment_nice": ["ct", "mri"]}}
    )
    assert (more.abroad, more.min_beds, more.equipment_nice) == ("yes", 100, ("mri",)), "a must is no nice-to-have"


def test_further_areas_and_the_age_are_read():
    def case(**parts: object):
        return read_case({"answers": {"disease_area": "oncology"}, **parts})

    assert case(also=["urology", "oncology", "cardiology"]).also == ("cardiology", "urology"), "in one order, each once"
    assert case(age=17).also == ("paediatrics",) and case(age=18).also == () and case(age=None).also == ()
    assert read_case({"disease_area": "oncology", "answering_for": "child"}).also == ("paediatrics",)
    grown_up = {"disease_area": "oncology", "answering_for": "child"}
    assert read_case({"answers": grown_up, "age": 30}).also == (), "the age goes before who asks"
    assert read_case({"answers": {"disease_area": "paediatrics"}, "age": 3}).also == ()


def test_weights_are_read_with_the_case():
    given = {"answers": {"disease_area": "oncology"}, "weights": {"distance": 60, "team": 0}}
    assert read_weights(given) == {"distance": 60.0, "team": 0.0} and read_case(given)
    assert read_weights({"disease_area": "oncology"}) == {}
    for wrong in ({"weights": {"distanz": 3}}, {"weights": [3]}, {"weights": {"team": 1000}}):
        with pytest.raises(AnswersError):
            read_weights({"answers": {}, **wrong})


def test_every_area_has_everyday_words(tmp_path: Path):
    words = everyday_words()
    assert set(words) == set(disease_areas()) - {"other"} and "breast" in words["oncology"]
    for old, new in (("burns = {", "burn = {"), ('burns = { text = "burn, scald" }\n', ""), ("{ text = ", "{ txt = ")):
        text = (FOLDER / "everyday_words.toml").read_text("utf-8")
        assert old in text
        (tmp_path / "everyday_words.toml").write_text(text.replace(old, new, 1), "utf-8")
        everyday_words.cache_clear()
        with pytest.raises(ContentError):
            everyday_words(tmp_path)
    everyday_words.cache_clear()


def test_what_is_not_said_is_unknown():
    case = read_case({"disease_area": "spine", "country": "unsure", "doctor_country": "FR", "wishes": None})
    assert (case.country, case.doctor_country) == ("FR", "FR")
    assert case.days_until_decision is None and case.abroad == "if_needed"


def test_every_problem_is_named_at_once():
    found = problems(
        {
            "answers": {"disease_aera": "x", "country": "de"},
            "wishes": {
                "designations": ["irrcs"], "teaching": "yes", "min_beds": -1, "equipment_nice": ["mrii"],
                "abroad": "maybe", "beds": 4, "max_distance_km": True,
            },
            "notes": 1,
        }
    )  # fmt: skip
    assert set(found) == {
        "disease_aera", "country", "wishes.designations", "wishes.teaching", "wishes.min_beds", "wishes.equipment_nice",
        "wishes.abroad", "wishes.beds", "wishes.max_distance_km", "notes",
    }  # fmt: skip
    assert "'irccs'" in found["wishes.designations"] and "'min_beds'" in found["wishes.beds"]
    assert "'disease_area'" in found["disease_aera"] and "'DE'" in found["country"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[]", ""), ("3", ""), ("{}", "disease_area"), ('{"disease_area": "other"}', "disease_area"),
        ('{"answers": {"disease_area": "burns"}, "wishes": [1]}', "wishes"),
        ('{"answers": {"disease_area": "burns"}, "wishes": ""}', "wishes"),
        ('{"answers": {"disease_area": "burns"}, "also": "urology"}', "also"),
        ('{"answers": {"disease_area": "burns"}, "also": ["other"]}', "also"),
        ('{"answers": {"disease_area": "burns"}, "also": [{}]}', "also"),
        ('{"answers": {"disease_area": "burns"}, "age": 7.5}', "age"),
        ('{"answers": {"disease_area": "burns"}, "age": 300}', "age"),
        ('{"answers": {"disease_area": "burns"}, "age": true}', "age"),
        ('{"answers": {"disease_area": "burns"}, "weights": [1]}', "weights"),
        ('{"answers": {"disease_area": "burns"}, "weights": {"team": 999}}', "weights.team"),
        ('{"answers": {"disease_area": "burns"}, "weights": {"team": 1, "team": 2}}', "weights"),
        ('{"answers": {"disease_area": "burns"}, "answers": {}}', "answers"),
        ('{"answers": {"disease_area": "burns"}, "wishes": {"abroad": "no", "abroad": "yes"}}', "wishes.abroad"),
        ('{"disease_area": "burns", "wishes": {"abroad": "no"}}', "wishes.abroad"),
        ('{"disease_area": "burns", "wishes": {"teaching": true}}', "wishes.teaching"),
        ('{"answers": {"disease_area": "burns"}, "wishes": {"min_beds": 1e999}}', "wishes.min_beds"),
        ('{"answers": {"disease_area": "burns"}, "wishes": {"designations": "irccs"}}', "wishes.designations"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_key(text: str, key: str):
    found = problems(parse_answers(text))
    assert set(found) == {key} and all(len(message) > 10 for message in found.values())


def test_all_wishes_of_the_answers_are_wishes_of_a_case():
    wishes = {
        "countries": ["FR"], "languages": ["fr"], "equipment": ["ct"], "accredited": True, "abroad": "yes",
        "remote": True, "max_distance_km": 3, "note": "x", "equipment_nice": ["mri"], "designations": ["irccs"],
        "teaching": True, "min_beds": 2,
    }  # fmt: skip
    assert tuple(wishes) == CASE_WISHES
    assert read_case({"answers": {"disease_area": "burns"}, "wishes": wishes}).remote


def test_every_number_says_what_it_rewards_and_who_decided():
    rules = load_rules()
    assert tuple(rules.parts) == PARTS and set(rules.teams) == set(disease_areas())
    assert all(part.points > 0 and part.label and part.text.endswith(".") for part in rules.parts.values())
    assert rules.decided_by == "ours" and rules.clinically_reviewed is False


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("ranking.toml", 'id = "team"', 'id = "teem"', "'team'"),
        ("ranking.toml", "points = 32", 'points = "many"', "points"),
        ("ranking.toml", "points = 32", "ponts = 32", "'points'"),
        ("ranking.toml", "far_km = 300", "far_miles = 300", "'far_km'"),
        ("ranking.toml", "km = [0, 100", "km = [100, 0", "larger than the one before"),
        ("ranking.toml", "share = [1.0, 0.9", "share = [0.9, 1.0", "none larger"),
        ("ranking.toml", "share = [1.0, 0.9, ", "share = [1.0, ", "as many"),
        ("ranking.toml", "own_country = 0.6", "own_country = 6", "from 1 to 0"),
        ("ranking.toml", "under_years = 18", "under_years = true", "under_years"),
        ("ranking.toml", 'areas = ["fertility"]', 'areas = ["fertilty"]', "'fertility'"),
        ("ranking.toml", "designated = 1.0", "designated = 1.5", "0 to 1"),
        ("ranking.toml", "near_days = 7", "near_days = -7", "near_days"),
        ("ranking.toml", 'except_areas = ["psychiatry"', 'except_areas = ["psychiatri"', "'psychiatry'"),
        ("ranking.toml", 'decided_by = "ours"', "", "'decided_by'"),
        ("recognitions.toml", '"nci_designated"', '"nci"', "nci"),
        ("recognitions.toml", '"fertility"', '"fertilty"', "'fertility'"),
        ("teams.toml", "burns = [", "burn = [", "'burns'"),
        ("teams.toml", 'addiction = ["psychiatry"', 'addiction = ["addiction"', "itself"),
        ("teams.toml", "burns = [", "burns = [[", "TOML"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_remedy(tmp_path: Path, name: str, old: str, new: str, said: str):
    folder = tmp_path / "matching"
    shutil.copytree(FOLDER, folder)
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_rules(folder)
    assert name in str(caught.value) and said in str(caught.value)
