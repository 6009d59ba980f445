"""Turns a machine with its field strength or its slices, as in ``MRI 3T`` or ``CT 64``, into the machine.

Strength and slices are no facts of the catalogue. They are passed over only beside a known machine that has them.
"""

import re
from collections.abc import Callable

_STRENGTH = re.compile(r"(?<![\w.,])\d{1,2}(?:[.,]\d{1,2})?[ -]?(?:tesla|тесла|тл|t)(?!\w)", re.IGNORECASE)
_SLICES = re.compile(
    r"(?<![\w.,])(?:\d{1,3}[ -]?(?:slices?|rows?|zeilen|zeiler|zeilig|schichten|coupes|barrettes|cortes|strati|kesit|"
    r"kesitli|срезов|срезовый|列)"
    # a bare number may be how many there are: only one that no hospital has, and that machines have
    r"|(?:16|20|32|40|64|80|128|160|192|256|320|384|512|640))(?![\w.,])",
    re.IGNORECASE,
)
_SIZES = ((_STRENGTH, frozenset(("mri", "pet_mri"))), (_SLICES, frozenset(("ct", "pet_ct", "spect"))))
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])(\d{1,2}),(\d{1,2}[ -]?(?:tesla|t)(?!\w))", re.IGNORECASE)


def find_sized(word: str, find: Callable[[str], str | None]) -> str:
    """Return the id of the machine that ``word`` names beside a strength or slices, ``""`` if it is none.

    ``find``: gives the id of a machine by its word, or nothing.
    """
    for size, machines in _SIZES:
        bare, times = size.subn(" ", word)
        bare = " ".join(bare.replace("( )", " ").replace("[ ]", " ").split()).strip("-, ")
        found = find(bare) if times == 1 and bare else None
        if found in machines:
            return found or ""
    return ""


def with_decimal_points(text: str) -> str:
    """Return ``text`` with ``1.5 T`` for ``1,5 T``, so that the comma is not taken for the end of a word."""
    return _DECIMAL_COMMA.sub(r"\1.\2", text) if "," in text else text
