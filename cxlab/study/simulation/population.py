"""A population: a model in which every parameter has a value, and the moments it implies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxlab.errors import ModelError
from cxlab.evaluate.spreads import assembled
from cxlab.specify import Matrices, Model, ModelMatrices, ParTable, matrices
from cxlab.specify.partable import CONSTRAINT_OPS
from cxlab.specify.statements import Modifiers, Term
from cxlab.specify.write import lavaan_text
from cxlab.study.simulation.standard import unit_variances

# Rounding of what the text of a truth holds, so that reading it gives the same population.
DIGITS = 12
# A pivot below this share of its variance counts as zero: a variable that others determine.
_ZERO = 1e-10


@dataclass(frozen=True, eq=False)
class Population:
    """A model at known values; make it with `population`.

    Attributes
    ----------
    model : Model
        As written, without the values that were filled in.
    table : ParTable
    values : ndarray (rows,)
        Value of every row of the table; nan for constraints and definitions.
    """

    model: Model
    table: ParTable
    values: np.ndarray

    @cached_property
    def places(self) -> Matrices:
        """Where each row of the table stands."""
        return matrices(self.table)

    @cached_property
    def matrices(self) -> ModelMatrices:
        """The model's matrices, with a leading axis for groups."""
        return assembled(self.places, self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """The p observed variables."""
        return self.places.observed

    @property
    def latent(self) -> tuple[str, ...]:
        """The latent variables, without the observed ones that the matrices carry among them."""
        return self.table.variables.lv

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups' names; empty with one group."""
        return self.table.group_labels

    @cached_property
    def total_effect(self) -> np.ndarray:
        """(I - B)^-1 (G, m, m)."""
        return np.asarray(np.linalg.inv(np.eye(self.matrices.beta.shape[-1]) - self.matrices.beta))

    @cached_property
    def roots(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower triangular roots of Psi (G, m, m) and Theta (G, p, p)."""
        psi, theta = (np.array([psd_root(one)[0] for one in part]) for part in (self.matrices.psi, self.matrices.theta))
        return psi, theta

    @cached_property
    def cov(self) -> np.ndarray:
        """Covariance matrices (G, p, p)."""
        at = self.matrices
        reduced = at.lambda_ @ self.total_effect
        return np.asarray(reduced @ at.psi @ np.swapaxes(reduced, -1, -2) + at.theta)

    @cached_property
    def mean(self) -> np.ndarray:
        """Means (G, p)."""
        return self._mean(self.matrices.alpha)

    @cached_property
    def location(self) -> np.ndarray:
        """Where thresholds are counted from: means of the first group if its latent variables had mean 0 (p,)."""
        observed = np.arange(self.matrices.alpha.shape[-1]) >= len(self.latent)
        return np.asarray(self._mean(np.where(observed, self.matrices.alpha, 0.0))[0])

    @cached_property
    def spread(self) -> np.ndarray:
        """In which unit thresholds are counted: standard deviations of the first group (p,)."""
        return np.sqrt(np.diag(self.cov[0]))

    @cached_property
    def truth(self) -> str:
        """lavaan text with the value of every parameter; covariances and intercepts it does not name are 0."""
        return truth_text(self.model, self.table, self.values)

    def _mean(self, alpha: np.ndarray) -> np.ndarray:
        at = self.matrices
        return np.asarray(at.nu + (at.lambda_ @ self.total_effect @ alpha[..., None])[..., 0])


def population(model: str | Model, groups: Sequence[str] = (), standardized: bool = False) -> Population:
    """Read a model whose terms have values.

    Parameters
    ----------
    model : str or Model
        lavaan text. Every loading, path and stated covariance needs a number (``0.8*sat1``; ``start(0.8)*sat1``
        counts too); covariances and intercepts that are not stated are 0.
    groups : sequence of str
        Names of the groups, where the text has ``c(a, b)*``.
    standardized : bool
        Set the variances that the text does not state so that every variable has variance 1.

    Raises
    ------
    ModelSyntaxError
        A term without a value, with its line.
    ModelError
        A variance without a value, a negative one, covariance matrices that no data can have, constraints that the
        values break.

    Examples
    --------
    >>> one = population("f =~ 0.8*a + 0.6*b + 0.7*c", standardized=True)
    >>> one.cov[0].round(2).tolist()
    [[1.0, 0.48, 0.56], [0.48, 1.0, 0.42], [0.56, 0.42, 1.0]]
    """
    parsed = model if isinstance(model, Model) else Model.parse(model)
    table = parsed.partable(
        kind="sem",
        meanstructure=True,
        fixed_x=False,
        auto_fix_first=False,
        auto_fix_single=False,
        group_labels=tuple(groups),
    )
    values = _filled(parsed, table)
    _refuse_negative(table, values, "simulation.negative_variance")
    if standardized:
        values = unit_variances(table, values)
    found = Population(parsed, table, np.round(values, DIGITS))
    _check_variances(found)
    _check_moments(found)
    _check_constraints(found)
    return found


def _filled(model: Model, table: ParTable) -> np.ndarray:
    """The values as stated, 0 for covariances and intercepts that are not; nan for variances that are not."""
    values = table.ustart.copy()
    terms = {(term.lhs, term.op, term.rhs): term for term in model.terms}
    for row in np.flatnonzero(table.is_parameter & np.isnan(values)):
        lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
        if op == "~~" and lhs == rhs:
            continue
        if table.user[row] == 1:
            term = terms.get((lhs, op, rhs)) or terms[rhs, op, lhs]
            written = f"{term.lhs} {op.rstrip('1')} 0.5*{term.rhs or '1'}"
            model.source.fail("simulation.no_value", term.rhs_at, name=f"{lhs} {op} {rhs}".rstrip(), example=written)
        values[row] = 0.0
    return values


def _variances(table: ParTable) -> np.ndarray:
    """Which rows are variances."""
    return np.array([op == "~~" and lhs == rhs for lhs, op, rhs in zip(table.lhs, table.op, table.rhs, strict=True)])


def _refuse_negative(table: ParTable, values: np.ndarray, key: str) -> None:
    for row in np.flatnonzero(_variances(table) & (values < 0)):
        raise ModelError(key, name=table.lhs[row], value=f"{values[row]:.3g}")


def _check_variances(found: Population) -> None:
    table, own = found.table, _variances(found.table)
    values = found.values
    missing = list(dict.fromkeys(table.lhs[row] for row in np.flatnonzero(own & np.isnan(values))))
    if missing:
        example = f"{missing[0]} ~~ 0.5*{missing[0]}"
        raise ModelError("simulation.no_variance", names=", ".join(missing), example=example)
    _refuse_negative(table, values, "simulation.needs_negative_variance")


def _check_moments(found: Population) -> None:
    """Covariance matrices of disturbances, residuals and items that data can have, or the variable that cannot."""
    at = found.matrices
    for group in range(found.table.n_groups):
        if not np.isfinite(found.total_effect[group]).all():
            raise ModelError("simulation.no_equilibrium")
        for matrix, names in ((at.psi, found.places.latent), (at.theta, found.names), (found.cov, found.names)):
            broken = psd_root(matrix[group])[1]
            if broken is not None:
                raise ModelError("simulation.not_positive_definite", name=names[broken])
        flat = np.flatnonzero(np.diag(found.cov[group]) <= 0)
        if len(flat):
            raise ModelError("simulation.constant_variable", name=found.names[flat[0]])


def _check_constraints(found: Population) -> None:
    table, functions = found.table, found.table.functions
    theta = found.values[table.free > 0]
    for op, gaps in (("==", np.abs(functions.equalities(theta))), ("<>", -functions.inequalities(theta))):
        rows = [row for row in range(len(table)) if table.op[row] in (("==",) if op == "==" else ("<", ">"))]
        for row, gap in zip(rows, gaps, strict=True):
            if gap > 1e-8:
                text = f"{table.lhs[row]} {table.op[row]} {table.rhs[row]}"
                raise ModelError("simulation.broken_constraint", constraint=text)


def psd_root(matrix: np.ndarray) -> tuple[np.ndarray, int | None]:
    """Lower triangular L with L L' = matrix, also of a singular matrix; and the first row that has none.

    Cholesky without pivots: unlike an eigenvalue root it has no signs to choose, so it is the same on every machine.

    Examples
    --------
    >>> psd_root(np.array([[4.0, 2.0], [2.0, 1.0]]))
    (array([[2., 0.],
           [1., 0.]]), None)
    >>> psd_root(np.array([[1.0, 2.0], [2.0, 1.0]]))[1]
    1
    """
    size = len(matrix)
    root = np.zeros((size, size))
    for row in range(size):
        rest = matrix[row:, row] - root[row:, :row] @ root[row, :row]
        pivot, scale = rest[0], _ZERO * max(abs(matrix[row, row]), 1e-300)
        if pivot > scale:
            root[row:, row] = rest / math.sqrt(pivot)
        elif pivot < -scale or (np.abs(rest) > np.sqrt(_ZERO * np.abs(np.diag(matrix)[row:] * matrix[row, row]))).any():
            return root, row
    return root, None


def truth_text(model: Model, table: ParTable, values: np.ndarray) -> str:
    """A model as lavaan text with the value of every parameter: stated rows in their order, then the others."""
    size = int((table.group == 1).sum())
    by_group = values[: size * table.n_groups].reshape(table.n_groups, size)
    labels = np.array(table.label[: size * table.n_groups]).reshape(table.n_groups, size)
    terms = []
    for row in sorted(range(size), key=lambda row: table.user[row] != 1):
        if table.op[row] == "~1" and table.user[row] != 1 and not by_group[:, row].any():
            continue
        fixed = tuple(float(value) for value in dict.fromkeys(by_group[:, row]))
        fixed = fixed if len(fixed) == 1 else tuple(float(value) for value in by_group[:, row])
        own = tuple("" if label.startswith(".p") else str(label) for label in labels[:, row])
        label = () if not any(own) else own[:1] if len(set(own)) == 1 else own
        terms.append(Term(table.lhs[row], table.op[row], table.rhs[row], Modifiers(fixed=fixed, label=label)))
    return lavaan_text(terms, model.constraints).strip()


def with_values(model: Model, table: ParTable, values: np.ndarray) -> Model:
    """A model text's parse, from a table at these values; constraints of the table are the model's."""
    rows = np.array([op not in CONSTRAINT_OPS for op in table.op])
    full = np.where(rows, values, np.nan)
    return Model.parse(truth_text(model, replace(table, user=np.where(rows, 1, table.user)), full))
