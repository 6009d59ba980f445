"""Turns ``data/guidance/*.toml`` into one checked, immutable ``Guidance``.

Everything that can be wrong in those files is found here, at load time, and named with file, entry and remedy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from opinion.errors import ContentError
from opinion.guidance.conditions import Condition, Name
from opinion.guidance.content_files import ContentFiles
from opinion.vocabularies import DATA, disease_areas

FOLDER = DATA / "guidance"
OUTCOMES = (
    "emergency",
    "do_not_wait",
    "clarify_first",
    "strongly_recommended",
    "recommended",
    "worth_considering",
    "not_needed",
)
RECOMMENDING = ("strongly_recommended", "recommended", "worth_considering")
KINDS = ("one", "many", "number", "country", "area", "text", "wishes")


@dataclass(frozen=True)
class Question:
    """One question. ``choices`` are the ids of its values, without ``unsure``; ``labels`` their English texts."""

    id: str
    kind: str
    group: str
    title: str
    why: str
    checked: str
    short: str = ""
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    minimum: int = 0
    error: str = ""
    asked_when: Condition | None = None
    unknown_counts_as_asked: bool = False
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule: true, false or unknown for given answers. Texts are English sources to be translated."""

    id: str
    when: Condition
    cites: tuple[str, ...]
    title: str
    text: str
    ask: str
    checked: str
    clinically_reviewed: bool
    note: str = ""


@dataclass(frozen=True)
class Contradiction:
    """Answers that do not fit together. ``read_as``: how other rules read an answer while this holds.

    ``meanwhile`` says so to the reader.
    """

    id: str
    when: Condition
    text: str
    ask: str
    read_as: Mapping[str, str]
    meanwhile: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a precedence list: the first whose condition is true gives its ``code``."""

    code: str
    when: Condition


@dataclass(frozen=True)
class Entry:
    """A text that the page shows for a code: ``texts`` by name; ``cites`` what it rests on; ``when`` it applies."""

    id: str
    texts: Mapping[str, str]
    cites: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True)
class Guidance:
    """All guidance content, checked. Mappings keep the order of the files."""

    groups: Mapping[str, str]
    questions: Mapping[str, Question]
    statements: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, str]]
    rules: Mapping[str, Rule]
    contradictions: Mapping[str, Contradiction]
    outcomes: tuple[Row, ...]
    timings: tuple[Row, ...]
    outcome_texts: Mapping[str, Entry]
    timing_texts: Mapping[str, Entry]
    first_steps: Mapping[str, Entry]
    notes: tuple[Entry, ...]
    independence: Mapping[str, Entry]
    centre_types: Mapping[str, Entry]
    third_opinions: Mapping[str, Entry]
    emergencies: Mapping[str, Any]
    answer_names: Mapping[str, Name]


@cache
def load_guidance(folder: Path | None = None) -> Guidance:
    """Load and check the guidance in ``folder`` (``None``: the bundled ``data/guidance``); cached by folder.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    return _Loader(folder or FOLDER).load()


class _Loader(ContentFiles):
    """Reads the files of one folder in the order in which they depend on each other."""

    def load(self) -> Guidance:
        questions = self.read("questions.toml")
        rules, results = self.read("rules.toml"), self.read("results.toml")
        statements = self.read("statements.toml")["statement"]
        self.cited = {row["id"] for row in statements} | {"ours"}
        names = self.answer_names(questions["question"])
        for code in (row["code"] for row in rules["outcome"]):
            if code not in OUTCOMES:
                raise ContentError(
                    f"data/guidance/rules.toml, outcome '{code}': not an outcome. Use one of {OUTCOMES}."
                )
        loaded_rules = self.unique("rules.toml", "rule", rules["rule"], lambda row: self.rule(row, names))
        truths = dict.fromkeys((*loaded_rules, "held", "contradiction", "undecided"), Name("truth"))
        outcome_names = {**names, **truths}
        timing_names = {
            **outcome_names,
            "outcome": Name("one", OUTCOMES),
            "urgency_known": Name("truth"),
        }
        entry = self.entry
        return Guidance(
            groups=MappingProxyType({row["id"]: row["title"] for row in questions["group"]}),
            questions=self.unique(
                "questions.toml", "question", questions["question"], lambda row: self.question(row, names)
            ),
            statements=self.unique("statements.toml", "statement", statements, MappingProxyType),
            sources=self.unique("sources.toml", "source", self.read("sources.toml")["source"], MappingProxyType),
            rules=loaded_rules,
            contradictions=self.unique(
                "rules.toml",
                "contradiction",
                rules["contradiction"],
                lambda row: self.contradiction(row, names),
            ),
            outcomes=self.rows("outcome", rules["outcome"], outcome_names),
            timings=self.rows("timing", rules["timing"], timing_names),
            outcome_texts=self.unique("results.toml", "outcome", results["outcome"], entry(timing_names)),
            timing_texts=self.unique("results.toml", "timing", results["timing"], entry(timing_names)),
            first_steps=self.unique("results.toml", "first_step", results["first_step"], entry(timing_names)),
            notes=tuple(self.unique("results.toml", "note", results["note"], entry(timing_names)).values()),
            independence=self.unique("results.toml", "independence", results["independence"], entry(timing_names)),
            centre_types=self.unique("results.toml", "centre_type", results["centre_type"], entry(timing_names)),
            third_opinions=self.unique("results.toml", "third_opinion", results["third_opinion"], entry(timing_names)),
            emergencies=MappingProxyType(self.read("emergencies.toml")),
            answer_names=MappingProxyType(names),
        )

    def answer_names(self, rows: list[dict[str, Any]]) -> dict[str, Name]:
        kinds = {"one": "one", "many": "many", "number": "number", "area": "one"}
        return {row["id"]: Name(kinds[row["kind"]], _choices(row)) for row in rows if row.get("kind") in kinds}

    def question(self, row: dict[str, Any], names: Mapping[str, Name]) -> Question:
        where = f"questions.toml, question {row['id']}"
        if row["kind"] not in KINDS:
            raise ContentError(f"data/guidance/{where}: kind '{row['kind']}' is not one of {KINDS}.")
        asked_when = row.get("asked_when")
        return Question(
            **{
                **row,
                "choices": _choices(row),
                "labels": MappingProxyType(row.get("labels", {})),
                "used_by": tuple(row.get("used_by", ())),
                "asked_when": self.condition(asked_when, names, where) if asked_when else None,
            }
        )

    def rule(self, row: dict[str, Any], names: Mapping[str, Name]) -> Rule:
        where = f"rules.toml, rule {row['id']}"
        cites = self.citations(row, where)
        return Rule(**{**row, "when": self.condition(row["when"], names, where), "cites": cites})

    def citations(self, row: dict[str, Any], where: str) -> tuple[str, ...]:
        for id in row.get("cites", ()):
            if id not in self.cited:
                raise ContentError(f"data/guidance/{where}: cites '{id}', which is no statement.")
        return tuple(row.get("cites", ()))

    def contradiction(self, row: dict[str, Any], names: Mapping[str, Name]) -> Contradiction:
        when = self.condition(row["when"], names, f"rules.toml, contradiction {row['id']}")
        return Contradiction(
            **{**row, "when": when, "read_as": MappingProxyType(row.get("read_as", {}))},
        )

    def rows(self, word: str, rows: list[dict[str, Any]], names: Mapping[str, Name]) -> tuple[Row, ...]:
        if rows[-1]["when"] != "True":
            raise ContentError(
                f"data/guidance/rules.toml, last {word}: its condition is not 'True'. End with a row that always holds."
            )
        return tuple(
            Row(
                row["code"],
                self.condition(row["when"], names, f"rules.toml, {word} {number} ({row['code']})"),
            )
            for number, row in enumerate(rows, start=1)
        )

    def entry(self, names: Mapping[str, Name]) -> Callable[[dict[str, Any]], Entry]:
        def build(row: dict[str, Any]) -> Entry:
            where = f"results.toml, {row['id']}"
            texts = {key: text for key, text in row.items() if key not in ("id", "cites", "when")}
            when = self.condition(row["when"], names, where) if "when" in row else None
            return Entry(row["id"], MappingProxyType(texts), self.citations(row, where), when)

        return build


def _choices(row: dict[str, Any]) -> tuple[str, ...]:
    if row.get("kind") == "area":
        return tuple(disease_areas())
    return tuple(choice for choice in row.get("labels", {}) if choice != "unsure")
