"""Links of models for ordered and binary answers: distribution, density and its slope, exact in both tails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

Array = NDArray[np.float64]
Function = Callable[[Array], Array]


@dataclass(frozen=True)
class Link:
    """A latent distribution: ``cdf`` F, ``upper`` 1 - F, ``density`` f, ``slope`` f', ``quantile`` of F.

    All take arrays and know minus and plus infinity.
    """

    cdf: Function
    upper: Function
    density: Function
    slope: Function
    quantile: Function


def _quiet(function: Function) -> Function:
    """At infinity density and slope are products of zero and infinity: zero."""

    def guarded(x: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            return np.nan_to_num(function(np.asarray(x, dtype=float)), nan=0.0, posinf=0.0, neginf=0.0)

    return guarded


def _normal_density(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def _logistic_density(x: Array) -> Array:
    return expit(x) * expit(-x)


def _extreme_cdf(x: Array) -> Array:
    """Of the smallest value: 1 - exp(-exp(x))."""
    with np.errstate(over="ignore"):
        return -np.expm1(-np.exp(x))


def _extreme_upper(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.exp(-np.exp(x))


def _extreme_density(x: Array) -> Array:
    return np.exp(x - np.exp(x))


def _extreme_slope(x: Array) -> Array:
    return _extreme_density(x) * (1 - np.exp(x))


def _cauchy_cdf(x: Array) -> Array:
    return np.arctan2(1.0, -np.asarray(x, dtype=float)) / np.pi


LINKS: Mapping[str, Link] = {
    "logit": Link(
        expit,
        lambda x: expit(-x),
        _quiet(_logistic_density),
        _quiet(lambda x: _logistic_density(x) * (expit(-x) - expit(x))),
        logit,
    ),
    "probit": Link(ndtr, lambda x: ndtr(-x), _quiet(_normal_density), _quiet(lambda x: -x * _normal_density(x)), ndtri),
    "cloglog": Link(
        _extreme_cdf,
        _extreme_upper,
        _quiet(_extreme_density),
        _quiet(_extreme_slope),
        lambda p: np.log(-np.log1p(-p)),
    ),
    "loglog": Link(
        lambda x: _extreme_upper(-x),
        lambda x: _extreme_cdf(-x),
        _quiet(lambda x: _extreme_density(-x)),
        _quiet(lambda x: -_extreme_slope(-x)),
        lambda p: -np.log(-np.log(p)),
    ),
    "cauchit": Link(
        _cauchy_cdf,
        lambda x: _cauchy_cdf(-x),
        _quiet(lambda x: 1 / (np.pi * (1 + x * x))),
        _quiet(lambda x: -2 * x / (np.pi * (1 + x * x) ** 2)),
        lambda p: np.tan(np.pi * (p - 0.5)),
    ),
}
"""Links by R's names (``MASS::polr``, ``ordinal::clm``); P(Y <= j) = F(threshold_j - x'b)."""
