import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.names import display_name, fold, is_latin, name_order, search_key, shown_names


@pytest.mark.parametrize(
    ("stated", "country", "shown"),
    [
        ("ST. MARY'S HOSPITAL OF HUNTINGTON", "US", "St. Mary's Hospital of Huntington"),
        ("UPMC HAMOT", "US", "UPMC Hamot"),
        ("ALASKA VA HEALTHCARE SYSTEM II", "US", "Alaska VA Healthcare System II"),
        ("O'CONNOR HOSPITAL", "US", "O'Connor Hospital"),
        ("UCI HEALTH - LOS ALAMITOS", "US", "UCI Health - Los Alamitos"),
        ("MCCURTAIN MEMORIAL", "US", "McCurtain Memorial"),
        ("CENTRE DE LUTTE CONTRE LE CANCER", "FR", "Centre de Lutte Contre le Cancer"),
        ("HOPITAL D'ARGENTEUIL", "FR", "Hopital d'Argenteuil"),
        ("I.R.C.C.S. S. LUCIA", "IT", "I.R.C.C.S. S. Lucia"),
        ("Kantonsspital  Aarau AG", "CH", "Kantonsspital Aarau AG"),
        ("NEUROMED", "IT", "Neuromed"),
        ("INRCA", "IT", "INRCA"),
        ("INSTYTUT PSYCHIATRII I NEUROLOGII W WARSZAWIE", "PL", "Instytut Psychiatrii i Neurologii w Warszawie"),
        ("OSPEDALE S. GIOVANNI DI DIO", "IT", "Ospedale S. Giovanni di Dio"),
        ("鳥取県立中央病院", "JP", "鳥取県立中央病院"),
    ],
)
def test_capitals_become_readable(stated: str, country: str, shown: str):
    assert display_name(stated, country) == shown


def test_display_names_are_stable():
    for stated in ("ST. MARY'S HOSPITAL", "Hôpital Saint-Louis", "A", ""):
        assert display_name(display_name(stated)) == display_name(stated)


def test_search_keys():
    assert fold("Hôpital  SAINT-Łukasz Straße") == "hopital saint-lukasz strasse"
    assert fold("大阪") == "大阪"


def test_a_latin_name_leads_and_the_local_one_stays():
    assert shown_names("京都大学医学部附属病院", "Kyoto University Hospital") == (
        "Kyoto University Hospital",
        "京都大学医学部附属病院",
        "",
    )
    assert shown_names("京都", "") == ("京都", "京都", "")
    assert shown_names("Hôpital", "Hospital") == ("Hôpital", "", "Hospital")
    assert not is_latin("123")


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Universitätsspital Zürich", "zuerich"),
        ("Klinikum Zuerich", "zürich"),
        ("Aarhus Universitetshospital", "Århus"),
        ("Болница „Света София“", "sofiya"),
        ("Bolnitsa Sveta Sofiya", "София"),
        ("Νοσοκομείο Αθηνών", "athinon"),
        ("Queen’s Hospital", "queens"),
        ("東京大学医学部附属病院", "東京大学"),
        ("Hôpital Saint-Łukasz", "saint lukasz"),
    ],
)
def test_one_key_for_what_is_written_in_several_ways(written, looked_for):
    assert search_key(looked_for) in search_key(written)


def test_the_key_has_words_only():
    assert search_key("  (IRCCS) – S.p.A. ") == "irccs s p a"
    assert search_key("–") == ""


_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)  # what takes the short way


def _fold_letter_by_letter(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


@given(_TEXTS, st.sampled_from(["é", "Œ", "К", "京", "ー", "№", "ß"]))
def test_plain_texts_take_a_short_way_to_the_same(text: str, other: str):
    assert fold(text) == _fold_letter_by_letter(text)
    assert is_latin(text) == any(letter.isalpha() for letter in text)
    # beside a letter that takes the long way, the plain words are what they are alone
    assert search_key(f"{text} {other}").startswith(search_key(text))
    assert name_order(f"{text} {other}").startswith(name_order(text))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("Children's Hospital №11", "childrens hospital No11"),
        ("Örebro (USÖ)", "orebro uso"),
        ("  St. Ann-Spital", "st annspital"),
    ],
)
def test_names_are_sorted_by_their_letters(name: str, order: str):
    assert name_order(name) == order
