"""What is bootstrapped: parameters, standardised solutions, R² and effects, of many fits at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.evaluate.effects import ARROW, effect_values
from cxlab.evaluate.fitted import exogenous_rows, row_values
from cxlab.evaluate.paths import effect_plan
from cxlab.evaluate.standardised import Kind as Standard
from cxlab.evaluate.standardised import explained_names, explained_values, standardised_values
from cxlab.resample.sem import Replicates
from cxlab.specify.matrix_map import matrices
from cxlab.specify.partable import ParTable

QuantityKind = Literal["est", "std_lv", "std_all", "r2", "effects", "effects_std"]
KINDS: tuple[QuantityKind, ...] = get_args(QuantityKind)
_BLOCK = 512
Values = Callable[[np.ndarray, np.ndarray | None], np.ndarray]


@dataclass(frozen=True, eq=False)
class Quantity:
    """k numbers of one kind that follow from the parameters.

    Attributes
    ----------
    labels : DataFrame (k rows)
        What each is: lhs, op, rhs, label, group; or group, variable; or group, from, to, kind, via.
    names : list of str
        A short name for each, unique.
    values : function
        From theta (R, q) and fixed values (R, rows) or None to (R, k).
    """

    labels: pd.DataFrame
    names: list[str]
    values: Values

    def of(self, replicates: Replicates, table: ParTable) -> np.ndarray:
        """Values in every replicate (B, k), nan in those that do not count; some at a time, to bound memory."""
        out = np.full((len(replicates.theta), len(self.names)), np.nan)
        used = np.flatnonzero(replicates.used)
        for first in range(0, len(used), _BLOCK):
            part = used[first : first + _BLOCK]
            fixed = None
            if replicates.cov is not None:
                mean = None if replicates.mean is None else replicates.mean[part]
                fixed = exogenous_rows(table, replicates.cov[part], mean)
            with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
                out[part] = self.values(replicates.theta[part], fixed)
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
    found: dict[QuantityKind, Quantity] = {"est": _estimates(table)}
    for kind in ("std_lv", "std_all"):
        found[kind] = _standardised(table, kind)
    found["r2"] = _explained(table)
    if effect_plan(matrices(table)).effects:
        found["effects"], found["effects_std"] = _effects(table, False), _effects(table, True)
    return found


def _rows(table: ParTable) -> np.ndarray:
    """Rows that are parameters or definitions."""
    return np.flatnonzero([op not in ("==", "<", ">") for op in table.op])


def _row_labels(table: ParTable, rows: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    columns = {name: np.array(getattr(table, name), dtype=object)[rows] for name in ("lhs", "op", "rhs", "label")}
    frame = pd.DataFrame({**columns, "group": table.group[rows]})
    names = []
    for row in frame.itertuples():
        suffix = f".g{row.group}" if int(row.group) > 1 else ""
        names.append(str(row.lhs) if row.op == ":=" else f"{row.lhs}{row.op}{row.rhs}{suffix}")
    return frame, names


def _estimates(table: ParTable) -> Quantity:
    rows = _rows(table)
    defined = np.array([table.op[row] == ":=" for row in rows])

    def values(theta: np.ndarray, fixed: np.ndarray | None) -> np.ndarray:
        found = row_values(table, theta)[:, rows]  # fixed covariates' moments stay the sample's
        found[:, defined] = table.functions.defined(theta)
        return found

    return Quantity(*_row_labels(table, rows), values)


def _standardised(table: ParTable, kind: Standard) -> Quantity:
    rows = _rows(table)

    def values(theta: np.ndarray, fixed: np.ndarray | None) -> np.ndarray:
        return standardised_values(table, theta, kind, fixed)[:, rows]

    return Quantity(*_row_labels(table, rows), values)


def _explained(table: ParTable) -> Quantity:
    variables = explained_names(table)
    pairs = [(group, name) for group in range(1, table.n_groups + 1) for name in variables]
    labels = pd.DataFrame(pairs, columns=["group", "variable"])
    names = [name + (f".g{group}" if group > 1 else "") for group, name in pairs]

    def values(theta: np.ndarray, fixed: np.ndarray | None) -> np.ndarray:
        return explained_values(table, theta, fixed).reshape(len(theta), -1)

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

    def values(theta: np.ndarray, fixed: np.ndarray | None) -> np.ndarray:
        found = effect_values(table, theta, fixed, standardised=standardised, plan=plan)
        return found.reshape(len(theta), -1)

    return Quantity(pd.DataFrame(columns), names, values)
