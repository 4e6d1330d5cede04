"""The moments that parameters imply, and the derivatives of anything that is a function of those moments.

With M = Lambda (I - B)^-1, C = (I - B)^-1, D = M Psi C', eta = C alpha and mu = nu + M alpha, the columns of
K = [I | M | D | d0] give all derivatives (see `GroupIndex`). A function F of (Sigma, mu) with symmetric derivative Q
in Sigma and slope t = dF/dmu / 2 has

    dF/dtheta_i = 2 s_i H[u_i, v_i],    H[., D] = K'Q D + (K't) eta',    H[., d0] = K't,    H[., .] = K'Q K else.

All arrays have leading axes (n, groups): n replicates at once. Everything works on complex numbers too, for
derivatives by complex steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.inverses import inverse, recursive_inverse
from cxlab.estimate.sem.problem import GroupIndex, Problem
from cxlab.specify.matrix_map import ALPHA, BETA, LAMBDA, NU, PSI, THETA


class Implied(NamedTuple):
    """A model at n points.

    ``m`` (n, g, p, m); ``psi``, ``right`` = Psi C' (n, g, m, m); ``theta`` (n, g, p, p), or (n, g, p) where Theta is
    diagonal; ``eta`` (n, g, m) and ``mu`` (n, g, p), zero without mean structure.
    """

    m: np.ndarray
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray

    @property
    def sigma(self) -> np.ndarray:
        """Sigma (n, g, p, p)."""
        sigma = self.m @ self.psi @ transposed(self.m)
        if self.theta.ndim == sigma.ndim:
            return sigma + self.theta
        diagonal = np.arange(sigma.shape[-1])
        sigma[..., diagonal, diagonal] += self.theta
        return sigma


class Loaded(NamedTuple):
    """A model at n points before Lambda is multiplied by C = (I - B)^-1; `total` is C, None without paths."""

    lambda_: np.ndarray
    total: np.ndarray | None
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray

    @property
    def implied(self) -> Implied:
        """With M = Lambda C."""
        m = self.lambda_ if self.total is None else self.lambda_ @ self.total
        return Implied(m, *self[2:])


def transposed(matrix: np.ndarray) -> np.ndarray:
    """The last two axes swapped."""
    return np.swapaxes(matrix, -1, -2)


class Filler:
    """Puts parameters into matrices; holds what is fixed, with a sample's moments of exogenous covariates.

    Parameters
    ----------
    problem : Problem
    cov : ndarray (R, groups, p, p)
        In natural units.
    mean : ndarray (R, groups, p), optional
    """

    def __init__(self, problem: Problem, cov: np.ndarray, mean: np.ndarray | None) -> None:
        self.problem = problem
        p, m = problem.items, problem.inner
        self.diagonal = problem.diagonal_theta
        shapes = {
            LAMBDA: (p, m),
            BETA: (m, m),
            PSI: (m, m),
            THETA: (p,) if self.diagonal else (p, p),
            NU: (p,),
            ALPHA: (m,),
        }
        lead = (len(cov) if len(problem.exogenous) else 1, problem.groups)
        self.fixed = {code: np.zeros((*lead, *shape)) for code, shape in shapes.items()}
        carried = problem.places.carried
        self.fixed[LAMBDA][..., carried[:, 0], carried[:, 1]] = 1.0
        places = problem.places
        for row in np.flatnonzero((places.free == 0) & (places.matrix > 0)).tolist():
            at = (int(places.matrix[row]), int(places.group[row]), int(places.row[row]), int(places.col[row]))
            if problem.table.exo[row]:
                self._put(*at, _sample_value(problem, row, cov, mean))
            else:
                self._put(*at, places.value[row])

    def _put(self, code: int, group: int, row: int, column: int, value: np.ndarray | float) -> None:
        target = self.fixed[code][:, group]
        if code in (NU, ALPHA) or (code == THETA and self.diagonal):
            target[:, row] = value
            return
        target[:, row, column] = value
        if code in (PSI, THETA):
            target[:, column, row] = value

    def matrices(self, theta: np.ndarray, rows: np.ndarray | slice = slice(None)) -> dict[int, np.ndarray]:
        """The matrices at theta (n, q); `rows` says which of the R samples these are."""
        n = len(theta)
        filled = {}
        means = self.problem.has_means
        for code, fixed in self.fixed.items():
            if code in (NU, ALPHA) and not means:
                filled[code] = np.zeros((n, *fixed.shape[1:]), dtype=theta.dtype)
                continue
            source = fixed[rows] if len(fixed) > 1 else fixed
            filled[code] = np.empty((n, *fixed.shape[1:]), dtype=theta.dtype)
            filled[code][...] = source
        for group, index in enumerate(self.problem.index):
            for code, at in index.places.items():
                target, values = filled[code][:, group], theta[:, at.parameter]
                if target.ndim == 2:
                    target[:, at.row] = values
                    continue
                target[:, at.row, at.column] = values
                if code in (PSI, THETA):
                    target[:, at.column, at.row] = values
        return filled

    def loaded(self, theta: np.ndarray, rows: np.ndarray | slice = slice(None)) -> Loaded:
        """The model's matrices at theta (n, q). A singular I - B gives nan."""
        filled = self.matrices(theta, rows)
        lambda_, psi, eta, mu = filled[LAMBDA], filled[PSI], filled[ALPHA], filled[NU]
        total, right = None, psi
        if self.problem.has_paths:
            both = np.eye(self.problem.inner) - filled[BETA]
            real = not np.iscomplexobj(both)
            total = recursive_inverse(both) if real and self.problem.recursive else inverse(both)
            right = psi @ transposed(total)
            eta = (total @ eta[..., None])[..., 0] if self.problem.has_means else eta
        if self.problem.has_means:
            mu = mu + (lambda_ @ eta[..., None])[..., 0]
        return Loaded(lambda_, total, psi, right, filled[THETA], eta, mu)

    def implied(self, theta: np.ndarray, rows: np.ndarray | slice = slice(None)) -> Implied:
        """The model at theta (n, q). A singular I - B gives nan."""
        return self.loaded(theta, rows).implied


def _sample_value(problem: Problem, row: int, cov: np.ndarray, mean: np.ndarray | None) -> np.ndarray:
    order = {name: position for position, name in enumerate(problem.places.observed)}
    group, item = problem.places.group[row], order[problem.table.lhs[row]]
    if problem.table.op[row] == "~~":
        return np.asarray(cov[:, group, item, order[problem.table.rhs[row]]])
    return np.asarray(mean[:, group, item]) if mean is not None else np.zeros(len(cov))


def chain(
    problem: Problem, implied: Implied, q: np.ndarray, t: np.ndarray | None, qm: np.ndarray | None = None
) -> np.ndarray:
    """dF/dtheta (n, q parameters) from Q = dF/dSigma (n, g, p, p) and t = dF/dmu / 2 (n, g, p).

    Where Theta is diagonal, `q` may be the diagonal of Q (n, g, p) if `qm` = Q M (n, g, p, m) is given.
    """
    m = implied.m
    qm = q @ m if qm is None else qm
    mt = transposed(m)
    blocks = {LAMBDA: qm @ implied.right, PSI: mt @ qm, THETA: q}
    if t is not None:
        blocks[LAMBDA] = blocks[LAMBDA] + t[..., None] * implied.eta[..., None, :]
        blocks[NU], blocks[ALPHA] = t, (mt @ t[..., None])[..., 0]
    if problem.has_paths:
        blocks[BETA] = mt @ blocks[LAMBDA]
    return gathered(problem, blocks, len(m))


def gathered(
    problem: Problem, blocks: Mapping[int, np.ndarray], points: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """dF/dtheta (n, q parameters) from H[u, v] of each matrix's places (n, g, rows, columns) or (n, g, rows).

    With weights (g,) each group's part counts so much.
    """
    out = np.zeros((points, problem.parameters), dtype=blocks[LAMBDA].dtype)
    for group, index in enumerate(problem.index):
        for code, at in index.places.items():
            block = blocks[code]
            place = (at.row,) if block.ndim == 3 else (at.row, at.column)
            factor = at.factor if weights is None else at.factor * weights[group]
            out[:, at.parameter] = factor * block[(slice(None), group, *place)]
    return out


def gram(problem: Problem, implied: Implied, w: np.ndarray, wm: np.ndarray | None = None) -> np.ndarray:
    """G = K'WK (n, g, c, c), with the terms of the means."""
    p, m = problem.items, problem.inner
    wm = w @ implied.m if wm is None else wm
    mwm, right = transposed(implied.m) @ wm, implied.right
    wd, mwd = wm @ right, mwm @ right
    g = np.zeros((*w.shape[:2], problem.width, problem.width), dtype=wm.dtype)
    i, j, k = slice(0, p), slice(p, p + m), slice(p + m, p + 2 * m)
    g[..., i, i], g[..., i, j], g[..., i, k] = w, wm, wd
    g[..., j, i], g[..., j, j], g[..., j, k] = transposed(wm), mwm, mwd
    g[..., k, i], g[..., k, j], g[..., k, k] = transposed(wd), transposed(mwd), transposed(right) @ mwd
    if problem.has_means:
        eta = implied.eta
        g[..., k, k] += eta[..., :, None] * eta[..., None, :]
        g[..., k, -1] = g[..., -1, k] = eta
        g[..., -1, -1] = 1.0
    return g


def pairwise(index: GroupIndex, one: np.ndarray, other: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """tr(A dSigma_i C dSigma_j) for all pairs of a group's parameters, from K'AK and K'CK (n, c, c); symmetrised.

    With weights (n,) their weighted sum, as a stack of one.
    """
    width = one.shape[-1]
    a, c = one.reshape(len(one), -1), other.reshape(len(other), -1)
    i, j = index.pairs
    u, v = index.u, index.v
    uu, vv = u[i] * width + u[j], v[i] * width + v[j]
    uv, vu = u[i] * width + v[j], v[i] * width + u[j]
    product = a.take(uu, 1)
    product *= c.take(vv, 1)
    for left, right in ((uv, vu),) if one is other else ((uv, vu), (vu, uv), (vv, uu)):
        term = a.take(left, 1)
        term *= c.take(right, 1)
        product += term
    if weights is not None:
        product = (weights @ product)[None]
    product *= (2.0 if one is other else 1.0) * index.s[i] * index.s[j]
    out = np.empty((len(product), len(u), len(u)), dtype=product.dtype)
    out[:, i, j] = product
    out[:, j, i] = product
    return out


def expected(problem: Problem, g: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The expected Hessian of F = sum of weights times the groups' F (n, q, q), from `gram`."""
    out = np.zeros((len(g), problem.parameters, problem.parameters), dtype=g.dtype)
    for group, index in enumerate(problem.index):
        block = pairwise(index, g[:, group], g[:, group]) * weights[group]
        if problem.groups == 1:
            return block
        out[:, index.parameter[:, None], index.parameter] = block
    return out


def expected_diagonal(problem: Problem, g: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The diagonal of `expected` (n, q)."""
    out = np.zeros((len(g), problem.parameters), dtype=g.dtype)
    for group, index in enumerate(problem.index):
        own, u, v = g[:, group], index.u, index.v
        found = own[:, u, u] * own[:, v, v] + own[:, u, v] ** 2
        out[:, index.parameter] += 2 * weights[group] * index.s**2 * found
    return out


def jacobian(problem: Problem, implied: Implied) -> np.ndarray:
    """Derivatives of each group's moments (n, g, moments, q): means first where modelled, then vech(Sigma) by rows."""
    p = problem.items
    d = implied.m @ implied.right
    unit = np.broadcast_to(np.eye(p), (*d.shape[:2], p, p))
    columns = np.concatenate([unit, implied.m, d, np.zeros((*d.shape[:3], 1))], axis=-1)
    row, column = np.tril_indices(p)
    first = p if problem.has_means else 0
    out = np.zeros((*d.shape[:2], first + len(row), problem.parameters), dtype=d.dtype)
    for group, index in enumerate(problem.index):
        u, v = columns[:, group][..., index.u], columns[:, group][..., index.v]
        slopes = index.s * (u[:, row] * v[:, column] + v[:, row] * u[:, column])
        out[:, group, first:, index.parameter] = np.moveaxis(slopes, -1, 0)
        if first:
            means = u * _mean_weights(problem, index, implied.eta[:, group])[:, None]
            out[:, group, :first, index.parameter] = np.moveaxis(means, -1, 0)
    return out


def _mean_weights(problem: Problem, index: GroupIndex, eta: np.ndarray) -> np.ndarray:
    """w_i of dmu/dtheta_i = u_i w_i (n, k): eta_b for Lambda and B, 1 for nu and alpha, 0 else."""
    last = np.zeros((len(eta), problem.width), dtype=eta.dtype)
    last[:, problem.items + problem.inner : -1] = eta
    last[:, -1] = 1.0
    return last[:, index.v]
