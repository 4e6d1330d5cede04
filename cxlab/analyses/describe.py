"""What the answers look like before any model: items, constructs, their correlations, the distribution of responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.describe_numbers import column_numbers, correlations, weighted_alpha, weighted_counts
from cxlab.analyses.describe_result import Description
from cxlab.analyses.items import chosen_items
from cxlab.analyses.reliability import reliability
from cxlab.analyses.unpack import complete_rows, constant_columns, numeric_columns, outside_scale, source_notices
from cxlab.analyses.weights import Weights, effective_n, survey_weights
from cxlab.codebook import Item
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate.moments import MomentType
from cxlab.survey.survey import Survey, as_survey

By = Literal["construct", "item"]
ITEM_COLUMNS = ["item", "construct", "n", "missing", "missing_share", "mean", "sd", "median", "min", "max",
                "skewness", "kurtosis", "floor_share", "ceiling_share"]  # fmt: skip
CONSTRUCT_COLUMNS = ["construct", "n_items", "n", "mean", "sd", "alpha", "reason"]
_MOST_POINTS = 11


def describe(
    data: Survey | pd.DataFrame,
    items: Sequence[str] | None = None,
    by: By = "construct",
    *,
    weights: Weights | None = None,
    moments: MomentType = 3,
) -> Description:
    """Items and constructs in numbers: answers, mean, spread, shape, floor and ceiling, alpha, correlations.

    When to use it: first look after cleaning; Table 1 of a paper.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a respondent.
    items : sequence of str, optional
        Columns to describe; by default the items of the codebook, or the numeric columns of a DataFrame.
    by : {"construct", "item"}
        ``"construct"`` adds construct scores (mean of the items, reversed ones turned) with alpha, and their
        correlations; ``"item"`` correlates the items instead.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row. All numbers but n, missing, missing_share, min and max are then
        weighted. Rows with weight zero are left out.
    moments : {3, 2}
        Form of skewness and kurtosis: 3 as R's ``psych::describe``, 2 as SPSS, Excel and JASP. Both are zero for a
        normal distribution.

    Returns
    -------
    Description
        ``.table`` (one row an item): item construct n missing missing_share mean sd median min max skewness kurtosis
        floor_share ceiling_share. Items are as recorded, not turned; floor and ceiling are shares of answers at the
        ends of the codebook's scale, missing where it gives none. ``.constructs``: construct n_items n mean sd alpha
        reason. ``.correlations``: of constructs (or items), rows complete in all of them. ``.counts``: answers by
        point; weighted ones add up to the answers given. ``.effective_n``: Kish's, n without weights.

    Raises
    ------
    DataError
        Unknown, non-numeric or all-missing columns; no rows; negative or missing weights; unknown options.

    Notes
    -----
    R: ``psych::describe(x, type = 3)``. With weights w: ``mean = Σwx / Σw``, ``sd² = n/(n-1) Σw(x - mean)² / Σw``, n
    the answers; the median has half the weight on either side (the middle of two answers if it falls between them).
    R: ``survey::svymean``, ``svyvar``, ``svyquantile(qrule = "school")`` with ``svydesign(~1, weights = ~w)``. Skewness
    and kurtosis from ``Σw(x - mean)^k / Σw``, corrected for n as without weights; alpha and correlations from weighted
    covariances, R: ``cov.wt``.

    Examples
    --------
    >>> answers = pd.DataFrame({"sat1": [4, 5, 3, 4], "sat2": [4, 4, 1, 5]})
    >>> describe(answers).table[["item", "mean", "sd"]].round(2).to_dict("list")
    {'item': ['sat1', 'sat2'], 'mean': [4.0, 3.5], 'sd': [0.82, 1.73]}
    >>> describe(answers, weights=[1, 1, 2, 1]).table["mean"].round(2).tolist()
    [3.8, 3.0]
    """
    _check_options(by, moments)
    survey = as_survey(data)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    own = _weights_column(survey, weights)
    survey, sampling, idle = _weighed(survey, weights)
    names, notices = chosen_items(survey, items, guessed=isinstance(data, pd.DataFrame))
    if items is None:
        names = [name for name in names if nfc(name) != own]
    frame, told = numeric_columns(survey, names, complete=False, constant="allow", min_rows=1)
    notices += [*told, *outside_scale(survey, frame), *constant_columns(frame, "notice"), *idle]
    constructs, scores, said = (
        _constructs(survey, list(frame), sampling) if by == "construct" else (_no_constructs(), None, [])
    )
    correlated, dropped = complete_rows(frame if scores is None else scores)
    notices += [*said, *(Notice("analyses.correlations_rows", notice.values) for notice in dropped)]
    table = pd.DataFrame([_item_row(survey, frame[name], moments, sampling) for name in frame], columns=ITEM_COLUMNS)
    if isinstance(data, pd.DataFrame) and table["floor_share"].notna().any():
        notices.append(Notice("analyses.ends_guessed"))
    book = survey.codebook
    labels = {name: item.label for name, item in book.items.items() if item.label}
    labels |= {name: construct.label for name, construct in book.constructs.items() if construct.label}
    return Description(
        table=table,
        constructs=constructs,
        correlations=correlations(correlated, sampling) if len(correlated) > 2 else pd.DataFrame(),
        counts=_counts(survey, frame, sampling),
        n=len(frame),
        n_correlations=len(correlated),
        moments=moments,
        warnings=(*source_notices(survey, weighted=sampling is not None), *notices),
        labels=labels,
        points={name: item.labels for name, item in book.items.items() if item.labels},
        effective_n=len(frame) if sampling is None else effective_n(sampling.to_numpy()),
        weighted=sampling is not None,
    )


def _check_options(by: str, moments: int) -> None:
    for option, value, known in (("by", by, get_args(By)), ("moments", moments, get_args(MomentType))):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(map(str, known)))


def _weighed(survey: Survey, weights: Weights | None) -> tuple[Survey, pd.Series | None, list[Notice]]:
    """The rows that count, their weights, and what must be said; what weights cost is said with the sizes."""
    found, told = survey_weights(survey, weights, survey.frame.index)
    if found is None:
        return survey, None, []
    kept = found > 0
    rows = survey.frame[kept]
    notices = [notice for notice in told if notice.key != "weights.design_effect"]
    return replace(survey, frame=rows), pd.Series(found[kept], rows.index), notices


def _weights_column(survey: Survey, weights: Weights | None) -> str | None:
    """The column that holds the weights, which is no item; a Series made from another column may carry its name."""
    if isinstance(weights, str):
        return nfc(weights)
    if not isinstance(weights, pd.Series):
        return None
    named = [column for column in survey.frame if str(column) == str(weights.name)]
    rows = weights.index if weights.index.name == "row" else survey.frame.index
    same = named and np.array_equal(survey.frame[named[0]].reindex(rows).to_numpy(), weights.to_numpy())
    return nfc(str(named[0])) if same else None


def _item_row(survey: Survey, column: pd.Series, moments: MomentType, sampling: pd.Series | None) -> dict[str, object]:
    answers = column.dropna()
    weight = None if sampling is None else sampling.loc[answers.index].to_numpy()
    numbers = column_numbers(answers.to_numpy(), weight, moments)
    item = survey.codebook.items.get(str(column.name), Item(str(column.name)))
    low, high = item.min, item.max
    return {
        "item": column.name,
        "construct": item.construct or "",
        "n": len(answers),
        "missing": len(column) - len(answers),
        "missing_share": 1 - len(answers) / len(column),
        **numbers,
        "min": answers.min(),
        "max": answers.max(),
        "floor_share": np.nan if low is None else np.average(answers <= low, weights=weight),
        "ceiling_share": np.nan if high is None else np.average(answers >= high, weights=weight),
    }


def _no_constructs() -> pd.DataFrame:
    return pd.DataFrame(columns=CONSTRUCT_COLUMNS)


def _constructs(
    survey: Survey, names: list[str], sampling: pd.Series | None
) -> tuple[pd.DataFrame, pd.DataFrame | None, list[Notice]]:
    """Scores and alpha of the constructs whose items are described; a construct without a score says why."""
    own = {key: [item for item in members if item in names] for key, members in survey.constructs.items()}
    whole = [key for key, members in own.items() if members and len(members) == len(survey.constructs[key])]
    if not whole:
        return _no_constructs(), None, []
    rows, columns, notices = [], {}, []
    for name in whole:
        row: dict[str, object] = {"construct": name, "n_items": len(own[name]), "reason": ""}
        try:
            table = survey.scores(constructs=[name])
            columns[name] = table[name]
            row |= _score_row(table[name].dropna(), sampling)
            row |= _alpha(survey, name, own[name], sampling)
        except DataError as error:
            row["reason"] = "unusable"
            notices.append(Notice("analyses.construct_unusable", {"construct": name, "why": str(error)}, serious=True))
        rows.append(row)
    notices += _turned(survey, whole)
    scores = pd.DataFrame(columns) if columns else None
    return pd.DataFrame(rows, columns=CONSTRUCT_COLUMNS), scores, notices


def _score_row(scores: pd.Series, sampling: pd.Series | None) -> dict[str, object]:
    weight = None if sampling is None else sampling.loc[scores.index].to_numpy()
    numbers = column_numbers(scores.to_numpy(float), weight)
    return {"n": len(scores), "mean": numbers["mean"], "sd": numbers["sd"]}


def _alpha(survey: Survey, name: str, items: list[str], sampling: pd.Series | None) -> dict[str, object]:
    if len(items) < 2:
        return {"reason": "single_item"}
    found = reliability(survey, {name: items}).table.loc[0]
    alpha = found["alpha"]
    if sampling is not None and np.isfinite(alpha):
        signs = [-1.0 if survey.codebook.items[item].reversed else 1.0 for item in items]
        alpha = weighted_alpha(numeric_columns(survey, items, complete=False)[0] * signs, sampling)
    return {"alpha": alpha, "reason": found["reason"]}


def _turned(survey: Survey, constructs: Sequence[str]) -> list[Notice]:
    book = survey.codebook.items
    turned = [item for name in constructs for item in survey.constructs[name] if book[item].reversed]
    return [Notice("analyses.turned_for_scores", {"items": ", ".join(turned)})] if turned else []


def _counts(survey: Survey, frame: pd.DataFrame, sampling: pd.Series | None) -> pd.DataFrame:
    """Answers by scale point, for items with whole answers and a scale short enough to draw."""
    rows = {}
    for name in frame:
        answers = frame[name].dropna()
        item = survey.codebook.items.get(str(name), Item(str(name)))
        low = answers.min() if item.min is None else min(item.min, answers.min())
        high = answers.max() if item.max is None else max(item.max, answers.max())
        if (answers == answers.round()).all() and high - low < _MOST_POINTS and high > low:
            points = range(int(low), int(high) + 1)
            rows[name] = weighted_counts(answers.astype(int), sampling).reindex(points, fill_value=0)
    return pd.DataFrame(rows).T.sort_index(axis="columns") if rows else pd.DataFrame()
