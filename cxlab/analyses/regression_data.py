"""From a formula's names to complete rows: columns, construct scores and categories, each with what must be said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.regression_formula import Factor, Formula, quoted_name
from cxlab.analyses.unpack import (
    check_names,
    complete_rows,
    constant_columns,
    is_numeric,
    is_private,
    numeric_columns,
    outside_scale,
)
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelSyntaxError, Notice
from cxlab.survey.survey import Survey

_MOST_LEVELS = 20


@dataclass(frozen=True)
class Variables:
    """The rows a regression uses.

    Attributes
    ----------
    numeric : DataFrame of float64
        Columns and construct scores by name.
    categories : DataFrame of categorical columns
        The same rows; levels in order, those that no row has left out.
    scored : mapping of construct to tuple of str
        Constructs used as scores, and columns of a construct's name, with the construct's items.
    notices : tuple of Notice
    """

    numeric: pd.DataFrame
    categories: pd.DataFrame
    scored: dict[str, tuple[str, ...]]
    notices: tuple[Notice, ...]


def variables(survey: Survey, formula: Formula, *, guessed: bool = False) -> Variables:
    """Every variable of the formula, on the rows complete in all of them; `guessed` if the codebook is."""
    factors = [formula.outcome, *(factor for term in formula.terms for factor in term)]
    own = [nfc(str(column)) for column in survey.frame.columns]
    first: dict[str, Factor] = {}
    for factor in factors:
        first.setdefault(factor.name, factor)
    _refuse_unknown(survey, formula, list(first.values()), own)
    constructs = {name: survey.codebook.items_of(name) for name in first if name in survey.codebook.constructs}
    scored = {name: items for name, items in constructs.items() if name not in own}
    namesakes = {name: items for name, items in constructs.items() if name in own and not guessed}
    grouped = [name for name in first if name in own and _is_category(survey, name, factors)]
    _refuse_score_levels(factors, scored)
    plain = [name for name in first if name not in grouped and name not in scored]
    if len(survey.frame) == 0:
        raise DataError("analyses.no_rows")
    parts: list[pd.DataFrame] = []
    notices: list[Notice] = []
    if plain:
        _refuse_text(survey, plain)
        table, told = numeric_columns(survey, plain, complete=False, constant="allow", min_rows=1)
        parts.append(table)
        notices += told
    if scored:
        table = survey.scores(constructs=list(scored))
        notices += table.attrs.get("notices", ())
        parts.append(table[list(scored)])
    parts += [_categories(survey, name) for name in grouped]
    frame, dropped = complete_rows(pd.concat(parts, axis=1))
    if frame.empty:
        raise DataError("analyses.no_complete_rows", total=len(survey.frame), columns=", ".join(first))
    constant_columns(frame)
    categories = frame[grouped].apply(lambda column: column.cat.remove_unused_categories()) if grouped else frame[[]]
    numeric = frame.drop(columns=grouped).astype("float64")
    notices += [
        *dropped,
        *outside_scale(survey, [*plain, *grouped]),
        *_told(survey, plain, grouped, factors),
        *_same_names(survey, namesakes),
    ]
    return Variables(numeric, categories, scored | namesakes, tuple(notices))


def weighed(
    survey: Survey, used: Variables, weights: Weights | None
) -> tuple[Variables, NDArray[np.float64] | None, tuple[Notice, ...]]:
    """The rows whose survey weight is above zero, their weights with mean 1, and what must be said of them."""
    sampling, told = survey_weights(survey, weights, used.numeric.index)
    if sampling is None:
        return used, None, ()
    counted = sampling > 0
    numeric, categories = used.numeric[counted], used.categories[counted]
    constant_columns(numeric)
    categories = categories.apply(lambda column: column.cat.remove_unused_categories())
    return replace(used, numeric=numeric, categories=categories), sampling[counted], told


def _refuse_unknown(survey: Survey, formula: Formula, factors: Iterable[Factor], own: list[str]) -> None:
    known = [*survey.codebook.constructs, *own]
    for factor in factors:
        if factor.name in own:
            check_names(survey.frame, [factor.name])
        elif factor.name not in survey.codebook.constructs:
            place = factor.position
            values = {"formula": formula.text, "column": place + 1, "caret": " " * place + "^", "found": factor.name}
            hint = did_you_mean(factor.name, known)
            raise ModelSyntaxError("analyses.formula_unknown", **values, hint=hint, known=", ".join(known[:15]))


def _refuse_score_levels(factors: Iterable[Factor], scored: Iterable[str]) -> None:
    """A construct's score is a mean of items: it has no categories, and must not pass for one silently."""
    asked = {factor.name for factor in factors if factor.function == "C"}
    for name in scored:
        if name in asked:
            raise DataError("analyses.score_as_category", construct=name)


def _same_names(survey: Survey, names: Iterable[str]) -> list[Notice]:
    """Columns that may be taken for a construct's score; not those that hold it (`with_scores`, or one item alone)."""
    items, constructs = survey.codebook.items, survey.constructs
    apart = [name for name in names if name not in items or items[name].role != "other"]
    both = [name for name in apart if constructs.get(name) != [name] or items[name].reversed]
    return [Notice("analyses.column_not_construct", {"names": ", ".join(both)}, serious=True)] if both else []


def _is_category(survey: Survey, name: str, factors: Iterable[Factor]) -> bool:
    if any(factor.name == name and factor.function == "C" for factor in factors):
        return True
    item = survey.codebook.items.get(name)
    column = survey.frame[check_names(survey.frame, [name])[name]]
    bare = all(factor.function == "" for factor in factors if factor.name == name)
    return bare and ((item is not None and item.role == "group") or isinstance(column.dtype, pd.CategoricalDtype))


def _refuse_text(survey: Survey, names: Iterable[str]) -> None:
    """Words in a predictor: more helpful than 'not numeric' is to say how categories are asked for."""
    for name in names:
        if is_private(survey, name):
            continue
        column = survey.frame[check_names(survey.frame, [name])[name]]
        words = column[column.notna()].map(lambda value: isinstance(value, str))
        if len(words) and words.all() and not is_numeric(column) and column.nunique() <= _MOST_LEVELS:
            levels = ", ".join(str(level) for level in sorted(column.dropna().unique())[:6])
            raise DataError("analyses.words_in_formula", column=name, levels=levels)


def _categories(survey: Survey, name: str) -> pd.DataFrame:
    column = survey.frame[check_names(survey.frame, [name])[name]]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    count = column.nunique()
    if count > max(_MOST_LEVELS, len(column) // 10):
        raise DataError("analyses.too_many_levels", column=name, levels=count, n=len(column))
    return column.to_frame(name)


def _told(survey: Survey, plain: list[str], grouped: list[str], factors: Iterable[Factor]) -> list[Notice]:
    items, notices = survey.codebook.items, []
    left = [name for name in plain if name in items and items[name].reversed]
    if left:
        notices.append(Notice("analyses.reversed_left", {"items": ", ".join(left)}))
    asked = {factor.name for factor in factors if factor.function == "C"}
    silent = [name for name in grouped if name not in asked]
    if silent:
        notices.append(Notice("analyses.taken_as_category", {"columns": ", ".join(silent)}))
    written = [name for name in silent if _numbers_as_text(survey.frame[check_names(survey.frame, [name])[name]])]
    if written:
        named = {"columns": ", ".join(written), "example": written[0], "named": quoted_name(written[0])}
        notices.append(Notice("analyses.numbers_as_text", named, serious=True))
    return notices


def _numbers_as_text(column: pd.Series) -> bool:
    """Numbers that came as words, "4" or "4,5": as categories each of them gets a coefficient of its own."""
    known = column.dropna()
    if isinstance(column.dtype, pd.CategoricalDtype) or not known.map(lambda value: isinstance(value, str)).all():
        return False
    return bool(pd.to_numeric(known.str.replace(",", ".", regex=False), errors="coerce").notna().all())


def level_text(level: Any) -> str:
    """A level as a term's name shows it: 2.0 reads 2.

    Examples
    --------
    >>> level_text(2.0), level_text("bán lẻ")
    ('2', 'bán lẻ')
    """
    return f"{level:g}" if isinstance(level, float) else str(level)
