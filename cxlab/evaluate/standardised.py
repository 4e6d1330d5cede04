"""Standardised solutions with their standard errors, and explained variance; for one fit or for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.errors import CxlabError
from cxlab.evaluate.fitted import Fitted, free_rows, row_values
from cxlab.evaluate.spreads import Powers, Spreads, powers
from cxlab.specify.matrix_map import Matrices, matrices
from cxlab.specify.partable import ParTable

Kind = Literal["std_all", "std_lv", "std_nox"]
KINDS: tuple[Kind, ...] = ("std_all", "std_lv", "std_nox")
# Below this a standardised parameter does not vary at all: the loading of a single indicator, say.
_NO_SPREAD = 1e-7


def standardised_powers(table: ParTable, places: Matrices, kind: str) -> Powers:
    """Which variances standardise each row: all, latent ones (`std_lv`), or all but covariates' (`std_nox`)."""
    if kind not in KINDS:
        raise CxlabError("evaluation.unknown_standardisation", kind=kind, known=", ".join(KINDS))
    unscaled = () if kind == "std_all" else places.observed if kind == "std_lv" else table.variables.ov_x
    return _with_thresholds(table, powers(places, frozenset(unscaled)), places, frozenset(unscaled))


def _with_thresholds(table: ParTable, ways: Powers, places: Matrices, unscaled: frozenset[str]) -> Powers:
    """Thresholds in standard deviations of the response, and its scale times them."""
    if not table.ordered:
        return ways
    item = {name: position for position, name in enumerate(places.observed)}
    carried = {name: len(places.observed) + place for place, name in enumerate(places.latent) if name in item}
    register, power = ways.register.copy(), ways.power.copy()
    for row, op in enumerate(table.op):
        if op in ("|", "~*~") and table.lhs[row] not in unscaled:
            register[0, row] = carried.get(table.lhs[row], item[table.lhs[row]])
            power[0, row] = -1.0 if op == "|" else 1.0
    return Powers(register, power, ways.group)


def standardised_values(
    table: ParTable, theta: np.ndarray, kind: Kind = "std_all", fixed: np.ndarray | None = None
) -> np.ndarray:
    """Every row of the table in standard deviations. Batch-safe: theta (..., q) gives (..., rows).

    When to use it: inside a bootstrap, on the estimates of all replicates at once; for one fit with standard errors
    use `standardised_table`.

    Parameters
    ----------
    table : ParTable
        With the sample's moments at the rows of fixed covariates (`ParTable.with_exogenous`).
    theta : ndarray (..., q)
        Free parameters in the data's units.
    kind : {"std_all", "std_lv", "std_nox"}
        Standardise all variables, latent ones only, or all but fixed covariates.
    fixed : ndarray (..., rows), optional
        Fixed values of each replicate; see `exogenous_rows`.

    Returns
    -------
    ndarray (..., rows)
        Variances as shares of the variable's variance, residual covariances as correlations of residuals, ``:=``
        evaluated at the standardised parameters; nan at constraints and where an implied variance is not positive.
    """
    return standardised_solutions(table, theta, (kind,), fixed)[kind]


def standardised_solutions(
    table: ParTable,
    theta: np.ndarray,
    kinds: Sequence[Kind] = KINDS,
    fixed: np.ndarray | None = None,
    spreads: Spreads | None = None,
) -> dict[Kind, np.ndarray]:
    """`standardised_values` of several kinds, from one set of implied variances (`spreads`, where known already).

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("y ~ x").partable().with_exogenous(np.array([[1.0, 0.5], [0.5, 1.0]]))
    >>> found = standardised_solutions(table, np.array([0.5, 0.75]), ("std_all", "std_lv"))
    >>> {kind: values[0].item() for kind, values in found.items()}
    {'std_all': 0.5, 'std_lv': 0.5}
    """
    places = matrices(table)
    values = row_values(table, theta, fixed)
    spreads, found = spreads or Spreads.of(places, values), {}
    for kind in kinds:
        with np.errstate(invalid="ignore"):
            scaled = values * standardised_powers(table, places, kind).scales(spreads)
        found[kind] = _with_defined(table, scaled)
    return found


def standardised_jacobian(fitted: Fitted, kind: Kind = "std_all") -> np.ndarray:
    """Derivatives of `standardised_values` by the free parameters (rows, q)."""
    table, places = fitted.table, fitted.places
    values = fitted.estimates
    spreads, ways = Spreads.of(places, values), standardised_powers(table, places, kind)
    scale = ways.scales(spreads)
    with np.errstate(invalid="ignore"):
        std = values * scale
    free = free_rows(table)
    with np.errstate(invalid="ignore"):
        every = std[:, None] * ways.log_slopes(spreads.log_slopes(places))
    every[std == 0] = 0.0  # a fixed zero stays zero, though its scale may be infinite
    slopes = every[:, free]
    slopes[free, np.arange(len(free))] += scale[free]
    if fitted.derived is not None:
        rows, own = fitted.derived
        slopes += every[:, rows] @ own
        slopes[rows] += scale[rows, None] * own
    defined = [row for row, op in enumerate(table.op) if op == ":="]
    if defined:
        slopes[defined] = table.functions.defined_jacobian(std[free]) @ slopes[free]
    return np.asarray(slopes)


def standardised_table(fitted: Fitted, kind: Kind = "std_all", level: float = 0.95) -> pd.DataFrame:
    """The standardised solution with delta-method standard errors.

    When to use it: to report standardised loadings and paths with intervals. The test of a standardised parameter is
    not that of the raw one; report one of them.

    Parameters
    ----------
    fitted : Fitted
        With `vcov`.
    kind : {"std_all", "std_lv", "std_nox"}
        Standardise all variables, latent ones only, or all but fixed covariates (a 0/1 predictor keeps its unit).
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    DataFrame
        lhs, op, rhs, label, group, est_std, se, z, pvalue, ci_lower, ci_upper; a parameter that cannot vary has se 0
        and no z.

    Raises
    ------
    CxlabError
        Unknown `kind`.

    Notes
    -----
    Var(h(theta)) = J V J' with J in closed form. Equals ``lavaan::standardizedSolution(fit, type = "std.all")``,
    whose J is numerical; lavaan sets standard errors below 1.2e-4 to 0, this function those below 1e-7.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("y ~ x").partable()
    >>> fitted = Fitted.of(table, [0.5, 0.75], [[1.0, 0.5], [0.5, 4.0]], 100, vcov=np.diag([0.01, 0.02]))
    >>> standardised_table(fitted)[["lhs", "op", "rhs", "est_std"]].round(3).to_numpy().tolist()
    [['y', '~', 'x', 0.756], ['y', '~~', 'y', 0.429], ['x', '~~', 'x', 1.0]]
    """
    table = fitted.table
    est = standardised_values(table, fitted.theta, kind)
    slopes = standardised_jacobian(fitted, kind)
    frame = pd.DataFrame(
        {"lhs": table.lhs, "op": table.op, "rhs": table.rhs, "label": table.label, "group": table.group}
    )
    frame = pd.concat([frame, delta_columns(est, slopes, fitted.vcov, level, "est_std", _NO_SPREAD)], axis=1)
    return frame[~frame["op"].isin(["==", "<", ">"])].reset_index(drop=True)


def delta_columns(
    est: np.ndarray,
    slopes: np.ndarray,
    vcov: np.ndarray | None,
    level: float,
    name: str = "est",
    floor: float = 0.0,
) -> pd.DataFrame:
    """Estimate, se, z, pvalue and interval of functions of the parameters, from their derivatives (k, q).

    Standard errors below `floor` count as 0.
    """
    se = np.full(len(est), np.nan)
    if vcov is not None:
        se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", slopes, vcov, slopes), 0.0))
        se = np.where(se < floor, 0.0, se)
    z = np.divide(est, se, out=np.full(len(est), np.nan), where=se > 0)
    reach = norm.ppf(0.5 + level / 2) * se
    return pd.DataFrame(
        {
            name: est,
            "se": se,
            "z": z,
            "pvalue": 2 * norm.sf(np.abs(z)),
            "ci_lower": est - reach,
            "ci_upper": est + reach,
        }
    )


def explained_names(table: ParTable) -> tuple[str, ...]:
    """Variables with an R-squared: indicators and outcomes with a residual variance in the table, in its order."""
    return tuple(table.lhs[row] for row in _residual_rows(table) if table.group[row] == 1)


def explained_values(table: ParTable, theta: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    """R-squared of each of `explained_names`. Batch-safe: theta (..., q) gives (..., groups, names).

    One minus the residual's share of the implied variance; nan where the residual variance is negative. Parameters as
    in `standardised_values`. Equals ``lavInspect(fit, "r2")``.
    """
    return explained_shares(table, standardised_values(table, theta, "std_all", fixed))


def explained_shares(table: ParTable, std_all: np.ndarray) -> np.ndarray:
    """`explained_values` from the standardised solution (..., rows)."""
    share = std_all[..., _residual_rows(table)]
    with np.errstate(invalid="ignore"):
        r2 = np.where(share < 0, np.nan, 1 - share)
    return np.asarray(r2.reshape(*r2.shape[:-1], table.n_groups, -1))


def explained_table(fitted: Fitted) -> pd.DataFrame:
    """R-squared of every indicator and outcome: group, variable, r2.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> fitted = Fitted.of(Model.parse("y ~ x").partable(), [0.5, 0.75], [[1.0, 0.5], [0.5, 1.0]], 100)
    >>> explained_table(fitted).to_numpy().tolist()
    [[1, 'y', 0.25]]
    """
    names = explained_names(fitted.table)
    values = explained_values(fitted.table, fitted.theta)
    groups = range(1, fitted.table.n_groups + 1)
    index = [(group, name) for group in groups for name in names]
    frame = pd.DataFrame(index, columns=["group", "variable"])
    frame["r2"] = values.ravel()
    return frame


def _residual_rows(table: ParTable) -> list[int]:
    sets = table.variables
    explained = {*sets.ov_ind, *sets.lv_ind, *sets.eqs_y}
    return [
        row
        for row in range(len(table))
        if table.op[row] == "~~" and table.lhs[row] == table.rhs[row] and table.lhs[row] in explained
    ]


def _with_defined(table: ParTable, scaled: np.ndarray) -> np.ndarray:
    defined = [row for row, op in enumerate(table.op) if op == ":="]
    # A covariance with a residual whose variance is fixed at 0 has no correlation.
    scaled = np.where(table.is_parameter & np.isfinite(scaled), scaled, np.nan)
    if defined:
        scaled[..., defined] = table.functions.defined(scaled[..., free_rows(table)])
    return scaled
