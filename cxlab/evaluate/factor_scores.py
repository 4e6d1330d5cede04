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
    Regression: E(eta) + V Lambda' Sigma^-1 (y - mu). Bartlett: (L' O^-1 L)^-1 L' O^-1 (y - mu), with L by how much the
    items move with the latent variables and O their covariances beside that; in a plain factor model L is Lambda and O
    is Theta (Bartlett, 1937; Thurstone, 1935). Of the answered items; without mean structure mu is the sample mean.
    An item with a path from a covariate and an observed outcome of a latent variable count in Bartlett's score.

    Equals ``lavaan::lavPredict(fit, method = "regression" or "Bartlett", se = "standard")``, but for four cases: with
    observed variables that are outcome and predictor, and with covariances of covariates in the model's text, lavaan
    0.6-14 departs from the definition; in models of covariates without mean structure it adds the paths times the
    covariates' means, a constant; and the Bartlett score of a second-order factor, which no item measures directly, is
    nan here and 0 there.

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
    """One group: what scores are made of.

    Attributes
    ----------
    loadings, inner_cov : ndarray (p, m), (m, m)
        Loadings and covariances of all inner variables, of which `latent` (k,) are latent variables.
    sigma : ndarray (p, p)
        The items' covariances.
    reach : ndarray (p, k)
        By how much an item moves with each latent variable, directly or through other observed variables.
    given : ndarray (p, p)
        The items' covariances when nothing but `reach` ties them to the latent variables: not the paths into these.
    mean, mean_latent : ndarray (p,), (k,)
    """

    loadings: np.ndarray
    inner_cov: np.ndarray
    sigma: np.ndarray
    reach: np.ndarray
    given: np.ndarray
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
    inner_cov = spreads.inner_cov[group]
    loadings = at.lambda_[group]
    reach, given = _measured(loadings, at.beta[group], at.psi[group], at.theta[group], inner_cov, latent)
    return _GroupModel(loadings, inner_cov, cov[group], reach, given, level, eta, latent)


def _measured(
    loadings: np.ndarray,
    paths: np.ndarray,
    psi: np.ndarray,
    theta: np.ndarray,
    inner_cov: np.ndarray,
    latent: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """`reach` and `given` of a `_GroupModel`: items on given latent variables, whatever leads to these.

    An item with a path from a covariate, and an outcome without items of its own, tell of the latent variable too.
    """
    others = np.setdiff1d(np.arange(len(paths)), latent)
    total = np.linalg.inv(np.eye(len(others)) - paths[np.ix_(others, others)])
    through = loadings[:, others] @ total
    reach = loadings[:, latent] + through @ paths[np.ix_(others, latent)]
    error = through @ psi[np.ix_(others, others)] @ through.T + theta
    return reach, error + reach @ inner_cov[np.ix_(latent, latent)] @ reach.T


def _solved(model: _GroupModel, pattern: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of the answered items (k, items), standard errors (k,) and determinacy (k,)."""
    take = model.latent
    cov, variance = model.inner_cov[:, take], np.diag(model.inner_cov)[take]
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "regression":
            pulled = np.linalg.solve(model.sigma[np.ix_(pattern, pattern)], model.loadings[pattern] @ cov)
            shared = np.diag(pulled.T @ model.loadings[pattern] @ cov)
            return pulled.T, _root(variance - shared, variance), np.sqrt(shared / variance)
        reach = model.reach[pattern]
        pulled = np.linalg.solve(model.given[np.ix_(pattern, pattern)], reach)
        solved = _pseudo_inverse(reach.T @ pulled)
        weights = solved @ pulled.T
        weights[~weights.any(axis=1)] = np.nan
        total = np.diag(solved)
        return weights, _root(total - variance, variance), np.sqrt(variance / total)


def _pseudo_inverse(known: np.ndarray) -> np.ndarray:
    """Of the information on the latent variables, in which those without an answered item are missing."""
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
