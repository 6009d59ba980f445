"""Tells choices with the same label apart: Streamlit knows a choice by its label, and of two takes the last."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def told_apart(labels: Mapping[Id, str], detail_of: Callable[[Id], str] = lambda _: "") -> dict[Id, str]:
    """Return the labels by id, in their order; where two are the same, with what tells them apart in brackets.

    ``detail_of``: gives such words for an id. Those that have none, or the same ones, are numbered: the first keeps its
    label.
    """
    counts = Counter(labels.values())
    apart: dict[Id, str] = {}
    taken = {label for label, count in counts.items() if count == 1}
    for id_, label in labels.items():
        detail = detail_of(id_) if counts[label] > 1 else ""
        known = f"{label} ({detail})" if detail else label
        unlike, number = known, 1
        while counts[label] > 1 and unlike in taken:
            number += 1
            unlike = f"{known} ({number})"
        taken.add(unlike)
        apart[id_] = unlike
    return apart
