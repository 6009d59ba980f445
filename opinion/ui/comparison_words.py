"""Turns a comparison of centres into words: the table's sections, lines and cells, and the lines of its CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass

from opinion.centres.catalogues import Catalogue
from opinion.centres.comparisons import Cell, Comparison, Line
from opinion.centres.fact_database import Fact
from opinion.exchange.tables import csv_of
from opinion.texts.countries import country_names
from opinion.texts.translations import Translator
from opinion.ui import browsing_words as words
from opinion.ui.fact_words import (
    cited_page,
    date_words,
    distance_words,
    field_names,
    overdue_words,
    point_words,
    schedule_of_sources,
    value_words,
)

OF_ITEMS = ("designations", "disease_areas", "equipment")
"""The fields that have a line for each item."""


@dataclass(frozen=True)
class WordedLine:
    """A line in words. ``cells`` has one text for each centre, or a single one that is the same for all.

    ``group``: the field that the item belongs to, ``""`` for a line of its own. ``line``: what it says in words.
    """

    group: str
    label: str
    cells: tuple[str, ...]
    line: Line | None = None


def section_titles(t: Translator) -> dict[str, str]:
    """Return the titles of the sections, by kind of line, in the order in which they are shown."""
    return {
        "differs": t("Where they differ"),
        "partly": t("Known of some only: “not known” is not a no"),
        "same": t("The same for all"),
    }


def worded(comparison: Comparison, kind: str, t: Translator, briefly: bool = False) -> list[WordedLine]:
    """Return the lines of a kind in words. ``briefly``: what is the same for all in one cell, like items together."""
    lines = [
        WordedLine(
            _group(line, t),
            line_label(comparison, line, t),
            tuple(cell_words(line, cell, t) for cell in line.cells),
            line,
        )
        for line in comparison.of_kind(kind)
    ]
    return _together(lines) if briefly else lines


def _together(lines: Sequence[WordedLine]) -> list[WordedLine]:
    """Return lines that are the same for all with a single cell each, the items of a group by what is said of them."""
    found: list[WordedLine] = []
    items: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if line.group:
            items.setdefault((line.group, line.cells[0]), []).append(line.label)
        else:
            found.append(WordedLine("", line.label, line.cells[:1], line.line))
    said: dict[str, list[str]] = {}
    for (group, value), labels in items.items():
        said.setdefault(group, []).append(f"{value}: {', '.join(labels)}")
    return found + [WordedLine("", group, ("; ".join(parts),)) for group, parts in said.items()]


def unknown_words(comparison: Comparison, t: Translator) -> str:
    """Return, separated by points, what is known of none of the centres."""
    missing = [line_label(comparison, line, t) for line in comparison.of_kind("unknown")]
    held = {line.field for line in comparison.lines if line.item}
    missing += [t("other disease areas")] * ("disease_areas" in held) + [t("other equipment")] * ("equipment" in held)
    return " · ".join(missing)


def _group(line: Line, t: Translator) -> str:
    if not line.item:
        return ""
    return {
        "designations": t("Titles and programmes"),
        "disease_areas": t("Disease areas"),
        "equipment": t("Equipment"),
    }[line.field]


def line_label(comparison: Comparison, line: Line, t: Translator) -> str:
    """Return what a line is about: its item, or its field."""
    if line.item:
        labels = {
            "designations": words.designation_labels,
            "disease_areas": words.area_labels,
            "equipment": words.equipment_labels,
        }
        return labels[line.field](t)[line.item]
    more = {
        "designations": t("Titles and programmes"),
        "disease_areas": t("Disease areas"),
        "newest_year": t("Newest fact of"),
        "distance_km": t("Distance from {town}", town=comparison.town.name if comparison.town else ""),
    }
    return more.get(line.field) or field_names(t)[line.field]


def cell_words(line: Line, cell: Cell, t: Translator) -> str:
    """Return what is known of one centre, in plain words; what is not known is said to be not known."""
    if cell.known is None:
        return t("not known")
    said = _known_words(line.field, cell, t)
    if cell.count is not None:
        said = t("{certainty}: {count}", certainty=said, count=f"{cell.count:,}")
    if cell.also:
        numbers = ", ".join(f"{int(number):,}" for number in cell.also)
        said = t("{value} (another source or date: {others})", value=said, others=numbers)
    return said


def _known_words(field: str, cell: Cell, t: Translator) -> str:
    known = cell.known
    match field:
        case "country_code":
            return country_names(t.language).get(str(known), str(known))
        case "beds":
            return f"{known:,}"
        case "teaching":
            return t("yes")
        case "distance_km" if isinstance(known, int | float):
            precision = cell.facts[0].value.rpartition(",")[2] if cell.facts else ""
            return distance_words(known, precision, t)
        case "point":
            return point_words(cell.facts[0].value, t)
        case "disease_areas":
            return words.focus_word(str(known), t)
        case "designations" | "equipment":
            return words.certainty_words(str(known), t)
        case _:
            return str(known)


def cell_sources(cell: Cell, t: Translator) -> list[tuple[str, Fact]]:
    """Return each source of a cell once with what it says: the date, whether overdue, its number where they differ."""
    found: dict[tuple[str, str, str], tuple[str, Fact]] = {}
    schedule = schedule_of_sources()
    for fact in cell.facts:
        number = f"{fact.count:,}" if fact.count is not None else value_words(fact, t)
        told = t("{value} ({date})", value=number, date=date_words(fact, t)) if cell.also else date_words(fact, t)
        told = "; ".join(filter(None, (told, overdue_words(fact, schedule, t))))
        found.setdefault((fact.source, fact.source_date, told), (told, fact))
    return list(found.values())


def centre_names(catalogue: Catalogue, comparison: Comparison) -> list[str]:
    """Return the names of the centres, each with its id if two have the same."""
    names = [str(catalogue.table.column("name")[row]) for row in comparison.rows]
    return [
        f"{name} ({id_})" if names.count(name) > 1 else name
        for name, id_ in zip(names, comparison.centre_ids, strict=True)
    ]


def comparison_as_csv(catalogue: Catalogue, comparison: Comparison, t: Translator) -> bytes:
    """Return the whole comparison as CSV: a column for each centre, then one for its sources, then their licences."""
    names = centre_names(catalogue, comparison)
    head = [t("Section"), t("Group"), t("Fact"), *names, *(t("Sources: {name}", name=name) for name in names)]
    none = [""] * len(names)
    titles = {**section_titles(t), "unknown": t("Not known for any")}
    lines = [["", "", t("Centre"), *comparison.centre_ids, *none]]
    for kind, title in titles.items():
        for line in worded(comparison, kind, t):
            cells = line.line.cells if line.line else ()
            lines.append([title, line.group, line.label, *line.cells, *(_sources_in_line(cell, t) for cell in cells)])
    facts = [
        [fact for line in comparison.lines for fact in line.cells[place].facts] for place in range(len(names))
    ]  # of each centre
    known = catalogue.sources()
    used = [[known[id_] for id_ in dict.fromkeys(fact.source for fact in own)] for own in facts]
    lines.append(
        ["", "", t("Licences"), *none, *("; ".join(dict.fromkeys(each.licence for each in own)) for own in used)]
    )
    lines.append(["", "", t("Attributions"), *none, *(" ".join(each.attribution for each in own) for own in used)])
    return csv_of(head, lines)


def _sources_in_line(cell: Cell, t: Translator) -> str:
    said = [(*cited_page(fact), told) for told, fact in cell_sources(cell, t)]
    return "; ".join(", ".join(filter(None, (title, told, address))) for title, address, told in said)
