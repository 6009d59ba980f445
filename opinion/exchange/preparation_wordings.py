"""Turns what a patient can prepare into words: shares, findings, sources, and what would make a list fit better."""

from collections.abc import Iterable, Mapping
from typing import Any

from opinion.guidance.contents import Guidance
from opinion.guidance.decisions import is_asked, known_answers
from opinion.guidance.preparations import Finding, Item, Study
from opinion.guidance.shares import Share, nearest_share
from opinion.texts.translations import Translator


def share_words(share: Share, t: Translator, is_rounded: bool = False) -> str:
    """Return a share such as "about 1 in 5"; ``is_rounded``: the figure itself was rounded before it came here."""
    if share.is_exact and not is_rounded:
        return t("{part} in {whole}", part=share.part, whole=share.whole)
    return t("about {part} in {whole}", part=share.part, whole=share.whole)


def _share_of(percent: float | None, t: Translator) -> str:
    return "" if percent is None else share_words(nearest_share(percent, 100), t, is_rounded=True)


def finding_words(finding: Finding, study: Study, t: Translator) -> str:
    """Return one result of a study, its figures as words and counts."""
    counted = _counted(finding.count, study, t) or {"share": _share_of(finding.percent, t)}
    words = t(
        finding.text,
        **counted,
        lowest=_share_of(finding.lowest_percent, t),
        highest=_share_of(finding.highest_percent, t),
        number=finding.number,
    )
    return words[:1].upper() + words[1:]


def _counted(count: int | None, study: Study, t: Translator) -> dict[str, str]:
    if count is None or study.of is None:
        return {}
    return {"share": share_words(nearest_share(count, study.of), t), "count": f"{count:,}", "of": f"{study.of:,}"}


def size_words(study: Study, t: Translator) -> str:
    """Return who was studied, and how many."""
    return t(study.size, of=f"{study.of:,}" if study.of is not None else "")


def harm_words(study: Study, t: Translator) -> str:
    """Return what went worse; where nothing is told, that this is not known."""
    if not study.harm:
        return t("Not known. What we read says nothing about it.")
    words = t(study.harm, **_counted(study.harm_count, study, t))
    return words[:1].upper() + words[1:]


def source_words(guidance: Guidance, ids: Iterable[str], t: Translator) -> str:
    """Return the sources as Markdown links with publisher and year; our own words are called so."""
    return "; ".join(_source(guidance.sources[id], id, t) for id in ids)


def _source(source: Mapping[str, str], id: str, t: Translator) -> str:
    if id == "ours":
        return t("our own careful choice")
    year = f", {source['published'][:4]}" if source["published"] else ""
    return f"[{source['title']}]({source['address']}), {source['publisher']}{year}"


def missing_questions(guidance: Guidance, items: Iterable[Item], facts: Mapping[str, Any], t: Translator) -> list[str]:
    """Return the questions whose answers would say whether ``items`` fit, in question order, each once."""
    names = {name for item in items if item.when is not None for name in item.when.deciding(facts)}
    known = known_answers(facts)
    found = [
        t(question.title)
        for question in guidance.questions.values()
        if question.id in names and is_asked(question, known) is True
    ]
    return [*found, t("Would you travel abroad?")] if "abroad" in names else found
