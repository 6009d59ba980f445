"""Turns a request and the offers of centres into a proposal to its patient, as a document to print.

Risks and aftercare stand in every proposal, from ``data/agency/proposals.toml``; no caller can leave them out.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from opinion.exchange.summaries import Document, Part
from opinion.guidance.contents import load_guidance
from opinion.texts.dates import date_words
from opinion.texts.translations import Translator
from opinion.vocabularies import DATA


@dataclass(frozen=True)
class Block:
    """What every proposal says: a title, and lines with the ids of their sources."""

    id: str
    title: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def mandatory_blocks() -> tuple[Block, ...]:
    """Return the blocks of every proposal, in their order."""
    rows = tomllib.loads((DATA / "agency" / "proposals.toml").read_text("utf-8"))["block"]
    return tuple(
        Block(row["id"], row["title"], tuple((line["text"], tuple(line["sources"])) for line in row["lines"]))
        for row in rows
    )


def proposal_of(
    reference: str, offers: Sequence[Mapping[str, Any]], word: str, agency: str, today: date, t: Translator
) -> Document:
    """Return the proposal. ``offers``: terms as in ``agency.enquiries.Terms``; ``word``: the coordinator's own words.

    It names no patient: the reference tells the patient that it is theirs.
    """
    risks = [Part(t(block.title), tuple(_line(text, sources, t) for text, sources in block.lines))
             for block in mandatory_blocks()]  # fmt: skip
    parts = [
        Part(t("In short"), tuple(filter(None, word.splitlines()))),
        *(Part(offer["centre_name"], tuple(offer_lines(offer, t))) for offer in offers),
        *risks,
    ]
    cited = dict.fromkeys(id_ for block in mandatory_blocks() for _, ids in block.lines for id_ in ids if id_ != "ours")
    sources = load_guidance().sources
    parts.append(Part(t("Sources"), tuple(f"{sources[id_]['title']}. {sources[id_]['publisher']}." for id_ in cited)))
    made = t("Made on {date}.", date=date_words(today, t))
    return Document(
        t.language, t.direction, t("What centres offer: request {reference}", reference=reference),
        f"{agency} {made}".strip(), tuple(part for part in parts if part.lines),
        t("No centre has paid to stand here. Ask us about anything that is not clear."),
    )  # fmt: skip


def mandatory_lines(t: Translator) -> list[str]:
    """Return what every proposal says of risks and aftercare, as lines of plain text for a message."""
    lines: list[str] = []
    for block in mandatory_blocks():
        lines += [t(block.title), *(f"- {_line(text, sources, t)}" for text, sources in block.lines)]
    return lines


def offer_lines(offer: Mapping[str, Any], t: Translator) -> list[str]:
    """Return the terms of an offer as lines of plain text; what a centre did not say is said to be unknown."""
    modes = {"remote": t("from a distance, no journey"), "in_person": t("in person, at the centre")}
    unknown = t("not said yet")
    return [
        f"{t('Price:')} {price_words(offer, t)}",
        f"{t('Day:')} {date_words(date.fromisoformat(offer['day']), t) if offer['day'] else unknown}",
        f"{t('How:')} {modes[offer['mode']]}",
        f"{t('What is included:')} {offer['included'] or unknown}",
        f"{t('What is not included:')} {offer['not_included'] or unknown}",
    ]


def price_words(offer: Mapping[str, Any], t: Translator) -> str:
    """Return the price of an offer, as people read it."""
    if offer["price"] is None:
        return t("not said yet")
    return f"{offer['price']:,.2f} {offer['currency']}".replace(",", "\u202f")


def _line(text: str, sources: Sequence[str], t: Translator) -> str:
    return t(text) if "ours" not in sources else f"{t(text)} ({t('ours')})"
