"""Turns compared opinions into one HTML table: a real one, so that a screen reader says row and column of each cell."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from opinion.exchange.opinion_wordings import Group
from opinion.texts.translations import Translator

STYLE = Path(__file__).with_name("opinions.css")
SIGNS = {"differ": "≠", "unknown": "?", "agree": "="}


def table_html(titles: Sequence[str], groups: Iterable[Group], t: Translator) -> str:
    """Return the table, one column for each of ``titles``; every text in it is escaped.

    On a phone the cells of a row stand below each other. A browser then forgets that it is a table, so roles say so.
    """
    columns = (t("What"), *titles)
    heads = "".join(f'<th scope="col" role="columnheader">{escape(column)}</th>' for column in columns)
    bodies = "".join(_body(group, titles, t) for group in groups)
    caption = escape(t("Only what you wrote. “Not known” never means no."))
    return (
        f'<table class="opinions" role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{bodies}</table>'
    )


def _body(group: Group, titles: Sequence[str], t: Translator) -> str:
    rows = []
    for line in group.lines:
        cells = "".join(
            f'<td role="cell" data-opinion="{escape(title)}"{"" if said else " class=unknown"}>'
            f"{escape(said or t('not known'))}</td>"
            for title, said in zip(titles, line.cells, strict=True)
        )
        rows.append(f'<tr role="row"><th scope="row" role="rowheader">{escape(line.title)}</th>{cells}</tr>')
    band = (
        f'<tr class="{group.id}" role="row"><th scope="rowgroup" role="rowheader" colspan="{len(titles) + 1}">'
        f'<span aria-hidden="true">{SIGNS[group.id]}</span> {escape(group.title)}</th></tr>'
    )
    return f'<tbody role="rowgroup">{band}{"".join(rows)}</tbody>'
