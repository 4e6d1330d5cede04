"""Survey weights: read once, checked once, and what they cost in precision."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import numeric_columns
from cxlab.errors import DataError, Notice
from cxlab.survey.survey import Survey

Weights: TypeAlias = str | Sequence[float] | NDArray[np.float64] | pd.Series
# Kish's design effect from which a reader must know what the weights cost.
_LARGE_DESIGN_EFFECT = 1.5


def survey_weights(
    survey: Survey, weights: Weights | None, index: pd.Index | Sequence[Hashable]
) -> tuple[NDArray[np.float64] | None, tuple[Notice, ...]]:
    """Survey weights of the rows an analysis uses, scaled to mean 1 over the rows that count.

    When to use it: in every analysis with a parameter `weights`, after rows without answers are left out. For counts of
    respondents behind a row (a table's cells) take `frequencies` instead: they raise n, survey weights do not.

    Parameters
    ----------
    survey : Survey
        The answers.
    weights : str, sequence of float, Series or None
        A column's name, or one number a row, in order; a column of a survey's `frame` goes by its row numbers.
    index : row numbers
        The rows used.

    Returns
    -------
    weights : array of shape (rows,), mean 1 over rows above zero; None if `weights` is None
    notices : tuple of Notice
        Rows with weight zero; a design effect (1 + squared coefficient of variation; Kish, 1965) above 1.5.

    Raises
    ------
    DataError
        Negative, missing, infinite or all-zero weights; a wrong number of them; an unknown column.

    Notes
    -----
    R: ``weights / mean(weights)``, as ``survey::svydesign(ids = ~1, weights = ~w)`` uses them.

    Examples
    --------
    >>> from cxlab.survey.survey import as_survey
    >>> survey = as_survey(pd.DataFrame({"nps": [9, 10, 3], "w": [1, 2, 3]}))
    >>> survey_weights(survey, "w", survey.frame.index)[0]
    array([0.5, 1. , 1.5])
    """
    if weights is None:
        return None, ()
    named = _named(survey, weights)
    try:
        values = named.loc[list(index)].to_numpy("float64")
    except KeyError:
        raise DataError("weights.rows_without", rows=_rows([row for row in index if row not in named.index])) from None
    _refuse(values, index)
    zero = int((values == 0).sum())
    scaled = values * (np.count_nonzero(values) / values.sum())
    notices = [Notice("weights.zero", {"count": zero, "total": len(values)})] if zero else []
    effect = np.count_nonzero(values) / effective_n(values)
    if effect > _LARGE_DESIGN_EFFECT:
        size = {"effect": float(effect), "n": np.count_nonzero(values), "effective": effective_n(values)}
        notices.append(Notice("weights.design_effect", size))
    return scaled, tuple(notices)


def effective_n(weights: NDArray[np.float64]) -> float:
    """Kish's effective sample size, (Σw)² / Σw²: as many unweighted answers would tell a mean as precisely.

    Examples
    --------
    >>> float(effective_n(np.array([1.0, 1.0, 2.0])))
    2.6666666666666665
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def _named(survey: Survey, weights: Weights) -> pd.Series:
    if isinstance(weights, str):
        return numeric_columns(survey, [weights], complete=False, constant="allow", min_rows=1)[0].iloc[:, 0]
    column = weights if isinstance(weights, pd.Series) else pd.Series(np.asarray(weights, dtype=object).ravel())
    if column.index.name != "row":  # rows of a survey carry their numbers; anything else goes by its place
        if len(column) != len(survey.frame):
            raise DataError("weights.wrong_number", given=len(column), rows=len(survey.frame))
        column = column.set_axis(survey.frame.index)
    number = pd.to_numeric(column, errors="coerce").astype("float64")
    if (number.isna() & column.notna()).any():
        raise DataError("weights.not_numbers", rows=_rows(column.index[number.isna() & column.notna()]))
    return number


def _refuse(values: NDArray[np.float64], index: pd.Index | Sequence[Hashable]) -> None:
    labels = np.asarray(list(index), dtype=object)
    for key, bad in (("missing", ~np.isfinite(values)), ("negative", values < 0)):
        if bad.any():
            raise DataError(f"weights.{key}", count=int(bad.sum()), rows=_rows(labels[bad]))
    if not values.any():
        raise DataError("weights.all_zero")


def _rows(rows: Sequence[Hashable] | pd.Index | NDArray[np.object_]) -> str:
    return ", ".join(str(row) for row in rows[:5]) + (", …" if len(rows) > 5 else "")
