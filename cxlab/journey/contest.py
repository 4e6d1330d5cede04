"""Rival regressions on one sample: R², AIC, cross-validated R², and bootstrap of their differences. Arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.resample.draws import RandomDraws

Floats = NDArray[np.float64]
_CHUNK = 100


@dataclass(frozen=True, eq=False)
class Line:
    """One least-squares regression: coefficients (1 + k,) with the intercept first, R², adjusted R², AIC and BIC."""

    coefficients: Floats
    se: Floats
    r2: float
    adjusted: float
    aic: float
    bic: float


def line(y: Floats, x: Floats) -> Line:
    """Ordinary least squares with an intercept; standard errors HC3. R: ``lm``, ``AIC``, ``sandwich::vcovHC``.

    Examples
    --------
    >>> found = line(np.array([1.0, 2, 3, 5]), np.array([[1.0], [2], [3], [4]]))
    >>> found.coefficients.round(6).tolist(), round(found.r2, 4)
    ([-0.5, 1.3], 0.9657)
    """
    n, k = x.shape
    design = np.column_stack([np.ones(n), x])
    q, r = np.linalg.qr(design)
    coefficients = np.linalg.solve(r, q.T @ y)
    residual = y - design @ coefficients
    leverage = (q**2).sum(axis=1)
    bread = np.linalg.solve(r, q.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt((bread**2 * (residual / (1 - leverage)) ** 2).sum(axis=1))
    sse, sst = float(residual @ residual), float(((y - y.mean()) ** 2).sum())
    r2 = 1 - sse / sst
    likelihood = -n / 2 * (np.log(2 * np.pi * sse / n) + 1)
    parameters = k + 2
    adjusted = 1 - (1 - r2) * (n - 1) / (n - k - 1)
    return Line(
        coefficients, se, r2, adjusted, 2 * parameters - 2 * likelihood, parameters * np.log(n) - 2 * likelihood
    )


def cross_validated_r2(y: Floats, x: Floats, folds: int, repeats: int, seed: int) -> float:
    """1 - squared error out of sample over that of the training mean, over all folds and repeats.

    Examples
    --------
    >>> x = np.arange(40.0)[:, None]
    >>> round(cross_validated_r2(2 * x[:, 0], x, 5, 2, 1), 6)
    1.0
    """
    n = len(y)
    design = np.column_stack([np.ones(n), x])
    wrong = base = 0.0
    for repeat in range(repeats):
        order = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(repeat,))).permutation(n)
        for test in np.array_split(order, folds):
            train = np.ones(n, dtype=bool)
            train[test] = False
            fitted = np.linalg.lstsq(design[train], y[train], rcond=None)[0]
            wrong += float(((y[test] - design[test] @ fitted) ** 2).sum())
            base += float(((y[test] - y[train].mean()) ** 2).sum())
    return 1 - wrong / base


def bootstrap_r2(y: Floats, x: Floats, models: Sequence[Sequence[int]], n_boot: int, seed: int) -> Floats:
    """R² of each model (columns of x) in samples of rows drawn with replacement: (n_boot, models).

    Cross-products of all columns are made at once for many samples; a model then needs a small solve only.

    Examples
    --------
    >>> x = np.arange(10.0)[:, None]
    >>> bootstrap_r2(3 * x[:, 0], x, [[0]], 3, 1).round(6).tolist()
    [[1.0], [1.0], [1.0]]
    """
    n = len(y)
    # Centred and scaled first: cross-products of raw scores would lose digits.
    both = np.column_stack([x, y])
    both = (both - both.mean(axis=0)) / both.std(axis=0)
    k = both.shape[1]
    first, second = np.triu_indices(k)
    products = both[:, first] * both[:, second]
    draws = RandomDraws(n_boot, (n,), seed)
    found = np.empty((n_boot, len(models)))
    for start in range(0, n_boot, _CHUNK):
        stop = min(start + _CHUNK, n_boot)
        counts = draws.counts(start, stop)[0]
        means = counts @ both / n
        moments = np.empty((stop - start, k, k))
        moments[:, first, second] = counts @ products / n
        moments[:, second, first] = moments[:, first, second]
        moments -= means[:, :, None] * means[:, None, :]
        for column, own in enumerate(models):
            found[start:stop, column] = _r2(moments, np.asarray(own, dtype=int))
    return found


def _r2(moments: Floats, own: NDArray[np.int64]) -> Floats:
    """R² from covariance matrices (R, k, k) whose last variable is the outcome; nan where predictors are collinear."""
    inner = moments[:, own[:, None], own[None, :]]
    cross = moments[:, own, -1]
    usable = np.linalg.det(inner) > 1e-10
    out = np.full(len(moments), np.nan)
    if usable.any():
        solved = np.linalg.solve(inner[usable], cross[usable][:, :, None])[:, :, 0]
        out[usable] = (solved * cross[usable]).sum(axis=1) / moments[usable, -1, -1]
    return out
