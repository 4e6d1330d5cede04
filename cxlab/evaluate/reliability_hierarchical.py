"""How much of a scale's score one general factor explains, beside group factors: hierarchical omega, from the items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.factor.arrange import arranged
from cxlab.estimate.factor.extraction import extract
from cxlab.estimate.factor.rotation import How, rotate
from cxlab.evaluate.omega import bifactor_indices, schmid_leiman

Array = NDArray[np.float64]
Trouble = Literal[
    "", "few_items", "redundant", "not_converged", "heywood_factors", "heywood_second", "thin_group", "negative_general"
]
ITEMS_PER_GROUP = 3
"""Fewest items for each group factor that is asked for."""
_SMALLEST = 1e-8
_OWN = 2


@dataclass(frozen=True, eq=False)
class Hierarchical:
    """General and group factors by Schmid and Leiman.

    Attributes
    ----------
    omega_h, omega_groups, ecv : share of the standardised sum that the general factor explains, that all factors
        explain, and the general factor's share of the common variance; nan with `trouble`
    general : (k,)
    group : (k, m)
    trouble : why there are none: too few items, redundant items, no convergence, an improper solution of first or
        second order, a group factor with fewer than two items of its own, items against the general factor; else empty
    """

    omega_h: float
    omega_groups: float
    ecv: float
    general: Array
    group: Array
    trouble: Trouble


def hierarchical(cor: Array, groups: int = 3) -> Hierarchical:
    """Hierarchical omega of a correlation matrix of shape (k, k), from `groups` >= 3 oblique factors.

    Notes
    -----
    Minimum residual, oblimin from the varimax solution, one factor of the factor correlations, Schmid-Leiman; then
    ``omega_h = (sum of general loadings)^2 / sum of cor``. R: ``psych::omega(R, groups)$omega_h``, ``$omega.tot`` and
    ``$ECV``, which print a value also where a factor is improper. Source: Schmid & Leiman (1957); Zinbarg et al.
    (2005).

    Examples
    --------
    >>> g, s = np.full(9, 0.6), np.kron(np.eye(3), np.full((3, 1), 0.5))
    >>> cor = np.outer(g, g) + s @ s.T
    >>> np.fill_diagonal(cor, 1)
    >>> found = hierarchical(cor)
    >>> round(found.omega_h, 3), round(found.ecv, 3), found.trouble
    (0.74, 0.59, '')
    """
    if len(cor) < ITEMS_PER_GROUP * groups:
        return _without("few_items")
    if np.linalg.eigvalsh(cor)[0] < _SMALLEST:
        return _without("redundant")
    first = extract(cor[None], groups, "minres")
    if not first.converged[0]:
        return _without("not_converged")
    if first.improper[0].any():
        return _without("heywood_factors")
    varimax = rotate(first.loadings, How("varimax"), _aslant(groups)[None])
    turned = rotate(varimax.loadings, How("oblimin"))
    pattern, between = arranged(turned.loadings[0], turned.correlations[0])
    if not turned.converged[0] or np.linalg.eigvalsh(between)[0] < _SMALLEST:
        return _without("not_converged")
    second = extract(between[None], 1, "minres")
    if not second.converged[0] or second.improper[0].any():
        return _without("heywood_second" if second.improper[0].any() else "not_converged")
    unique = float((1 - first.communalities[0]).sum())
    return _indices(cor, pattern, second.loadings[0, :, 0], unique)


def _indices(cor: Array, pattern: Array, second: Array, unique: float) -> Hierarchical:
    general, group = schmid_leiman(pattern, second)
    general = general * (np.sign(general.sum()) or 1.0)
    own = np.bincount(np.abs(group).argmax(axis=1), minlength=group.shape[1])
    if own.min() < _OWN:
        return _without("thin_group")
    if (general < 0).any():
        return _without("negative_general")
    found = bifactor_indices(general, group, cor)
    return Hierarchical(found.omega_h, 1 - unique / float(cor.sum()), found.ecv, general, group, "")


def _aslant(size: int) -> Array:
    """A rotation with no symmetry: from none at all, the search stays on the saddle between two like factors."""
    found = np.eye(size)
    for place in range(size - 1):
        turn = np.eye(size)
        turn[place : place + 2, place : place + 2] = [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]
        found = found @ turn
    return found


def _without(trouble: Trouble) -> Hierarchical:
    empty = np.empty(0)
    return Hierarchical(float("nan"), float("nan"), float("nan"), empty, empty, trouble)
