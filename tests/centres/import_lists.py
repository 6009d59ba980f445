"""Lists as people send them, one for each messy shape, written to a test's own folder. All hospitals are invented."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from opinion.centres.imports.recipes import ListSource

SOURCE = ListSource("Invented list", "Nobody", "https://example.org/list", "CC0 1.0", "2026-10-01")


def merged_cells(folder: Path) -> Path:
    """A title over the heads, an empty sheet in front, the country merged over its rows, the city over two."""
    book = Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Hospitals")
    sheet.append(["Hospital list 2026"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["Country", "City", "Hospital name", "Beds", "MRI"])
    for row in (
        ["Austria", "Vienna", "Invented Clinic One", 120, "yes"],
        [None, None, "Invented Clinic Two", 80.0, "no"],
        [None, "Graz", "Invented Clinic Three", None, "yes (2)"],
    ):
        sheet.append(row)
    sheet.merge_cells("A4:A6")
    sheet.merge_cells("B4:B5")
    book.save(folder / "merged.xlsx")
    return folder / "merged.xlsx"


def grouped_heads(folder: Path) -> Path:
    """A title, then heads in two rows: "Betten" merged over two columns, "Geräte" over three, the others downwards.

    One row waits.
    """
    book = Workbook()
    sheet = book.active
    sheet.append(["Spitäler 2026"])
    sheet.append(["Spital", "Ort", "Land", "Betten", None, "Geräte", None, None])
    sheet.append([None, None, None, "gesamt", "davon IPS", "MRT", "CT", "PET/CT"])
    sheet.append(["Erfundenes Spital Eins", "Bern", "Schweiz", 310, 12, "ja", "ja", "nein"])
    sheet.append(["Erfundenes Spital Zwei", "Basel", "Eidgenossenland", 95, None, "nein", "ja", "nein"])
    for cells in ("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:H2"):
        sheet.merge_cells(cells)
    book.save(folder / "grouped.xlsx")
    return folder / "grouped.xlsx"


def grouped_heads_csv(folder: Path) -> Path:
    """The same saved as CSV: what was merged is empty but for its first cell."""
    lines = [
        "Spitäler 2026;;;;;;;",
        "Spital;Ort;Land;Betten;;Geräte;;",
        ";;;gesamt;davon IPS;MRT;CT;PET/CT",
        "Erfundenes Spital Eins;Bern;Schweiz;310;12;ja;ja;nein",
        "Erfundenes Spital Zwei;Basel;Eidgenossenland;95;;nein;ja;nein",
    ]
    (folder / "grouped.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "grouped.csv"


def with_remarks(folder: Path) -> Path:
    """Rows between and below those of centres: headings, sums, a note over merged cells, a centre of its name only."""
    book = Workbook()
    sheet = book.active
    for row in (
        ["Spital", "Ort", "Land", "Betten"],
        ["Kanton Bern"],
        ["Erfundenes Spital Eins", "Bern", "CH", 310],
        ["Summe Kanton Bern", None, "CH", 310],
        ["Kanton Basel"],
        ["Summe Klinik", "Basel", "CH", 95],
        ["TOTAL", "Schweiz", "CH", 405],
        ["* ohne Reha"],
        ["Erfundenes Spital Zwei", None, "CH", None],
    ):
        sheet.append(row)
    sheet.merge_cells("A5:D5")
    book.save(folder / "remarks.xlsx")
    return folder / "remarks.xlsx"


def tilde_cp1252(folder: Path) -> Path:
    lines = [
        "Krankenhäuser in Österreich~~~~~",
        "Kennung~Name~Ort~Land~Betten~Geräte",
        "A1~Klinik Übermut~Köln~Deutschland~1.234~CT; PET/CT (2)",
        "A2~Spital Grünau~Zürich~Schweiz~n/a~MRT",
    ]
    (folder / "tilde.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    return folder / "tilde.csv"


def row_per_machine(folder: Path) -> Path:
    lines = [
        "Hospital,City,Country,Device type,Quantity",
        "Invented North,Lyon,France,MRI,2",
        "Invented South,Nice,France,CT,1",
        "Invented North,Lyon,France,CT,1",
        "Invented North,Lyon,France,MRI,1",
        "Invented South,Nice,France,Time machine,1",
    ]
    (folder / "machines.csv").write_text("\n".join(lines), "utf-8")
    return folder / "machines.csv"


def turkish(folder: Path) -> Path:
    lines = [
        "Kurum kodu;Hastane adı;Şehir;Ülke;Yatak sayısı;Branşlar;Eğitim hastanesi",
        "34;Uydurma Şişli Eğitim Hastanesi;İstanbul;Türkiye;1.250;Kardiyoloji, Göğüs hastalıkları;evet",
        "06;Uydurma Çankaya Hastanesi;Ankara;Türkiye;85;Göz;hayır",
    ]
    (folder / "turkish.csv").write_bytes("\n".join(lines).encode("cp1254"))
    return folder / "turkish.csv"


def russian(folder: Path) -> Path:
    lines = [
        "Код\tНаименование\tГород\tСтрана\tКоек\tОборудование",
        "1\tВыдуманная городская больница\tКазань\tРоссия\t1 100\tМРТ; КТ",
        "2\tВыдуманный онкологический центр\tТула\tРФ\tн/д\tлинейный ускоритель",
    ]
    (folder / "russian.tsv").write_bytes("\n".join(lines).encode("koi8-r"))
    return folder / "russian.tsv"


def utf16(folder: Path) -> Path:
    lines = ["病院名,都市,国,病床数,診療科", "架空病院,東京,日本,500,循環器内科", "虚構病院,京都,日本,120,眼科"]
    (folder / "japanese.csv").write_bytes("\r\n".join(lines).encode("utf-16"))
    return folder / "japanese.csv"


def decimal_commas(folder: Path) -> Path:
    lines = [
        '"Nom";"Ville";"Pays";"Latitude";"Longitude";"Lits"',
        '"Clinique ""Inventée""; site A";"Lyon";"France";"45,7640";"4,8357";"1 050"',
        '"Hôpital\nFictif";"Nice";"France";"43,7102";"7,2620";"12,5"',
    ]
    (folder / "commas.csv").write_text("\r".join(lines), "utf-8-sig", newline="")
    return folder / "commas.csv"


def ods(folder: Path) -> Path:
    """A spreadsheet as LibreOffice writes it, in its smallest form."""
    rows = [["Nombre", "Ciudad", "País", "Camas"], ["Hospital Ficticio", "Málaga", "España", 310]]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            if isinstance(cell, int)
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} office:version="1.2">'
        "<office:body>"
        f'<office:spreadsheet><table:table table:name="Hoja1">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    with zipfile.ZipFile(folder / "list.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest)
    return folder / "list.ods"


def parquet(folder: Path) -> Path:
    table = pa.table(
        {
            "hospital": ["Invented East", "Invented West"],
            "city": ["Oslo", "Bergen"],
            "country_code": ["NO", "NO"],
            "beds": pa.array([240.0, None]),
            "equipment": [["MRI", "CT"], []],
        }
    )
    pq.write_table(table, folder / "list.parquet")
    return folder / "list.parquet"


def json_lines(folder: Path) -> Path:
    lines = [
        json.dumps({"name": "Invented Hill", "city": "Porto", "country": "PT", "equipment": ["CT"], "beds": 90}),
        "",
        json.dumps({"name": "Invented Valley", "country": "Portugal", "teaching": True}),
        '{"name": "Cut off", "coun',
    ]
    (folder / "list.jsonl").write_text("\n".join(lines), "utf-8")
    return folder / "list.jsonl"


def faulty(folder: Path) -> Path:
    """One row for each thing that is to be found and said; the first and the last are right."""
    head = ["id", "name", "city", "country", "lat", "lon", "beds", "equipment", "website", "source date"]
    rows = [
        ["1", "Right", "Vienna", "AT", "48.2082", "16.3738", "100", "CT", "https://www.example.org", "2026-01-31"],
        ["2", "Swapped", "Vienna", "AT", "16.3738", "48.2082", "", "", "", ""],
        ["3", "Shortened", "Vienna", "AT", "4.8E+01", "1.6E+01", "", "", "", ""],
        ["4", "In the sea", "Vienna", "AT", "40.0", "-35.0", "", "", "", ""],
        ["5", "Elsewhere", "Vienna", "AT", "-33.87", "151.21", "", "", "", ""],
        ["6", "Nowhere", "Vienna", "AT", "0", "0", "", "", "", ""],
        ["7", "Off the globe", "Vienna", "AT", "482082", "163738", "", "", "", ""],
        ["8", "Huge", "Vienna", "AT", "", "", "250000", "", "", ""],
        ["9", "Negative", "Vienna", "AT", "", "", "-5", "", "", ""],
        ["1", "Twice", "Graz", "AT", "", "", "", "", "", ""],
        ["10", "Future", "Vienna", "AT", "", "", "", "", "", "2999-01-01"],
        ["11", "Two readings", "Vienna", "AT", "", "", "", "", "", "03/04/2025"],
        ["12", "Krankenhaus KÃ¶ln", "Cologne", "DE", "", "", "", "", "", ""],
        ["13", "M?nchen Hospital", "Munich", "DE", "", "", "", "", "", ""],
        ["14", "Lost country", "Springfield", "Austrya", "", "", "", "", "", ""],
        ["15", "", "Vienna", "AT", "", "", "", "", "", ""],
        ["16", "New machine", "Vienna", "AT", "", "", "", "Time machine", "", ""],
        ["17", "No website", "Vienna", "AT", "", "", "", "", "see leaflet", ""],
        ["18", "No country", "Vienna", "", "", "", "", "", "", ""],
        ["19", "Half a point", "Vienna", "AT", "48.2", "", "", "", "", ""],
        ["20", "=SUM(A1)", "Vienna", "AT", "", "", "0", "", "", ""],
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    (folder / "faulty.csv").write_text(text.getvalue() + "21,Too short\r\n22,Too long,Linz,AT,,,,,,,more\r\n", "utf-8")
    return folder / "faulty.csv"
