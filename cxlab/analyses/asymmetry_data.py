"""What asymmetry, gap and surface share: complete answers by name, their scales, their weights, their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.regression_checks import data_notices
from cxlab.analyses.regression_data import Variables, variables
from cxlab.analyses.regression_formula import Factor, Formula
from cxlab.analyses.unpack import numeric_columns, source_notices
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice, ScaleError
from cxlab.survey.screening_types import has_scale, scale_ends
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
Ends = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Answers:
    """Rows complete in all variables, reversed items turned.

    Attributes
    ----------
    survey : Survey
        After turning.
    variables : Variables
        As a regression reads them.
    formula : Formula
        Outcome and predictors.
    frame : DataFrame of float64
        Rows that count: complete, with a weight above zero.
    weights : (n,) array or None
        Mean 1.
    guessed : bool
        True if the codebook, and so every scale, is a guess.
    notices : tuple of Notice
    """

    survey: Survey
    variables: Variables
    formula: Formula
    frame: pd.DataFrame
    weights: Array | None
    guessed: bool
    notices: tuple[Notice, ...]

    @property
    def simulated(self) -> bool:
        """True if the answers were made by a simulation."""
        return self.survey.simulated


def complete_answers(
    data: Survey | pd.DataFrame, outcome: str, predictors: Sequence[str], weights: Weights | None
) -> Answers:
    """Outcome and predictors (columns or constructs) of the rows that have them all, with what must be said."""
    survey, guessed = as_survey(data), isinstance(data, pd.DataFrame)
    if not predictors:
        raise DataError("analyses.no_columns")
    names = check_variables(survey, [outcome, *predictors])
    survey, turned = turn_reversed(survey, names)
    formula = _formula(names)
    found = variables(survey, formula, guessed=guessed)
    for name in names:
        refuse_off_scale(survey, name)
    frame, kept, told = weighted_rows(survey, found.numeric[names], weights)
    notices = (*source_of(survey, weights), *turned, *found.notices, *told)
    return Answers(survey, found, formula, frame, kept, guessed, notices)


def about_outcome(answers: Answers) -> list[Notice]:
    """What the outcome's values and overlapping measures mean; where the data come from is said already."""
    told = data_notices(answers.survey, answers.variables, answers.formula)
    return [notice for notice in told if notice.key not in ("analyses.simulated", "analyses.weights_unused")]


def check_variables(survey: Survey, names: Sequence[str]) -> list[str]:
    """The names as the survey has them; an error for unknown, repeated, grouping or wordy ones."""
    wanted = [nfc(str(name)) for name in names]
    own = [nfc(str(column)) for column in survey.frame.columns]
    known = [*own, *(name for name in survey.codebook.constructs if name not in own)]
    for name in wanted:
        if name not in known:
            raise DataError("asymmetry.unknown_name", name=name, hint=did_you_mean(name, known), known=_listed(known))
        item = survey.codebook.items.get(name)
        if name in own and item is not None and item.role in ("group", "id", "text", "time"):
            raise DataError("asymmetry.not_a_rating", name=name, role=item.role)
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if twice:
        raise DataError("analyses.repeated_names", columns=", ".join(twice))
    plain = [name for name in wanted if name in own]
    if plain:
        numeric_columns(survey, plain, complete=False, constant="allow", min_rows=1)
    return wanted


def turn_reversed(survey: Survey, names: Iterable[str]) -> tuple[Survey, list[Notice]]:
    """The survey with reversed items turned if one of these columns is one: low must mean low."""
    book = survey.codebook.items
    turned = [name for name in names if name in book and name in survey.frame and book[name].reversed]
    if not turned:
        return survey, []
    return survey.reverse_scored(), [Notice("analyses.reversed_turned", {"items": ", ".join(turned)})]


def weighted_rows(
    survey: Survey, frame: pd.DataFrame, weights: Weights | None
) -> tuple[pd.DataFrame, Array | None, tuple[Notice, ...]]:
    """The rows with a weight above zero, and their weights."""
    found, notices = survey_weights(survey, weights, frame.index)
    if found is None:
        return frame, None, notices
    counts = found > 0
    return frame[counts], found[counts], notices


def source_of(survey: Survey, weights: Weights | None) -> list[Notice]:
    """Simulated answers, and weights that are not used."""
    told = source_notices(survey)
    return told if weights is None else [notice for notice in told if notice.key != "analyses.weights_unused"]


def scale_of(survey: Survey, name: str) -> Ends | None:
    """Both ends of a column's scale, or of the items behind a construct's score; None if the codebook has none."""
    book = survey.codebook
    if name in survey.frame:
        return scale_ends(book, name) if has_scale(book, name) else None
    items = [item for item in book.items_of(name) if item in survey.frame]
    ends = {scale_ends(book, item) for item in items if has_scale(book, item)}
    return ends.pop() if len(ends) == 1 and all(has_scale(book, item) for item in items) else None


def common_scale(survey: Survey, first: str, second: str, given: object, guessed: bool) -> Ends:
    """The scale of two measures that are to be compared point by point; an error if they have none or two.

    `given` is what the user states as (min, max); it overrules the codebook, and all answers must lie on it.
    """
    if given is not None:
        ends = _stated(given)
        for name in (first, second):
            refuse_off_scale(survey, name, ends)
        return ends
    for name in (first, second):
        refuse_off_scale(survey, name)
    found = scale_of(survey, first), scale_of(survey, second)
    if None in found or found[0] != found[1]:
        key = "asymmetry.scales_guessed_differ" if guessed else "asymmetry.scales_differ"
        shown = {"first": first, "second": second, "one": scale_text(found[0]), "other": scale_text(found[1])}
        raise ScaleError(key if None not in found else "asymmetry.scales_unknown", **shown)
    return found[0]  # type: ignore[return-value]


def _stated(scale: object) -> Ends:
    """(min, max) as floats."""
    try:
        low, high = (float(end) for end in scale)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise DataError("asymmetry.scale_option", value=scale) from None
    if not (np.isfinite([low, high]).all() and low < high):
        raise DataError("asymmetry.scale_option", value=scale)
    return low, high


def refuse_off_scale(survey: Survey, name: str, ends: Ends | None = None) -> None:
    """An error that names rows and values if a column holds answers outside its scale, or the one given."""
    known = has_scale(survey.codebook, name)
    if name not in survey.frame or not (known or ends):
        return
    low, high = ends or scale_ends(survey.codebook, name)
    column = pd.to_numeric(survey.frame[name].astype(object), errors="coerce")
    outside = column[(column < low) | (column > high)]
    if len(outside):
        values = outside.value_counts()
        shown = {"rows": _listed(outside.index, 5), "values": _listed(f"{value:g}" for value in sorted(values.index))}
        if ends is not None:
            scale = scale_text(ends)
            raise ScaleError("asymmetry.outside_stated", item=name, count=len(outside), scale=scale, **shown)
        raise ScaleError(
            "survey.outside_scale",
            item=name,
            count=len(outside),
            min=f"{low:g}",
            max=f"{high:g}",
            code=f"{values.index[0]:g}",
            **shown,
        )


def scale_text(ends: Ends | None) -> str:
    """A scale in a message.

    Examples
    --------
    >>> scale_text((1.0, 7.0)), scale_text(None)
    ('1–7', '–')
    """
    return "–" if ends is None else f"{ends[0]:g}–{ends[1]:g}"


def labels_of(survey: Survey, names: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """Labels of columns and constructs that have one."""
    book = survey.codebook
    found: dict[str, Mapping[str, str]] = {}
    for name in names:
        known = book.items.get(name) if name in survey.frame else book.constructs.get(name)
        if known is not None and known.label:
            found[name] = known.label
    return found


def _formula(names: Sequence[str]) -> Formula:
    """Outcome first, then one linear term each."""
    outcome, *predictors = (Factor(name) for name in names)
    text = f"{names[0]} ~ {' + '.join(names[1:])}"
    return Formula(text, outcome, tuple((factor,) for factor in predictors))


def _listed(names: Iterable[object], most: int = 15) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")
