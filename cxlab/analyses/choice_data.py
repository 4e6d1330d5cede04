"""From a formula to the arrays of an ordered or binary model: rows, answers, design, frequencies and survey weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.choice_outcome import Outcome, outcome_column
from cxlab.analyses.regression_checks import data_notices
from cxlab.analyses.regression_data import Variables, level_text, variables
from cxlab.analyses.regression_design import Design, build_design
from cxlab.analyses.regression_formula import Formula, parse_formula
from cxlab.analyses.unpack import is_private, numeric_columns, outside_scale, source_notices
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.errors import DataError, Notice
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
Frequencies = Weights
# What `variables` and `data_notices` say of a linear model, or of part of the rows, is said here in other words.
_TOLD_HERE = ("analyses.rows_incomplete", "analyses.binary_outcome", "analyses.ordinal_outcome",
              "analyses.weights_unused", "analyses.simulated")  # fmt: skip


@dataclass(frozen=True, eq=False)
class ChoiceData:
    """What an ordered or binary model is estimated from.

    Attributes
    ----------
    survey : Survey
        As given, all rows.
    formula : Formula
    outcome : Outcome
        Its codes are those of `rows`, 0 .. J - 1 without gaps; `points` and `labels` are the answers given there.
    used : Variables
        Predictors on the rows used.
    design : Design
        With intercept first.
    codes : (n,) int array
    counts : (n,) array
        Respondents behind each row.
    sampling : (n,) array or None
        Survey weights, mean 1.
    notices : tuple of Notice
    """

    survey: Survey
    formula: Formula
    outcome: Outcome
    used: Variables
    design: Design
    codes: NDArray[np.int64]
    counts: Array
    sampling: Array | None
    notices: tuple[Notice, ...]

    @property
    def x(self) -> Array:
        """The design without its intercept."""
        return self.design.matrix[:, 1:]

    @property
    def weights(self) -> Array:
        """What each row counts in sums."""
        return self.counts if self.sampling is None else self.counts * self.sampling


def choice_data(
    text: str,
    data: Survey | pd.DataFrame,
    read: Callable[[Survey, str], Outcome],
    weights: Weights | None = None,
    frequencies: Frequencies | None = None,
    *,
    guessed: bool | None = None,
) -> ChoiceData:
    """Rows complete in every variable, with the outcome as codes; `guessed` if the codebook is, as of a DataFrame."""
    if weights is not None and frequencies is not None:
        raise DataError("choice.weights_and_frequencies")
    formula = parse_formula(text)
    survey = as_survey(data)
    guessed = isinstance(data, pd.DataFrame) if guessed is None else guessed
    weighted = weights is not None or frequencies is not None
    name = _checked_outcome(survey, formula, weighted=weighted)
    outcome = read(survey, name)
    answered = outcome.codes.index[outcome.codes.notna()]
    rows, zeros = _rows_that_count(survey, answered, weights, frequencies)
    used = _predictors(survey, formula, rows, guessed=guessed)
    counted, rows = len(rows), used.numeric.index
    sampling, told = survey_weights(survey, weights, rows)
    outcome, codes = _recoded(survey, outcome, rows, guessed=guessed)
    formula = replace(formula, outcome=replace(formula.outcome, name=name))
    used = replace(used, numeric=used.numeric.assign(**{name: codes.astype(float)}))
    total = len(survey.frame)
    notices = [*zeros, *told, *_lost_rows(total, total - len(rows) - (len(answered) - counted), len(rows))]
    notices += [*outside_scale(survey, [name]), *outcome.notices, *source_notices(survey, weighted=weighted)]
    notices += [one for one in (*used.notices, *data_notices(survey, used, formula)) if one.key not in _TOLD_HERE]
    return ChoiceData(
        survey=survey,
        formula=formula,
        outcome=outcome,
        used=used,
        design=build_design(used, formula),
        codes=codes,
        counts=np.ones(len(rows)) if frequencies is None else frequency_counts(survey, frequencies, rows),
        sampling=sampling,
        notices=tuple(notices),
    )


def _checked_outcome(survey: Survey, formula: Formula, *, weighted: bool) -> str:
    """The outcome's column, after what these models cannot do with a formula is refused."""
    if formula.outcome.function:
        raise DataError("choice.outcome_function", function=str(formula.outcome))
    if not formula.intercept:
        raise DataError("choice.no_intercept", formula=formula.text)
    name = outcome_column(survey, formula.outcome.name, formula.text, formula.outcome.position)
    factors = [factor for term in formula.terms for factor in term]
    if name in {factor.name for factor in factors}:
        raise DataError("choice.outcome_explains_itself", column=name)
    if weighted and any(factor.function in ("center", "scale") for factor in factors):
        raise DataError("choice.centre_with_weights")
    return name


def _rows_that_count(
    survey: Survey, rows: pd.Index, weights: Weights | None, frequencies: Frequencies | None
) -> tuple[pd.Index, list[Notice]]:
    """Rows whose weight or frequency is above zero, and the notice that counts the others."""
    if weights is not None:
        scaled, told = survey_weights(survey, weights, rows)
        kept = rows if scaled is None else rows[scaled > 0]
        return kept, [notice for notice in told if notice.key == "weights.zero"]
    if frequencies is None:
        return rows, []
    counts = frequency_counts(survey, frequencies, rows)
    empty = int((counts == 0).sum())
    told_empty = [Notice("choice.empty_cells", {"count": empty, "total": len(rows)})] if empty else []
    return rows[counts > 0], told_empty


def frequency_counts(survey: Survey, frequencies: Frequencies, rows: pd.Index) -> Array:
    """How many respondents stand behind each row: whole numbers, zero or more.

    Examples
    --------
    >>> survey = as_survey(pd.DataFrame({"csat": [1, 2], "n": [20, 35]}))
    >>> frequency_counts(survey, "n", survey.frame.index)
    array([20., 35.])
    """
    if isinstance(frequencies, str):
        column = numeric_columns(survey, [frequencies], complete=False, constant="allow", min_rows=1)[0].iloc[:, 0]
    elif len(frequencies) != len(survey.frame):
        raise DataError("choice.frequencies_number", given=len(frequencies), rows=len(survey.frame))
    else:
        number = pd.to_numeric(pd.Series(np.asarray(frequencies, dtype=object)), errors="coerce")
        column = pd.Series(number.to_numpy("float64"), index=survey.frame.index)
    values = column.loc[rows].to_numpy("float64")
    wrong = ~np.isfinite(values) | (values < 0) | (values != np.round(values))
    if wrong.any():
        shown = ", ".join(map(str, rows[wrong][:5]))
        raise DataError("choice.frequencies_whole", count=int(wrong.sum()), rows=shown)
    if not values.any():
        raise DataError("choice.frequencies_zero")
    return values


def _predictors(survey: Survey, formula: Formula, rows: pd.Index, *, guessed: bool) -> Variables:
    """The predictors on rows complete in them; the outcome is read elsewhere, so a predictor takes its place."""
    if not formula.terms:
        empty = pd.DataFrame(index=rows)
        return Variables(empty, empty, {}, ())
    part = replace(survey, frame=survey.frame.loc[rows])
    return variables(part, replace(formula, outcome=formula.terms[0][0]), guessed=guessed)


def _recoded(survey: Survey, outcome: Outcome, rows: pd.Index, *, guessed: bool) -> tuple[Outcome, NDArray[np.int64]]:
    """Codes without gaps on the rows used; answers of the scale that nobody gave are told."""
    codes = outcome.codes.loc[rows].to_numpy("float64").astype(np.int64)
    present = np.unique(codes)
    if len(present) < 2:
        shown = "…" if is_private(survey, outcome.name) else level_text(outcome.points[present[0]])
        raise DataError("choice.one_class", column=outcome.name, n=len(rows), answer=shown)
    missing = _not_given(survey, outcome, [outcome.points[code] for code in present], guessed)
    notices = [*outcome.notices]
    if missing and outcome.ordered:
        values = {"column": outcome.name, "answers": ", ".join(missing), "points": len(present)}
        notices.append(Notice("choice.empty_answers", values, serious=True))
    kept = Outcome(
        outcome.name,
        outcome.codes.loc[rows],
        tuple(outcome.points[code] for code in present),
        tuple(outcome.labels[code] for code in present),
        tuple(notices),
        outcome.ordered,
    )
    return kept, np.searchsorted(present, codes).astype(np.int64)


def _not_given(survey: Survey, outcome: Outcome, given: Sequence[Any], guessed: bool) -> list[str]:
    """Points of the scale without an answer: of an ordered category, or whole numbers within the codebook's ends.

    A codebook that is guessed from the answers says nothing about ends that nobody chose: then only gaps are listed.
    A code outside the scale does not stretch it.
    """
    item = survey.codebook.items.get(outcome.name)
    scale: list[Any] = list(outcome.points)
    if all(isinstance(point, int) for point in outcome.points):
        low, high = given[0], given[-1]
        if item is not None and item.min is not None and item.max is not None:
            low, high = (max(low, item.min), min(high, item.max)) if guessed else (item.min, item.max)
        scale = sorted({*scale, *range(int(low), int(high) + 1)})
    return [level_text(point) for point in scale if point not in given]


def _lost_rows(total: int, lost: int, n: int) -> list[Notice]:
    values = {"dropped": lost, "total": total, "n": n}
    return [Notice("analyses.rows_incomplete", values, serious=n < 0.8 * total)] if lost else []
