"""Value labels that say that a code is no answer, in files whose author did not declare it missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cxlab.codebook import Item
from cxlab.codebook.text import fold_word
from cxlab.errors import Notice
from cxlab.survey.read.raw import RawTable

_WORDS = frozenset(
    {
        *("don't know", "dont know", "do not know", "dk", "dk/na", "no answer", "not answered", "refused", "refusal"),
        *("prefer not to say", "prefer not to answer", "not applicable", "n/a", "na", "no response", "missing"),
        *("không biết", "không trả lời", "từ chối", "từ chối trả lời", "không áp dụng", "không có câu trả lời"),
        *("kb", "ktl", "kb/ktl", "không biết/không trả lời", "khuyết", "bỏ trống", "không rõ"),
    }
)
_FEWEST = 3


def undeclared(points: Mapping[float, str]) -> dict[float, str]:
    """The labelled points that say "no answer" and stand outside a scale or list of at least three others.

    Examples
    --------
    >>> undeclared({1: "Kém", 2: "Được", 3: "Tốt", 9: "Không biết"})
    {9: 'Không biết'}
    >>> undeclared({1: "Có", 2: "Không", 3: "Không biết"})
    {}
    """
    silent = {point: text for point, text in points.items() if fold_word(text) in _WORDS}
    others = [point for point in points if point not in silent]
    if len(others) < _FEWEST:
        return {}
    return {point: text for point, text in silent.items() if not min(others) < point < max(others)}


def set_aside(raw: RawTable, items: Mapping[str, Item]) -> tuple[RawTable, tuple[Notice, ...]]:
    """The table with such codes among the missing ones, and a notice that names those that no codebook settles.

    `items` are the codebook's, by column: a code among an item's own labels is an answer.
    """
    found: dict[str, dict[float, str]] = {}
    for column, labelled in raw.points.items():
        told = items[column].labels if column in items else {}
        if silent := {point: text for point, text in undeclared(labelled).items() if point not in told}:
            found[column] = silent
    if not found:
        return raw, ()
    points = {c: {p: t for p, t in texts.items() if p not in found.get(c, ())} for c, texts in raw.points.items()}
    missing = {**raw.missing, **{c: (*raw.missing.get(c, ()), *codes) for c, codes in found.items()}}
    news = {c: codes for c, codes in found.items() if c not in items or not set(codes) <= set(items[c].missing)}
    return replace(raw, points=points, missing=missing), _notices(news)


def _notices(news: Mapping[str, Mapping[float, str]]) -> tuple[Notice, ...]:
    shown = [f"{c} ({', '.join(f'{point:g} = {text}' for point, text in codes.items())})" for c, codes in news.items()]
    names = "; ".join(shown[:6]) + ("; …" if len(shown) > 6 else "")
    return (Notice("readers.labelled_missing", {"count": len(news), "names": names}, serious=True),) if news else ()
