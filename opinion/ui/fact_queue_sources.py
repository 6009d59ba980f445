"""The list of Facts to check of sources of which a newer release should be out: what to get, and where to put it."""

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from opinion.agency.accounts import Account
from opinion.centres import queues, staleness
from opinion.centres.catalogues import Catalogue
from opinion.centres.quality.upkeep import Renewal
from opinion.centres.registers.adapters import ADAPTERS
from opinion.texts.translations import Translator
from opinion.ui.browsing_words import plain
from opinion.ui.choices import told_apart
from opinion.ui.fact_queue_tables import centre_columns, countries_of, from_address, page_of, show_table
from opinion.ui.fact_words import refresh_words
from opinion.ui.release_view import ask_release
from opinion.ui.results import fold


def show_overdue(actor: Account, catalogue: Catalogue, renewals: Sequence[Renewal], t: Translator) -> None:
    """Show the sources, those on which most answers rest first, and what to do about the one that is chosen."""
    st.markdown(
        t("A newer release of these sources should be out, by their publishers' own word. "
          "Those on which most answers rest come first, as on the page Data quality.")
    )  # fmt: skip
    if not renewals:
        st.info(t("Nothing is in this list."), icon=":material/check:")
        return
    found = [each.overdue for each in renewals]
    _show_sources(renewals, t)
    titles = told_apart({each.source.id: each.source.title for each in found})
    chosen = st.selectbox(
        t("What to do about"), list(titles), format_func=titles.__getitem__,
        **from_address("source", list(titles), next(iter(titles))),
    )  # fmt: skip
    each = next(each for each in found if each.source.id == chosen)
    why = f"{plain(t(each.refresh.text))} [{t('Read there')}](<{each.refresh.address}>)"
    if chosen in ADAPTERS:
        adapter = ADAPTERS[chosen]
        st.markdown(
            f"1. {why}\n1. "
            + t("Get the newest file from [{publisher}](<{address}>): {files}.",
                publisher=plain(each.source.publisher), address=adapter.where, files=plain(adapter.files))
            + "\n1. " + t("Give it here. Nothing is changed before you have seen what it changes.")
        )  # fmt: skip
        ask_release(actor, adapter, each.source.title, t)
    else:
        st.markdown(
            f"1. {why}\n1. "
            + t("No reader is built for this source yet. [{publisher}](<{address}>) has the newest state.",
                publisher=plain(each.source.publisher), address=each.source.address)
            + "\n1. " + t("A list in a common form can be imported on the page Import a list.")
        )  # fmt: skip
    fold(t("Its centres, those with most overdue facts first"), "overdue_centres",
         lambda: _show_centres(catalogue, chosen, t))  # fmt: skip


def _show_sources(renewals: Sequence[Renewal], t: Translator) -> None:
    found, day = [each.overdue for each in renewals], staleness.today()
    show_table(
        {
            t("Source"): [each.source.title for each in found],
            t("Overdue since"): [each.since.isoformat() for each in found],
            t("Months overdue"): [(day - each.since).days // 30 for each in found],
            t("Centres"): [each.centres for each in found],
            t("Facts"): [each.facts for each in found],
            t("Answers that rest on it, about"): [round(each.points) for each in renewals],
            t("How often it is updated"): [refresh_words(each.refresh, t) for each in found],
            t("Where to get it"): [each.source.address for each in found],
            t("Centres of it"): [f"/centres?source={quote(each.source.id)}" for each in found],
        },
        t("Overdue sources, those on which most answers rest first"), "queue_overdue", t,
    )  # fmt: skip


def _show_centres(catalogue: Catalogue, source: str, t: Translator) -> None:
    most = queues.most_overdue(catalogue, source, staleness.today())
    page = page_of(most, "overdue")
    rows = [row for row, _ in page]
    columns = centre_columns(catalogue, rows, t)
    columns[t("Overdue facts")] = [count for _, count in page]
    columns[t("Country")] = countries_of(catalogue, rows, t)
    show_table(columns, t("Centres with overdue facts of this source"), "queue_overdue_centres", t)
