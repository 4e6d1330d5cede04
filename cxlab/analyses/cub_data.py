"""From names and formulas to the ratings and designs of a CUB model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.choice_data import ChoiceData, Frequencies, choice_data
from cxlab.analyses.choice_outcome import ordered_outcome
from cxlab.analyses.regression_data import level_text
from cxlab.analyses.regression_formula import parse_terms, term_key
from cxlab.analyses.unpack import check_names, is_private
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError, ModelSyntaxError, Notice, ScaleError
from cxlab.survey.survey import Survey

Array = NDArray[np.float64]
_NONE = ("", "0", "1")


@dataclass(frozen=True)
class CubRequest:
    """What is asked: the items, and the terms that move uncertainty and feeling ("" for none)."""

    items: tuple[str, ...]
    uncertainty: str = ""
    feeling: str = ""


@dataclass(frozen=True, eq=False)
class CubData:
    """Ratings of one item in one group.

    Attributes
    ----------
    item, group : str
    ready : ChoiceData
        Rows, weights and the design of all covariates.
    ratings : (n,) int array
        1 .. points.
    points, low : int
        Length of the scale, and its first point.
    uncertainty, feeling : list of int
        Columns of the design (without intercept) that move each.
    """

    item: str
    group: str
    ready: ChoiceData
    ratings: NDArray[np.int64]
    points: int
    low: int
    uncertainty: list[int]
    feeling: list[int]
    notices: tuple[Notice, ...]


def cub_request(scores: Any, uncertainty: str | None, feeling: str | None) -> CubRequest:
    """Items and terms from names, or from ``"item ~ uncertainty | feeling"``.

    Examples
    --------
    >>> cub_request("officeho ~ 1 | freqserv", None, None)
    CubRequest(items=('officeho',), uncertainty='', feeling='freqserv')
    """
    if not isinstance(scores, str):
        items = tuple(map(str, scores)) if isinstance(scores, Iterable) else (str(scores),)
        if not items:
            raise DataError("analyses.no_columns")
        return CubRequest(items, _terms(uncertainty), _terms(feeling))
    name, sign, right = scores.partition("~")
    if not sign:
        return CubRequest((scores,), _terms(uncertainty), _terms(feeling))
    parts = right.split("|")
    if len(parts) != 2 or uncertainty is not None or feeling is not None:
        raise ModelSyntaxError("choice.cub_formula", formula=scores)
    return CubRequest((name.strip().strip("`"),), _terms(parts[0]), _terms(parts[1]))


def _terms(text: str | None) -> str:
    text = str(text or "").strip()
    return "" if text in _NONE else text


@dataclass(frozen=True)
class Ends:
    """First and last point of an item's scale, and what must be said of them."""

    low: int
    high: int
    notices: tuple[Notice, ...] = ()


def cub_data(
    request: CubRequest,
    item: str,
    group: str,
    survey: Survey,
    ends: Ends,
    weights: Weights | None,
    frequencies: Frequencies | None,
    *,
    guessed: bool,
) -> CubData:
    """The rows of one item, its ratings counted from 1, and the covariates' columns."""
    union = " + ".join(part for part in (request.uncertainty, request.feeling) if part)
    ready = choice_data(f"`{item}` ~ {union or '1'}", survey, ordered_outcome, weights, frequencies, guessed=guessed)
    answers = _numbers(ready, item)
    low, high = ends.low, ends.high
    outside = (answers < low) | (answers > high) | (answers != np.round(answers))
    if outside.any():
        shown = ", ".join(level_text(value) for value in np.unique(answers[outside])[:5])
        raise ScaleError("choice.cub_outside", column=item, answers=shown, low=low, high=high)
    hidden = ("choice.empty_answers", "choice.group_as_order")
    return CubData(
        item=item,
        group=group,
        ready=ready,
        ratings=(answers - low + 1).astype(np.int64),
        points=high - low + 1,
        low=low,
        uncertainty=_columns(ready, request.uncertainty),
        feeling=_columns(ready, request.feeling),
        notices=(*(notice for notice in ready.notices if notice.key not in hidden), *ends.notices),
    )


def _numbers(ready: ChoiceData, item: str) -> Array:
    """The answers as numbers; those of an ordered category of words by their place."""
    points = ready.outcome.points
    if all(isinstance(point, int | float) for point in points):
        return np.array(points, dtype=float)[ready.codes]
    column = ready.survey.frame[check_names(ready.survey.frame, [item])[item]]
    return column.cat.codes.loc[ready.used.numeric.index].to_numpy(float) + 1


def scale_ends(survey: Survey, name: str, scale: tuple[int, int] | None, *, guessed: bool) -> Ends:
    """First and last point: as given, of the codebook, of the category, or guessed from the answers and told so.

    Examples
    --------
    >>> from cxlab.survey.survey import as_survey
    >>> scale_ends(as_survey(pd.DataFrame({"sat": [1, 4]})), "sat", (1, 7), guessed=True).high
    7
    """
    outcome = ordered_outcome(survey, name)
    if len(set(outcome.codes.dropna())) == 1:
        answer = "…" if is_private(survey, name) else level_text(outcome.points[int(outcome.codes.dropna().iloc[0])])
        raise DataError("choice.one_class", column=name, n=int(outcome.codes.notna().sum()), answer=answer)
    column = survey.frame[check_names(survey.frame, [name])[name]]
    item = survey.codebook.items.get(name)
    told: tuple[Notice, ...] = ()
    if scale is not None:
        low, high = _checked_scale(scale)
    elif isinstance(column.dtype, pd.CategoricalDtype):
        numbers = [point for point in column.cat.categories if isinstance(point, int | float | np.number)]
        plain = len(numbers) < len(column.cat.categories)
        low, high = (1, len(column.cat.categories)) if plain else (int(min(numbers)), int(max(numbers)))
    elif item is not None and item.min is not None and item.max is not None and not guessed:
        low, high = int(item.min), int(item.max)
    else:
        # a guessed scale leaves codes such as 99 out: they are refused as ratings, not taken for its end
        known = [item.min, item.max] if item is not None and item.min is not None and item.max is not None else []
        ends = [int(point) for point in known or outcome.points]
        low, high = min(1, *ends) if not known else min(ends), max(ends)
        told = (Notice("choice.cub_scale_guessed", {"column": name, "low": low, "high": high}, serious=True),)
    if high - low + 1 < 4:
        raise DataError("choice.cub_points", column=name, points=high - low + 1)
    return Ends(low, high, told)


def _checked_scale(scale: tuple[int, int]) -> tuple[int, int]:
    try:
        low, high = (int(end) for end in scale)
    except (TypeError, ValueError):
        raise DataError("choice.cub_scale", scale=scale) from None
    if low >= high:
        raise DataError("choice.cub_scale", scale=scale)
    return low, high


def _columns(ready: ChoiceData, terms: str) -> list[int]:
    if not terms:
        return []
    wanted = {term_key(term) for term in parse_terms(terms)}
    own = [number for number, term in enumerate(ready.formula.terms) if term_key(term) in wanted]
    return [column for column, owner in enumerate(ready.design.term[1:]) if owner in own]


def split(survey: Survey, by: str | None, *aligned: Any) -> list[tuple[str, Survey, tuple[Any, ...]]]:
    """The survey's groups in order, each with the values that were given a row at a time."""
    series = tuple(_aligned(survey, one) for one in aligned)
    if by is None:
        return [("", survey, series)]
    column = survey.frame[check_names(survey.frame, [by])[by]]
    levels = (
        list(column.cat.categories)
        if isinstance(column.dtype, pd.CategoricalDtype)
        else sorted(column.dropna().unique())
    )
    groups = []
    for level in levels:
        rows = survey.frame.index[(column == level).to_numpy()]
        if len(rows):
            part = replace(survey, frame=survey.frame.loc[rows])
            own = tuple(one.loc[rows] if isinstance(one, pd.Series) else one for one in series)
            groups.append((level_text(level), part, own))
    if not groups:
        raise DataError("analyses.all_missing", columns=f"'{by}'")
    return groups


def _aligned(survey: Survey, values: Any) -> Any:
    if values is None or isinstance(values, str | pd.Series):
        return values
    values = list(values) if isinstance(values, Sequence) else np.asarray(values).ravel()
    if len(values) != len(survey.frame):
        raise DataError("weights.wrong_number", given=len(values), rows=len(survey.frame))
    return pd.Series(values, index=survey.frame.index)
