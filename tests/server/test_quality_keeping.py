"""The record of data quality that the server keeps: beside what visitors ask for, and never in their way."""

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from opinion.centres import shared as centres_shared
from opinion.centres.quality import records, shared
from opinion.centres.quality.records import read_records
from opinion.centres.shared import loaded_catalogue, shared_catalogue
from opinion.server import quality_keeping

ROOT = Path(__file__).resolve().parents[2]


class _Quality:
    quality = "measured"


@pytest.fixture
def kept(monkeypatch):
    found = []
    monkeypatch.setattr(quality_keeping, "EVERY_S", 0.01)
    monkeypatch.setattr(shared, "look_for_doubles", lambda catalogue: _Quality)
    monkeypatch.setattr(records, "keep_record", lambda catalogue, quality: found.append(quality) or True)
    return found


def run_for(seconds):
    async def run():
        with anyio.move_on_after(seconds):
            await quality_keeping.keep_quality()

    anyio.run(run)


def test_nothing_is_loaded_for_the_record_alone(kept, monkeypatch):
    monkeypatch.setattr(quality_keeping, "catalogue_in_use", lambda: None)
    run_for(0.1)
    assert kept == []


def test_a_catalogue_in_use_is_kept_once(kept, monkeypatch):
    catalogue = object()
    monkeypatch.setattr(quality_keeping, "catalogue_in_use", lambda: catalogue)
    run_for(0.2)
    assert kept == ["measured"]


def test_a_fault_is_said_in_a_line_and_stops_nothing(kept, monkeypatch, capsys):
    def fail(catalogue, quality):
        raise OSError("read-only")

    monkeypatch.setattr(records, "keep_record", fail)
    assert quality_keeping.keep_now(object()) is False
    assert "could not be kept: OSError" in capsys.readouterr().err


def test_the_catalogue_in_use_is_the_shared_one():
    centres_shared._loaded.cache_clear()
    assert loaded_catalogue() is None
    assert loaded_catalogue() is None, "asking loads nothing"
    catalogue = shared_catalogue()
    assert loaded_catalogue() is catalogue is quality_keeping.catalogue_in_use()


def test_the_server_starts_without_loading_what_only_centres_need():
    code = "import sys, opinion.server.starting; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_real_record_is_kept(tmp_path, monkeypatch):
    from dataclasses import replace

    catalogue = shared_catalogue()
    for name in ("centres_facts.sqlite",):
        (tmp_path / name).write_bytes((catalogue.folder / name).read_bytes())
    own = replace(catalogue, folder=tmp_path)
    assert quality_keeping.keep_now(own) and not quality_keeping.keep_now(own)
    (record,) = read_records(tmp_path)
    assert record.centres == catalogue.size and record.counts["unique", "centre"][1] == catalogue.size
