"""Factor scores: where each respondent stands on the latent variables, and how well the items tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cxlab.errors import DataError, ModelError
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.spreads import Spreads

Method = Literal["regression", "bartlett"]
METHODS: tuple[Method, ...] = ("regression", "bartlett")


@dataclass(frozen=True, eq=False)
class FactorScores:
    """Scores of n rows on k latent variables.

    Attributes
    ----------
    names : tuple of str
        The latent variables.
    scores, se : ndarray (n, k)
        Score and its standard error; nan where a row answers none of the items that tell.
    determinacy : ndarray (groups, k)
        Correlation of the score with the latent variable when all items are answered; below 0.90 two respondents'
        order is doubtful.
    """

    names: tuple[str, ...]
    scores: np.ndarray
    se: np.ndarray
    determinacy: np.ndarray


def factor_scores(
    fitted: Fitted, values: np.ndarray, group: np.ndarray | None = None, method: Method = "regression"
) -> FactorScores:
    """Scores on every latent variable of a model.

    When to use it: to describe or segment respondents. Regressing one score on another gives biased paths; estimate
    these inside the model instead.

    Parameters
    ----------
    fitted : Fitted
        The model at its estimates.
    values : ndarray (n, p)
        Answers in the order of ``table.variables.ov`` and in the data's units; nan where missing. A row is scored from
        the items it has.
    group : int array (n,), optional
        Group of each row, from 0; needed with several groups.
    method : {"regression", "bartlett"}
        Best prediction, drawn towards the mean; or unbiased with more error.

    Returns
    -------
    FactorScores

    Raises
    ------
    ModelError
        Unknown method, or no latent variable.
    DataError
        Values with another number of columns, or no group for a model of several groups.

    Notes
    -----
    Regression: E(eta) + V Lambda' Sigma^-1 (y - mu). Bartlett: (Lambda' Sigma^-1 Lambda)^-1 Lambda' Sigma^-1 (y - mu),
    Sigma and mu of the answered items (Bartlett, 1937; Thurstone, 1935). Without mean structure mu is the sample mean.
    Equals ``lavaan::lavPredict(fit, method = "regression" or "Bartlett", se = "standard")``, but for three cases: with
    observed variables that are outcome and predictor lavaan 0.6-14 departs from the definition; in models of
    covariates without mean structure it adds the paths times the covariates' means, a constant; and the Bartlett score
    of a second-order factor, which no item measures directly, is nan here and 0 there.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3").partable(std_lv=True)
    >>> cov = np.full((3, 3), 0.5) + np.diag([0.5] * 3)
    >>> fitted = Fitted.of(table, [0.5**0.5] * 3 + [0.5] * 3, cov, 100, mean=np.zeros(3))
    >>> found = factor_scores(fitted, np.array([[1.0, 1.0, 1.0], [1.0, np.nan, np.nan]]))
    >>> found.scores.round(3).tolist(), found.determinacy.round(3).tolist()
    ([[1.061], [0.707]], [[0.866]])
    """
    names = fitted.table.variables.lv
    _check(fitted, values, group, method)
    places = np.zeros(len(values), dtype=int) if group is None else np.asarray(group, dtype=int)
    scores, se = np.full((2, len(values), len(names)), np.nan)
    determinacy = np.full((len(fitted.n_obs), len(names)), np.nan)
    for one in range(len(fitted.n_obs)):
        model = _group_model(fitted, one)
        determinacy[one] = _solved(model, np.ones(values.shape[1], dtype=bool), method)[2]
        rows = np.flatnonzero(places == one)
        answered = ~np.isnan(values[rows])
        patterns, which = np.unique(answered, axis=0, return_inverse=True)
        for position, pattern in enumerate(patterns):
            if not pattern.any():
                continue
            here = rows[which.ravel() == position]
            weights, spread, _ = _solved(model, pattern, method)
            scores[here] = model.mean_latent + (values[here][:, pattern] - model.mean[pattern]) @ weights.T
            se[here] = spread
    return FactorScores(names, scores, se, determinacy)


def score_frame(
    fitted: Fitted, rows: pd.DataFrame, group: pd.Series | None = None, method: Method = "regression", se: bool = False
) -> pd.DataFrame:
    """`factor_scores` of a table of answers: a column for each latent variable, the rows' index.

    Parameters
    ----------
    fitted : Fitted
        The model at its estimates.
    rows : DataFrame
        With a column for each item of the model; others are ignored.
    group : Series, optional
        The group's label of each row, as in ``table.group_labels``.
    method : {"regression", "bartlett"}
        As in `factor_scores`.
    se : bool
        Add a column ``<name>_se`` for each latent variable.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3").partable(std_lv=True)
    >>> cov = np.full((3, 3), 0.5) + np.diag([0.5] * 3)
    >>> fitted = Fitted.of(table, [0.5**0.5] * 3 + [0.5] * 3, cov, 100, mean=np.zeros(3))
    >>> score_frame(fitted, pd.DataFrame({"x1": [1.0], "x2": [0.0], "x3": [0.5]}, index=[7])).round(3)
          f
    7  0.53
    """
    items = list(fitted.table.variables.ov)
    missing = [item for item in items if item not in rows.columns]
    if missing:
        raise DataError("evaluation.score_columns", items=", ".join(missing))
    codes = None
    if group is not None:
        codes = pd.Categorical(group.astype(str), [str(one) for one in fitted.table.group_labels]).codes
    found = factor_scores(fitted, rows[items].to_numpy(dtype=float), codes, method)
    columns = {name: found.scores[:, one] for one, name in enumerate(found.names)}
    if se:
        columns |= {f"{name}_se": found.se[:, one] for one, name in enumerate(found.names)}
    return pd.DataFrame(columns, index=rows.index)


@dataclass(frozen=True, eq=False)
class _GroupModel:
    """One group: loadings of all inner variables, their covariances, Sigma, means; which inner variables are latent."""

    loadings: np.ndarray
    inner_cov: np.ndarray
    sigma: np.ndarray
    mean: np.ndarray
    mean_latent: np.ndarray
    latent: np.ndarray


def _group_model(fitted: Fitted, group: int) -> _GroupModel:
    at, places = fitted.matrices, fitted.places
    spreads = Spreads.of(places, fitted.estimates)
    latent = np.array([places.latent.index(name) for name in fitted.table.variables.lv])
    cov, mean = fitted.implied
    if mean is not None:
        level, eta = mean[group], (spreads.total_effect[group] @ at.alpha[group])[latent]
    elif fitted.sample_mean is not None:
        level, eta = fitted.sample_mean[group], np.zeros(len(latent))
    else:
        raise DataError("evaluation.scores_need_means")
    return _GroupModel(at.lambda_[group], spreads.inner_cov[group], cov[group], level, eta, latent)


def _solved(model: _GroupModel, pattern: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of the answered items (k, items), standard errors (k,) and determinacy (k,)."""
    take = model.latent
    loadings = model.loadings[pattern]
    inverse = np.linalg.inv(model.sigma[np.ix_(pattern, pattern)])
    known = loadings.T @ inverse @ loadings
    variance = np.diag(model.inner_cov)[take]
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "regression":
            weights = (model.inner_cov @ loadings.T @ inverse)[take]
            shared = np.diag(model.inner_cov @ known @ model.inner_cov)[take]
            return weights, _root(variance - shared, variance), np.sqrt(shared / variance)
        solved = _pseudo_inverse(known)
        weights = (solved @ loadings.T @ inverse)[take]
        weights[~weights.any(axis=1)] = np.nan
        total = np.diag(solved)[take]
        return weights, _root(total - variance, variance), np.sqrt(variance / total)


def _pseudo_inverse(known: np.ndarray) -> np.ndarray:
    """Of the information on the inner variables, in which those without an answered item are missing."""
    spread = np.sqrt(np.where(np.diag(known) > 0, np.diag(known), 1.0))
    return np.asarray(
        np.linalg.pinv(known / np.outer(spread, spread), rcond=1e-10, hermitian=True) / np.outer(spread, spread)
    )


def _root(error: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Standard error; nan where the items leave nothing open, as with a composite or a single item without error."""
    return np.sqrt(np.where(error > 1e-10 * np.abs(variance), error, np.nan))


def _check(fitted: Fitted, values: np.ndarray, group: np.ndarray | None, method: str) -> None:
    if method not in METHODS:
        raise ModelError("evaluation.unknown_scores", method=method, known=", ".join(METHODS))
    if not fitted.table.variables.lv:
        raise ModelError("evaluation.no_latent")
    items = fitted.table.variables.ov
    if values.ndim != 2 or values.shape[1] != len(items):
        raise DataError("evaluation.score_columns", items=", ".join(items))
    if group is None and len(fitted.n_obs) > 1:
        raise DataError("evaluation.score_groups", count=len(fitted.n_obs))
