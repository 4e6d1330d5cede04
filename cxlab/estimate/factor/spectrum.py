"""Minimum residual and maximum likelihood as functions of the uniquenesses alone, with exact derivatives.

Both are sums over the eigenvalues that the factors leave over, for a whole batch of correlation matrices at once. With
eigenvalues t_k and eigenvectors w_k, of which the factors take the m largest (set M) and leave the rest (set K):

- minimum residual: eigenvalues of S - Psi, f = 1/2 sum_K t_k^2, in the uniquenesses psi;
- maximum likelihood: eigenvalues of Psi^-1/2 S Psi^-1/2, f = sum_K (t_k - log t_k - 1), in log psi.

Source: Jöreskog (1967) for the second derivatives of maximum likelihood, Harman and Jones (1966) for minimum residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues (B, p), ascending, and eigenvectors (B, p, p) of the matrices that the factors explain."""

    values: Array
    vectors: Array

    def __getitem__(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Spectrum:
        return Spectrum(self.values[rows], self.vectors[rows])


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Gradient (B, p), second derivatives (B, p, p), and the part of these that is never negative."""

    gradient: Array
    hessian: Array
    positive: Array


class MinimumResidual:
    """Minimum residual, also called unweighted least squares; psych's ``fm = "minres"``."""

    @staticmethod
    def parameters(uniquenesses: Array) -> Array:
        """What is searched over: the uniquenesses themselves."""
        return uniquenesses

    @staticmethod
    def uniquenesses(parameters: Array) -> Array:
        """The uniquenesses (B, p) of parameters (B, p)."""
        return parameters

    @staticmethod
    def spectrum(corr: Array, parameters: Array) -> Spectrum:
        """Eigenvalues and eigenvectors of S - Psi."""
        reduced = corr.copy()
        place = np.arange(corr.shape[-1])
        reduced[:, place, place] -= parameters
        return Spectrum(*np.linalg.eigh(reduced))

    @staticmethod
    def value(found: Spectrum, factors: int) -> Array:
        """Half the sum of squared residuals (B,), diagonal included."""
        rest = np.where(_left_over(found.values, factors, 0.0), found.values, 0.0)
        return np.asarray((rest**2).sum(axis=1) / 2)

    @staticmethod
    def derivatives(found: Spectrum, factors: int) -> Derivatives:
        """Derivatives of `value` in the uniquenesses."""
        t, w = found.values, found.vectors
        left = _left_over(t, factors, 0.0)
        gradient = -((w**2) @ np.where(left, t, 0.0)[..., None])[..., 0]
        shared = (w * left[:, None, :]) @ w.swapaxes(1, 2)
        positive = shared**2
        return Derivatives(
            gradient, positive + _curvature(found, left, factors, lambda a, b: 2 * a / (a - b)), positive
        )

    @staticmethod
    def loadings(found: Spectrum, parameters: Array, factors: int) -> Array:
        """Unrotated loadings (B, p, m), factors in order of their eigenvalues."""
        largest = np.maximum(found.values[:, -factors:], 0.0)
        return np.asarray((found.vectors[:, :, -factors:] * np.sqrt(largest)[:, None, :])[:, :, ::-1])


class MaximumLikelihood:
    """Maximum likelihood of normal answers; psych's ``fm = "ml"``, R's ``factanal``."""

    @staticmethod
    def parameters(uniquenesses: Array) -> Array:
        """What is searched over: the logarithms, in which the function is nearly quadratic."""
        return np.asarray(np.log(uniquenesses))

    @staticmethod
    def uniquenesses(parameters: Array) -> Array:
        """The uniquenesses (B, p) of parameters (B, p)."""
        return np.asarray(np.exp(parameters))

    @staticmethod
    def spectrum(corr: Array, parameters: Array) -> Spectrum:
        """Eigenvalues and eigenvectors of Psi^-1/2 S Psi^-1/2."""
        scale = np.exp(-parameters / 2)
        return Spectrum(*np.linalg.eigh(corr * scale[:, :, None] * scale[:, None, :]))

    @staticmethod
    def value(found: Spectrum, factors: int) -> Array:
        """The discrepancy (B,): the likelihood ratio's logarithm per row."""
        left = _left_over(found.values, factors, 1.0)
        t = np.where(left, np.maximum(found.values, np.finfo(float).tiny), 1.0)
        return np.asarray((t - np.log(t) - 1).sum(axis=1))

    @staticmethod
    def derivatives(found: Spectrum, factors: int) -> Derivatives:
        """Derivatives of `value` in the logarithms of the uniquenesses."""
        t, w = found.values, found.vectors
        left = _left_over(t, factors, 1.0)
        gradient = ((w**2) @ np.where(left, 1 - t, 0.0)[..., None])[..., 0]
        rest = w * left[:, None, :]
        positive = (rest @ w.swapaxes(1, 2)) * ((rest * t[:, None, :]) @ w.swapaxes(1, 2))
        curved = _curvature(found, left, factors, lambda a, b: (1 - a) * (a + b) / (b - a))
        return Derivatives(gradient, positive + curved, positive)

    @staticmethod
    def loadings(found: Spectrum, parameters: Array, factors: int) -> Array:
        """Unrotated loadings (B, p, m), factors in order of their eigenvalues."""
        largest = np.maximum(found.values[:, -factors:] - 1, 0.0)
        scaled = found.vectors[:, :, -factors:] * np.sqrt(largest)[:, None, :]
        return np.asarray((np.exp(parameters / 2)[:, :, None] * scaled)[:, :, ::-1])


Criterion = type[MinimumResidual] | type[MaximumLikelihood]


def _left_over(values: Array, factors: int, zero: float) -> NDArray[np.bool_]:
    """Which eigenvalues (B, p) no factor takes: all but the m largest, and of these any that give no real loading."""
    order = np.arange(values.shape[1]) < values.shape[1] - factors
    return order[None, :] | (values <= zero)


def _curvature(found: Spectrum, left: NDArray[np.bool_], factors: int, weight) -> Array:  # type: ignore[no-untyped-def]
    """sum over l in M of (w_l w_l') times, cell by cell, sum over k in K of weight(t_k, t_l) w_k w_k'."""
    t, w = found.values, found.vectors
    total = np.zeros_like(w)
    for place in range(t.shape[1] - factors, t.shape[1]):
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(left & ~left[:, [place]], weight(t, t[:, [place]]), 0.0)
        share = np.where(np.isfinite(share), share, 0.0)
        own = w[:, :, place]
        total += own[:, :, None] * own[:, None, :] * ((w * share[:, None, :]) @ w.swapaxes(1, 2))
    return total
