"""Turns a pair into what speaks for one centre and what against it, field by field: one judgement for words and table.

A field speaks for one centre where its part of the score gives at least half of what it could.
"""

from opinion.centres.doubles.queues import Proposal

_NAMES = 80  # two names of one town that have nothing but "hospital" in common are some 50 alike
_HALF = 0.5


def judge(pair: Proposal) -> dict[str, bool | None]:
    """Return for ``name``, ``point``, ``city``, ``website`` and ``beds`` whether it speaks for one centre.

    ``None``: it is not known, or says nothing: a website of a group, or another town's name close by, for where a town
    ends is written in many ways.
    """
    near = None if pair.km is None else pair.place >= _HALF
    return {
        "name": pair.names >= _NAMES,
        "point": near,
        "city": None if near and not pair.same_town else pair.same_town,
        "website": pair.same_website,
        "beds": None if pair.beds_alike is None else pair.beds_alike >= _HALF,
    }
