"""Breaks the conditions of the guidance one by one: each broken guidance must fail a comparison with the oracle.

A condition that can be changed without anybody noticing is a condition that no law keeps.
"""

import ast
import copy
import json
import shutil
import tomllib
from pathlib import Path

import pytest

from opinion.errors import OpinionError
from opinion.guidance.contents import load_guidance
from tests.laws.answer_sets import CALM, CANCER_TOMORROW, CHOICES, PROPOSED, SIGNS, at_random, product, put
from tests.laws.comparisons import decide_by_engine, decide_by_oracle, print_by_engine, print_by_oracle
from tests.laws.oracle import DETAILS

FOLDER = Path(__file__).parents[2] / "data" / "guidance"
RECOMMENDING = ("strongly_recommended", "recommended", "worth_considering")
OUTCOMES = ("emergency", "do_not_wait", "clarify_first", *RECOMMENDING, "not_needed")
LISTED = {**CHOICES, "outcome": OUTCOMES, "emergency_signs": SIGNS, "proposed": PROPOSED}
BOUNDARY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
# The changes that change nothing, each with the reason why no answers can tell.
EQUIVALENT = {
    ("S01 or S02", "S02"): "S01 is serious and something proposed: it is never true without S02",
    ('outcome == "emergency" or D01', "outcome == 'emergency'"): "D01 is urgent: do_not_wait then says now as well",
    ("days_until_decision > 28", "days_until_decision >= 28"): "28 days are taken by the row above",
    ("days_until_decision > 28", "days_until_decision > 27"): "28 days are taken by the row above",
}


def swap_constant(constant, key):
    """Other constants that could stand in its place: a number beside it, other choices of the same question."""
    value = constant.value
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    return [choice for choice in LISTED.get(key, ()) if isinstance(choice, str) and choice != value][:1]


def mutate_node(node):
    """Every node that could stand in its place after one slip."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
        for left_out in range(len(node.values)):
            rest = [part for number, part in enumerate(node.values) if number != left_out]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Name):
        yield ast.UnaryOp(ast.Not(), node)
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in swap_constant(node, None))
    elif isinstance(node, ast.Compare):
        left, op, right = node.left, type(node.ops[0]), node.comparators[0]
        for swapped in (OPPOSITE, BOUNDARY):
            if op in swapped:
                yield ast.Compare(left, [swapped[op]()], [right])
        names = [part.id for part in (left, right) if isinstance(part, ast.Name)]
        for side, part in (("left", left), ("right", right)):
            if isinstance(part, ast.Constant):
                others = [ast.Constant(value) for value in swap_constant(part, names[0])]
            elif isinstance(part, (ast.Tuple, ast.List)):
                others = swap_items(part, names[0])
            else:
                others = []
            for other in others:
                yield ast.Compare(other, node.ops, [right]) if side == "left" else ast.Compare(left, node.ops, [other])


def swap_items(part, key):
    """The same list with one item less, or the empty list with one more."""
    kind = type(part)
    if not part.elts:
        return [kind([ast.Constant(LISTED[key][0])], ast.Load())]
    return [kind([item for item in part.elts if item is not gone], ast.Load()) for gone in part.elts]


def mutate(when):
    """Every condition that is one slip away, in words that the guidance's own files could hold."""
    tree = ast.parse(when, mode="eval")
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.Compare))]
    inside = {id(name) for node in ast.walk(tree) if isinstance(node, ast.Compare) for name in ast.walk(node)}
    nodes += [node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Constant)) and id(node) not in inside]
    for node in nodes:
        for replacement in mutate_node(node):
            yield ast.unparse(ast.fix_missing_locations(Replace(node, replacement).visit(tree_copy(tree, node))))


def tree_copy(tree, node):
    """A deep copy in which the node keeps its identity, so that it can be found."""
    return copy.deepcopy(tree, {id(node): node})


class Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def find_conditions():
    """Every condition that decides something: file, where in it, the key and the condition."""
    for name, keys in (("rules.toml", ("when",)), ("questions.toml", ("asked_when",))):
        tables = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
        for table, entries in tables.items():
            if isinstance(entries, list):
                for entry in entries:
                    for key in keys:
                        if isinstance(entry, dict) and key in entry:
                            yield name, f"{table} {entry.get('id') or entry.get('code')}", key, entry[key]


def find_mutants():
    """Each condition with each slip, and which of the equal lines of its file it stands on."""
    seen = {}
    for name, where, key, when in find_conditions():
        nth = seen.setdefault((name, when), 0)
        seen[name, when] += 1
        for mutant in dict.fromkeys(mutate(when)):
            yield name, where, key, when, mutant, nth


def write_mutant(folder, name, key, when, mutant, nth):
    """Write the file again with that one line changed."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    hits = [
        number for number, line in enumerate(lines) if line.startswith(f"{key} = ") and tomllib.loads(line)[key] == when
    ]
    lines[hits[nth]] = f"{key} = {json.dumps(mutant)}"
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def probes():
    """Answers that tell, with what the oracle makes of them: those one or two answers away from a base come first."""
    near = [put(base, key, value) for base in (CALM, CANCER_TOMORROW) for key in CHOICES for value in near_values(key)]
    undated = product(
        {**put(CALM, "days_until_decision", None), "doubts": "yes"},
        urgent_action_required=("no", "yes", None),
        serious_disease=("no", "yes", None),
        life_threatening=("no", "yes", None),
        disease_area=("cardiology", "oncology", "haematology"),
        proposed=([], ["surgery"], ["massive_drug_therapy"]),
    )
    drawn = [answers for answers in at_random(3_000, 77) if not answers.get("emergency_signs")]
    details = [{**CALM, "proposed": [], key: "yes"} for key in DETAILS]
    short = [
        (answers, decide_by_oracle(answers)) for answers in [*near, *details, *undated, *drawn, *at_random(100, 78)]
    ]
    conflicts = [{**CANCER_TOMORROW, "days_to_second_opinion": 0, "opinions_so_far": number} for number in (1, 2, 3)]
    return short, [(answers, print_by_oracle(answers)) for answers in [*conflicts, *details, *near[:100]]]


def near_values(key):
    """All values of a question, of the many areas and signs a few, and unknown."""
    return (*CHOICES[key][:8], None)


def is_caught(folder, probes):
    """How the broken guidance gives itself away; None if it does not."""
    short, long = probes
    try:
        broken = load_guidance(folder)
    except OpinionError:
        return "refused by the loader"
    for answers, expected in short:
        try:
            if decide_by_engine(broken, answers) != expected:
                return "decides differently"
        except StopIteration:
            return "finds nothing to say"
    if any(print_by_engine(broken, answers) != expected for answers, expected in long):
        return "prints differently"
    return None


def test_the_guidance_as_shipped_is_not_taken_for_broken(tmp_path, probes):
    folder = tmp_path / "guidance"
    shutil.copytree(FOLDER, folder)
    assert is_caught(folder, probes) is None


MUTANTS = list(find_mutants())
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_no_condition_can_be_changed_without_a_law_failing(tmp_path, probes, counted, part):
    survivors = []
    for number, (name, where, key, when, mutant, nth) in enumerate(MUTANTS[part::PARTS]):
        if (when, mutant) in EQUIVALENT:
            counted["mutants that no answers can tell from the guidance, each with its reason"] += 1
            continue
        folder = tmp_path / str(number)  # a new one each time: a guidance once loaded may be kept
        shutil.copytree(FOLDER, folder)
        write_mutant(folder, name, key, when, mutant, nth)
        how = is_caught(folder, probes)
        counted["mutants made"] += 1
        counted[f"mutants caught: {how}" if how else "mutants not caught"] += 1
        if how is None:
            survivors.append(f"{name}, {where}: {when!r} became {mutant!r} and nothing failed")
    assert not survivors, "\n".join(survivors)


def test_every_condition_was_changed_and_every_listed_exception_is_a_mutant():
    assert {where for _, where, *_ in MUTANTS} == {where for _, where, *_ in find_conditions()}
    assert set(EQUIVALENT) <= {(when, mutant) for _, _, _, when, mutant, _ in MUTANTS}
    assert len(MUTANTS) > 150
