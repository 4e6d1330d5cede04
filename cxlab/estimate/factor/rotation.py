"""Rotated factor solutions: oblimin, quartimin, geomin, promax, varimax, quartimax."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.factor.criteria import Criterion, geomin, oblimin, quartimax, varimax
from cxlab.estimate.factor.projection import TOLERANCE, project
from cxlab.estimate.factor.spectrum import Array

Rotation = Literal["oblimin", "quartimin", "geomin", "promax", "varimax", "quartimax", "none"]
ROTATIONS: tuple[Rotation, ...] = get_args(Rotation)
OBLIQUE: frozenset[str] = frozenset({"oblimin", "quartimin", "geomin", "promax"})
KAISER: frozenset[str] = frozenset({"varimax", "promax"})
"""Rotations that psych does on loadings normalised to length 1 item by item (Kaiser)."""
_SAME_VALUE = 1e-6


@dataclass(frozen=True, eq=False)
class How:
    """Which rotation, and its constants.

    Attributes
    ----------
    name : Rotation
    gamma : of oblimin
    power : of promax
    kaiser : whether items are brought to the same length first; None as psych does for this rotation
    """

    name: Rotation = "oblimin"
    gamma: float = 0.0
    power: float = 4.0
    kaiser: bool | None = None

    @property
    def normalised(self) -> bool:
        """Whether items are brought to the same length."""
        return self.name in KAISER if self.kaiser is None else self.kaiser

    @property
    def oblique(self) -> bool:
        """Whether factors may correlate."""
        return self.name in OBLIQUE

    @property
    def criterion(self) -> Criterion:
        """What is made small (promax: by the varimax it starts from)."""
        found: dict[str, Criterion] = {"geomin": geomin, "quartimax": quartimax, "varimax": varimax, "promax": varimax}
        return found.get(self.name) or oblimin(self.gamma if self.name == "oblimin" else 0.0)


@dataclass(frozen=True, eq=False)
class Rotated:
    """Rotated solutions of B sets of loadings.

    Attributes
    ----------
    loadings : (B, p, m) pattern
    correlations : (B, m, m) of the factors
    converged : (B,)
    value : (B,) of the criterion
    turn : (B, m, m) the search's T, to start another search from
    minima : values of the distinct minima found from several starts, ascending, and how often each; empty with one
    """

    loadings: Array
    correlations: Array
    converged: NDArray[np.bool_]
    value: Array
    turn: Array
    minima: tuple[tuple[float, int], ...] = ()


def rotate(
    loadings: Array, how: How, start: Array | None = None, *, tolerance: float = TOLERANCE, max_iter: int = 2000
) -> Rotated:
    """Rotate a batch of loadings, each from its own start.

    Parameters
    ----------
    loadings : (B, p, m) unrotated
    how : the rotation
    start : (B, m, m) matrices T; by default no rotation, as GPArotation
    tolerance, max_iter : of the search

    Notes
    -----
    R: ``GPArotation::oblimin(L, gam, normalize)``, ``GPArotation::geominQ``, ``GPArotation::quartimax``,
    ``stats::varimax(L)`` (to a finer tolerance), ``psych::kaiser(L, rotate = "Promax")``.

    Examples
    --------
    >>> mixed = np.array([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.9]]) @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    >>> np.abs(rotate(mixed[None], How("varimax")).loadings[0]).round(3).tolist()
    [[0.8, 0.0], [0.7, 0.0], [0.0, 0.6], [0.0, 0.9]]
    """
    count, _, factors = loadings.shape
    if factors == 1 or how.name == "none":
        unit = np.broadcast_to(np.eye(factors), (count, factors, factors)).copy()
        return Rotated(loadings.copy(), unit, np.ones(count, bool), np.zeros(count), unit)
    length = np.sqrt((loadings**2).sum(axis=2, keepdims=True)) if how.normalised else np.ones((count, 1, 1))
    length = np.where(length > 0, length, 1.0)
    oblique = how.oblique and how.name != "promax"
    found = project(how.criterion, loadings / length, oblique, start, tolerance=tolerance, max_iter=max_iter)
    if how.name == "promax":
        pattern, correlations = _powered(found.loadings, how.power)
    else:
        pattern, correlations = found.loadings, found.turn.swapaxes(1, 2) @ found.turn
    return Rotated(pattern * length, correlations, found.converged, found.value, found.turn)


def rotate_from_many(loadings: Array, how: How, starts: int, random: np.random.Generator) -> Rotated:
    """Rotate one set of loadings (1, p, m) from no rotation and from random ones; keep the smallest criterion.

    Parameters
    ----------
    starts : number of starts in all
    random : source of the random rotations (uniform over the orthogonal matrices)
    """
    factors = loadings.shape[2]
    if starts == 1 or factors == 1 or how.name == "none":
        return rotate(loadings, how)
    normal = random.standard_normal((starts - 1, factors, factors))
    turned, upper = np.linalg.qr(normal)
    turned = turned * np.sign(np.diagonal(upper, axis1=1, axis2=2))[:, None, :]
    begin = np.concatenate([np.eye(factors)[None], turned])
    found = rotate(np.broadcast_to(loadings, (starts, *loadings.shape[1:])), how, begin)
    usable = found.converged & np.isfinite(found.value)
    minima = _distinct(found.value[usable])
    ranked = np.where(usable, found.value, np.inf)
    # of equal minima the one reached without a random start, which is the one other programs print
    best = int(np.flatnonzero(ranked <= ranked.min() + _SAME_VALUE)[0]) if usable.any() else 0
    return Rotated(
        found.loadings[[best]],
        found.correlations[[best]],
        found.converged[[best]],
        found.value[[best]],
        found.turn[[best]],
        minima,
    )


def _powered(loadings: Array, power: float) -> tuple[Array, Array]:
    """Promax: least squares towards the loadings' own powers. Source: Hendrickson and White (1964)."""
    target = loadings * np.abs(loadings) ** (power - 1)
    transposed = loadings.swapaxes(1, 2)
    turn = np.linalg.solve(transposed @ loadings, transposed @ target)
    inverse = np.linalg.inv(turn.swapaxes(1, 2) @ turn)
    turn = turn * np.sqrt(np.diagonal(inverse, axis1=1, axis2=2))[:, None, :]
    back = np.linalg.inv(turn)
    return np.asarray(loadings @ turn), np.asarray(back @ back.swapaxes(1, 2))


def _distinct(values: Array) -> tuple[tuple[float, int], ...]:
    """Values that differ by more than chance, ascending, with their counts."""
    found: list[tuple[float, int]] = []
    for value in np.sort(values):
        if found and value - found[-1][0] <= _SAME_VALUE:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((float(value), 1))
    return tuple(found)
