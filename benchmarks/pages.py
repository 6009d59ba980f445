"""What a change on a page costs, against the trivial page; alone and with fifty visitors."""

from benchmarks.goals import Goals
from benchmarks.servers import app, browse_with_fragment, fragment_alone, trivial
from benchmarks.visitors import Journey, Result, alternate, compare

TRIVIAL = Journey("/", [("value", [10]), ("value", [20]), ("value", [30])])
HALF = (
    ("no_signs", True),
    ("answer_disease_area", "IVF and fertility · IVF, wish for a child, egg, sperm"),
    ("answer_serious_disease", ["No"]),
    ("answer_proposed", ["Demanding medicines (hormones, biologics)"]),
)
ANSWER = (("answer_rare_disease", ["Yes"]), ("answer_rare_disease", ["No"]))
URGENCY = (("answer_urgent_action_required", ["No"]), ("answer_urgent_action_required", ["Not sure"]))
FOLDS = ("next_steps", "centres", "reasons", "undecided", "changes", "why_not", "third", "answers", "load")
UNFOLDED = (
    ("no_signs", True),
    ("answer_country", "Austria"),
    ("answer_disease_area", "Orthopaedics and joints · hip, knee, shoulder, joints, bones, sports injury"),
    ("answer_serious_disease", ["Yes"]),
    ("answer_proposed", ["An operation"]),
    *((f"fold_{name}", True) for name in FOLDS),
)
FILTERED = Journey(
    "/centres?country=CH,DE,FR,US&area=oncology",
    [("filter_text", "memorial"), ("filter_text", "univers"), ("filter_text", "")],
)
FRAGMENT = Journey("/?country=CH,DE,FR,US&area=oncology", TRIVIAL.changes)
TICKED = Journey(
    "/centres?country=CH,DE,FR,US&area=oncology",
    [("list", f'{{"selection": {{"rows": [{rows}], "columns": [], "cells": []}}}}') for rows in ("1", "1, 2", "")],
)
SELF_CHECK = {
    "self-check half filled, an answer in the longest group": (Journey("/", ANSWER, HALF), 3.0),
    "self-check half filled, an answer about time": (Journey("/", URGENCY, (*HALF, ("next_group", True))), 3.0),
    "self-check, an answer with everything unfolded": (Journey("/", ANSWER, UNFOLDED), 8.0),
}


def _words(result: Result, percentile: float = 0.5) -> str:
    return f"{result.percentile(percentile):.1f} ms, {result.bytes[-1] / 1024:.0f} KiB, {result.messages[-1]} messages"


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals, reruns = Goals(), 30 if quick else 100
    with trivial() as reference, app() as ours, app(stock=True) as stock, trivial(stock=True) as stock_reference:
        pairs = [(reference.address, TRIVIAL), *((ours.address, journey) for journey, _ in SELF_CHECK.values())]
        base, *found = compare(pairs, reruns)
        goals.add("trivial page", f"p50 {_words(base)}", 1.0)
        for (name, (_, goal)), result in zip(SELF_CHECK.items(), found, strict=True):
            goals.add(name, f"p50 {_words(result)}", result.median / base.median, goal)

        base, filtered, slow, slow_base = compare(
            [
                (reference.address, TRIVIAL),
                (ours.address, FILTERED),
                (stock.address, FILTERED),
                (stock_reference.address, TRIVIAL),
            ],
            reruns,
        )
        goals.add("centres, one filter changed", f"p50 {_words(filtered)}", filtered.median / base.median, 5.0)
        goals.add("the same on Streamlit's stock settings", f"p50 {_words(slow)}", slow.median / base.median)
        goals.add("trivial page on stock settings", f"p50 {_words(slow_base)}", slow_base.median / base.median)

        with browse_with_fragment() as browsing, fragment_alone() as lonely:
            base, alone, fragment, ticked = compare(
                [
                    (reference.address, TRIVIAL),
                    (lonely.address, TRIVIAL),
                    (browsing.address, FRAGMENT),
                    (ours.address, TICKED),
                ],
                reruns,
            )
        name = "the trivial page's content, as a fragment on an empty page (Streamlit's own cost)"
        goals.add(name, f"p50 {_words(alone)}", alone.median / base.median)
        name = "the trivial page's content, as a fragment on the centres page"
        goals.add(name, f"p50 {_words(fragment)}", fragment.median / base.median, 1.1)
        goals.add(
            "centres, a row ticked (a fragment with the list in it)",
            f"p50 {_words(ticked)}",
            ticked.median / base.median,
        )

        many = {"visitors": 50, "reruns": 5 if quick else 10, "think": 2.0}
        half = SELF_CHECK["self-check half filled, an answer in the longest group"][0]
        base, answered, filtered, slow = alternate(
            [
                (reference.address, TRIVIAL),
                (ours.address, half),
                (ours.address, FILTERED),
                (stock.address, FILTERED),
            ],
            1 if quick else 2,
            **many,
        )
        low = base.percentile(0.95)
        goals.add("trivial page, 50 visitors, 2 s of thinking", f"p95 {_words(base, 0.95)}", 1.0)
        goals.add("self-check, 50 visitors", f"p95 {_words(answered, 0.95)}", answered.percentile(0.95) / low, 15.0)
        goals.add("centres, 50 visitors", f"p95 {_words(filtered, 0.95)}", filtered.percentile(0.95) / low, 15.0)
        goals.add("the same on stock settings", f"p95 {_words(slow, 0.95)}", slow.percentile(0.95) / low)
    return "A change on a page", goals.table(), goals.missed
