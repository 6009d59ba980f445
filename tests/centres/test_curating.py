"""Decisions applied: appended and built in one step, whatever moment a process is killed at."""

import subprocess
import sys

import pytest
from import_steps import files
from invented import ROOT

from opinion.centres.catalogues import is_packed, load_catalogue
from opinion.centres.curating import apply
from opinion.centres.decisions import Decision, now, read_revisions
from opinion.centres.inputs import inputs_in
from opinion.errors import CatalogueError

ONE, OTHER = "bag:AG:000", "bag:AG:001"


def merge() -> Decision:
    return Decision("merge", now(), "carla", centre_id=ONE, other_id=OTHER)


def test_decisions_are_added_and_the_catalogue_is_built_with_them(var, tables):
    before, size = files(var), load_catalogue(var, tables).size
    decided = merge()
    apply(var, [decided], tables)
    assert is_packed(var, tables) and load_catalogue(var, tables).size == size - 1
    apply(var, [Decision("undo", now(), "carla", undoes=decided.id)], tables)
    assert load_catalogue(var, tables).size == size and files(var) != before  # stamped with what was decided
    assert [each.kind for each in read_revisions(inputs_in(var, tables).decisions).history] == ["merge", "undo"]
    made = files(var)
    apply(var, [], tables)
    assert files(var) == made and not list((var / "imports").glob(".making-*"))


def test_a_decision_that_cannot_be_built_changes_nothing(var, tables):
    before = files(var)
    (tables / "facts.csv").write_text("no table\n", "utf-8")
    with pytest.raises(CatalogueError, match="first line"):
        apply(var, [merge()], tables)
    assert files(var) == before and not (var / "decisions.jsonl").exists()


_KILLED = """
import os, sys
from pathlib import Path
from opinion.centres import curating
from opinion.centres.decisions import Decision, now
left, replace = {left}, Path.replace
def replace_or_die(self, target):
    global left
    counted = ("decisions.jsonl", "centres.parquet", "centres_facts.sqlite")
    if self.name in counted and Path(target).parent == Path({var!r}):
        if not left:
            os._exit(9)
        left -= 1
    return replace(self, target)
Path.replace = replace_or_die
merge = Decision("merge", now(), "carla", centre_id={one!r}, other_id={other!r})
curating.apply(Path({var!r}), [merge], Path({tables!r}))
"""


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_killed_process_has_decided_or_not(var, tables, left):
    before, size = files(var), load_catalogue(var, tables).size
    code = _KILLED.format(left=left, var=str(var), tables=str(tables), one=ONE, other=OTHER)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert ended.returncode == (9 if left < 3 else 0)
    assert is_packed(var, tables) == (left in (0, 3))
    assert load_catalogue(var, tables).size == size - (1 if left else 0)  # builds anew what is stale
    assert (files(var) == before) == (left == 0) and is_packed(var, tables)
