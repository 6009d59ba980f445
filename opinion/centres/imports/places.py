"""Turns a point and a country into whether the one can be in the other, and whether it is on land at all.

From our own files, without asking anybody: the outlines of countries at 1:50,000,000 (``data/geo/world_50m.json``),
drawn on a grid of a tenth of a degree, and the towns of ``data/geo/towns.csv``, for islands too small for the outlines.
A point is near a country if a square of the grid within 0.3 degrees (33 km from north to south) belongs to it: coasts
and borders are that coarse. So a point a few kilometres off the coast, or just over a border, is not found; and some
small islands count as sea: 5 of the catalogue's own 18,630 points would wait. A person may accept such points.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opinion.centres.tables import read_table
from opinion.centres.towns import COLUMNS, TOWNS
from opinion.vocabularies import DATA

_STEP = 0.1  # degrees
_NEAR = 3  # squares
_ROWS, _COLUMNS = 1800, 3600
_Ring = NDArray[np.float64]


@dataclass(frozen=True)
class _Grid:
    """The number of a country for each square, 0 for none; its towns beside it, for squares of two countries."""

    squares: NDArray[np.int16]
    numbers: dict[str, int]
    towns: dict[str, frozenset[tuple[int, int]]]


def point_fault(lat: float, lon: float, country_code: str) -> str:
    """Return the code of what is wrong with a point in degrees for a centre in a country, ``""`` if it can be there.

    ``point_zero``: 0, 0; ``point_swapped``: the two numbers in the other order can be there; ``not_a_point``: not on
    the globe; ``point_at_sea``; ``point_elsewhere``: on land, but not near the country. Countries without an outline
    and without a town of ours are not looked at.
    """
    if lat == 0 and lon == 0:
        return "point_zero"
    if _is_on_globe(lat, lon) and _is_near(lat, lon, country_code):
        return ""
    if _is_on_globe(lon, lat) and _is_near(lon, lat, country_code):
        return "point_swapped"
    if not _is_on_globe(lat, lon):
        return "not_a_point"
    if not _around(lat, lon).any():
        return "point_at_sea"
    return "point_elsewhere" if country_code in _grid().towns or country_code in _grid().numbers else ""


def _is_on_globe(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180


def _square(lat: float, lon: float) -> tuple[int, int]:
    return min(int((lat + 90) / _STEP), _ROWS - 1), int((lon + 180) / _STEP) % _COLUMNS


def _around(lat: float, lon: float) -> NDArray[np.int16]:
    row, column = _square(lat, lon)
    rows = slice(max(0, row - _NEAR), row + _NEAR + 1)
    if _NEAR <= column < _COLUMNS - _NEAR:
        return _grid().squares[rows, column - _NEAR : column + _NEAR + 1]
    return _grid().squares[rows].take(range(column - _NEAR, column + _NEAR + 1), axis=1, mode="wrap")


def _is_near(lat: float, lon: float, country_code: str) -> bool:
    grid = _grid()
    number = grid.numbers.get(country_code)
    if number is not None and grid.squares[_square(lat, lon)] == number:
        return True  # as nearly always
    if number is not None and bool((_around(lat, lon) == number).any()):
        return True
    row, column = _square(lat, lon)
    squares = grid.towns.get(country_code, frozenset())
    return any(
        (row + up, (column + right) % _COLUMNS) in squares
        for up in range(-_NEAR, _NEAR + 1)
        for right in range(-_NEAR, _NEAR + 1)
    )


@cache
def _grid() -> _Grid:
    """Draw the grid, once: it takes a second."""
    outlines = json.loads((DATA / "geo" / "world_50m.json").read_text("utf-8"))
    pairs = (line.split() for line in (DATA / "geo" / "iso3.txt").read_text("utf-8").splitlines())
    code_of = {outline: country for country, outline in pairs}
    squares = np.zeros((_ROWS, _COLUMNS), dtype=np.int16)
    numbers: dict[str, int] = {}
    for number, shape in enumerate(outlines["objects"]["countries"]["geometries"], start=1):
        if shape.get("id") in code_of:  # a country may be drawn in several shapes
            number = numbers.setdefault(code_of[shape["id"]], number)
        for ring in _rings(shape, outlines):
            _fill(squares, ring, number)
    towns: dict[str, set[tuple[int, int]]] = {}
    code, lat, lon = (COLUMNS.index(column) for column in ("country_code", "lat", "lon"))
    for row in read_table(TOWNS, COLUMNS):
        square = _square(float(row[lat]), float(row[lon]))
        towns.setdefault(row[code], set()).add(square)
        if not squares[square]:
            squares[square] = numbers.get(row[code], len(outlines["objects"]["countries"]["geometries"]) + 1)
    return _Grid(squares, numbers, {each: frozenset(found) for each, found in towns.items()})


def _rings(shape: dict[str, Any], outlines: dict[str, Any]) -> Iterator[_Ring]:
    """Return the outer lines of a shape of TopoJSON, in degrees; lakes and other holes count as land."""
    polygons = shape.get("arcs", []) if shape.get("type") == "MultiPolygon" else [shape.get("arcs", [])]
    scale, start = outlines["transform"]["scale"], outlines["transform"]["translate"]
    for polygon in polygons:
        if not polygon:
            continue
        parts = []
        for arc in polygon[0]:
            line = np.cumsum(np.array(outlines["arcs"][arc if arc >= 0 else ~arc], dtype=np.float64), axis=0)
            parts.append(line if arc >= 0 else line[::-1])
        ring: _Ring = np.concatenate(parts) * scale + start
        yield ring


def _fill(squares: NDArray[np.int16], ring: _Ring, number: int) -> None:
    """Mark the squares whose middle is inside of ``ring``, row by row, and those that its line runs through."""
    lon, lat = np.unwrap(ring[:, 0], period=360), ring[:, 1]  # a line over the 180th meridian goes on
    squares[((lat + 90) / _STEP).astype(int), ((lon + 180) / _STEP).astype(int) % _COLUMNS] = number
    before = np.roll(np.arange(len(ring)), 1)
    low, high = np.minimum(lat, lat[before]), np.maximum(lat, lat[before])
    for row in range(_square(lat.min(), 0)[0], _square(lat.max(), 0)[0] + 1):
        middle = (row + 0.5) * _STEP - 90
        cut = (low <= middle) & (middle < high)
        if not cut.any():
            continue
        here, there = np.flatnonzero(cut), before[cut]
        crossed = np.sort(
            lon[here] + (middle - lat[here]) * (lon[there] - lon[here]) / (lat[there] - lat[here])
        )  # fmt: skip
        for left, right in zip(crossed[::2], crossed[1::2], strict=False):
            squares[row, np.arange(round((left + 180) / _STEP), round((right + 180) / _STEP)) % _COLUMNS] = number
