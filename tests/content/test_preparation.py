"""What a patient can prepare is sourced, dated, made of known ids, and its figures are computed."""

import re
import tomllib
from datetime import date

import pytest

from opinion.errors import ContentError
from opinion.exchange.preparation_wordings import finding_words, harm_words, missing_questions, size_words
from opinion.guidance.contents import FOLDER
from opinion.guidance.preparations import (
    ASKERS,
    Finding,
    facts_for_preparation,
    is_named_in,
    load_preparation,
    sort_by_fit,
)
from opinion.guidance.shares import Share, nearest_share
from opinion.texts.extraction import extract_messages
from opinion.texts.translations import Translator
from opinion.vocabularies import country_codes, disease_areas

PREPARATION = load_preparation()
ITEMS = [
    item
    for part in ("records", "sayings", "asks", "looks", "look_limits", "entitlements", "studies")
    for item in getattr(PREPARATION, part).values()
]
T = Translator()
VENDORS = r"cleveland|worldcare|mediguide|72 ?%|28 ?%|healthleaders"


def fitting(part, **answers):
    facts = facts_for_preparation(PREPARATION.guidance, answers)
    return [item.id for item in sort_by_fit(getattr(PREPARATION, part).values(), facts).fitting]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{type(item).__name__}-{item.id}")
def test_every_entry_has_a_source_and_a_date_and_claims_no_review(item):
    assert item.sources and set(item.sources) <= set(PREPARATION.guidance.sources)
    assert date.fromisoformat(item.checked) <= date.today()
    assert item.reviewed is False


def test_facts_about_laws_and_studies_never_rest_on_our_own_choice():
    for item in (*PREPARATION.entitlements.values(), *PREPARATION.studies.values()):
        assert "ours" not in item.sources
        for source in item.sources:
            assert PREPARATION.guidance.sources[source]["address"].startswith("http")


def test_every_right_has_countries_and_the_day_it_was_read():
    for entitlement in PREPARATION.entitlements.values():
        assert entitlement.countries and set(entitlement.countries) <= set(country_codes())
        assert date.fromisoformat(entitlement.read) <= date.today()


def test_the_german_list_is_whole_and_dated_where_a_date_is_known():
    operations = PREPARATION.entitlements["de_right"].operations
    assert len(operations) == 13
    assert [each.since for each in operations if each.since] == ["2024-07-01", "2025-04-01", "2025-10-01"]
    assert all(set(each.areas) <= set(disease_areas()) and each.areas for each in operations)
    assert [each.title for each in operations if is_named_in(each, "spine")] == ["Spine: operation"]
    assert not any(is_named_in(each, None) for each in operations)


def test_no_figure_of_a_firm_that_sells_opinions_is_shown():
    for name in ("evidence.toml", "records.toml", "conversations.toml", "entitlements.toml"):
        assert not re.search(VENDORS, (FOLDER / name).read_text("utf-8"), re.IGNORECASE), name


def test_figures_stand_once_as_numbers_and_never_in_the_words_of_a_finding():
    for row in tomllib.loads((FOLDER / "evidence.toml").read_text("utf-8"))["study"]:
        texts = [finding["text"] for finding in row["finding"]] + [row["harm"]]
        for text in texts:
            assert not re.search(r"\d", text.replace("33 articles", "")), text
        for finding in row["finding"]:
            asked = set(re.findall(r"\{(\w+)\}", finding["text"]))
            given = {"share", "count", "of"} if "count" in finding else {"share", "lowest", "highest", "number"}
            assert asked and asked <= given, finding


def test_every_study_tells_its_size_limits_and_harm():
    for study in PREPARATION.studies.values():
        assert study.limits and size_words(study, T) and harm_words(study, T)
        assert "{" not in size_words(study, T) + harm_words(study, T)
        for finding in study.findings:
            assert "{" not in finding_words(finding, study, T)
            values = (finding.count, finding.percent, finding.lowest_percent, finding.number)
            assert sum(value is not None for value in values) == 1
            assert (finding.lowest_percent is None) == (finding.highest_percent is None)


def test_figures_are_told_as_they_were_counted():
    studies = PREPARATION.studies
    mayo = studies["mayo_2017"]
    assert sum(finding.count for finding in mayo.findings) == mayo.of
    assert finding_words(mayo.findings[2], mayo, T).endswith("for about 1 in 5 people (62 of 286).")
    assert harm_words(studies["cancer_plans_2023"], T) == "1 in 60 people came out worse (2 of 120)."
    assert harm_words(mayo, T) == "Not known. What we read says nothing about it."
    # a figure that came rounded is never told as exact
    model = studies["third_2021"]
    assert "about 1 in 2" in finding_words(model.findings[0], model, T)
    assert finding_words(Finding("{number} years", number=4.7), model, T) == "4.7 years"


@pytest.mark.parametrize(
    ("count", "of", "share"),
    [
        (62, 286, Share(1, 5, False)),
        (188, 286, Share(2, 3, False)),
        (36, 286, Share(1, 8, False)),
        (134, 168, Share(4, 5, False)),
        (2, 120, Share(1, 60, True)),
        (0.6, 100, Share(1, 170, False)),
        (94.7, 100, Share(18, 19, False)),
        (1, 2, Share(1, 2, True)),
        (0, 9, Share(0, 1, True)),
        (9, 9, Share(1, 1, True)),
    ],
)
def test_a_count_becomes_an_easy_share(count, of, share):
    assert nearest_share(count, of) == share


def test_a_share_is_never_far_off_and_never_nobody_or_everybody():
    for of in (7, 100, 997):
        for count in range(1, of):
            share = nearest_share(count, of)
            assert 0 < share.part < share.whole
            assert abs(share.part / share.whole - count / of) <= 0.06
            assert share.is_exact == (share.part * of == count * share.whole)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(count, of):
    with pytest.raises(ValueError):
        nearest_share(count, of)


def test_what_fits_the_answers_comes_first_and_unknown_is_not_no():
    assert "tissue_slides" not in fitting("records", disease_area="orthopaedics")
    facts = facts_for_preparation(PREPARATION.guidance, {})
    fit = sort_by_fit(PREPARATION.records.values(), facts)
    assert "tissue_slides" in [item.id for item in fit.unknown] and not fit.others
    assert fitting("records", disease_area="oncology")[:1] == ["gene_tests"]
    assert fitting("records", disease_area="oncology", cancer_biopsy="clear")[:2] == ["tissue_report", "tissue_slides"]
    assert fitting("studies", disease_area="spine")[0] == "spine_2017"
    assert fitting("records", answering_for="relative")[0] == "consent"
    assert "travel_insurance" in fitting("records", wishes={"abroad": "yes"})
    assert "travel_insurance" not in fitting("records", wishes={"abroad": "no"})


def test_the_questions_that_would_tell_are_only_those_that_are_asked():
    facts = facts_for_preparation(PREPARATION.guidance, {})
    asked = missing_questions(PREPARATION.guidance, PREPARATION.records.values(), facts, T)
    assert "Which part of medicine is it about?" in asked and "Would you travel abroad?" in asked
    assert not any("biopsy" in title for title in asked), "it waits for the part of medicine"


def test_every_sentence_is_there_for_everybody_who_asks():
    for saying in PREPARATION.sayings.values():
        assert set(saying.wordings) == set(ASKERS) == set(PREPARATION.guidance.questions["answering_for"].choices)
        assert "my mother" not in saying.wordings["self"] + saying.wordings["child"]


def test_every_text_is_marked_for_translation():
    marked = {message.id for message in extract_messages()}
    for record in PREPARATION.records.values():
        assert {record.title, record.why, record.who} <= marked
    for saying in PREPARATION.sayings.values():
        assert {saying.title, *saying.wordings.values()} <= marked
    for study in PREPARATION.studies.values():
        assert {study.title, study.size, study.limits, study.harm} - {""} <= marked
        assert {finding.text for finding in study.findings} <= marked
    for entitlement in PREPARATION.entitlements.values():
        assert {entitlement.title, entitlement.text, entitlement.note} - {""} <= marked
        assert {each.title for each in entitlement.operations} <= marked


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("records.toml", '"records-ghmc"', '"records-gmhc"', "'records-gmhc' is no source. Did you mean"),
        ("records.toml", 'checked = "2026-11-22"', 'checked = "yesterday"', "checked 'yesterday' is no date"),
        ("records.toml", "several_health_issues ==", "several_health_isues ==", "is not a question or fact"),
        ("records.toml", "who = ", "whom = ", "record letter_with_plan"),
        ("conversations.toml", 'topic = "cost"', 'topic = "costs"', "'costs' is no topic"),
        ("conversations.toml", "\nchild = ", "\nkid = ", "Give them for"),
        ("entitlements.toml", '["CH"]', '["CX1"]', "'CX1' is no country"),
        ("entitlements.toml", '"ent"', '"ears"', "'ears' is no disease area"),
        ("entitlements.toml", 'since = "2024-07-01"', 'since = "July"', "since 'July' is no date"),
        ("evidence.toml", "count = 62", "count = 6200", "a count is larger than the 286"),
    ],
)
def test_a_fault_in_these_files_is_named(folder, spoil, file, before, after, message):
    spoil(file, before, after)
    with pytest.raises(ContentError) as error:
        load_preparation(folder)
    assert f"data/guidance/{file}" in str(error.value) and message in str(error.value)
