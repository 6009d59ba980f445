"""Turns one row of the raw table into who stated each value that has no evidence row, by ``attribution.toml``.

The raw table was filled from several sources. Naming the row's own source for all of them would be untrue: no US
hospital's website comes from the file that lists its services.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from opinion.centres.sources import Source
from opinion.errors import CatalogueError


@dataclass(frozen=True)
class Attribution:
    """``rules``: candidate sources by (row's source, field, precision); precision ``""`` fits every point.

    ``always``: sources that worked on rows without being listed in them.
    """

    rules: dict[tuple[str, str, str], tuple[str, ...]]
    always: frozenset[str]


def read_attribution(tables: Path, sources: dict[str, Source]) -> Attribution:
    """Return the rules of ``attribution.toml`` in ``tables``. Raises ``CatalogueError`` on an unknown source."""
    path = tables / "attribution.toml"
    if not path.is_file():
        raise CatalogueError(f"{path} is missing. Restore it: it says whose the points and websites are.")
    content = tomllib.loads(path.read_text("utf-8"))
    rules: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for rule in content["value"]:
        for source in (*rule["rows"], *rule["from"], *content["always"]):
            if source not in sources:
                raise CatalogueError(f"{path}: {source!r} is not in sources.toml. Add it there or correct it.")
        for row in rule["rows"]:
            for precision in rule.get("precision", [""]):
                rules[row, rule["field"], precision] = tuple(rule["from"])
    return Attribution(rules, frozenset(content["always"]))


def folded_sources(also_in: str) -> dict[str, str]:
    """Return the first record id by source of ``also_in`` (``hifld:0006|wikidata:Q1``)."""
    folded: dict[str, str] = {}
    for part in filter(None, also_in.split("|")):
        source, _, record = part.partition(":")
        folded.setdefault(source, record)
    return folded


def stated_by(attribution: Attribution, row: dict[str, str], field: str) -> str:
    """Return the id of the source that stated ``field`` in the raw ``row``, or ``""`` if none can be named."""
    precision = row["coord_precision"] if field == "point" else ""
    own = row["source"]
    rules = attribution.rules
    candidates = rules.get((own, field, precision)) or rules.get((own, field, "")) or (own,)
    folded = folded_sources(row["also_in"])
    for candidate in candidates:
        if candidate == own or candidate in folded or candidate in attribution.always:
            return candidate
    return ""
