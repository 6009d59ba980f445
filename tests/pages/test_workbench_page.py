"""The Centres page and the shortlist without a browser: every filter leads to the address, and the address to it."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from opinion.centres.catalogues import Catalogue, load_catalogue
from opinion.centres.facets import select
from opinion.centres.filters import Filters, parameters
from opinion.centres.towns import find_town
from opinion.ui import workbench

ROOT = Path(__file__).resolve().parents[2]
VIENNA = str(find_town("Vienna, AT").id)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def open_page(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    app.run()
    app.switch_page(f"../../pages/{page}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def address(app: AppTest) -> dict[str, str]:
    return {key: value[0] if isinstance(value, list) else value for key, value in app.query_params.items()}


def said(app: AppTest) -> str:
    parts = (app.markdown, app.info, app.warning, app.error, app.caption, app.title)
    return "\n".join(element.value.replace("\\", "") for part in parts for element in part)


CHANGES = [
    ("text_input", "filter_text", "klinik", {"q": "klinik"}),
    ("multiselect", "filter_country", ["AT", "western_europe"], {"country": "AT", "region": "western_europe"}),
    ("multiselect", "filter_area", ["oncology"], {"area": "oncology"}),
    ("radio", "filter_focus", "designated", {"focus": "designated"}),
    ("multiselect", "filter_equipment", ["pet", "ct"], {"equipment": "ct,pet"}),
    ("text_input", "filter_near", "Wien", {"near": VIENNA}),
    ("text_input", "filter_near", "Vienna, AT", {"near": VIENNA}),
    ("multiselect", "filter_designation", ["irccs"], {"designation": "irccs"}),
    ("checkbox", "filter_teaching", True, {"teaching": "stated"}),
    ("multiselect", "filter_beds", ["from_1000", "unknown"], {"beds": "from_1000,unknown"}),
    ("multiselect", "filter_source", ["ror"], {"source": "ror"}),
    ("multiselect", "filter_newest", ["2026"], {"newest": "2026"}),
    ("multiselect", "filter_hide_country", ["US", "asia"], {"hide_country": "US", "hide_region": "asia"}),
    ("multiselect", "filter_hide_designation", ["irccs"], {"hide_designation": "irccs"}),
    ("multiselect", "filter_hide_source", ["wikidata"], {"hide_source": "wikidata"}),
    ("selectbox", "list_sort", "beds", {"sort": "beds"}),
]


@pytest.mark.parametrize(("kind", "key", "value", "query"), CHANGES, ids=[f"{row[1]}-{row[2]}" for row in CHANGES])
def test_each_filter_is_kept_in_the_address_and_takes_effect(catalogue, kind, key, value, query):
    app = open_page("centres")
    for fold in ("more_filters", "hide_filters"):
        app.session_state[f"fold_{fold}"] = True
    app.run()
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception
    assert address(app) == query
    found = select(catalogue, Filters.from_query(query)[0])
    assert f"**{found.count:,} centres**" in said(app)
    assert found.count < catalogue.size or "sort" in query


@pytest.mark.parametrize(
    ("start", "key", "value", "query"),
    [
        ({"area": "oncology"}, "filter_area_sure", ["stated", "unknown"], {"area_sure": "stated,unknown"}),
        ({"equipment": "ct"}, "filter_equipment_sure", ["unknown"], {"equipment_sure": "unknown"}),
        ({"equipment": "ct", "equipment_sure": "unknown"}, "filter_equipment_sure", [], {"equipment_sure": ""}),
    ],
)
def test_how_sure_is_a_choice(catalogue, start, key, value, query):
    app = open_page("centres", **start)
    app.pills(key=key).set_value(value).run()
    expected = {name: text for name, text in {**start, **query}.items() if text}
    assert address(app) == expected
    assert f"**{select(catalogue, Filters.from_query(expected)[0]).count:,} centres**" in said(app)


def test_filters_out_of_sight_stay_when_another_changes():
    app = open_page("centres", beds="from_1000", hide_country="US", designation="irccs", near=VIENNA, km="900")
    app.session_state["fold_more_filters"] = False
    app.session_state["fold_hide_filters"] = False
    app.run()
    app.text_input(key="filter_text").set_value("policlinico").run()
    assert address(app) == {
        "beds": "from_1000", "hide_country": "US", "designation": "irccs", "near": VIENNA, "km": "900",
        "q": "policlinico",
    }  # fmt: skip


def test_a_town_that_is_not_known_stays_in_its_field_with_what_to_do():
    app = open_page("centres", country="AT")
    app.text_input(key="filter_near").set_value("Xyzzyville").run()
    assert address(app) == {"country": "AT"}
    assert app.text_input(key="filter_near").value == "Xyzzyville"
    assert "We know no town “Xyzzyville”" in said(app)
    app.text_input(key="filter_near").set_value("Graz").run()
    assert "We know no town" not in said(app)
    assert "within 100 km of Graz" in said(app)


def test_the_town_that_is_meant_can_be_chosen():
    app = open_page("centres", near="Paris, FR")
    towns = app.selectbox(key="filter_which_town")
    texas = str(find_town("Paris, TX").id)
    assert any("United States" in label for label in towns.options)
    towns.set_value(texas).run()
    assert address(app)["near"] == texas


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"region": "europe", "hide_country": "FR"}, "in Europe, leaving out France"),
        ({"near": VIENNA, "km": "300"}, "within 300 km of Vienna"),
        ({"beds": "from_1000,unknown"}, "1,000 and more beds or beds not known"),
        ({"teaching": "stated"}, "it is not known whether they teach"),
        ({"designation": "irccs", "source": "ror"}, "with the title IRCCS (Italian research hospital), listed by “"),
        ({"newest": "2026"}, "newest fact: 2026"),
        ({"equipment": "ct", "equipment_sure": "suggested,unknown"},
         "with CT scanner (suggested by the name or not known)"),
        ({"area": "oncology", "area_sure": "suggested"}, "for Cancer (oncology) (suggested by the name)"),
        ({"q": "zurihc"}, "No centre is written “zurihc”. Shown is what is written nearly so. Found: zurich."),
    ],
)  # fmt: skip
def test_the_sentence_says_all_that_is_asked(query, sentence):
    assert sentence in said(open_page("centres", **query))


def test_pairs_of_filters_are_offered_if_no_single_one_is_to_blame():
    app = open_page("centres", designation="irccs", country="CH", equipment="carbon_ion_therapy")
    assert "No single filter is to blame" in said(app)
    ways = [button for button in app.button if button.key and button.key.startswith("leave_out_")]
    assert ways
    assert all(" and " in button.label for button in ways)
    ways[0].click().run()
    assert "No centre is known" not in said(app)


def test_choices_are_sorted_by_name_or_by_number():
    app = open_page("centres")
    by_name = app.multiselect(key="filter_area").options
    assert by_name == sorted(by_name, key=str.casefold)
    app.toggle(key="most_first").set_value(True).run()
    counts = [int(label.rsplit(" · ", 1)[1].replace(",", "")) for label in app.multiselect(key="filter_area").options]
    assert counts == sorted(counts, reverse=True)
    countries = app.multiselect(key="filter_country").options
    assert countries[0].startswith(("Europe", "Americas"))


def test_every_parameter_has_a_widget():
    from opinion.ui.browsing_widgets import KEYS  # the module under test

    without = {"region", "hide_region"}  # these share the widgets of the countries
    assert parameters().keys() - without <= KEYS.keys()


def test_who_may_have_every_fact_is_shown_the_way_to_it(var, work_as):
    way = "Every fact with its source, date and licence is on the page Sources:"
    app = open_page("centres", country="CH")
    app.session_state["share_view"] = True
    app.run()
    assert way not in said(app)
    work_as("coordinator")
    app.run()
    assert not app.exception and way in said(app)


def test_a_view_is_saved_under_a_name_and_forgotten():
    app = open_page("centres", country="CH", equipment="pet")
    app.session_state["share_view"] = True
    app.run()
    assert app.text_input(key="view_name").value == "PET, Switzerland"
    app.text_input(key="view_name").set_value("  PET in *Swiss* places ").run()
    app.button(key="save_view").click().run()
    assert app.session_state[workbench.SAVED] == {"PET in *Swiss* places": "country=CH&equipment=pet"}
    app.switch_page("../../pages/shortlist.py").run()
    assert app.button(key="open_view_0").label == r"PET in \*Swiss\* places"
    app.button(key="forget_view_0").click().run()
    assert "No view is saved" in said(app)
    app.button(key="undo_workbench").click().run()
    assert "No view is saved" not in said(app)


def test_the_shortlist_holds_takes_off_and_brings_back(catalogue):
    ids = catalogue.table.column("centre_id").to_pylist()[:3]
    app = open_page("shortlist")
    assert "The shortlist is empty" in said(app)
    app.session_state[workbench.SHORTLIST] = [*ids, "gone:1"]
    app.run()
    assert "These are not in the catalogue" in said(app)
    app.multiselect(key="shortlist_chosen").set_value([ids[1]]).run()
    app.button(key="drop_kept").click().run()
    assert app.session_state[workbench.SHORTLIST] == [ids[0], ids[2], "gone:1"]
    app.button(key="undo_workbench").click().run()
    assert app.session_state[workbench.SHORTLIST] == [*ids, "gone:1"]


def test_a_shortlist_in_a_link_leaves_ones_own_alone(catalogue):
    first, second, third = catalogue.table.column("centre_id").to_pylist()[:3]
    app = open_page("shortlist", id=f"{first},{second},nowhere:1")
    app.session_state[workbench.SHORTLIST] = [third]
    app.run()
    assert "came in a link" in said(app)
    assert "nowhere:1" in said(app)
    app.button(key="keep_sent").click().run()
    assert app.session_state[workbench.SHORTLIST] == [third, first, second]


@pytest.mark.parametrize("kept", ["", "[", "[]", '{"shortlist": 5}', '{"shortlist": [1, "a"], "views": {"x": 1}}'])
def test_what_a_browser_kept_and_cannot_be_read_does_no_harm(kept):
    joined = join(kept, agreed="", mine=[], views={})
    assert joined in (([], {}), (["a"], {}))


def join(found, agreed, mine, views):
    script = """
import streamlit as st
from opinion.ui import workbench
workbench._join(st.session_state["text"])
"""
    app = AppTest.from_string(script)
    app.session_state["text"] = found
    app.session_state[workbench._AGREED] = agreed
    app.session_state[workbench.SHORTLIST] = mine
    app.session_state[workbench.SAVED] = views
    app.run()
    assert not app.exception
    return app.session_state[workbench.SHORTLIST], app.session_state[workbench.SAVED]


def kept_text(ids, views=None):
    return json.dumps({"shortlist": ids, "views": views or {}})


@pytest.mark.parametrize(
    ("found", "agreed", "mine", "joined"),
    [
        (["a", "b"], [], [], ["a", "b"]),
        (["a", "b", "c"], ["a", "b"], ["a", "b", "d"], ["a", "b", "c", "d"]),
        (["a"], ["a", "b"], ["a", "b", "d"], ["a", "d"]),
        (["a", "b", "c"], ["a", "b"], ["b"], ["b", "c"]),
        ([], ["a"], ["a"], []),
    ],
    ids=["first", "both added", "one took off, one added", "one took off, the other added", "emptied elsewhere"],
)
def test_what_two_tabs_did_is_joined(found, agreed, mine, joined):
    assert join(kept_text(found), kept_text(agreed), mine, {})[0] == joined


def test_views_of_two_tabs_are_joined():
    agreed = kept_text([], {"x": "q=1", "y": "q=2"})
    found = kept_text([], {"x": "q=1", "y": "q=2", "z": "q=3"})
    assert join(found, agreed, [], {"x": "q=9"})[1] == {"x": "q=9", "z": "q=3"}
