"""What cells say: numbers, degrees, yes and no, dates, addresses, broken letters; and what they do not say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.imports.places import point_fault
from opinion.centres.imports.values import (
    MOST_BEDS,
    CellError,
    Presence,
    broken_letters,
    read_beds,
    read_date,
    read_degrees,
    read_presence,
    read_website,
    read_whole,
    split_count,
    split_point,
)
from opinion.centres.imports.words import answers, is_unknown, key_of
from opinion.vocabularies import country_codes

TODAY = date(2026, 11, 22)
READERS = (
    read_whole,
    read_beds,
    read_degrees,
    read_presence,
    read_website,
    split_point,
    lambda text: read_date(text, TODAY),
)


def code_of(read, text):
    with pytest.raises(CellError) as caught:
        read(text)
    return caught.value.code


@pytest.mark.parametrize("read", READERS)
@given(text=st.text(max_size=30))
def test_any_text_is_read_or_refused(read, text):
    try:
        read(text)
    except CellError as error:
        assert error.code


# ---- numbers


@given(st.integers(0, 10**9), st.sampled_from([".", ",", " ", "'", "’", "\u00a0", "\u202f", ""]))
def test_a_whole_number_is_read_whatever_stands_between_its_thousands(number, mark):
    assert read_whole(f"{number:,}".replace(",", mark)) == number


@given(st.integers(0, 10**6))
def test_digits_of_other_scripts_are_digits(number):
    for zero in ("٠", "۰", "०", "０"):
        assert read_whole("".join(chr(ord(zero) + int(digit)) for digit in str(number))) == number


@given(st.integers(0, 10**6), st.integers(1, 99), st.sampled_from([".", ","]))
def test_a_fraction_is_no_whole_number(number, cents, mark):
    if f"{cents:02}" != "00":
        assert code_of(read_whole, f"{number}{mark}{cents:02}") == "not_whole"


@pytest.mark.parametrize(
    "text", ["1.234,5", "about 200", "200-250", "> 100", "1,23,4", "1.23.456", "12.34", "2²", "beds"]
)
def test_what_is_no_whole_number(text):
    assert code_of(read_whole, text) == "not_whole"


def test_whole_numbers_as_people_write_them():
    assert [read_whole(text) for text in ("1.234", "1,234", "200 Betten", "200.0", "1,23,456", "0")] == [
        1234, 1234, 200, 200, 123456, 0,
    ]  # fmt: skip
    assert code_of(read_whole, "1.2E+03") == "scientific"


def test_impossible_beds():
    assert read_beds(str(MOST_BEDS)) == MOST_BEDS
    assert code_of(read_beds, str(MOST_BEDS + 1)) == code_of(read_beds, "-5") == "beds_impossible"


@given(st.floats(-180, 180).map(lambda value: round(value, 5)), st.sampled_from([".", ","]))
def test_degrees_with_point_or_comma(value, mark):
    assert read_degrees(f"{value:.5f}".replace(".", mark)) == value


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NESW"))
def test_degrees_minutes_and_seconds(degrees, minutes, seconds, side):
    expected = (degrees + minutes / 60 + seconds / 3600) * (-1 if side in "SW" else 1)
    assert read_degrees(f"{degrees}° {minutes}' {seconds}\" {side}") == pytest.approx(expected)
    assert read_degrees(f"{degrees}º{minutes}′{seconds}″{side}") == pytest.approx(expected)


def test_degrees_that_a_spreadsheet_shortened():
    assert read_degrees("4.82082E+01") == pytest.approx(48.2082)
    assert code_of(read_degrees, "4.8E+01") == "scientific"
    assert code_of(read_degrees, "48° 75'") == code_of(read_degrees, "48 O") == "not_degrees"


def test_both_coordinates_in_one_cell():
    for text in ("48.2, 16.3", "48.2,16.3", "48,2; 16,3", "(48.2 16.3)", "48.2|16.3"):
        assert tuple(map(read_degrees, split_point(text))) == (48.2, 16.3)
    assert code_of(split_point, "48.2") == "not_degrees"


# ---- yes and no

YES = ["yes", "Ja", "OUI", "sí", "evet", "да", "はい", "有", "✓", "x", "true", "Sim", "tak", "نعم"]
NO = ["no", "Nein", "non", "hayır", "нет", "いいえ", "無", "0", "false", "não", "nie", "לא"]
UNKNOWN = ["n/a", "-", "–", "?", "k. A.", "н/д", "不明", "#N/A", "", " "]


@pytest.mark.parametrize("word", YES)
def test_yes(word):
    assert read_presence(word) == read_presence(f" {word.upper()} ") == Presence(True)


@pytest.mark.parametrize("word", NO)
def test_no(word):
    assert read_presence(word) == Presence(False)


@pytest.mark.parametrize("word", UNKNOWN)
def test_what_says_nothing_is_neither(word):
    assert read_presence(word) is None and is_unknown(word.strip())


@given(st.sampled_from(YES), st.integers(1, 99), st.sampled_from(["{} ({})", "{}({})", "{}: {}", "{} [{}]", "{} x{}"]))
def test_yes_with_a_number(word, count, form):
    assert read_presence(form.format(word, count)) == Presence(True, count)


@given(st.integers(2, 999))
def test_a_number_is_a_yes(count):
    assert read_presence(str(count)) == Presence(True, count)


def test_one_and_zero_are_yes_and_no_and_contradictions_are_neither():
    assert read_presence("1") == Presence(True) and read_presence("0") == Presence(False)
    for text in ("no (2)", "yes (0)", "maybe", "yes and no", "planned"):
        assert code_of(read_presence, text) == "not_yes_or_no"


def letters_of(word):
    return "".join(sign for sign in word.casefold() if sign.isalnum())


@given(st.text(max_size=10))
def test_no_text_is_yes_unless_it_is_a_word_for_it(text):
    try:
        said = read_presence(text)
    except CellError:
        return
    known = {letters_of(each) for each in answers()}
    if said is None:
        assert is_unknown(text.strip()) or not text.strip()
    else:
        word, _ = split_count(text.strip())
        # signs and spaces around and in a word say nothing: "yes.", "(yes)", ":true"
        said_so = {letters_of(word), letters_of(key_of(word))}  # "true" is known as "tru": "ue" is "u"
        assert any(sign.isdecimal() for sign in text) or not word.isascii() or said_so & known


# ---- dates, addresses, letters, places


def test_dates():
    read = lambda text: read_date(text, TODAY)  # noqa: E731
    dates = ("2026-01-31", "31.1.2026", "31/01/2026", "01/31/2026", "2026", "2026-1", "4/2026", "2026-01-31T10:00:00")
    assert [read(text) for text in dates] == [
        "2026-01-31", "2026-01-31", "2026-01-31", "2026-01-31", "2026", "2026-01", "2026-04", "2026-01-31",
    ]  # fmt: skip
    assert code_of(read, "03/04/2025") == "date_unclear" and read("04/04/2025") == "2025-04-04"
    assert code_of(read, "03/04/2027") == code_of(read, "12/11/2027") == "date_in_future"
    assert code_of(read, "00/04/2026") == code_of(read, "03/04/1850") == "not_a_date"
    for text, possible in (("03/04/2026", "2026-04-03, 2026-03-04"), ("03/12/2026", "2026-03-12")):
        with pytest.raises(CellError) as caught:
            read(text)
        assert (caught.value.code, caught.value.detail) == ("date_unclear", possible)
    assert code_of(read, "2026-11-23") == code_of(read, "2027") == "date_in_future"
    assert code_of(read, "31.02.2026") == code_of(read, "soon") == code_of(read, "45321") == "not_a_date"


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_past_day_is_read(day):
    assert read_date(day.isoformat(), TODAY) == read_date(f"{day.day}.{day.month}.{day.year}", TODAY) == day.isoformat()


def test_websites():
    assert read_website("www.example.org/a") == "https://www.example.org/a"
    assert read_website("http://clinic.example.org") == "http://clinic.example.org"
    for text in ("see leaflet", "javascript:alert(1)", "info@example.org", "http://", "ftp://example.org", "clinic",
                 "www.clinic", "http://www.clinic/a", "10.0.0.1"):  # fmt: skip
        assert code_of(read_website, text) == "not_a_website"


@given(st.sampled_from(["Köln", "Málaga", "Çankaya", "Œuvre", "naïve café"]), st.sampled_from(["cp1252", "latin-1"]))
def test_letters_read_in_a_wrong_encoding_are_seen_and_mended(text, encoding):
    try:
        broken = text.encode().decode(encoding)
    except UnicodeDecodeError:
        return
    assert broken_letters(broken) in (text, "\ufffd")


def test_right_letters_are_not_called_broken():
    for text in (
        "Universitätsklinikum Köln",
        "Hôpital Saint-Étienne",
        "Şişli",
        "Больница",
        "東京",
        "Who? What?",
        "Łódź",
    ):
        assert broken_letters(text) == ""
    assert broken_letters("M?nchen") == "?" and broken_letters("K\ufffdln") == "\ufffd"


@pytest.mark.parametrize(
    ("lat", "lon", "country", "fault"),
    [
        (48.2082, 16.3738, "AT", ""), (16.3738, 48.2082, "AT", "point_swapped"), (0, 0, "AT", "point_zero"),
        (40, -35, "AT", "point_at_sea"), (-33.87, 151.21, "AT", "point_elsewhere"), (48.2, 1637, "AT", "not_a_point"),
        (-17.8, 177.4, "FJ", ""), (66.9, -162.6, "US", ""), (64.7, 177.5, "RU", ""), (4.17, 73.51, "MV", ""),
        (42.66, 21.16, "XK", ""), (43.73, 7.42, "MC", ""), (48.14, 16.94, "SK", ""),
        (50.0, 14.4, "SK", "point_elsewhere"),
        (51.5, 180.0, "US", "point_at_sea"),
    ],
)  # fmt: skip
def test_points_and_countries(lat, lon, country, fault):
    assert point_fault(lat, lon, country) == fault


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.sampled_from(country_codes()))
def test_any_two_numbers_are_looked_at(lat, lon, country):
    assert point_fault(lat, lon, country) in (
        "", "point_zero", "point_swapped", "not_a_point", "point_at_sea", "point_elsewhere",
    )  # fmt: skip


def test_no_word_for_unknown_has_a_digit_so_that_numbers_need_no_look():
    unknown = [word for word, meaning in answers().items() if meaning == "unknown"]
    assert unknown and not [word for word in unknown if any(letter.isdecimal() for letter in word)]
    assert is_unknown("( n/a )") and is_unknown("Not available yet") and not is_unknown("n/a 1")
    assert not is_unknown("not available yet in the new building")
