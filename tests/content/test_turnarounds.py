"""The planning values are sourced, dated, readable, and every fault in their file is named."""

from datetime import date

import pytest

from opinion.errors import ContentError
from opinion.guidance.contents import load_guidance
from opinion.guidance.turnarounds import UNITS, load_turnarounds


def test_every_figure_and_caution_has_a_source_and_a_date():
    found, sources = load_turnarounds(), load_guidance().sources
    for entry in (*found.figures.values(), *found.cautions.values()):
        assert entry.sources and set(entry.sources) <= set(sources)
        assert date.fromisoformat(entry.checked) <= date.today()
        assert not entry.reviewed, "no clinician has reviewed it; say so on the page when one has"
    assert {figure.unit for figure in found.figures.values()} <= set(UNITS)


def test_the_planned_review_is_the_span_of_a_study():
    found = load_turnarounds()
    study, step = found.figures["german_programmes"], found.steps["review"]
    assert (step.shortest, step.longest) == (study.shortest, study.longest)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("shortest = 5\nusual = 9", "shortest = 50\nusual = 9", "german_programmes: shortest 50 to longest 15"),
        ('unit = "calendar"', 'unit = "moon"', "german_programmes: unit 'moon'"),
        ('sources = ["german-programmes-2021"]', 'sources = ["german-programmes"]', "is no source. Did you mean"),
        ('checked = "2026-11-22"', 'checked = "yesterday"', "is no date"),
        ('id = "records"\n', 'id = "reading"\n', "the steps are ['reading', 'review']"),
        ("disease_area == 'oncology'", "disease == 'oncology'", "cancer_four_weeks"),
    ],
)
def test_a_fault_in_the_file_of_days_is_named(folder, spoil, before, after, said):
    spoil("turnarounds.toml", before, after)
    with pytest.raises(ContentError, match=r"turnarounds\.toml") as raised:
        load_turnarounds(folder)
    assert said in str(raised.value)
