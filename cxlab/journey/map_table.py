"""The numbers of a journey map: one row a stage and touchpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from cxlab.journey.cluster import Means, clustered_means, effective_wilson
from cxlab.journey.customer_weights import of_customers
from cxlab.show.result import Text

_ROLES = ("touchpoint", "owner", "channel", "contact")


@dataclass(frozen=True)
class Judgement:
    """How cells are judged: what they are, the number they are held against, how sure one must be, and how much each
    customer counts (None: all the same)."""

    by: str
    reference: float
    fixed: bool
    level: float
    min_n: int
    adjust: str
    neutral: float | None
    weights: pd.Series | None = field(default=None, compare=False)

    def of(self, frame: pd.DataFrame) -> np.ndarray:
        """The weight of each event."""
        return np.ones(len(frame)) if self.weights is None else of_customers(frame["customer"], self.weights)


def cell_table(frame: pd.DataFrame, stages: Mapping[str, Text], how: Judgement) -> pd.DataFrame:
    """One row a stage and cell that has events, in the order of the journey, the most frequent first."""
    cells, index = _cells(frame, how.by)
    k, w = len(index), how.of(frame)
    rated = frame["valence"].notna().to_numpy()
    values, w_rated = frame["valence"].to_numpy()[rated], w[rated]
    customers = pd.factorize(frame["customer"])[0][rated]
    means = clustered_means(values, cells[rated], customers, k, w_rated)
    table = index.assign(events=np.bincount(cells, minlength=k), customers=means.customers, rated=means.n)
    size = np.bincount(cells[rated], w_rated, minlength=k)
    table["missing_share"] = np.where(table["rated"] == table["events"], 0.0, 1 - size / np.bincount(cells, w))
    for role in _ROLES:
        if role != how.by:
            table[role] = _most_frequent(frame[role], cells, k)
    table = _with_means(table, means, how)
    table = _with_negative(table, (values, cells[rated], customers, w_rated), how)
    table["gain"] = size / (size.sum() or 1.0) * (how.reference - table["mean_valence"])
    table = _with_verdicts(table, how)
    order = table["stage"].map({key: place for place, key in enumerate(stages)})
    table = table.assign(_order=order).sort_values(["_order", "events"], ascending=[True, False], kind="stable")
    names = ["stage", how.by, *(role for role in _ROLES if role != how.by)]
    return table[[*names, *(name for name in table if name not in (*names, "_order"))]].reset_index(drop=True)


def stage_means(frame: pd.DataFrame, stages: Mapping[str, Text], how: Judgement) -> pd.DataFrame:
    """Mean valence of each stage with its clustered interval: stage, events, customers, rated, mean_valence, ends."""
    rated = frame["valence"].notna().to_numpy()
    codes = frame["stage"].cat.codes.to_numpy()
    customers = pd.factorize(frame["customer"])[0][rated]
    values = frame["valence"].to_numpy()[rated]
    means = clustered_means(values, codes[rated], customers, len(stages), how.of(frame)[rated])
    table = pd.DataFrame({"stage": list(stages), "events": np.bincount(codes, minlength=len(stages))})
    table["customers"], table["rated"], table["mean_valence"] = means.customers, means.n, means.mean
    half = _quantile(means.customers, how.level) * means.se
    return table.assign(ci_lower=means.mean - half, ci_upper=means.mean + half)


def _cells(frame: pd.DataFrame, by: str) -> tuple[np.ndarray, pd.DataFrame]:
    """The cell of each event, and stage and name of each cell; events without a name form a cell of their own."""
    codes, names = pd.factorize(frame[by], use_na_sentinel=False)
    stage = frame["stage"].cat.codes.to_numpy().astype(np.int64)
    pairs, cells = np.unique(stage * len(names) + codes, return_inverse=True)
    texts = pd.Series(np.asarray(names, dtype=object)[pairs % len(names)]).fillna("")
    stages = np.asarray(frame["stage"].cat.categories, dtype=object)[pairs // len(names)]
    return cells, pd.DataFrame({"stage": stages, by: texts.to_numpy()}).astype("str")


def _most_frequent(column: pd.Series, cells: np.ndarray, k: int) -> np.ndarray:
    """The value that stands most often in each cell, empty where there is none."""
    codes, names = pd.factorize(column)
    if not len(names):
        return np.full(k, "", dtype=object)
    known = codes >= 0
    counts = np.bincount(cells[known] * len(names) + codes[known], minlength=k * len(names)).reshape(k, len(names))
    return np.where(counts.sum(axis=1) > 0, np.asarray(names, dtype=object)[counts.argmax(axis=1)], "")


def _quantile(customers: np.ndarray, level: float) -> np.ndarray:
    return np.asarray(stats.t.ppf((1 + level) / 2, np.maximum(customers - 1, 1)))


def _with_means(table: pd.DataFrame, means: Means, how: Judgement) -> pd.DataFrame:
    quantile = _quantile(means.customers, how.level)
    difference, se = means.mean - how.reference, means.se if how.fixed else means.se_difference
    with np.errstate(invalid="ignore", divide="ignore"):
        p = 2 * stats.t.sf(np.abs(difference / se), np.maximum(means.customers - 1, 1))
    return table.assign(
        mean_valence=means.mean,
        se=means.se,
        ci_lower=means.mean - quantile * means.se,
        ci_upper=means.mean + quantile * means.se,
        difference=difference,
        diff_lower=difference - quantile * se,
        diff_upper=difference + quantile * se,
        p=p,
    )


def _with_negative(table: pd.DataFrame, rated: tuple[np.ndarray, ...], how: Judgement) -> pd.DataFrame:
    """The share of negative events; `rated` holds values, cells, customers and weights."""
    if how.neutral is None:
        return table.assign(share_negative=np.nan, negative_lower=np.nan, negative_upper=np.nan)
    values, cells, customers, w = rated
    bad = clustered_means((values < how.neutral).astype(float), cells, customers, len(table), w)
    low, high = effective_wilson(bad.mean, bad.se, bad.n, bad.effective, how.level)
    return table.assign(share_negative=bad.mean, negative_lower=low, negative_upper=high)


def _with_verdicts(table: pd.DataFrame, how: Judgement) -> pd.DataFrame:
    """Which cells lie below or above the threshold for sure; why a cell is not judged."""
    from statsmodels.stats.multitest import multipletests

    reason = np.full(len(table), "", dtype=object)
    reason[table["customers"] < how.min_n] = "few_customers"
    # Equal ratings throughout show no spread: an interval of no width would claim a certainty that nobody has.
    reason[(reason == "") & ~(table["se"] > 1e-12)] = "constant"
    reason[table["rated"] == 0] = "no_rating"
    judged = reason == ""
    adjusted = np.full(len(table), np.nan)
    if judged.any():
        p = table["p"].to_numpy()[judged]
        adjusted[judged] = p if how.adjust == "none" else multipletests(p, method=how.adjust)[1]
    sure = adjusted < 1 - how.level
    verdict = np.where(sure & (table["difference"] < 0), "pain", np.where(sure, "delight", ""))
    return table.assign(p_adjusted=adjusted, verdict=verdict, reason=reason)
