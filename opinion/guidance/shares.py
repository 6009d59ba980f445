"""Turns counts into a share that people can picture: 62 of 286 is about 1 in 5."""

from dataclasses import dataclass
from fractions import Fraction

EASY = (2, 3, 4, 5, 10)  # out of so many people a share is easy to picture


@dataclass(frozen=True)
class Share:
    """``part`` in ``whole`` people. ``is_exact``: no rounding was needed. 0 in 1 is nobody, 1 in 1 everybody."""

    part: int
    whole: int
    is_exact: bool


def nearest_share(count: float, of: float) -> Share:
    """Return the easy share nearest to ``count`` of ``of``.

    Up to a third it is 1 in n, with n to two digits; close to everybody it is all but 1 in n; between them the nearest
    of halves, thirds, quarters, fifths and tenths. Never nobody or everybody, unless that is exact.

    Raises:
        ValueError: ``of`` is not positive, or ``count`` lies outside 0 to ``of``.

    """
    if of <= 0 or not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    exact = Fraction(str(count)) / Fraction(str(of))
    if exact in (0, 1):
        return Share(int(exact), 1, True)
    if exact <= Fraction(1, 3):
        near = Fraction(1, _two_digits(1 / exact))
    elif exact > Fraction(9, 10):
        near = 1 - Fraction(1, _two_digits(1 / (1 - exact)))
    else:
        easy = {Fraction(part, whole) for whole in EASY for part in range(1, whole)}
        near = min(easy, key=lambda each: (abs(each - exact), each.denominator))
    return Share(near.numerator, near.denominator, near == exact)


def _two_digits(number: Fraction) -> int:
    """Return the whole number nearest to ``number`` with no more than two digits that count."""
    step: int = 10 ** max(len(str(round(number))) - 2, 0)
    return round(number / step) * step
