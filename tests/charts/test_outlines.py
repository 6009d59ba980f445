"""Outlines: what is read from the npm package, and that the files in the repository are whole."""

import json
from argparse import Namespace

import pytest
from babel.core import get_global

from opinion.charts.outlines import GEO, USED, keep_layers, outline_of, outlines_in, run_extract
from opinion.vocabularies import country_codes

OUTLINES = """{ type: "Topology", arcs: [[[0, 1], [2, 1e3]], [[5, 5]], [[9, -9]]], transform: { scale: [0.5, 1] },
 objects: { rivers: { type: "GeometryCollection", geometries: [{ type: "LineString", arcs: [0] }] },
 land: { type: "GeometryCollection", geometries: [{ type: "MultiPolygon", arcs: [[[2, ~1]]] }] },
 countries: { type: "GeometryCollection", geometries: [{ id: "A{b: c", type: "Polygon", arcs: [[-3]] }, {type: null}] }
 } }""".replace("~1", "-2").replace("\n", "")
SCRIPT = "\n".join(
    f"""  // dist/topojson/{name}.json
  var require_{name} = __commonJS({{
    "dist/topojson/{name}.json"(exports, module) {{
      module.exports = {OUTLINES};
    }}
  }});"""
    for name in USED
)


def test_javascript_is_read_and_texts_are_left_alone():
    outlines = outlines_in(SCRIPT, "world_110m")
    assert outlines["arcs"][0] == [[0, 1], [2, 1000]]
    assert outlines["objects"]["countries"]["geometries"][0]["id"] == "A{b: c"


def test_layers_that_are_not_drawn_go_with_their_lines():
    kept = keep_layers(outlines_in(SCRIPT, "world_110m"))
    assert set(kept["objects"]) == {"countries", "land"}
    assert len(kept["arcs"]) == 2, "the river's line is gone"
    (number,) = kept["objects"]["countries"]["geometries"][0]["arcs"][0]
    assert number < 0 and kept["arcs"][~number] == [[9, -9]], "drawn backwards, as before"


def test_the_command_writes_the_files(tmp_path, capsys):
    script = tmp_path / "plotly-geo-assets.js"
    script.write_text(SCRIPT)
    assert run_extract(Namespace(script=script, out=tmp_path / "geo")) == 0
    assert sorted(path.stem for path in (tmp_path / "geo").glob("*.json")) == sorted(USED)
    assert "bytes" in capsys.readouterr().out


def test_a_script_without_outlines_is_refused(tmp_path, capsys):
    script = tmp_path / "other.js"
    script.write_text("module.exports = 1;")
    assert run_extract(Namespace(script=script, out=tmp_path)) == 2
    assert "dist/plotly-geo-assets.js" in capsys.readouterr().out


@pytest.mark.parametrize("name", USED)
def test_the_outlines_in_the_repository_are_whole(name):
    outlines = json.loads((GEO / f"{name}.json").read_text("utf-8"))
    ids = {shape.get("id") for shape in outlines["objects"]["countries"]["geometries"]}
    assert {"CHE", "USA", "JPN", "BRA"} <= ids
    numbers = json.dumps(outlines["objects"])
    assert outlines["arcs"] and "null" not in numbers
    assert "MIT" in (GEO / "NOTICE").read_text("utf-8")


def test_every_country_has_the_code_that_standards_give_it():
    pairs = dict(line.split() for line in (GEO / "iso3.txt").read_text("utf-8").splitlines())
    assert set(country_codes()) - set(pairs) == {"XK"}, "Kosovo has no ISO code"
    aliases = get_global("territory_aliases")
    assert {code: aliases[outline] for code, outline in pairs.items()} == {code: [code] for code in pairs}
    assert len(set(pairs.values())) == len(pairs)


def test_outlines_of_large_countries_are_in_both_files_and_small_ones_in_the_fine_one():
    coarse, fine = outline_of(110), outline_of(50)
    assert coarse["FR"] == "FRA" and coarse["US"] == "USA" and coarse["CD"] == "COD"
    assert "MT" not in coarse and fine["MT"] == "MLT"
    assert "XK" not in fine and set(coarse) < set(fine)
