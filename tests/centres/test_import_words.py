"""What words mean: lists that are cut, words of several languages, machines with their strength; what is only alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.imports.machines import find_sized
from opinion.centres.imports.values import split_count, split_list
from opinion.centres.imports.words import labels_of
from opinion.exchange.import_words import import_words
from opinion.vocabularies import country_codes, disease_areas


def machines(text):
    return split_list(text, lambda word: bool(import_words().find("equipment", word)))


def test_a_list_is_cut_but_known_words_are_not():
    assert machines("MRI (2); PET/CT, CT: 3 | 2 x Gamma Knife\nDEXA") == [
        ("MRI", 2), ("PET/CT", None), ("CT", 3), ("Gamma Knife", 2), ("DEXA", None),
    ]  # fmt: skip
    assert machines("CT/MRI") == [("CT", None), ("MRI", None)]
    assert machines("Time machine, CT") == [("Time machine", None), ("CT", None)]


@given(st.lists(st.sampled_from(["CT", "MRI", "PET/CT", "MRT", "Gamma Knife"]), min_size=1, unique=True),
       st.sampled_from([";", ", ", " | ", "\n"]))  # fmt: skip
def test_nothing_of_a_list_is_lost(words, separator):
    assert [word for word, _ in machines(separator.join(words))] == words


def test_every_id_and_label_means_itself():
    for kind in ("disease_areas", "equipment", "designations"):
        for id_, label in labels_of(kind).items():
            assert import_words().find(kind, id_) == import_words().find(kind, label) == id_
    for code in country_codes():
        assert import_words().find("countries", code) == code


def test_words_of_several_languages():
    find = import_words().find
    assert {
        find("countries", name) for name in ("Deutschland", "Germany", "Allemagne", "ドイツ", "Германия", "DEU")
    } == {"DE"}
    assert {find("disease_areas", word) for word in ("Kardiologie", "heart", "循環器内科", "Heart attack")} == {
        "cardiology"
    }
    assert find("equipment", "MRT") == find("equipment", "irm") == "mri"


def test_what_is_merely_alike_is_proposed_and_never_taken():
    words = import_words()
    assert words.find("countries", "Austrya") == "" and words.propose("countries", "Austrya") == "AT"
    assert [words.propose("countries", each) for each in ("Doitschland", "Frence")] == ["DE", "FR"]
    assert words.find("equipment", "TEP") == "pet" and words.find("heads", "Güncelleme") == "date"
    assert words.find("countries", "Niger") == "NE" and words.find("countries", "Nigeria") == "NG"
    assert words.find("disease_areas", "prostate") == "", "cancer or urology: a person has to say"
    assert all(words.find("disease_areas", id_) == "" for id_, area in disease_areas().items() if area.patients_only)


def sized(word):
    return find_sized(word, lambda bare: import_words().find("equipment", bare))


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        ("mri", ["MRI 3T", "MRT 1.5 T", "3 Tesla MRI", "MRI (3T)", "1.5-T MRI", "IRM 3,0 T"]),
        ("ct", ["CT 64", "64-slice CT", "64-Zeilen-CT", "CT (128 Zeilen)", "CT-64", "CT 4 slices"]),
        ("pet_ct", ["PET-CT 64", "PET/CT 128 slices"]),
    ],
)
def test_strength_and_slices_are_passed_over_beside_a_machine_that_has_them(machine, words):
    assert {sized(word) for word in words} == {machine}


@pytest.mark.parametrize("word", ["CT 2", "MRI 3", "3T", "64", "CT 3T", "MRI 64", "Time machine 64", "MRI 1.5T + 3T"])
def test_other_numbers_and_words_are_not_passed_over(word):
    assert sized(word) == ""


def split_slowly(text, is_known, separators=("\n", ";", "|", ",", "/")):
    """Cut a cell as ``split_list`` says it does, with a look at every separator."""
    word, count = split_count(text)
    if is_known(text):
        return [(text, None)]
    if is_known(word) or not separators:
        return [(word, count)]
    parts = [part.strip() for part in text.split(separators[0])]
    return [found for part in parts if part for found in split_slowly(part, is_known, separators[1:])]


@given(
    st.lists(st.sampled_from(["PET/CT", "MRI", "2 x CT", "CT (2)", "a,b", ";", ",", "/", "|", "\n", " ", "?"])).map(
        "".join
    )
)
def test_lists_are_cut_as_by_a_look_at_every_separator(text):
    known = {"PET/CT", "MRI", "CT"}.__contains__
    assert split_list(text, known) == list(dict.fromkeys(split_slowly(text.strip(), known)))
