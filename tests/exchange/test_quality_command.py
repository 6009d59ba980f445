"""The command ``centres quality``: every measure with its denominator, ten things to do, CSV by country and source."""

import csv
import io

import pytest

from opinion.__main__ import main
from opinion.centres.quality import records
from opinion.centres.quality.shared import MOST_TASKS, look_for_doubles
from opinion.centres.shared import shared_catalogue


@pytest.fixture(scope="module")
def quality():
    return look_for_doubles(shared_catalogue()).quality


def test_it_says_every_measure_and_ten_things(quality, capsys):
    assert main(["centres", "quality"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(quality.measures) + MOST_TASKS
    beds = quality.one("complete", "beds")
    assert f"{beds.good:,} / {beds.of:,}" in next(line for line in lines if line.startswith("Completeness: Beds"))
    far = quality.one("valid", "at_sea")
    assert f" {far.of - far.good:,} / {far.of:,}" in next(line for line in lines if "Point far from land" in line)
    assert lines[-MOST_TASKS].startswith(" 1. ")


@pytest.mark.parametrize(("by", "place"), [("country", "by_country"), ("source", "by_source")])
def test_csv_has_a_line_for_each_measure_and_each(quality, capsys, by, place):
    assert main(["centres", "quality", "--by", by]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert set(lines[0]) == {"dimension", "measure", by, "good", "of"}
    for measure in quality.measures:
        own = [line for line in lines if (line["dimension"], line["measure"]) == (measure.dimension, measure.id)]
        assert sum(int(line["good"]) for line in own) == getattr(measure, place)[0].sum()
        assert sum(int(line["of"]) for line in own) == getattr(measure, place)[1].sum()


def test_a_record_is_kept_only_if_it_is_asked_for(quality, capsys, monkeypatch):
    kept = []
    monkeypatch.setattr(records, "keep_record", lambda catalogue, quality: kept.append(quality) or True)
    assert main(["centres", "quality"]) == 0 and kept == []
    assert main(["centres", "quality", "--keep"]) == 0 and len(kept) == 1
    assert "record added" in capsys.readouterr().err


def test_a_language_that_is_not_offered_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["centres", "quality", "--lang", "xx"])
    assert "--lang" in capsys.readouterr().err
