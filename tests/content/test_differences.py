"""The words about differing opinions take no side, are cited and dated, and a fault in the file is named."""

import re
from datetime import date

import pytest

from opinion.errors import ContentError
from opinion.guidance.contents import load_guidance
from opinion.guidance.opinions import ASPECTS, load_differences
from opinion.texts.extraction import extract_messages

DIFFERENCES = load_differences()
CAUSES = list(DIFFERENCES.causes.values())
# No opinion is right or wrong, no treatment better or worse, nothing is to be chosen, no wait is safe.
TAKES_SIDES = re.compile(
    r"\b(better|best|worse|worst|superior|safer?|safest|preferable|prefer|right|wrong|mistaken|correct|"
    r"recommend(ed|s)?|should (have|take|choose|get|do)|must (have|take|choose)|choose the|go for|avoid|"
    r"unnecessary|overtreat\w*|no hurry|can wait)\b",
    re.IGNORECASE,
)
OWN_WORDS = [
    text
    for text in [
        *(text for cause in CAUSES for text in (cause.title, cause.text, *cause.ask)),
        *(text for each in DIFFERENCES.aspects.values() for text in (each.title, each.ask, *each.labels.values())),
    ]
    if text not in load_guidance().questions["proposed"].labels.values()
]


@pytest.mark.parametrize("text", OWN_WORDS)
def test_no_text_takes_sides(text):
    assert not TAKES_SIDES.search(text)


def test_the_word_list_can_fail():
    for text in ("Surgery is better.", "You should have the operation.", "The second doctor is right.", "It can wait."):
        assert TAKES_SIDES.search(text)


@pytest.mark.parametrize("text", OWN_WORDS)
def test_sentences_are_short(text):
    assert all(len(part.split()) <= 20 for part in re.split(r"(?<=[.!?:])\s+", text))


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.id)
def test_every_cause_is_cited_dated_asks_and_claims_no_review(cause):
    assert cause.cites and set(cause.cites) <= {*load_guidance().statements, "ours"}
    assert date.fromisoformat(cause.checked) <= date.today()
    assert cause.reviewed is False
    assert all(ask.rstrip().endswith("?") for ask in cause.ask)


def test_every_aspect_and_everything_an_opinion_rests_on_is_read_by_a_cause():
    read = {name for cause in CAUSES for name in cause.when.names}
    # the kind of plan and its details are the difference itself; a report of scans is the other side of scan_files
    assert set(ASPECTS) - {"plan", "details", "rests_on"} <= read
    assert set(DIFFERENCES.aspects["rests_on"].labels) - {"scan_reports"} <= read


def test_plans_are_those_of_the_questionnaire_and_watching():
    choices = load_guidance().questions["proposed"].choices
    assert list(DIFFERENCES.aspects["plan"].labels) == [*choices, "watch"]


def test_every_text_is_marked_for_translation():
    assert set(OWN_WORDS) <= {message.id for message in extract_messages()}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('when = \'cost == "differ"\'', 'when = \'costs == "differ"\'', "cause cost: 'costs' is not a question"),
        ('aim == "differ"', 'aim == "differs"', "'differs' is not a value of 'aim'. Did you mean 'differ'?"),
        ('own_slides == "some"', 'own_slide == "some"', "Did you mean 'own_slides'?"),
        ('cites = ["G8", "ours"]', 'cites = ["G88", "ours"]', "cause specialty: 'G88' is no statement"),
        ('checked = "2026-11-22"', 'checked = "today"', "cause diagnosis: checked 'today' is no date"),
        ('id = "weighing"', 'id = "goal"', "cause goal: the id is used twice"),
        ('  "Is one more test needed before I decide?",\n', '"a", "b",\n', "cause new_test: it has 4 questions"),
        ('kind = "one"', 'kind = "once"', "aspect aim: kind 'once' is not one of"),
        ('labels_of = "proposed"', 'labels_of = "propose"', "'propose' is no question. Did you mean 'proposed'?"),
        ("own_slides = ", "surgery = ", "aspect rests_on: 'surgery' has two meanings"),
        ('id = "harms"', 'id = "harm"', "Give ['diagnosis'"),
        ('ask = "What would you pay?"\n', "", "aspect cost: 'ask' is missing"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_is_named(folder, spoil, before, after, message):
    spoil("differences.toml", before, after)
    with pytest.raises(ContentError) as error:
        load_differences(folder)
    assert "data/guidance/differences.toml" in str(error.value) and message in str(error.value)
