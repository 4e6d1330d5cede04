"""Predictive yardsticks: is there anything that a linear model of these predictors misses?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.drivers import check_folds, check_numbers
from cxlab.analyses.drivers_input import DriverData, driver_data
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.analyses.yardsticks_models import MODELS, PREDICT
from cxlab.analyses.yardsticks_result import Yardsticks
from cxlab.errors import DataError, Notice
from cxlab.estimate.importance_permutation import fold_numbers
from cxlab.survey.survey import Survey

Array = NDArray[np.float64]
_MEASURES = ("r2", "rmse", "mae")
_FEW = 100
_FEWEST_TRAINING = 10


def yardsticks(
    outcome: str,
    predictors: Sequence[str],
    data: Survey | pd.DataFrame,
    *,
    models: Sequence[str] = MODELS,
    folds: int = 5,
    repeats: int = 5,
    weights: Weights | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Yardsticks:
    """How well each kind of model predicts respondents it has not seen, and whether trees beat the straight line.

    When to use it: before driver weights of a linear model are read. If boosted trees, which find bends and
    interactions by themselves, predict no better, a linear model misses nothing that these data can show.

    Parameters
    ----------
    outcome : str
        A column or construct, treated as an interval.
    predictors : sequence of str
        One or more columns or constructs; ``"C(sector)"`` for categories.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in any variable are left out, and counted.
    models : sequence of "mean", "linear", "ridge", "elastic_net", "boosting"
        What to compare; "linear" is always there, as the yardstick of the others.
    folds, repeats : int
        Cross-validation: `folds` parts, shuffled anew `repeats` times. All models see the same parts.
    weights : str or sequence of float, optional
        Survey weights, in fitting and in the errors.
    level : float
        Confidence level, between 0 and 1.
    seed : int

    Returns
    -------
    Yardsticks
        ``.table``: model r2 r2_lower r2_upper rmse rmse_lower rmse_upper mae mae_lower mae_upper. R² is out of
        sample: 1 less squared errors over squared deviations from the training mean, so that "mean" has 0 and a bad
        model less. ``.differences``: model difference (of R², to linear) ci_lower ci_upper t df pvalue. ``.scores``:
        one row a model, repeat and fold. ``.verdict``: "gain", "none" (.02 of R² at most), "open", "worse" or
        "not_asked".

    Raises
    ------
    DataError
        Unknown models; unknown, constant or collinear predictors; too few rows for the folds.

    Notes
    -----
    Nested: penalties, mixes, depth and number of trees are chosen within the training rows of each fold, never on the
    rows that are predicted (Varma & Simon, 2006). Folds share training rows, so the variance of a mean over J folds
    is (1/J + test rows/training rows) times that of the scores, with J - 1 degrees of freedom (Nadeau & Bengio, 2003).
    With five folds and five repeats boosting takes some ten seconds.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> found = cx.yardsticks("CUSA1", ["PERQ1", "PERV1"], survey, models=["mean", "linear"], repeats=2)
    >>> found.table["model"].tolist()
    ['linear', 'mean']
    """
    check_numbers(folds=(folds, 2), repeats=(repeats, 1), seed=(seed, 0))
    check_level(level)
    chosen = _models(models)
    ready = driver_data(outcome, predictors, data, weights=weights, least=1)
    n = len(ready.values)
    check_folds(folds, n)
    if n - -(-n // folds) < max(_FEWEST_TRAINING, ready.raw.shape[1] + 2):
        raise DataError("drivers.too_few_to_train", rows=n, folds=folds, columns=ready.raw.shape[1])
    scores = _scores(ready, chosen, fold_numbers(n, folds, repeats, seed), seed)
    share = 1 / (folds - 1)
    table = _table(scores, chosen, share, level)
    differences = _differences(scores, chosen, share, level)
    few = [Notice("drivers.few_to_predict", {"n": n}, serious=True)] if n < _FEW else []
    return Yardsticks(
        table=table,
        differences=differences,
        scores=scores,
        verdict=_verdict(differences),
        warnings=(*ready.notices, *few),
        outcome=ready.outcome,
        n=n,
        folds=folds,
        repeats=repeats,
        level=level,
        seed=seed,
        labels=ready.labels,
    )


def _models(models: Sequence[str]) -> tuple[str, ...]:
    asked = [models] if isinstance(models, str) else list(models)
    unknown = [str(name) for name in asked if name not in MODELS]
    if unknown:
        raise DataError("drivers.unknown_model", value=", ".join(unknown), known=", ".join(MODELS))
    return tuple(name for name in MODELS if name in asked or name == "linear")


def _scores(data: DriverData, models: Sequence[str], split: NDArray[np.int_], seed: int) -> pd.DataFrame:
    """Scores of every model in every fold; the same rows for all models."""
    x, y, w = data.raw, data.raw_outcome, data.weights
    rows = []
    for repeat, fold_of in enumerate(split):
        for fold in range(fold_of.max() + 1):
            test = fold_of == fold
            train = ~test
            base = np.average(y[train], weights=w[train])
            spread = w[test] @ (y[test] - base) ** 2
            for name in models:
                predicted = PREDICT[name](x[train], y[train], w[train], x[test], seed + 1000 * repeat + fold)
                error = y[test] - predicted
                squares, size = float(w[test] @ error**2), float(w[test].sum())
                r2 = 1 - squares / spread if spread > 0 else np.nan
                rows.append((name, repeat, fold, r2, np.sqrt(squares / size), float(w[test] @ np.abs(error)) / size))
    return pd.DataFrame(rows, columns=["model", "repeat", "fold", *_MEASURES])


def resampled_interval(values: Array, share: float, level: float) -> tuple[float, float, float, float]:
    """Mean over folds, its interval and standard error by Nadeau and Bengio's (2003) corrected variance.

    Parameters
    ----------
    values : (J,) array
        One score a fold and repeat.
    share : float
        Test rows over training rows.
    level : float

    Examples
    --------
    >>> [round(value, 4) for value in resampled_interval(np.array([0.1, 0.2, 0.3]), 0.25, 0.95)]
    [0.2, -0.1286, 0.5286, 0.0764]
    """
    values = values[np.isfinite(values)]
    count, mean = len(values), float(values.mean()) if len(values) else np.nan
    if count < 2:
        return mean, np.nan, np.nan, np.nan
    error = float(np.sqrt((1 / count + share) * values.var(ddof=1)))
    reach = float(stats.t.ppf((1 + level) / 2, count - 1)) * error
    return mean, mean - reach, mean + reach, error


def _table(scores: pd.DataFrame, models: Sequence[str], share: float, level: float) -> pd.DataFrame:
    rows = []
    for name in models:
        own = scores[scores["model"] == name]
        row: dict[str, object] = {"model": name}
        for measure in _MEASURES:
            mean, low, high, _ = resampled_interval(own[measure].to_numpy(), share, level)
            row |= {measure: mean, f"{measure}_lower": low, f"{measure}_upper": high}
        rows.append(row)
    return pd.DataFrame(rows).sort_values("r2", ascending=False, kind="stable", ignore_index=True)


def _differences(scores: pd.DataFrame, models: Sequence[str], share: float, level: float) -> pd.DataFrame:
    """Each model's R² less the linear model's, fold by fold."""
    wide = scores.pivot_table(index=["repeat", "fold"], columns="model", values="r2")
    rows = []
    for name in models:
        if name == "linear":
            continue
        gap = (wide[name] - wide["linear"]).to_numpy()
        mean, low, high, error = resampled_interval(gap, share, level)
        count = int(np.isfinite(gap).sum())
        t = mean / error if error and np.isfinite(error) else np.nan
        rows.append((name, mean, low, high, t, count - 1, 2 * stats.t.sf(abs(t), count - 1)))
    columns = ["model", "difference", "ci_lower", "ci_upper", "t", "df", "pvalue"]
    return pd.DataFrame(rows, columns=columns)


_WORTH = 0.02


def _verdict(differences: pd.DataFrame) -> str:
    """What trees gain on the line: for sure, nothing worth the name, perhaps something, or less than nothing."""
    rows = differences[differences["model"] == "boosting"]
    if rows.empty:
        return "not_asked"
    low, high = float(rows["ci_lower"].iloc[0]), float(rows["ci_upper"].iloc[0])
    if low > 0:
        return "gain"
    if high < 0:
        return "worse"
    return "none" if high < _WORTH else "open"
