"""What a rotation makes small: each criterion's value and its gradient in the loadings, batch by batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cxlab.estimate.factor.spectrum import Array

Criterion = Callable[[Array], tuple[Array, Array]]


def oblimin(gamma: float = 0.0) -> Criterion:
    """Direct oblimin of a given gamma; 0 is quartimin. Loadings (B, p, m) to values (B,) and gradients (B, p, m).

    Source: Jennrich (1979). R: ``GPArotation::oblimin(L, gam = gamma)``.
    """

    def value(loadings: Array) -> tuple[Array, Array]:
        squares = loadings**2
        others = squares.sum(axis=2, keepdims=True) - squares
        if gamma:
            others = others - gamma * others.mean(axis=1, keepdims=True)
        return (squares * others).sum(axis=(1, 2)) / 4, loadings * others

    return value


def varimax(loadings: Array) -> tuple[Array, Array]:
    """Minus the variance of the squared loadings within factors. Source: Kaiser (1958)."""
    squares = loadings**2
    centred = squares - squares.mean(axis=1, keepdims=True)
    return -(centred**2).sum(axis=(1, 2)) / 4, -loadings * centred


def quartimax(loadings: Array) -> tuple[Array, Array]:
    """Minus the sum of fourth powers of the loadings."""
    return -(loadings**4).sum(axis=(1, 2)) / 4, -(loadings**3)


def geomin(loadings: Array, epsilon: float = 0.01) -> tuple[Array, Array]:
    """Sum over items of the geometric mean of squared loadings plus `epsilon`. Source: Yates (1987).

    R: ``GPArotation::geominQ(L, delta = epsilon)``.
    """
    squares = loadings**2 + epsilon
    factors = loadings.shape[2]
    means = np.exp(np.log(squares).sum(axis=2) / factors)
    return means.sum(axis=1), 2 / factors * loadings / squares * means[:, :, None]
