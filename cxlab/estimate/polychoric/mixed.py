"""Correlations with a numeric variable: polyserial with an ordinal one, product-moment with another numeric one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from cxlab.estimate.polychoric.bivariate import normal_density

Array = NDArray[np.float64]
Integers = NDArray[np.intp]
_MOST = 0.9999
_SMALLEST = 1e-300


@dataclass(frozen=True)
class PairScores:
    """Derivatives of each case's log-likelihood in one pair: by its correlation, and by what each variable has alone.

    Attributes
    ----------
    rho : (n,)
    first, second : (n, k) by the thresholds of an ordinal variable, or by mean and variance of a numeric one
    """

    rho: Array
    first: Array
    second: Array


@dataclass(frozen=True)
class Numeric:
    """A numeric variable: its values, mean and (maximum-likelihood) variance."""

    values: Array
    mean: float
    variance: float

    @property
    def z(self) -> Array:
        """Values in standard deviations from the mean, shape (n,)."""
        return (self.values - self.mean) / np.sqrt(self.variance)


def numeric(values: Array) -> Numeric:
    """Mean and variance (divisor n) of a column."""
    return Numeric(values, float(values.mean()), float(values.var()))


def numeric_scores(variable: Numeric) -> Array:
    """Derivatives of each case's normal log-likelihood by mean and variance, shape (n, 2)."""
    z, sd = variable.z, np.sqrt(variable.variance)
    return np.column_stack([z / sd, (z * z - 1) / (2 * variable.variance)])


def polyserial(z: Array, codes: Integers, cuts: Array) -> float:
    """Correlation of a numeric variable with the response behind an ordinal one, by maximum likelihood given `cuts`.

    Parameters
    ----------
    z : (n,) the numeric variable, standardised
    codes : (n,) categories from 0
    cuts : (K + 1,) thresholds between minus and plus infinity

    Source: Olsson, Drasgow & Dorans (1982), two-step. R: ``polycor::polyserial(x, y, ML = FALSE)`` maximises another
    criterion; ``lavaan::lavCor(data, ordered = "y")`` this one.
    """

    def slope(rho: float) -> float:
        return float(_response_slopes(z, codes, cuts, rho)[0].sum())

    low, high = slope(-_MOST), slope(_MOST)
    if low <= 0 or high >= 0:
        return _MOST if high >= 0 else -_MOST
    return float(brentq(slope, -_MOST, _MOST, xtol=1e-12))


def polyserial_scores(variable: Numeric, codes: Integers, cuts: Array, rho: float) -> PairScores:
    """Casewise derivatives of a numeric-ordinal pair; `first` is the numeric variable."""
    by_rho, upper, lower = _response_slopes(variable.z, codes, cuts, rho)
    root, sd = np.sqrt(1 - rho * rho), np.sqrt(variable.variance)
    by_cut = np.zeros((len(codes), len(cuts)))
    rows = np.arange(len(codes))
    by_cut[rows, codes + 1] += upper / root
    by_cut[rows, codes] -= lower / root
    own, pull = numeric_scores(variable), (upper - lower) * rho / root
    own = own + np.column_stack([pull / sd, pull * variable.z / (2 * variable.variance)])
    return PairScores(by_rho, own, by_cut[:, 1:-1])


def _response_slopes(z: Array, codes: Integers, cuts: Array, rho: float) -> tuple[Array, Array, Array]:
    """By rho; and density over probability at the upper and the lower cut of each case's category."""
    root = np.sqrt(1 - rho * rho)
    upper, lower = cuts[codes + 1], cuts[codes]
    a, b = (upper - rho * z) / root, (lower - rho * z) / root
    share = np.where(a + b > 0, ndtr(-b) - ndtr(-a), ndtr(a) - ndtr(b))
    share = np.maximum(share, _SMALLEST)
    at_upper, at_lower = normal_density(a) / share, normal_density(b) / share
    edge = [np.where(np.isfinite(cut), cut, 0.0) * rho - z for cut in (upper, lower)]
    return (at_upper * edge[0] - at_lower * edge[1]) / root**3, at_upper, at_lower


def product_moment_scores(first: Numeric, second: Numeric, rho: float) -> PairScores:
    """Casewise derivatives of a pair of numeric variables (bivariate normal)."""
    x, y, rest = first.z, second.z, 1 - rho * rho
    by_rho = rho / rest + ((1 + rho * rho) * x * y - rho * (x * x + y * y)) / rest**2
    return PairScores(by_rho, _own(first, x, y, rho), _own(second, y, x, rho))


def _own(variable: Numeric, own: Array, other: Array, rho: float) -> Array:
    rest = 1 - rho * rho
    by_mean = (own - rho * other) / (np.sqrt(variable.variance) * rest)
    by_variance = ((own * own - rho * own * other) / rest - 1) / (2 * variable.variance)
    return np.column_stack([by_mean, by_variance])
