"""Where each parameter stands in the model matrices, for estimators that see arrays only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cxlab.specify.partable import ParTable

NONE, LAMBDA, BETA, PSI, THETA, NU, ALPHA = range(7)


class ModelMatrices(NamedTuple):
    """The matrices of y = nu + Lambda eta + eps, eta = alpha + B eta + zeta, with leading axes (..., groups)."""

    lambda_: np.ndarray
    beta: np.ndarray
    psi: np.ndarray
    theta: np.ndarray
    nu: np.ndarray
    alpha: np.ndarray


@dataclass(frozen=True, eq=False)
class Matrices:
    """The place of every row of a parameter table: matrix, row, column and group.

    Observed variables that take part in regressions, form a composite, or covary with a latent variable are carried
    as latent variables with one indicator: a 1 in Lambda, their (co)variances in Psi, their mean in alpha.

    Attributes
    ----------
    observed : tuple of str
        Rows of Lambda, in the order of ``ParTable.variables.ov``; length p.
    latent : tuple of str
        Columns of Lambda: latent variables, then the carried observed ones; length m.
    n_groups, n_free : int
        Numbers of groups and of free parameters.
    matrix : int array of shape (rows,)
        One of ``NONE LAMBDA BETA PSI THETA NU ALPHA`` (0 to 6); NONE for constraints.
    row, col, group : int array of shape (rows,)
        Place in that matrix, and group, from 0. For Psi and Theta the mirror place holds the same parameter.
    free : int array of shape (rows,)
        Number of the free parameter from 1; 0 when fixed.
    value : float array of shape (rows,)
        Value of a fixed row; nan where the sample's moment belongs (see `ParTable.with_exogenous`).
    carried : int array of shape (carried observed variables, 2)
        Places in Lambda that hold 1.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    n_groups: int
    n_free: int
    matrix: np.ndarray
    row: np.ndarray
    col: np.ndarray
    group: np.ndarray
    free: np.ndarray
    value: np.ndarray
    carried: np.ndarray

    def assemble(self, theta: np.ndarray) -> ModelMatrices:
        """The matrices at parameter values of shape (..., n_free); each result has shape (..., groups, ...)."""
        theta = np.asarray(theta, dtype=float)
        lead = (*theta.shape[:-1], self.n_groups)
        p, m = len(self.observed), len(self.latent)
        shapes = {LAMBDA: (p, m), BETA: (m, m), PSI: (m, m), THETA: (p, p), NU: (p, 1), ALPHA: (m, 1)}
        filled = {code: np.zeros((*lead, *shape)) for code, shape in shapes.items()}
        filled[LAMBDA][..., self.carried[:, 0], self.carried[:, 1]] = 1.0
        padded = np.concatenate([np.zeros((*theta.shape[:-1], 1)), theta], axis=-1)
        values = np.where(self.free > 0, padded[..., self.free], self.value)
        for code, target in filled.items():
            here = self.matrix == code
            places = self.group[here], self.row[here], self.col[here]
            target[..., places[0], places[1], places[2]] = values[..., here]
            if code in (PSI, THETA):
                target[..., places[0], places[2], places[1]] = values[..., here]
        nu, alpha = filled[NU][..., 0], filled[ALPHA][..., 0]
        return ModelMatrices(filled[LAMBDA], filled[BETA], filled[PSI], filled[THETA], nu, alpha)


def matrices(table: ParTable) -> Matrices:
    """The matrix places of a parameter table.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> places = matrices(Model.parse("f =~ x1 + x2 + x3; y ~ f").partable())
    >>> places.observed, places.latent
    (('x1', 'x2', 'x3', 'y'), ('f', 'y'))
    """
    sets = table.variables
    carried = _carried(table)
    latent = (*sets.lv, *(name for name in sets.ov if name in carried))
    p_of = {name: position for position, name in enumerate(sets.ov)}
    m_of = {name: position for position, name in enumerate(latent)}
    places = [_place(lhs, op, rhs, p_of, m_of) for lhs, op, rhs in zip(table.lhs, table.op, table.rhs, strict=True)]
    code, row, col = (np.array(column, dtype=int) for column in zip(*places, strict=True))
    return Matrices(
        observed=sets.ov,
        latent=latent,
        n_groups=table.n_groups,
        n_free=table.n_free,
        matrix=code,
        row=row,
        col=col,
        group=np.maximum(table.group - 1, 0),
        free=table.free,
        value=table.ustart,
        carried=np.array([(p_of[name], m_of[name]) for name in latent if name in p_of], dtype=int).reshape(-1, 2),
    )


def _carried(table: ParTable) -> set[str]:
    """Observed variables that must stand among the latent ones; a covariance with such a one pulls its partner in."""
    observed, latent = set(table.variables.ov), set(table.variables.lv)
    rows = list(zip(table.lhs, table.op, table.rhs, strict=True))
    carried: set[str] = set()
    pairs: list[tuple[str, str]] = []
    for lhs, op, rhs in rows:
        if op in ("~", "<~"):
            carried |= observed & {lhs, rhs}
        elif op == "~~" and lhs != rhs:
            carried |= observed & {lhs, rhs} if latent & {lhs, rhs} else set()
            pairs.append((lhs, rhs))
    return _closed(carried, pairs, observed)


def _closed(carried: set[str], pairs: Iterable[tuple[str, str]], observed: set[str]) -> set[str]:
    pairs = [pair for pair in pairs if observed.issuperset(pair)]
    while True:
        more = {name for pair in pairs if carried & set(pair) for name in pair} - carried
        if not more:
            return carried
        carried |= more


def _place(lhs: str, op: str, rhs: str, p_of: dict[str, int], m_of: dict[str, int]) -> tuple[int, int, int]:
    if op == "=~":
        return (BETA, m_of[rhs], m_of[lhs]) if rhs in m_of else (LAMBDA, p_of[rhs], m_of[lhs])
    if op in ("~", "<~"):
        return BETA, m_of[lhs], m_of[rhs]
    if op == "~~":
        inner = lhs in m_of and rhs in m_of
        return (PSI, m_of[lhs], m_of[rhs]) if inner else (THETA, p_of[lhs], p_of[rhs])
    if op == "~1":
        return (ALPHA, m_of[lhs], 0) if lhs in m_of else (NU, p_of[lhs], 0)
    return NONE, 0, 0
