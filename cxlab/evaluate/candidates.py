"""Which parameters a model could have beside those it has: lavaan's candidates, in lavaan's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement, product

import numpy as np

from cxlab.evaluate.fitted import Fitted, row_values
from cxlab.specify.partable import ParTable
from cxlab.specify.variables import Variables

Key = tuple[str, str, str]


def extended(fitted: Fitted) -> tuple[ParTable, np.ndarray, np.ndarray]:
    """The model with every fixed parameter freed and every candidate added.

    Returns
    -------
    table : ParTable
        The model's own parameters first, then the candidates group by group; all free, without constraints.
    theta : ndarray (rows,)
        The estimates; fixed values where a parameter was fixed, 0 for added ones.
    added : bool array (rows,)
        Which rows are not free in the model. Moments of fixed covariates count as free: they are the sample's, and a
        path into a covariate is judged as if the covariate were random.
    """
    table = fitted.table
    own = np.flatnonzero(table.is_parameter)
    keys: list[tuple[Key, int]] = [
        ((table.lhs[row], table.op[row], table.rhs[row]), int(table.group[row])) for row in own
    ]
    known = set(keys)
    means = table.meanstructure
    for group in range(1, table.n_groups + 1):
        keys += [(key, group) for key in candidates(table.variables, means) if (key, group) not in known]
    new = len(keys) - len(own)
    values = row_values(table, fitted.theta)[own]
    if fitted.derived is not None:  # a scale that follows from the variances is a factor of 1 beside them
        follows = np.isin(own, fitted.derived[0]) & np.array([table.op[row] == "~*~" for row in own])
        values = np.where(follows, 1.0, values)
    theta = np.concatenate([values, np.zeros(new)])
    added = np.concatenate([(table.free[own] == 0) & (table.exo[own] == 0), np.ones(new, dtype=bool)])
    user = np.concatenate([table.user[own], np.zeros(new, dtype=int)])
    return _table(table, keys, user), theta, added


def candidates(sets: Variables, means: bool) -> Iterator[Key]:
    """Loadings, covariances of items, of covariates and of latent variables, regressions, then intercepts.

    Regressions run among the variables that already take part in regressions, in every direction; items that are
    neither indicators nor covariates get no covariances.
    """
    regressed = tuple(dict.fromkeys([*sets.eqs_y, *sets.eqs_x]))
    for latent, item in product(sets.lv, sets.ov_nox):
        if item not in regressed:
            yield latent, "=~", item
    items = [name for name in sets.ov_nox if name in sets.ov_ind]
    for names in (items, sets.ov_x, sets.lv):
        for one, other in combinations_with_replacement(names, 2):
            yield one, "~~", other
    for outcome, predictor in product(regressed, regressed):
        measures = outcome in sets.ov_ind and predictor in sets.lv
        if outcome != predictor and not measures:
            yield outcome, "~", predictor
    if means:
        for name in (*sets.ov, *sets.lv):
            yield name, "~1", ""


def _table(table: ParTable, keys: list[tuple[Key, int]], user: np.ndarray) -> ParTable:
    rows = len(keys)
    group = np.array([where for _, where in keys])
    return replace(
        table,
        id=np.arange(1, rows + 1),
        lhs=tuple(key[0] for key, _ in keys),
        op=tuple(key[1] for key, _ in keys),
        rhs=tuple(key[2] for key, _ in keys),
        user=user,
        block=group.copy(),
        group=group,
        free=np.arange(1, rows + 1),
        ustart=np.full(rows, np.nan),
        exo=np.zeros(rows, dtype=int),
        label=("",) * rows,
        plabel=tuple(f".p{position}." for position in range(1, rows + 1)),
    )
