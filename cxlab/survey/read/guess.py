"""Columns that no codebook item explains: numbers, labelled numbers, words on a ladder, or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Item, Words
from cxlab.codebook.infer import infer_codebook, is_personal
from cxlab.codebook.text import fold_word, in_one_language
from cxlab.survey.read.answers import EMPTY_TOKENS, Rules, split_label
from cxlab.survey.read.ladders import Ladder, ladders
from cxlab.survey.read.options import Decimal
from cxlab.survey.read.raw import RawTable
from cxlab.survey.read.recode import Recoded, cell_text, is_number_column, read_cell, recode_numbers, recode_text

_LEADING_ZERO = re.compile(r"\s*[+-]?0\d")
_LONG = re.compile(r"\s*\d{16,}")
_SAMPLE = 400


@dataclass(frozen=True)
class Guess:
    """What an unexplained column was taken for."""

    recoded: Recoded
    labels: Mapping[float, Mapping[str, str]] = field(default_factory=dict)
    item: bool = False
    doubtful: bool = False
    words: Mapping[float, Words] = field(default_factory=dict)


def guess_column(name: str, values: pd.Series, raw: RawTable, ladder: Ladder | None, decimal: Decimal | None) -> Guess:
    """The column as numbers where its cells leave no doubt, else as text."""
    personal = is_personal(name, raw.labels.get(name, ""), values)
    provisional = Item(name, missing=raw.missing.get(name, ()), personal=personal)
    if points := raw.points.get(name):
        labels = in_one_language(points)
        recoded = recode_numbers(values, provisional, decimal)
        return Guess(recoded, labels, _is_scale(labels) or _labels_only_ends(labels, recoded.values))
    if is_number_column(values):
        return Guess(recode_numbers(values, provisional, decimal))
    if ladder is not None:
        recoded = recode_numbers(
            values, replace(provisional, labels=ladder.labels), rules=Rules(ladder.numbers, decimal=decimal)
        )
        return Guess(recoded, ladder.labels, item=True, words=ladder.spellings(distinct_words(values)))
    if personal or raw.roles.get(name) in ("time", "text"):
        return Guess(recode_text(values, provisional))
    cells = values.dropna().unique()
    if labels := _labelled(cells):
        recoded = recode_numbers(values, provisional, decimal)
        return Guess(recoded, labels, item=len(labels) > 2 or _labels_only_ends(labels, recoded.values))
    if _mostly_numbers(values, cells, decimal):
        return Guess(recode_numbers(values, provisional, decimal))
    return Guess(recode_text(values, provisional), doubtful=_doubtful_numbers(cells, decimal))


def _doubtful_numbers(cells: Any, decimal: Decimal | None) -> bool:
    """True if every answer is a number, were it clear what its point or comma means."""
    readings = [read_cell(cell, Rules(decimal=decimal)) for cell in cells[:_SAMPLE]]
    reasons = {r.reason for r in readings if r.outcome == "problem"}
    return reasons == {"ambiguous_number"}


def _is_scale(labels: Mapping[float, Any]) -> bool:
    """True if the value labels are the words of a ladder."""
    words = {fold_word(text) for texts in labels.values() for text in texts.values()}
    return len(words) > 2 and any(words <= ladder.numbers.keys() for ladder in ladders())


def _labels_only_ends(labels: Mapping[float, Any], values: pd.Series) -> bool:
    """True if answers lie between the labelled points: the ends of a scale have words, the groups of a list all do."""
    if not is_number_column(values) or len(labels) < 2 or max(labels) - min(labels) > 10:
        return False
    array = np.unique(values.to_numpy(dtype=float, na_value=np.nan))
    array = array[~np.isnan(array)]
    inside = array.size > 0 and bool((array >= min(labels)).all() and (array <= max(labels)).all())
    return inside and not np.isin(array, list(labels)).all()


def distinct_words(values: pd.Series) -> list[str]:
    """The distinct answers of a text column with few of them, for the search for a ladder; empty for any other."""
    if is_number_column(values) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return []
    cells = [c for c in values.dropna().unique()[:_SAMPLE] if not (isinstance(c, str) and not c.strip())]
    if not cells or len(cells) > 24 or not all(isinstance(c, str) for c in cells):
        return []
    return [c for c in cells if c.strip().casefold() not in EMPTY_TOKENS]


def _labelled(cells: Iterable[Any]) -> dict[float, dict[str, str]]:
    """Labels by number if every answer is a number with words (or a bare number) and each number has one wording."""
    labels: dict[float, str] = {}
    for cell in list(cells)[:_SAMPLE]:
        text = cell_text(cell)
        pair = split_label(text)
        if pair is None:
            if text.strip() and not text.strip().isdigit() and text.strip().casefold() not in EMPTY_TOKENS:
                return {}
            continue
        number, word = pair
        if labels.setdefault(number, word) != word:
            return {}
    if len({fold_word(word) for word in labels.values()}) < len(labels):
        return {}  # "3 - days", "5 - days": a unit, not the words of a point
    whole_points = len(labels) > 1 and all(0 <= n <= 100 and float(n).is_integer() for n in labels)
    return in_one_language(labels) if whole_points else {}


def _mostly_numbers(values: pd.Series, cells: Any, decimal: Decimal | None) -> bool:
    """True if four of five answers are numbers; codes with leading zeros and long numbers stay text."""
    sample = [cell_text(c) for c in cells[:_SAMPLE]]
    if any((_LEADING_ZERO.match(t) and t.strip().isdigit()) or _LONG.match(t) for t in sample):
        return False
    rules = Rules(decimal=decimal)
    if sum(read_cell(c, rules).outcome == "problem" for c in cells[:_SAMPLE]) > len(sample) / 2:
        return False
    outcomes = {cell: read_cell(cell, rules).outcome for cell in cells}
    codes, uniques = pd.factorize(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques))
    found: Counter[str] = Counter()
    for cell, count in zip(uniques, counts, strict=True):
        found[outcomes[cell]] += int(count)
    return found["word"] == 0 and found["number"] * 5 >= (found["number"] + found["problem"]) * 4


def guess_items(
    frame: pd.DataFrame, guesses: Mapping[str, Guess], raw: RawTable
) -> tuple[dict[str, Item], dict[str, Any]]:
    """Items and constructs for the guessed columns: `Codebook.infer` on their numbers, then what the file says."""
    book = infer_codebook(frame, raw.labels)
    items = {name: _with_file(book.items[name], guess, raw) for name, guess in guesses.items()}
    return items, {n: c for n, c in book.constructs.items() if any(i.construct == n for i in items.values())}


def _with_file(item: Item, guess: Guess, raw: RawTable) -> Item:
    role = raw.roles.get(item.name)
    if role is not None and role != item.role:
        item = replace(item, role=role, min=None, max=None, construct=None)
    item = replace(item, missing=raw.missing.get(item.name, ()))
    if not guess.labels:
        return item
    if role is None and (guess.item or (item.role == "item" and item.construct)):
        low, high = min(guess.labels), max(guess.labels)
        low, high = (low, high) if item.min is None or guess.item else (min(low, item.min), max(high, item.max or high))
        return replace(item, role="item", labels=guess.labels, words=guess.words, min=_whole(low), max=_whole(high))
    if item.role in ("item", "other"):
        item = replace(item, role="group", min=None, max=None, construct=None)
    return replace(item, labels=guess.labels)


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value
