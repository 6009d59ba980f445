"""Comparing, and one centre: what goes wrong in an address; what a patient keeps, and where it stays."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import ROOT, words

from opinion.centres.comparisons import compare
from opinion.centres.similarities import similar
from opinion.texts.translations import Translator
from opinion.ui.catalogue import shared_catalogue
from opinion.ui.comparison_table import table_html
from opinion.ui.comparison_words import comparison_as_csv

RAMON, LA_PAZ, AARAU, ABRAMSON, ZURICH = "es:280029", "es:280014", "bag:AG:000", "ror:01hvpjq66", "bag:ZH:233"
VIENNA = "2761369"


def open_page(page, **query):
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30).run()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(f"../../pages/{page}.py").run()
    assert not app.exception
    return app


def table(app):
    """Return the HTML of the comparison, ``""`` if there is none."""
    return next((element.proto.body for element in app.get("html") if "<table" in element.proto.body), "")


@pytest.mark.parametrize(
    ("ids", "said", "compared"),
    [
        ("", "Choose two to 4 centres above", 0),
        (RAMON, "One centre is chosen. Add at least one more", 1),
        (f"{RAMON},{RAMON}", "names this twice; it stands here once: Hospital Universitario Ramón y Cajal", 1),
        (f"{RAMON},es:nothing", "These are not in the catalogue", 1),
        (f"{RAMON},{LA_PAZ},<script>alert(1)</script>", "not in the catalogue", 2),
        (f"{RAMON},{LA_PAZ},{AARAU},{ABRAMSON},{ZURICH}", "At most 4 centres stand side by side. Left out: Univ", 4),
        ("," * 5000, "Choose two to 4", 0),
        (f"{RAMON},{LA_PAZ},{LA_PAZ},es:nothing", "not in the catalogue", 2),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_compared(ids, said, compared):
    app = open_page("compare", id=ids)
    assert said in words(app).replace("\\", "")
    assert len(app.multiselect(key="compare_centres").value) == compared
    assert table(app).count('<th scope="col">') == (compared + 1 if compared > 1 else 0)
    assert "<script" not in table(app)


def test_a_centre_is_taken_away_and_added_by_its_name_and_from_the_shortlist():
    app = open_page("compare", id=f"{RAMON},{LA_PAZ}")
    app.multiselect(key="compare_centres").set_value([RAMON]).run()
    assert "".join(app.query_params["id"]) == RAMON and not table(app)
    app.text_input(key="compare_find").set_value("zürich universitätsspital").run()
    app.button(key=f"compare_add_{ZURICH}").click().run()
    assert "".join(app.query_params["id"]) == f"{RAMON},{ZURICH}" and "Universitätsspital Zürich" in table(app)
    assert app.text_input(key="compare_find").value == ""
    app.session_state["shortlist"] = [ABRAMSON, RAMON]
    app.run()
    assert len(app.multiselect(key="compare_centres").options) == 3, "those compared, and the rest of the shortlist"
    app.multiselect(key="compare_centres").set_value([RAMON, ZURICH, ABRAMSON]).run()
    assert "".join(app.query_params["id"]) == f"{RAMON},{ZURICH},{ABRAMSON}"
    app.text_input(key="compare_find").set_value("qqqqqqqq").run()
    assert "No centre is written “qqqqqqqq”. Try a part" in words(app)


def test_the_address_holds_the_town_and_whether_sources_are_shown():
    app = open_page("compare", id=f"{RAMON},{LA_PAZ}", near=VIENNA, sources="1")
    assert "Distance from Vienna" in table(app) and "https://www.sanidad.gob.es/" in table(app)
    app.toggle(key="compare_sources").set_value(False).run()
    assert "sources" not in app.query_params and "sanidad" not in table(app)
    app.text_input(key="town_typed").set_value("Graz").run()
    assert "Distance from Graz" in table(app)
    app.text_input(key="town_typed").set_value("Xyzzyville").run()
    assert "We know no town “Xyzzyville”" in words(app) and "Distance" not in table(app)
    app.text_input(key="town_typed").set_value("").run()
    assert "near" not in app.query_params


def test_the_table_reads_row_by_row():
    catalogue = shared_catalogue()
    html = table_html(catalogue, compare(catalogue, [RAMON, ABRAMSON]), "http://x/compare?id=a&b", True, Translator())
    order = [html.index(part) for part in ("Where they differ", "Known of some only", "Not known for any")]
    assert order == sorted(order)
    assert html.count("<tr") == html.count("</tr>") and '<th scope="row">Beds</th>' in html
    assert "886 (2025)" in html and "901 (2020)" in html, "both numbers with their dates"
    assert "<td class=unknown>not known</td>" in html and ">no<" not in html
    assert "a&amp;b" in html, "what comes from outside is escaped"


def test_the_file_has_every_line_with_sources_and_no_formula():
    catalogue = shared_catalogue()
    data = comparison_as_csv(catalogue, compare(catalogue, [RAMON, AARAU, ABRAMSON]), Translator())
    head, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head[3] == "Hospital Universitario Ramón y Cajal" and head[6] == "Sources: " + head[3]
    assert {len(line) for line in lines} == {len(head)}
    beds = next(line for line in lines if line[2] == "Beds")
    assert beds[3:6] == ["886 (another source or date: 901)", "483", "not known"]
    assert "901 (2020)" in beds[6] and beds[7].startswith("Key figures of Swiss hospitals 2020") and beds[8] == ""
    assert {"Licences", "Attributions"} <= {line[2] for line in lines} and all(lines[-1][6:])
    assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


# --- one centre


def test_a_coordinator_keeps_a_centre_and_takes_it_off():
    app = open_page("centre", id=RAMON, near=VIENNA)
    assert "1,804 km from Vienna, Austria, in a straight line." in words(app).replace("\\", "")
    alike = [each.centre_id for each in similar(shared_catalogue(), RAMON)]
    assert len(alike) > 2
    assert all(f"/compare?id={RAMON},{each}" in words(app) for each in alike), "each centre alike can be compared"
    app.button(key="keep_this_centre").click().run()
    assert app.session_state["shortlist"] == [RAMON]
    app.button(key="drop_this_centre").click().run()
    assert app.session_state["shortlist"] == []
    assert "kept_centres" not in app.session_state


def test_the_history_says_what_beds_were_before():
    app = open_page("centre", id=RAMON)
    (folded,) = [each for each in app.expander if each.label.startswith("What was stated")]
    assert "1 value differs" in folded.label
    app.session_state["fold_history"] = True
    app.run()
    told = words(app)
    assert "**886** (before: 901, 2020)" in told and told.index("**2025**") < told.index("**2020**")


def test_what_a_patient_keeps_stays_in_the_session_and_is_erased_with_it():
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    app.session_state["answers"] = {"emergency_signs": [], "serious_disease": "yes"}
    app.session_state["centre"] = RAMON
    app.run()
    app.switch_page("../../pages/centre.py").run()
    assert "id=" not in words(app).replace("/centre?id=", "id="), "no link names a centre"
    app.text_input(key="town_typed").set_value("Vienna").run()
    assert "1,804 km from Vienna" in words(app).replace("\\", "")
    app.button(key="keep_this_centre").click().run()
    similar = next(button for button in app.button if button.key.startswith("similar_"))
    similar.click().run()
    assert app.session_state["centre"] == similar.key.removeprefix("similar_")
    app.button(key="keep_this_centre").click().run()
    assert not app.exception and dict(app.query_params) == {}
    assert app.session_state["kept_centres"] == [RAMON, app.session_state["centre"]]
    assert "shortlist" not in app.session_state, "it never meets the store of the browser"
    assert not app.get("bidi_component"), "nor is that store on a patient's page"
    app.session_state["fold_centres"] = True
    app.switch_page("../../pages/self_check.py").run()
    assert "**Centres you keep**" in words(app) and "Ramón y Cajal" in words(app)
    app.switch_page("../../pages/where.py").run()
    app.button(key=f"let_go_of_{RAMON}").click().run()
    app.run()
    assert RAMON not in app.session_state["kept_centres"] and len(app.session_state["kept_centres"]) == 1


def test_erasing_forgets_the_centres_kept():
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30)
    app.session_state["answers"] = {"emergency_signs": [], "serious_disease": "yes"}
    app.session_state["kept_centres"] = [RAMON]
    app.session_state["town"] = VIENNA
    app.session_state["fold_erase"] = True
    app.run()
    app.button(key="erase").click().run()
    assert "kept_centres" not in app.session_state and "town" not in app.session_state
