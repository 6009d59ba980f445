"""Turns numbers over time into a plotly figure of lines, in the template of ``figures``."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from opinion.charts.figures import TEMPLATE, TEXT, Figure

COLOURS = ("#1f8a96", "#c9822b", "#7a80b8", "#4f9d5b", "#b3567a", "#8c7a3f", "#6f8588")
_DASHES = ("solid", "dash", "dot", "dashdot")
_LEGEND_LINE = 22  # pixels
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")


def draw_lines(times: Sequence[str], lines: Mapping[str, Sequence[float | None]], is_narrow: bool = False) -> Figure:
    """Return a line for each name: ``lines`` has a percent for each of ``times``, ``None`` leaves a gap.

    Lines differ by mark and dash too, never by colour alone. ``is_narrow``: for a phone, where each name in the legend
    takes a line.
    """
    figure = go.Figure(layout={"template": TEMPLATE})
    for number, (name, values) in enumerate(lines.items()):
        figure.add_trace(
            go.Scatter(
                x=list(times),
                y=list(values),
                name=name,
                mode="lines+markers",
                line={"color": COLOURS[number % len(COLOURS)], "dash": _DASHES[number % len(_DASHES)], "width": 2},
                marker={"symbol": _SYMBOLS[number % len(_SYMBOLS)], "size": 7},
                hovertemplate="%{x}: %{y:.1f} %<extra>" + name + "</extra>",
            )
        )
    axis = {"fixedrange": True, "zeroline": False, "tickfont": {"color": TEXT}}
    figure.update_layout(
        height=300 + _LEGEND_LINE * len(lines) if is_narrow else 380,
        dragmode=False,
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0, "font": {"color": TEXT}},
        xaxis={**axis, "type": "category", "showgrid": False, "nticks": 8, "tickangle": 0},
        yaxis={
            **axis,
            "range": [0, 102],
            "tickvals": [0, 25, 50, 75, 100],
            "ticktext": ["0", "25 %", "50 %", "75 %", "100 %"],
            "gridcolor": "rgba(128,140,142,0.25)",
            "automargin": True,
        },
    )
    return figure
