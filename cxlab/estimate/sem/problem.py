"""A model as the engine sees it: index tables of every group's parameters, fixed values, constraints, units.

The engine works in natural units (items in standard deviations), because a search must not depend on whether a column
holds dong or scale points; `Problem.factors` turns its parameters into the data's units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.structure import Structure, Units, natural_units, row_factors
from cxlab.specify.functions import ParameterFunctions
from cxlab.specify.matrix_map import ALPHA, BETA, LAMBDA, NONE, NU, PSI, THETA, Matrices, matrices
from cxlab.specify.partable import ParTable


class MatrixPlaces(NamedTuple):
    """Parameters of one matrix: positions among all free parameters, rows, columns, and 2 s."""

    parameter: np.ndarray
    row: np.ndarray
    column: np.ndarray
    factor: np.ndarray


@dataclass(frozen=True, eq=False)
class GroupIndex:
    """One group's free parameters: places in the matrices, and as rank-two derivatives.

    dSigma/dtheta_i = s_i (u_i v_i' + v_i u_i') with u_i, v_i columns of K = [I | M | D | d0]; d0 is the column of the
    constant, by which the derivatives of the means have the same form.

    Attributes
    ----------
    parameter : int array (k,)
        Position of each in the vector of all free parameters.
    matrix, row, column : int array (k,)
    u, v : int array (k,)
        Columns of K.
    s : float array (k,)
        1/2 for variances, 1 for others.
    """

    parameter: np.ndarray
    matrix: np.ndarray
    row: np.ndarray
    column: np.ndarray
    u: np.ndarray
    v: np.ndarray
    s: np.ndarray

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower triangle of the parameters' pairs."""
        return np.tril_indices(len(self.parameter))

    @cached_property
    def places(self) -> dict[int, MatrixPlaces]:
        """By matrix: its parameters' positions, rows, columns and factors 2 s; only matrices that hold any."""
        found = {}
        for code in np.unique(self.matrix).tolist():
            here = np.flatnonzero(self.matrix == code)
            found[code] = MatrixPlaces(self.parameter[here], self.row[here], self.column[here], 2 * self.s[here])
        return found


@dataclass(frozen=True, eq=False)
class Problem:
    """A parameter table made ready for estimation.

    Attributes
    ----------
    table : ParTable
    places : Matrices
        In natural units.
    units : Units
        What one unit of each item and each inner variable is.
    basis : ndarray (q, r)
        The free parameters are ``offset + basis @ x`` with x unconstrained, in natural units.
    offset : ndarray (q,)
    """

    table: ParTable
    places: Matrices
    units: Units
    basis: np.ndarray
    offset: np.ndarray

    @staticmethod
    def of(table: ParTable, cov: np.ndarray) -> Problem:
        """The problem of a table; `cov` (groups, p, p) or (p, p) gives the units."""
        places = matrices(table)
        size = len(places.observed)
        pooled = np.asarray(cov, dtype=float).reshape(-1, size, size).mean(axis=0)
        units = natural_units(Structure(places), pooled)
        factor = row_factors(places, units)
        places = replace(places, value=places.value / factor)
        basis, offset = _reparametrisation(table.functions, factor[table.free > 0])
        return Problem(table, places, units, basis, offset)

    @property
    def items(self) -> int:
        """p."""
        return len(self.places.observed)

    @property
    def inner(self) -> int:
        """m."""
        return len(self.places.latent)

    @property
    def groups(self) -> int:
        """Number of groups."""
        return self.places.n_groups

    @property
    def parameters(self) -> int:
        """q, before constraints."""
        return self.places.n_free

    @cached_property
    def has_means(self) -> bool:
        """Whether means are modelled."""
        return bool(np.isin(self.places.matrix, (NU, ALPHA)).any())

    @cached_property
    def factors(self) -> np.ndarray:
        """What each parameter in natural units is multiplied by to be in the data's (q,)."""
        return row_factors(self.places, self.units)[self.places.free > 0]

    @cached_property
    def unconstrained(self) -> bool:
        """Whether the basis is the identity."""
        return self.basis.shape[0] == self.basis.shape[1]

    @cached_property
    def nonlinear(self) -> bool:
        """Whether there are constraints that the basis does not hold: inequalities, and nonlinear equalities."""
        functions = self.table.functions
        tied = functions.n_equalities and functions.linear_equalities() is None
        return bool(functions.n_inequalities or tied)

    @cached_property
    def has_paths(self) -> bool:
        """Whether B holds anything."""
        return bool((self.places.matrix == BETA).any())

    @cached_property
    def recursive(self) -> bool:
        """Whether B has no circles."""
        pattern = np.zeros((self.inner, self.inner), dtype=bool)
        here = self.places.matrix == BETA
        pattern[self.places.row[here], self.places.col[here]] = True
        reach = pattern
        for _ in range(self.inner):
            reach = reach @ pattern
        return not reach.any()

    @cached_property
    def diagonal_theta(self) -> bool:
        """Whether Theta is diagonal with a residual variance for every item (then Woodbury's identity applies)."""
        here = self.places.matrix == THETA
        row, column = self.places.row[here], self.places.col[here]
        alive = (self.places.free[here] > 0) | (self.places.value[here] > 0)
        return bool((row == column).all() and alive.all() and len(set(row.tolist())) == self.items)

    @cached_property
    def index(self) -> tuple[GroupIndex, ...]:
        """Index tables, one per group."""
        return tuple(_group_index(self.places, group) for group in range(self.groups))

    @cached_property
    def width(self) -> int:
        """Number of columns of K."""
        return self.items + 2 * self.inner + 1

    @cached_property
    def exogenous(self) -> np.ndarray:
        """Rows of the table that hold a sample moment."""
        return np.flatnonzero(self.table.exo)

    def full(self, x: np.ndarray) -> np.ndarray:
        """All free parameters (..., q) from the unconstrained ones (..., r)."""
        return x if self.unconstrained else self.offset + x @ self.basis.T

    def within(self, matrix: np.ndarray) -> np.ndarray:
        """A matrix (..., q, q) of the free parameters in terms of the unconstrained ones (..., r, r)."""
        return matrix if self.unconstrained else np.asarray(self.basis.T @ matrix @ self.basis)

    def reduced(self, theta: np.ndarray) -> np.ndarray:
        """The unconstrained parameters nearest to given values."""
        if self.unconstrained:
            return np.array(theta)
        return np.asarray((theta - self.offset) @ np.linalg.pinv(self.basis).T)


def _group_index(places: Matrices, group: int) -> GroupIndex:
    rows = np.flatnonzero((places.free > 0) & (places.group == group) & (places.matrix != NONE))
    matrix, row, column = places.matrix[rows], places.row[rows], places.col[rows]
    p, m = len(places.observed), len(places.latent)
    u = row + np.where(np.isin(matrix, (BETA, PSI, ALPHA)), p, 0)
    columns = {LAMBDA: p + m + column, BETA: p + m + column, PSI: p + column, THETA: column}
    v = np.select([matrix == code for code in columns], list(columns.values()), p + 2 * m)
    variance = np.isin(matrix, (PSI, THETA)) & (row == column)
    return GroupIndex(places.free[rows] - 1, matrix, row, column, u, v, np.where(variance, 0.5, 1.0))


def _reparametrisation(functions: ParameterFunctions, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A sparse basis of the linear equalities' null space: some parameters stay, the others are sums of these."""
    q = len(factor)
    linear = functions.linear_equalities() if functions.n_equalities else None
    if linear is None:
        return np.eye(q), np.zeros(q)
    slopes, values = linear[0] * factor, linear[1]
    return sparse_basis(slopes, values)


def sparse_basis(slopes: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Basis (q, r) and offset (q,) of what ``slopes @ theta == values`` leaves free: most parameters stay themselves.

    Constraints count the same whatever their units.
    """
    q = slopes.shape[1]
    system = np.column_stack([slopes, values])
    scale = np.abs(slopes).max(axis=1, initial=0.0)
    system = system[scale > 0] / scale[scale > 0, None]
    pivots = _eliminate(system, q)
    stay = [column for column in range(q) if column not in pivots]
    basis, offset = np.zeros((q, len(stay))), np.zeros(q)
    basis[stay, range(len(stay))] = 1.0
    for row, pivot in enumerate(pivots):
        basis[pivot], offset[pivot] = -system[row, stay], system[row, q]
    return basis, offset


def _eliminate(system: np.ndarray, q: int) -> list[int]:
    """Reduced row echelon form in place; returns the pivot columns, one per leading row.

    Of equally good pivots the last is taken, so that of tied parameters the first one stays.
    """
    pivots: list[int] = []
    for row in range(len(system)):
        rest = np.abs(system[row:, :q])
        largest = rest.max(initial=0.0)
        if largest < 1e-9:
            break
        best = np.argwhere(rest > 0.5 * largest)
        which, pivot = (int(value) for value in best[np.argmax(best[:, 1])])
        system[[row, row + which]] = system[[row + which, row]]
        system[row] /= system[row, pivot]
        others = [other for other in range(len(system)) if other != row]
        system[others] -= np.outer(system[others, pivot], system[row])
        pivots.append(pivot)
    return pivots
