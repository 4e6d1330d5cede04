"""Whether a solution can be true: variances that are negative, latent correlations that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from cxlab.analyses.sem_numbers import inner_moments
from cxlab.errors import Notice
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import format_number

# Model correlations this close are as doubtful as an HTMT of that size.
_RULE = "henseler_2015"


def inadmissible(estimates: pd.DataFrame, fitted: Fitted) -> tuple[Notice, ...]:
    """Why the solution is not admissible, one notice a reason; empty if it is."""
    return _each_group(fitted, lambda group: _reasons(estimates[estimates["group"] == group + 1], fitted, group))


def doubtful(estimates: pd.DataFrame, fitted: Fitted) -> tuple[Notice, ...]:
    """What is possible but strange: standardised values beyond 1, latent variables that hardly differ."""
    found = _each_group(fitted, lambda group: _strange(estimates[estimates["group"] == group + 1], fitted, group))
    return (*_undefined(estimates), *found)


def _each_group(fitted: Fitted, find: Callable[[int], list[Notice]]) -> tuple[Notice, ...]:
    labels = fitted.table.group_labels
    if not labels:
        return tuple(find(0))
    return tuple(
        Notice("sem.in_group", {"group": label, "problem": notice}, notice.serious)
        for group, label in enumerate(labels)
        for notice in find(group)
    )


def _reasons(estimates: pd.DataFrame, fitted: Fitted, group: int) -> list[Notice]:
    found = []
    variances = estimates[(estimates["op"] == "~~") & (estimates["lhs"] == estimates["rhs"])]
    negative = variances[variances["est"] < 0]
    if len(negative):
        values = "; ".join(f"{row.lhs} ({_precise(float(row.est))})" for row in negative.itertuples())
        found.append(Notice("sem.negative_variance", {"variances": values}, serious=True))
    names = fitted.table.variables.lv
    if len(names) > 1:
        found += _not_positive_definite(pd.DataFrame(inner_moments(fitted)[0][group], names, names))
    theta = fitted.matrices.theta[group]
    eigenvalue = float(np.linalg.eigvalsh(theta)[0])
    if eigenvalue < -1e-8 * np.diag(theta).max(initial=0) and not len(negative):
        found.append(Notice("sem.residuals_not_pd", {"eigenvalue": format_number(eigenvalue, 4)}, serious=True))
    return found


def _strange(estimates: pd.DataFrame, fitted: Fitted, group: int) -> list[Notice]:
    found = []
    arrows = estimates[estimates["op"].isin(["=~", "~"]) & (estimates["std_all"].abs() > 1)]
    if len(arrows):
        values = "; ".join(
            f"{row.lhs} {row.op} {row.rhs} ({_bounded(float(row.std_all))})" for row in arrows.itertuples()
        )
        found.append(Notice("sem.beyond_one", {"parameters": values}))
    limit = rule_limit(_RULE)
    names = fitted.table.variables.lv
    latent = pd.DataFrame(inner_moments(fitted)[0][group], names, names)
    pairs = [(first, second, r) for first, second, r in _pairs(_correlations(latent)) if abs(r) >= limit]
    if pairs:
        values = "; ".join(f"{first} – {second} ({_bounded(r)})" for first, second, r in pairs)
        found.append(
            Notice("sem.hardly_differ", {"pairs": values, "limit": format_number(limit, 2, bounded=True)}, serious=True)
        )
    return found


def _undefined(estimates: pd.DataFrame) -> list[Notice]:
    """Defined quantities without a value, such as a quotient by zero or the logarithm of a negative estimate."""
    defined = estimates[estimates["op"] == ":="]
    lost = ~np.isfinite(defined["est"])
    if estimates["se"].notna().any():
        lost |= ~np.isfinite(defined["se"])
    names = defined.loc[lost, "lhs"]
    return [Notice("sem.undefined", {"names": ", ".join(names)}, serious=True)] if len(names) else []


def _precise(value: float) -> str:
    """Three decimals, or as many as it takes to show that the value is not zero."""
    digits = 3 if abs(value) >= 0.0005 or value == 0 else min(12, 1 - int(np.floor(np.log10(abs(value)))))
    return format_number(value, digits)


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
                {"eigenvalue": _precise(eigenvalue), "names": names},
                serious=True,
            )
        ]
    first, second, r = max(_pairs(_correlations(latent_cov)), key=lambda pair: abs(pair[2]))
    values = {"eigenvalue": format_number(eigenvalue, 4), "first": first, "second": second, "r": _bounded(r)}
    return [Notice("sem.latent_not_pd", values, serious=True)]


def _correlations(cov: pd.DataFrame) -> pd.DataFrame:
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.diag(cov))
        return cov / np.outer(spread, spread)


def _bounded(value: float) -> str:
    """A correlation in the language in use: a notice keeps the numbers as they were written when it was made."""
    return format_number(value, 3, bounded=True)


def _pairs(matrix: pd.DataFrame) -> list[tuple[str, str, float]]:
    names = list(matrix.index)
    rows, columns = np.tril_indices(len(names), -1)
    return [
        (names[column], names[row], float(matrix.iat[row, column])) for row, column in zip(rows, columns, strict=True)
    ]
