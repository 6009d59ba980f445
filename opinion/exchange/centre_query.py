"""Turns ``python -m opinion centres query "area=oncology&country=DE"`` into the answer that the API would give."""

import json
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from opinion.errors import CatalogueError, Problem

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

_COLUMNS = {"id": 24, "name": 44, "city": 18, "country_code": 7, "beds": 5}  # widths, in letters


def add_command(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add ``query`` to the commands of ``centres``; it gives 2 if the query has a fault."""
    query = commands.add_parser("query", help="centres that match the query of a Centres page's address")
    query.add_argument("query", nargs="?", default="", help='such as "area=oncology&equipment=mri&country=DE"')
    query.add_argument("--format", choices=("json", "csv", "table"), default="table", help="(table)")
    query.add_argument("--limit", type=int, default=25, help="how many centres at most (25)")
    query.add_argument("--facets", action="store_true", help="add the counts of every facet; not in CSV")
    query.set_defaults(run=run)


def run(options: "Namespace") -> int:
    """Print the centres that match. Raises ``CatalogueError`` with every fault of the query."""
    from opinion.centres.facets import select  # loads pandas
    from opinion.centres.shared import shared_catalogue  # loads pandas
    from opinion.exchange.centre_records import read_query, selection_record, selection_rows  # loads pandas
    from opinion.exchange.tables import csv_of  # not before it is asked for

    filters, problems = read_query(parse_qs(options.query.removeprefix("?"), keep_blank_values=True))
    if options.limit < 1:
        problems.append(Problem("--limit", str(options.limit), "is not a number from 1 on."))
    if options.facets and options.format == "csv":
        problems.append(Problem("--facets", "", "does not fit into a CSV file. Ask for JSON."))
    if problems:
        raise CatalogueError("\n".join(map(str, problems)))
    record = selection_record(select(shared_catalogue(), filters), 1, options.limit, options.facets)
    if options.format == "json":
        print(json.dumps(record, ensure_ascii=False, indent=2))
    elif options.format == "csv":
        sys.stdout.write(csv_of(*selection_rows(record)).decode("utf-8-sig"))
    else:
        print("\n".join(_lines(record)))
    return 0


def _lines(record: dict[str, Any]) -> list[str]:
    """Return the record as lines of text: centres in columns, then counts, then sources."""
    lines = [_line({name: name for name in _COLUMNS})]
    lines += [_line(centre) for centre in record["centres"]]
    shown = len(record["centres"])
    lines += ["", f"{record['count']} centres" + (f", {shown} shown (--limit)" if shown < record["count"] else "")]
    said = record["not_known"].items()
    lines += [f"not known of {count} that fit otherwise: {name}" for name, count in said if count]
    lines.append(record["note"])
    for key, counts in record.get("facets", {}).items():
        lines += ["", key, *(f"  {value:30} {count:>7}" for value, count in counts.items() if count)]
    lines += ["", *(f"{one['publisher']}: {one['title']}. {one['licence']}" for one in record["sources"])]
    return lines


def _line(cell: dict[str, Any]) -> str:
    texts = (str(cell[name] if cell[name] is not None else "") for name in _COLUMNS)
    return "  ".join(f"{text[:width]:{width}}" for text, width in zip(texts, _COLUMNS.values(), strict=True)).rstrip()
