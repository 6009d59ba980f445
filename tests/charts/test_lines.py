"""Lines over time: each in its place, told apart without colour, a gap where nothing is known."""

from opinion.charts.lines import COLOURS, draw_lines


def test_each_line_has_its_numbers_and_a_gap_stays_a_gap():
    figure = draw_lines(["2024", "2025", "2026"], {"Beds": [1.0, None, 40.5], "Town": [0.0, 0.0, 100.0]})
    beds, town = figure.data
    assert (beds.name, town.name) == ("Beds", "Town")
    assert list(beds.x) == ["2024", "2025", "2026"] and list(beds.y) == [1.0, None, 40.5]
    assert not beds.connectgaps
    low, high = figure.layout.yaxis.range
    assert low == 0 and high >= 100, "shares are not cut"
    assert figure.layout.xaxis.type == "category", "a year is no number to be rounded"


def test_lines_differ_by_mark_and_dash_too():
    figure = draw_lines(["2026"], {str(number): [1.0] for number in range(len(COLOURS))})
    looks = {(line.line.dash, line.marker.symbol) for line in figure.data}
    assert len(looks) == len(COLOURS)


def test_a_legend_on_a_phone_takes_nothing_from_the_picture():
    lines = {str(number): [1.0] for number in range(7)}
    assert draw_lines(["2026"], lines, is_narrow=True).layout.height > draw_lines(["2026"], lines).layout.height
    assert draw_lines([], {}).layout.height > 0
