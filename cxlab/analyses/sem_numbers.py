"""From an outcome's arrays to the labelled tables of a `SemFit`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from cxlab.analyses.sem_outcome import Outcome
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.standardised import Kind, explained_names, explained_values
from cxlab.specify import ParTable

LEVEL = 0.95
KINDS: tuple[Kind, ...] = ("std_lv", "std_all", "std_nox")


class ByGroup(Mapping[str, Any]):
    """A table (DataFrame or Series) for each group, by the group's name; handed out as copies."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, group: str) -> Any:
        return self._tables[group].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return "\n".join(f"{group}:\n{table}" for group, table in self._tables.items())


def by_group(table: ParTable, make: Callable[[int], Any]) -> Any:
    """With one group its table; with several a `ByGroup`. `make` takes the group's number from 0."""
    if not table.group_labels:
        return make(0)
    return ByGroup({label: make(number) for number, label in enumerate(table.group_labels)})


def estimates_table(outcome: Outcome) -> pd.DataFrame:
    """lavaan's parameter estimates: parameters in the order of the table, then defined quantities.

    A fixed parameter has se 0 and no z, as in lavaan. Without convergence nothing but `est` is a number.
    """
    table = outcome.fitted.table
    shown = np.flatnonzero(~np.isin(table.op, ("==", "<", ">")))
    est = _finite(outcome.values[shown])
    se = np.where(np.isfinite(est), _finite(outcome.se[shown]), math.nan)
    z = np.divide(est, se, out=np.full(len(est), math.nan), where=se > 0)
    reach = ndtri(0.5 + LEVEL / 2) * se
    columns: dict[str, Any] = {
        name: np.array(getattr(table, name), dtype=object)[shown] for name in ("lhs", "op", "rhs", "label")
    }
    columns |= {"group": table.group[shown], "est": est, "se": se, "z": z, "pvalue": 2 * ndtr(-np.abs(z))}
    columns |= {"ci_lower": est - reach, "ci_upper": est + reach}
    for kind in KINDS:
        known = outcome.converged
        columns[kind] = _finite(outcome.standardised[kind][shown]) if known else np.full(len(shown), math.nan)
    return pd.DataFrame(columns)


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def explained_variance(fitted: Fitted) -> Any:
    """R² of every item with a residual and of every explained variable; nan where its residual is negative."""
    names, values = explained_names(fitted.table), explained_values(fitted.table, fitted.theta)
    return by_group(fitted.table, lambda group: pd.Series(values[group], list(names), dtype=float, name="r2"))


def item_cov(outcome: Outcome, cov: np.ndarray) -> Any:
    """Covariances of the items (G, p, p) with their names."""
    names = list(outcome.fitted.table.variables.ov)
    return by_group(outcome.fitted.table, lambda group: pd.DataFrame(cov[group], names, names))


def latent_cov(outcome: Outcome, correlations: bool = False) -> Any:
    """Implied covariances, or correlations, of the latent variables."""
    cov, names = outcome.latent[0], list(outcome.fitted.table.variables.lv)
    found = _correlations(cov) if correlations else cov
    return by_group(outcome.fitted.table, lambda group: pd.DataFrame(found[group], names, names))


def mean_series(outcome: Outcome, values: np.ndarray, names: tuple[str, ...]) -> Any:
    """Implied means of items or latent variables; empty where means are not modelled."""
    table = outcome.fitted.table
    if not table.meanstructure:
        return by_group(table, lambda group: pd.Series(dtype=float, name="mean"))
    return by_group(table, lambda group: pd.Series(values[group], list(names), dtype=float, name="mean"))


def residual_frame(outcome: Outcome) -> pd.DataFrame:
    """Each pair of items: observed and implied covariance, their difference, and that of the correlations.

    With a mean structure a row for each mean as well, in which `item_2` is empty.
    """
    table, fitted = outcome.fitted.table, outcome.fitted
    names = np.array(table.variables.ov, dtype=object)
    row, column = np.tril_indices(len(names))
    frames = []
    for group in range(table.n_groups):
        cov, implied = fitted.cov[group], outcome.implied_cov[group]
        part = {"group": group + 1, "item_1": names[row], "item_2": names[column]}
        part |= {"observed": cov[row, column], "implied": implied[row, column]}
        part |= {"residual": (cov - implied)[row, column]}
        part |= {"residual_cor": (_correlations(cov) - _correlations(implied))[row, column]}
        frames.append(pd.DataFrame(part))
        if fitted.mean is not None:
            mean, model = fitted.mean[group], outcome.implied_mean[group]
            means = {"group": group + 1, "item_1": names, "item_2": "", "observed": mean, "implied": model}
            means |= {"residual": mean - model, "residual_cor": (mean - model) / np.sqrt(np.diag(cov))}
            frames.append(pd.DataFrame(means))
    return pd.concat(frames, ignore_index=True)


def parameter_covariances(outcome: Outcome) -> pd.DataFrame:
    """Covariance matrix of the estimates."""
    names, vcov = list(outcome.fitted.table.names), outcome.fitted.vcov
    return pd.DataFrame(vcov, names, names)


def _correlations(cov: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
        return np.asarray(cov / (spread[..., :, None] * spread[..., None, :]))
