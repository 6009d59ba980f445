"""Turns two or three opinions into where they agree and differ, what is not known, and what the difference rests on.

It never says which opinion is right. What nobody said is unknown, and unknown is never "the same".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from opinion.errors import ContentError
from opinion.guidance.answers import Answers
from opinion.guidance.conditions import Condition, Name, Truth
from opinion.guidance.content_files import need_date, need_known
from opinion.guidance.entries import CheckedEntry, EntryFiles

FILE: Final = "differences.toml"
ASPECTS: Final = (
    "diagnosis", "plan", "details", "aim", "benefits", "harms", "cost", "time", "rests_on", "specialty",
)  # fmt: skip
KINDS: Final = ("text", "one", "many")
BACKGROUND: Final = ("rests_on", "specialty")
"""Where an opinion comes from. Opinions that differ in nothing else do not differ."""
CORE: Final = ("diagnosis", "plan", "details", "aim")
"""A difference here is a conflict of opinions as the guidance means it; cost and time alone are none (our choice)."""
CATCH_ALL: Final = "other_treatment"
"""The choice that stands for many treatments: two opinions that both have it need not mean the same one."""
JUDGEMENTS: Final = ("same", "different", "unsure")

Opinion = Mapping[str, Any]
"""One opinion by aspect: a text, an id, or a list of ids. A missing key, ``None``, "" and ``[]`` are unknown."""


@dataclass(frozen=True)
class Aspect:
    """One thing that is compared: ``kind`` is one of ``KINDS``, ``labels`` the English texts of its choices."""

    id: str
    kind: str
    title: str
    ask: str
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Cause(CheckedEntry):
    """What a difference may rest on, and the questions (``ask``) that would settle it; English source texts."""

    when: Condition
    title: str
    text: str
    ask: tuple[str, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """All of the file, checked, by id and in its order."""

    aspects: Mapping[str, Aspect]
    causes: Mapping[str, Cause]


@dataclass(frozen=True)
class Comparison:
    """Opinions compared: ids of aspects, in the order of ``ASPECTS``.

    ``causes`` are those that hold, ``unsettled`` those of which it is unknown; both are empty while no difference is
    known. ``conflict``: whether the opinions differ in one of ``CORE``; ``None`` for unknown.
    """

    agree: tuple[str, ...]
    differ: tuple[str, ...]
    unknown: tuple[str, ...]
    causes: tuple[Cause, ...]
    unsettled: tuple[Cause, ...]
    conflict: Truth


def compare_opinions(opinions: Sequence[Opinion], judged: Mapping[str, str]) -> Comparison:
    """Compare opinions; their order never changes the result.

    Choices are compared here. Whether two texts mean the same only a person can say: ``judged`` holds, by aspect,
    one of ``JUDGEMENTS``. Texts with the same words count as the same.

    Raises:
        ValueError: ``judged`` holds something else, or an opinion has a key that is no aspect.

    """
    differences = load_differences()
    wrong = {key for opinion in opinions for key in opinion} - set(ASPECTS)
    wrong |= {key for key, value in judged.items() if key not in ASPECTS or value not in JUDGEMENTS}
    if wrong:
        raise ValueError(f"{sorted(wrong)} cannot be compared. Aspects: {ASPECTS}; judgements: {JUDGEMENTS}.")
    same = {
        aspect.id: _is_same(aspect, _values(opinions, aspect.id), judged.get(aspect.id))
        for aspect in differences.aspects.values()
    }
    facts = {id_: None if value is None else "agree" if value else "differ" for id_, value in same.items()}
    for aspect in differences.aspects.values():
        if aspect.kind == "many":
            chosen = _values(opinions, aspect.id)
            facts |= {choice: _spread(choice, chosen) for choice in aspect.labels}
    held = {id_: cause.when.value(facts) for id_, cause in differences.causes.items()}
    if not any(value is False for id_, value in same.items() if id_ not in BACKGROUND):
        held = {}
    core = [same[id_] for id_ in CORE]
    return Comparison(
        agree=tuple(id_ for id_, value in same.items() if value),
        differ=tuple(id_ for id_, value in same.items() if value is False),
        unknown=tuple(id_ for id_, value in same.items() if value is None),
        causes=tuple(differences.causes[id_] for id_, value in held.items() if value),
        unsettled=tuple(differences.causes[id_] for id_, value in held.items() if value is None),
        conflict=True if False in core else None if None in core else False,
    )


def aspects_to_judge(opinions: Sequence[Opinion]) -> tuple[str, ...]:
    """Return the aspects of which only a person can say whether the texts mean the same: at least two, and unlike."""
    return tuple(
        aspect.id
        for aspect in load_differences().aspects.values()
        if aspect.kind == "text" and len({_plain(value) for value in _values(opinions, aspect.id) if value}) > 1
    )


def answers_with_opinions(answers: Answers, opinions: Sequence[Opinion], comparison: Comparison) -> Answers:
    """Return ``answers`` as the guidance reads them with these opinions: how many there are, and whether they conflict.

    While the comparison cannot tell, the person's own answer stays.
    """
    count = sum(any(opinion.values()) for opinion in opinions)
    given = answers.get("opinions_so_far")
    known = given if isinstance(given, int) else 1
    conflict = {True: "yes", False: "no", None: answers.get("opinions_conflict")}[comparison.conflict]
    return {**answers, "opinions_so_far": max(known, count), "opinions_conflict": conflict}


def _values(opinions: Sequence[Opinion], aspect_id: str) -> list[Any]:
    """Return what each opinion says of an aspect; ``None`` for unknown."""
    values = [opinion.get(aspect_id) for opinion in opinions]
    return [(value.strip() if isinstance(value, str) else value) or None for value in values]


def _is_same(aspect: Aspect, values: list[Any], judgement: str | None) -> Truth:
    given = [value for value in values if value is not None]
    everybody_said = len(given) == len(values)
    if len(given) < 2:
        return None
    if aspect.kind == "text":
        if len({_plain(text) for text in given}) == 1:
            return True if everybody_said else None
        if judgement == "different":
            return False
        return True if judgement == "same" and everybody_said else None
    if len({frozenset([value] if isinstance(value, str) else value) for value in given}) > 1:
        return False
    return True if everybody_said and CATCH_ALL not in given[0] else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _spread(choice: str, lists: list[Any]) -> str | None:
    """Return whether ``choice`` stands in all, some or none of ``lists``; ``None`` if a missing list could tell."""
    found = {None if items is None else choice in items for items in lists}
    if {True, False} <= found:
        return "some"
    if None in found or not found:
        return None
    return "all" if True in found else "none"


@cache
def load_differences(folder: Path | None = None) -> Differences:
    """Load and check the file in ``folder`` (``None``: the bundled ``data/guidance``); cached by folder.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    return _Loader(folder).load()


class _Loader(EntryFiles):
    """Reads the file; aspects first, because conditions speak of them."""

    def load(self) -> Differences:
        content = self.read(FILE)
        aspects = self.unique(FILE, "aspect", content["aspect"], self.aspect)
        if tuple(aspects) != ASPECTS:
            raise ContentError(f"data/guidance/{FILE}: the aspects are {list(aspects)}. Give {list(ASPECTS)}.")
        names = dict.fromkeys(aspects, Name("one", ("agree", "differ")))
        for aspect in aspects.values():
            for choice in aspect.labels if aspect.kind == "many" else ():
                if choice in names:
                    raise ContentError(
                        f"data/guidance/{FILE}, aspect {aspect.id}: '{choice}' has two meanings. Rename the label."
                    )
                names[choice] = Name("one", ("all", "some", "none"))
        causes = self.unique(FILE, "cause", content["cause"], lambda row: self.cause(row, names))
        return Differences(aspects, causes)

    def aspect(self, row: dict[str, Any]) -> Aspect:
        where = f"data/guidance/{FILE}, aspect {row['id']}"
        if row["kind"] not in KINDS:
            raise ContentError(f"{where}: kind '{row['kind']}' is not one of {list(KINDS)}. Correct it.")
        labels = dict(row.get("labels", {}))
        if "labels_of" in row:
            need_known(row["labels_of"], list(self.guidance.questions), "question", where)
            question = self.guidance.questions[row["labels_of"]]
            labels = {choice: question.labels[choice] for choice in question.choices} | labels
        if bool(labels) == (row["kind"] == "text"):
            raise ContentError(f"{where}: a text has no labels, and every other kind has some. Correct one.")
        return Aspect(row["id"], row["kind"], row["title"], row["ask"], MappingProxyType(labels))

    def cause(self, row: dict[str, Any], names: Mapping[str, Name]) -> Cause:
        where = f"data/guidance/{FILE}, cause {row['id']}"
        for cited in row["cites"]:
            need_known(cited, [*self.guidance.statements, "ours"], "statement", where)
        if not 2 <= len(row["ask"]) <= 3:
            raise ContentError(f"{where}: it has {len(row['ask'])} questions. Give 2 or 3.")
        need_date(row["checked"], "checked", where)
        when = self.condition(row["when"], names, f"{FILE}, cause {row['id']}")
        return Cause(**{**row, "when": when, "ask": tuple(row["ask"]), "cites": tuple(row["cites"])})
