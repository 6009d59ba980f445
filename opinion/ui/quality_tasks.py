"""The first part of the Data quality page: each measure in a sentence, and what would help most."""

from urllib.parse import quote, urlencode

import numpy as np
import streamlit as st

from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.fixes import Fix
from opinion.centres.quality.measures import Measure, Quality
from opinion.centres.quality.shared import Found
from opinion.centres.quality.upkeep import Upkeep
from opinion.centres.queues import conflicts_of
from opinion.centres.rowsets import count_rows, union
from opinion.exchange.quality_wordings import dimension_labels, ranking_words, task_words, worth_words
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui import sign_in
from opinion.ui.coverage_choices import centres_address
from opinion.ui.pictures import Twin, show_twin
from opinion.ui.results import fold
from opinion.ui.unknown_view import percents

_DIMENSION_OF = {"conflicts": "agreeing", "doubles": "unique", "check": "valid"}


def show_glance(catalogue: Catalogue, quality: Quality, t: Translator) -> None:
    """Say in a sentence what each dimension comes to."""
    labels, count = dimension_labels(t), f"{quality.size:,}"

    def share(dimension: str, id_: str) -> str:
        measure = quality.one(dimension, id_)
        return percents(measure.good, measure.of)

    def faulty(measures: list[Measure]) -> str:
        return f"{sum(measure.of - measure.good for measure in measures):,}"

    def centres(measures: list[Measure]) -> str:
        return f"{count_rows(union(np.stack([each.faulty for each in measures]))):,}"

    overdue, long = quality.one("fresh", "not_overdue"), quality.one("fresh", "not_long_overdue")
    said = {
        "complete": t("Of {count} centres, {areas} have a disease area stated, {equipment} equipment, {beds} beds.",
                      count=count, areas=share("complete", "disease_area"), equipment=share("complete", "equipment"),
                      beds=share("complete", "beds")),
        "valid": t("{some} values of {centres} centres, by {checks} checks. Only what is known is checked.",
                   some=faulty(quality.of("valid")), centres=centres(quality.of("valid")),
                   checks=len(quality.of("valid"))),
        "noted": t("{some} values of {centres} centres. They may well be right, such as one point for several houses.",
                   some=faulty(quality.of("noted")), centres=centres(quality.of("noted"))),
        "fresh": t("For {recent}, the newest fact is of {year} or later. "
                   "When facts are due is known for {judged} of the centres. "
                   "For {overdue} of these, something is overdue: its source should have a newer release by now. "
                   "That does not make it wrong. For {long} it has been so for more than a year.",
                   recent=share("fresh", "recent"), year=quality.day.year - 4,
                   overdue=f"{overdue.of - overdue.good:,}", long=f"{long.of - long.good:,}", judged=f"{overdue.of:,}"),
        "agreeing": t("About {some} values of {centres} centres. "
                      "Compared were {compared} values that two sources or more state.",
                      some=f"{len(conflicts_of(catalogue)):,}", centres=centres(quality.of("agreeing")),
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
    st.markdown(t("What a curator could do next: first what most questions hang on. A question is, for example: "
                  "who has an MRI in Austria? Each link opens the list of what is to be done."))  # fmt: skip
    places, sources = words.place_names(t), words.source_labels()
    said = [(task_words(task, places, sources, t), worth_words(task, t)) for task in found.tasks]
    account = sign_in.signed_in()
    is_curator = account is not None and account.may("curator")
    links = [_address(task, is_curator) for task in found.tasks]
    lines = []
    for (what, worth), link in zip(said, links, strict=True):
        lines.append(f"1. {words.plain(what)} :small[{words.plain(worth)}] [{t('Show the list')}](<{link}>)")
    st.markdown("\n".join(lines) if lines else t("Nothing that we could measure."))
    fold(
        t("How the order is made"), "ranking", lambda: st.markdown("\n".join(f"- {line}" for line in ranking_words(t)))
    )
    head = (t("What to do"), t("Centres"), t("What hangs on it"), t("Questions, weighed"), t("List"))
    rows = [
        (what, task.centres, worth, round(task.points, 1), link)
        for task, (what, worth), link in zip(found.tasks, said, links, strict=True)
    ]
    fold(
        t("This list as a table"), "tasks_table",
        lambda: show_twin("tasks", Twin(head, rows, {t("List"): t("Open")}), t("What would help most"), t),
    )  # fmt: skip


def _address(task: Fix | Upkeep, is_curator: bool) -> str:
    """Return where a task can be done, for curators; for others, where the centres are listed that it is about."""
    if isinstance(task, Fix):
        return centres_address(task.to_query())
    if is_curator:
        path = {
            "renew": f"/fact-queue?list=overdue&source={quote(task.about)}",
            "conflicts": "/fact-queue",
            "check": f"/fact-queue?list=wrong&check={task.about}",
            "doubles": "/doubles",
        }[task.kind]
    elif task.kind == "renew":
        return centres_address({"source": task.about})
    else:
        path = f"/data-quality?of={_DIMENSION_OF[task.kind]}"
    if "lang" in st.query_params:
        path += ("&" if "?" in path else "?") + urlencode({"lang": st.query_params["lang"]})
    return path
