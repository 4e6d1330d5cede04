"""Newton's method within bounds, for a batch of correlation matrices at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.factor.spectrum import Array, Criterion, Spectrum

LOWEST = 0.005
"""Smallest uniqueness allowed, as in psych and factanal: a communality of .995 is where an improper solution stops."""
_GRADIENT = 1e-9
_HALVINGS = 25
# A curvature below zero by more than rounding, against the largest; and the step that leaves a saddle.
_CURVED = 1e-6
_ESCAPE = 0.1


@dataclass(frozen=True, eq=False)
class Search:
    """Where the search ended.

    Attributes
    ----------
    uniquenesses : (B, p) within the bounds
    loadings : (B, p, m) unrotated
    value : (B,) of the criterion
    converged : (B,) True where no step within the bounds lowers the criterion
    iterations : (B,)
    """

    uniquenesses: Array
    loadings: Array
    value: Array
    converged: NDArray[np.bool_]
    iterations: NDArray[np.intp]


def minimise(criterion: Criterion, corr: Array, start: Array, factors: int, max_iter: int = 200) -> Search:
    """Uniquenesses between `LOWEST` and 1 that minimise the criterion.

    Parameters
    ----------
    criterion : `MinimumResidual` or `MaximumLikelihood`
    corr : (B, p, p) correlation matrices; for maximum likelihood positive definite
    start : (B, p) uniquenesses to start from
    factors : number of factors m
    max_iter : most steps
    """
    ends = criterion.parameters(np.array([LOWEST, 1.0]))
    low, high = float(ends[0]), float(ends[1])
    x = criterion.parameters(np.clip(start, LOWEST, 1.0))
    spectrum = criterion.spectrum(corr, x)
    value = criterion.value(spectrum, factors)
    count = len(corr)
    converged, iterations = np.zeros(count, bool), np.zeros(count, np.intp)
    going = np.ones(count, bool)
    for _ in range(max_iter):
        rows = np.flatnonzero(going)
        found = criterion.derivatives(spectrum[rows], factors)
        held = ((x[rows] <= low) & (found.gradient > 0)) | ((x[rows] >= high) & (found.gradient < 0))
        slope = np.where(held, 0.0, found.gradient)
        done = np.abs(slope).max(axis=1) < _GRADIENT
        step = _newton(found.hessian, slope, held, done)
        done &= ~step.any(axis=1)
        converged[rows[done]], going[rows[done]] = True, False
        if done.all():
            break
        rows, slope, step = rows[~done], slope[~done], step[~done]
        moved = _line_search(criterion, corr[rows], x[rows], step, slope, value[rows], (low, high), factors)
        x[rows], value[rows] = moved.x, moved.value
        spectrum.values[rows], spectrum.vectors[rows] = moved.spectrum.values, moved.spectrum.vectors
        iterations[rows] += 1
        stuck = rows[~moved.improved]  # as low as floating-point numbers can tell
        converged[stuck] = np.abs(slope[~moved.improved]).max(axis=1, initial=0.0) < 1e3 * _GRADIENT
        going[stuck] = False
    return Search(criterion.uniquenesses(x), criterion.loadings(spectrum, x, factors), value, converged, iterations)


def _newton(hessian: Array, slope: Array, held: NDArray[np.bool_], flat: NDArray[np.bool_]) -> Array:
    """Newton's step (B, p) in what is free to move, downhill also where the function curves down.

    Where the slope is zero (`flat`) there is no step, unless that is a saddle: then one along the curve down.
    """
    unit = np.eye(held.shape[1])
    exact = np.where(held[:, :, None] | held[:, None, :], unit, hessian)
    step = np.zeros_like(slope)
    curved = ~_positive(exact)
    straight = ~curved & ~flat
    if straight.any():
        step[straight] = np.linalg.solve(exact[straight], -slope[straight][..., None])[..., 0]
    if curved.any():
        values, vectors = np.linalg.eigh(exact[curved])
        size = np.abs(values)
        turned = (vectors.swapaxes(1, 2) @ slope[curved][..., None])[..., 0]
        away = -turned / np.maximum(size, 1e-8 * size.max(axis=1, keepdims=True))
        saddle = values[:, 0] < -_CURVED * size.max(axis=1)
        still = flat[curved]
        away[still] = 0.0
        away[still & saddle, 0] = np.where(turned[still & saddle, 0] > 0, -_ESCAPE, _ESCAPE)
        step[curved] = (vectors @ away[..., None])[..., 0]
    return step


def _positive(matrices: Array) -> NDArray[np.bool_]:
    """Which of the matrices (B, p, p) are positive definite."""
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.eigvalsh(matrices)[:, 0] > 0)
    return np.ones(len(matrices), bool)


@dataclass(frozen=True, eq=False)
class _Moved:
    x: Array
    value: Array
    spectrum: Spectrum
    improved: NDArray[np.bool_]


def _line_search(
    criterion: Criterion,
    corr: Array,
    x: Array,
    step: Array,
    slope: Array,
    value: Array,
    bounds: tuple[float, float],
    factors: int,
) -> _Moved:
    """The first of the steps 1, 1/2, 1/4, ... within the bounds that lowers the criterion enough."""
    spectrum = criterion.spectrum(corr, x)
    new, lower = x.copy(), value.copy()
    open_ = np.ones(len(x), bool)
    size = 1.0
    for _ in range(_HALVINGS):
        rows = np.flatnonzero(open_)
        tried = np.clip(x[rows] + size * step[rows], *bounds)
        there = criterion.spectrum(corr[rows], tried)
        reached = criterion.value(there, factors)
        gain = ((tried - x[rows]) * slope[rows]).sum(axis=1)
        enough = reached < value[rows] + 1e-4 * np.minimum(gain, 0.0)
        # next to the minimum the gain drowns in rounding, and a full Newton step is still the best there is
        enough |= (np.abs(gain) < 1e-12 * (1 + np.abs(value[rows]))) & (reached <= value[rows] + 1e-13)
        good = rows[enough]
        new[good], lower[good] = tried[enough], reached[enough]
        spectrum.values[good], spectrum.vectors[good] = there.values[enough], there.vectors[enough]
        open_[good] = False
        if not open_.any():
            break
        size /= 2
    return _Moved(new, lower, spectrum, ~open_)
