"""Figures: what is drawn, in which order, framed how; and that an empty table draws an empty figure."""

import json

import pytest

from opinion.charts.figures import (
    CHART_CONFIG,
    MAP_CONFIG,
    Cell,
    Place,
    Shade,
    draw_bars,
    draw_country_map,
    draw_heat_map,
    draw_map,
)

ZURICH = Place("a", 47.37, 8.54, 15, "Around Zürich: 15 centres", "Zürich")
GENEVA = Place("b", 46.2, 6.15, 6, "Around Geneva: 6 centres", "Geneva")


def test_bars_are_stacked_in_the_order_given_with_their_sum_beside_them():
    figure = draw_bars(["Heart", "Eyes"], {"specialises in it": [2, 0], "offers it": [5, 3]})
    special, offers, sums = figure.data
    assert (special.name, offers.name) == ("specialises in it", "offers it")
    assert list(special.x) == [2, 0] and list(offers.x) == [5, 3]
    assert list(special.y) == ["Heart", "Eyes"]
    assert [text.strip() for text in sums.text] == ["7", "3"]
    assert figure.layout.barmode == "stack" and figure.layout.showlegend
    assert figure.layout.yaxis.autorange == "reversed", "the first label stands on top"


def test_one_part_needs_no_legend():
    figure = draw_bars(["Spain"], {"Centres": [1200]})
    assert not figure.layout.showlegend
    assert figure.data[-1].text == (" 1,200",)


def test_long_labels_are_broken_not_cut():
    figure = draw_bars(["Radiotherapy service (machine not stated)"], {"stated": [1]})
    assert figure.data[0].y[0].replace("<br>", " ") == "Radiotherapy service (machine not stated)"
    assert max(len(line) for line in figure.data[0].y[0].split("<br>")) <= 26


@pytest.mark.parametrize("parts", [{"Centres": []}, {"stated": [], "implied": []}])
def test_bars_of_nothing_are_an_empty_figure(parts):
    figure = draw_bars([], parts)
    assert all(len(trace.x or ()) == 0 for trace in figure.data)


def test_figures_carry_no_template_but_ours_and_leave_the_page_its_background():
    for figure in (draw_bars(["a"], {"b": [1]}), draw_map([ZURICH])):
        assert figure.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"
        assert len(json.dumps(figure.to_plotly_json()["layout"], default=str)) < 3000, "plotly's own has 7,000"


def test_a_bubble_carries_its_key_and_grows_with_its_centres():
    trace = draw_map([ZURICH, GENEVA]).data[0]
    assert [key for (key,) in trace.customdata] == ["a", "b"]
    assert list(trace.marker.size) == [15, 6] and trace.marker.sizemode == "area"
    assert list(trace.text) == [ZURICH.label, GENEVA.label]


def test_a_map_of_one_country_is_framed_and_has_the_finer_outlines():
    geo = draw_map([ZURICH, GENEVA]).layout.geo
    west, east = geo.lonaxis.range
    south, north = geo.lataxis.range
    assert west < GENEVA.lon and ZURICH.lon < east and south < GENEVA.lat and ZURICH.lat < north
    assert east - west < 15 and geo.resolution == 50


def test_a_single_place_still_shows_the_land_around_it():
    south, north = draw_map([ZURICH]).layout.geo.lataxis.range
    assert north - south >= 3


def test_a_map_of_the_world_shows_the_world():
    far = Place("c", -33.9, 151.2, 9, "Around Sydney: 9 centres", "Sydney")
    geo = draw_map([ZURICH, far, Place("d", 40.7, -74.0, 8, "", "")]).layout.geo
    assert geo.lonaxis.range is None and geo.resolution == 110


def test_a_few_far_away_do_not_spoil_the_frame():
    guam = Place("g", 13.4, 144.8, 1, "", "")
    mainland = [Place(str(n), 30 + n / 5, -120 + n, 20, "", "") for n in range(50)]
    _, east = draw_map([*mainland, guam]).layout.geo.lonaxis.range
    assert east < 0, "one centre of a thousand lies on the other side of the earth"


def test_a_map_without_places_is_an_empty_world():
    figure = draw_map([])
    assert len(figure.data[0].lat) == 0 and figure.layout.geo.projection.type == "natural earth"


def test_outlines_come_from_our_own_server_and_there_is_no_mode_bar():
    assert MAP_CONFIG["topojsonURL"].startswith("/")
    assert not MAP_CONFIG["displayModeBar"] and not CHART_CONFIG["displayModeBar"]


def test_a_bar_carries_its_key():
    special, offers, _ = draw_bars(["Heart", "Eyes"], {"a": [2, 0], "b": [5, 3]}, keys=["heart", "eyes"]).data
    assert [key for (key,) in special.customdata] == ["heart", "eyes"] == [key for (key,) in offers.customdata]
    assert special.unselected.marker.opacity == 1, "the others stay in sight"


def test_bars_of_shares_reach_to_a_hundred_and_say_percent():
    figure = draw_bars(["Beds"], {"stated": [40.5], "not known": [59.5]}, in_percent=True, colours=("red", "grey"))
    assert len(figure.data) == 2, "no sum beside them: it is always 100"
    assert figure.layout.xaxis.range == (0, 100) and figure.layout.xaxis.ticktext[-1] == "100 %"
    assert [trace.marker.color for trace in figure.data] == ["red", "grey"]
    assert " %" in figure.data[0].hovertemplate


CELLS = [
    [Cell(1000, "1,000", "Cancer, Spain: 1,000 centres", "oncology ES"), Cell(None, "", "Cancer, Malta: nothing")],
    [Cell(1, "1", "Burns, Spain: 1 centre", "burns ES"), Cell(10, "10", "Burns, Malta: 10 centres", "burns MT")],
]


def test_a_heat_map_shades_by_tens_and_leaves_unknown_blank():
    shades, points = draw_heat_map(["Cancer", "Burns"], ["Spain", "Malta"], CELLS).data
    assert [list(line) for line in shades.z] == [[3, None], [0, 1]]
    assert (shades.zmin, shades.zmax) == (0, 3)
    assert list(points.text) == ["1,000", "", "1", "10"], "no nought where nothing is stated"
    assert [key for (key,) in points.customdata] == ["oncology ES", "", "burns ES", "burns MT"]
    assert list(points.hovertext)[1] == "Cancer, Malta: nothing"
    assert list(zip(points.x, points.y, strict=True)) == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_a_heat_map_has_its_first_row_on_top_and_whole_labels():
    layout = draw_heat_map(["Cancer", "Burns"], ["Spain", "Malta"], CELLS).layout
    assert layout.yaxis.range == (1.5, -0.5) and list(layout.yaxis.ticktext) == ["Cancer", "Burns"]
    assert list(layout.xaxis.ticktext) == ["Spain", "Malta"] and layout.xaxis.side == "top"
    assert layout.paper_bgcolor is None and "rgba" in layout.plot_bgcolor


def test_a_heat_map_of_shares_is_not_shaded_by_tens():
    shades, _ = draw_heat_map(
        ["Spain"], ["Beds", "Website"], [[Cell(50.0, "50", ""), Cell(100.0, "100", "")]], False
    ).data
    assert [list(line) for line in shades.z] == [[50, 100]] and shades.zmax == 100


def test_text_keeps_its_contrast_on_every_shade():
    shades, _ = draw_heat_map(["a"], ["b"], [[CELLS[0][0]]]).data
    assert max(float(colour.rpartition(",")[2].rstrip(")")) for _, colour in shades.colorscale) <= 0.7


def test_a_heat_map_of_nothing_is_an_empty_figure():
    shades, points = draw_heat_map([], [], []).data
    assert len(shades.z) == 0 and len(points.x) == 0


def test_a_map_by_country_is_shaded_by_tens_and_carries_codes():
    figure = draw_country_map([Shade("ESP", 1000, "Spain: 1,000 centres", "ES"), Shade("PRT", 10, "", "PT")], [ZURICH])
    (trace,) = figure.data
    assert trace.locationmode == "ISO-3" and list(trace.locations) == ["ESP", "PRT"]
    assert list(trace.z) == [3, 1] and (trace.zmin, trace.zmax) == (0, 3)
    assert [key for (key,) in trace.customdata] == ["ES", "PT"]
    assert list(trace.colorbar.ticktext) == ["1", "10", "100", "1,000"]
    assert figure.layout.geo.resolution == 50 and figure.layout.geo.showcountries


def test_a_map_is_lower_on_a_phone():
    assert draw_map([ZURICH], True).layout.height < draw_map([ZURICH]).layout.height
    assert draw_country_map([], [], True).layout.height < draw_country_map([], []).layout.height
