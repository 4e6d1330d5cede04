"""Which answers an outcome has, in which order, and in whose words: for ordered and for binary models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.regression_data import level_text
from cxlab.analyses.unpack import check_names, is_numeric, is_private
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelSyntaxError, Notice
from cxlab.i18n import LANGUAGES, pick
from cxlab.survey.survey import Survey

Text = Mapping[str, str]
_MOST_POINTS = 20


@dataclass(frozen=True)
class Said:
    """Words in both languages as a notice's value: read in the language in use when the notice is."""

    text: Text

    def __str__(self) -> str:
        return pick(self.text)


@dataclass(frozen=True)
class Outcome:
    """Answers as codes 0, 1, ... in their order.

    Attributes
    ----------
    name : str
        The column.
    codes : Series of float
        One a row of the survey; missing where there is no answer.
    points : tuple
        The answers behind the codes.
    labels : tuple of mapping of language to text
        Their words, or the answers themselves.
    notices : tuple of Notice
    ordered : bool
        False for an outcome that was cut in two: then the scale's other points are none of the model's.
    """

    name: str
    codes: pd.Series
    points: tuple[Any, ...]
    labels: tuple[Text, ...]
    notices: tuple[Notice, ...] = ()
    ordered: bool = True


def outcome_column(survey: Survey, name: str, formula: str, position: int = 0) -> str:
    """The column behind the outcome's name: itself, or the only item of a single-item construct."""
    own = [nfc(str(column)) for column in survey.frame.columns]
    if name in own:
        check_names(survey.frame, [name])
        return name
    if name in survey.codebook.constructs:
        items = [item for item in survey.codebook.items_of(name) if item in own]
        if len(items) == 1:
            return items[0]
        raise DataError("choice.score_outcome", construct=name, items=", ".join(items[:5]))
    known = [*survey.codebook.constructs, *own]
    place = {"formula": formula, "column": position + 1, "caret": " " * position + "^", "found": name}
    raise ModelSyntaxError(
        "analyses.formula_unknown", **place, hint=did_you_mean(name, known), known=", ".join(known[:15])
    )


def ordered_outcome(survey: Survey, name: str) -> Outcome:
    """The answers of a column whose order is known: numbers, or an ordered category of pandas.

    Raises
    ------
    DataError
        Words without an order, more than 20 different numbers, no answers.

    Examples
    --------
    >>> from cxlab.survey.survey import as_survey
    >>> ordered_outcome(as_survey(pd.DataFrame({"csat": [2, 5, None, 4]})), "csat").points
    (2, 4, 5)
    """
    column = _answers(survey, name)
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        points, codes = list(column.cat.categories), column.cat.codes.astype("float64").replace(-1.0, np.nan)
    elif is_numeric(column):
        number = pd.to_numeric(column.astype(object), errors="coerce").astype("float64")
        points = sorted(number.dropna().unique())
        if len(points) > _MOST_POINTS:
            raise DataError("choice.too_many_points", column=name, points=len(points))
        codes = number.map({point: code for code, point in enumerate(points)}).astype("float64")
        points = [int(point) if point == int(point) else point for point in points]
    else:
        raise DataError("choice.no_order", column=name, answers=_shown(survey, name, column))
    item = survey.codebook.items.get(name)
    notices = [Notice("choice.group_as_order", {"column": name}, serious=True)] if _is_group(item, column) else []
    return Outcome(name, codes, tuple(points), _labels(survey, name, points), tuple(notices))


def _is_group(item: Any, column: pd.Series) -> bool:
    return item is not None and item.role == "group" and not isinstance(column.dtype, pd.CategoricalDtype)


def binary_outcome(survey: Survey, name: str, success: Any = None) -> Outcome:
    """The answers of a column as 0 and 1; `success` says which answers count as 1.

    Raises
    ------
    DataError
        More than two answers or two words without `success`, an unknown `success`.

    Examples
    --------
    >>> from cxlab.survey.survey import as_survey
    >>> binary_outcome(as_survey(pd.DataFrame({"nps": [9, 10, 3]})), "nps", success=[9, 10]).codes.tolist()
    [1.0, 1.0, 0.0]
    """
    column = _answers(survey, name)
    if success is not None:
        return _successes(survey, name, column, success)
    known = [value for value in _sorted(column) if not pd.isna(value)]
    words = not (is_numeric(column) or pd.api.types.is_bool_dtype(column))
    ordered = isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered
    if len(known) > 2:
        shown = "" if is_private(survey, name) else _listed(known)
        raise DataError("choice.not_binary", column=name, points=len(known), answers=shown)
    if words and not ordered:
        raise DataError("choice.no_success", column=name, answers=_shown(survey, name, column))
    codes = column.map({value: float(code) for code, value in enumerate(known)}).astype("float64")
    labels = _labels(survey, name, [_plain(value) for value in known])
    told = [] if [_plain(value) for value in known] in ([0, 1], [0], [1]) else [_success_notice(name, labels[-1])]
    if len(known) < 2:
        raise DataError("choice.one_class", column=name, n=int(codes.notna().sum()), answer=_first(survey, name, known))
    return Outcome(name, codes, tuple(known), labels, tuple(told), ordered=False)


def _successes(survey: Survey, name: str, column: pd.Series, success: Any) -> Outcome:
    many = isinstance(success, Sequence | set | frozenset | np.ndarray | pd.Series) and not isinstance(success, str)
    wanted = list(success) if many else [success]
    known = _sorted(column)
    chosen = [value for one in wanted for value in known if _is_meant(survey, name, value, one)]
    unknown = [one for one in wanted if not any(_is_meant(survey, name, value, one) for value in known)]
    if unknown or not wanted:
        shown = "…" if is_private(survey, name) else _listed(known)
        raise DataError("choice.unknown_success", column=name, success=_listed(unknown), known=shown)
    if len(chosen) == len(known):
        raise DataError("choice.all_success", column=name)
    codes = column.isin(chosen).astype("float64").where(column.notna())
    said = _labels(survey, name, [_plain(value) for value in chosen])
    other = _labels(survey, name, [_plain(value) for value in known if value not in chosen])
    joined: tuple[Text, ...] = tuple(
        {lang: " / ".join(pick(one, lang) for one in group) for lang in LANGUAGES} for group in (other, said)
    )
    return Outcome(name, codes, (0, 1), joined, (_success_notice(name, joined[1]),), ordered=False)


def _success_notice(name: str, label: Text) -> Notice:
    return Notice("choice.success_is", {"column": name, "answer": Said(label)})


def _is_meant(survey: Survey, name: str, value: Any, wanted: Any) -> bool:
    item = survey.codebook.items.get(name)
    words = list((item.labels.get(value) or {}).values()) if item is not None else []
    return bool(value == wanted) or str(wanted) in (level_text(value), *words)


def _sorted(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [value for value in column.cat.categories if (column == value).any()]
    values = list(column.dropna().unique())
    return sorted(values) if is_numeric(column) else sorted(values, key=str)


def _answers(survey: Survey, name: str) -> pd.Series:
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    column = survey.frame[check_names(survey.frame, [name])[name]]
    if column.isna().all():
        raise DataError("analyses.all_missing", columns=f"'{name}'")
    if is_numeric(column) and column.dtype.kind not in "iufb" and not isinstance(column.dtype, pd.CategoricalDtype):
        return pd.to_numeric(column.astype(object), errors="coerce").astype("float64")
    return column


def _labels(survey: Survey, name: str, points: Sequence[Any]) -> tuple[Text, ...]:
    item = survey.codebook.items.get(name)
    known = item.labels if item is not None else {}
    return tuple(known.get(point) or dict.fromkeys(LANGUAGES, level_text(point)) for point in points)


def _plain(value: Any) -> Any:
    """2.0 as 2, True as 1, as codebooks and readers write them."""
    return int(value) if isinstance(value, float | np.floating | bool | np.bool_) and value == int(value) else value


def _shown(survey: Survey, name: str, column: pd.Series) -> str:
    return "…" if is_private(survey, name) else _listed(sorted(map(str, column.dropna().unique())))


def _first(survey: Survey, name: str, known: Sequence[Any]) -> str:
    return "…" if is_private(survey, name) else _listed(known)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(level_text(value) for value in values[:8]) + (", …" if len(values) > 8 else "")
