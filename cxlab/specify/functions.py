"""Constraints and defined quantities of a parameter table, as functions of the vector of free parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cxlab.errors import ModelError
from cxlab.specify.cursor import Cursor, read_expression
from cxlab.specify.expression import Binary, Expression, Name, names_in, value_and_partials
from cxlab.specify.source import Source
from cxlab.specify.tokens import tokenize

if TYPE_CHECKING:
    from cxlab.specify.partable import ParTable

# A value and its slopes with respect to free parameters, keyed by their position from 0.
_Entry = tuple[np.ndarray, dict[int, np.ndarray]]


@dataclass(frozen=True, eq=False)
class ParameterFunctions:
    """What a model says about its parameters beyond the table: ``:=``, ``==``, ``<`` and ``>``.

    Every method takes `theta` of shape (..., n_free) and works on all leading axes at once, so 5,000 bootstrap draws
    are one call. Division by zero and the like give ``inf`` or ``nan``; the caller reports them.

    Attributes
    ----------
    n_free : int
        Length of the parameter vector.
    defined_names : tuple of str
        Names on the left of ``:=``, in the order of the text.
    n_equalities, n_inequalities : int
        Numbers of ``==`` rows (ties by shared labels included) and of ``<`` and ``>`` rows.
    """

    n_free: int
    defined_names: tuple[str, ...]
    n_equalities: int
    n_inequalities: int
    _parameters: dict[str, int | float]
    _defined: tuple[Expression, ...]
    _equal: tuple[Expression, ...]
    _positive: tuple[Expression, ...]

    @staticmethod
    def of(table: ParTable) -> ParameterFunctions:
        """The functions of a parameter table."""
        names, defined, equal, positive = [], [], [], []
        for lhs, op, rhs in zip(table.lhs, table.op, table.rhs, strict=True):
            if op == ":=":
                names.append(next(names_in(parse_expression(lhs))).name)
                defined.append(parse_expression(rhs))
            elif op == "==":
                equal.append(Binary("-", parse_expression(lhs), parse_expression(rhs)))
            elif op in ("<", ">"):
                large, small = (lhs, rhs) if op == ">" else (rhs, lhs)
                positive.append(Binary("-", parse_expression(large), parse_expression(small)))
        known = _parameters(table)
        _check_known(known, names, defined, [*equal, *positive])
        return ParameterFunctions(
            table.n_free, tuple(names), len(equal), len(positive), known, tuple(defined), tuple(equal), tuple(positive)
        )

    def defined(self, theta: np.ndarray) -> np.ndarray:
        """Values of the ``:=`` quantities; shape (..., number defined)."""
        return self._values(self._defined, theta)

    def defined_jacobian(self, theta: np.ndarray) -> np.ndarray:
        """Their derivatives; shape (..., number defined, n_free)."""
        return self._jacobian(self._defined, theta)

    def equalities(self, theta: np.ndarray) -> np.ndarray:
        """Left side minus right side of each ``==``, zero where it holds; shape (..., n_equalities)."""
        return self._values(self._equal, theta)

    def equality_jacobian(self, theta: np.ndarray) -> np.ndarray:
        """Derivatives of `equalities`; shape (..., n_equalities, n_free)."""
        return self._jacobian(self._equal, theta)

    def inequalities(self, theta: np.ndarray) -> np.ndarray:
        """Distance to each ``<`` or ``>``, positive where it holds; shape (..., n_inequalities)."""
        return self._values(self._positive, theta)

    def inequality_jacobian(self, theta: np.ndarray) -> np.ndarray:
        """Derivatives of `inequalities`; shape (..., n_inequalities, n_free)."""
        return self._jacobian(self._positive, theta)

    def linear_equalities(self) -> tuple[np.ndarray, np.ndarray] | None:
        """`(A, b)` with ``A @ theta == b`` when all equalities are linear, else None; A is (n_equalities, n_free)."""
        points = np.random.default_rng(1).uniform(0.5, 1.5, (3, self.n_free))
        slopes = self.equality_jacobian(points)
        if not np.isfinite(slopes).all() or not np.allclose(slopes, slopes[:1], rtol=1e-10, atol=1e-12):
            return None
        return slopes[0], slopes[0] @ points[0] - self.equalities(points[0])

    def rank(self) -> int:
        """Number of independent equalities, at a point without special values."""
        if not self.n_equalities:
            return 0
        point = np.random.default_rng(1).uniform(0.5, 1.5, self.n_free)
        return int(np.linalg.matrix_rank(np.nan_to_num(self.equality_jacobian(point))))

    def _values(self, expressions: Sequence[Expression], theta: np.ndarray) -> np.ndarray:
        theta = np.asarray(theta, dtype=float)
        known = self._environment(theta)
        values = [np.broadcast_to(_chain(item, known)[0], theta.shape[:-1]) for item in expressions]
        return np.stack(values, axis=-1) if values else np.zeros((*theta.shape[:-1], 0))

    def _jacobian(self, expressions: Sequence[Expression], theta: np.ndarray) -> np.ndarray:
        theta = np.asarray(theta, dtype=float)
        known = self._environment(theta)
        jacobian = np.zeros((*theta.shape[:-1], len(expressions), self.n_free))
        for position, item in enumerate(expressions):
            for parameter, slope in _chain(item, known)[1].items():
                jacobian[..., position, parameter] = slope
        return jacobian

    def _environment(self, theta: np.ndarray) -> dict[str, _Entry]:
        """Every label's and defined name's value and slopes at `theta`."""
        known: dict[str, _Entry] = {}
        for label, where in self._parameters.items():
            if isinstance(where, float):
                known[label] = (np.asarray(where), {})
            else:
                known[label] = (theta[..., where], {where: np.asarray(1.0)})
        for name, expression in zip(self.defined_names, self._defined, strict=True):
            known[name] = _chain(expression, known)
        return known


@cache
def parse_expression(text: str) -> Expression:
    """The tree of an arithmetic text, as it stands in a parameter table."""
    if text.startswith(".p") and text.endswith(".") and text[2:-1].isdigit():
        return Name(text)
    source = Source(text)
    cursor = Cursor(source, tokenize(source)[:-1])
    expression = read_expression(cursor)
    if not cursor.at_end():
        raise cursor.unexpected()
    return expression


def _parameters(table: ParTable) -> dict[str, int | float]:
    """For each label the position of its free parameter, or the value at which it is fixed."""
    known: dict[str, int | float] = {}
    for row in np.flatnonzero(table.is_parameter):
        free = int(table.free[row])
        where = free - 1 if free else float(table.ustart[row])
        for name in (table.label[row], table.plabel[row]):
            if name:
                known.setdefault(name, where)
    return known


def _check_known(
    known: dict[str, int | float], names: list[str], defined: list[Expression], constraints: list[Expression]
) -> None:
    available = set(known)
    for name, expression in zip(names, defined, strict=True):
        _check_names(expression, available)
        available.add(name)
    for expression in constraints:
        _check_names(expression, available)


def _check_names(expression: Expression, available: set[str]) -> None:
    for mention in names_in(expression):
        if mention.name not in available:
            labels = ", ".join(sorted(name for name in available if not name.startswith(".p"))) or "–"
            raise ModelError("specify.unknown_label_in_table", label=mention.name, known=labels)


def _chain(expression: Expression, known: dict[str, _Entry]) -> _Entry:
    """Value of an expression, and its slopes in the free parameters by the chain rule."""
    mentioned = {mention.name: known[mention.name][0] for mention in names_in(expression)}
    value, partials = value_and_partials(expression, mentioned)
    slopes: dict[int, np.ndarray] = {}
    with np.errstate(all="ignore"):
        for name, partial in partials.items():
            for parameter, inner in known[name][1].items():
                slopes[parameter] = slopes.get(parameter, np.asarray(0.0)) + partial * inner
    return value, slopes
