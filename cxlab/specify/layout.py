"""Which tokens make one statement: line breaks, semicolons and lines that go on."""

from __future__ import annotations

from collections.abc import Sequence

from cxlab.specify.source import Source
from cxlab.specify.tokens import Token

_GOES_ON = ("+", "-", "*", "/", "^", "(", ",", "?")
_GOES_ON_BEFORE = ("+", "*", "/", "^", ")", ",", "?")
BLOCKS = ("group", "level", "block", "class")


def is_main(token: Token) -> bool:
    """Whether a token is an operator that makes a statement (``x:y`` and ``%`` do not)."""
    return token.kind == "operator" and token.text not in (":", "%")


def statements(source: Source, tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens statement by statement; raises when a line has no operator or stops halfway."""
    found: list[list[Token]] = []
    for line, breakable in _lines(tokens):
        previous = found[-1] if found else None
        if previous is not None and breakable and _joins(source, previous, line):
            previous.extend(line)
        else:
            found.append(line)
    for position, statement in enumerate(found):
        _check(source, statement, first=position == 0)
    return found


def _lines(tokens: Sequence[Token]) -> list[tuple[list[Token], bool]]:
    """The lines that hold something, and whether each may go on from the line above (not after ``;``)."""
    lines: list[tuple[list[Token], bool]] = []
    line: list[Token] = []
    breakable = True
    for token in tokens:
        if token.kind not in ("newline", "end"):
            line.append(token)
            continue
        if line:
            lines.append((line, breakable))
            line, breakable = [], True
        if token.text == ";":
            breakable = False
    return lines


def _joins(source: Source, previous: list[Token], line: list[Token]) -> bool:
    opened = _open_parenthesis(previous)
    last, first = previous[-1], line[0]
    dangling = opened is not None or is_main(last) or (last.kind == "sign" and last.text in _GOES_ON)
    leading = is_main(first) or (first.kind == "sign" and first.text in _GOES_ON_BEFORE)
    both = any(map(is_main, previous)) and any(map(is_main, line))
    if dangling and both:
        if opened is not None:
            source.fail("specify.open_parenthesis", opened.start)
        source.fail("specify.line_stops", last.start, text=last.text)
    return (dangling or leading) and not both


def _open_parenthesis(tokens: list[Token]) -> Token | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "sign" and token.text == "(":
            opened.append(token)
        elif token.kind == "sign" and token.text == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _check(source: Source, statement: list[Token], first: bool) -> None:
    mains = [token for token in statement if is_main(token)]
    if not mains:
        _check_block(source, statement)
        source.fail("specify.no_operator" if first else "specify.no_operator_goes_on", statement[0].start)
    if len(mains) > 1:
        source.fail("specify.two_operators", mains[1].start, first=mains[0].text, second=mains[1].text)


def _check_block(source: Source, statement: list[Token]) -> None:
    head = statement[0]
    if len(statement) > 1 and statement[1].text == ":" and head.text.lower() in BLOCKS:
        source.refuse("specify.blocks", head.start, block=head.text)
