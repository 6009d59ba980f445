"""Turns a comparison into one HTML table: a real one, so that a screen reader says row and column of each cell."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlsplit

from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import Cell, Comparison
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui.comparison_words import WordedLine, cell_sources, section_titles, unknown_words, worded
from opinion.ui.fact_words import cited_page


def table_html(catalogue: Catalogue, comparison: Comparison, link: str, with_sources: bool, t: Translator) -> str:
    """Return the table; every text in it is escaped.

    ``link`` is the whole address of the page, for paper. ``with_sources`` adds source and date to each cell.
    """
    width = len(comparison.rows)
    bodies = []
    for kind, title in section_titles(t).items():
        lines = worded(comparison, kind, t, briefly=kind == "same" and not with_sources)
        if lines:
            rows = "".join(_rows(lines, width, with_sources, t))
            bodies.append(f"<tbody>{_band(title, width, 'section', 'rowgroup')}{rows}</tbody>")
    unknown = unknown_words(comparison, t)
    last = f"<p><strong>{escape(t('Not known for any'))}:</strong> {escape(unknown)}</p>" if unknown else ""
    heads = "".join(_heads(catalogue, comparison, t))
    caption = escape(t("What our sources state. “Not known” never means no."))
    region = escape(t("Comparison of centres"))
    return (
        f'<div class="comparison" style="--centres: {width}" role="region" aria-label="{region}" tabindex="0">'
        f"<table><caption>{caption}</caption>"
        f'<thead><tr><th scope="col">{escape(t("Fact"))}</th>{heads}</tr></thead>{"".join(bodies)}</table></div>'
        f'<div class="comparison-foot">{last}<p class="on-paper">{escape(link)}</p></div>'
    )


def _heads(catalogue: Catalogue, comparison: Comparison, t: Translator) -> Iterable[str]:
    names = country_names(t.language)
    columns = ("name", "city", "country_code", "maybe_not_one_centre")
    table = catalogue.table.select(columns).take(list(comparison.rows)).to_pydict()
    for place, id_ in enumerate(comparison.centre_ids):
        name, town, code, doubtful = (table[column][place] for column in columns)
        where = ", ".join(filter(None, (town, names.get(code, code))))
        link = _link(f"/centre?id={quote(id_, safe=':')}", name)
        doubt = t("It is not certain that this is one single centre.") if doubtful else ""
        notes = "".join(f"<br><small>{escape(note)}</small>" for note in (where, doubt) if note)
        yield f'<th scope="col">{link}{notes}</th>'


def _rows(lines: Iterable[WordedLine], width: int, with_sources: bool, t: Translator) -> Iterable[str]:
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            yield _band(group, width, "group", "colgroup")
        cells = line.line.cells if line.line and len(line.cells) == width else ()
        whole = f' colspan="{width}"' if len(line.cells) < width else ""
        said = "".join(
            f"<td{whole}{'' if text != t('not known') else ' class=unknown'}>{_said(text)}"
            f"{_sources(cells[place], t) if with_sources and cells else ''}</td>"
            for place, text in enumerate(line.cells)
        )
        yield f'<tr><th scope="row">{escape(line.label)}</th>{said}</tr>'


def _band(title: str, width: int, kind: str, scope: str) -> str:
    return f'<tr class="{kind}"><th colspan="{width + 1}" scope="{scope}"><span>{escape(title)}</span></th></tr>'


def _said(text: str) -> str:
    """Return a cell's text; an address is a link that shows its host."""
    parts = urlsplit(text) if text.startswith(("http://", "https://")) else None
    return _link(text, parts.netloc.removeprefix("www.")) if parts and parts.netloc else escape(text)


def _sources(cell: Cell, t: Translator) -> str:
    said = []
    for told, fact in cell_sources(cell, t):
        title, address = cited_page(fact)
        linked = _link(address, title) if address else escape(title)
        said.append(f"<br><small>{linked}, {escape(told)}</small>")
    return "".join(said)


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(text)}</a>'
