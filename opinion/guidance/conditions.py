"""Turns a condition's text into functions with three values: true, false and unknown (``None``).

A condition is a Python expression made of comparisons, ``in``, ``and``, ``or``, ``not``, names and constants. It is
parsed with ``ast``, checked against the names it may use, and compiled to closures once.

The facts it reads are a mapping from name to value. A missing name or ``None`` is *unknown*; ``NOT_APPLICABLE``
makes every comparison on it false, ``!=`` included (GUIDANCE §2). Three-valued logic: ``not unknown`` is unknown,
``false and unknown`` is false, ``true or unknown`` is true (GUIDANCE §3).
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from opinion.errors import ContentError, did_you_mean

Truth = bool | None
Facts = Mapping[str, Any]


class NotApplicable:
    """The value of an answer whose question is not asked."""

    def __repr__(self) -> str:
        """Name the value in messages."""
        return "not applicable"


NOT_APPLICABLE: Final = NotApplicable()


@dataclass(frozen=True)
class Name:
    """What a condition may say of a name: ``kind`` is one, many, number or truth; ``choices`` its values."""

    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A compiled condition.

    ``value(facts)`` gives true, false or ``None`` (unknown). ``deciding(facts)`` gives the names that make the
    value what it is now: for false, the comparisons that fail; for unknown, the names that are unknown.
    ``names`` are all names read; ``numbers`` the whole numbers each name is compared with.
    """

    text: str
    names: frozenset[str]
    numbers: Mapping[str, frozenset[int]]
    value: Callable[[Facts], Truth]
    deciding: Callable[[Facts], tuple[str, ...]]


@dataclass(frozen=True)
class _Part:
    value: Callable[[Facts], Truth]
    deciding: Callable[[Facts], tuple[str, ...]]


_NUMBER_OPERATORS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def compile_condition(text: str, names: Mapping[str, Name], where: str) -> Condition:
    """Compile ``text``, which may use ``names``; ``where`` (file and entry) starts every error.

    Raises:
        ContentError: for anything outside the small language, an unknown name, or a constant that is not a
            choice of the question it is compared with.

    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ContentError(f"{where}: the condition cannot be read: {error.msg}. Check {text!r}.") from None
    reader = _Reader(names, where)
    part = reader.read(tree)
    numbers = {name: frozenset(found) for name, found in reader.numbers.items()}
    return Condition(text, frozenset(reader.used), numbers, part.value, part.deciding)


class _Reader:
    """Walks one expression and builds its closures, noting names and numbers on the way."""

    def __init__(self, names: Mapping[str, Name], where: str) -> None:
        self.names = names
        self.where = where
        self.used: set[str] = set()
        self.numbers: dict[str, set[int]] = {}

    def fail(self, message: str) -> ContentError:
        return ContentError(f"{self.where}: {message}")

    def read(self, node: ast.expr) -> _Part:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return _joined([self.read(value) for value in values], decisive=False)
            case ast.BoolOp(op=ast.Or(), values=values):
                return _joined([self.read(value) for value in values], decisive=True)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _negation(self.read(operand))
            case ast.Constant(value=bool(constant)):
                return _Part(lambda facts: constant, lambda facts: ())
            case ast.Name(id=name):
                if self.look_up(name).kind != "truth":
                    raise self.fail(f"'{name}' stands alone. Compare it with a value.")
                return self.comparison((name,), lambda facts: facts.get(name))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(left, op, right)
        raise self.fail(f"{ast.unparse(node)!r} is not allowed. Use comparisons, in, and, or, not.")

    def look_up(self, name: str) -> Name:
        if name not in self.names:
            raise self.fail(f"'{name}' is not a question or fact.{did_you_mean(name, list(self.names))}")
        self.used.add(name)
        return self.names[name]

    def compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Part:
        match left, op, right:
            case ast.Constant(value=str(item)), ast.In() | ast.NotIn(), ast.Name(id=name):
                return self.membership(item, isinstance(op, ast.In), name)
            case ast.Name(id=name), ast.In() | ast.NotIn(), ast.Tuple(elts=elements):
                return self.one_of(name, isinstance(op, ast.In), elements)
            case ast.Name(id=name), ast.Eq() | ast.NotEq(), ast.List(elts=[]):
                return self.emptiness(name, isinstance(op, ast.Eq))
            case ast.Name(id=name), ast.Eq() | ast.NotEq(), ast.Constant(value=str(constant)):
                return self.equality(name, isinstance(op, ast.Eq), constant)
            case ast.Name(id=name), _, ast.Constant(value=int(number)) if type(op) in _NUMBER_OPERATORS:
                return self.number(name, op, number)
            case ast.Name(id=name), _, ast.Name(id=other) if type(op) in _NUMBER_OPERATORS:
                return self.two_numbers(name, op, other)
        text = ast.unparse(ast.Compare(left=left, ops=[op], comparators=[right]))
        raise self.fail(f"the comparison {text!r} is not allowed. Compare a name with one of its values.")

    def choice(self, name: str, constant: str) -> str:
        known = self.look_up(name).choices
        if constant not in known:
            raise self.fail(f"'{constant}' is not a value of '{name}'.{did_you_mean(constant, list(known))}")
        return constant

    def need(self, name: str, kind: str) -> None:
        found = self.look_up(name).kind
        if found != kind:
            raise self.fail(f"'{name}' is of kind '{found}'; this comparison needs kind '{kind}'.")

    def comparison(self, names: tuple[str, ...], value: Callable[[Facts], Truth]) -> _Part:
        def deciding(facts: Facts) -> tuple[str, ...]:
            if value(facts) is None:
                return tuple(name for name in names if facts.get(name) is None)
            return names

        return _Part(value, deciding)

    def answer(self, name: str, test: Callable[[Any], bool]) -> _Part:
        """Compare one answer: unknown while it is unknown, false if it does not apply, else what ``test`` says."""

        def value(facts: Facts) -> Truth:
            found = facts.get(name)
            if found is None:
                return None
            return found is not NOT_APPLICABLE and test(found)

        return self.comparison((name,), value)

    def membership(self, item: str, wanted: bool, name: str) -> _Part:
        self.need(name, "many")
        self.choice(name, item)
        return self.answer(name, lambda items: (item in items) is wanted)

    def one_of(self, name: str, wanted: bool, elements: list[ast.expr]) -> _Part:
        self.need(name, "one")
        choices = {self.choice(name, str(getattr(element, "value", element))) for element in elements}
        return self.answer(name, lambda found: (found in choices) is wanted)

    def emptiness(self, name: str, wanted: bool) -> _Part:
        self.need(name, "many")
        return self.answer(name, lambda items: (len(items) == 0) is wanted)

    def equality(self, name: str, wanted: bool, constant: str) -> _Part:
        self.need(name, "one")
        self.choice(name, constant)
        return self.answer(name, lambda found: (found == constant) is wanted)

    def number(self, name: str, op: ast.cmpop, number: int) -> _Part:
        self.need(name, "number")
        self.numbers.setdefault(name, set()).add(number)
        compare = _NUMBER_OPERATORS[type(op)]
        return self.answer(name, lambda found: bool(compare(found, number)))

    def two_numbers(self, name: str, op: ast.cmpop, other: str) -> _Part:
        self.need(name, "number")
        self.need(other, "number")
        compare = _NUMBER_OPERATORS[type(op)]

        def value(facts: Facts) -> Truth:
            left, right = facts.get(name), facts.get(other)
            if left is NOT_APPLICABLE or right is NOT_APPLICABLE:
                return False
            if left is None or right is None:
                return None
            return bool(compare(left, right))

        return self.comparison((name, other), value)


def _joined(parts: list[_Part], decisive: bool) -> _Part:
    """Return ``and`` (``decisive`` is ``False``) or ``or`` (``True``): one part with that value decides the whole."""
    values = [part.value for part in parts]

    def value(facts: Facts) -> Truth:
        result: Truth = not decisive
        for each in values:
            found = each(facts)
            if found is decisive:
                return decisive
            if found is None:
                result = None
        return result

    return _Part(value, lambda facts: _names_behind(parts, facts, value(facts)))


def _negation(part: _Part) -> _Part:
    def value(facts: Facts) -> Truth:
        found = part.value(facts)
        return None if found is None else not found

    return _Part(value, part.deciding)


def _names_behind(parts: list[_Part], facts: Facts, value: Truth) -> tuple[str, ...]:
    """Return the names, each once and in order, of those parts that have the value of the whole."""
    names = [name for part in parts if part.value(facts) is value for name in part.deciding(facts)]
    return tuple(dict.fromkeys(names))
