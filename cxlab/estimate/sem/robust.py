"""Standard errors and tests that do not need normality: sandwiches and scaled statistics, as lavaan 0.6 has them.

Everything is per row of data ("unit information") and in natural units. With A the information in the moments, Delta
their derivatives, E the information in the parameters and Gamma the covariance matrix of the moments:

    robust.sem           E^-1 (Delta'A Gamma A Delta) E^-1 / n          with Satorra-Bentler's tr(U Gamma)
    robust.huber.white   E^-1 (scores'scores / n) E^-1 / n              with Yuan-Bentler's trace as Mplus has it

U = A - A Delta E^-1 Delta'A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from cxlab.estimate.sem.fiml import padded_inverse
from cxlab.estimate.sem.implied import Implied, gram
from cxlab.estimate.sem.information import responses
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import GroupIndex, Problem
from cxlab.estimate.sem.weights import exogenous_moments


@dataclass(frozen=True)
class ScaledTest:
    """A corrected chi-square statistic.

    Attributes
    ----------
    kind : str
        ``satorra.bentler``, ``yuan.bentler.mplus``, ``scaled.shifted`` or ``mean.var.adjusted``, lavaan's names.
    chisq, df, pvalue : float
        `df` may be a fraction for ``mean.var.adjusted``.
    scaling_factor : float
        The standard statistic divided by this (and shifted) is `chisq`.
    shift : float
        Added after scaling; 0 but for ``scaled.shifted``.
    trace : float
        tr(U Gamma), lavaan's df of the naive RMSEA.
    """

    kind: str
    chisq: float
    df: float
    pvalue: float
    scaling_factor: float
    shift: float = 0.0
    trace: float = float("nan")


def scaled_test(kind: str, chisq: float, df: int, trace: float, trace_squared: float = float("nan")) -> ScaledTest:
    """The correction of a kind from tr(U Gamma) and, for the mean and variance adjusted ones, tr((U Gamma)^2)."""
    if df <= 0:
        return ScaledTest(kind, chisq, df, float("nan"), float("nan"), trace=trace)
    adjusted, factor, shift = float(df), trace / df, 0.0
    if kind == "mean.var.adjusted":
        adjusted = trace**2 / trace_squared
        factor = trace / adjusted
    elif kind == "scaled.shifted":
        factor = float(np.sqrt(trace_squared / df))
        shift = df - trace / factor
    if not factor > 0:
        return ScaledTest(kind, float("nan"), adjusted, float("nan"), float("nan"), trace=trace)
    statistic = chisq / factor + shift
    return ScaledTest(kind, statistic, adjusted, float(chi2.sf(statistic, adjusted)), factor, shift, trace)


@dataclass(frozen=True, eq=False)
class Bread:
    """One group's moments: A (s, s), Delta (s, q), Gamma (s, s), and its share of the rows."""

    weight: np.ndarray
    delta: np.ndarray
    gamma: np.ndarray
    share: float


def gamma_meat(groups: Sequence[Bread]) -> np.ndarray:
    """Sum over groups of Delta'A Gamma A Delta (q, q)."""
    total = np.zeros((groups[0].delta.shape[1],) * 2)
    for group in groups:
        pulled = group.weight @ group.delta
        total += group.share * pulled.T @ group.gamma @ pulled
    return total


def gamma_traces(groups: Sequence[Bread], inverse: np.ndarray, squared: bool) -> tuple[float, float]:
    """tr(U Gamma), and if asked tr((U Gamma)^2), from E's inverse (q, q)."""
    full = sum(float((group.weight * group.gamma).sum()) for group in groups)
    trace = full - float((inverse * gamma_meat(groups)).sum())
    if not squared:
        return trace, float("nan")
    pulled = np.concatenate([group.share * group.weight @ group.delta for group in groups])
    u = -(pulled @ inverse @ pulled.T)
    first, columns = 0, []
    for group in groups:
        size = len(group.weight)
        here = slice(first, first + size)
        u[here, here] += group.share * group.weight
        columns.append(u[:, here] @ (group.gamma / group.share))
        first += size
    product = np.concatenate(columns, axis=1)
    return trace, float((product * product.T).sum())


def scores(problem: Problem, implied: Implied, inverse: np.ndarray, values: np.ndarray, group: int) -> np.ndarray:
    """Slopes of each row's log-likelihood in the group's own parameters (n, k); complete rows (n, p)."""
    point = _one_group(implied, group)
    wk, _ = responses(problem, point, inverse[None, None], np.zeros((1, 1, len(inverse))))
    g = gram(problem, point, inverse[None, None])[0, 0]
    return _scores(problem, point, problem.index[group], values, wk[0, 0], g)


def pattern_scores(problem: Problem, implied: Implied, patterns: Patterns, group: int) -> np.ndarray:
    """As `scores`, for rows with missing answers."""
    point = _one_group(implied, group)
    w, _ = padded_inverse(patterns.mask, point.sigma[:, 0])
    wk, _ = responses(problem, point, w, np.zeros((1, len(patterns.mask), w.shape[-1])))
    g = gram(problem, point, w)[0]
    index = problem.index[group]
    out = np.zeros((patterns.rows, len(index.parameter)))
    values = np.nan_to_num(patterns.values)
    for kind in range(len(patterns.mask)):
        rows = np.flatnonzero(patterns.pattern == kind)
        out[rows] = _scores(problem, point, index, values[rows], wk[0, kind], g[kind])
    return out


def _scores(
    problem: Problem, point: Implied, index: GroupIndex, values: np.ndarray, wk: np.ndarray, g: np.ndarray
) -> np.ndarray:
    p, m = problem.items, problem.inner
    mean = point.mu[0, 0] if problem.has_means else values.mean(axis=0)
    r = (values - mean) @ wk
    if problem.has_means:
        r[:, p + m : -1] += point.eta[0, 0]
        r[:, -1] = 1.0
    return np.asarray(index.s * (r[:, index.u] * r[:, index.v] - g[index.u, index.v]))


def _one_group(implied: Implied, group: int) -> Implied:
    return Implied(*(field[:, group : group + 1] for field in implied))


def saturated_scores(patterns: Patterns, cov: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Slopes of each row's log-likelihood in the moments (n, p + p(p+1)/2)."""
    w, _ = padded_inverse(patterns.mask, cov[None])
    own = w[0][patterns.pattern]
    pulled = np.einsum("nij,nj->ni", own, np.nan_to_num(patterns.values - mean))
    row, column = np.tril_indices(len(mean))
    half = np.where(row == column, 0.5, 1.0)
    return np.concatenate([pulled, half * (pulled[:, row] * pulled[:, column] - own[:, row, column])], axis=1)


def saturated_information(patterns: Patterns, cov: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Observed information of one row in the moments (s, s), at the given ones: means, then covariances."""
    w = padded_inverse(patterns.mask, cov[None])[0][0]
    share = patterns.count[0] / patterns.count[0].sum()
    off = (patterns.mean[0] - mean) * patterns.mask
    pulled = (w @ off[..., None])[..., 0]
    spread = w @ (patterns.cov[0] + off[:, :, None] * off[:, None, :]) @ w
    p = len(mean)
    row, column = np.tril_indices(p)
    flat = (share[:, None] * w.reshape(len(w), -1)).T
    product = (flat @ (2 * spread - w).reshape(len(w), -1)).reshape(p, p, p, p)
    product = (product + product.transpose(2, 3, 0, 1)) / 2
    half = np.where(row == column, 0.5, 1.0)
    block = product[row[:, None], row, column[:, None], column] + product[row[:, None], column, column[:, None], row]
    block = block * np.outer(half, half)
    mixed = (flat @ pulled).reshape(p, p, p)
    mixed = (mixed[:, row, column] + mixed[:, column, row]) * half
    mean_part = np.tensordot(share, w, axes=1)
    return np.block([[mean_part, mixed], [mixed.T, block]])


def without_exogenous(matrix: np.ndarray, items: int, exogenous: np.ndarray) -> np.ndarray:
    """A matrix in the moments (s, s) with rows and columns of exogenous covariates' own moments taken out."""
    stay = ~exogenous_moments(items, True, exogenous)
    return np.asarray(matrix[np.ix_(stay, stay)])
