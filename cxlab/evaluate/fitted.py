"""A model at its estimates, with the sample moments behind them: what every judgement after the fit starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cxlab.specify.matrix_map import Matrices, ModelMatrices, matrices
from cxlab.specify.partable import ParTable

if TYPE_CHECKING:
    from cxlab.estimate.sem.engine import Estimation
    from cxlab.estimate.sem.least_squares import LeastSquares
    from cxlab.estimate.sem.ordinal import OrdinalLeastSquares


@dataclass(frozen=True, eq=False)
class Fitted:
    """A parameter table, its estimates and the moments they explain; make it with `Fitted.of`.

    Attributes
    ----------
    table : ParTable
        With the sample's moments at the rows of fixed covariates.
    theta : ndarray (q,)
        Estimates of the free parameters, in the data's units.
    cov : ndarray (groups, p, p)
        Sample covariance matrices in the order of ``table.variables.ov``, with the estimator's divisor.
    sample_mean : ndarray (groups, p) or None
        Sample means, where known.
    n_obs : ndarray (groups,)
        Rows per group.
    vcov : ndarray (q, q) or None
        Covariance matrix of the estimates; None where it is not needed or not known.
    estimator : str
        ``"ML"``, ``"GLS"``, ``"ULS"`` or ``"WLS"``: whose weights the derivatives use. Robust ML counts as ML.
    rows : tuple of ndarray (n_g, p), or None
        The rows of each group with nan where an answer is missing, after full-information maximum likelihood; then
        `cov` and `sample_mean` are the saturated model's.
    derived : tuple of int array (k,) and ndarray (k, q), or None
        Rows of the table whose values follow from the free parameters though they are not free (residual variances of
        ordinal items), and their derivatives.
    answers : tuple of ndarray (n_g, p), or None
        Complete rows of each group where the estimates' standard errors do not need normality: nor do then those of
        residuals.
    observed : bool
        Whether the estimates' standard errors come from observed information.
    squares : LeastSquares, OrdinalLeastSquares or None
        After least squares with weights of their own: what was minimised.
    """

    table: ParTable
    theta: np.ndarray
    cov: np.ndarray
    sample_mean: np.ndarray | None
    n_obs: np.ndarray
    vcov: np.ndarray | None = None
    estimator: str = "ML"
    rows: tuple[np.ndarray, ...] | None = None
    derived: tuple[np.ndarray, np.ndarray] | None = None
    answers: tuple[np.ndarray, ...] | None = None
    observed: bool = False
    squares: LeastSquares | OrdinalLeastSquares | None = None

    @property
    def ordinal(self) -> bool:
        """Whether items are ordinal: thresholds and correlations were fitted."""
        return bool(self.table.ordered)

    @staticmethod
    def of(
        table: ParTable,
        theta: np.ndarray,
        cov: np.ndarray,
        n_obs: object,
        mean: np.ndarray | None = None,
        vcov: np.ndarray | None = None,
        estimator: str = "ML",
        rows: Sequence[np.ndarray] | None = None,
    ) -> Fitted:
        """From one group's (p, p) and (p,) or several groups' (groups, p, p) and (groups, p).

        Examples
        --------
        >>> from cxlab.specify import Model
        >>> table = Model.parse("y ~ x").partable()
        >>> fitted = Fitted.of(table, [0.5, 0.75], [[1.0, 0.5], [0.5, 1.0]], 100)
        >>> fitted.matrices.beta[0].tolist(), fitted.total
        ([[0.0, 0.5], [0.0, 0.0]], 100.0)
        """
        n = np.atleast_1d(np.asarray(n_obs, dtype=float))
        p = len(table.variables.ov)
        covs = np.asarray(cov, dtype=float).reshape(len(n), p, p)
        means = None if mean is None else np.asarray(mean, dtype=float).reshape(len(n), p)
        filled = table.with_exogenous(covs, means)
        held = None if rows is None else tuple(np.asarray(group, dtype=float) for group in rows)
        spread = None if vcov is None else np.asarray(vcov, dtype=float)
        return Fitted(filled, np.asarray(theta, dtype=float), covs, means, n, spread, _weights_of(estimator), held)

    @staticmethod
    def after(estimation: Estimation, estimator: str = "ML", rows: Sequence[np.ndarray] | None = None) -> Fitted:
        """From what the engine found; `rows` (each group's, with nan) after full-information maximum likelihood."""
        found = Fitted.of(
            estimation.table,
            estimation.theta,
            estimation.sample_cov,
            estimation.n_obs,
            estimation.sample_mean,
            estimation.vcov,
            estimator,
            rows,
        )
        return replace(found, derived=estimation.derived, squares=estimation.squares)

    @cached_property
    def places(self) -> Matrices:
        """Where each row of the table stands."""
        return matrices(self.table)

    @cached_property
    def matrices(self) -> ModelMatrices:
        """The model matrices at the estimates, with a leading axis for groups."""
        return self.places.assemble(self.theta)

    @property
    def mean(self) -> np.ndarray | None:
        """Sample means (groups, p) where means are modelled, else None."""
        return self.sample_mean if self.table.meanstructure else None

    @property
    def total(self) -> float:
        """All rows together."""
        return float(self.n_obs.sum())

    @property
    def shares(self) -> np.ndarray:
        """Each group's share of the rows (groups,)."""
        return np.asarray(self.n_obs / self.n_obs.sum())

    @property
    def estimates(self) -> np.ndarray:
        """Value of each row of the table (rows,); nan for definitions and constraints."""
        return row_values(self.table, self.theta)

    @cached_property
    def implied(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Implied covariance matrices (groups, p, p) and means (groups, p) or None."""
        at = self.matrices
        reduced = at.lambda_ @ np.linalg.inv(np.eye(at.beta.shape[-1]) - at.beta)
        cov = reduced @ at.psi @ np.swapaxes(reduced, -1, -2) + at.theta
        mean = at.nu + (reduced @ at.alpha[..., None])[..., 0]
        return cov, mean if self.table.meanstructure else None


def row_values(table: ParTable, theta: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    """Value of every row (..., rows) at theta (..., q).

    `fixed` (rows,) or (..., rows) replaces the fixed values; a bootstrap gives each replicate's own moments of the
    fixed covariates with `exogenous_rows`.
    """
    theta = np.asarray(theta, dtype=float)
    padded = np.concatenate([np.full((*theta.shape[:-1], 1), np.nan), theta], axis=-1)
    return np.where(table.free > 0, padded[..., table.free], table.ustart if fixed is None else fixed)


def exogenous_rows(table: ParTable, cov: np.ndarray, mean: np.ndarray | None = None) -> np.ndarray:
    """Fixed values of every row (R, rows) with the moments of R samples at the fixed covariates' rows.

    Parameters
    ----------
    table : ParTable
    cov : ndarray (R, groups, p, p)
        In the order of ``table.variables.ov``.
    mean : ndarray (R, groups, p), optional
    """
    order = {name: position for position, name in enumerate(table.variables.ov)}
    fixed = np.tile(table.ustart, (len(cov), 1))
    for row in np.flatnonzero(table.exo):
        group, position = int(table.group[row]) - 1, order[table.lhs[row]]
        if table.op[row] == "~~":
            fixed[:, row] = cov[:, group, position, order[table.rhs[row]]]
        elif mean is not None:
            fixed[:, row] = mean[:, group, position]
    return fixed


def free_rows(table: ParTable) -> np.ndarray:
    """The table's row of each free parameter (q,)."""
    rows = np.flatnonzero(table.free)
    return np.asarray(rows[np.argsort(table.free[rows])])


def _weights_of(estimator: str) -> str:
    """Robust ML takes its point estimates and expected information from ML."""
    name = estimator.upper()
    return "ML" if name.startswith("ML") else name
