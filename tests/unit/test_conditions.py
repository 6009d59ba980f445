"""The small language of `when`: three values, and what it refuses."""

import pytest

from opinion.errors import ContentError
from opinion.guidance.conditions import NOT_APPLICABLE, Name, compile_condition

NAMES = {
    "a": Name("truth"),
    "b": Name("truth"),
    "serious": Name("one", ("yes", "no")),
    "proposed": Name("many", ("surgery", "test")),
    "days": Name("number"),
    "wait": Name("number"),
}


def value(text, **facts):
    return compile_condition(text, NAMES, "rules.toml, rule X").value(facts)


VALUES = (True, False, None)
AND = {(True, True): True, (True, None): None, (None, True): None, (None, None): None}
OR = {(False, False): False, (False, None): None, (None, False): None, (None, None): None}


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_and_or_not_keep_the_truth_table(left, right):
    assert value("a and b", a=left, b=right) is AND.get((left, right), False)
    assert value("a or b", a=left, b=right) is OR.get((left, right), True)
    assert value("not a", a=left) is {True: False, False: True, None: None}[left]


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ('serious == "yes"', {"serious": "yes"}, True),
        ('serious == "yes"', {"serious": "no"}, False),
        ('serious != "yes"', {"serious": "no"}, True),
        ('serious == "yes"', {}, None),
        ('serious != "yes"', {"serious": NOT_APPLICABLE}, False),
        ('serious == "yes"', {"serious": NOT_APPLICABLE}, False),
        ('serious in ("yes", "no")', {"serious": "no"}, True),
        ('serious not in ("yes", "no")', {"serious": "no"}, False),
        ('"surgery" in proposed', {"proposed": ["surgery"]}, True),
        ('"surgery" in proposed', {"proposed": []}, False),
        ('"surgery" in proposed', {}, None),
        ('"surgery" not in proposed', {"proposed": NOT_APPLICABLE}, False),
        ("proposed == []", {"proposed": []}, True),
        ("proposed != []", {"proposed": []}, False),
        ("proposed != []", {}, None),
        ("days >= 21", {"days": 21}, True),
        ("days >= 21", {"days": 20}, False),
        ("days >= 21", {}, None),
        ("days > wait", {"days": 3, "wait": 2}, True),
        ("days > wait", {"days": 2, "wait": 2}, False),
        ("days > wait", {"days": 2}, None),
        ("days > wait", {"days": NOT_APPLICABLE}, False),
        ("True", {}, True),
    ],
)
def test_each_comparison_has_three_values(text, facts, expected):
    assert value(text, **facts) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('serous == "yes"', "Did you mean 'serious'?"),
        ('serious == "yess"', "Did you mean 'yes'?"),
        ('"surgry" in proposed', "Did you mean 'surgery'?"),
        ("days + 1 > 3", "not allowed"),
        ("len(proposed) > 1", "not allowed"),
        ("serious", "stands alone"),
        ("days > ", "cannot be read"),
        ('days == "yes"', "needs kind"),
        ("1 < days < 3", "not allowed"),
        ("serious >= 3", "needs kind"),
        ("proposed == wait", "needs kind"),
        ("__import__('os')", "not allowed"),
    ],
)
def test_what_it_refuses_is_named_with_file_rule_and_remedy(text, message):
    with pytest.raises(ContentError) as error:
        compile_condition(text, NAMES, "data/guidance/rules.toml, rule R05")
    assert str(error.value).startswith("data/guidance/rules.toml, rule R05: ")
    assert message in str(error.value)


def test_it_says_which_answers_decide():
    condition = compile_condition('serious == "yes" and ("surgery" in proposed or days > 3)', NAMES, "x")
    assert condition.deciding({"serious": "no"}) == ("serious",)
    assert condition.deciding({"serious": "yes", "proposed": []}) == ("days",)
    assert condition.deciding({"serious": "yes", "proposed": [], "days": 1}) == ("proposed", "days")
    assert condition.deciding({"serious": "yes", "proposed": ["surgery"]}) == ("serious", "proposed")
    assert condition.names == {"serious", "proposed", "days"}
    assert condition.numbers == {"days": {3}}
