"""Turns the raw tables of compiled facts into our own tables in ``data/centres``, and counts what stays out.

Raw are ``centres_facts.csv`` (one row a centre), ``centres_evidence.csv.gz`` (one row a stated fact). Rows are
never dropped in silence: each one ends in a table or in ``left_out.csv`` with a reason, and ``ledger.csv`` adds up.
"""

import csv
import gzip
import hashlib
import io
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from opinion.centres.attribution import Attribution, folded_sources, read_attribution, stated_by
from opinion.centres.focuses import read_focus_rules
from opinion.centres.inputs import TABLES, Inputs
from opinion.centres.sources import Source, read_sources
from opinion.centres.tables import (
    CENTRES,
    FACTS,
    LEDGER,
    LEFT_OUT,
    ORIGINS,
    fact_fault,
    is_point,
    is_web_address,
    write_table,
)
from opinion.errors import CatalogueError
from opinion.vocabularies import country_codes

_SUGGESTED = {"disease_areas_from_name": "disease_area", "equipment_from_name": "equipment"}
_NOT_SHIPPED = "the source may not ship"
_NO_SOURCE = "no source can be named for the value"


@dataclass
class _Compilation:
    sources: dict[str, Source]
    attribution: Attribution
    not_centres: dict[str, str]
    centres: list[list[str]] = field(default_factory=list)
    facts: list[list[str]] = field(default_factory=list)
    origins: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    left_out: list[list[str]] = field(default_factory=list)
    ledger: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def origin(self, source: str, address: str, date: str, code: str = "") -> str:
        """Return the id of an origin: a hash of what it says, so that a new one renumbers no other."""
        key = (source, address, date, code)
        if not all(key[:3]):
            raise CatalogueError(f"{source!r}: an origin lacks its address or date. Complete sources.toml.")
        if key not in self.origins:
            self.origins[key] = hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:10]
        return self.origins[key]

    def leave_out(self, table: str, centre_id: str, name: str, value: str, source: str, reason: str) -> None:
        self.left_out.append([centre_id, name, value, source, reason])
        self.ledger[table, source, "left out", reason] += 1

    def ships(self, source: str) -> bool:
        if source not in self.sources:
            raise CatalogueError(f"'{source}' is not in sources.toml. Describe the source there first.")
        return self.sources[source].ship


def compile_tables(raw: Path, out: Path = TABLES) -> list[list[str]]:
    """Write the tables of ``out`` from the raw tables in ``raw`` and return the ledger's rows.

    The files edited by hand are read from ``out``; ``mends.toml`` and ``not_centres.toml`` may be missing. The same
    input gives the same bytes.
    Raises ``CatalogueError`` if a raw table is missing or names what the rules do not know.
    """
    sources = read_sources(Inputs(out))
    not_centres = {entry["id"]: f"no centre: {entry['why']}" for entry in _blocks(out / "not_centres.toml", "entry")}
    work = _Compilation(sources, read_attribution(out, sources), not_centres)
    mends = _blocks(out / "mends.toml", "mend")
    kept: dict[str, dict[str, str]] = {}
    for row in _raw_rows(raw / "centres_facts.csv", mends):
        if _compile_centre(work, row, kept):
            kept[row["centre_id"]] = row
    designations = read_focus_rules(out).designations
    for row in _raw_rows(raw / "centres_evidence.csv.gz", mends):
        _compile_fact(work, row, kept)
        if row["field"] == "designation" and row["value"] not in designations:
            raise CatalogueError(f"focus.toml has no rule for the designation {row['value']!r}. Add one.")
    _write(work, out)
    return _ledger_rows(work)


def _blocks(path: Path, name: str) -> list[dict[str, str]]:
    """Return the blocks of a file that may be missing."""
    blocks: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))[name] if path.is_file() else []
    return blocks


def _raw_rows(path: Path, mends: list[dict[str, str]]) -> list[dict[str, str]]:
    if not path.is_file():
        raise CatalogueError(f"{path} is missing. Give the folder that holds the raw tables.")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = content.decode("utf-8")
    for mend in mends:
        text = text.replace(mend["broken"], mend["mended"])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _compile_centre(work: _Compilation, row: dict[str, str], kept: dict[str, dict[str, str]]) -> bool:
    source, centre_id = row["source"], row["centre_id"]
    fault = ""
    if not work.ships(source):
        fault = _NOT_SHIPPED
    elif centre_id in work.not_centres:
        fault = work.not_centres[centre_id]
    elif centre_id in kept:
        fault = "the id stands there twice"
    elif not row["name"] or row["country_code"] not in country_codes():
        fault = "the name is empty or the country code unknown"
    if fault:
        work.leave_out("centres", centre_id, "centre", row["name"], source, fault)
        return False
    own = work.origin(source, row["source_url"], row["source_date"])
    cells = dict.fromkeys(CENTRES, "")
    for column in ("centre_id", "name", "city_local", "region", "country_code", "also_in"):
        cells[column] = row[column]
    if row["nearest_city_derived"] and work.ships("geonames"):
        cells["nearest_city"] = row["nearest_city_derived"]
        work.ledger["values", "geonames", "shipped", ""] += 1
    cells["facility_type"] = row["facility_type_raw"]
    cells["flag"] = row["name_flag"]
    cells["origin"] = own
    _place(work, row, cells, "name_other", row["name_alt"])
    _place(work, row, cells, "city", row["city"])
    _place(work, row, cells, "website", row["website"])
    _place(work, row, cells, "point", f"{row['lat']},{row['lon']}" if row["lat"] else "")
    work.centres.append([cells[column] for column in CENTRES])
    work.ledger["centres", source, "shipped", ""] += 1
    for column, name in _SUGGESTED.items():
        for value in filter(None, row[column].split(";")):
            fault = fact_fault(name, value, "")
            if fault:
                work.leave_out("suggestions", centre_id, name, value, source, fault)
                continue
            work.facts.append([centre_id, name, value, "", "suggested", own])
            work.ledger["suggestions", source, "shipped", ""] += 1
    return True


def _place(work: _Compilation, row: dict[str, str], cells: dict[str, str], name: str, value: str) -> None:
    """Put ``value`` and who stated it into ``cells``, or leave it out with a reason."""
    if not value:
        return
    source = stated_by(work.attribution, row, name)
    fault = ""
    if not source:
        fault = _NO_SOURCE
    elif not work.ships(source):
        fault = _NOT_SHIPPED
    elif name == "website" and not is_web_address(value):
        fault = "not an http or https address"
    elif name == "point" and not is_point(row["lat"], row["lon"]):
        fault = "not a point on the globe"
    if fault:
        work.leave_out("values", row["centre_id"], name, value, source or row["source"], fault)
        return
    if name == "point":
        cells["lat"], cells["lon"], cells["coord_precision"] = row["lat"], row["lon"], row["coord_precision"]
    else:
        cells[name] = value
    cells[f"origin_{name}"] = _origin_of_value(work, row, source)
    work.ledger["values", source, "shipped", ""] += 1


def _origin_of_value(work: _Compilation, row: dict[str, str], source: str) -> str:
    if source == row["source"]:
        return work.origin(source, row["source_url"], row["source_date"])
    described = work.sources[source]
    record = folded_sources(row["also_in"]).get(source, "")
    address = described.record.format(id=record) if described.record and record else described.read_from
    # a folded record's own date is not in the raw row: the date of the data set is the honest one
    return work.origin(source, address, described.published)


def _compile_fact(work: _Compilation, row: dict[str, str], kept: dict[str, dict[str, str]]) -> None:
    centre_id, name, value, count = row["centre_id"], row["field"], row["value"], row["count"]
    source = row["source"]
    fault = fact_fault(name, value, count)
    if not work.ships(source):
        fault = _NOT_SHIPPED
    elif centre_id not in kept:
        fault = "its centre stays out"
    if fault:
        work.leave_out("facts", centre_id, name, value, source, fault)
        return
    named = work.attribution.rules.get((source, name, ""), (source,))[0]
    origin = work.origin(named, row["source_url"], row["source_date"], row["source_code"])
    work.facts.append([centre_id, name, value, count, "stated", origin])
    work.ledger["facts", source, "shipped", ""] += 1


def _ledger_rows(work: _Compilation) -> list[list[str]]:
    return [[*key, str(rows)] for key, rows in sorted(work.ledger.items())]


def _write(work: _Compilation, out: Path) -> None:
    if len(set(work.origins.values())) != len(work.origins):
        raise CatalogueError("Two origins have the same short hash. Lengthen it in compiling.py.")
    used = {cell for row in work.centres for cell in row[-5:]} | {row[-1] for row in work.facts}
    origins = sorted([origin, *key] for key, origin in work.origins.items() if origin in used)
    write_table(out / "centres.csv", CENTRES, sorted(work.centres))
    write_table(out / "facts.csv", FACTS, sorted(work.facts))
    write_table(out / "origins.csv", ORIGINS, origins)
    write_table(out / "left_out.csv", LEFT_OUT, sorted(work.left_out))
    write_table(out / "ledger.csv", LEDGER, _ledger_rows(work))
