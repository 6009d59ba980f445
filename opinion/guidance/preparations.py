"""Turns ``data/guidance`` into what a patient can bring, say and ask, the rights by country, and what studies found.

Each entry may carry a condition on the answers: ``sort_by_fit`` puts what fits first. Unknown is not no, as in rules.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from opinion.errors import ContentError
from opinion.guidance.answers import Answers
from opinion.guidance.conditions import Condition, Facts, Name
from opinion.guidance.content_files import need_date, need_known
from opinion.guidance.contents import Guidance
from opinion.guidance.decisions import facts_as_read, known_answers
from opinion.guidance.entries import EntryFiles, SourcedEntry
from opinion.vocabularies import country_codes, disease_areas

ASKERS = ("self", "relative", "child")  # the values of the question answering_for


@dataclass(frozen=True, kw_only=True)
class Item(SourcedEntry):
    """What all entries have: ``when`` are the answers it is meant for; ``None``: all answers."""

    when: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Record(Item):
    """Something to bring: what, why, and who has it."""

    title: str
    why: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Saying(Item):
    """A polite sentence: when to say it, and its words by who is asking."""

    title: str
    wordings: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Ask(Item):
    """A question for the second doctor, under one of the topics."""

    topic: str
    ask: str


@dataclass(frozen=True, kw_only=True)
class Look(Item):
    """A step (with a title) or a limit (without one) of the blind second look."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Operation:
    """One item of a list in a law: ``since`` when it counts (ISO date, empty if not recorded), and its areas."""

    title: str
    since: str
    areas: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entitlement(Item):
    """A right or a duty in some countries, as read on the day ``read``; ``find`` is an address or empty."""

    countries: tuple[str, ...]
    title: str
    text: str
    read: str
    note: str = ""
    find: str = ""
    operations: tuple[Operation, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One result of a study: a count, a share in per cent, a range of shares, or a plain number."""

    text: str
    count: int | None = None
    percent: float | None = None
    lowest_percent: float | None = None
    highest_percent: float | None = None
    number: float | None = None


@dataclass(frozen=True, kw_only=True)
class Study(Item):
    """What a study found. ``of``: how many were studied (``None``: no number fits). ``harm``: empty if none is told."""

    title: str
    year: int
    size: str
    limits: str
    findings: tuple[Finding, ...]
    harm: str
    harm_count: int | None = None
    of: int | None = None
    part: str = ""


@dataclass(frozen=True)
class Preparation:
    """All of it, checked, by id in the order of the files. ``topics``: the titles of the groups of questions."""

    records: Mapping[str, Record]
    sayings: Mapping[str, Saying]
    topics: Mapping[str, str]
    asks: Mapping[str, Ask]
    looks: Mapping[str, Look]
    look_limits: Mapping[str, Look]
    entitlements: Mapping[str, Entitlement]
    studies: Mapping[str, Study]
    guidance: Guidance = field(repr=False)


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class Fit(Generic[ItemT]):
    """Entries by how they fit the answers: they do, that is unknown, or they do not."""

    fitting: tuple[ItemT, ...]
    unknown: tuple[ItemT, ...]
    others: tuple[ItemT, ...]


def sort_by_fit(items: Iterable[ItemT], facts: Facts) -> Fit[ItemT]:
    """Sort ``items`` into those that fit ``facts``, those of which it is unknown, and the others.

    An entry with no condition fits everybody, and comes after those that were made for these answers.
    """
    made_for: list[ItemT] = []
    for_all: list[ItemT] = []
    unknown: list[ItemT] = []
    others: list[ItemT] = []
    for item in items:
        if item.when is None:
            for_all.append(item)
        else:
            value = item.when.value(facts)
            (made_for if value else unknown if value is None else others).append(item)
    return Fit((*made_for, *for_all), tuple(unknown), tuple(others))


def facts_for_preparation(guidance: Guidance, answers: Answers) -> dict[str, Any]:
    """Return the answers as the conditions of entries read them; ``abroad`` is the wish to travel abroad."""
    known = known_answers(answers)
    return {**facts_as_read(guidance, known), "abroad": known.get("wishes", {}).get("abroad")}


def is_named_in(operation: Operation, area: str | None) -> bool:
    """Return whether an operation of a law's list belongs to the disease area ``area`` (``None``: unknown, so no)."""
    return area in operation.areas


@cache
def load_preparation(folder: Path | None = None) -> Preparation:
    """Load and check the files in ``folder`` (``None``: the bundled ``data/guidance``); cached by folder.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    return _Loader(folder).load()


class _Loader(EntryFiles):
    """Reads the four files; each row is checked before it becomes an entry."""

    def load(self) -> Preparation:
        self.names = {**self.guidance.answer_names, "abroad": Name("one", self.guidance.questions["wishes"].choices)}
        talks = self.read("conversations.toml")
        topics = {row["id"]: row["title"] for row in talks["topic"]}

        def check_topic(row: dict[str, Any], where: str) -> None:
            need_known(row["topic"], list(topics), "topic", where)

        def check_wordings(row: dict[str, Any], where: str) -> None:
            if set(row["wordings"]) != set(ASKERS):
                raise ContentError(f"{where}: wordings are for {sorted(row['wordings'])}. Give them for {ASKERS}.")

        return Preparation(
            records=self.items("records.toml", "record", Record),
            sayings=self.items("conversations.toml", "saying", Saying, check_wordings),
            topics=topics,
            asks=self.items("conversations.toml", "ask", Ask, check_topic),
            looks=self.items("conversations.toml", "look", Look),
            look_limits=self.items("conversations.toml", "look_limit", Look),
            entitlements=self.items("entitlements.toml", "entitlement", Entitlement, self.read_entitlement),
            studies=self.items("evidence.toml", "study", Study, self.read_study),
            guidance=self.guidance,
        )

    def items(
        self,
        file: str,
        word: str,
        kind: type[ItemT],
        check: Callable[[dict[str, Any], str], None] = lambda row, where: None,
    ) -> Mapping[str, ItemT]:
        def build(row: dict[str, Any]) -> ItemT:
            where = f"data/guidance/{file}, {word} {row['id']}"
            entry = self.sourced(row, where)
            check(entry, where)
            if "when" in entry:
                entry["when"] = self.condition(entry["when"], self.names, f"{file}, {word} {row['id']}")
            return kind(**entry)

        return self.unique(file, word, self.read(file)[word], build)

    def read_entitlement(self, row: dict[str, Any], where: str) -> None:
        need_date(row["read"], "read", where)
        for country in row["countries"]:
            need_known(country, list(country_codes()), "country", where)
        operations = row.pop("operation", [])
        for operation in operations:
            if operation["since"]:
                need_date(operation["since"], "since", where)
            for area in operation["areas"]:
                need_known(area, list(disease_areas()), "disease area", where)
        row["operations"] = tuple(Operation(**{**each, "areas": tuple(each["areas"])}) for each in operations)
        row["countries"] = tuple(row["countries"])

    def read_study(self, row: dict[str, Any], where: str) -> None:
        row["findings"] = tuple(Finding(**finding) for finding in row.pop("finding"))
        counts = [finding.count for finding in row["findings"] if finding.count is not None]
        counts += [row["harm_count"]] if "harm_count" in row else []
        if any(count > row.get("of", 0) for count in counts):
            raise ContentError(f"{where}: a count is larger than the {row.get('of')} who were studied. Correct one.")
