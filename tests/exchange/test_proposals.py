"""A proposal says what centres offer, what is unknown, and always the risks and the aftercare."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from opinion.exchange.printing import pdf_of
from opinion.exchange.proposals import mandatory_blocks, proposal_of
from opinion.guidance.contents import load_guidance
from opinion.texts.translations import translator_for

T = translator_for("en")
OFFER = {
    "centre_id": "at:1", "centre_name": "Klinik am See", "price": 1450.5, "currency": "EUR", "day": "2026-12-01",
    "mode": "remote", "included": "the report", "not_included": "",
}  # fmt: skip


def texts(offers, word=""):
    made = proposal_of("SO-ABC123", offers, word, "", date(2026, 11, 22), T)
    return {part.title: part.lines for part in made.parts}


def test_it_says_what_is_offered_and_what_is_not_known():
    lines = texts([OFFER, {**OFFER, "centre_name": "Other", "price": None, "day": ""}], "Two centres answered.")
    assert lines["In short"] == ("Two centres answered.",)
    assert lines["Klinik am See"][0].replace("\u202f", " ") == "Price: 1 450.50 EUR"
    assert lines["Klinik am See"][-1] == "What is not included: not said yet"
    assert lines["Other"][:2] == ("Price: not said yet", "Day: not said yet")


@pytest.mark.parametrize("offers", [[], [OFFER]])
def test_risks_and_aftercare_stand_in_every_proposal(offers):
    lines = texts(offers)
    assert {"What this is", "Risks of care away from home", "Aftercare", "Sources"} <= set(lines)
    assert len(lines["Aftercare"]) == 5


def test_every_line_has_a_source_that_is_listed():
    sources = load_guidance().sources
    for block in mandatory_blocks():
        for text, ids in block.lines:
            assert ids and all(id_ == "ours" or sources[id_]["address"] for id_ in ids), text


def test_it_prints_with_the_reference_and_no_name():
    made = pdf_of(proposal_of("SO-ABC123", [OFFER], "", "Agency, Example Street 1", date(2026, 11, 22), T))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    assert "SO-ABC123" in text and "Klinik am See" in text and "Aftercare" in text
