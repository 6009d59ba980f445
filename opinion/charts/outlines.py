"""Turns the outlines inside the npm package ``plotly.js`` into the two files under ``data/geo`` that maps need.

Run once, when the outlines change::

    npm pack plotly.js@4.1.1 && tar xzf plotly.js-4.1.1.tgz
    python -m opinion maps extract package/dist/plotly-geo-assets.js

Nothing of npm is needed to run the app: the files are in the repository.
"""

import argparse
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

GEO = Path(__file__).resolve().parents[2] / "data" / "geo"
USED = ("world_110m", "world_50m")
"""The outlines that our maps ask for: a coarse world, and a finer one for maps of a few countries."""

_Arcs = int | list["_Arcs"]

_LAYERS = ("countries", "land")
"""What our maps draw. Rivers, lakes and subunits stay out: they are half of each file."""


@cache
def outline_of(resolution: int) -> dict[str, str]:
    """Return, by ISO 3166-1 alpha-2 code, the id of each country's outline in the file of 110 or 50 (metres × 10⁶).

    Countries without an outline are not in it: islands and cities too small for the file, and Kosovo, which United
    Nations data do not draw apart.
    """
    pairs = (line.split() for line in (GEO / "iso3.txt").read_text("utf-8").splitlines())
    drawn = json.loads((GEO / f"world_{resolution}m.json").read_text("utf-8"))["objects"]["countries"]["geometries"]
    ids = {shape.get("id") for shape in drawn}
    return {code: outline for code, outline in pairs if outline in ids}


def outlines_in(script: str, name: str) -> dict[str, Any]:
    """Return one TopoJSON object of ``plotly-geo-assets.js``. Raises ``ValueError`` if it is not in there."""
    found = re.search(rf"// dist/topojson/{name}\.json\n.*?\n\s*module\.exports = (\{{.*?\}});\n", script, re.DOTALL)
    if found is None:
        raise ValueError(f"{name} is not in this script. Use dist/plotly-geo-assets.js of plotly.js 4.")
    # the script holds JavaScript, not JSON: its keys have no quotes
    parts = re.split(r'("(?:[^"\\]|\\.)*")', found[1])
    parts[::2] = [re.sub(r"([{,]\s*)([A-Za-z_]\w*):", r'\1"\2":', part) for part in parts[::2]]
    # and 1000 may stand there as 1e3
    outlines: dict[str, Any] = json.loads("".join(parts), parse_float=_number)
    return outlines


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number


def keep_layers(outlines: dict[str, Any], layers: tuple[str, ...] = _LAYERS) -> dict[str, Any]:
    """Return the outlines with these layers only, and only the lines that they are made of."""
    objects = {name: outlines["objects"][name] for name in layers}
    numbers: dict[int, int] = {}

    def renumbered(arcs: _Arcs) -> _Arcs:
        if isinstance(arcs, list):
            return [renumbered(each) for each in arcs]
        line = arcs if arcs >= 0 else ~arcs  # a line drawn backwards has the complement of its number
        number = numbers.setdefault(line, len(numbers))
        return number if arcs >= 0 else ~number

    for layer in objects.values():
        for shape in layer["geometries"]:
            if "arcs" in shape:
                shape["arcs"] = renumbered(shape["arcs"])
    return {**outlines, "objects": objects, "arcs": [outlines["arcs"][line] for line in numbers]}


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``maps extract`` to the command line."""
    parser = commands.add_parser("maps", help="outlines for maps")
    extract = parser.add_subparsers(required=True, metavar="ACTION").add_parser(
        "extract", help="write data/geo from dist/plotly-geo-assets.js of the npm package plotly.js"
    )
    extract.add_argument("script", type=Path, metavar="plotly-geo-assets.js")
    extract.add_argument("--out", type=Path, default=GEO, help="folder to write to (data/geo)")
    extract.set_defaults(run=run_extract)


def run_extract(options: argparse.Namespace) -> int:
    """Write the outlines that are used; return 2 if the script does not hold them."""
    try:
        script = options.script.read_text("utf-8")
        found = {name: keep_layers(outlines_in(script, name)) for name in USED}
    except (OSError, ValueError) as error:
        print(f"error: {error}")
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    for name, outlines in found.items():
        path = options.out / f"{name}.json"
        path.write_text(json.dumps(outlines, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
        print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0
