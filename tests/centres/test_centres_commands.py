import argparse
from datetime import date
from pathlib import Path

import pytest
from invented import RAW, TABLES, rules_into, small_tables

from opinion.centres import staleness
from opinion.centres.commands import add_commands
from opinion.errors import CatalogueError

GENERATED = ("centres.csv", "facts.csv", "origins.csv", "left_out.csv", "ledger.csv")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(["centres", *words])
    return arguments.run(arguments)


@pytest.mark.skipif(not RAW.is_dir(), reason="the raw tables are not beside the repository")
def test_compiling_gives_the_tables_of_the_repository_byte_for_byte(tmp_path: Path, capsys):
    assert run("compile", str(RAW), "--tables", str(rules_into(tmp_path))) == 0
    assert "the source may not ship" in capsys.readouterr().out
    for name in GENERATED:
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes(), name


def test_build_prints_counts_in_and_out(tmp_path: Path, capsys):
    tables = small_tables(tmp_path / "tables")
    assert run("build", "--tables", str(tables), "--out", str(tmp_path / "var")) == 0
    counts = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines()[:-1])
    assert counts["centres in"] == counts["centres packed"] != "0"
    assert int(counts["facts packed"]) > int(counts["facts in"]) > 0


def test_show_names_the_sources(packed: Path, catalogue, capsys, monkeypatch):
    monkeypatch.setenv("OPINION_VAR", str(packed))
    monkeypatch.setattr(staleness, "today", lambda: date(2026, 11, 23))
    assert run("show", "es:280029") == 0
    out = capsys.readouterr().out
    assert "beds           901  (stated; overdue since 2021-12-31) [CAMAS]" in out
    assert "conflict       beds: 886 (2025) counts, not 901 (2020), by date" in out
    assert "linear_accelerator x4  (stated) [CNH 2025 count]" in out
    assert "Ministerio de Sanidad" in out
    with pytest.raises(CatalogueError, match="no centre 'nobody'"):
        run("show", "nobody")


def test_diff_shows_facts_and_focus(tmp_path: Path, capsys):
    new, old = small_tables(tmp_path / "new"), small_tables(tmp_path / "old")
    assert run("diff", str(old), str(new)) == 0
    facts, centres = old / "facts.csv", old / "centres.csv"
    lines = facts.read_text("utf-8").splitlines(keepends=True)
    gone = [line for line in lines if ",disease_area,psychiatry," in line][:1]
    facts.write_text("".join(line for line in lines if line not in gone), "utf-8")
    centres.write_text(centres.read_text("utf-8").replace("Kantonsspital Baden AG", "Spital Baden"), "utf-8")
    assert run("diff", str(old), str(new)) == 1
    out = capsys.readouterr().out
    assert "facts added: 1" in out
    assert "psychiatry: service_offered -> single_specialty" in out
    assert "name: 'Spital Baden' -> 'Kantonsspital Baden AG'" in out
    assert run("diff", str(old), str(new), "--limit", "0") == 1
    assert "more (--limit)" in capsys.readouterr().out
