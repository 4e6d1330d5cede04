"""Residual variances that give every variable variance 1."""

from __future__ import annotations

import numpy as np

from cxlab.errors import ModelError
from cxlab.evaluate.spreads import assembled
from cxlab.specify import ParTable, matrices
from cxlab.specify.matrix_map import PSI, THETA


def unit_variances(table: ParTable, values: np.ndarray) -> np.ndarray:
    """The values with variances that the text leaves open set so that every variable has variance 1.

    Total variances are linear in the variances of disturbances, so one set of equations serves paths in any order,
    circles too; then items' residuals take what is left of 1. Latent composites keep variance as they are formed.

    Parameters
    ----------
    table : ParTable
    values : ndarray (rows,)
        nan where a variance is open.

    Raises
    ------
    ModelError
        A variance that the text states keeps a variable from variance 1.

    Notes
    -----
    Equals what ``lavaan::simulateData(standardized = TRUE)`` sets where no path goes through a third variable; lavaan
    0.6-14 sets the residual variances of longer chains without regard to the middle variable's own.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("y ~ 0.6*x").partable(fixed_x=False)
    >>> unit_variances(table, table.ustart).round(2).tolist()
    [0.6, 0.64, 1.0]
    """
    places = matrices(table)
    values = values.copy()
    own = (places.row == places.col) & np.isnan(values)
    inner = [np.flatnonzero(own & (places.matrix == PSI) & (places.group == g)) for g in range(table.n_groups)]
    known = values.copy()
    known[own] = 0.0
    at = assembled(places, known)
    effect = np.linalg.inv(np.eye(at.beta.shape[-1]) - at.beta)
    for group, rows in enumerate(inner):
        position = places.row[rows]
        given = effect[group] @ at.psi[group] @ effect[group].T
        shares = effect[group][np.ix_(position, position)] ** 2
        values[rows] = np.linalg.solve(shares, 1 - np.diag(given)[position])
    known = np.where(own & (places.matrix == THETA), 0.0, values)
    at = assembled(places, known)
    reduced = at.lambda_ @ effect
    explained = np.diagonal(reduced @ at.psi @ np.swapaxes(reduced, -1, -2) + at.theta, axis1=-2, axis2=-1)
    rest = np.flatnonzero(own & (places.matrix == THETA))
    values[rest] = 1 - explained[places.group[rest], places.row[rest]]
    _check(table, values)
    return values


def _check(table: ParTable, values: np.ndarray) -> None:
    places = matrices(table)
    at = assembled(places, values)
    effect = np.linalg.inv(np.eye(at.beta.shape[-1]) - at.beta)
    inner = effect @ at.psi @ np.swapaxes(effect, -1, -2)
    outer = at.lambda_ @ inner @ np.swapaxes(at.lambda_, -1, -2) + at.theta
    formed = set(table.variables.lv_formative)
    for group in range(table.n_groups):
        total = dict(zip(places.latent, np.diag(inner[group]), strict=True))
        total |= dict(zip(places.observed, np.diag(outer[group]), strict=True))
        for name, variance in total.items():
            if name not in formed and abs(variance - 1) > 1e-9:
                raise ModelError("simulation.not_unit_variance", name=name, value=f"{variance:.4g}")
