"""Adapters of public registers: what they read from recorded samples is what the catalogue has from the same rows."""

import json
import re
from pathlib import Path

import openpyxl
import pytest
from register_steps import SAMPLES, catalogue_tables, changed_sample, read_sample, said, sample

from opinion.centres.inputs import Inputs
from opinion.centres.registers.adapters import ADAPTERS, read_raw
from opinion.centres.registers.raw_files import MEANINGS, read_meanings
from opinion.centres.registers.releases import find_homes, settle
from opinion.centres.sources import read_sources
from opinion.centres.tables import CENTRES, fact_fault
from opinion.errors import CatalogueError

RELEASED = {"es_cnh_madrid_2025": "2025"}
LISTINGS_ONLY = {"ror", "wikidata"}

# What an adapter reads from a sample and the catalogue has not, and why.
MORE_THAN_THE_CATALOGUE = {
    # the catalogue was compiled with the beds of CovidCareMap alone for hospitals that CMS lists too
    "hifld": {("cms:453316", "beds", "72", "", "BEDS"), ("cms:504004", "beds", "195", "", "BEDS")},
}

# Cells that a sample has otherwise than the catalogue, and why: by register, the column and the ids.
OTHER_CELLS = {
    # the classes were shortened by hand when the list was transcribed
    "es_cnh_madrid_2025": {("facility_type", id_) for id_ in ("es:280344", "es:280376", "es:280650", "es:280679")},
}

TRIED = [each for each in ADAPTERS if (SAMPLES / each).is_dir()]


@pytest.fixture(scope="module")
def before():
    return catalogue_tables()


@pytest.mark.parametrize("register", TRIED)
def test_a_recorded_sample_states_what_the_catalogue_has(register, before):
    release = read_sample(register, RELEASED.get(register, "2026"))
    tables, _ = settle(release, before)
    homes = find_homes(release, before)
    spoken_of = {homes.get(each.centre_id, each.centre_id) for each in (*release.centres, *release.facts)}
    new, old = said(tables, register, spoken_of), said(before, register, spoken_of)
    assert bool(new) == (register not in LISTINGS_ONLY)
    assert set((new - old).elements()) == MORE_THAN_THE_CATALOGUE.get(register, set())
    assert not old - new


@pytest.mark.parametrize("register", [each for each in TRIED if each != "cms_pos"])
def test_a_recorded_sample_lists_what_the_catalogue_lists(register, before):
    release = read_sample(register, RELEASED.get(register, "2026"))
    tables, _ = settle(release, before)
    known = {row[0]: row for row in before.centres}
    assert tables.centres
    other = set()
    for row in tables.centres:
        assert row[0] in known, "a sample of what the catalogue was made of adds no centre"
        pairs = zip(CENTRES[:15], row, known[row[0]], strict=False)
        other |= {(column, row[0]) for column, now, then in pairs if now != then}
    assert other == OTHER_CELLS.get(register, set())


@pytest.mark.parametrize("register", TRIED)
def test_every_row_of_a_sample_is_accounted_for(register, before):
    """No row is dropped in silence: each id of the file is listed, stated about, or left out with a reason."""
    release = read_sample(register, RELEASED.get(register, "2026"))
    told = {each.centre_id for each in (*release.centres, *release.facts)}
    text = " ".join(f"{each.what} {each.value}" for each in release.left_out)
    assert all(each.reason for each in release.left_out)
    for needle, ids in IDS_IN_SAMPLE[register]().items():
        assert ids & told or needle in text, f"{needle} is nowhere"


def _column(register: str, column: int, prefix: str, separator: str = ",") -> dict[str, set[str]]:
    lines = sample(register)[0].read_text("utf-8").splitlines()[1:]
    cells = [line.split(separator)[column].strip('"') for line in lines]
    ids = [cell.removeprefix("http://www.wikidata.org/entity/") for cell in cells]
    return {id_: {f"{prefix}:{id_}"} for id_ in ids}


IDS_IN_SAMPLE = {
    "cms_pos": lambda: {
        # of one hospital the file says nothing but how many nurses it has
        id_: {f"cms:{id_}"} for id_ in json.loads(sample("cms_pos")[0].read_text("utf-8"))["byId"]
    },
    "bag_ch": lambda: {"years before 2020": {""}},
    "cdc_art": lambda: {id_: {f"cdcart:{id_}"} for id_ in ("1", "2", "4", "942", "9,999")},
    "es_cnh_2020": lambda: _column("es_cnh_2020", 1, "es", ";"),
    "eurostat_hcs": lambda: _column("eurostat_hcs", 0, "eu"),
    "hifld": lambda: {
        "0004098411": {""}, "type CRITICAL ACCESS": {""}, "type GENERAL ACUTE CARE": {""},
        "0006098494": {"hifld:0006098494"},
    },
    "es_cnh_madrid_2025": lambda: {
        each["id"]: {f"es:{each['id']}"} for each in json.loads(sample("es_cnh_madrid_2025")[0].read_text("utf-8"))
    },
    "ror": lambda: {"00ehghs54": {"ror:00ehghs54"}, "024stfn38": {"ror:024stfn38"}, "3 records": {""}},
    "wikidata": lambda: _column("wikidata", 0, "wd", "\t"),
}  # fmt: skip

# For each register: what is broken by hand in the recorded sample, and what has to be said of it.
FAULTS = {
    "cms_pos": ('"cathrm":2,"psyb"', '"cathrm":598,"psyb"', "598", "no believable number of catheter rooms"),
    "bag_ch": ("K112,\"A, R\",\"MSt, Arzt, BGs\",\"MRI, CT, Lito", "K112,\"A, X\",\"MSt, Arzt, BGs\",\"MRI, CT, Lito",
               "X", "the code is not known"),
    "cdc_art": ('"SART member","Yes","1"', '"SART member","Perhaps","1"', "Perhaps", "neither Yes, No nor Pending"),
    "es_cnh_2020": ("290075;", "29007;", "CENTRO ASISTENCIAL HNAS. HOSPITALARIAS DEL SAGRADO CORAZON DE JESUS",
                    "CODCNH is not 6 digits, or no name"),
    "eurostat_hcs": ("Austria,420", "Austria,many", "many", "no whole number"),
    "hifld": ("PROPRIETARY,46,", "PROPRIETARY,4 6,", "4 6", "no number of beds"),
    "es_cnh_madrid_2025": ('"ct": 6', '"ct": "six"', "six", "the kind is not known, or no number"),
    "ror": ('"status": "active"', '"status": "withdrawn"', "Clínica Oftalmológica Rufino Ribeiro (Portugal)",
            "status withdrawn"),
    "wikidata": ("Point(6.90121 51.4331)", "Point(unknown)", "Point(unknown)", "no point"),
}  # fmt: skip


@pytest.mark.parametrize("register", TRIED)
def test_a_faulty_row_is_reported_with_its_place_value_and_reason(register, tmp_path):
    right, wrong, value, reason = FAULTS[register]
    raw = changed_sample(register, right, wrong, tmp_path)
    release = read_raw(register, raw, "2025", "2026-11")
    found = [each for each in release.left_out if each.reason == reason and each.value == value]
    assert found, release.left_out
    assert found[0].file in {path.name for path in raw} and found[0].row > 0


# For each register: a column or key, and how the publisher might call it one day.
LAYOUTS = {
    "cms_pos": "byId", "bag_ch": "BettenStatA", "cdc_art": "SubTopic", "es_cnh_2020": "CODCNH", "hifld": "STATUS",
    "eurostat_hcs": "list_specs", "es_cnh_madrid_2025": "equipmentScope", "ror": "types", "wikidata": "geo",
}  # fmt: skip


@pytest.mark.parametrize("register", TRIED)
def test_another_layout_is_an_error_that_names_the_column(register, tmp_path):
    column = LAYOUTS[register]
    with pytest.raises(CatalogueError, match=column):
        read_raw(register, changed_sample(register, column, "renamed", tmp_path), "2025", "2026-11")


def test_rows_of_the_publisher_s_own_layout_say_the_same_as_the_selection(tmp_path, before):
    """The Provider of Services file as CMS gives it out; the rows are made by hand of what the selection says."""
    selection = json.loads(sample("cms_pos")[0].read_text("utf-8"))
    labels = [selection["_meta"]["svcLabels"][short] for short in selection["_meta"]["svcOrder"]]
    column_of = {f"POS {label}": column for label in labels for column, said_ in read_meanings("cms_pos").items()
                 if said_[0].code == f"POS {label}"}  # fmt: skip
    names = {row[0]: row for row in before.centres}
    rows = []
    for number, (ccn, told) in enumerate(selection["byId"].items()):
        row = dict.fromkeys(read_meanings("cms_pos"), "0")
        for bit, label in enumerate(labels):
            if told.get("sv", 0) >> bit & 1 and f"POS {label}" in column_of:
                row[column_of[f"POS {label}"]] = str(number % 3 + 1)
        known = names[f"cms:{ccn}"]
        row |= {"PRVDR_NUM": ccn, "PRVDR_CTGRY_CD": "01", "PGM_TRMNTN_CD": "00", "FAC_NAME": known[1],
                "CITY_NAME": known[3].upper(), "STATE_CD": known[6], "MDCL_SCHL_AFLTN_CD": str(told.get("ms", "4")),
                "CRDC_CTHRTZTN_PRCDR_ROOMS_CNT": str(told.get("cathrm", ""))}  # fmt: skip
        rows.append(row)
    closed = rows[0] | {"PRVDR_NUM": "100998", "PGM_TRMNTN_CD": "01"}
    home = rows[0] | {"PRVDR_NUM": "107001", "PRVDR_CTGRY_CD": "05"}
    path = tmp_path / "pos.json"
    path.write_text(json.dumps([*rows, closed, home]), "utf-8")
    release = read_raw("cms_pos", [path], "2026-07-01", "2026-11")
    by_selection = read_sample("cms_pos")
    assert {(f.centre_id, f.value, f.count, f.code) for f in release.facts} == {
        (f.centre_id, f.value, f.count, f.code) for f in by_selection.facts
    }
    reasons = {each.reason for each in release.left_out}
    assert reasons == {"no longer takes part in Medicare", "no hospital (category other than 01)"}
    tables, _ = settle(release, before)
    first = dict(zip(CENTRES, next(row for row in tables.centres if row[0] == "cms:100001"), strict=True))
    # what the file does not say stays: the point and website of others, the town's spelling, the type of hospital
    assert (first["city"], first["lat"], first["facility_type"]) == ("Jacksonville", "30.3485", "acute")
    assert first["website"] == "http://ufhealthjax.org/"
    assert any(fact[0] == "cms:100001" and fact[2] == "Trauma centre Level I" for fact in tables.facts)
    del rows[0]["CT_SCAN_SRVC_CD"]
    path.write_text(json.dumps(rows), "utf-8")
    with pytest.raises(CatalogueError, match="CT_SCAN_SRVC_CD"):
        read_raw("cms_pos", [path], "2026-07-01", "2026-11")


@pytest.mark.parametrize("path", sorted(MEANINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_meanings_are_facts_of_our_vocabularies(path: Path):
    assert path.stem in ADAPTERS
    for when, meanings in read_meanings(path.stem).items():
        for meaning in meanings:
            assert when and meaning.code
            assert not fact_fault(meaning.field, meaning.value, ""), (when, meaning)


def test_each_adapter_has_a_source_that_ships_and_a_place_to_get_it():
    sources = read_sources(Inputs())
    for adapter in ADAPTERS.values():
        assert sources[adapter.id].ship and adapter.where.startswith("https://") and adapter.files
        assert adapter.id in TRIED or "no real file" in adapter.tried_on


@pytest.mark.parametrize("register", TRIED)
def test_title_and_attribution_are_those_of_the_release(register):
    source = read_sample(register, "2031-07").source
    known = read_sources(Inputs())[register]
    day = source.published
    assert day in source.title and (day in source.attribution or source.attribution == known.attribution)
    for year in re.findall(r"20\d\d", f"{source.title} {source.attribution}".replace("2011/833", "")):
        assert year in day, "an older release is named"
    assert source.read_from == source.address and source.accessed == "2026-11"


def test_an_unknown_register_and_a_file_without_a_day_are_said(tmp_path):
    with pytest.raises(CatalogueError, match="no register 'nowhere'"):
        read_raw("nowhere", [])
    with pytest.raises(CatalogueError, match="--released"):
        read_raw("hifld", sample("hifld"))
    for day in ("July 2026", "2026-13", "01.07.2026"):
        with pytest.raises(CatalogueError, match="write a year, a month or a day"):
            read_raw("hifld", sample("hifld"), day)
    missing = tmp_path / "missing.csv"
    with pytest.raises(CatalogueError, match=r"missing\.csv"):
        read_raw("hifld", [missing], "2018")


HEADS = (
    "項番", "都道府県コード", "都道府県名", "区分", "医療機関番号", "併設医療機関番号", "医療機関記号番号",
    "医療機関名称", "医療機関所在地（郵便番号）", "医療機関所在地（住所）", "電話番号", "FAX番号", "病床数",
    "受理届出名称", "受理記号", "受理番号", "算定開始年月日", "個別有効開始年月日", "備考（見出し）",
    "備考（データ）", "市町村コード", "市町村名", "種別コード", "種別",
)  # fmt: skip
CT = "ＣＴ撮影及びＭＲＩ撮影"


def workbook(path: Path, *rows: dict[str, object], heads: tuple[str, ...] = HEADS) -> Path:
    """A workbook of Japan's layout, as programs of others read it; no real workbook could be had."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["届出受理医療機関名簿"])
    sheet.append(["令和 8年10月 1日現在", "全医療機関出力"])
    sheet.append([])
    sheet.append(list(heads))
    for row in rows:
        sheet.append([row.get(head, "") for head in heads])
    book.save(path)
    return path


def notified(number: str, name: str, told: str, remark: str = "", beds: str = "", **more: object) -> dict[str, object]:
    said = {"都道府県コード": 13, "区分": "医科", "医療機関番号": number, "医療機関名称": name, "受理届出名称": told,
            "備考（データ）": remark, "病床数": beds, "市町村名": "架空市"}  # fmt: skip
    return said | more


def test_japan_s_layout_is_read_prefecture_by_prefecture(tmp_path, before):
    path = workbook(
        tmp_path / "13.xlsx",
        notified("0110017", "架空中央病院", CT, "", "一般　　　　　１９９／療養 40"),
        notified("0110017", "架空中央病院", CT, "１６列以上６４列未満のマルチスライスＣＴ"),
        notified("0110017", "架空中央病院", "人工腎臓"),
        notified("0110017", "架空中央病院", "架空の届出"),
        notified("0110025", "架空眼科", CT, "機器の撤去"),
        notified("0110025", "架空眼科", CT, "ＭＲＩ（３テスラ以上）"),
        notified("0110033", "架空歯科", "人工腎臓", 区分="歯科"),
        notified("", "", "人工腎臓"),
    )
    release = read_raw("jp_shisetsu", [path], "", "2026-11")
    assert release.source.published == "2026-10-01" and release.about_ids == ("jp:Tokyo:",)
    hospital = "jp:Tokyo:0110017"
    assert {(f.centre_id, f.field, f.value, f.code) for f in release.facts} == {
        (hospital, "beds", "239", "病床数"),
        (hospital, "equipment", "ct", f"{CT}: １６列以上６４列未満のマルチスライスＣＴ"),
        (hospital, "equipment", "dialysis", "人工腎臓"),
        (hospital, "disease_area", "nephrology", "人工腎臓"),
    }
    reasons = {(each.what, each.reason) for each in release.left_out}
    assert ("架空の届出", "names no area or machine of ours") in reasons
    assert ("区分 歯科", "names no area or machine of ours") in reasons
    assert ("13 ", "no prefecture, number or name") in reasons
    tables, left_out = settle(release, before)
    assert [row[0] for row in tables.centres] == [hospital] and tables.centres[0][11] == "hospital"
    assert any(each.value == "架空眼科" for each in left_out), "of the clinic nothing is stated"
    chiba = [fact for fact in tables.facts if fact[0].startswith("jp:Chiba:") and fact[4] == "stated"]
    assert chiba == [fact for fact in before.facts if fact in chiba] and len(chiba) > 1000
    with pytest.raises(CatalogueError, match="受理届出名称"):
        heads = tuple("届出" if head == "受理届出名称" else head for head in HEADS)
        read_raw("jp_shisetsu", [workbook(tmp_path / "other.xlsx", heads=heads)], "", "2026-11")


def test_what_japan_s_register_states_comes_out_again_of_its_notifications(tmp_path, before):
    """Real institutions of three prefectures, with the notifications that the catalogue was read from, row by row."""
    prefectures = {"Fukui": 18, "Nara": 29, "Tottori": 31}
    codes = {row[0]: row[4] for row in before.origins if row[1] == "jp_shisetsu"}
    listed = {row[0]: row for row in before.centres if row[0].split(":")[:1] == ["jp"] and row[6] in prefectures}
    stated = [fact for fact in before.facts if fact[0] in listed and fact[4] == "stated" and fact[5] in codes]
    beds = {fact[0]: fact[2] for fact in stated if fact[1] == "beds"}
    rows = []
    for id_, field, *_, origin in stated:
        told, _, remark = codes[origin].partition(": ")
        centre = {"都道府県コード": prefectures[listed[id_][6]], "病床数": f"一般　　　　{beds.get(id_, '')}",
                  "市町村名": listed[id_][CENTRES.index("city_local")]}  # fmt: skip
        told = "" if field == "beds" else told
        rows.append(notified(id_.rpartition(":")[2], listed[id_][1], told, "", **centre))
        if remark:
            rows.append(notified(id_.rpartition(":")[2], listed[id_][1], "", remark, **centre))
    release = read_raw("jp_shisetsu", [workbook(tmp_path / "three.xlsx", *rows)], "", "2026-11")
    assert len({fact[0] for fact in stated}) > 140 and len({codes[fact[5]] for fact in stated}) > 80
    assert {(f.centre_id, f.field, f.value) for f in release.facts} == {tuple(fact[:3]) for fact in stated}
    found = {each.centre_id: (each.name, each.city_local, each.facility_type) for each in release.centres}
    place = CENTRES.index
    assert found == {
        id_: (listed[id_][1], listed[id_][place("city_local")], listed[id_][place("facility_type")])
        for id_ in {fact[0] for fact in stated}
    }


def spreadsheet(path: Path, heads: list[str], *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Portada"  # type: ignore[union-attr]
    sheet = book.create_sheet("Directorio")
    for row in (["Directorio"], [], heads, *rows):
        sheet.append(row)
    book.save(path)
    return path


def test_spain_s_machines_are_counted_where_the_file_counts_them(tmp_path):
    """A spreadsheet of the ministry's columns, its counts invented: no real one could be had."""
    heads = ["CODCNH", "Nombre Centro", "Municipio", "CCAA", "CAMAS", "Clase de Centro", "TAC", "RM", "ALI", "BCO"]
    hospital = ["280014", "Invented", "Madrid", "Madrid, Comunidad de", 966, "Hospitales Generales", 7, 0, "dos", 1]
    path = spreadsheet(tmp_path / "cnh.xlsx", heads, hospital)
    release = read_raw("es_cnh_2020", [path], "2031", "2031-02")
    assert [(f.value, f.count, f.code) for f in release.facts] == [
        ("ct", "7", "Equipos: TAC"), ("966", "", "CAMAS"),
    ]  # fmt: skip
    assert [(each.row, each.what, each.value) for each in release.left_out] == [(4, "es:280014 Equipo ALI", "dos")]
    with pytest.raises(CatalogueError, match="CAMAS"):
        spreadsheet(path, [head.replace("CAMAS", "Plazas") for head in heads], hospital)
        read_raw("es_cnh_2020", [path], "2031", "2031-02")


def test_a_fault_that_only_the_catalogue_shows_names_its_row_too(tmp_path, before):
    path = changed_sample("eurostat_hcs", "16.51378,-1", "216.51378,-1", tmp_path)
    _, left_out = settle(read_raw("eurostat_hcs", path, "", "2026-11"), before)
    fault = next(each for each in left_out if each.reason == "not a point on the globe")
    assert (fault.file, fault.row, fault.value) == ("all.csv", 3, "47.84727,216.51378")
