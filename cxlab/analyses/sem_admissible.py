"""Whether a solution can be true: variances that are negative, latent correlations that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from cxlab.analyses.sem_outcome import Outcome
from cxlab.errors import Notice
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n.shown import Shown, ShownList

# Model correlations this close are as doubtful as an HTMT of that size.
_RULE = "henseler_2015"


def inadmissible(outcome: Outcome) -> tuple[Notice, ...]:
    """Why the solution is not admissible, one notice a reason; empty if it is."""
    return _each_group(outcome, _reasons)


def doubtful(outcome: Outcome) -> tuple[Notice, ...]:
    """What is possible but strange: standardised values beyond 1, latent variables that hardly differ."""
    return (*_undefined(outcome), *_each_group(outcome, _strange))


def _each_group(outcome: Outcome, find: Callable[[Outcome, int], list[Notice]]) -> tuple[Notice, ...]:
    labels = outcome.fitted.table.group_labels
    if not labels:
        return tuple(find(outcome, 0))
    return tuple(
        Notice("sem.in_group", {"group": label, "problem": notice}, notice.serious)
        for group, label in enumerate(labels)
        for notice in find(outcome, group)
    )


def _rows(outcome: Outcome, group: int, ops: Collection[str], chosen: np.ndarray) -> list[int]:
    """Rows of a group's parameters with one of these operators, among chosen ones."""
    table = outcome.fitted.table
    return [row for row in np.flatnonzero(chosen & (table.group == group + 1)).tolist() if table.op[row] in ops]


def _reasons(outcome: Outcome, group: int) -> list[Notice]:
    found, table, fitted = [], outcome.fitted.table, outcome.fitted
    below = _rows(outcome, group, ("~~",), outcome.values < 0)
    negative = [row for row in below if table.lhs[row] == table.rhs[row]]
    if negative:
        values = ShownList(tuple((table.lhs[row], _precise(float(outcome.values[row]))) for row in negative))
        found.append(Notice("sem.negative_variance", {"variances": values}, serious=True))
    names = table.variables.lv
    if len(names) > 1:
        found += _not_positive_definite(outcome.latent[0][group], names)
    theta = fitted.matrices.theta[group]
    eigenvalue = float(np.linalg.eigvalsh(theta)[0])
    if eigenvalue < -1e-8 * np.diag(theta).max(initial=0) and not negative:
        found.append(Notice("sem.residuals_not_pd", {"eigenvalue": Shown(eigenvalue, 4)}, serious=True))
    return found


def _strange(outcome: Outcome, group: int) -> list[Notice]:
    found, table = _far_means(outcome, group), outcome.fitted.table
    std = outcome.standardised["std_all"]
    arrows = _rows(outcome, group, ("=~", "~"), np.isfinite(std) & (np.abs(std) > 1))
    if arrows:
        named = ((f"{table.lhs[row]} {table.op[row]} {table.rhs[row]}", float(std[row])) for row in arrows)
        values = ShownList(tuple((name, _bounded(value)) for name, value in named))
        found.append(Notice("sem.beyond_one", {"parameters": values}))
    limit = rule_limit(_RULE)
    pairs = [pair for pair in _pairs(outcome.latent[0][group], table.variables.lv) if abs(pair[2]) >= limit]
    if pairs:
        alike = ShownList(tuple((f"{first} – {second}", _bounded(r)) for first, second, r in pairs))
        values_of = {"pairs": alike, "limit": Shown(limit, 2, bounded=True)}
        found.append(Notice("sem.hardly_differ", values_of, serious=True))
    return found


def _far_means(outcome: Outcome, group: int) -> list[Notice]:
    """Items whose mean is missed by a standard deviation: there may be a minimum for each that could be blamed."""
    fitted = outcome.fitted
    if fitted.mean is None or fitted.ordinal:
        return []
    off = np.abs(fitted.mean[group] - outcome.implied_mean[group]) / np.sqrt(np.diagonal(fitted.cov[group]))
    names = fitted.table.variables.ov
    far = ShownList(tuple((names[place], Shown(float(off[place]), 1)) for place in np.flatnonzero(off > 1)))
    return [Notice("sem.far_means", {"items": far}, serious=True)] if far.parts else []


def _undefined(outcome: Outcome) -> list[Notice]:
    """Defined quantities without a value, such as a quotient by zero or the logarithm of a negative estimate."""
    table = outcome.fitted.table
    lost = ~np.isfinite(outcome.values)
    if np.isfinite(outcome.se).any():
        lost |= ~np.isfinite(outcome.se)
    names = [table.lhs[row] for row in np.flatnonzero(lost).tolist() if table.op[row] == ":="]
    return [Notice("sem.undefined", {"names": ", ".join(names)}, serious=True)] if names else []


def _precise(value: float) -> Shown:
    """Three decimals, or as many as it takes to show that the value is not zero."""
    digits = 3 if abs(value) >= 0.0005 or value == 0 else min(12, 1 - int(np.floor(np.log10(abs(value)))))
    return Shown(value, digits)


def _not_positive_definite(cov: np.ndarray, names: Sequence[str]) -> list[Notice]:
    variances = np.diag(cov)
    eigenvalue = float(np.linalg.eigvalsh(cov)[0])
    # lavaan's own margin: eigenvalues that are zero but for rounding are no finding
    if eigenvalue >= -1e-8 * np.abs(variances).max():
        return []
    if (variances <= 0).any():
        below = ", ".join(name for name, variance in zip(names, variances, strict=True) if variance <= 0)
        values = {"eigenvalue": _precise(eigenvalue), "names": below}
        return [Notice("sem.latent_variance_negative", values, serious=True)]
    first, second, r = max(_pairs(cov, names), key=lambda pair: abs(pair[2]))
    values = {"eigenvalue": Shown(eigenvalue, 4), "first": first, "second": second, "r": _bounded(r)}
    return [Notice("sem.latent_not_pd", values, serious=True)]


def _bounded(value: float) -> Shown:
    """A correlation."""
    return Shown(value, 3, bounded=True)


def _pairs(cov: np.ndarray, names: Sequence[str]) -> list[tuple[str, str, float]]:
    """Correlation of every pair of variables."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.diag(cov))
        correlations = cov / np.outer(spread, spread)
    places = [(row, column) for row in range(len(names)) for column in range(row)]
    return [(names[column], names[row], float(correlations[row, column])) for row, column in places]
