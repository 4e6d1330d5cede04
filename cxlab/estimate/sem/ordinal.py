"""Least squares on thresholds and correlations of ordinal items: the moments that a model implies for them, and F.

The response y* behind an ordinal item has no unit of its own. With tau its thresholds, mu and Sigma what the model
implies for y*, and d the items' scales (1 for numeric items), the moments of a group are

    d_j (tau_jk - mu_j)      for an ordinal item, -mu_j for a numeric one
    sigma_jj                 for numeric items
    d_i d_j sigma_ij         for each pair

d is a parameter (delta parameterisation; then residual variances follow from it), or 1 / sqrt(sigma_jj) (theta).
Source: Muthén (1984); Muthén & Asparouhov (2002) for the two parameterisations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cxlab.estimate.polychoric import OrdinalMoments
from cxlab.estimate.polychoric.pairs import all_pairs
from cxlab.estimate.sem.implied import Filler, Implied, jacobian
from cxlab.estimate.sem.problem import Problem
from cxlab.specify.partable import ParTable

_LEAST = 1e-10


@dataclass(frozen=True, eq=False)
class OrdinalLayout:
    """Where the thresholds and scales of a model's ordinal items stand.

    Attributes
    ----------
    ordinal : bool array (p,)
    theta : bool
        Whether scales follow from residual variances (theta) or the other way round (delta).
    item : int array (t,)
        Item of each entry of the first part of the moments: one per threshold, one per numeric item.
    tau, scale : int arrays (G, t), (G, p)
        Position among the free parameters, -1 where fixed or (for a numeric item) absent.
    tau_fixed, scale_fixed : float arrays (G, t), (G, p)
        Values of the fixed ones.
    """

    ordinal: np.ndarray
    theta: bool
    item: np.ndarray
    tau: np.ndarray
    scale: np.ndarray
    tau_fixed: np.ndarray
    scale_fixed: np.ndarray

    @staticmethod
    def of(table: ParTable, theta: bool) -> OrdinalLayout:
        """The layout of a parameter table with thresholds."""
        names = table.variables.ov
        ordinal = np.isin(names, table.ordered)
        rows = {
            (int(table.group[row]), table.lhs[row], table.op[row], table.rhs[row]): row
            for row in range(len(table))
            if table.op[row] in ("|", "~*~")
        }
        counts = {name: sum(key[:3] == (1, name, "|") for key in rows) for name in names}
        entries = [(j, f"t{k}") for j, name in enumerate(names) for k in range(1, max(counts[name], 1) + 1)]
        groups = range(1, table.n_groups + 1)
        taus = [[rows.get((group, names[j], "|", rhs), -1) for j, rhs in entries] for group in groups]
        scales = [[rows.get((group, name, "~*~", name), -1) for name in names] for group in groups]
        tau, tau_fixed = _places(table, np.array(taus), 0.0)
        scale, scale_fixed = _places(table, np.array(scales), 1.0)
        return OrdinalLayout(ordinal, theta, np.array([j for j, _ in entries]), tau, scale, tau_fixed, scale_fixed)

    def filled(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Thresholds (n, G, t) and scale factors (n, G, p) at theta (n, q)."""
        tau = np.where(self.tau >= 0, theta[:, np.maximum(self.tau, 0)], self.tau_fixed)
        return tau, np.where(self.scale >= 0, theta[:, np.maximum(self.scale, 0)], self.scale_fixed)


def _places(table: ParTable, rows: np.ndarray, default: float) -> tuple[np.ndarray, np.ndarray]:
    """Free positions (-1 if none) and fixed values of the table's rows; -1 stands for no row."""
    free = np.where(rows >= 0, table.free[rows] - 1, -1)
    fixed = np.where(rows >= 0, np.nan_to_num(table.ustart[rows]), default)
    return free, fixed


@dataclass(frozen=True, eq=False)
class OrdinalResiduals:
    """Sample and implied moments of ordinal items (G, s), in the data's units, and how F weighs them.

    Attributes
    ----------
    sample, implied : ndarray (G, s)
        Thresholds (minus the mean for a numeric item), variances of numeric items, covariances.
    weight : ndarray (G, s) or (G, s, s)
    item : int array (t,)
        Item of each of the first t moments.
    threshold : bool array (t,)
        Which of them are thresholds, not means.
    slopes : ndarray (G, s, q)
        Derivatives of the implied moments by the free parameters.
    gamma : ndarray (G, s, s)
        n times the covariance matrices of the sample moments.
    """

    sample: np.ndarray
    implied: np.ndarray
    weight: np.ndarray
    item: np.ndarray
    threshold: np.ndarray
    slopes: np.ndarray
    gamma: np.ndarray


def sample_vectors(moments: Sequence[OrdinalMoments], units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each group's moments (G, s) and their covariance matrices (G, s, s), numeric items in `units` (p,)."""
    factors = [1 / vector_units(one, units) for one in moments]
    vectors = np.array([one.vector * factor for one, factor in zip(moments, factors, strict=True)])
    acov = [one.acov * np.outer(f, f) for one, f in zip(moments, factors, strict=True) if one.acov is not None]
    return vectors, np.array(acov)


def vector_units(one: OrdinalMoments, units: np.ndarray) -> np.ndarray:
    """The unit of each moment of a group (s,): 1 but for numeric items."""
    first = [np.full(max(len(own), 1), unit) for own, unit in zip(one.thresholds, units, strict=True)]
    first = [np.ones_like(part) if flag else part for part, flag in zip(first, one.ordinal, strict=True)]
    rows, columns = all_pairs(len(units))
    own = np.where(one.ordinal, 1.0, units)
    return np.concatenate([*first, own[~one.ordinal] ** 2, own[rows] * own[columns]])


class _Parts(NamedTuple):
    """`Implied`'s fields; scales (n, g, p), thresholds less means (n, g, t), weighted distance (n, g, s), F (n, g)."""

    m: np.ndarray
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray
    scale: np.ndarray
    reach: np.ndarray
    pull: np.ndarray
    distance: np.ndarray

    @property
    def implied(self) -> Implied:
        return Implied(*self[:6])


class OrdinalLeastSquares:
    """F = sum of the groups' shares times e'V e, with e the distance of implied from sample moments; an `Objective`.

    Parameters
    ----------
    problem : Problem
    layout : OrdinalLayout
    vectors : ndarray (G, s)
        Sample moments in natural units, see `sample_vectors`.
    weight : ndarray (G, s) or (G, s, s)
        V: a diagonal, or in full.
    shares : ndarray (G,)
    cov, mean : ndarray (G, p, p), (G, p)
        For the filler.
    gamma : ndarray (G, s, s), optional
        n times the covariance matrices of the sample moments, for what is asked after the fit.
    """

    def __init__(
        self,
        problem: Problem,
        layout: OrdinalLayout,
        vectors: np.ndarray,
        weight: np.ndarray,
        shares: np.ndarray,
        cov: np.ndarray,
        mean: np.ndarray,
        gamma: np.ndarray | None = None,
    ) -> None:
        self.problem, self.layout, self.vectors, self.weight, self.shares = problem, layout, vectors, weight, shares
        self.gamma = gamma
        self.filler = Filler(problem, cov[None], mean[None])
        self.positive = np.array([np.isfinite(vectors).all() and np.isfinite(weight).all()])
        self.pairs = all_pairs(problem.items)
        self.numeric = np.flatnonzero(~layout.ordinal)

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """F and what the derivatives need."""
        implied = self.filler.implied(theta)
        sigma, layout = implied.sigma, self.layout
        tau, scale = layout.filled(theta)
        if layout.theta:
            variances = np.diagonal(sigma, axis1=-2, axis2=-1)
            scale = np.where(layout.ordinal, scale / np.sqrt(np.maximum(variances, _LEAST)), scale)
        reach = tau - implied.mu[..., layout.item]
        off = self._moments(sigma, scale, reach) - self.vectors
        pull = self._weighted(off[..., None])[..., 0]
        distance = (off * pull).sum(axis=-1)
        value = distance @ self.shares
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(*implied, scale, reach, pull, distance)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """dF/dtheta (n, q)."""
        at = _Parts(*parts)
        return 2 * np.einsum("ngsq,ngs,g->nq", self.slopes(at), at.pull, self.shares)

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """2 Delta'V Delta (n, q, q)."""
        delta = self.slopes(_Parts(*parts))
        by_group = 2 * np.swapaxes(delta, -1, -2) @ self._weighted(delta)
        return np.asarray((by_group * self.shares[:, None, None]).sum(axis=1))

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> None:
        """None: there is one sample."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The metric: near a solution that fits it is what the observed Hessian is."""
        first = np.zeros(1, dtype=int)
        return np.asarray(self.metric(self.value(theta[None], first)[1], first)[0])

    def implied_vectors(self, parts: tuple[np.ndarray, ...]) -> np.ndarray:
        """The implied moments (n, g, s)."""
        at = _Parts(*parts)
        return self._moments(at.implied.sigma, at.scale, at.reach)

    def variance_slopes(self, parts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Derivatives of the responses' variances, residual ones as they stand in the table, and of the scales."""
        at, p = _Parts(*parts), self.problem.items
        base = jacobian(self.problem, at.implied)
        first = p if self.problem.has_means else 0
        every = np.arange(p)
        square = np.zeros((*base.shape[:2], p, p, base.shape[-1]))
        square[:, :, every, every] = base[:, :, first + every * (every + 3) // 2]
        return square[:, :, every, every], self._scale_slopes(at, square, at.implied.sigma)

    def slopes(self, parts: tuple[np.ndarray, ...]) -> np.ndarray:
        """Derivatives of the implied moments (n, g, s, q)."""
        at, layout, p = _Parts(*parts), self.layout, self.problem.items
        base = jacobian(self.problem, at.implied)
        first = p if self.problem.has_means else 0
        square = np.empty((*base.shape[:2], p, p, base.shape[-1]))
        row, column = np.tril_indices(p)
        square[:, :, row, column] = square[:, :, column, row] = base[:, :, first:]
        means = base[:, :, :first] if first else np.zeros((*base.shape[:2], p, base.shape[-1]))
        sigma = at.implied.sigma
        scales = self._scale_slopes(at, square, sigma)
        out_tau = -at.scale[..., layout.item, None] * means[:, :, layout.item]
        out_tau += at.reach[..., None] * scales[:, :, layout.item]
        for group, place in zip(*np.nonzero(layout.tau >= 0), strict=True):
            out_tau[:, group, place, layout.tau[group, place]] += at.scale[:, group, layout.item[place]]
        i, j = self.pairs
        d = at.scale
        out_pairs = (d[..., i] * d[..., j])[..., None] * square[:, :, i, j]
        out_pairs += (sigma[..., i, j] * d[..., j])[..., None] * scales[:, :, i]
        out_pairs += (sigma[..., i, j] * d[..., i])[..., None] * scales[:, :, j]
        return np.concatenate([out_tau, square[:, :, self.numeric, self.numeric], out_pairs], axis=2)

    def _scale_slopes(self, at: _Parts, square: np.ndarray, sigma: np.ndarray) -> np.ndarray:
        """Derivatives of the scales (n, g, p, q)."""
        layout, p = self.layout, self.problem.items
        out = np.zeros((*square.shape[:3], square.shape[-1]))
        if layout.theta:
            every = np.arange(p)
            factor = np.where(layout.ordinal, -0.5 * at.scale / sigma[..., every, every], 0.0)
            return factor[..., None] * square[:, :, every, every]
        for group, item in zip(*np.nonzero(layout.scale >= 0), strict=True):
            out[:, group, item, layout.scale[group, item]] = 1.0
        return out

    def _moments(self, sigma: np.ndarray, scale: np.ndarray, reach: np.ndarray) -> np.ndarray:
        i, j = self.pairs
        first = scale[..., self.layout.item] * reach
        pairs = scale[..., i] * scale[..., j] * sigma[..., i, j]
        return np.concatenate([first, sigma[..., self.numeric, self.numeric], pairs], axis=-1)

    def _weighted(self, columns: np.ndarray) -> np.ndarray:
        """V times columns (n, g, s, k)."""
        return self.weight[..., None] * columns if self.weight.ndim == 2 else self.weight @ columns
