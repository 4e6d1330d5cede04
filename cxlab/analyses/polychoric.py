"""Correlations of the responses behind ordinal answers: polychoric, tetrachoric, polyserial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.items import chosen_items
from cxlab.analyses.polychoric_result import Polychoric
from cxlab.analyses.unpack import check_level, check_names, numeric_columns, outside_scale, source_notices
from cxlab.errors import DataError, Notice
from cxlab.estimate.polychoric import OrdinalMoments, ordinal_moments
from cxlab.estimate.polychoric.pairs import all_pairs
from cxlab.estimate.polychoric.thresholds import categories
from cxlab.evaluate.smooth import smoothed
from cxlab.survey.survey import Survey, as_survey

Missing = Literal["listwise", "pairwise"]
_MOST_CATEGORIES = 20
_SPARSE = 5


def polychoric(
    data: Survey | pd.DataFrame,
    items: Sequence[str] | None = None,
    *,
    numeric: Sequence[str] = (),
    missing: Missing = "listwise",
    smooth: bool = False,
    level: float = 0.95,
) -> Polychoric:
    """Correlations of the normal responses that ordered answers are taken to be cut from, with their thresholds.

    When to use it: Likert items with few points or skewed answers, where Pearson's correlation of the codes is too
    small; as input for an ordinal factor analysis.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a respondent.
    items : sequence of str, optional
        Columns; by default the items of the codebook, or all numeric columns of a DataFrame.
    numeric : sequence of str
        Columns among `items` that are measured, not ordered: polyserial correlations with the others.
    missing : {"listwise", "pairwise"}
        Rows complete in all items, or for each pair the rows that answered both (then without standard errors).
    smooth : bool
        Whether a correlation matrix that is not positive definite is replaced by the nearest one made by raising its
        negative eigenvalues; said in `.warnings` either way.
    level : float
        Of the intervals, 0 to 1.

    Returns
    -------
    Polychoric
        ``.correlations`` (matrix), ``.thresholds`` (item threshold estimate se share_below), ``.table`` (one row a
        pair: item_1 item_2 kind correlation se ci_lower ci_upper n empty_cells).

    Raises
    ------
    DataError
        Unknown or non-numeric columns, an item in which only one category was used, an item with more than 20 distinct
        values that is not named in `numeric`, fewer than two items, too few rows.

    Notes
    -----
    Two-step maximum likelihood (Olsson, 1979): thresholds from each item alone, then each pair. Standard errors by
    Muthén (1984), divisor n - 1 as lavaan's; intervals on Fisher's z scale. R: ``lavaan::lavCor(data, ordered =
    names(data))``. As there, half an answer is put into the one empty cell of a two-by-two table (its margins kept), so
    that the correlation stays off its limit; ``psych::tetrachoric(correct = 0)`` does not. Polyserial correlations of a
    very skewed numeric column can differ from lavaan 0.6-14, whose search then ends at its start.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("corporate_reputation")
    >>> found = cx.polychoric(survey, ["like_1", "like_2", "like_3"])
    >>> found.table["correlation"].round(2).tolist()
    [0.69, 0.64, 0.66]
    """
    if missing not in get_args(Missing):
        raise DataError("analyses.unknown_option", option="missing", value=missing, known=", ".join(get_args(Missing)))
    check_level(level)
    survey = as_survey(data)
    names, left = chosen_items(survey, items, guessed=isinstance(data, pd.DataFrame))
    if len(names) < 2:
        raise DataError("ordinal.two_items")
    measured = set(check_names(survey.frame[names], numeric)) if len(numeric) else set()
    if missing == "pairwise" and measured:
        raise DataError("ordinal.pairwise_numeric")
    frame, told = numeric_columns(survey, names, complete=missing == "listwise", constant="allow", min_rows=3)
    flags = [name not in measured for name in names]
    moments = ordinal_moments(ordinal_codes(frame, flags), flags, acov=missing == "listwise")
    notices = [
        *source_notices(survey),
        *outside_scale(survey, names),
        *left,
        *told,
        *moment_notices(moments, names, len(frame)),
    ]
    corr = moments.corr
    if np.linalg.eigvalsh(corr)[0] <= 0:
        notices.append(Notice("ordinal.smoothed" if smooth else "ordinal.not_positive", serious=True))
        corr = smoothed(corr) if smooth else corr
    return Polychoric(
        correlations=pd.DataFrame(corr, names, names),
        thresholds=_thresholds(moments, names, frame, flags),
        table=_pairs(moments, corr, names, frame, level),
        n=len(frame),
        missing=missing,
        level=level,
        warnings=tuple(notices),
        labels={name: item.label for name, item in survey.codebook.items.items() if item.label},
    )


def ordinal_codes(frame: pd.DataFrame, ordinal: Sequence[bool]) -> np.ndarray:
    """Categories from 0 without gaps in ordinal columns (-1 missing), the numbers themselves in the others.

    Raises
    ------
    DataError
        One category only, or more than 20 distinct values, in an ordinal column.
    """
    values = frame.to_numpy(dtype=float, copy=True)
    flags = np.asarray(ordinal, dtype=bool)
    codes, levels = categories(values[:, flags])
    for name, level in zip(np.array(list(frame))[flags], levels, strict=True):
        if len(level) < 2:
            raise DataError("ordinal.one_category", item=name, value=f"{level[0]:g}", n=len(frame))
        if len(level) > _MOST_CATEGORIES:
            raise DataError("ordinal.many_categories", item=name, count=len(level), most=_MOST_CATEGORIES)
    values[:, flags] = codes
    return values


def moment_notices(moments: OrdinalMoments, names: Sequence[str], n: int) -> list[Notice]:
    """Empty cells, correlations at the edge, searches that did not end, rows per category."""
    rows, columns = all_pairs(len(names))
    found = []
    for key, flags in (
        ("ordinal.at_edge", moments.at_edge),
        ("ordinal.not_converged", ~moments.converged),
        ("ordinal.empty_cells", moments.empty_cells > 0),
    ):
        pairs = [f"{names[j]} – {names[i]}" for i, j in zip(rows, columns, strict=True) if flags[i, j]]
        if pairs:
            shown = ", ".join(pairs[:3]) + (", …" if len(pairs) > 3 else "")
            values = {"count": len(pairs), "total": len(rows), "pairs": shown}
            found.append(Notice(key, values, serious=key != "ordinal.empty_cells"))
    widest = max(len(own) for own in moments.thresholds) + 1
    if n < _SPARSE * widest**2:
        found.append(Notice("ordinal.sparse", {"n": n, "cells": widest**2}))
    return found


def _thresholds(moments: OrdinalMoments, names: list[str], frame: pd.DataFrame, flags: list[bool]) -> pd.DataFrame:
    rows, place = [], 0
    se = None if moments.acov is None else np.sqrt(np.diag(moments.acov) / (moments.n_obs - 1))
    for name, flag, own in zip(names, flags, moments.thresholds, strict=True):
        for number, estimate in enumerate(own, start=1):
            error = np.nan if se is None else se[place + number - 1]
            rows.append((name, f"t{number}", estimate, error, norm.cdf(estimate)))
        place += len(own) if flag else 1
    return pd.DataFrame(rows, columns=["item", "threshold", "estimate", "se", "share_below"])


def _pairs(
    moments: OrdinalMoments, corr: np.ndarray, names: list[str], frame: pd.DataFrame, level: float
) -> pd.DataFrame:
    rows, columns = all_pairs(len(names))
    binary = np.array([len(own) == 1 for own in moments.thresholds])
    given = frame.notna().to_numpy(dtype=float)
    together = (given.T @ given).astype(int)
    table = pd.DataFrame(
        {
            "item_1": [names[i] for i in rows],
            "item_2": [names[j] for j in columns],
            "kind": [_kind(moments.ordinal, binary, i, j) for i, j in zip(rows, columns, strict=True)],
            "correlation": corr[rows, columns],
            "se": _errors(moments, len(rows)),
        }
    )
    # At its limit a correlation has no normal error.
    table.loc[moments.at_edge[rows, columns], "se"] = np.nan
    half = norm.ppf((1 + level) / 2) * table["se"] / (1 - table["correlation"] ** 2)
    z = np.arctanh(table["correlation"])
    table["ci_lower"], table["ci_upper"] = np.tanh(z - half), np.tanh(z + half)
    table["n"] = together[rows, columns]
    table["empty_cells"] = moments.empty_cells[rows, columns]
    return table


def _errors(moments: OrdinalMoments, count: int) -> np.ndarray:
    """Standard errors of the correlations; a covariance with a numeric item is divided by its standard deviations."""
    if moments.acov is None:
        return np.full(count, np.nan)
    rows, columns = all_pairs(len(moments.ordinal))
    slopes = np.zeros((count, len(moments.acov)))
    sd = np.sqrt(moments.variances)
    slopes[np.arange(count), len(moments.acov) - count + np.arange(count)] = 1 / (sd[rows] * sd[columns])
    first = len(moments.acov) - count - (~moments.ordinal).sum()
    for number, place in enumerate(np.flatnonzero(~moments.ordinal)):
        here = (rows == place) | (columns == place)
        slopes[here, first + number] = -moments.corr[rows, columns][here] / (2 * moments.variances[place])
    return np.sqrt(np.einsum("ij,jk,ik->i", slopes, moments.acov, slopes) / (moments.n_obs - 1))


def _kind(ordinal: np.ndarray, binary: np.ndarray, row: int, column: int) -> str:
    if ordinal[row] and ordinal[column]:
        return "tetrachoric" if binary[row] and binary[column] else "polychoric"
    return "polyserial" if ordinal[row] or ordinal[column] else "pearson"
