"""What a patient waits for after a press: the summary as a PDF."""

import time
from datetime import date

from benchmarks.goals import Goals
from benchmarks.guidance import FULL
from opinion.exchange.printing import html_of, pdf_of
from opinion.exchange.summaries import summary_of
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.matching.timelines import plan_timeline
from opinion.texts.translations import Translator

MOST_MS = 1000


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    goals, answers = Goals(), {**FULL, "serious_disease": "yes", "doctor_clinic": "Klinik 国立 Больница مستشفى 병원"}
    summary = summary_of(
        assess(load_guidance(), answers, with_changes=False), answers, plan_timeline(answers),
        ["Universitätsspital Zürich"] * 5, set(), date(2026, 11, 22), Translator(),
    )  # fmt: skip
    times = []
    for _ in range(6 if quick else 20):
        start = time.perf_counter()
        pdf_of(summary)
        times.append((time.perf_counter() - start) * 1000)
    goals.add_at_most("summary as PDF, the first one (fonts are read)", times[0], MOST_MS, "ms")
    goals.add_at_most("summary as PDF, the slowest of the others", max(times[1:]), MOST_MS, "ms")
    start = time.perf_counter()
    html_of(summary)
    goals.add("summary as a page of HTML", f"{(time.perf_counter() - start) * 1000:.1f} ms")
    return "Documents", goals.table(), goals.missed
