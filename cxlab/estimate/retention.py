"""Repeat buying and staying: the BG/NBD and the shifted-beta-geometric model, as functions of arrays.

Notation of Fader, Hardie & Lee (2005): a customer with x repeat purchases, the last at time t_x, observed until T, buys
at a rate that is gamma distributed (r, alpha) and leaves after a purchase with a probability that is beta (a, b).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1
from scipy.stats import nbinom

Array = NDArray[np.float64]
_STARTS = ((0.5, 5.0, 1.0, 2.0), (1.0, 1.0, 1.0, 1.0), (0.2, 20.0, 0.5, 5.0))
# Next to a = 1 the expectations are 0/0: the mean of two values at this distance is right to its square.
_NEAR_ONE = 1e-4


@dataclass(frozen=True, eq=False)
class Likeliest:
    """Positive parameters at the maximum of a likelihood.

    Attributes
    ----------
    values : (k,) array
    loglik : float
    cov : (k, k) array
        Of the parameters' logarithms, from the observed information; nan where that has no inverse.
    converged : bool
    """

    values: Array
    loglik: float
    cov: Array
    converged: bool


def bg_nbd_fit(x: Array, t_x: Array, age: Array) -> Likeliest:
    """Maximum likelihood estimates (r, alpha, a, b) of the BG/NBD model; `x`, `t_x` and `age` are (n,) arrays."""
    rows, counts = np.unique(np.column_stack([x, t_x, age]), axis=0, return_counts=True)
    unit = float(age.mean())  # alpha is a time: in units of the mean age it is of the same size as the others
    scaled = rows / np.array([1.0, unit, unit])

    def slope(log_values: Array) -> tuple[float, Array]:
        loglik, gradient = bg_nbd_loglik(np.exp(log_values), *scaled.T)
        return float(loglik @ counts), counts @ gradient

    found = _climb(slope, [np.log([r, alpha / 10, a, b]) for r, alpha, a, b in _STARTS], len(x))
    values = found.values * np.array([1.0, unit, 1.0, 1.0])
    return Likeliest(values, found.loglik - float(x.sum()) * np.log(unit), found.cov, found.converged)


def bg_nbd_loglik(values: Array, x: Array, t_x: Array, age: Array) -> tuple[Array, Array]:
    """Each customer's log-likelihood (n,), and its slope in the parameters' logarithms (n, 4).

    Examples
    --------
    >>> one = np.ones(1)
    >>> float(bg_nbd_loglik(np.ones(4), 0 * one, 0 * one, one)[0][0].round(4))
    -0.6931
    """
    r, alpha, a, b = values
    again = x > 0
    count = np.where(again, x, 1.0)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    alive = -(r + x) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + count - 1) - (r + x) * np.log(alpha + t_x)
    loglik = common + np.where(again, np.logaddexp(alive, gone), alive)
    share = np.where(again, expit(gone - alive), 0.0)  # of the likelihood that comes from having left
    slope_r = digamma(r + x) - digamma(r) + np.log(alpha)
    slope_r = slope_r - (1 - share) * np.log(alpha + age) - share * np.log(alpha + t_x)
    slope_alpha = r / alpha - (r + x) * ((1 - share) / (alpha + age) + share / (alpha + t_x))
    both = digamma(a + b) - digamma(a + b + x)
    slope_a = both + share / a
    slope_b = both + digamma(b + x) - digamma(b) - share / (b + count - 1)
    return loglik, np.column_stack([r * slope_r, alpha * slope_alpha, a * slope_a, b * slope_b])


def bg_nbd_alive(values: Array, x: Array, t_x: Array, age: Array) -> Array:
    """Probability (n,) of still being a customer at `age`; 1 without a repeat purchase, as leaving follows one."""
    r, alpha, a, b = values
    count = np.where(x > 0, x, 1.0)
    odds = np.log(a) - np.log(b + count - 1) + (r + x) * np.log((alpha + age) / (alpha + t_x))
    return np.where(x > 0, expit(-odds), 1.0)


def bg_nbd_expected(values: Array, x: Array, t_x: Array, age: Array, horizon: float | Array) -> Array:
    """Purchases (n,) expected in the `horizon` after `age`, given what was bought until then.

    Equation 10 of Fader, Hardie & Lee (2005), with Pfaff's transformation of the hypergeometric function, which keeps
    its digits for hundreds of purchases and for large a and b.
    """

    def bought(a: float) -> Array:
        ratio = hyp2f1(r + x, a - 1, a + b + x - 1, -np.asarray(horizon, dtype=float) / (alpha + age))
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - ratio))

    r, alpha, a, b = values
    return _beside_one(bought, a) * bg_nbd_alive(values, x, t_x, age)


def bg_nbd_newcomer(values: Array, time: float | Array) -> Array:
    """Repeat purchases expected of a new customer until `time` (equation 9 of Fader, Hardie & Lee, 2005)."""
    none = np.zeros(np.shape(time))
    return bg_nbd_expected(values, none, none, none, time)


def bg_nbd_counts(values: Array, age: Array, most: int) -> Array:
    """Probability (n, most + 1) of 0, 1, ..., `most` repeat purchases until `age` (equation 8)."""
    r, alpha, a, b = values
    k = np.arange(most + 1.0)
    p = (alpha / (alpha + age))[:, None]
    stayed = np.exp(betaln(a, b + k) - betaln(a, b)) * nbinom.pmf(k, r, p)
    left = np.exp(betaln(a + 1, b + np.maximum(k, 1) - 1) - betaln(a, b)) * nbinom.sf(k - 1, r, p)
    return np.asarray(stayed + np.where(k > 0, left, 0.0))


def sbg_fit(alive: list[Array]) -> Likeliest:
    """Maximum likelihood estimates (alpha, beta) from cohorts, each the customers alive at time 0, 1, 2, ..."""
    last = max(len(one) for one in alive) - 1
    lost, kept = np.zeros(last), np.zeros(last + 1)
    for one in alive:
        lost[: len(one) - 1] += -np.diff(one)
        kept[len(one) - 1] += one[-1]

    def slope(log_values: Array) -> tuple[float, Array]:
        alpha, beta = np.exp(log_values)
        ends, end_slope = _sbg_log(alpha, beta, np.arange(1.0, last + 1), 1.0)
        stays, stay_slope = _sbg_log(alpha, beta, np.arange(last + 1.0), 0.0)
        gradient = lost @ end_slope + kept @ stay_slope
        return float(lost @ ends + kept @ stays), gradient * np.array([alpha, beta])

    starts = [np.log([1.0, 2.0]), np.log([0.5, 0.5]), np.log([5.0, 20.0])]
    return _climb(slope, starts, sum(float(one[0]) for one in alive))


def _sbg_log(alpha: float, beta: float, t: Array, ended: float) -> tuple[Array, Array]:
    """Log of P(T = t) (`ended` 1) or S(t) (`ended` 0), and its slopes (len(t), 2)."""
    up, down = alpha + ended, beta + t - ended
    together = digamma(alpha + beta) - digamma(up + down)
    slopes = np.column_stack([digamma(up) - digamma(alpha) + together, digamma(down) - digamma(beta) + together])
    return betaln(up, down) - betaln(alpha, beta), slopes


def sbg_survival(values: Array, t: Array) -> Array:
    """Share still with the firm after t renewals: B(alpha, beta + t) / B(alpha, beta)."""
    alpha, beta = values
    return np.asarray(np.exp(betaln(alpha, beta + t) - betaln(alpha, beta)))


def sbg_retention(values: Array, t: Array) -> Array:
    """Share of those alive after t - 1 renewals who renew the t-th time: (beta + t - 1) / (alpha + beta + t - 1)."""
    alpha, beta = values
    return np.asarray((beta + t - 1) / (alpha + beta + t - 1))


def sbg_lifetime(values: Array, renewals: Array, discount: float) -> Array:
    """Discounted periods to come of a customer who is about to decide on renewal number `renewals` + 1.

    DERL of Fader & Hardie (2010): the sum of S(k + j) / S(k) / (1 + discount)^(j - 1) over j = 1, 2, ..., so that a
    payment due at once counts in full.
    """
    alpha, beta = values
    first = (beta + renewals) / (alpha + beta + renewals)
    return np.asarray(first * hyp2f1(1.0, beta + renewals + 1, alpha + beta + renewals + 1, 1 / (1 + discount)))


def _beside_one(function: Callable[[float], Array], a: float) -> Array:
    """The function's value at `a`, also where it is 0/0 at 1."""
    if abs(a - 1) >= _NEAR_ONE:
        return function(a)
    return (function(a - _NEAR_ONE) + function(a + _NEAR_ONE)) / 2


def _climb(slope: Callable[[Array], tuple[float, Array]], starts: list[Array], n: float) -> Likeliest:
    """The best of several searches, ended by Newton steps; `slope` gives log-likelihood and gradient."""

    def down(log_values: Array) -> tuple[float, Array]:
        value, gradient = slope(log_values)
        return -value / n, -gradient / n

    bounds = [(-18.0, 18.0)] * len(starts[0])
    found = [minimize(down, start, jac=True, method="L-BFGS-B", bounds=bounds) for start in starts]
    at = min(found, key=lambda one: one.fun).x
    information = _information(slope, at)
    for _ in range(20):
        step = _solve(information, slope(at)[1])
        if step is None or not np.abs(step).max() < 2 or slope(at + step)[0] < slope(at)[0] - 1e-9 * n:
            break
        at, information = at + step, _information(slope, at + step)
        if np.abs(step).max() < 1e-10:
            break
    cov = _solve(information, np.eye(len(at)))
    inside = bool((np.abs(at) < 15).all())
    flat = bool(np.abs(slope(at)[1]).max() < 1e-5 * n)
    blank = np.full((len(at), len(at)), np.nan)
    return Likeliest(np.exp(at), slope(at)[0], blank if cov is None else cov, inside and flat and cov is not None)


def _information(slope: Callable[[Array], tuple[float, Array]], at: Array, step: float = 1e-4) -> Array:
    """Observed information: minus the slope of the gradient, by central differences of fourth order."""
    columns = []
    for unit in np.eye(len(at)) * step:
        near = slope(at + unit)[1] - slope(at - unit)[1]
        far = slope(at + 2 * unit)[1] - slope(at - 2 * unit)[1]
        columns.append(-(8 * near - far) / (12 * step))
    matrix = np.array(columns)
    return np.asarray((matrix + matrix.T) / 2)


def _solve(matrix: Array, right: Array) -> Array | None:
    """The solution of a positive definite system, or None."""
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.solve(matrix, right))
