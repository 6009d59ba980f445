"""The first part of the Data quality page: each measure in a sentence, and what would help most."""

from urllib.parse import urlencode

import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.measures import Measure, Quality
from opinion.centres.quality.shared import Found
from opinion.exchange.quality_wordings import dimension_labels, ranking_words, task_words, worth_words
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import sign_in
from opinion.ui.coverage_choices import centres_address
from opinion.ui.pictures import Twin, show_twin
from opinion.ui.results import fold
from opinion.ui.unknown_view import percents

_DIMENSION_OF = {"conflicts": "agreeing", "doubles": "unique", "check": "valid"}

_QUEUES = {"conflicts": "/fact-queue", "doubles": "/doubles"}
"""Where curators decide; others see the centres on this page."""


def show_glance(quality: Quality, t: Translator) -> None:
    """Say in a sentence what each dimension comes to."""
    labels, count = dimension_labels(t), f"{quality.size:,}"

    def share(dimension: str, id_: str) -> str:
        measure = quality.one(dimension, id_)
        return percents(measure.good, measure.of)

    def faulty(measures: list[Measure]) -> str:
        return f"{sum(measure.of - measure.good for measure in measures):,}"

    overdue = quality.one("fresh", "not_overdue")
    said = {
        "complete": t("Of {count} centres, {areas} have a disease area stated, {equipment} equipment, {beds} beds.",
                      count=count, areas=share("complete", "disease_area"), equipment=share("complete", "equipment"),
                      beds=share("complete", "beds")),
        "valid": t("{some} values break one of {checks} checks.", some=faulty(quality.of("valid")),
                   checks=len(quality.of("valid"))),
        "fresh": t("For {recent}, the newest fact is of {year} or later. "
                   "For {overdue} of {judged}, something is overdue: its source should have a newer release by now. "
                   "That does not make it wrong.",
                   recent=share("fresh", "recent"), year=quality.day.year - 4,
                   overdue=f"{overdue.of - overdue.good:,}", judged=f"{overdue.of:,}"),
        "agreeing": t("Where two sources state a value, they disagree in {some} of {compared} cases.",
                      some=faulty(quality.of("agreeing")),
                      compared=f"{sum(measure.of for measure in quality.of('agreeing')):,}"),
    }  # fmt: skip
    said["unique"] = t("They are being looked for. Come back in a minute.")
    if quality.of("unique"):
        doubled = quality.one("unique", "centre")
        said["unique"] = t("{some} of {count} centres may stand twice, under two names: {rate} %.",
                           some=f"{doubled.of - doubled.good:,}", count=count,
                           rate=f"{100 * (doubled.of - doubled.good) / max(doubled.of, 1):.0f}")  # fmt: skip
    lines = [f"- **{label}.** {words.plain(said[id_])}" for id_, label in labels.items() if id_ in said]
    st.markdown("\n".join(lines))


def show_tasks(catalogue: Catalogue, found: Found, t: Translator) -> None:
    """Show what would help most, each with the list it is about."""
    st.markdown(f"### {t('What would help most')}")
    st.markdown(t("What a curator could do next, the most useful first. Each list shows the centres to look up."))
    places, sources = words.place_names(t), words.source_labels()
    said = [(task_words(task, places, sources, t), worth_words(task, t)) for task in found.tasks]
    account = sign_in.signed_in()
    is_curator = account is not None and account.may("curator")
    links = [_address(task.to_query(), task.kind, is_curator) for task in found.tasks]
    lines = []
    for (what, worth), link in zip(said, links, strict=True):
        lines.append(f"1. {words.plain(what)} :small[{words.plain(worth)}] [{t('Show the list')}](<{link}>)")
    st.markdown("\n".join(lines) if lines else t("Nothing that we could measure."))
    fold(
        t("How the order is made"), "ranking", lambda: st.markdown("\n".join(f"- {line}" for line in ranking_words(t)))
    )
    head = (t("What to do"), t("Centres"), t("What it is worth"), t("Filters, weighed"), t("List"))
    rows = [
        (what, task.centres, worth, round(task.points, 1), link)
        for task, (what, worth), link in zip(found.tasks, said, links, strict=True)
    ]
    fold(
        t("This list as a table"), "tasks_table",
        lambda: show_twin("tasks", Twin(head, rows, {t("List"): t("Open")}), t("What would help most"), t),
    )  # fmt: skip


def _address(query: dict[str, str], kind: str, is_curator: bool) -> str:
    """Return where the list of a task is: on the page Centres, on a curator's page, or further down on this one."""
    if query:
        return centres_address(query)
    path = _QUEUES[kind] if is_curator and kind in _QUEUES else f"/data-quality?of={_DIMENSION_OF[kind]}"
    if "lang" in st.query_params:
        path += ("&" if "?" in path else "?") + urlencode({"lang": st.query_params["lang"]})
    return path
