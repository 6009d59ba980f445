"""Turns the questions of the public contract into sets of answers: in full, in pairs, at random, for hypothesis."""

import itertools
import random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# The same draws on every run: a law that fails, fails for everybody.
REPEATABLE = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
YES_NO = ("yes", "no")
DAYS = (0, 1, 20, 21, 28, 29)
PROPOSED = (
    "surgery",
    "invasive_procedure",
    "massive_drug_therapy",
    "challenging_drug_therapy",
    "test",
    "other_treatment",
)
SIGNS = (
    "loss_of_consciousness",
    "sudden_confusion",
    "seizure",
    "chest_pain",
    "breathing_difficulty",
    "severe_bleeding",
    "severe_allergic_reaction",
    "severe_burns",
    "stroke_signs",
    "serious_injury",
    "numbness_or_bladder_control",
    "fever_during_chemotherapy",
    "suicidal_thoughts",
    "sepsis_signs",
    "pregnancy_bleeding",
)
# fmt: off
AREAS = (
    "oncology", "haematology", "cardiology", "cardiac_surgery", "vascular", "neurology",
    "neurosurgery", "orthopaedics", "trauma", "rehabilitation", "fertility",
    "obstetrics_gynaecology", "neonatology", "paediatrics", "ophthalmology", "ent",
    "gastroenterology", "urology", "nephrology", "transplant", "pulmonology",
    "endocrinology_diabetes", "rheumatology", "dermatology", "psychiatry", "addiction",
    "infectious_diseases", "rare_diseases_genetics", "burns", "plastic_surgery",
    "dental_maxillofacial", "geriatrics", "palliative_care", "spine", "general_surgery", "other"
)
# fmt: on
SUBSETS_PROPOSED = tuple(
    list(subset) for size in range(len(PROPOSED) + 1) for subset in itertools.combinations(PROPOSED, size)
)

# Every key that can move the outcome, in the order of the contract, with its listed values.
CHOICES = {
    "answering_for": ("self", "relative", "child"),
    "emergency_signs": ([], *([sign] for sign in SIGNS), ["seizure", "chest_pain"]),
    "disease_area": tuple(AREAS),
    "serious_disease": YES_NO,
    "life_threatening": YES_NO,
    "rare_disease": YES_NO,
    "several_health_issues": YES_NO,
    "diagnosis": ("confirmed", "unclear"),
    "cancer_biopsy": ("clear", "unclear", "none"),
    "cancer_standard_worldwide": YES_NO,
    "proposed": SUBSETS_PROPOSED,
    "test_expensive": YES_NO,
    "test_side_effects": YES_NO,
    "treatment_risky": YES_NO,
    "treatment_expensive": YES_NO,
    "options_differ_in_cost": YES_NO,
    "conservative_or_invasive": YES_NO,
    "not_responding": YES_NO,
    "lost_confidence": YES_NO,
    "doubts": ("none", "minimal", "yes"),
    "insurer_requires": YES_NO,
    "opinions_so_far": (1, 2, 3),
    "opinions_conflict": YES_NO,
    "urgent_action_required": YES_NO,
    "days_until_decision": DAYS,
    "second_opinion_access": ("in_person", "remote_only", "none"),
    "days_to_second_opinion": DAYS,
}
# Keys that never move the outcome.
ASIDE = {
    "country": ("AT", "PL", "IN", "XK", "US"),
    "doctor_level": ("general_practitioner", "specialist", "senior_specialist", "head_or_professor"),
    "doctor_clinic": ("St Anna", "Městská nemocnice"),
    "doctor_city": ("Graz", "Łódź"),
    "doctor_country": ("AT", "XK"),
    "wishes": (
        {"abroad": "no"},
        {"abroad": "if_needed", "countries": ["AT", "CH"], "languages": ["de"]},
        {"abroad": "yes", "equipment": ["pet_ct"], "accredited": True, "remote": False},
        {"max_distance_km": 120.5, "note": "close to my sister"},
        {},
    ),
}
# Every question answered, and nothing speaks for a second opinion.
CALM = {
    **dict.fromkeys((key for key, values in CHOICES.items() if values == YES_NO), "no"),
    "emergency_signs": [],
    "disease_area": "orthopaedics",
    "diagnosis": "confirmed",
    "cancer_biopsy": "none",
    "proposed": ["other_treatment"],
    "doubts": "none",
    "opinions_so_far": 1,
    "days_until_decision": 20,
    "second_opinion_access": "in_person",
    "days_to_second_opinion": 1,
}
CANCER_TOMORROW = {
    **CALM,
    "disease_area": "oncology",
    "serious_disease": "yes",
    "life_threatening": "yes",
    "cancer_biopsy": "clear",
    "cancer_standard_worldwide": "yes",
    "proposed": ["surgery", "test"],
    "urgent_action_required": "yes",
    "days_until_decision": 1,
    "days_to_second_opinion": 20,
    "opinions_so_far": 2,
    "opinions_conflict": "yes",
}
BASES = (CALM, CANCER_TOMORROW, {})


def put(answers, key, value):
    """A copy with one answer changed; None leaves the question unanswered."""
    changed = {**answers, key: value}
    if value is None:
        del changed[key]
    return changed


def product(base, **choices):
    """Every combination of the choices on top of the base."""
    for values in itertools.product(*choices.values()):
        answers = {**base, **dict(zip(choices, values, strict=True))}
        yield {key: value for key, value in answers.items() if value is not None}


def pairs(base, choices=CHOICES):
    """The base with every two answers replaced by every two values, unknown among them."""
    for first, second in itertools.combinations(choices, 2):
        yield from product(base, **{key: (None, *choices[key]) for key in (first, second)})


def some(rng, values):
    """One value; of the many areas, subsets and signs a telling one every other time."""
    telling = [
        value for value in values if value in ("oncology", "haematology", "cardiology", [], ["surgery"], ["test"])
    ]
    return rng.choice(telling if telling and rng.random() < 0.5 else values)


def at_random(count, seed, aside=False):
    """Seeded random answer sets: a base with a few or with most of its answers changed or taken away."""
    rng = random.Random(seed)
    choices = {**CHOICES, **ASIDE} if aside else CHOICES
    for _ in range(count):
        answers = dict(rng.choice(BASES))
        share, unknown = rng.choice((0.06, 0.15, 0.3, 1.0)), rng.choice((0.0, 0.1, 0.4))
        for key, values in choices.items():
            if rng.random() < share * (0.3 if key == "emergency_signs" else 1):
                answers = put(answers, key, None if rng.random() < unknown else some(rng, values))
        yield answers


def unknown_or(*values):
    """A value of the contract, or one of the two written forms of unknown."""
    return st.sampled_from((*values, None, "unsure"))


def answer_sets():
    """Whole answer sets for hypothesis: any key missing, null, unsure or with a value of the contract."""
    lists = {
        "emergency_signs": st.one_of(st.none(), st.just([]), st.lists(st.sampled_from(SIGNS), unique=True, max_size=3)),
        "proposed": st.one_of(st.none(), st.lists(st.sampled_from(PROPOSED), unique=True)),
        "days_until_decision": st.one_of(unknown_or(*DAYS), st.integers(0, 400)),
        "days_to_second_opinion": st.one_of(unknown_or(*DAYS), st.integers(0, 400)),
        "opinions_so_far": st.one_of(unknown_or(1, 2), st.integers(1, 9)),
    }
    return st.fixed_dictionaries(
        {},
        optional={key: lists.get(key, unknown_or(*values)) for key, values in {**CHOICES, **ASIDE}.items()},
    )
