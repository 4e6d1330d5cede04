"""How far journeys go: reach of each stage, conversion between stages, with intervals and what the record cut off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.journey.customer_weights import CustomerWeights, of_customers, weighed
from cxlab.journey.events_result import Events
from cxlab.journey.funnel_numbers import Visits, group_tests, one_funnel
from cxlab.journey.funnel_result import Funnel
from cxlab.journey.map import check_events
from cxlab.journey.under_way import Quiet, days_of, order_given, record_end, under_way

__all__ = ["Funnel", "funnel"]


def funnel(
    events: Events,
    stages: Sequence[str] | None = None,
    *,
    group: str | None = None,
    quiet: Quiet = "auto",
    level: float = 0.95,
    weights: CustomerWeights = None,
) -> Funnel:
    """How many customers reach each stage, and which share goes on from one to the next.

    When to use it: to see where journeys stop. A customer has reached a stage with an event there or at a later one.

    Parameters
    ----------
    events : Events
        From `journey_events`.
    stages : sequence of str, optional
        The stages to show, by default all that have events; they stand in the order of the coding. Events at stages
        that are not shown count for the reach of those before them.
    group : str, optional
        A column of the source with one value a customer: a funnel for each, and a test at each step.
    quiet : float, "auto" or None
        Days (or units of numeric times) without an event after which a journey counts as ended; "auto" is the 95th
        percentile of the gaps between events. Who had an event later than that before the record ends is still under
        way: not gone, only not yet further. None takes every journey as ended.
    level : float
        Confidence level.
    weights : str, Series or mapping, optional
        How much each customer stands for: a column of the source with one value a customer, or values by customer.
        Shares, conversions, their intervals, tests and the median wait are weighted; ``visited``, ``reached`` and
        ``under_way`` stay numbers of customers. Customers of weight zero are left out.

    Returns
    -------
    Funnel
        ``.table``: ``group`` (if asked for), ``stage``, ``visited`` (customers with an event there), ``reached``,
        ``share`` (of those at the first stage) with ``share_lower``, ``share_upper``; ``conversion`` (share of those
        at the stage before) with ``ci_lower``, ``ci_upper``; ``under_way`` (at the stage before, not here, journey not
        ended); ``conversion_if_all_go_on`` (counting those); ``median_wait`` (from first reaching the stage before).
        ``.tests`` (with `group`): ``stage``, ``chi2``, ``df``, ``p``, ``p_adjusted``; with weights ``f``, ``df1``,
        ``df2`` instead of ``chi2`` and ``df``. ``.plot()``, ``.summary()``, ``.apa()``.

    Raises
    ------
    DataError
        Unknown stages, fewer than two, a group that varies within customers or has one value, weights that are missing
        or negative.

    Notes
    -----
    Wilson's interval; customers are independent, each counts once. Groups are compared by the chi-square of the two
    by groups table without correction, p adjusted over steps (Holm). R: ``prop.test(x, n, correct = FALSE)``. With
    weights the interval is Wilson's on the effective number of customers, share (1 - share) over the linearised
    variance, and groups are compared by Rao and Scott's (1984) F. R: ``survey::svymean``, ``survey::svychisq`` with
    ``svydesign(ids = ~1, weights = ~w)``.

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
    counted = weighed(events, weights)
    events, frame = counted.events, counted.events.frame
    customers, ids = pd.factorize(frame["customer"])
    chosen = _chosen(events, frame, stages)
    places, far = _places(events, frame, chosen)
    visits = Visits(customers, places, far, days_of(frame["time"]), len(ids), len(chosen))
    still = under_way(frame, customers, quiet, record_end(events))
    groups, lost = _groups(events, group, ids)
    w = None if counted.weights is None else of_customers(ids, counted.weights)
    parts = [
        one_funnel(visits, who, chosen, still.customers, w, level).assign(**({} if group is None else {"group": name}))
        for name, who in groups.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    if group is not None:
        table = table[["group", *(name for name in table if name != "group")]]
    jumped = int((table["reached"] - table["visited"]).sum())
    notices = [*counted.notices, *order_given(events), *still.notices(len(ids)), *lost]
    if jumped:
        notices.append(Notice("journey.skipped", {"count": jumped}))
    tests = group_tests(visits, groups, chosen, w)
    return Funnel(table, tests, events, group, level, still.quiet, tuple(notices), weighted=w is not None)


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


def _places(events: Events, frame: pd.DataFrame, chosen: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Each event's stage among those shown (-1: not shown), and the last one shown that it lies at or beyond."""
    place = np.array([chosen.index(key) if key in chosen else -1 for key in events.stages])
    codes = frame["stage"].cat.codes.to_numpy()
    return place[codes], np.maximum.accumulate(place)[codes]


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
