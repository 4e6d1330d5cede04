"""From a solution's arrays to the labelled tables of a `SemFit`."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.estimate.sem.maximum_likelihood import Solution
from cxlab.estimate.sem.moments import Moments
from cxlab.estimate.sem.standardize import standardized
from cxlab.estimate.sem.structure import Structure
from cxlab.specify import ParTable

LEVEL = 0.95
COLUMNS = [
    "lhs",
    "op",
    "rhs",
    "label",
    "group",
    "est",
    "se",
    "z",
    "pvalue",
    "ci_lower",
    "ci_upper",
    "std_lv",
    "std_all",
]


def estimates_table(table: ParTable, structure: Structure, solution: Solution) -> pd.DataFrame:
    """lavaan's parameter estimates: parameters in the order of the table, then defined quantities.

    A fixed parameter has se 0 and no z, as in lavaan. Without convergence nothing but `est` is a number.
    """
    theta, free = solution.theta, table.free
    est = np.where(free > 0, np.append(np.nan, theta)[free], table.ustart)
    se = np.where(free > 0, np.append(np.nan, np.sqrt(np.diag(solution.acov)))[free], 0.0)
    std_lv, std_all = standardized(structure, theta)
    if not solution.converged:
        std_lv, std_all = np.full_like(std_lv, np.nan), np.full_like(std_all, np.nan)
    defined = np.flatnonzero([op == ":=" for op in table.op])
    if len(defined):
        functions, rows = table.functions, structure.rows
        slopes = functions.defined_jacobian(theta)
        est[defined] = functions.defined(theta)
        se[defined] = np.sqrt(np.einsum("ij,jk,ik->i", slopes, solution.acov, slopes))
        std_lv[defined], std_all[defined] = functions.defined(std_lv[rows]), functions.defined(std_all[rows])
    frame = pd.DataFrame(
        {"lhs": table.lhs, "op": table.op, "rhs": table.rhs, "label": table.label, "group": table.group}
    )
    frame["est"], frame["se"] = est, se
    frame["z"] = np.divide(est, se, out=np.full(len(est), math.nan), where=se > 0)
    frame["pvalue"] = 2 * norm.sf(np.abs(frame["z"]))
    reach = norm.ppf(0.5 + LEVEL / 2) * se
    frame["ci_lower"], frame["ci_upper"] = est - reach, est + reach
    frame["std_lv"], frame["std_all"] = std_lv, std_all
    return frame[COLUMNS]


def explained_variance(table: ParTable, structure: Structure, solution: Solution) -> pd.Series:
    """R² of every item with a residual and of every explained latent variable; nan where its residual is negative."""
    places, sets = structure.places, table.variables
    inner = {name: position for position, name in enumerate(places.latent)}
    residual = {}
    for row in np.flatnonzero((places.row == places.col) & np.isin(table.op, ["~~"])):
        name = table.lhs[row]
        value = solution.theta[places.free[row] - 1] if places.free[row] else places.value[row]
        residual[name] = float(value)
    explained = {*sets.ov_ind, *sets.eqs_y, *sets.lv_ind}
    found = {}
    for name in (*sets.ov, *sets.lv):
        if name not in explained or name not in residual:
            continue
        total = (
            solution.inner_cov[inner[name], inner[name]]
            if name in inner
            else solution.implied_cov[sets.ov.index(name), sets.ov.index(name)]
        )
        found[name] = 1 - residual[name] / total if residual[name] >= 0 else math.nan
    return pd.Series(found, dtype=float, name="r2")


def latent_covariances(table: ParTable, structure: Structure, solution: Solution) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Covariance and correlation matrix of the latent variables."""
    names = list(table.variables.lv)
    at = [structure.places.latent.index(name) for name in names]
    cov = solution.inner_cov[np.ix_(at, at)]
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.diag(cov))
    return pd.DataFrame(cov, names, names), pd.DataFrame(cov / np.outer(spread, spread), names, names)


def residual_table(moments: Moments, solution: Solution) -> pd.DataFrame:
    """Each pair of items: observed and implied covariance, their difference, and that of the correlations."""
    row, column = np.tril_indices(len(moments.names))
    cov, implied = moments.cov, solution.implied_cov
    names = np.array(moments.names, dtype=object)
    return pd.DataFrame(
        {
            "item_1": names[row],
            "item_2": names[column],
            "observed": cov[row, column],
            "implied": implied[row, column],
            "residual": (cov - implied)[row, column],
            "residual_cor": (_correlations(cov) - _correlations(implied))[row, column],
        }
    )


def parameter_covariances(table: ParTable, solution: Solution) -> pd.DataFrame:
    """Covariance matrix of the estimates."""
    return pd.DataFrame(solution.acov, list(table.names), list(table.names))


def _correlations(cov: np.ndarray) -> np.ndarray:
    spread = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(spread, spread))
