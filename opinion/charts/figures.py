"""Turns labels and counts into plotly figures: bars, and bubbles on a map.

Plain ``graph_objects`` with a template of our own: no background, and text in the colour of the page's theme. The
colours are of middle lightness, so that they stand out on white and on black.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

COLOURS = ("#1f8a96", "#c9822b", "#8a8fb5")
"""Of the parts of a bar, surest first. Their order and the legend say the same as the colour."""

CHART_CONFIG: dict[str, Any] = {"displayModeBar": False, "staticPlot": False, "scrollZoom": False}
MAP_CONFIG: dict[str, Any] = {"displayModeBar": False, "topojsonURL": "/opinion/geo/", "scrollZoom": True}
"""Outlines come from our own server: plotly would fetch them from another host."""

_TEMPLATE = go.layout.Template(
    layout={
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": COLOURS,
        "margin": {"l": 0, "r": 8, "t": 8, "b": 8},
        "separators": ".,",
    }
)
# Streamlit puts the colour of the page's text, light or dark, in the place of this one (its theme's GRAY_90)
_TEXT = "#000037"
_LABEL_WIDTH = 26  # characters: on a phone, labels and bars share 340 pixels
_BAR_HEIGHT = 34  # pixels
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


def draw_bars(labels: Sequence[str], parts: Mapping[str, Sequence[int]]) -> go.Figure:
    """Return lying bars, first label on top, each stacked of ``parts`` (name of the part -> a count per label)."""
    wrapped = ["<br>".join(wrap(label, _LABEL_WIDTH)) or " " for label in labels]
    figure = go.Figure(layout={"template": _TEMPLATE})
    for number, (name, counts) in enumerate(parts.items()):
        figure.add_trace(
            go.Bar(
                x=list(counts), y=wrapped, name=name, orientation="h", marker={"color": COLOURS[number % len(COLOURS)]},
                hovertemplate="%{y}: %{x:,}<extra>" + (name if len(parts) > 1 else "") + "</extra>",
            )
        )  # fmt: skip
    totals = [sum(counts) for counts in zip(*parts.values(), strict=True)]
    figure.add_trace(
        go.Scatter(
            x=totals, y=wrapped, mode="text", text=[f" {total:,}" for total in totals], textposition="middle right",
            hoverinfo="skip", showlegend=False, cliponaxis=False, textfont={"color": _TEXT},
        )
    )  # fmt: skip
    figure.update_layout(
        barmode="stack",
        bargap=0.35,
        height=60 + _BAR_HEIGHT * max(len(wrapped), 2),
        showlegend=len(parts) > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        dragmode=False,
        xaxis={"visible": False, "fixedrange": True, "range": [0, max(totals, default=1) * 1.18 or 1]},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "showgrid": False,
            "tickfont": {"color": _TEXT},
        },
    )
    return figure


def draw_map(places: Sequence[Place]) -> go.Figure:
    """Return a map with a bubble for each place, framed around them; of the world if there is none."""
    largest = max((place.count for place in places), default=1)
    figure = go.Figure(layout={"template": _TEMPLATE})
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
    frame = _frame(places)
    figure.update_layout(
        height=520 if "lonaxis" in frame else 360, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan"
    )
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
    return figure


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
