"""Turns labels and counts into plotly figures: bars, heat maps, bubbles and shaded countries on a map.

Plain ``graph_objects`` with a template of our own: no background, and text in the colour of the page's theme. The
colours are of middle lightness, so that they stand out on white and on black.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

Figure = go.Figure
"""What every function here returns; other parts of the program name it by this word."""

COLOURS = ("#1f8a96", "#c9822b", "#8a8fb5", "#a9b4b6")
"""Of the parts of a bar, surest first. Their order and the legend say the same as the colour."""

SHADES = ((0.0, "rgba(31,138,150,0.10)"), (0.5, "rgba(31,138,150,0.40)"), (1.0, "rgba(31,138,150,0.70)"))
"""From few to many. The page shines through, so that its text keeps its contrast on every shade in both themes."""

MAP_SHADES = ((0.0, "rgba(31,138,150,0.20)"), (0.5, "rgba(31,138,150,0.60)"), (1.0, "rgba(31,138,150,1)"))
"""The same for countries, which have no text on them."""

CHART_CONFIG: dict[str, Any] = {"displayModeBar": False, "staticPlot": False, "scrollZoom": False}
MAP_CONFIG: dict[str, Any] = {"displayModeBar": False, "topojsonURL": "/opinion/geo/", "scrollZoom": True}
"""Outlines come from our own server: plotly would fetch them from another host."""

TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": COLOURS,
        "margin": {"l": 0, "r": 8, "t": 8, "b": 8},
        "separators": ".,",
    }
)
# Streamlit puts the colour of the page's text, light or dark, in the place of this one (its theme's GRAY_90)
TEXT = "#000037"
_LABEL_WIDTH = 26  # characters: on a phone, labels and bars share 340 pixels
_HEAD_WIDTH = 12  # characters: above the columns of a heat map
_LEVEL = 4  # so many columns have level heads
_BAR_HEIGHT = 34  # pixels
_CELL_HEIGHT = 30  # pixels
_NARROWEST = 3.0  # degrees: a map of one town still shows the land around it
_WORLD = 110.0  # degrees: whatever is wider is shown on a map of the world
_FINE = 40.0  # degrees: whatever is narrower has the finer outlines
_BREADTH = 1.5  # a map is so many times as broad as high


@dataclass(frozen=True)
class Place:
    """A bubble: ``count`` centres around ``town``, at a point in degrees; ``label`` shows when it is pointed at.

    ``key`` comes back when the bubble is pressed.
    """

    key: str
    lat: float
    lon: float
    count: int
    label: str
    town: str


@dataclass(frozen=True)
class Cell:
    """A cell of a heat map: the ``value`` that shades it (``None`` leaves it blank) and the ``text`` in it.

    ``label`` shows when it is pointed at; ``key`` comes back when it is pressed, ``""`` if there is nothing to press.
    """

    value: float | None
    text: str
    label: str
    key: str = ""


@dataclass(frozen=True)
class Shade:
    """A country on a map: ``outline`` is its ISO 3166-1 alpha-3 code, ``count`` shades it; else as a ``Cell``."""

    outline: str
    count: int
    label: str
    key: str


def draw_bars(
    labels: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    keys: Sequence[str] = (),
    in_percent: bool = False,
    colours: Sequence[str] = COLOURS,
) -> go.Figure:
    """Return lying bars, first label on top, each stacked of ``parts`` (name of the part -> a count per label).

    ``keys``: one per label, comes back when its bar is pressed. ``in_percent``: the parts of a bar are shares of
    one hundred; otherwise they are counts, and their sum stands beside the bar. ``colours``: of the parts, in order.
    """
    wrapped = [_wrapped(label) for label in labels]
    percent = " %" if in_percent else ""
    figure = go.Figure(layout={"template": TEMPLATE})
    for number, (name, counts) in enumerate(parts.items()):
        figure.add_trace(
            go.Bar(
                x=list(counts), y=wrapped, name=name, orientation="h", marker={"color": colours[number % len(colours)]},
                hovertemplate="%{y}: %{x:,}" + percent + "<extra>" + (name if len(parts) > 1 else "") + "</extra>",
                customdata=[[key] for key in keys] or None,
                # nobody should lose the other bars by pressing one
                unselected={"marker": {"opacity": 1}},
            )
        )  # fmt: skip
    totals = [sum(counts) for counts in zip(*parts.values(), strict=True)]
    if not in_percent:
        figure.add_trace(
            go.Scatter(
                x=totals, y=wrapped, mode="text", text=[f" {total:,}" for total in totals], textposition="middle right",
                hoverinfo="skip", showlegend=False, cliponaxis=False, textfont={"color": TEXT},
                unselected={"textfont": {"color": TEXT}},
            )
        )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        bargap=0.35,
        height=60 + _BAR_HEIGHT * max(len(wrapped), 2),
        showlegend=len(parts) > 1,
        margin_r=28 if in_percent else 8,  # half of "100 %" stands there
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        dragmode=False,
        xaxis={
            "visible": in_percent,
            "fixedrange": True,
            "range": [0, 100] if in_percent else [0, max(totals, default=1) * 1.18 or 1],
            "tickvals": [0, 25, 50, 75, 100] if in_percent else [],
            "ticktext": ["0", "25 %", "50 %", "75 %", "100 %"] if in_percent else [],
            "showgrid": False,
            "tickfont": {"color": TEXT},
        },
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "showgrid": False,
            "tickfont": {"color": TEXT},
        },
    )
    return figure


def draw_heat_map(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]], logarithmic: bool = True
) -> go.Figure:
    """Return a heat map, first row on top: ``cells`` are rows × columns. A blank cell says so when pointed at.

    ``logarithmic``: values are counts from 1 up, each ten times as many one shade darker; otherwise they are percents.
    """
    values = [cell.value for line in cells for cell in line if cell.value is not None]
    top = max(math.log10(max(values, default=10)), 1.0) if logarithmic else 100.0
    across, down = range(len(columns)), range(len(rows))
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_trace(
        go.Heatmap(
            x=list(across),
            y=list(down),
            z=[[_shade(cell.value, logarithmic) for cell in line] for line in cells],
            zmin=0,
            zmax=top,
            colorscale=[list(shade) for shade in SHADES],
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    # plotly cannot select a cell of a heat map: a point without colour in its middle can be pressed, and has its text
    every = [(row, column, cell) for row, line in enumerate(cells) for column, cell in enumerate(line)]
    clear = {"marker": {"opacity": 0}, "textfont": {"color": TEXT}}
    figure.add_trace(
        go.Scatter(
            x=[column for _, column, _ in every],
            y=[row for row, _, _ in every],
            text=[cell.text for _, _, cell in every],
            hovertext=[cell.label for _, _, cell in every],
            customdata=[[cell.key] for _, _, cell in every],
            mode="markers+text",
            textposition="middle center",
            textfont={"color": TEXT, "size": 12},
            hovertemplate="%{hovertext}<extra></extra>",
            marker={"symbol": "square", "size": _CELL_HEIGHT - 4, "opacity": 0},
            selected=clear,
            unselected=clear,
            showlegend=False,
        )
    )
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "automargin": True}
    slanted = len(columns) > _LEVEL
    heads, labels = [_wrapped(column, _HEAD_WIDTH) for column in columns], [_wrapped(row) for row in rows]
    figure.update_layout(
        height=110 + _CELL_HEIGHT * max(len(rows), 2),
        dragmode=False,
        margin_r=44 if slanted else 8,  # the last slanted head ends there
        # blank cells are seen to be cells
        plot_bgcolor="rgba(128,140,142,0.10)",
        hovermode="closest",
        hoverdistance=60,
        xaxis={
            **axis, "side": "top", "tickvals": list(across), "ticktext": heads, "tickfont": {"color": TEXT},
            "range": [-0.5, len(columns) - 0.5], "tickangle": -60 if slanted else 0, "ticklabeloverflow": "allow",
        },
        yaxis={
            **axis, "tickvals": list(down), "ticktext": labels, "tickfont": {"color": TEXT},
            "range": [len(rows) - 0.5, -0.5],
        },
    )  # fmt: skip
    return figure


def _shade(value: float | None, logarithmic: bool) -> float | None:
    return value if value is None or not logarithmic else math.log10(max(value, 1))


def _wrapped(label: str, width: int = _LABEL_WIDTH) -> str:
    return "<br>".join(wrap(label, width)) or " "


def draw_country_map(shades: Sequence[Shade], places: Sequence[Place], is_narrow: bool = False) -> go.Figure:
    """Return a map of shaded countries, the more ``count`` the darker, framed around ``places`` as ``draw_map``.

    Each ten times as many is one step darker, so that a country of ten is seen beside one of thousands.
    """
    top = max(math.log10(max((shade.count for shade in shades), default=10)), 1.0)
    steps = [10**power for power in range(math.ceil(top) + 1) if power <= top]
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_trace(
        go.Choropleth(
            locations=[shade.outline for shade in shades],
            locationmode="ISO-3",
            z=[math.log10(max(shade.count, 1)) for shade in shades],
            zmin=0,
            zmax=top,
            text=[shade.label for shade in shades],
            customdata=[[shade.key] for shade in shades],
            hovertemplate="%{text}<extra></extra>",
            colorscale=[list(shade) for shade in MAP_SHADES],
            marker={"line": {"width": 0.7, "color": "rgba(128,140,142,0.9)"}},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            colorbar={
                "orientation": "h", "y": 0, "yanchor": "top", "thickness": 10, "len": 0.6, "tickfont": {"color": TEXT},
                "tickvals": [math.log10(step) for step in steps], "ticktext": [f"{step:,}" for step in steps],
                "outlinewidth": 0,
            },
        )
    )  # fmt: skip
    _on_land(figure, places, is_narrow)
    return figure


def draw_map(places: Sequence[Place], is_narrow: bool = False) -> go.Figure:
    """Return a map with a bubble for each place, framed around them; of the world if there is none.

    ``is_narrow``: for a phone, where a map is not so high.
    """
    largest = max((place.count for place in places), default=1)
    figure = go.Figure(layout={"template": TEMPLATE})
    figure.add_trace(
        go.Scattergeo(
            lat=[place.lat for place in places],
            lon=[place.lon for place in places],
            customdata=[[place.key] for place in places],
            text=[place.label for place in places],
            hovertemplate="%{text}<extra></extra>",
            mode="markers",
            marker={
                "size": [place.count for place in places],
                "sizemode": "area",
                "sizeref": 2 * largest / 30**2,  # the largest bubble is 30 pixels wide
                "sizemin": 4,
                "color": COLOURS[0],
                "opacity": 0.75,
                "line": {"width": 1, "color": "#ffffff"},
            },
            # nobody should lose the other bubbles by pressing one
            selected={"marker": {"color": COLOURS[1], "opacity": 1}},
            unselected={"marker": {"opacity": 0.75}},
        )
    )
    _on_land(figure, places, is_narrow)
    return figure


def _on_land(figure: go.Figure, places: Sequence[Place], is_narrow: bool) -> None:
    """Put the land and the borders under a map, and frame it around the places."""
    frame = _frame(places)
    wide, narrow = (520, 360) if "lonaxis" in frame else (360, 260)
    figure.update_layout(height=narrow if is_narrow else wide, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan")
    figure.update_geos(
        bgcolor="rgba(0,0,0,0)",
        showframe=False,
        showcoastlines=False,
        showland=True,
        landcolor="rgba(128,150,152,0.28)",
        showcountries=True,
        countrycolor="rgba(128,140,142,0.75)",
        countrywidth=0.7,
        showlakes=False,
        **frame,
    )


def _frame(places: Sequence[Place]) -> dict[str, Any]:
    """Return projection and range around the places; far outliers do not count, they can be dragged into view."""
    if not places:
        return {"resolution": 110, "projection": {"type": "natural earth"}}
    counts = [place.count for place in places]
    south, north = _middle([place.lat for place in places], counts)
    west, east = _middle([place.lon for place in places], counts)
    if east - west > _WORLD or north - south > _WORLD:
        return {"resolution": 110, "projection": {"type": "natural earth"}, "lataxis": {"range": [-58, 84]}}
    south, north = max(south, -80.0), min(north, 84.0)
    # degrees of longitude shrink towards the poles: as many of them as make the map as broad as its place
    needed = (north - south) * _BREADTH / math.cos(math.radians((south + north) / 2))
    missing = max(needed - (east - west), 0) / 2
    return {
        "resolution": 110 if east - west > _FINE else 50,
        "projection": {"type": "mercator"},
        "lonaxis": {"range": [west - missing, east + missing]},
        "lataxis": {"range": [south, north]},
    }


def _middle(degrees: list[float], counts: list[int]) -> tuple[float, float]:
    """Return the span that holds 96 of 100 centres, with a margin, and never narrower than ``_NARROWEST``."""
    ordered, low, high, seen = sorted(zip(degrees, counts, strict=True)), None, 0.0, 0
    for degree, count in ordered:
        seen += count
        if low is None and seen > sum(counts) * 0.02:
            low = degree
        if seen - count < sum(counts) * 0.98:
            high = degree
    low = high if low is None else low
    margin = max((high - low) * 0.12, (_NARROWEST - (high - low)) / 2)
    return low - margin, high + margin
