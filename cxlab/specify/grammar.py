"""The grammar of lavaan's model syntax: from tokens to terms and constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cxlab.errors import ModelSyntaxError, Notice
from cxlab.specify.cursor import Cursor, read_expression
from cxlab.specify.expression import Name
from cxlab.specify.layout import is_main, statements
from cxlab.specify.modifiers import merge, read_call, read_number
from cxlab.specify.source import Source
from cxlab.specify.statements import NO_MODIFIERS, Constraint, Modifiers, Term
from cxlab.specify.tokens import Token, is_plain_name, tokenize

CONSTRAINTS = (":=", "==", "<", ">")
_THRESHOLD = re.compile(r"t[1-9]\d*")


def read(source: Source) -> tuple[tuple[Term, ...], tuple[Constraint, ...], tuple[Notice, ...]]:
    """Terms and constraints of a model in the order of its text, and what its writer should know."""
    tokens = tokenize(source)
    found = statements(source, tokens)
    if not found:
        raise ModelSyntaxError("specify.empty")
    terms: list[Term] = []
    constraints: list[Constraint] = []
    notices: list[Notice] = []
    for statement in found:
        where = next(position for position, token in enumerate(statement) if is_main(token))
        if statement[where].text in CONSTRAINTS:
            constraints.append(_constraint(source, statement, where))
        else:
            terms.extend(_formula(source, statement, where, notices))
    _check_repeated(source, terms)
    _check_defined_twice(source, constraints)
    return tuple(terms), tuple(constraints), tuple(notices)


def _constraint(source: Source, statement: list[Token], where: int) -> Constraint:
    operator = statement[where]
    sides = []
    for tokens in (statement[:where], statement[where + 1 :]):
        cursor = Cursor(source, tokens) if tokens else Cursor(source, [operator])
        if not tokens:
            source.fail("specify.empty_side", operator.start, operator=operator.text)
        sides.append(read_expression(cursor))
        if not cursor.at_end():
            raise cursor.unexpected()
    if operator.text == ":=" and not isinstance(sides[0], Name):
        source.fail("specify.defined_name", statement[0].start)
    left, right = _joined(statement[:where]), _joined(statement[where + 1 :])
    return Constraint(operator.text, sides[0], sides[1], left, right, statement[0].start)


def _joined(tokens: list[Token]) -> str:
    return "".join(_label(token) if token.quoted else token.text for token in tokens)


def _label(token: Token) -> str:
    label = "".join(token.text.split())
    return label if is_plain_name(label) else f"`{label}`"


def _formula(source: Source, statement: list[Token], where: int, notices: list[Notice]) -> Iterator[Term]:
    operator = statement[where]
    if where == 0:
        source.fail("specify.empty_side", operator.start, operator=operator.text)
    left = _left_side(source, statement[:where])
    right = _right_side(source, operator, statement[where + 1 :], notices)
    for name in left:
        for rhs, (token, modifiers) in right.items():
            yield _term(source, name, operator.text, rhs, modifiers, token)


def _term(source: Source, name: Token, op: str, rhs: str, modifiers: Modifiers, token: Token) -> Term:
    if op == "|" and not _THRESHOLD.fullmatch(rhs):
        source.fail("specify.no_threshold", token.start, name=rhs, item=name.text)
    if op == "~*~" and rhs != name.text:
        source.fail("specify.scale_of_another", token.start, name=rhs, item=name.text)
    if rhs == name.text and op not in ("~~", "~*~"):
        key = "specify.measured_by_itself" if op == "=~" else "specify.regressed_on_itself"
        source.fail(key, token.start, name=rhs)
    return Term(name.text, "~1" if not rhs else op, rhs, modifiers, name.start, token.start, token.factors)


def _left_side(source: Source, tokens: list[Token]) -> list[Token]:
    cursor = Cursor(source, tokens)
    names: list[Token] = []
    while True:
        if cursor.at_call() or (cursor.following.text == "*" and not cursor.at_end()):
            source.refuse("specify.modifier_on_the_left", cursor.token.start)
        if cursor.following.text == ":":
            source.refuse("specify.interaction", cursor.token.start)
        names.append(_name(cursor))
        if cursor.at_end():
            return names
        if not cursor.take("+"):
            raise cursor.unexpected()


def _name(cursor: Cursor) -> Token:
    if cursor.token.kind not in ("name", "string"):
        raise cursor.unexpected()
    if cursor.token.text == "NA" and not cursor.token.quoted:
        cursor.source.fail("specify.na_is_no_name", cursor.token.start)
    return cursor.advance()


def _right_side(
    source: Source, operator: Token, tokens: list[Token], notices: list[Notice]
) -> dict[str, tuple[Token, Modifiers]]:
    """Each variable once, with all its modifiers; ``""`` is the intercept."""
    if not tokens:
        source.fail("specify.empty_side", operator.start, operator=operator.text)
    cursor = Cursor(source, tokens)
    cursor.take("+")
    found: dict[str, tuple[Token, Modifiers]] = {}
    while True:
        rhs, token, modifiers = _right_term(cursor, operator.text)
        if rhs in found:
            first = found[rhs]
            if not modifiers and not first[1]:
                notices.append(Notice("specify.repeated_term", {"name": rhs, "line": source.place(token.start)[0]}))
            modifiers = merge(source, first[1], modifiers, token.start, rhs or "1")
            token = first[0]
        found[rhs] = (token, modifiers)
        if cursor.at_end():
            return found
        if not cursor.take("+"):
            raise cursor.unexpected()


def _right_term(cursor: Cursor, op: str) -> tuple[str, Token, Modifiers]:
    modifiers = NO_MODIFIERS
    first = cursor.token
    while (found := _modifier(cursor)) is not None:
        if modifiers:
            _check_chain(cursor.source, first, modifiers, found)
            modifiers = merge(cursor.source, modifiers, found, first.start, first.text)
        else:
            modifiers = found
    token = cursor.token
    if token.kind == "number":
        return _intercept(cursor, op, modifiers)
    token = _name(cursor)
    if cursor.at(":"):
        token = _product(cursor, op, token)
    return token.text, token, modifiers


def _product(cursor: Cursor, op: str, first: Token) -> Token:
    """``x:z`` as one word, where products are read at all."""
    if not cursor.source.products or op != "~":
        cursor.source.refuse("specify.interaction", first.start)
    cursor.advance()
    second = _name(cursor)
    if cursor.at(":"):
        cursor.source.refuse("specify.product_of_two", first.start)
    name = f"{first.text}:{second.text}"
    return Token("name", name, first.start, second.end, factors=(first.text, second.text))


def _modifier(cursor: Cursor) -> Modifiers | None:
    """The modifier that comes next, with its ``*``; None when the variable itself comes next."""
    token, following = cursor.token, cursor.following
    if cursor.at_call():
        modifiers = read_call(cursor)
    elif token.kind in ("name", "string") and following.text == "*" and following.kind == "sign":
        cursor.advance()
        is_na = token.kind == "name" and token.text == "NA" and not token.quoted
        modifiers = Modifiers(fixed=(None,)) if is_na else Modifiers(label=("".join(token.text.split()),))
    elif token.kind == "number" and (following.kind == "end" or following.text == "+"):
        return None
    elif token.kind == "number" or cursor.at("-", "("):
        modifiers = read_number(cursor)
    else:
        return None
    return _after_modifier(cursor, token, modifiers)


def _after_modifier(cursor: Cursor, token: Token, modifiers: Modifiers) -> Modifiers:
    if cursor.at("?") and modifiers.fixed:
        cursor.advance()
        return Modifiers(start=modifiers.fixed)
    if cursor.take("*"):
        return modifiers
    if cursor.token.kind in ("name", "string"):
        cursor.source.fail("specify.star_missing", cursor.token.start, name=cursor.token.text)
    if cursor.at_end() or cursor.at("+"):
        cursor.source.fail("specify.modifier_alone", token.start)
    raise cursor.unexpected()


def _check_chain(source: Source, first: Token, one: Modifiers, other: Modifiers) -> None:
    """lavaan keeps only the label of ``0.5*a*x``; only ``start(..)*a*x`` means the same either way."""
    if one.fixed or other.fixed:
        source.fail("specify.chained_modifiers", first.start)


def _intercept(cursor: Cursor, op: str, modifiers: Modifiers) -> tuple[str, Token, Modifiers]:
    token = cursor.advance()
    if op != "~":
        key = "specify.no_intercept_here" if token.text == "1" else "specify.number_alone"
        cursor.source.fail(key, token.start, number=token.text)
    if float(token.text) not in (0.0, 1.0) or (modifiers and float(token.text) == 0.0):
        cursor.source.fail("specify.number_alone", token.start, number=token.text)
    if float(token.text) == 0.0:
        modifiers = Modifiers(fixed=(0.0,))
    return "", token, modifiers


def _check_repeated(source: Source, terms: list[Term]) -> None:
    seen: dict[tuple[str, str, str], Term] = {}
    for term in terms:
        key = (term.lhs, term.op, term.rhs)
        if term.op == "~~":
            key = (min(term.lhs, term.rhs), term.op, max(term.lhs, term.rhs))
        if key in seen:
            text = f"{term.lhs} {term.op} {term.rhs}".rstrip()
            line = source.place(seen[key].rhs_at)[0]
            source.fail("specify.duplicate", term.rhs_at, text=text, first=line)
        seen[key] = term


def _check_defined_twice(source: Source, constraints: list[Constraint]) -> None:
    seen: dict[str, int] = {}
    for constraint in constraints:
        if constraint.defined is None:
            continue
        if constraint.defined in seen:
            first = source.place(seen[constraint.defined])[0]
            source.fail("specify.defined_twice", constraint.at, name=constraint.defined, first=first)
        seen[constraint.defined] = constraint.at
