"""From correlations to unrotated loadings: minimum residual, maximum likelihood, principal axis."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.factor.search import LOWEST, minimise
from cxlab.estimate.factor.spectrum import Array, MaximumLikelihood, MinimumResidual

Method = Literal["minres", "ml", "pa"]
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True, eq=False)
class Extraction:
    """Unrotated solutions of B correlation matrices of p items, with m factors.

    Attributes
    ----------
    loadings : (B, p, m) factors in order of their eigenvalues, each with a positive sum
    communalities : (B, p) sums of squared loadings; 1 or more is improper
    at_bound : (B, p) True where the search ended at the smallest uniqueness allowed (.005)
    converged : (B,)
    iterations : (B,)
    value : (B,) of the criterion, to compare searches of one matrix; nan for principal axis, which has none
    """

    loadings: Array
    communalities: Array
    at_bound: NDArray[np.bool_]
    converged: NDArray[np.bool_]
    iterations: NDArray[np.intp]
    value: Array

    @property
    def improper(self) -> NDArray[np.bool_]:
        """(B, p) Heywood cases: no uniqueness is left for the item."""
        return self.at_bound | (self.communalities >= 1 - 1e-8)

    def one(self, place: int) -> Extraction:
        """The solution at one place of the batch, as a batch of one."""
        return Extraction(*(getattr(self, name.name)[[place]] for name in fields(self)))


def extract(
    corr: Array,
    factors: int,
    method: Method = "minres",
    *,
    start: Array | None = None,
    tolerance: float = 0.001,
    max_iter: int = 50,
) -> Extraction:
    """Unrotated factor loadings of a batch of correlation matrices.

    Parameters
    ----------
    corr : (B, p, p) correlation matrices
    factors : number of factors m, from 1
    method : ``"minres"`` (unweighted least squares), ``"ml"``, or ``"pa"`` (principal axis)
    start : (B, p) or (p,) uniquenesses to start from; by default 1 - squared multiple correlations. Not for "pa"
    tolerance, max_iter : principal axis only: stop when the sum of the communalities changes by no more, or after so
        many rounds (psych's ``min.err`` and ``max.iter``)

    Notes
    -----
    R: ``psych::fa(R, m, rotate = "none", fm = method)``. Minimum residual and maximum likelihood are carried to a
    gradient of 1e-9, well beyond psych's own search.

    Examples
    --------
    >>> corr = np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])
    >>> extract(corr[None], 1).loadings[0, :, 0].round(6).tolist()
    [0.8, 0.7, 0.6]
    """
    if method == "pa":
        return _principal_axis(corr, factors, tolerance, max_iter)
    criterion = MinimumResidual if method == "minres" else MaximumLikelihood
    begin = 1 - squared_multiple(corr) if start is None else np.broadcast_to(start, corr.shape[:2]).copy()
    found = minimise(criterion, corr, begin, factors)
    loadings = signed(found.loadings)
    bound = found.uniquenesses <= LOWEST * (1 + 1e-9)
    return Extraction(loadings, (loadings**2).sum(axis=2), bound, found.converged, found.iterations, found.value)


def squared_multiple(corr: Array) -> Array:
    """Squared multiple correlation of each item with the others, (B, p), between 0 and 1; R: ``psych::smc``.

    Examples
    --------
    >>> squared_multiple(np.array([[[1, 0.5], [0.5, 1]]])).round(12).tolist()
    [[0.25, 0.25]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        try:
            inverse = np.linalg.inv(corr)
        except np.linalg.LinAlgError:
            inverse = np.linalg.pinv(corr, hermitian=True)
        found = 1 - 1 / np.diagonal(inverse, axis1=1, axis2=2)
    return np.asarray(np.clip(np.where(np.isfinite(found), found, 1.0), 0.0, 1.0))


def signed(loadings: Array) -> Array:
    """Loadings (B, p, m) with each factor turned so that its loadings have a positive sum."""
    sums = loadings.sum(axis=1, keepdims=True)
    return np.asarray(loadings * np.where(sums < 0, -1.0, 1.0))


def _principal_axis(corr: Array, factors: int, tolerance: float, max_iter: int) -> Extraction:
    count, size = corr.shape[:2]
    communalities = squared_multiple(corr)
    loadings = np.zeros((count, size, factors))
    converged, rounds = np.zeros(count, bool), np.zeros(count, np.intp)
    going = np.ones(count, bool)
    place = np.arange(size)
    for _ in range(max_iter):
        rows = np.flatnonzero(going)
        reduced = corr[rows]
        reduced[:, place, place] = communalities[rows]
        values, vectors = np.linalg.eigh(reduced)
        found = vectors[:, :, -factors:] * np.sqrt(np.maximum(values[:, -factors:], 0.0))[:, None, :]
        loadings[rows] = found[:, :, ::-1]
        new = (found**2).sum(axis=2)
        change = np.abs(new.sum(axis=1) - communalities[rows].sum(axis=1))
        communalities[rows] = new
        rounds[rows] += 1
        done = rows[change <= tolerance]
        converged[done], going[done] = True, False
        if not going.any():
            break
    bound = np.zeros((count, size), bool)
    return Extraction(signed(loadings), communalities, bound, converged, rounds, np.full(count, np.nan))
