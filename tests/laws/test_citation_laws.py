"""Law 8: every rule but the emergency cites a statement of the guidance, and every statement is cited somewhere."""

import tomllib
from pathlib import Path

import pytest

from opinion.guidance.assessments import assess
from tests.laws.answer_sets import CALM

ROOT = Path(__file__).parents[2]
STATEMENTS = [
    *(f"G{number}" for number in range(1, 7)),
    *(f"G7.{number}" for number in range(1, 12)),
    "G8",
    *(f"F{number}" for number in range(1, 6)),
]


def read_toml(name):
    return tomllib.loads((ROOT / "data" / "guidance" / name).read_text(encoding="utf-8"))


def cited_in(value):
    """Every id under a `cites` key, however deep."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "cites":
                yield from [part] if isinstance(part, str) else part
            else:
                yield from cited_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from cited_in(part)


CITES = {
    "E01": [],
    "D01": ["G4"],
    "D02": ["G5"],
    "S01": ["G1"],
    "S02": ["G3"],
    "S03": ["G8"],
    "GATE": ["G6"],
    **{f"R{number:02}": [f"G7.{number}"] for number in range(1, 12)},
}


@pytest.mark.parametrize("rule", CITES)
def test_every_rule_but_the_emergency_cites_its_statement(guidance, rule):
    cites = {entry["id"]: entry["cites"] for entry in assess(guidance, CALM).to_dict()["rules"]}
    assert set(cites) == set(CITES)
    assert [cited for cited in cites[rule] if cited in STATEMENTS] == CITES[rule]
    assert cites[rule]


def test_every_citation_is_a_statement_or_ours(guidance):
    for entry in assess(guidance, CALM).to_dict()["rules"]:
        assert set(entry["cites"]) <= {*STATEMENTS, "ours"}, entry


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_is_cited_by_a_rule_a_step_or_a_text(statement):
    cited = {cited for path in (ROOT / "data" / "guidance").glob("*.toml") for cited in cited_in(read_toml(path.name))}
    assert statement in cited
