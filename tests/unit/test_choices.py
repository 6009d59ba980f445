"""Choices with the same label are told apart, by words if there are any."""

from opinion.ui.choices import told_apart


def test_labels_of_their_own_stay():
    assert told_apart({1: "a", 2: "b"}, {1: "x"}.get) == {1: "a", 2: "b"}


def test_the_same_labels_get_their_details():
    assert told_apart({1: "a", 2: "b", 3: "a"}, {1: "x", 3: "y"}.get) == {1: "a (x)", 2: "b", 3: "a (y)"}


def test_the_same_details_and_none_are_numbered():
    assert told_apart({1: "a", 2: "a", 3: "a"}) == {1: "a", 2: "a (2)", 3: "a (3)"}
    assert told_apart({1: "a", 2: "a"}, {1: "x", 2: "x"}.get) == {1: "a (x)", 2: "a (x) (2)"}


def test_a_number_that_is_a_label_already_is_passed_by():
    assert told_apart({1: "a", 2: "a", 3: "a (2)"}) == {1: "a", 2: "a (3)", 3: "a (2)"}
