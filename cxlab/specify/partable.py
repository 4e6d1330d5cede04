"""The parameter table: one row per parameter or constraint, with lavaan's columns in lavaan's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cxlab.errors import Notice
from cxlab.specify.variables import Variables, variables

if TYPE_CHECKING:
    import pandas as pd

    from cxlab.specify.functions import ParameterFunctions

CONSTRAINT_OPS = ("==", "<", ">", ":=")
COLUMNS = ("id", "lhs", "op", "rhs", "user", "block", "group", "free", "ustart", "exo", "label", "plabel")


@dataclass(frozen=True)
class _Row:
    lhs: str
    op: str
    rhs: str


@dataclass(frozen=True, eq=False, repr=False)
class ParTable:
    """A model as an estimator reads it: lavaan's parameter table, as arrays.

    Attributes
    ----------
    id : int array of shape (rows,)
        1, 2, ...
    lhs, op, rhs : tuple of str
        What the parameter is. `rhs` is empty for ``~1``.
    user : int array
        1 from the text, 0 from a rule, 2 an equality that a shared label makes.
    block, group : int array
        Group, from 1; 0 for constraints.
    free : int array
        Number of the free parameter, from 1; 0 when fixed.
    ustart : float array
        Value of a fixed parameter or the user's start; nan when neither was given.
    exo : int array
        1 for moments of exogenous covariates, which are fixed at the sample's.
    label, plabel : tuple of str
        The user's label, and the parameter's own name ``.p1.``.
    group_labels : tuple of str
        The groups' names in order; empty with one group.
    notices : tuple of Notice
        What the reader should know about the model.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3").partable()
    >>> table.n_free, table.df
    (6, 0)
    >>> table.frame[["lhs", "op", "rhs", "free", "ustart"]].head(3)
      lhs  op rhs  free  ustart
    0   f  =~  x1     0     1.0
    1   f  =~  x2     1     NaN
    2   f  =~  x3     2     NaN
    """

    id: np.ndarray
    lhs: tuple[str, ...]
    op: tuple[str, ...]
    rhs: tuple[str, ...]
    user: np.ndarray
    block: np.ndarray
    group: np.ndarray
    free: np.ndarray
    ustart: np.ndarray
    exo: np.ndarray
    label: tuple[str, ...]
    plabel: tuple[str, ...]
    group_labels: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        for column in fields(self):
            value = getattr(self, column.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.lhs)

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame with lavaan's columns."""
        import pandas as pd

        return pd.DataFrame({name: getattr(self, name) for name in COLUMNS})

    def __repr__(self) -> str:
        return str(self.frame.to_string(index=False, na_rep=""))

    def _repr_html_(self) -> str:
        return str(self.frame.to_html(index=False, na_rep=""))

    @property
    def n_free(self) -> int:
        """Number of free parameters, before equality constraints."""
        return int(self.free.max(initial=0))

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return int(self.group.max(initial=1))

    @cached_property
    def is_parameter(self) -> np.ndarray:
        """Rows that are parameters, not constraints or definitions; shape (rows,), bool."""
        return np.array([op not in CONSTRAINT_OPS for op in self.op])

    @property
    def meanstructure(self) -> bool:
        """Whether means are modelled."""
        return "~1" in self.op

    @property
    def fixed_x(self) -> bool:
        """Whether moments of exogenous covariates are held at the sample's."""
        return bool(self.exo.any())

    @cached_property
    def variables(self) -> Variables:
        """lavaan's variable sets (of the first group; all groups have the same)."""
        first = [row for row in range(len(self)) if self.group[row] == 1]
        rows = [_Row(self.lhs[row], self.op[row], self.rhs[row]) for row in first]
        return variables(rows, [self.user[row] == 1 for row in first])

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """Ordinal items, in the order of ``variables.ov``: those with thresholds."""
        named = {lhs for lhs, op in zip(self.lhs, self.op, strict=True) if op == "|"}
        return tuple(name for name in self.variables.ov if name in named)

    @cached_property
    def functions(self) -> ParameterFunctions:
        """The constraints and defined quantities, ready to evaluate at any parameter vector."""
        from cxlab.specify.functions import ParameterFunctions

        return ParameterFunctions.of(self)

    @property
    def n_moments(self) -> int:
        """Number of sample moments that the model explains: those of fixed covariates are not counted."""
        p, x = len(self.variables.ov), len(self.variables.ov_x) if self.fixed_x else 0
        if self.ordered:
            thresholds = sum(op == "|" and group == 1 for op, group in zip(self.op, self.group, strict=True))
            return (thresholds + 2 * (p - len(self.ordered)) + p * (p - 1) // 2) * self.n_groups
        per_group = p * (p + 1) // 2 - x * (x + 1) // 2
        if self.meanstructure:
            per_group += p - x
        return per_group * self.n_groups

    @cached_property
    def n_equalities(self) -> int:
        """Number of independent equality constraints."""
        return self.functions.rank()

    @property
    def df(self) -> int:
        """Degrees of freedom; negative when the model asks more than the moments can tell."""
        return self.n_moments - self.n_free + self.n_equalities

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name for each free parameter: its label, else as lavaan's ``coef`` writes it (``f=~x2``, ``f~~f.g2``)."""
        found = []
        for row in np.flatnonzero(self.free):
            suffix = f".g{self.group[row]}" if self.group[row] > 1 else ""
            label = self.label[row]
            own = f"{self.lhs[row]}{self.op[row]}{self.rhs[row]}{suffix}"
            found.append(label if label and not label.startswith(".p") else own)
        return tuple(found)

    def equals(self, other: ParTable) -> bool:
        """Whether two tables have the same columns, row by row (missing values are equal)."""
        if len(self) != len(other):
            return False
        return all(_same(getattr(self, name), getattr(other, name)) for name in COLUMNS)

    def with_exogenous(
        self, covs: Sequence[np.ndarray] | np.ndarray, means: Sequence[np.ndarray] | np.ndarray | None = None
    ) -> ParTable:
        """The table with the sample's moments at the fixed covariates' rows.

        Parameters
        ----------
        covs : array of shape (groups, p, p), or (p, p) with one group
            Covariances of the observed variables in the order of ``variables.ov``, divided as the estimator does.
        means : array of shape (groups, p) or (p,), optional
            Their means; needed when the model has means.
        """
        if not self.fixed_x:
            return self
        order = {name: position for position, name in enumerate(self.variables.ov)}
        size = len(order)
        cov = np.asarray(covs, dtype=float).reshape(-1, size, size)
        mean = None if means is None else np.asarray(means, dtype=float).reshape(-1, size)
        ustart = self.ustart.copy()
        for row in np.flatnonzero(self.exo):
            group, position = self.group[row] - 1, order[self.lhs[row]]
            if self.op[row] == "~~":
                ustart[row] = cov[group, position, order[self.rhs[row]]]
            elif mean is not None:
                ustart[row] = mean[group, position]
        return replace(self, ustart=ustart)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    return bool(one == other)
