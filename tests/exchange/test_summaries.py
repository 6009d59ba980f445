"""The summary and the request packet: two pages at most, any script, and nothing that tells who somebody is."""

import json
import os
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from opinion.exchange import printing
from opinion.exchange.printing import html_of, images_of, pdf_of
from opinion.exchange.summaries import TELL_THE_PLAN, packet_of, summary_of
from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.preparations import load_preparation
from opinion.matching.timelines import plan_timeline
from opinion.texts.translations import Translator

TODAY = date(2026, 11, 22)
t = Translator()
CENTRES = [
    "Universitätsspital Zürich, Zürich",
    "国立がん研究センター, 東京",
    "Больница, Москва",
    "مستشفى, دبي",
    "서울대학교병원, 서울",
]
FULL = read_answers({
    "answering_for": "self", "country": "DE", "emergency_signs": [], "disease_area": "oncology",
    "serious_disease": "yes", "life_threatening": "yes", "rare_disease": "yes", "several_health_issues": "yes",
    "diagnosis": "unclear", "cancer_biopsy": "unclear", "cancer_standard_worldwide": "no",
    "proposed": ["surgery", "invasive_procedure", "massive_drug_therapy", "challenging_drug_therapy", "test"],
    "test_expensive": "yes", "test_side_effects": "yes", "treatment_risky": "yes", "treatment_expensive": "yes",
    "options_differ_in_cost": "yes", "conservative_or_invasive": "yes", "not_responding": "yes",
    "lost_confidence": "yes", "doubts": "yes", "insurer_requires": "yes", "opinions_so_far": 2,
    "opinions_conflict": "yes", "urgent_action_required": "no", "days_until_decision": 30,
    "second_opinion_access": "in_person", "days_to_second_opinion": 12, "doctor_level": "head_or_professor",
    "doctor_clinic": "Klinik am See 国立 😀 #evil *bold* $x$ @ref", "doctor_city": "München-Süd",
    "doctor_country": "DE",
    "wishes": {"countries": ["CH", "AT", "FR"], "languages": ["de", "fr"], "equipment": ["mri", "pet_ct"],
               "abroad": "yes", "note": "Frau Geheim, geboren 1950. " * 20},
})  # fmt: skip


def make_summary(answers=FULL, centres=CENTRES, ready=frozenset()):
    advice = assess(load_guidance(), answers, with_changes=False)
    return summary_of(advice, answers, plan_timeline(answers), centres, set(ready), TODAY, t)


def make_packet(answers=FULL):
    return packet_of(assess(load_guidance(), answers, with_changes=False), answers, TODAY, t)


def text_of(document):
    return "\n".join([document.title, document.subtitle, document.closing,
                      *(line for part in document.parts for line in (part.title, *part.lines))])  # fmt: skip


def keep(name, pages):
    """Keep pictures for a look when the environment asks for them."""
    folder = os.environ.get("OPINION_ARTEFACTS")
    for number, page in enumerate(pages if folder else [], 1):
        Path(folder, f"{name}-{number}.png").write_bytes(page)


def test_the_fullest_summary_takes_two_pages_at_most():
    pages = images_of(make_summary(centres=[f"{name} {'x' * 150}" for name in CENTRES * 3]))
    keep("summary", pages)
    assert 1 <= len(pages) <= 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_packet_has_facts_on_one_page_and_the_plan_on_the_other(tmp_path):
    document = make_packet()
    pages = images_of(document)
    keep("packet", pages)
    assert len(pages) == 2
    file = tmp_path / "packet.pdf"
    file.write_bytes(pdf_of(document))
    first, second = (page.extract_text() for page in PdfReader(file).pages)
    assert "What does the doctor propose?" in second and "What does the doctor propose?" not in first
    letter = load_preparation().records[TELL_THE_PLAN[0]].title
    assert letter in second.replace("\n", " ") and letter not in first.replace("\n", " ")


def test_the_packet_names_nobody():
    said = text_of(make_packet()).lower()
    hidden = ("klinik am see", "münchen", "geheim", "1950", "germany", "switzerland", "professor")
    assert not [word for word in hidden if word in said]
    assert "confidence" not in said and "doubt" not in said, "what the patient thinks of the first doctor sways"


@pytest.mark.parametrize("make", [make_summary, make_packet])
def test_the_pdf_is_tagged_has_a_title_and_a_language(make):
    document = make()
    data = pdf_of(document)
    reader = PdfReader(BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert reader.metadata.title == document.title
    assert "pdfuaid:part" in reader.xmp_metadata.stream.get_data().decode()


def test_texts_stay_literal_and_every_script_renders():
    document = make_summary()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf_of(document))).pages)
    assert "#evil *bold* $x$ @ref" in text, "what a person writes is no markup"
    assert "国立がん研究センター" in text and "Больница" in text and "서울대학교병원" in text
    assert "😀" not in text and printing.UNKNOWN_SIGN in text, "a sign that no font has is shown as a box"
    named = {font for page in PdfReader(BytesIO(pdf_of(document))).pages for font in page["/Resources"]["/Font"]}
    assert len(named) >= 4, "a font for each script"


def test_a_language_from_right_to_left_is_set_so():
    document = replace(make_summary(), language="ar", direction="rtl")
    assert pdf_of(document)
    assert '<html lang="ar" dir="rtl">' in html_of(document)


def test_the_page_of_html_needs_nothing_else_and_escapes():
    page = html_of(make_summary({**FULL, "doctor_clinic": "<script>alert(1)</script>"}))
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "http" not in page and "src=" not in page and "@import" not in page
    assert page.count("<h1>") == 1 and "<title>" in page


def test_what_is_ready_is_not_asked_for_again():
    first = next(part for part in make_summary().parts if part.is_ticked).lines[0]
    record = next(id_ for id_, each in load_preparation().records.items() if each.title == first)
    assert first not in next(part for part in make_summary(ready={record}).parts if part.is_ticked).lines


def test_advice_not_to_wait_sends_nobody_looking():
    answers = read_answers({"emergency_signs": [], "urgent_action_required": "yes", "second_opinion_access": "none"})
    titles = [part.title for part in make_summary(answers).parts]
    assert "Centres you keep" not in titles and "Days" not in titles
    assert "Do not wait" in text_of(make_summary(answers))


def test_the_same_answers_give_the_same_texts():
    assert text_of(make_summary()) == text_of(make_summary(json.loads(json.dumps(FULL))))


def test_the_fonts_are_licensed():
    notice = (printing.FONTS / "NOTICE").read_text()
    for font in printing.FONTS.glob("*.ttf"):
        family = font.stem.split("-")[0].removeprefix("NotoSans")
        assert font.stem in notice or f"-{family}" in notice or family in notice, font.name
    assert (printing.FONTS / "OFL.txt").exists() and (printing.FONTS / "APACHE-2.0.txt").exists()
