"""Turns the steps of a plan into one lying bar of days, with the last date as a line across it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from opinion.charts.figures import COLOURS, TEMPLATE, TEXT


@dataclass(frozen=True)
class Span:
    """A part of the bar, from day ``start`` after today: ``shortest`` to ``longest`` days."""

    label: str
    start: int
    shortest: int
    longest: int


def draw_timeline(spans: Sequence[Span], ticks: Mapping[int, str], last: int | None, last_label: str) -> go.Figure:
    """Return one line of days: ``spans`` one after the other, the last date as a line across.

    ``ticks``: the text at a day after today. ``last`` is the last date's day, ``None`` if there is none. What a part
    may take less is hatched, so that it is told apart without its colour.
    """
    figure = go.Figure(layout={"template": TEMPLATE})
    for number, span in enumerate(spans):
        parts = ((span.start, span.shortest, ""), (span.start + span.shortest, span.longest - span.shortest, "/"))
        for start, days, shape in parts:
            figure.add_trace(
                go.Bar(
                    x=[days], base=[start], y=[""], orientation="h", name=span.label, legendgroup=span.label,
                    showlegend=not shape, hovertemplate=span.label + "<extra></extra>",
                    marker={"color": COLOURS[number % len(COLOURS)], "pattern": {"shape": shape}},
                )
            )  # fmt: skip
    end = max([span.start + span.longest for span in spans] + [last or 0, 1])
    if last is not None:
        figure.add_vline(x=last, line={"color": TEXT, "width": 3})
        figure.add_annotation(
            x=last, y=1, yref="paper", yanchor="bottom", text=last_label, showarrow=False, font={"color": TEXT},
            xanchor="right" if last > end / 2 else "left",
        )  # fmt: skip
    figure.update_layout(
        barmode="overlay",
        height=170,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        legend={"orientation": "h", "y": -0.5, "yanchor": "top", "x": 0, "traceorder": "normal"},
        dragmode=False,
        showlegend=True,
        yaxis={"visible": False, "fixedrange": True},
        xaxis={
            "fixedrange": True, "range": [-end * 0.04, end * 1.06], "tickfont": {"color": TEXT}, "showgrid": False,
            "tickvals": list(ticks), "ticktext": list(ticks.values()), "ticklabelposition": "outside", "tickangle": 0,
        },
    )  # fmt: skip
    return figure
