"""`cx.impute`: m completed surveys in place of one with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.impute_result import Imputations
from cxlab.analyses.items import chosen_items
from cxlab.analyses.missing_data import item_frame, item_labels
from cxlab.analyses.missing_data_predictors import explaining_columns
from cxlab.analyses.unpack import constant_columns, outside_scale, source_notices
from cxlab.errors import DataError, Notice
from cxlab.estimate.imputation import Chains, chained_equations
from cxlab.i18n import tr
from cxlab.survey.step import Step
from cxlab.survey.survey import Survey, as_survey


def impute(
    data: Survey | pd.DataFrame,
    m: int = 20,
    *,
    seed: int,
    items: Sequence[str] | None = None,
    auxiliary: Sequence[str] = (),
    iterations: int = 10,
    donors: int = 5,
) -> Imputations:
    """Multiple imputation: m surveys in which each gap holds an answer that similar respondents gave.

    When to use it: answers are missing at random given other variables, and the analysis needs complete rows, or
    variables that explain the gaps do not belong to the model. For models of `cx.sem`, ``missing="fiml"`` is the
    shorter way to nearly the same answer.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a respondent.
    m : int
        Completed surveys. As many as the percentage of incomplete rows is a common choice (White et al., 2011).
    seed : int
        Starts the random numbers; the same seed gives the same answers, whatever `m`.
    items : sequence of str, optional
        Columns to complete, each with the help of all others. Name every variable of the later analysis. Default:
        the codebook's items, or the numeric columns of a DataFrame.
    auxiliary : sequence of str
        Further variables that go with gaps or answers, above all those that `missing_data` finds: numbers (their gaps
        are filled along) or categories (no answer counts as a category).
    iterations : int
        Rounds through the items.
    donors : int
        Respondents with the nearest prediction, of whom one lends the answer.

    Returns
    -------
    Imputations
        ``.surveys``: m Surveys (also by iterating); rows without any answer stay as they are. ``.each(function)``: the
        analysis in every survey. ``.pool(function)``: the pooled answer. ``.table``: item n_missing share
        mean_observed mean_imputed sd_observed sd_imputed. ``.trace``: iteration, imputation, item, mean.

    Raises
    ------
    DataError
        Nothing missing; an item that is empty or constant; fewer answers to an item than predictors; unknown columns;
        m below 2.

    Notes
    -----
    Chained equations with predictive mean matching, as ``mice(data, m, method = "pmm")`` in R (van Buuren &
    Groothuis-Oudshoorn, 2011): every filled-in answer is one that somebody gave to the same item. An interaction that
    the later analysis asks for is only kept if the imputation knows it; add it to the data as a column first.

    Examples
    --------
    >>> answers = pd.DataFrame({"sat1": [4, 5, None, 3, 4, 2, 5, 1], "sat2": [4, 4, 3, 3, None, 1, 5, 2]})
    >>> made = impute(answers, m=3, seed=1)
    >>> len(made), int(made[0].data.isna().sum().sum()), made[0].log["action"].tolist()
    (3, 0, ['impute'])
    """
    for name, value, least in (("m", m, 2), ("iterations", iterations, 1), ("donors", donors, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise DataError("missing.whole_number", name=name, value=value, least=least)
    survey = as_survey(data)
    names, notices = chosen_items(survey, items, guessed=isinstance(data, pd.DataFrame))
    frame, empty, told = item_frame(survey, names)
    frame, extra = _with_auxiliary(survey, frame, auxiliary)
    frame, left = _usable(frame, empty, named=items is not None)
    silent = frame.isna().all(axis=1)
    if silent.any():
        left.append(Notice("missing.rows_silent", {"count": int(silent.sum())}, serious=True))
    asked, beside = frame[~silent], extra[~silent.to_numpy()]
    _check(asked, beside.shape[1])
    chains = chained_equations(
        asked.to_numpy(), m=int(m), iterations=int(iterations), donors=int(donors), seed=int(seed), extra=beside
    )
    return Imputations(
        surveys=tuple(_completed(survey, asked, chains, copy, int(seed)) for copy in range(int(m))),
        table=_table(asked, chains),
        trace=_trace(asked, chains),
        warnings=(*notices, *told, *left, *source_notices(survey), *outside_scale(survey, names)),
        m=int(m),
        seed=int(seed),
        iterations=int(iterations),
        donors=int(donors),
        n=len(asked),
        n_incomplete=int(asked.isna().any(axis=1).sum()),
        labels=item_labels(survey, list(asked)),
        simulated=survey.simulated,
    )


def _with_auxiliary(survey: Survey, frame: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The items with numeric auxiliary variables beside them, and the categories as columns of 0 and 1."""
    names = [names] if isinstance(names, str) else list(names)
    found = explaining_columns(survey, [name for name in names if name not in frame])
    numbers = {name: column for name, column in found.items() if column.dtype.kind == "f"}
    dummies = [
        pd.get_dummies(column.cat.remove_unused_categories(), drop_first=True, dummy_na=bool(column.isna().any()))
        for name, column in found.items()
        if name not in numbers
    ]
    extra = np.column_stack([np.empty((len(frame), 0)), *(one.to_numpy(dtype=float) for one in dummies)])
    varies = extra.min(axis=0, initial=1) < extra.max(axis=0, initial=0)
    return frame.assign(**numbers), extra[:, varies]


def _usable(frame: pd.DataFrame, empty: list[str], named: bool) -> tuple[pd.DataFrame, list[Notice]]:
    """The columns that can be filled in; what cannot is an error if it was asked for by name, else a notice."""
    if empty and named:
        raise DataError("analyses.all_missing", columns=", ".join(f"'{name}'" for name in empty))
    kept = frame.drop(columns=empty)
    flat = [name for name in kept if kept[name].nunique() < 2]
    if flat and named:
        constant_columns(kept[flat])
    gaps = [name for name in flat if kept[name].isna().any()]
    told = {"missing.left_empty": empty, "missing.left_flat": gaps}
    notices = [Notice(key, {"items": ", ".join(some)}, serious=True) for key, some in told.items() if some]
    return kept.drop(columns=flat), notices


def _check(frame: pd.DataFrame, extra: int) -> None:
    """Raise a `DataError` where there is nothing to fill in, or nothing to fill it from."""
    if not frame.isna().any(axis=None):
        raise DataError("missing.nothing_to_impute", items=frame.shape[1])
    predictors = frame.shape[1] - 1 + extra
    given = frame.notna().sum()[frame.isna().any()]
    if given.min() < predictors + 3:
        item = given.idxmin()
        values = {"item": item, "answers": int(given.min()), "predictors": predictors, "needed": predictors + 3}
        raise DataError("missing.few_answers", **values)


def _completed(survey: Survey, frame: pd.DataFrame, chains: Chains, copy: int, seed: int) -> Survey:
    """The survey with the gaps of one imputation filled in, and a line in its record."""
    full = survey.frame.copy()
    known = {str(name): name for name in full}
    cells = 0
    for place in chains.filled:
        name = frame.columns[place]
        gone = frame.index[frame[name].isna()]
        column = pd.to_numeric(full[known[name]].astype(object)).astype("float64")
        column.loc[gone] = chains.completed[copy, frame[name].isna().to_numpy(), place]
        full[known[name]] = column
        cells += len(gone)
    values: dict[str, Any] = {"copy": copy + 1, "m": len(chains.completed), "cells": cells}
    step = Step("impute", "pmm", seed, cells, note=tr("missing.step", **values))
    told = Notice("missing.completed", values, serious=True)
    return replace(survey, frame=full, steps=(*survey.steps, step), warnings=(*survey.warnings, told))


def _table(frame: pd.DataFrame, chains: Chains) -> pd.DataFrame:
    rows = []
    for place in sorted(chains.filled):
        column = frame.iloc[:, place]
        made = chains.completed[:, column.isna().to_numpy(), place]
        count = int(column.isna().sum())
        rows.append(
            {
                "item": column.name,
                "n_missing": count,
                "share": count / len(frame),
                "mean_observed": column.mean(),
                "mean_imputed": made.mean(),
                "sd_observed": column.std(),
                "sd_imputed": made.std(ddof=1),
            }
        )
    return pd.DataFrame(rows)


def _trace(frame: pd.DataFrame, chains: Chains) -> pd.DataFrame:
    rounds, m, _ = chains.trace.shape
    index = pd.MultiIndex.from_product(
        [range(1, rounds + 1), range(1, m + 1), frame.columns[chains.filled]], names=["iteration", "imputation", "item"]
    )
    return pd.DataFrame({"mean": chains.trace.reshape(-1)}, index).reset_index()
