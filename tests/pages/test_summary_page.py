"""The page of files to take along: each made on a press, none with a telling name."""

from opinion.ui import state
from tests.pages.opening import open_page

ANSWERS = {"emergency_signs": [], "disease_area": "oncology", "serious_disease": "yes", "proposed": ["surgery"]}


def labels(app):
    return [button.proto.label for button in app.get("download_button")]


def test_without_answers_it_leads_to_the_questions():
    app = open_page("summary", {})
    assert "no answers yet" in app.info[0].value
    assert not app.get("download_button")
    app.button(key="summary_to_questions").click().run()
    assert app.session_state[state.GROUP] == "emergency"


def test_it_offers_summary_packet_and_answers():
    app = open_page("summary", ANSWERS)
    assert labels(app) == ["Summary as PDF", "Summary as a page to print", "Request packet as PDF", "Answers as a file"]


def test_a_packet_is_for_those_who_look_for_an_opinion():
    app = open_page(
        "summary", {"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"}
    )
    assert "Request packet as PDF" not in labels(app)


def test_the_preview_says_what_the_file_says():
    app = open_page(
        "summary",
        {**ANSWERS, "doctor_clinic": "*Klinik* [x](http://y)"},
        fold_summary=True,
        kept_centres=["bag:AG:000"],
    )
    text = "\n".join(part.value for part in app.markdown)
    assert "A second opinion is strongly recommended" in text
    assert "Kantonsspital Aarau" in text
    assert "[x](http://y)" not in text, "what a person writes is no link"


def test_what_was_ticked_without_any_answer_can_be_erased():
    app = open_page("privacy", **{state.READY: {"scan_files"}})
    app.button(key="erase").click().run()
    assert state.READY not in app.session_state
    assert not [button for button in app.button if button.key == "erase"]
