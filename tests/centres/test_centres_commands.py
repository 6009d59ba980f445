import argparse
import shutil
from pathlib import Path

import pytest
from invented import RAW, TABLES

from opinion.centres.commands import add_commands
from opinion.errors import CatalogueError


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(["centres", *words])
    return arguments.run(arguments)


@pytest.mark.skipif(not RAW.is_dir(), reason="the raw tables are not beside the repository")
def test_compile_counts_in_and_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("sources.toml", "attribution.toml", "focus.toml"):
        shutil.copy(TABLES / name, tmp_path / name)
    assert run("compile", str(RAW), "--tables", str(tmp_path)) == 0
    assert "the source may not ship" in capsys.readouterr().out


def test_build_show_and_diff(tmp_path: Path, packed: Path, catalogue, capsys, monkeypatch):
    assert run("build", "--out", str(tmp_path / "var")) == 0
    assert "centres packed" in capsys.readouterr().out
    monkeypatch.setenv("OPINION_VAR", str(packed))
    assert run("show", "es:280029") == 0
    out = capsys.readouterr().out
    assert "linear_accelerator x4  (stated) [CNH 2025 count]" in out
    assert "Ministerio de Sanidad" in out
    with pytest.raises(CatalogueError, match="no centre 'nobody'"):
        run("show", "nobody")
    old = tmp_path / "old"
    shutil.copytree(TABLES, old)
    assert run("diff", str(old)) == 0
    facts = old / "facts.csv"
    lines = facts.read_text("utf-8").splitlines(keepends=True)
    gone = next(line for line in lines if ",disease_area,psychiatry," in line)
    facts.write_text("".join(line for line in lines if line != gone), "utf-8")
    assert run("diff", str(old)) == 1
    out = capsys.readouterr().out
    assert "facts added: 1" in out
    assert "psychiatry: unknown -> " in out or "psychiatry" in out
