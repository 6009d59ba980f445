"""Turns labels and counts into plotly figures: bars, and bubbles on a map.

Plain ``graph_objects`` with a template of our own: no background, and text in the colour of the page's theme. The
colours are of middle lightness, so that they stand out on white and on black.
"""

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
_LABEL_WIDTH = 26  # characters: on a phone, labels and bars share 340 pixels
_BAR_HEIGHT = 34  # pixels
_NARROWEST = 8.0  # degrees: a map of one town still shows the country around it
_WORLD = 110.0  # degrees: whatever is wider is shown on a map of the world


@dataclass(frozen=True)
class Place:
    """A bubble: ``count`` centres at a point in degrees. ``key`` comes back when the bubble is pressed."""

    key: str
    lat: float
    lon: float
    count: int
    label: str


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
            hoverinfo="skip", showlegend=False, cliponaxis=False,
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
        yaxis={"autorange": "reversed", "fixedrange": True, "automargin": True, "ticks": "", "showgrid": False},
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
                "sizeref": max(largest, 1) / 24**2,
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
    figure.update_layout(height=520, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan")
    figure.update_geos(
        resolution=110,
        bgcolor="rgba(0,0,0,0)",
        showframe=False,
        showcoastlines=False,
        showland=True,
        landcolor="rgba(128,150,152,0.28)",
        showcountries=True,
        countrycolor="rgba(128,140,142,0.75)",
        countrywidth=0.7,
        showlakes=False,
        **_frame(places),
    )
    return figure


def _frame(places: Sequence[Place]) -> dict[str, Any]:
    """Return projection and range around the places; far outliers do not count, they can be dragged into view."""
    if not places:
        return {"projection": {"type": "natural earth"}}
    south, north = _middle([place.lat for place in places])
    west, east = _middle([place.lon for place in places])
    if east - west > _WORLD or north - south > _WORLD:
        return {"projection": {"type": "natural earth"}, "lataxis": {"range": [-58, 84]}}
    return {
        "projection": {"type": "mercator"},
        "lonaxis": {"range": [west, east]},
        "lataxis": {"range": [max(south, -80), min(north, 84)]},
    }


def _middle(degrees: list[float]) -> tuple[float, float]:
    """Return the span that holds 98 of 100 values, with a margin, and never narrower than ``_NARROWEST``."""
    ordered = sorted(degrees)
    cut = len(ordered) // 100
    low, high = ordered[cut], ordered[-1 - cut]
    margin = max((high - low) * 0.12, (_NARROWEST - (high - low)) / 2)
    return low - margin, high + margin
