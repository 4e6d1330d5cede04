"""How far journeys go: reach of each stage, conversion between stages, with intervals and what the record cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.journey.events_result import Events
from cxlab.journey.funnel_result import Funnel
from cxlab.journey.map import check_events
from cxlab.journey.under_way import Quiet, days_of, order_given, under_way

__all__ = ["Funnel", "funnel"]


def funnel(
    events: Events,
    stages: Sequence[str] | None = None,
    *,
    group: str | None = None,
    quiet: Quiet = "auto",
    level: float = 0.95,
) -> Funnel:
    """How many customers reach each stage, and which share goes on from one to the next.

    When to use it: to see where journeys stop. A customer has reached a stage with an event there or at a later one.

    Parameters
    ----------
    events : Events
        From `journey_events`.
    stages : sequence of str, optional
        The stages to show, by default all that have events; they stand in the order of the coding.
    group : str, optional
        A column of the source with one value a customer: a funnel for each, and a test at each step.
    quiet : float, "auto" or None
        Days (or units of numeric times) without an event after which a journey counts as ended; "auto" is the 95th
        percentile of the gaps between events. Who had an event later than that before the record ends is still under
        way: not gone, only not yet further. None takes every journey as ended.
    level : float
        Confidence level.

    Returns
    -------
    Funnel
        ``.table``: ``group`` (if asked for), ``stage``, ``visited`` (customers with an event there), ``reached``,
        ``share`` (of those at the first stage) with ``share_lower``, ``share_upper``; ``conversion`` (share of those
        at the stage before) with ``ci_lower``, ``ci_upper``; ``under_way`` (at the stage before, not here, journey not
        ended); ``conversion_if_all_go_on`` (counting those); ``median_wait`` (from first reaching the stage before).
        ``.tests`` (with `group`): ``stage``, ``chi2``, ``df``, ``p``, ``p_adjusted``. ``.plot()``, ``.summary()``,
        ``.apa()``.

    Raises
    ------
    DataError
        Unknown stages, fewer than two, a group that varies within customers or has one value.

    Notes
    -----
    Wilson's interval; customers are independent, each counts once. Groups are compared by the chi-square of the two
    by groups table without correction, p adjusted over steps (Holm). R: ``prop.test(x, n, correct = FALSE)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": ["A", "A", "B", "C", "C"], "time": [1, 2, 1, 2, 3], "touchpoint": "x",
    ...                     "stage": ["awareness", "buying", "awareness", "awareness", "buying"]})
    >>> found = cx.funnel(cx.journey_events(log), quiet=None)
    >>> found.table[["stage", "reached", "conversion"]].round(2).to_numpy().tolist()
    [['awareness', 3, nan], ['buying', 2, 0.67]]
    """
    check_events(events)
    check_level(level)
    frame = events.frame
    customers, ids = pd.factorize(frame["customer"])
    chosen = _chosen(events, frame, stages)
    places = _places(events, frame, chosen)
    visits = _Visits(customers, places, days_of(frame["time"]), len(ids), len(chosen))
    still = under_way(frame, customers, quiet)
    groups, lost = _groups(events, group, ids)
    parts = [
        _one(visits, who, chosen, still.customers, level).assign(**({} if group is None else {"group": name}))
        for name, who in groups.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    if group is not None:
        table = table[["group", *(name for name in table if name != "group")]]
    jumped = int((table["reached"] - table["visited"]).sum())
    notices = [*events.warnings, *order_given(events), *still.notices(len(ids)), *lost]
    if jumped:
        notices.append(Notice("journey.skipped", {"count": jumped}))
    return Funnel(table, _tests(table, chosen), events, group, level, still.quiet, tuple(notices))


class _Visits:
    """For each customer and stage: an event there, the stage or a later one reached, and when."""

    def __init__(self, customers: np.ndarray, places: np.ndarray, times: np.ndarray, total: int, k: int) -> None:
        here = places >= 0
        customers, places, times = customers[here], places[here], times[here]
        self.visited = np.zeros((total, k), dtype=bool)
        self.visited[customers, places] = True
        first = np.full((total, k), np.inf)
        np.minimum.at(first, (customers, places), np.where(np.isnan(times), np.inf, times))
        self.reached = np.maximum.accumulate(self.visited[:, ::-1], axis=1)[:, ::-1]
        self.when = np.minimum.accumulate(first[:, ::-1], axis=1)[:, ::-1]


def _chosen(events: Events, frame: pd.DataFrame, stages: Sequence[str] | None) -> list[str]:
    present = set(frame["stage"].unique())
    if stages is None:
        chosen = [key for key in events.stages if key in present]
    else:
        asked = [stages] if isinstance(stages, str) else [str(one) for one in stages]
        unknown = [one for one in asked if one not in events.stages]
        if unknown:
            raise DataError("journey.unknown_stages", names=", ".join(unknown), known=", ".join(events.stages))
        chosen = [key for key in events.stages if key in asked]
    if len(chosen) < 2:
        raise DataError("journey.funnel_stages", known=", ".join(events.stages))
    return chosen


def _places(events: Events, frame: pd.DataFrame, chosen: Sequence[str]) -> np.ndarray:
    place = np.array([chosen.index(key) if key in chosen else -1 for key in events.stages])
    return place[frame["stage"].cat.codes.to_numpy()]


def _groups(events: Events, group: str | None, ids: pd.Index) -> tuple[dict[object, np.ndarray], list[Notice]]:
    """Which customers belong to each group, and a notice about those without one."""
    if group is None:
        return {"": np.ones(len(ids), dtype=bool)}, []
    values = events.per_customer(group)[group].reindex(ids)
    names = sorted(values.dropna().unique())
    if len(names) < 2:
        raise DataError("journey.one_group", column=group)
    if len(names) > 8:
        raise DataError("journey.many_groups", column=group, count=len(names))
    lost = int(values.isna().sum())
    notices = [Notice("journey.no_group", {"count": lost, "column": group})] if lost else []
    return {name: (values == name).to_numpy() for name in names}, notices


def _one(visits: _Visits, who: np.ndarray, chosen: Sequence[str], still: np.ndarray, level: float) -> pd.DataFrame:
    """The funnel of some customers."""
    from statsmodels.stats.proportion import proportion_confint

    reached, when = visits.reached[who], visits.when[who]
    n = reached.sum(axis=0)
    before = np.r_[0, n[:-1]]
    with np.errstate(invalid="ignore", divide="ignore"):
        table = pd.DataFrame({"stage": list(chosen), "visited": visits.visited[who].sum(axis=0), "reached": n})
        table["share"], table["conversion"] = n / n[0], n / np.where(before > 0, before, np.nan)
    ends: Mapping[str, np.ndarray] = {"share": np.full(len(n), n[0]), "conversion": before}
    for name, of in ends.items():
        low, high = proportion_confint(np.minimum(n, of), np.maximum(of, 1), alpha=1 - level, method="wilson")
        prefix = "share" if name == "share" else "ci"
        table[f"{prefix}_lower"], table[f"{prefix}_upper"] = (
            np.where(of > 0, low, np.nan),
            np.where(of > 0, high, np.nan),
        )
    stopped = np.column_stack([np.zeros(len(reached), bool), reached[:, :-1] & ~reached[:, 1:]])
    table["under_way"] = (stopped & still[who][:, None]).sum(axis=0)
    table["conversion_if_all_go_on"] = (n + table["under_way"]) / np.where(before > 0, before, np.nan)
    table["median_wait"] = [np.nan, *(_median(when[:, k], when[:, k + 1]) for k in range(len(chosen) - 1))]
    names = ["stage", "visited", "reached", "share", "share_lower", "share_upper", "conversion", "ci_lower", "ci_upper"]
    return table[[*names, "under_way", "conversion_if_all_go_on", "median_wait"]]


def _median(before: np.ndarray, after: np.ndarray) -> float:
    both = np.isfinite(before) & np.isfinite(after)
    return float(np.median(after[both] - before[both])) if both.any() else np.nan


def _tests(table: pd.DataFrame, chosen: Sequence[str]) -> pd.DataFrame:
    """At each step: do the groups go on equally often?"""
    from scipy.stats import chi2_contingency
    from statsmodels.stats.multitest import multipletests

    columns = ["stage", "chi2", "df", "p", "p_adjusted"]
    if "group" not in table:
        return pd.DataFrame(columns=columns)
    rows = []
    reached = table.pivot(index="group", columns="stage", values="reached")[list(chosen)]
    for before, stage in pairwise(chosen):
        counts = np.array([reached[stage], reached[before] - reached[stage]])
        counts = counts[:, counts.sum(axis=0) > 0]
        if counts.shape[1] < 2 or (counts.sum(axis=1) == 0).any():
            rows.append((stage, np.nan, np.nan, np.nan))
            continue
        found = chi2_contingency(counts, correction=False)
        rows.append((stage, float(found.statistic), float(found.dof), float(found.pvalue)))
    tests = pd.DataFrame(rows, columns=columns[:-1]).assign(p_adjusted=np.nan)
    known = tests["p"].notna()
    if known.any():
        tests.loc[known, "p_adjusted"] = multipletests(tests.loc[known, "p"], method="holm")[1]
    return tests
