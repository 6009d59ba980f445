"""Turns the query of a request to the API into what it asks, or into every problem that it has.

``ENDPOINTS`` is the one description of what may be asked: requests are read by it, and the OpenAPI document says it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opinion.centres.filters import Filters, parameters
from opinion.errors import Problem
from opinion.exchange.centre_records import PAGE_KEYS, read_query

_LONGEST_TEXT = 100  # of a wrong value, in an answer


@dataclass(frozen=True)
class Control:
    """A key that is no filter: one of ``choices``, or a whole number from 1 to ``largest``, or (with neither) ids.

    ``default`` is what a missing key means, as it would be written; ``""`` for none.
    """

    key: str
    about: str
    default: str = ""
    choices: tuple[str, ...] = ()
    largest: int = 0


@dataclass(frozen=True)
class Endpoint:
    """One address. ``schema``: the form of its answer; ``filters``: the keys of the Centres page that it takes.

    ``unheeded``: further keys of the address of its page, which only say how that looks: they are let pass.
    """

    name: str
    path: str
    summary: str
    schema: str
    filters: tuple[str, ...]
    controls: tuple[Control, ...]
    unheeded: tuple[str, ...] = PAGE_KEYS


FORMAT = Control("format", "The form of the answer; without it, the Accept header says.", "", ("json", "csv"))
FACETS = Control("facets", "1 adds how many centres each value of each facet would give; JSON only.", "0", ("0", "1"))
PAGE = Control("page", "Which page, from 1; a page behind the last has no centres.", "1", largest=1_000_000)
PAGE_SIZE = Control("page_size", "How many centres a page has.", "25", largest=200)
IDS = Control("id", "Two to four ids of centres, joined by commas or given one by one.")

_ALL, _TOWN = tuple(parameters()), ("near",)

ENDPOINTS = (
    Endpoint("centres", "/centres", "Centres that match", "CentreList", _ALL, (PAGE, PAGE_SIZE, FACETS, FORMAT)),
    Endpoint("centre", "/centres/{id}", "One centre with every fact", "CentreWithFacts", _TOWN, (FORMAT,)),
    Endpoint("facets", "/facets", "Counts by facet", "FacetCounts", _ALL, (FORMAT,), (*PAGE_KEYS, PAGE.key)),
    Endpoint("compare", "/compare", "Two to four centres side by side", "Comparison", _TOWN, (IDS, FORMAT),
             (*PAGE_KEYS, "sources")),
)  # fmt: skip
"""Every address that answers with facts. The OpenAPI document itself stands at ``/openapi.json``."""


@dataclass(frozen=True)
class Asked:
    """What a request asks: ``filters``, and the texts of the controls by key, checked; those not given are left out."""

    filters: Filters
    controls: Mapping[str, str]

    def text(self, control: Control) -> str:
        """Return what is asked of a control of choices, its default if nothing."""
        return self.controls.get(control.key, control.default)

    def number(self, control: Control) -> int:
        """Return what is asked of a control of numbers, its default if nothing."""
        return int(self.text(control))


class QueryError(Exception):
    """A request cannot be answered. ``problems`` holds every fault found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_request(pairs: Iterable[tuple[str, str]], endpoint: Endpoint) -> Asked:
    """Return what the decoded query of a request asks of an endpoint. Raises ``QueryError`` with every problem."""
    query: dict[str, list[str]] = {}
    for key, text in pairs:
        query.setdefault(key, []).append(text)
    controls = [control.key for control in endpoint.controls]
    filters, problems = read_query(query, endpoint.filters, controls, endpoint.unheeded)
    found = {}
    for control in endpoint.controls:
        texts = [text.strip() for text in query.get(control.key, []) if text.strip()]
        if texts:
            problems += _faults(control, texts)
            found[control.key] = ",".join(texts)
    if problems:
        raise QueryError(problems)
    return Asked(filters, found)


def _faults(control: Control, texts: list[str]) -> list[Problem]:
    value = texts[-1]
    remedy = ""
    if control is IDS:
        pass  # only the catalogue can say
    elif len(texts) > 1:
        remedy = "stands there more than once. Give one value."
    elif control.choices and value not in control.choices:
        remedy = f"is not one of: {', '.join(control.choices)}."
    elif control.largest and not _is_number(value, control.largest):
        remedy = f"is not a whole number from 1 to {control.largest:,}."
    return [Problem(control.key, value[:_LONGEST_TEXT], remedy)] if remedy else []


def _is_number(text: str, largest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= largest
