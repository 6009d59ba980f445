"""Decisions that wait: kept for all curators, taken once, no part of the catalogue until they are put in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from opinion.centres import waiting_decisions
from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.decisions import Decision, now, read_revisions
from opinion.centres.inputs import DECISIONS, inputs_in, stamp
from opinion.centres.waiting_decisions import (
    WAITING,
    WaitingDecision,
    add_waiting,
    put_in_waiting,
    read_waiting,
    take_back_waiting,
)
from opinion.errors import CatalogueError

ONE, OTHER, THIRD = "bag:AG:000", "bag:AG:001", "bag:AG:002"


def decided(kind="merge", by="carla", one=ONE, other=OTHER, **more):
    return Decision(kind, now(), by, one, other, **more)


def history(var, tables):
    return read_revisions(inputs_in(var, tables).decisions).history


def test_what_waits_is_kept_and_is_no_part_of_the_catalogue(var, tables):
    before, size = stamp(inputs_in(var, tables)), load_catalogue(var, tables).size
    merge, apart = decided(), decided("apart", other=THIRD)
    for each in (merge, apart):
        assert add_waiting(var, [each], "carla", tables) == [WaitingDecision(each, "carla")]
    assert [each.decision for each in read_waiting(var)] == [merge, apart]
    assert stamp(inputs_in(var, tables)) == before and is_packed(var, tables) and not history(var, tables)

    assert [each.decision for each in put_in_waiting(var, tables)] == [merge, apart]
    assert load_catalogue(var, tables).size == size - 1 and history(var, tables) == (merge, apart)
    assert not read_waiting(var) and not (var / WAITING).exists() and put_in_waiting(var, tables) == []


def test_a_pair_is_decided_once(var, tables):
    add_waiting(var, [decided()], "carla", tables)
    assert add_waiting(var, [decided("apart", "dora", OTHER, ONE)], "dora", tables) == []
    put_in_waiting(var, tables)
    assert add_waiting(var, [decided("apart", "dora")], "dora", tables) == []  # it is in the catalogue now
    (merge,) = history(var, tables)
    undo, again = (Decision("undo", now(), by, undoes=merge.id) for by in ("dora", "carla"))
    assert add_waiting(var, [undo], "dora", tables) and add_waiting(var, [again], "carla", tables) == []
    assert add_waiting(var, [decided("apart", "carla")], "carla", tables)  # open again


def test_who_clicks_at_the_same_moment_decides_once(var, tables):
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda n: add_waiting(var, [decided(by=f"c{n}")], f"c{n}", tables), range(16)))
    assert sum(map(len, added)) == 1 == len(read_waiting(var))


def test_only_ones_own_decision_is_taken_back(var, tables):
    own, others = decided(), decided("apart", "dora", other=THIRD)
    by_rule = decided(by="rule:same_name_same_place", one=THIRD)
    add_waiting(var, [own], "carla", tables)
    add_waiting(var, [others], "dora", tables)
    add_waiting(var, [by_rule], "carla", tables)
    assert take_back_waiting(var, "carla", others.id) is None
    assert take_back_waiting(var, "carla").decision == by_rule  # the last of hers, also where a rule proposed it
    assert take_back_waiting(var, "carla").decision == own
    assert take_back_waiting(var, "carla") is None
    assert [each.decision for each in read_waiting(var)] == [others]
    assert take_back_waiting(var, "dora", others.id).decision == others and not read_waiting(var)


def test_who_is_killed_after_the_catalogue_was_built_puts_nothing_in_twice(var, tables, monkeypatch):
    merge = decided()
    add_waiting(var, [merge], "carla", tables)

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(waiting_decisions, "_change", die)
    with pytest.raises(KeyboardInterrupt):
        put_in_waiting(var, tables)
    monkeypatch.undo()
    assert (var / WAITING).exists() and not read_waiting(var)
    assert put_in_waiting(var, tables) == [] and history(var, tables) == (merge,)


def test_two_who_put_in_at_once_put_in_once(var, tables):
    add_waiting(var, [decided()], "carla", tables)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: put_in_waiting(var, tables), range(2)))
    assert sorted(map(len, done)) == [0, 1] and len(history(var, tables)) == 1


def test_what_cannot_be_built_goes_on_to_wait(var, tables):
    add_waiting(var, [decided()], "carla", tables)
    (tables / "facts.csv").write_text("no table\n", "utf-8")
    with pytest.raises(CatalogueError):
        put_in_waiting(var, tables)
    assert len(read_waiting(var)) == 1 and not (var / DECISIONS).exists()


@pytest.mark.parametrize("line", ["no JSON", '{"account": "carla"}', '{"account": "c", "decision": {"kind": "guess"}}',
                                  '{"account": "c", "decision": {"kind": "guess", "at": "t", "by": "c"}}'])  # fmt: skip
def test_a_damaged_line_is_said(var, line):
    (var / WAITING).write_text(line + "\n", "utf-8")
    with pytest.raises(CatalogueError, match=r"line 1: .* Restore"):
        read_waiting(var)
