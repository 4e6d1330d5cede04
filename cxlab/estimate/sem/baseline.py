"""The baseline of fit indices: items that do not covary, but for the covariates that the model takes as given."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from cxlab.specify.partable import ParTable


def baseline_table(table: ParTable) -> ParTable:
    """The parameter table of the baseline model: variances, and means where modelled.

    Covariates covary freely; where they are fixed, their moments are held at the sample's.
    """
    sets = table.variables
    covariates, held = set(sets.ov_x), table.fixed_x
    rows: list[tuple[str, str, str, int, bool]] = []
    for group in range(1, table.n_groups + 1):
        rows += [(name, "~~", name, group, held and name in covariates) for name in sets.ov]
        fixed = [name for name in sets.ov if name in covariates]
        rows += [(lhs, "~~", rhs, group, held) for lhs, rhs in combinations(fixed, 2)]
        if table.meanstructure:
            rows += [(name, "~1", "", group, held and name in covariates) for name in sets.ov]
    return _table(rows, table)


def _table(rows: list[tuple[str, str, str, int, bool]], like: ParTable) -> ParTable:
    size = len(rows)
    held = np.array([row[4] for row in rows], dtype=int)
    group = np.array([row[3] for row in rows], dtype=int)
    return ParTable(
        id=np.arange(1, size + 1),
        lhs=tuple(row[0] for row in rows),
        op=tuple(row[1] for row in rows),
        rhs=tuple(row[2] for row in rows),
        user=np.ones(size, dtype=int),
        block=group,
        group=group,
        free=np.where(held, 0, np.cumsum(1 - held)),
        ustart=np.full(size, np.nan),
        exo=held,
        label=("",) * size,
        plabel=tuple(f".p{row}." for row in range(1, size + 1)),
        group_labels=like.group_labels,
    )


def baseline_df(table: ParTable) -> int:
    """Degrees of freedom of the baseline model."""
    x = len(table.variables.ov_x)
    y = len(table.variables.ov) - x
    return table.n_groups * (y * (y - 1) // 2 + y * x)


def baseline_chisq(table: ParTable, cov: np.ndarray, n_obs: np.ndarray) -> float:
    """Chi-square of the baseline by ML on complete data, from covariances (G, p, p) with divisor n."""
    names = table.variables.ov
    fixed = [names.index(name) for name in table.variables.ov_x]
    total = 0.0
    for matrix, n in zip(cov, n_obs, strict=True):
        spread = np.sqrt(np.diag(matrix))
        correlations = matrix / np.outer(spread, spread)
        log_det = np.linalg.slogdet(correlations)[1]
        held = np.linalg.slogdet(correlations[np.ix_(fixed, fixed)])[1] if fixed else 0.0
        total += float(n) * float(held - log_det)
    return max(total, 0.0)
