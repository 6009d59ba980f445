"""Turns the first rows of a table into the heads of its columns: where they stand, and what the columns are called.

Heads may stand in several rows: a group over its columns ("Beds"), and under it what each column is ("total", "ICU").
"""

from collections.abc import Callable, Iterable, Sequence

UNDER = " > "
"""Between a group and what stands under it, in the name of a column."""

MOST_ROWS = 3
"""The most rows that heads may take."""

_WITHIN = 20  # rows in which heads are looked for


def find_heads(rows: Sequence[Sequence[str]], is_head: Callable[[str], bool]) -> tuple[int, int]:
    """Return the number of the first row of the heads, from 1, and how many rows they take: one or two.

    It is the row with the most known heads; without one the first that is nearly as full as any. Two rows, if one of
    them groups the columns of the other and no known head is lost by that. ``is_head`` says whether a text is known as
    the head of a column. A proposal, for a person to decide.
    """
    first, most = 0, 0
    for number, row in enumerate(rows[:_WITHIN], start=1):
        known = sum(is_head(cell) for cell in set(row) if cell.strip())
        if known > most:
            first, most = number, known
    if not first:
        widest = max(map(_filled, rows), default=0)
        return next((number for number, row in enumerate(rows, start=1) if _filled(row) >= 0.8 * widest), 1), 1
    for top in (first, first - 1):
        if 0 < top < len(rows) and _is_grouped(rows[top - 1], rows[top], is_head):
            return top, 2
    return first, 1


def joined_heads(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one head for each column of the rows that hold the heads; ``""`` for a column without one.

    A text stands for the cells on its right too that are empty and have something under them, as it does when cells
    were merged. What is the same in two rows is said once.
    """
    width = max(map(len, rows), default=0)
    levels = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in rows]
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, level in enumerate(levels):
        group = ""
        for place, text in enumerate(level):
            under = next((lower[place] for lower in levels[depth + 1 :] if lower[place]), "")
            group = (text or group) if under and under != text else ""
            said = text or group
            if said and said not in parts[place]:
                parts[place].append(said)
    return [UNDER.join(each) for each in parts]


def named(heads: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each column; one without a head gets its number, one with the head of another a number more."""
    last = max((place for place, head in enumerate(heads, start=1) if head.strip()), default=len(heads))
    names: list[str] = []
    for place, head in enumerate(heads[:last], start=1):
        name = base = " ".join(head.split()) or f"Column {place}"
        more = 2
        while name in names:
            name, more = f"{base} ({more})", more + 1
        names.append(name)
    return tuple(names)


def _is_grouped(top: Sequence[str], bottom: Sequence[str], is_head: Callable[[str], bool]) -> bool:
    """Say whether a row holds groups of the columns under it: ``bottom`` may be heads as well, or the first centre."""
    heads = joined_heads([top, bottom])
    groups = [head.split(UNDER)[0] for head in heads if UNDER in head]
    shared = {group for group in groups if groups.count(group) > 1}
    if not shared or len({cell for cell in top if cell.strip()}) < 2:
        return False  # a title over all columns is no group
    for place, head in enumerate(heads):
        under = bottom[place].strip() if place < len(bottom) else ""
        if UNDER in head and head.split(UNDER)[0] not in shared and not is_head(under):
            return False  # the first centre stands under heads that are no group

    def known(row: Iterable[str]) -> int:
        return sum(is_head(cell) for cell in row if cell.strip())

    return known(heads) >= max(known(set(top)), known(set(bottom)))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
