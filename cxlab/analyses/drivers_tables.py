"""Tables of a driver analysis: importance with intervals, differences between drivers, ranks, dominance."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.drivers_input import DriverData
from cxlab.analyses.drivers_methods import SHARES, Measured
from cxlab.resample.intervals import Interval, acceleration, intervals

Array = NDArray[np.float64]


class Spread:
    """Sample, replicates and (for BCa) leave-one-out values of a quantity, and its interval."""

    def __init__(self, sample: Measured, drawn: Measured | None, left: Measured | None, ci: Interval, level: float):
        self.sample, self.drawn, self.left, self.ci, self.level = sample, drawn, left, ci, level

    def ends(self, quantity: Any) -> tuple[Array, Array]:
        """Interval ends of ``quantity(measured)``, an array (R, k)."""
        estimate = quantity(self.sample)[0]
        if self.drawn is None:
            return np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
        a = acceleration([quantity(self.left)]) if self.left is not None else None
        found = intervals(quantity(self.drawn), estimate, self.ci, self.level, a)
        return found.lower, found.upper


def importance_table(data: DriverData, spread: Spread) -> pd.DataFrame:
    """One row a method and driver, by importance within the method."""
    parts = [_method_rows(data, spread, method) for method in spread.sample.methods]
    return pd.concat(parts, ignore_index=True)


def _method_rows(data: DriverData, spread: Spread, method: str) -> pd.DataFrame:
    lower, upper = spread.ends(lambda one: one.methods[method])
    value = spread.sample.methods[method][0]
    share = share_lower = share_upper = np.full(len(value), np.nan)
    if method in SHARES:
        share = _shares(spread.sample, method)[0]
        share_lower, share_upper = spread.ends(lambda one: _shares(one, method))
    rows = pd.DataFrame(
        {
            "method": method,
            "predictor": data.names,
            "importance": value,
            "ci_lower": lower,
            "ci_upper": upper,
            "share": share,
            "share_lower": share_lower,
            "share_upper": share_upper,
        }
    )
    return _ranked(rows, spread, method)


def _shares(measured: Measured, method: str) -> Array:
    values = measured.methods[method]
    return np.asarray(values / values.sum(axis=1, keepdims=True))


def _ranked(rows: pd.DataFrame, spread: Spread, method: str) -> pd.DataFrame:
    """Ranks by size: 1 is the most important; in replicates the ends of its interval and how often it comes first."""
    rank = _ranks(spread.sample.methods[method])[0]
    low = high = first = same = np.full(len(rank), np.nan)
    if spread.drawn is not None:
        values = spread.drawn.methods[method]
        drawn = _ranks(values[np.isfinite(values).all(axis=1)])
        if len(drawn):
            tails = (1 - spread.level) / 2, (1 + spread.level) / 2
            low, high = np.quantile(drawn, tails, axis=0, method="closest_observation")
            first, same = (drawn == 1).mean(axis=0), (drawn == rank).mean(axis=0)
    extra = {"rank": rank, "rank_lower": low, "rank_upper": high, "first_share": first, "same_rank_share": same}
    return rows.assign(**extra).sort_values("rank", kind="stable")


def _ranks(values: Array) -> NDArray[np.int_]:
    return np.argsort(np.argsort(-np.abs(values), axis=1, kind="stable"), axis=1) + 1


def difference_table(data: DriverData, spread: Spread) -> pd.DataFrame:
    """Every pair of drivers, the more important first: difference of sizes, interval, share of draws that agree."""
    parts = []
    for method in spread.sample.methods:
        order = np.argsort(-np.abs(spread.sample.methods[method][0]), kind="stable")
        pairs = np.array(list(combinations(order, 2)))

        def gap(one: Measured, name: str = method, pairs: NDArray[np.int_] = pairs) -> Array:
            size = np.abs(one.methods[name])
            return np.asarray(size[:, pairs[:, 0]] - size[:, pairs[:, 1]])

        lower, upper = spread.ends(gap)
        agree = np.full(len(pairs), np.nan)
        if spread.drawn is not None:
            drawn = gap(spread.drawn)
            drawn = drawn[np.isfinite(drawn).all(axis=1)]
            agree = (drawn > 0).mean(axis=0) if len(drawn) else agree
        parts.append(
            pd.DataFrame(
                {
                    "method": method,
                    "first": [data.names[a] for a, _ in pairs],
                    "second": [data.names[b] for _, b in pairs],
                    "difference": gap(spread.sample)[0],
                    "ci_lower": lower,
                    "ci_upper": upper,
                    "agreement": agree,
                    "distinct": (lower > 0) if spread.drawn is not None else pd.array([pd.NA] * len(pairs), "boolean"),
                }
            ).astype({"distinct": "boolean"})
        )
    return pd.concat(parts, ignore_index=True)


def coefficient_table(data: DriverData, cov: Array) -> pd.DataFrame:
    """Each driver column's correlation with the outcome, standardised coefficient with t, and VIF."""
    k = cov.shape[-1] - 1
    inverse = np.linalg.inv(cov[:-1, :-1])
    beta = inverse @ cov[:-1, -1]
    left = max(1 - float(beta @ cov[:-1, -1]), 0.0)
    rows = len(data.values) - k - 1
    error = np.sqrt(left / rows * np.diag(inverse)) if rows > 0 else np.full(k, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = beta / error
    owner = np.repeat(data.names, data.sizes)
    own = slice(data.covariates, None)
    columns = {"predictor": owner, "column": data.columns, "r": cov[:-1, -1][own], "beta": beta[own], "t": t[own],
               "vif": np.diag(inverse)[own]}  # fmt: skip
    return pd.DataFrame(columns)


def dominance_tables(data: DriverData, sample: Measured, drawn: Measured | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs with complete, conditional and general dominance and how often draws agree; means by size of subset."""
    conditional = sample.conditional
    if not conditional.size:
        return pd.DataFrame(), pd.DataFrame()
    general = conditional[0].mean(axis=1)
    order = np.argsort(-general, kind="stable")
    rows = [_pair(data, sample, drawn, int(a), int(b)) for a, b in combinations(order, 2)]
    sizes = {f"with_{count}": conditional[0][order, count] for count in range(len(order))}
    means = pd.DataFrame({"predictor": [data.names[g] for g in order], **sizes, "general": general[order]})
    return pd.DataFrame(rows), means


def _pair(data: DriverData, sample: Measured, drawn: Measured | None, a: int, b: int) -> dict[str, Any]:
    row: dict[str, Any] = {"first": data.names[a], "second": data.names[b]}
    for kind, of in (("complete", _complete), ("conditional", _conditional), ("general", _general)):
        found = float(of(sample, a, b)[0])
        row[kind] = found
        if drawn is not None:
            values = of(drawn, a, b)
            values = values[np.isfinite(values)]
            row[f"{kind}_draws"] = float((values == found).mean()) if len(values) else np.nan
        else:
            row[f"{kind}_draws"] = np.nan
    return row


def _complete(one: Measured, a: int, b: int) -> Array:
    return one.complete[:, a, b]


def _conditional(one: Measured, a: int, b: int) -> Array:
    gain = one.conditional[:, a] - one.conditional[:, b]
    verdict = np.where((gain > 0).all(axis=1), 1.0, np.where((gain < 0).all(axis=1), 0.0, 0.5))
    return np.where(np.isfinite(gain).all(axis=1), verdict, np.nan)


def _general(one: Measured, a: int, b: int) -> Array:
    gain = one.conditional[:, a].mean(axis=1) - one.conditional[:, b].mean(axis=1)
    return np.where(np.isfinite(gain), np.where(gain > 0, 1.0, np.where(gain < 0, 0.0, 0.5)), np.nan)
