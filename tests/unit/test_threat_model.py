"""docs/threat-model.md names for each threat the tests that cover it: they exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_in(path: str) -> set[str]:
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def rows() -> list[list[str]]:
    """Return the rows of the table of threats: number, threat, countermeasure, tests."""
    lines = [line for line in DOCUMENT.splitlines() if re.match(r"\| T\d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_test_that_is_named_exists():
    named = NAMED.findall(DOCUMENT)
    assert len(named) > 40 and [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_threat_has_a_countermeasure_and_a_test_or_says_that_it_has_none():
    assert len(rows()) >= 25
    for number, threat, countermeasure, tests in rows():
        assert threat and countermeasure, number
        assert NAMED.search(tests) or tests.startswith("none:"), f"{number} names no test and no reason"


def test_the_numbers_are_in_order():
    assert [row[0] for row in rows()] == [f"T{number}" for number in range(1, len(rows()) + 1)]


def test_the_check_can_fail():
    assert "test_nothing_of_the_kind" not in names_in("tests/unit/test_threat_model.py")
    assert names_in("tests/unit/no_such_file.py") == set()
