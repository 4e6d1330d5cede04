"""One group's model as an engine sees it: where each parameter stands, and in which unit.

Sigma = Lambda (I - B)^-1 Psi (I - B)^-T Lambda' + Theta, with p items, m inner variables (latent variables, and items
that take part in regressions) and q parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxlab.specify.matrix_map import ALPHA, BETA, LAMBDA, NU, PSI, THETA, Matrices, ModelMatrices


@dataclass(frozen=True, eq=False)
class Structure:
    """The places of one group's parameters, with what engines ask of them.

    Attributes
    ----------
    places : Matrices
        Matrix, row and column of every row of the parameter table, and the fixed values.
    """

    places: Matrices

    @cached_property
    def rows(self) -> np.ndarray:
        """The table's row of each parameter (q,)."""
        free = np.flatnonzero(self.places.free)
        return free[np.argsort(self.places.free[free])]

    @cached_property
    def matrix(self) -> np.ndarray:
        """LAMBDA, BETA, PSI or THETA for each parameter (q,)."""
        return self.places.matrix[self.rows]

    @cached_property
    def row(self) -> np.ndarray:
        """Row of each parameter in its matrix (q,)."""
        return self.places.row[self.rows]

    @cached_property
    def column(self) -> np.ndarray:
        """Column of each parameter in its matrix (q,)."""
        return self.places.col[self.rows]

    @cached_property
    def fixed(self) -> ModelMatrices:
        """The matrices with 0 where parameters stand."""
        return fill(self, np.zeros(self.parameters))

    @cached_property
    def is_variance(self) -> np.ndarray:
        """Which parameters are variances (q,)."""
        return np.isin(self.matrix, (PSI, THETA)) & (self.row == self.column)

    @property
    def items(self) -> int:
        """p, the number of items."""
        return len(self.places.observed)

    @property
    def inner(self) -> int:
        """m, the number of inner variables."""
        return len(self.places.latent)

    @property
    def parameters(self) -> int:
        """q, the number of free parameters."""
        return self.places.n_free


def fill(structure: Structure, theta: np.ndarray) -> ModelMatrices:
    """The matrices at parameter values (..., q), without the axis for groups."""
    filled = structure.places.assemble(theta)
    return ModelMatrices(*(matrix[..., 0, :, :] for matrix in filled[:4]), *(mean[..., 0, :] for mean in filled[4:]))


@dataclass(frozen=True)
class Units:
    """What one unit is inside the engine: of each item (p,) and each inner variable (m,).

    The fit does not depend on units, but a search does: items in Vietnamese dong and in scale points must not differ
    by a factor of a million inside.
    """

    items: np.ndarray
    inner: np.ndarray


def natural_units(structure: Structure, cov: np.ndarray) -> Units:
    """Items in standard deviations; inner variables in the unit that their fixed loading or variance gives them."""
    items = np.sqrt(np.diag(cov))
    inner = np.full(structure.inner, np.nan)
    fixed = structure.fixed
    for column in range(structure.inner):
        tied = np.flatnonzero(fixed.lambda_[:, column])
        if len(tied):
            inner[column] = items[tied[0]] / abs(fixed.lambda_[tied[0], column])
        elif fixed.psi[column, column] > 0:
            inner[column] = np.sqrt(fixed.psi[column, column])
    for _ in range(structure.inner):
        for column in np.flatnonzero(np.isnan(inner)).tolist():
            tied = np.flatnonzero(np.where(np.isnan(inner), 0, fixed.beta[:, column]))
            if len(tied):
                inner[column] = inner[tied[0]] / abs(fixed.beta[tied[0], column])
    return Units(items, np.where(np.isnan(inner), _typical_units(structure, items), inner))


def _typical_units(structure: Structure, items: np.ndarray) -> np.ndarray:
    """For inner variables that nothing fixed ties to an item: the mean spread of their items, or 1."""
    places = structure.places
    loads = places.matrix == LAMBDA
    typical = np.ones(structure.inner)
    for column in range(structure.inner):
        rows = places.row[loads & (places.col == column)]
        if len(rows):
            typical[column] = items[rows].mean()
    return typical


def in_units(structure: Structure, units: Units) -> Structure:
    """The same model with fixed values written in these units."""
    places = structure.places
    return Structure(replace(places, value=places.value / row_factors(places, units)))


def factors(structure: Structure, units: Units) -> np.ndarray:
    """What each parameter inside is multiplied by to be in the data's units (q,)."""
    return row_factors(structure.places, units)[structure.rows]


def row_factors(places: Matrices, units: Units) -> np.ndarray:
    """What each row of the table, written in these units, is multiplied by to be in the data's units (rows,)."""
    d, e = units.items, units.inner
    factor = np.ones(len(places.matrix))
    for code, scale in (
        (LAMBDA, d[:, None] / e),
        (BETA, e[:, None] / e),
        (PSI, np.outer(e, e)),
        (THETA, np.outer(d, d)),
        (NU, d[:, None]),
        (ALPHA, e[:, None]),
    ):
        here = places.matrix == code
        factor[here] = scale[places.row[here], places.col[here]]
    return factor
