"""``python -m opinion centres doubles``: pairs listed, decided, taken back; merges by rule; the sample measured."""

import pytest

from opinion.__main__ import main
from opinion.centres.decisions import read_revisions
from opinion.centres.doubles.queues import decide_pair, read_proposals
from opinion.centres.inputs import DECISIONS, inputs_in
from opinion.centres.shared import shared_catalogue
from opinion.centres.waiting_decisions import add_waiting


@pytest.fixture
def var(var, sqlite_store):
    return var


def run(capsys, *arguments):
    code = main(["centres", "doubles", *arguments])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_pairs_of_a_country_are_listed_with_why(var, capsys):
    code, told = run(capsys, "list", "--country", "CH", "--limit", "3")
    assert code == 0 and told.count("names ") == 3 and " pairs to decide" in told


def test_a_pair_is_decided_and_taken_back(var, capsys):
    pair = read_proposals(inputs_in())[0]
    size = shared_catalogue().size
    code, told = run(capsys, "same", pair.other_id, pair.kept_id, "--note", "one phone number", "--by", "carla")
    (merge,) = read_revisions([var / DECISIONS]).standing
    assert code == 0 and merge.id in told and (merge.by, merge.note) == ("carla", "one phone number")
    assert shared_catalogue().folded[pair.kept_id] == pair.other_id and shared_catalogue().size == size - 1
    code, told = run(capsys, "two", pair.kept_id, pair.other_id)
    assert code == 2 and "one centre already" in told
    assert run(capsys, "undo", merge.id)[0] == 0 and shared_catalogue().size == size
    code, told = run(capsys, "undo", merge.id)
    assert code == 2 and "No decision" in told


def test_a_pair_kept_apart_is_not_listed_again(var, capsys):
    pair = read_proposals(inputs_in())[0]
    assert run(capsys, "two", pair.kept_id, pair.other_id)[0] == 0
    assert pair.pair not in {each.pair for each in read_proposals(inputs_in())}
    code, told = run(capsys, "same", "no:such", pair.other_id)
    assert code == 2 and "There is no centre 'no:such'" in told


def test_a_pair_that_waits_on_the_page_is_neither_listed_nor_decided_here(var, capsys):
    pair = read_proposals(inputs_in())[0]
    add_waiting(var, [decide_pair(pair, "dora")], "dora")
    _, told = run(capsys, "list", "--limit", "1")
    assert f"{pair.kept_id} <- {pair.other_id}" not in told
    code, told = run(capsys, "same", pair.other_id, pair.kept_id)
    assert code == 2 and "dora has decided this pair" in told and not (var / DECISIONS).exists()


def test_what_the_rule_would_merge_is_said_first(var, capsys):
    clear = [each for each in read_proposals(inputs_in()) if each.is_clear]
    code, told = run(capsys, "merge", "--dry-run")
    assert code == 0 and f"{len(clear)} would be merged" in told and not (var / DECISIONS).exists()


def test_precision_and_recall_are_printed(capsys):
    code, told = run(capsys, "measure")
    assert code == 0 and "hold_out: " in told and "precision 1.000" in told and "one register keeps apart" in told
