"""Turns the conditions of rules into words: a rule's own text, read again, in the reader's language."""

import ast
from collections.abc import Mapping

from opinion.guidance.contents import Guidance, Question
from opinion.guidance.decisions import Decision
from opinion.texts.translations import Translator
from opinion.vocabularies import disease_areas

INDENT = "    "  # what Markdown needs for a list within a list


def condition_lines(text: str, guidance: Guidance, t: Translator) -> list[str]:
    """Return a condition as lines of a Markdown list, "all of these" and "any of these" with their parts below.

    ``text`` is a condition that the loader has accepted.
    """
    return _lines(ast.parse(text.strip(), mode="eval").body, guidance, t)


def _lines(node: ast.expr, guidance: Guidance, t: Translator) -> list[str]:
    if isinstance(node, ast.BoolOp) and not _rules_among(node):
        heading = t("All of these:") if isinstance(node.op, ast.And) else t("Any of these:")
        below = [line for value in node.values for line in _lines(value, guidance, t)]
        return [f"- {heading}", *(INDENT + line for line in below)]
    return [f"- {_words(node, guidance, t)}"]


def _rules_among(node: ast.BoolOp) -> list[str]:
    """Return the names if ``node`` says that one of several rules or facts is true; else nothing."""
    names = [value.id for value in node.values if isinstance(value, ast.Name)]
    return names if isinstance(node.op, ast.Or) and len(names) == len(node.values) else []


def _words(node: ast.expr, guidance: Guidance, t: Translator) -> str:
    match node:
        case ast.BoolOp():
            return _fact_words(_rules_among(node), guidance, t)
        case ast.Constant(value=True):
            return t("in all other cases")
        case ast.Name(id=name):
            return _fact_words([name], guidance, t)
        case ast.UnaryOp(operand=operand):
            return t("not: {condition}", condition=_words(operand, guidance, t))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison_words(left, op, right, guidance, t)
    raise ValueError(f"no words for {ast.unparse(node)!r}")  # the loader lets nothing else pass


def _fact_words(names: list[str], guidance: Guidance, t: Translator) -> str:
    facts = {
        "held": t("a D rule is true, but rests on answers that do not fit together"),
        "contradiction": t("some answers do not fit together"),
        "undecided": t("a rule that decides is unknown"),
        "urgency_known": t("the doctor has said whether it is urgent"),
    }
    rules = [name for name in names if name in guidance.rules]
    words = [facts[name] for name in names if name in facts]
    if len(rules) == 1:
        words.insert(0, t("rule {rule} is true: {title}", rule=rules[0], title=t(guidance.rules[rules[0]].title)))
    elif rules:
        words.insert(0, t("one of these rules is true: {rules}", rules=", ".join(rules)))
    return t(" or ").join(words)


def _comparison_words(left: ast.expr, op: ast.cmpop, right: ast.expr, guidance: Guidance, t: Translator) -> str:
    match left, op, right:
        case ast.Name(id="outcome"), ast.Eq(), ast.Constant(value=code):
            return t("the outcome is “{outcome}”", outcome=t(guidance.outcome_texts[str(code)].texts["headline"]))
        case ast.Constant(value=item), ast.In() | ast.NotIn(), ast.Name(id=name):
            question = guidance.questions[name]
            answer = label_of(question, str(item), t)
            is_in = isinstance(op, ast.In)
            among = t("among the answers is: {answer}", answer=answer)
            words = among if is_in else t("not among them: {answer}", answer=answer)
            return f"{t(question.title)} **{words}**"
        case ast.Name(id=name), _, ast.Name(id=other):
            first, second = (t(guidance.questions[each].short) for each in (name, other))
            return _two_numbers_words(op, first, second, t)
        case ast.Name(id=name), _, _:
            return f"{t(guidance.questions[name].title)} **{_answer_words(guidance.questions[name], op, right, t)}**"
    raise ValueError(f"no words for {ast.unparse(ast.Compare(left, [op], [right]))!r}")  # see above


def _answer_words(question: Question, op: ast.cmpop, right: ast.expr, t: Translator) -> str:
    match op, right:
        case ast.Eq(), ast.List():
            return t("none")
        case ast.NotEq(), ast.List():
            return t("at least one")
        case ast.Eq(), ast.Constant(value=str(value)):
            return label_of(question, value, t)
        case ast.NotEq(), ast.Constant(value=str(value)):
            return t("not “{answer}”", answer=label_of(question, value, t))
        case ast.In(), ast.Tuple(elts=elements):
            values = [str(element.value) for element in elements if isinstance(element, ast.Constant)]
            return t(" or ").join(label_of(question, value, t) for value in values)
        case _, ast.Constant(value=int(number)):
            return _number_words(op, number, t)
    raise ValueError(f"no words for an answer to {question.id!r}")  # see above


def _number_words(op: ast.cmpop, number: int, t: Translator) -> str:
    return {
        ast.GtE: t("{number} or more", number=number),
        ast.Gt: t("more than {number}", number=number),
        ast.LtE: t("{number} or fewer", number=number),
        ast.Lt: t("fewer than {number}", number=number),
        ast.Eq: t("exactly {number}", number=number),
        ast.NotEq: t("not {number}", number=number),
    }[type(op)]


def _two_numbers_words(op: ast.cmpop, first: str, second: str, t: Translator) -> str:
    return {
        ast.Gt: t("{first}: more days than {second}", first=first, second=second),
        ast.GtE: t("{first}: as many days as {second}, or more", first=first, second=second),
        ast.Lt: t("{first}: fewer days than {second}", first=first, second=second),
        ast.LtE: t("{first}: as many days as {second}, or fewer", first=first, second=second),
        ast.Eq: t("{first}: as many days as {second}", first=first, second=second),
        ast.NotEq: t("{first}: not as many days as {second}", first=first, second=second),
    }[type(op)]


def label_of(question: Question, value: str, t: Translator) -> str:
    """Return one value of a question as people read it."""
    return t(disease_areas()[value].label) if question.kind == "area" else t(question.labels[value])


def value_words(value: bool | None, t: Translator) -> str:
    """Return true, false or unknown in words."""
    return t("unknown") if value is None else t("true") if value else t("false")


def reached_row(guidance: Guidance, decision: Decision) -> int:
    """Return the place of the outcome row that holds first: two rows may give the same outcome."""
    held = bool(decision.held)
    return next(
        place
        for place, row in enumerate(guidance.outcomes)
        if row.code == decision.outcome and (row.code != "clarify_first" or ("held" in row.when.names) == held)
    )


def questions_of(rule_id: str, guidance: Guidance) -> list[Question]:
    """Return the questions that a rule reads, with those that decide whether these are asked, in question order."""
    needed = set(guidance.rules[rule_id].when.names)
    while True:
        more = {
            name
            for id in needed
            if (asked_when := guidance.questions[id].asked_when) is not None
            for name in asked_when.names
        }
        if more <= needed:
            return [question for question in guidance.questions.values() if question.id in needed]
        needed |= more


def users_of(question_id: str, guidance: Guidance, t: Translator) -> list[str]:
    """Return what reads the answer to a question: rules, contradictions, the timing, other questions."""
    users = [rule.id for rule in guidance.rules.values() if question_id in rule.when.names]
    users += [each.id for each in guidance.contradictions.values() if question_id in each.when.names]
    if any(question_id in row.when.names for row in guidance.timings):
        users.append(t("how soon"))
    if any(each.asked_when and question_id in each.asked_when.names for each in guidance.questions.values()):
        users.append(t("which questions are asked"))
    return users


def kind_words(question: Question, t: Translator) -> str:
    """Return what kind of answer a question takes, with its values."""
    kinds: Mapping[str, str] = {
        "number": t("a whole number, {least} or more", least=question.minimum),
        "country": t("a country"),
        "text": t("a text"),
        "wishes": t("wishes"),
        "area": t("one of {count} parts of medicine", count=len(question.choices)),
    }
    if question.kind in kinds:
        return kinds[question.kind]
    values = " · ".join(t(question.labels[choice]) for choice in question.choices)
    return t("several of: {values}", values=values) if question.kind == "many" else t("one of: {values}", values=values)
