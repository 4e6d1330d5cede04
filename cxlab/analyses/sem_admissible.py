"""Whether a solution can be true: variances that are negative, latent correlations that cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cxlab.errors import Notice
from cxlab.estimate.sem.maximum_likelihood import Solution
from cxlab.estimate.sem.structure import Structure, fill
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import format_number

# Model correlations this close are as doubtful as an HTMT of that size.
_RULE = "henseler_2015"


def inadmissible(
    estimates: pd.DataFrame, latent_cov: pd.DataFrame, structure: Structure, solution: Solution
) -> tuple[Notice, ...]:
    """Why the solution is not admissible, one notice a reason; empty if it is."""
    found = []
    variances = estimates[(estimates["op"] == "~~") & (estimates["lhs"] == estimates["rhs"])]
    negative = variances[variances["est"] < 0]
    if len(negative):
        values = "; ".join(f"{row.lhs} ({format_number(float(row.est), 3)})" for row in negative.itertuples())
        found.append(Notice("sem.negative_variance", {"variances": values}, serious=True))
    if len(latent_cov) > 1:
        found += _not_positive_definite(latent_cov)
    theta = fill(structure, solution.theta).theta
    eigenvalue = float(np.linalg.eigvalsh(theta)[0])
    if eigenvalue < -1e-8 * np.diag(theta).max(initial=0) and not len(negative):
        found.append(Notice("sem.residuals_not_pd", {"eigenvalue": format_number(eigenvalue, 4)}, serious=True))
    return tuple(found)


def doubtful(estimates: pd.DataFrame, latent_cor: pd.DataFrame) -> tuple[Notice, ...]:
    """What is possible but strange: standardised values beyond 1, latent variables that hardly differ."""
    found = []
    arrows = estimates[estimates["op"].isin(["=~", "~"]) & (estimates["std_all"].abs() > 1)]
    if len(arrows):
        values = "; ".join(
            f"{row.lhs} {row.op} {row.rhs} ({_bounded(float(row.std_all))})" for row in arrows.itertuples()
        )
        found.append(Notice("sem.beyond_one", {"parameters": values}))
    limit = rule_limit(_RULE)
    pairs = [(first, second, r) for first, second, r in _pairs(latent_cor) if abs(r) >= limit]
    if pairs:
        values = "; ".join(f"{first} – {second} ({_bounded(r)})" for first, second, r in pairs)
        found.append(
            Notice("sem.hardly_differ", {"pairs": values, "limit": format_number(limit, 2, bounded=True)}, serious=True)
        )
    return tuple(found)


def _not_positive_definite(latent_cov: pd.DataFrame) -> list[Notice]:
    variances = np.diag(latent_cov)
    eigenvalue = float(np.linalg.eigvalsh(latent_cov)[0])
    # lavaan's own margin: eigenvalues that are zero but for rounding are no finding
    if eigenvalue >= -1e-8 * np.abs(variances).max():
        return []
    if (variances <= 0).any():
        names = ", ".join(latent_cov.index[variances <= 0])
        return [
            Notice(
                "sem.latent_variance_negative",
                {"eigenvalue": format_number(eigenvalue, 4), "names": names},
                serious=True,
            )
        ]
    spread = np.sqrt(variances)
    first, second, r = max(_pairs(latent_cov / np.outer(spread, spread)), key=lambda pair: abs(pair[2]))
    values = {"eigenvalue": format_number(eigenvalue, 4), "first": first, "second": second, "r": _bounded(r)}
    return [Notice("sem.latent_not_pd", values, serious=True)]


def _bounded(value: float) -> str:
    """A correlation in the language in use: a notice keeps the numbers as they were written when it was made."""
    return format_number(value, 3, bounded=True)


def _pairs(matrix: pd.DataFrame) -> list[tuple[str, str, float]]:
    names = list(matrix.index)
    rows, columns = np.tril_indices(len(names), -1)
    return [
        (names[column], names[row], float(matrix.iat[row, column])) for row, column in zip(rows, columns, strict=True)
    ]
