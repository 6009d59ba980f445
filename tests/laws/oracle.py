"""Turns answers into the advice the guidance asks for: a second reading that shares no code with the engine.

Slow, short and literal on purpose: one sentence of the guidance, one line here. Where the two readings differ,
one of them has misread a sentence. None stands for unknown, NOT_ASKED for a question whose condition is false.
"""

from types import SimpleNamespace

NOT_ASKED = "not applicable"
DETAILS = ("test_expensive", "test_side_effects", "treatment_risky", "treatment_expensive")
INDEPENDENCE = ["other_country", "other_city", "other_clinic", "other_doctor"]
CENTRE_TYPES = {
    **dict.fromkeys(("oncology", "haematology"), "oncology_centre"),
    **dict.fromkeys(("cardiology", "cardiac_surgery", "vascular"), "heart_centre"),
    **dict.fromkeys(("orthopaedics", "spine", "trauma"), "orthopaedic_clinic"),
    "fertility": "ivf_centre",
}


def both(*values):
    return False if False in values else None if None in values else True


def either(*values):
    return True if True in values else None if None in values else False


def known(answers):
    return {key: value for key, value in answers.items() if value is not None and value != "unsure"}


def is_asked(a, key):
    if key.startswith("cancer_"):
        return holds(a, "disease_area", lambda area: area in ("oncology", "haematology"))
    if key in ("test_expensive", "test_side_effects"):
        return holds(a, "proposed", lambda items: "test" in items)
    if key == "opinions_conflict":
        return holds(a, "opinions_so_far", lambda number: number > 1)
    return not (key == "days_to_second_opinion" and a.get("second_opinion_access") == "none")


def value_of(a, key):
    asked = is_asked(a, key)
    return a.get(key) if asked else NOT_ASKED if asked is False else None


def holds(a, key, test):
    value = value_of(a, key)
    return None if value is None else False if value == NOT_ASKED else test(value)


def says(a, key, wanted):
    return holds(a, key, lambda value: value == wanted)


def compare_days(a, test):
    until = a.get("days_until_decision")
    asked_and_no_date = until is None and value_of(a, "days_to_second_opinion") != NOT_ASKED
    return None if asked_and_no_date else holds(a, "days_to_second_opinion", lambda days: test(days, until))


def find_contradictions(a):
    urgent_but_later = a.get("urgent_action_required") == "yes" and a.get("days_until_decision", 0) >= 21
    no_access_but_days = a.get("second_opinion_access") == "none" and "days_to_second_opinion" in a
    clear_but_unclear = a.get("cancer_biopsy") == "clear" and a.get("diagnosis") == "unclear"
    grave_but_not_serious = a.get("serious_disease") == "no" and a.get("life_threatening") == "yes"
    details = [key for key in DETAILS if a.get(key) == "yes"]
    active = {
        "urgent_but_can_wait": urgent_but_later and ["urgent_action_required", "days_until_decision"],
        "no_access_but_days_given": no_access_but_days and ["second_opinion_access", "days_to_second_opinion"],
        "clear_biopsy_unclear_diagnosis": clear_but_unclear and ["cancer_biopsy", "diagnosis"],
        "life_threatening_not_serious": grave_but_not_serious and ["serious_disease", "life_threatening"],
        "nothing_proposed_but_details": a.get("proposed") == [] and details and ["proposed", *details],
    }
    return {name: keys for name, keys in active.items() if keys}


def read_d_rules(a):
    too_late = compare_days(a, lambda days, until: days > until)
    cannot_be_had = either(says(a, "second_opinion_access", "none"), too_late)
    d01 = both(says(a, "urgent_action_required", "yes"), cannot_be_had)
    clear, standard = says(a, "cancer_biopsy", "clear"), says(a, "cancer_standard_worldwide", "yes")
    return d01, both(clear, standard, cannot_be_had)


def oracle(answers):
    a = known(answers)
    clashes = find_contradictions(a)
    doubted = {key for keys in clashes.values() for key in keys}
    d01, d02 = read_d_rules({key: a[key] for key in a if key not in doubted})
    held = any(given and read is None for given, read in zip(read_d_rules(a), (d01, d02), strict=True))
    serious = True if "life_threatening_not_serious" in clashes else says(a, "serious_disease", "yes")
    urgent, until, area = (a.get(k) for k in ("urgent_action_required", "days_until_decision", "disease_area"))
    surgery, invasive, massive, challenging = (
        holds(a, "proposed", lambda items, item=item: item in items)
        for item in ("surgery", "invasive_procedure", "massive_drug_therapy", "challenging_drug_therapy")
    )
    can_wait = both(says(a, "urgent_action_required", "no"), holds(a, "days_until_decision", lambda days: days >= 21))
    costly_test = both(says(a, "test_expensive", "yes"), says(a, "test_side_effects", "yes"))
    rules = {
        "E01": holds(a, "emergency_signs", bool),
        "D01": d01,
        "D02": d02,
        "S01": both(serious, either(surgery, invasive, massive)),
        "S02": serious,
        "S03": says(a, "treatment_expensive", "yes"),
        "GATE": either(both(surgery, can_wait), costly_test, challenging, massive),
        "R01": surgery,
        "R02": says(a, "diagnosis", "unclear"),
        "R03": either(says(a, "rare_disease", "yes"), says(a, "life_threatening", "yes")),
        "R04": says(a, "several_health_issues", "yes"),
        "R05": says(a, "treatment_risky", "yes"),
        "R06": says(a, "options_differ_in_cost", "yes"),
        "R07": says(a, "conservative_or_invasive", "yes"),
        "R08": says(a, "not_responding", "yes"),
        "R09": says(a, "lost_confidence", "yes"),
        "R10": says(a, "insurer_requires", "yes"),
        "R11": says(a, "doubts", "yes"),
    }
    unclear = clashes or any(value is None for rule, value in rules.items() if rule != "GATE")
    outcome = (
        "emergency" if rules["E01"]
        else "do_not_wait" if d01 or d02
        else "clarify_first" if held
        else "strongly_recommended" if rules["S01"] or serious
        else "recommended" if rules["S03"]
        else "worth_considering" if any(value for rule, value in rules.items() if rule[0] == "R")
        else "clarify_first" if unclear
        else "not_needed"
    )  # fmt: skip
    cancer = area == "oncology" or says(a, "cancer_biopsy", "clear")
    nothing_serious = serious is False and a.get("life_threatening") == "no"
    timing = (
        "now" if outcome == "emergency" or d01
        else ("within_days" if urgent == "no" else "now") if d02
        else ("today" if urgent == "yes" or held else "before_deciding") if outcome == "clarify_first"
        else "none" if outcome == "not_needed"
        else "same_day_in_parallel" if urgent == "yes"
        else ("within_days" if until <= 28 else "within_weeks") if until is not None
        else "within_days" if cancer or (serious and urgent is None)
        else "no_hurry" if urgent == "no" and rules["GATE"] is False and nothing_serious
        else "within_weeks"
    )  # fmt: skip
    recommending = outcome in ("strongly_recommended", "recommended", "worth_considering")
    third = "suggested" if serious and says(a, "opinions_conflict", "yes") else "option" if serious else "no"
    in_time = None if outcome == "emergency" else compare_days(a, lambda days, until: days <= until)
    parallel, abroad = timing == "same_day_in_parallel", (a.get("wishes") or {}).get("abroad") != "no"
    steps = ["F1", *["F2"] * (abroad and not parallel), "F3", "F4", *["F5"] * (not parallel)]
    return SimpleNamespace(
        outcome=outcome,
        timing=timing,
        rules={rule: "unknown" if value is None else value for rule, value in rules.items()},
        held=held,
        contradictions={} if outcome == "emergency" else clashes,
        third_opinion="no" if outcome in ("emergency", "do_not_wait") else third,
        in_time="unknown" if in_time is None else in_time,
        centre_type=CENTRE_TYPES.get(area, "specialised_centre") if area and outcome != "emergency" else None,
        independence=(INDEPENDENCE[::-1] if parallel else INDEPENDENCE) if recommending else [],
        first_steps=steps if recommending else [],
    )
