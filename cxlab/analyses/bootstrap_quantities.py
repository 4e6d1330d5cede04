"""What is bootstrapped: parameters, standardised solutions, R² and effects, of many fits at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np

from cxlab.evaluate.effects import ARROW, effect_values, standardised_effects
from cxlab.evaluate.fitted import exogenous_rows, row_values
from cxlab.evaluate.paths import effect_plan
from cxlab.evaluate.spreads import Spreads
from cxlab.evaluate.standardised import Kind as Standard
from cxlab.evaluate.standardised import explained_names, explained_shares, standardised_solutions
from cxlab.resample.sem import Replicates
from cxlab.specify.matrix_map import matrices
from cxlab.specify.partable import ParTable

QuantityKind = Literal["est", "std_lv", "std_all", "r2", "effects", "effects_std"]
KINDS: tuple[QuantityKind, ...] = get_args(QuantityKind)
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Point:
    """Estimates of R fits, and what several quantities share: computed once, when first asked for.

    Attributes
    ----------
    table : ParTable
    theta : ndarray (R, q)
    fixed : ndarray (R, rows), optional
        Fixed values of each replicate.
    """

    table: ParTable
    theta: np.ndarray
    fixed: np.ndarray | None = None

    @cached_property
    def rows(self) -> np.ndarray:
        """Value of every row of the table (R, rows)."""
        return row_values(self.table, self.theta, self.fixed)

    @cached_property
    def spreads(self) -> Spreads:
        """The variances that these imply."""
        return Spreads.of(matrices(self.table), self.rows)

    @cached_property
    def standardised(self) -> Mapping[Standard, np.ndarray]:
        """Every row in standard deviations (R, rows), by kind."""
        return standardised_solutions(self.table, self.theta, ("std_lv", "std_all"), self.fixed, self.spreads)


Values = Callable[[Point], np.ndarray]


@dataclass(frozen=True, eq=False)
class Quantity:
    """k numbers of one kind that follow from the parameters.

    Attributes
    ----------
    labels : mapping of str to sequence (k,)
        What each is: lhs, op, rhs, label, group; or group, variable; or group, from, to, kind, via.
    names : list of str
        A short name for each, unique.
    values : function
        From a `Point` of R fits to (R, k).
    """

    labels: Mapping[str, Sequence[Any] | np.ndarray]
    names: list[str]
    values: Values


def replicate_values(
    held: Mapping[QuantityKind, Quantity], replicates: Replicates, table: ParTable
) -> dict[QuantityKind, np.ndarray]:
    """Every quantity in every replicate (B, k), nan in those that do not count; some at a time, to bound memory."""
    out = {kind: np.full((len(replicates.theta), len(one.names)), np.nan) for kind, one in held.items()}
    used = np.flatnonzero(replicates.used)
    for first in range(0, len(used), _BLOCK):
        part = used[first : first + _BLOCK]
        fixed = None
        if replicates.cov is not None:
            mean = None if replicates.mean is None else replicates.mean[part]
            fixed = exogenous_rows(table, replicates.cov[part], mean)
        point = Point(table, replicates.theta[part], fixed)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            for kind, one in held.items():
                out[kind][part] = one.values(point)
    return out


def quantities(table: ParTable) -> dict[QuantityKind, Quantity]:
    """Everything that is resampled, by kind; effects only where the model has paths.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> found = quantities(Model.parse("m ~ a*x; y ~ b*m; ab := a*b").partable())
    >>> found["est"].names[:3], found["effects"].names[-2:]
    (['m~x', 'y~m', 'm~~m'], ['x → m → y', 'x → y: total'])
    """
    rows = _rows(table)
    labels, names = _row_labels(table, rows)
    found: dict[QuantityKind, Quantity] = {"est": Quantity(labels, names, _estimates(table, rows))}
    for kind in ("std_lv", "std_all"):
        found[kind] = Quantity(labels, names, _standardised(kind, rows))
    found["r2"] = _explained(table)
    if effect_plan(matrices(table)).effects:
        found["effects"], found["effects_std"] = _effects(table, False), _effects(table, True)
    return found


def _rows(table: ParTable) -> np.ndarray:
    """Rows that are parameters or definitions."""
    return np.flatnonzero([op not in ("==", "<", ">") for op in table.op])


def _row_labels(table: ParTable, rows: np.ndarray) -> tuple[dict[str, Any], list[str]]:
    columns = {name: np.array(getattr(table, name), dtype=object)[rows] for name in ("lhs", "op", "rhs", "label")}
    columns["group"] = table.group[rows]
    names = []
    for lhs, op, rhs, _, group in zip(*columns.values(), strict=True):
        suffix = f".g{group}" if group > 1 else ""
        names.append(str(lhs) if op == ":=" else f"{lhs}{op}{rhs}{suffix}")
    return columns, names


def _estimates(table: ParTable, rows: np.ndarray) -> Values:
    defined = np.array([table.op[row] == ":=" for row in rows])

    def values(point: Point) -> np.ndarray:
        fixed = row_values(table, point.theta) if point.fixed is not None else point.rows
        found = fixed[:, rows]  # fixed covariates' moments stay the sample's
        found[:, defined] = table.functions.defined(point.theta)
        return found

    return values


def _standardised(kind: Standard, rows: np.ndarray) -> Values:
    return lambda point: point.standardised[kind][:, rows]


def _explained(table: ParTable) -> Quantity:
    variables, groups = explained_names(table), range(1, table.n_groups + 1)
    labels: dict[str, Any] = {"group": np.repeat(groups, len(variables)), "variable": list(variables) * len(groups)}
    names = [name + (f".g{group}" if group > 1 else "") for group in groups for name in variables]

    def values(point: Point) -> np.ndarray:
        return explained_shares(table, point.standardised["std_all"]).reshape(len(point.theta), -1)

    return Quantity(labels, names, values)


def _effects(table: ParTable, standardised: bool) -> Quantity:
    places = matrices(table)
    plan, variables = effect_plan(places), places.latent
    columns: dict[str, list[object]] = {name: [] for name in ("group", "from", "to", "kind", "via")}
    names = []
    for group in range(1, table.n_groups + 1):
        for one in plan.effects:
            source, target = variables[one.source], variables[one.target]
            via = ARROW.join(variables[step] for step in one.route[1:-1])
            for column, value in zip(columns, (group, source, target, one.kind, via), strict=True):
                columns[column].append(value)
            route = ARROW.join(filter(None, (source, via, target)))
            ending = "" if one.kind == "indirect" else f": {one.kind}"
            names.append(route + ending + (f".g{group}" if group > 1 else ""))

    def values(point: Point) -> np.ndarray:
        found = effect_values(table, point.theta, plan=plan)
        if standardised:
            found = standardised_effects(places, found, point.spreads, plan)
        return found.reshape(len(point.theta), -1)

    return Quantity(columns, names, values)
