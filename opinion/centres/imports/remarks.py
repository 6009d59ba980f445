"""Says which rows of a list may be no centre: a sum, the heading of a group of rows, or a note below them."""

from collections.abc import Sequence

from opinion.centres.imports.words import Words

REMARKS = frozenset(("row_of_sum", "row_of_one_text"))
"""Codes of such rows."""

_FEWEST = 3  # columns of a list in which a row with one text says too little


def remark_code(cells: Sequence[str], name: str, city: str, words: Words) -> str:
    """Return ``row_of_sum``, ``row_of_one_text``, or ``""`` for a row that seems to be a centre.

    ``cells``: all of the row; one text in all of them is one, as of merged cells. A name such as "Total" is a sum; one
    that begins so ("Total, canton of Bern") is one if there is no ``city``.
    """
    if name and words.find("totals", name if city else name.partition(" ")[0]):
        return "row_of_sum"
    if len(cells) < _FEWEST:
        return ""
    only = ""
    for cell in cells:
        if cell and cell != only and not cell.isspace():
            if only:
                return ""
            only = cell
    return "row_of_one_text"
