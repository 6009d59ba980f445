"""A release: written twice it is the same bytes, it takes the place of earlier facts, and leaves the rest alone."""

import dataclasses
import json
import os
import tracemalloc
from pathlib import Path

import pytest
from invented import small_tables
from register_steps import read_sample, sample

from opinion.__main__ import main
from opinion.centres.catalogues import load_catalogue
from opinion.centres.imports.archive import read_imports, undo
from opinion.centres.inputs import RELEASES, Inputs, read_about
from opinion.centres.listings import read_tables
from opinion.centres.registers.adapters import read_raw
from opinion.centres.registers.raw_files import read_rows
from opinion.centres.registers.releases import Listing, Release, Statement, settle
from opinion.centres.registers.updates import check_update
from opinion.centres.registers.writing import gone_with, write_release
from opinion.centres.sources import read_sources
from opinion.errors import CatalogueError

AARAU = "bag:AG:000"


@pytest.fixture
def tables(tmp_path):
    return small_tables(tmp_path / "tables")


def invented(*facts: Statement, centres: tuple[Listing, ...] = (), **more) -> Release:
    """A release of the Swiss key figures of 2031, invented."""
    source = dataclasses.replace(read_sources()["bag_ch"], published="2031", accessed="2031-05")
    return Release(source, centres, facts, **more)


def test_the_same_file_gives_the_same_bytes(tmp_path):
    one = write_release(read_sample("bag_ch"), tmp_path / "one" / "bag_ch-2020", raw=sample("bag_ch"))
    two = write_release(read_sample("bag_ch"), tmp_path / "two" / "bag_ch-2020", raw=sample("bag_ch"))
    names = sorted(path.name for path in one.iterdir())
    assert names == ["centres.csv", "facts.csv", "import.json", "left_out.csv", "origins.csv"]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes()
    about = read_about(one)
    assert about["replaces"] == "bag_ch" and about["entered_by"] == "" and about["source"]["published"] == "2020"
    assert about["counts"]["left_out"] == len((one / "left_out.csv").read_text("utf-8").splitlines()) - 1
    assert sum(about["left_out"].values()) == about["counts"]["left_out"]


def test_facts_stand_by_centre_in_the_order_of_the_centres(tmp_path):
    folder = write_release(read_sample("eurostat_hcs"), tmp_path / "eurostat_hcs-2020")
    centres = [line.split(",")[0] for line in (folder / "centres.csv").read_text("utf-8").splitlines()[1:]]
    of_facts = [line.split(",")[0] for line in (folder / "facts.csv").read_text("utf-8").splitlines()[1:]]
    assert list(dict.fromkeys(of_facts)) == [id_ for id_ in centres if id_ in set(of_facts)]


def test_a_release_beside_the_tables_replaces_what_the_register_said_before(tables, tmp_path):
    before = load_catalogue(tmp_path / "var", tables)
    assert any(fact.value == "ct" for fact in before.facts(AARAU))
    aarau = Listing("bag:AG:kantonsspital-aarau-ag", "Kantonsspital Aarau AG", "CH", city="Aarau", region="AG")
    release = invented(
        Statement(aarau.centre_id, "equipment", "pet_ct", "SA PET-CT"), centres=(aarau,), ids_by_name=True
    )
    write_release(release, tables / RELEASES / "bag_ch-2031", Inputs(tables))
    after = load_catalogue(tmp_path / "var", tables)
    assert after.size == before.size
    counting = {fact.value for fact in after.facts(AARAU) if fact.field == "equipment" and fact.certainty == "stated"}
    assert counting == {"pet_ct"}
    past = [fact for fact in after.facts(AARAU, with_past=True) if fact.standing == "older"]
    assert {"ct", "mri"} <= {fact.value for fact in past} and all(fact.source_date == "2020" for fact in past)
    stated = next(fact for fact in after.facts(AARAU) if fact.value == "pet_ct" and fact.certainty == "stated")
    assert (stated.source, stated.source_date, stated.entered_by) == ("bag_ch", "2031", "")
    # the point is Eurostat's, and stays with it
    assert next(fact for fact in after.facts(AARAU) if fact.field == "point").source == "eurostat_hcs"


def test_what_a_file_is_silent_on_stays_with_its_own_date(tables):
    before = read_tables(Inputs(tables))
    release = invented(Statement(AARAU, "equipment", "pet", "SA PET"), silent_on=("WB ",), about_ids=("bag:AG:00",))
    settled, _ = settle(release, before)
    origins = {row[0]: row for row in settled.origins}
    kept = {(fact[0], fact[1], origins[fact[5]][3]) for fact in settled.facts if fact[2] != "pet"}
    assert (AARAU, "teaching", "2020") in kept and (AARAU, "beds", "2020") not in kept
    assert any(id_ == "bag:AG:010" for id_, _, _ in kept), "the file speaks of bag:AG:00… only"
    assert not any(id_ == "bag:AG:003" and field == "beds" for id_, field, _ in kept)


def test_what_a_file_repeats_is_not_past(tables, tmp_path):
    release = dataclasses.replace(invented(Statement(AARAU, "equipment", "pet", "SA PET")), silent_on=("WB ", "SA CT"))
    folder = write_release(release, tmp_path / "bag_ch-2031", Inputs(tables))
    after = read_tables(Inputs(tables, (folder,)))
    past = {(fact[0], fact[1], fact[2]) for fact in after.past}
    now = {(fact[0], fact[1], fact[2]) for fact in after.facts}
    assert (AARAU, "equipment", "mri") in past and (AARAU, "equipment", "mri") not in now
    assert (AARAU, "equipment", "ct") in now and (AARAU, "equipment", "ct") not in past


def test_what_a_name_suggests_goes_with_the_name():
    before = read_tables(Inputs())
    diaconis = Listing("bag:BE:043", "Stiftung Diaconis Palliative Care", "CH", region="BE")
    for listing, stays in ((diaconis, True), (dataclasses.replace(diaconis, name="Invented"), False)):
        settled, _ = settle(invented(centres=(listing,)), before)
        assert any(fact[2] == "palliative_care" and fact[4] == "suggested" for fact in settled.facts) == stays


def test_centres_that_are_gone_are_named(tables, tmp_path):
    before = read_tables(Inputs(tables))
    aarau = next(row for row in before.centres if row[0] == AARAU)
    release = invented(centres=(Listing(AARAU, aarau[1], "CH", region="AG"),))
    folder = write_release(release, tmp_path / "bag_ch-2031", Inputs(tables))
    gone = gone_with(release, before, folder)
    assert len(gone) == len(before.centres) - 1 and not any(line.startswith(AARAU) for line in gone)


@pytest.mark.parametrize(
    ("centre", "fact", "reason"),
    [
        (Listing("bag:X:1", "Invented", "QQ"), None, "no country code"),
        (Listing("bag:X:1", "", "CH"), None, "name or id is empty"),
        (Listing("bag:X:1", "Invented", "CH", lat="95", lon="1"), None, "not a point on the globe"),
        (Listing("bag:X:1", "Invented", "CH", website="mailto:x"), None, "not an http or https address"),
        (None, Statement("bag:X:9", "equipment", "ct", "SA CT"), "the catalogue has no such centre"),
        (None, Statement(AARAU, "equipment", "time_machine", "SA TM"), "is not a kind of equipment"),
        (None, Statement(AARAU, "beds", "many", "BettenStat"), "is not a number of beds"),
    ],
)
def test_what_cannot_be_taken_is_left_out_with_a_reason(tables, centre, fact, reason):
    facts = (Statement(AARAU, "equipment", "ct", "SA CT"), *([fact] if fact else []))
    _, left_out = settle(invented(*facts, centres=(centre,) if centre else ()), read_tables(Inputs(tables)))
    assert [each for each in left_out if reason in each.reason], left_out


def test_what_is_left_out_names_its_row(tables):
    listing = Listing(AARAU, "Kantonsspital Aarau AG", "CH", website="mailto:x", file="a.csv", row=7)
    facts = Statement(AARAU, "beds", "many", "BettenStat"), Statement("bag:X:9", "beds", "1", "BettenStat")
    _, left_out = settle(invented(*facts, centres=(listing,)), read_tables(Inputs(tables)))
    assert {(each.file, each.row) for each in left_out if each.what.startswith(AARAU)} == {("a.csv", 7)}
    assert [(each.file, each.row) for each in left_out if "no such centre" in each.reason] == [("", 0)]


def stated_by_swiss(inputs: Inputs) -> set[tuple[str, ...]]:
    tables = read_tables(inputs)
    own = {row[0] for row in tables.origins if row[1] == "bag_ch"}
    return {tuple(fact[:4]) for fact in tables.facts if fact[-1] in own}


def test_an_update_says_what_changes_and_changes_nothing(tables, tmp_path):
    before, raw = Inputs(tables), [Path(aarau_file(tmp_path, "CT, MRI"))]
    update = check_update("bag_ch", raw, tmp_path / "aside", "one-{released}", before)
    assert update.folder.name == "one-2031" and not before.parts
    changes = update.changes
    listed = len(read_tables(before).centres)
    assert (changes.added, changes.changed, changes.gone) == (0, 1, listed - 1)
    was, now = (stated_by_swiss(inputs) for inputs in (before, dataclasses.replace(before, imports=(update.folder,))))
    assert (changes.facts_added, changes.facts_gone) == (len(now - was), len(was - now))
    assert update.stated_before == len(was) and 0 < changes.facts_gone < len(was)
    lines = [line.split(",") for line in (update.folder / "changes.csv").read_text("utf-8").splitlines()[1:]]
    assert {line[0] for line in lines if line[1] == AARAU} == {"changed"}
    assert any(line[3] == "beds" and line[5] == "500" for line in lines)
    assert sum(line[0] == "gone" for line in lines) == listed - 1
    update.drop()
    assert not list((tmp_path / "aside").iterdir())


def test_updates_that_nobody_put_in_are_taken_away_after_a_day(tables, tmp_path):
    raw, place = [Path(aarau_file(tmp_path, "CT"))], tmp_path / "aside"
    left, young = (check_update("bag_ch", raw, place, "x", Inputs(tables)).folder.parent for _ in range(2))
    os.utime(left, (0, 0))
    check_update("bag_ch", raw, place, "x", Inputs(tables)).drop()
    assert not left.exists() and young.exists()


def test_nothing_is_left_of_an_update_that_was_stopped(tables, tmp_path):
    def stop(rows: int, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_update(
            "bag_ch", [Path(aarau_file(tmp_path, "CT"))], tmp_path / "aside", "x", Inputs(tables), progress=stop
        )
    assert not list((tmp_path / "aside").iterdir())


def test_a_long_file_is_read_line_by_line(tmp_path):
    path, padding = tmp_path / "long.csv", "x" * 20_000
    path.write_text("ID,NAME,PAD\n" + "".join(f"{n},H\u00f4pital,{padding}\n" for n in range(1000)), "cp1252")
    assert path.stat().st_size > 20_000_000
    tracemalloc.start()
    names = {row["NAME"] for _, row in read_rows(path, ("ID", "NAME"))}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert names == {"Hôpital"} and peak < 5_000_000


def test_a_source_that_may_not_ship_and_a_folder_that_is_there_are_refused(tables, tmp_path):
    release = invented(Statement(AARAU, "equipment", "ct", "SA CT"))
    closed = dataclasses.replace(release, source=dataclasses.replace(release.source, ship=False))
    with pytest.raises(CatalogueError, match="may not ship"):
        write_release(closed, tmp_path / "one", Inputs(tables))
    write_release(release, tmp_path / "one", Inputs(tables))
    with pytest.raises(CatalogueError, match="there already"):
        write_release(release, tmp_path / "one", Inputs(tables))
    with pytest.raises(CatalogueError, match="right file"):
        write_release(invented(), tmp_path / "two", Inputs(tables))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["one", "tables"]


@pytest.fixture
def var(tmp_path, tables, monkeypatch):
    """A folder of imports of its own, beside few tables."""
    monkeypatch.setenv("OPINION_VAR", str(tmp_path / "var"))
    monkeypatch.setattr("opinion.centres.inputs.TABLES", tables)
    return tmp_path / "var"


def aarau_file(tmp_path, machines: str):
    """A file of the register's layout, invented: Aarau alone, in 2031."""
    path = tmp_path / "key_figures_2031.csv"
    columns = "JAHR,KT,Inst,Ort,Typ,Akt,WB,SA,BettenStatA,BettenStatP,BettenStatR,BettenStatB"
    path.write_text(
        f'{columns}\n2031,AG,Kantonsspital Aarau AG,5001 Aarau,K112,A,Arzt,"{machines}",500.4,,,\n', "utf-8"
    )
    return str(path)


def test_the_command_shows_what_changes_and_is_undone_like_an_import(var, tables, tmp_path, capsys, monkeypatch):
    raw, noted = aarau_file(tmp_path, "CT, MRI, CC"), []
    monkeypatch.setattr("opinion.__main__.record_command", lambda *line: noted.append(line))
    assert main(["centres", "register", "bag_ch", raw, "--yes"]) == 2
    assert "Is it whole?" in capsys.readouterr().err and not read_imports(var)
    arguments = ["centres", "register", "bag_ch", raw, "--yes", "--fewer", "--limit", "1000", "--by", "carla"]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert f"{AARAU} beds=500 stated" in said and f"{AARAU} equipment=pet stated (bag_ch) SA PET" in said
    assert "1 × the code is not known" in said and "bag:AG:001 Kantonsspital Baden AG" in said
    one = read_imports(var)[0]
    assert f"undo-import {one.id}" in said and one.about["files"]
    assert noted == [("carla", "import_made", one.id)]
    now = load_catalogue(var, tables).facts(AARAU)
    assert not any(fact.value == "pet" for fact in now) and any(fact.value == "500" for fact in now)
    undo(one.id, var, tables)
    then = load_catalogue(var, tables).facts(AARAU)
    assert any(fact.value == "pet" for fact in then) and not any(fact.value == "500" for fact in then)


def test_nothing_is_taken_over_unless_somebody_agrees(var, tmp_path, capsys, monkeypatch):
    raw = aarau_file(tmp_path, "CT")
    assert main(["centres", "register", "bag_ch", raw, "--fewer"]) == 2  # nobody can be asked
    monkeypatch.setattr("opinion.exchange.register_command._is_agreed", lambda: False)
    assert main(["centres", "register", "bag_ch", raw, "--fewer"]) == 1
    assert "nothing was changed" in capsys.readouterr().out and not read_imports(var)


def test_a_release_can_be_bundled_for_every_installation(var, tables, tmp_path, capsys):
    raw = aarau_file(tmp_path, "CT, PET")
    arguments = ["centres", "register", "bag_ch", raw, "--bundle", "--yes", "--fewer", "--accessed", "2031-05"]
    assert main(arguments) == 0
    folder = tables / RELEASES / "bag_ch-2031"
    assert str(folder) in capsys.readouterr().out and not read_imports(var)
    assert json.loads((folder / "import.json").read_text("utf-8"))["replaces"] == "bag_ch"
    assert any(fact.value == "500" for fact in load_catalogue(var, tables).facts(AARAU))
    assert main(arguments) == 2 and "there already" in capsys.readouterr().err
    assert [path.name for path in (tables / RELEASES).iterdir()] == ["bag_ch-2031"]


def test_the_tables_alone_can_be_written(var, tables, tmp_path, capsys):
    raw = [str(path) for path in sample("cdc_art")]
    assert main(["centres", "register", "cdc_art", *raw, "--out", str(tmp_path / "out"), "--yes"]) == 0
    folder = tmp_path / "out" / "cdc_art-2022"
    assert str(folder) in capsys.readouterr().out and not read_imports(var)
    assert len(read_tables(Inputs(tables, (folder,))).centres) == len(read_tables(Inputs(tables)).centres) + 4


def test_the_list_of_registers(capsys):
    assert main(["centres", "register", "--list"]) == 0
    said = capsys.readouterr().out
    assert "cms_pos" in said and "https://data.cms.gov/" in said and "tried on" in said
    assert main(["centres", "register"]) == 2


def test_the_day_of_a_file_is_its_own_where_it_says_one():
    assert read_raw("bag_ch", sample("bag_ch"), "2031", "2031-05").source.published == "2020"
    assert read_raw("hifld", sample("hifld"), "2018", "2031-05").source.published == "2018"
