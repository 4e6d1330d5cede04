"""Least squares with survey weights and robust errors, contrasts of its coefficients, and their resamples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.errors import DataError, Notice
from cxlab.evaluate.wald import wald_f
from cxlab.resample.draws import Draws

Array = NDArray[np.float64]
Covariance = Literal["nonrobust", "HC0", "HC1", "HC2", "HC3"]
_NEEDS_LEVERAGE = ("HC2", "HC3")
_BLOCK = 100


@dataclass(frozen=True, eq=False)
class Contrasts:
    """Quantities with standard errors, t tests and intervals, each an array (k,)."""

    estimate: Array
    se: Array
    t: Array
    pvalue: Array
    ci_lower: Array
    ci_upper: Array


@dataclass(frozen=True, eq=False)
class LinearFit:
    """A linear model.

    Attributes
    ----------
    b : (q,) array
    cov, classical : (q, q) arrays
        Covariance of `b` as asked for, and with equal variances.
    df : float
        Residual degrees of freedom.
    r2, adj_r2, sigma : float
    matrix : (n, q) array
        First column the intercept.
    outcome : (n,) array
    weights : (n,) array or None
    """

    b: Array
    cov: Array
    classical: Array
    df: float
    r2: float
    adj_r2: float
    sigma: float
    matrix: Array
    outcome: Array
    weights: Array | None

    @property
    def perfect(self) -> bool:
        """True if nothing is left over but rounding: then there are no errors and no tests."""
        return bool(np.isnan(self.cov).all())

    def contrasts(self, rows: Array, level: float) -> Contrasts:
        """Linear combinations ``rows @ b``, rows (k, q)."""
        return t_contrasts(rows @ self.b, rows @ self.cov @ rows.T, self.df, level)

    def delta(self, quantities: Callable[[Array], Array], level: float) -> Contrasts:
        """Smooth functions of `b` with delta-method errors; `quantities` takes and gives complex numbers too."""
        step = 1e-30
        slopes = np.array([quantities(self.b + 1j * step * way).imag / step for way in np.eye(len(self.b))]).T
        return t_contrasts(np.real(quantities(self.b)), slopes @ self.cov @ slopes.T, self.df, level)

    def tests(self, distance: Array, se: Array) -> tuple[Array, Array]:
        """t and two-sided p of estimates this far from what they are tested against."""
        with np.errstate(invalid="ignore", divide="ignore"):
            t = distance / se
        return t, 2 * stats.t.sf(np.abs(t), self.df)

    def wald(self, rows: Array, *, robust: bool = True) -> tuple[float, float]:
        """F and p of the hypothesis that all combinations are zero."""
        return wald_f(rows @ self.b, rows @ (self.cov if robust else self.classical) @ rows.T, self.df)


def t_contrasts(estimate: Array, cov: Array, df: float, level: float) -> Contrasts:
    """t tests of estimates with a covariance matrix (k, k)."""
    se = np.sqrt(np.diag(cov))
    with np.errstate(invalid="ignore", divide="ignore"):
        t = estimate / se
    half = stats.t.ppf((1 + level) / 2, df) * se
    return Contrasts(estimate, se, t, 2 * stats.t.sf(np.abs(t), df), estimate - half, estimate + half)


def check_covariance(cov_type: str) -> None:
    """An error unless this is a kind of standard errors."""
    if cov_type not in get_args(Covariance):
        known = ", ".join(get_args(Covariance))
        raise DataError("analyses.unknown_option", option="cov_type", value=cov_type, known=known)


def fit_linear(columns: pd.DataFrame, outcome: Array, weights: Array | None, cov_type: Covariance) -> LinearFit:
    """Least squares of an outcome on named columns and an intercept; refuses what has no single solution.

    Weights are those of ``lm(weights = )``, robust errors those of ``sandwich::vcovHC`` on it.
    """
    from statsmodels.regression.linear_model import WLS

    matrix = np.column_stack([np.ones(len(columns)), columns.to_numpy(dtype=float)])
    refuse_unsolvable(matrix, list(map(str, columns)))
    weight = np.ones(len(outcome)) if weights is None else weights
    classical = WLS(outcome, matrix, weights=weight, hasconst=True).fit(method="qr")
    _refuse_leverage(classical, cov_type, columns.index)
    robust = classical if cov_type == "nonrobust" else classical.get_robustcov_results(cov_type=cov_type, use_t=True)
    nothing_left = classical.ssr <= 1e-20 * classical.centered_tss
    known = np.nan if nothing_left else 1.0
    return LinearFit(
        b=np.asarray(classical.params),
        cov=np.asarray(robust.cov_params()) * known,
        classical=np.asarray(classical.cov_params()) * known,
        df=float(classical.df_resid),
        r2=float(classical.rsquared),
        adj_r2=float(classical.rsquared_adj),
        sigma=float(np.sqrt(classical.mse_resid)),
        matrix=matrix,
        outcome=outcome,
        weights=weights,
    )


def refuse_unsolvable(matrix: Array, names: Sequence[str]) -> None:
    """An error if there are too few rows, or columns determine one another; the first column is the intercept."""
    n, q = matrix.shape
    if n <= q:
        raise DataError("analyses.too_few_for_terms", n=n, columns=q, needed=q + 1)
    centred = matrix[:, 1:] - matrix[:, 1:].mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    if (size == 0).any():
        flat = ", ".join(name for name, length in zip(names, size, strict=True) if length == 0)
        raise DataError("analyses.constant_columns", columns=flat, n=n)
    _, values, vectors = np.linalg.svd(centred / size, full_matrices=False)
    null = vectors[values < 1e-7 * values[0]]
    if len(null):
        involved = np.abs(null).max(axis=0) > 1e-6
        columns = ", ".join(name for name, hit in zip(names, involved, strict=True) if hit)
        raise DataError("analyses.collinear", columns=columns)


def _refuse_leverage(classical: Any, cov_type: str, index: pd.Index) -> None:
    if cov_type not in _NEEDS_LEVERAGE:
        return
    exog = classical.model.wexog
    leverage = (exog @ classical.normalized_cov_params * exog).sum(axis=1)
    alone = index[leverage > 1 - 1e-8]
    if len(alone):
        rows = ", ".join(map(str, alone[:5]))
        raise DataError("analyses.leverage_one", rows=rows, cov_type=cov_type)


def resampled(fit: LinearFit, draws: Draws) -> Array:
    """Coefficients (R, q) in each resample of the rows; nan where a resample has no single solution.

    Each row keeps its survey weight in every resample.
    """
    weight = np.ones(len(fit.outcome)) if fit.weights is None else fit.weights
    blocks = [
        _solve(fit, weight * draws.counts(first, min(first + _BLOCK, draws.size))[0])
        for first in range(0, draws.size, _BLOCK)
    ]
    return np.concatenate(blocks)


def _solve(fit: LinearFit, weights: Array) -> Array:
    """Coefficients for each row of weights (R, n)."""
    x, y = fit.matrix, fit.outcome
    gram = np.stack([(x * w[:, None]).T @ x for w in weights])
    cross = (weights * y) @ x
    size = np.sqrt(np.einsum("rii->ri", gram))
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = gram / (size[:, :, None] * size[:, None, :])
    usable = np.isfinite(scaled).all(axis=(1, 2))
    usable[usable] = np.linalg.eigvalsh(scaled[usable])[:, 0] > 1e-12
    found = np.full(cross.shape, np.nan)
    found[usable] = np.linalg.solve(gram[usable], cross[usable, :, None])[:, :, 0]
    return found


def resample_notices(key: str, lost: int, n_boot: int, seed: int | None, drawn: int | None) -> list[Notice]:
    """Resamples left out, in the words of `key`, and the seed where it was drawn.

    Examples
    --------
    >>> [notice.key for notice in resample_notices("asymmetry.resamples_lost", 2, 100, None, 7)]
    ['asymmetry.resamples_lost', 'resample.seed_drawn']
    """
    notices = []
    if lost:
        notices.append(Notice(key, {"lost": lost, "total": n_boot}, serious=lost > n_boot / 20))
    if drawn is not None and seed is None:
        notices.append(Notice("resample.seed_drawn", {"seed": drawn}))
    return notices
