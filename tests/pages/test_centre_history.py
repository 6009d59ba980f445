"""The history of a centre's facts on its page, without a browser: other values of one date, by whom they are stated."""

from opening import open_app

from opinion.centres.fact_database import Fact
from opinion.centres.histories import history
from opinion.texts.translations import translator_for
from opinion.ui import centre_history


def test_two_values_of_one_source_and_date_are_said_to_be_of_that_source(var):
    app = open_app()
    app.query_params["id"] = "wd:Q101965371"
    app.session_state["fold_history"] = True
    app.switch_page("../../pages/centre.py").run()
    assert not app.exception
    told = "\n".join(element.value for element in app.markdown)
    assert "(this source also states: " in told and "another source of that date" not in told


def test_another_source_of_one_date_is_said_to_be_another():
    def beds(source, value):
        return Fact("beds", value, None, "stated", source, source, "", "", "", "2026-01", "", "")

    def line(*facts):
        return "\n".join(centre_history._lines(history(facts)[0].statements, translator_for("en")))

    assert line(beds("a", "10"), beds("b", "20")) == "Beds: **10** (another source of that date: 20)"
    assert line(beds("a", "10"), beds("a", "20")).startswith("Beds: **10** (this source also states: 20)")
