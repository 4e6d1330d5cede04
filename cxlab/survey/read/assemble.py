"""A raw table and a codebook become the parts of a Survey: columns, items, steps, problems, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook, Item, Role
from cxlab.codebook.infer import is_personal
from cxlab.codebook.text import in_one_language, language_of
from cxlab.errors import Notice
from cxlab.i18n import pick, tr
from cxlab.survey.privacy_patterns import MASK
from cxlab.survey.read.answers import Rules, rules_for
from cxlab.survey.read.doubts import are_codes, are_cut, borrowed, missing_like, not_responses, summary_rows, unit_of
from cxlab.survey.read.guess import Guess, distinct_words, guess_column, guess_items
from cxlab.survey.read.headings import cell_words
from cxlab.survey.read.ladders import Fitted, Ladder, descends, fit_ladders
from cxlab.survey.read.match import match_columns
from cxlab.survey.read.no_answer import set_aside
from cxlab.survey.read.numbers import votes
from cxlab.survey.read.options import Decimal
from cxlab.survey.read.raw import RawTable
from cxlab.survey.read.recode import Recoded, is_number_column, is_numeric, recode_numbers, recode_text
from cxlab.survey.read.times import Doubt, read_times
from cxlab.survey.step import Step

_LOOK = 10_000
_MAYBE_NUMBERS: tuple[Role, ...] = ("id", "group", "other")
_DATES: Mapping[Doubt, str] = {
    "ambiguous": "dates_ambiguous",
    "contrary": "dates_contrary",
    "swapped": "dates_swapped",
    "unknown": "dates_as_text",
}


@dataclass
class Parts:
    """What has been put together so far."""

    raw: RawTable
    decimal: Decimal | None
    day_first: bool | None = None
    columns: dict[str, pd.Series] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    constructs: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: list[pd.DataFrame] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    tokens: Counter[str] = field(default_factory=Counter)
    decimals: set[Decimal] = field(default_factory=set)
    borrowed: dict[str, Decimal] = field(default_factory=dict)

    def take(self, name: str, recoded: Recoded) -> None:
        """Keep a column, and put on record what became of its cells."""
        self.columns[name] = recoded.values
        for outcome, key in (("word", "step_words"), ("code", "step_missing")):
            if count := recoded.counts.get(outcome, 0):  # type: ignore[call-overload]
                self.steps.append(
                    Step("recode", name, count=count, note=tr(f"readers.{key}", column=name, count=count))
                )
        self.tokens[name] += recoded.counts.get("empty_token", 0)
        if recoded.problems is not None:
            self.problems.append(recoded.problems)
            count = len(recoded.problems)
            self.steps.append(
                Step("recode", name, count=count, note=tr("readers.step_problems", column=name, count=count))
            )

    def notice(self, key: str, names: Iterable[str], serious: bool = False, **values: Any) -> None:
        """A notice about columns, unless there are none."""
        names = list(names)
        if names:
            shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
            self.notices.append(Notice(f"readers.{key}", {"count": len(names), "names": shown, **values}, serious))


def assemble(
    raw: RawTable, codebook: Codebook | None, decimal: Decimal | None, day_first: bool | None = None
) -> tuple[Parts, Codebook, pd.DataFrame]:
    """Recode every column by its item or by a guess; the codebook then holds an item for every column."""
    parts = Parts(raw, decimal, day_first, notices=list(raw.notices))
    names = _matched(parts, codebook)
    raw = _without_no_answer(parts, codebook, names)
    shown = _shown_decimals(raw.frame)
    settled = decimal or _settled_decimal(shown)
    fitted = fit_ladders(*_ladder_words(raw, codebook, names))
    guesses: dict[str, Guess] = {}
    for column in raw.frame.columns:
        name = names.get(column, column)
        values = raw.frame[column]
        sign = _column_decimal(values, shown[column], decimal, settled)
        if codebook is not None and name in codebook.items:
            item = _completed(codebook.items[name], column, raw, fitted.ladders.get(column))
            parts.items[name] = item
            parts.take(name, _recode(parts, values, item, sign))
        else:
            guesses[name] = guess_column(name, values, raw, fitted.ladders.get(column), sign)
            parts.take(name, guesses[name].recoded)
        parts.decimals |= {sign} if sign else set()
        if sign and not decimal and not shown[column]:
            parts.borrowed[name] = sign
    _guess_rest(parts, guesses)
    _say_what_was_seen(parts, fitted, names, guesses)
    frame = pd.DataFrame(parts.columns, index=raw.frame.index)
    return parts, _codebook(parts, codebook), frame


def _without_no_answer(parts: Parts, codebook: Codebook | None, names: Mapping[str, str]) -> RawTable:
    """The table with labelled codes for no answer among the missing ones; what is new about that goes on record."""
    book = {} if codebook is None else codebook.items
    parts.raw, said = set_aside(parts.raw, {column: book[name] for column, name in names.items() if name in book})
    parts.notices += said
    return parts.raw


def _matched(parts: Parts, codebook: Codebook | None) -> dict[str, str]:
    """Item names by column; renamed columns go on record."""
    if codebook is None:
        return {}
    match = match_columns(parts.raw, codebook)
    renamed = {column: name for column, name in match.names.items() if column != name}
    if renamed:
        note = "; ".join(f"{column} → {name}" for column, name in renamed.items())
        parts.steps.append(Step("rename", count=len(renamed), note=note))
    parts.notice("extra_columns", match.extra)
    parts.notice("absent_items", match.absent)
    return dict(match.names)


def _ladder_words(
    raw: RawTable, codebook: Codebook | None, names: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Words of the columns whose answers nobody explains, and the number of points where an item has a scale."""
    words: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for column in raw.frame.columns:
        item = codebook.items.get(names[column]) if codebook is not None and column in names else None
        if column in raw.points or (item is not None and (item.labels or not is_numeric(item))):
            continue
        words[column] = distinct_words(raw.frame[column])
        if item is not None and item.min is not None and item.max is not None:
            sizes[column] = round(item.max - item.min) + 1
            gone = rules_for(item)
            words[column] = [w for w in words[column] if gone.read(w).outcome in ("problem", "word")]
    return words, sizes


def _completed(item: Item, column: str, raw: RawTable, ladder: Ladder | None) -> Item:
    """The codebook's item, with what only the file says: question text, value labels, declared missing codes."""
    text = raw.labels.get(column)
    if text and not item.label:
        item = replace(item, label={language_of(text): text})
    if column != item.name and item.column is None:
        item = replace(item, column=raw.headers.get(column, column))
    codes = tuple(c for c in raw.missing.get(column, ()) if c not in item.missing and c not in item.labels)
    item = replace(item, missing=(*item.missing, *codes)) if codes else item
    if item.labels:
        return item
    if points := raw.points.get(column):
        return replace(item, labels=in_one_language(points))
    if ladder is not None:
        start = 1 if item.min is None else item.min
        words = ladder.spellings(distinct_words(raw.frame[column]))
        return replace(
            item,
            labels={point - 1 + start: texts for point, texts in ladder.labels.items()},
            words={point - 1 + start: texts for point, texts in words.items()},
        )
    return item


def _recode(parts: Parts, values: pd.Series, item: Item, decimal: Decimal | None) -> Recoded:
    if is_numeric(item):
        return recode_numbers(values, item, decimal)
    if item.role in _MAYBE_NUMBERS and _stored_as_numbers(values):
        return recode_numbers(values, item)
    recoded = recode_text(values, item)
    if item.role == "time":
        return _times(parts, recoded, item)
    return _numbers_if_all_are(recoded, item, decimal)


def _stored_as_numbers(values: pd.Series) -> bool:
    """True for cells of a sheet that are numbers already, short enough to be exact: no sign is to be read in them."""
    cells = values.dropna().unique() if values.dtype == object else []
    numbers = [c for c in cells if isinstance(c, int | float) and not isinstance(c, bool) and abs(c) < 1e15]
    return 0 < len(cells) == len(numbers)


def _numbers_if_all_are(recoded: Recoded, item: Item, decimal: Decimal | None) -> Recoded:
    """Ids, groups and other columns become numbers where every cell is written as a plain number, or as NA."""
    if is_number_column(recoded.values) or item.role not in _MAYBE_NUMBERS:
        return recoded
    cells = recoded.values.dropna().unique()
    rules = Rules(decimal=decimal)
    plain = not any(c.isdigit() and (len(c) > 15 or (c[0] == "0" and len(c) > 1)) for c in map(str, cells))
    outcomes = {rules.read(str(c)).outcome for c in cells}
    if not plain or "number" not in outcomes or not outcomes <= {"number", "empty_token"}:
        return recoded
    numbers = recode_numbers(recoded.values, item, rules=rules)
    return Recoded(numbers.values, {**recoded.counts, "empty_token": numbers.counts.get("empty_token", 0)})


def _times(parts: Parts, recoded: Recoded, item: Item) -> Recoded:
    """Text as dates where the column shows its order of day and month; cells that are no date are listed."""
    values = recoded.values
    if pd.api.types.is_datetime64_any_dtype(values.dtype) or is_number_column(values) or not values.notna().any():
        return recoded
    found, doubt = read_times(values, parts.day_first)
    if found is None:
        parts.notice(_DATES[doubt or "unknown"], [item.name], serious=True)
        return recoded
    lost = np.flatnonzero((found.isna() & values.notna()).to_numpy())
    shown = [MASK if item.personal else str(values.iloc[i]) for i in lost]
    table = {
        "row": values.index.to_numpy()[lost],
        "column": item.name,
        "value": shown,
        "reason": tr("readers.reason_date"),
    }
    return Recoded(found, recoded.counts, pd.DataFrame(table) if len(lost) else None)


def _guess_rest(parts: Parts, guesses: Mapping[str, Guess]) -> None:
    """Items for the columns without one; times among them become dates."""
    if not guesses:
        return
    frame = pd.DataFrame({name: parts.columns[name] for name in guesses}, index=parts.raw.frame.index)
    items, constructs = guess_items(frame, guesses, parts.raw)
    parts.items |= items
    parts.constructs |= constructs
    for name, item in items.items():
        if item.role == "time":
            parts.take(name, replace(_times(parts, Recoded(parts.columns[name]), item), counts={}))
        if item.personal and guesses[name].recoded.problems is not None:
            guesses[name].recoded.problems["value"] = MASK  # type: ignore[index]
    for name, codes in missing_like(frame, items).items():
        parts.notice("looks_missing", [name], serious=True, codes=", ".join(map(str, codes)))


def _say_what_was_seen(parts: Parts, fitted: Fitted, names: Mapping[str, str], guesses: Mapping[str, Guess]) -> None:
    by_ladder: dict[int, tuple[Ladder, list[str]]] = {}
    for column, ladder in fitted.ladders.items():
        by_ladder.setdefault(id(ladder), (ladder, []))[1].append(names.get(column, column))
    for ladder, columns in by_ladder.values():
        scale = ", ".join(f"{point:g} = {pick(texts)}" for point, texts in ladder.labels.items())
        parts.notice("ladder_used", columns, words=scale)
    for column, words in fitted.near.items():
        if names.get(column, column) in guesses and not is_personal(column):
            parts.notice("ladder_near", [column], serious=True, words=", ".join(f"'{w}'" for w in words))
    _say_what_looks_odd(parts, names, guesses)
    parts.notice("numbers_doubtful", [name for name, guess in guesses.items() if guess.doubtful], serious=True)
    parts.notice("ladder_longer", [names.get(c, c) for c in fitted.longer], serious=True)
    parts.notice("ladder_doubtful", [names.get(c, c) for c in fitted.doubtful], serious=True)
    found = {name: count for name, count in parts.tokens.items() if count}
    parts.notice("empty_tokens", found, cells=sum(found.values()))
    if not names:
        parts.notice("guessed", guesses)
    parts.notice("blank_rows", map(str, _blank_rows(parts)), serious=True)
    empty = [name for name, values in parts.columns.items() if not values.notna().any()]
    parts.notice("all_missing", empty)
    parts.notice("constant", [n for n, values in parts.columns.items() if n not in empty and _is_constant(values)])


def _say_what_looks_odd(parts: Parts, names: Mapping[str, str], guesses: Mapping[str, Guess]) -> None:
    """Numbers and codes that stayed text, numbers read by the sign of other columns, rows that are no respondents."""
    raw, own = parts.raw.frame, {name: column for column, name in names.items()}
    texts = [n for n in guesses if pd.api.types.is_string_dtype(parts.columns[n]) and not parts.items[n].personal]
    units = {n: unit for n in texts if (unit := unit_of(parts.columns[n].dropna().unique()[:200]))}
    parts.notice("numbers_with_units", [f"{name} ('{unit}')" for name, unit in units.items()], serious=True)
    falling = [n for n in guesses if parts.items[n].role == "item" and descends(parts.items[n].labels)]
    parts.notice("scale_descends", falling, serious=True)
    cut = [c for c in raw if not is_number_column(raw[c]) and are_cut(raw[c].iloc[:_LOOK].dropna().unique())]
    parts.notice("digits_cut", [names.get(column, column) for column in cut], serious=True)
    if parts.raw.source.get("format") == "limesurvey":
        coded = [n for n in texts if are_codes(parts.columns[n].dropna().unique()[:200])]
        parts.notice("codes_as_text", coded, serious=True)
    for sign in (".", ","):
        lent = [n for n, lent in parts.borrowed.items() if lent == sign and is_number_column(parts.columns[n])]
        lent = [n for n in lent if borrowed(_number_texts(raw[own.get(n, n)]), sign)]
        parts.notice("decimal_borrowed", lent, serious=True, sign=sign, example=f"1{sign}500")
    marked = not_responses(str(parts.raw.source.get("format")), raw)
    parts.notice("not_responses", [f"{name} ({count})" for name, count in marked.items()], serious=True)
    rows = summary_rows(raw)
    parts.notice("summary_rows", [f"{row} ('{word}')" for row, word in rows.items()], serious=True)


def _blank_rows(parts: Parts) -> list[int]:
    """Numbers of the rows in which no cell of the file holds anything."""
    blank = np.ones(len(parts.raw.frame), dtype=bool)
    for values in parts.columns.values():
        blank &= values.isna().to_numpy()
        if not blank.any():
            return []
    raw = parts.raw.frame.loc[blank]
    return [int(row) for row in raw.index[~raw.map(lambda cell: bool(cell_words(cell))).any(axis=1)]]


def _is_constant(values: pd.Series) -> bool:
    """True if all answers are one and the same."""
    if len(values) < 2:
        return False
    if is_number_column(values):
        return bool(values.min() == values.max())
    first = values.dropna()
    return bool((first == first.iloc[0]).all())


def _codebook(parts: Parts, codebook: Codebook | None) -> Codebook:
    """The codebook's items in its own order, as far as the file has them, then the guessed ones in the file's."""
    book = codebook or Codebook()
    order = [*(n for n in book.items if n in parts.items), *(n for n in parts.items if n not in book.items)]
    constructs = {**parts.constructs, **book.constructs}
    return replace(book, items={name: parts.items[name] for name in order}, constructs=constructs)


def _shown_decimals(frame: pd.DataFrame) -> dict[str, set[Decimal]]:
    """The decimal signs that each column's own numbers show; looked for once, for long columns take time."""
    texts = {c: [] if is_number_column(frame[c]) else _number_texts(frame[c]) for c in frame.columns}
    return {column: votes(found) for column, found in texts.items()}


def _column_decimal(
    values: pd.Series, shown: set[Decimal], told: Decimal | None, settled: Decimal | None
) -> Decimal | None:
    """The decimal sign of one column: the one told, the one its cells show, or the file's."""
    if told is not None or is_number_column(values):
        return told
    return next(iter(shown)) if len(shown) == 1 else None if shown else settled


def _settled_decimal(shown: Mapping[str, set[Decimal]]) -> Decimal | None:
    """The decimal sign that all telling columns agree on."""
    found = set().union(*shown.values())
    return next(iter(found)) if len(found) == 1 else None


def _number_texts(values: pd.Series) -> list[str]:
    return [c for c in values.dropna().unique()[:2000] if isinstance(c, str) and len(c) < 30 and ("," in c or "." in c)]
