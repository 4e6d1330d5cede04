"""`cx.control_chart`: does a metric only fluctuate, or has something changed?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.estimate.control_limits import (
    KINDS,
    Array,
    Flags,
    Kind,
    Limits,
    Rules,
    broken_rules,
    change_point,
    lag_one,
    limits_individuals,
    limits_p,
    limits_u,
    limits_xbar,
)
from cxlab.i18n.shown import Shown
from cxlab.journey.control_chart_data import FEWEST, Points, baseline_of, read_points
from cxlab.journey.control_chart_result import ControlChart
from cxlab.journey.retention_parts import check_positive

_ENOUGH = 20
_CHANGED = 0.05


def control_chart(
    values: Sequence[float] | np.ndarray | pd.Series,
    *,
    kind: Kind = "individuals",
    size: Sequence[float] | np.ndarray | pd.Series | float | None = None,
    subgroup: Sequence[Any] | pd.Series | None = None,
    baseline: int | Sequence[bool] | None = None,
    rules: Rules = "western_electric",
    spread: str = "sd",
    labels: Sequence[Any] | None = None,
    sigmas: float = 3.0,
) -> ControlChart:
    """A control chart: limits from a calm period, signals by named rules, and where the level likeliest changed.

    When to use it: to keep watch over a metric after something was fixed, without taking every wobble for news.

    Parameters
    ----------
    values : sequence of float
        In the order of time. One value a point for "individuals"; single scores with `subgroup` (or a table with a row
        a subgroup) for "xbar"; counts of cases for "p" and "u".
    kind : {"individuals", "xbar", "p", "u"}
        Single values; means of subgroups (the scores of a week); shares of `size` cases (complaints among contacts);
        events for each unit of `size` (complaints per 1,000 visits).
    size : sequence of float or float, optional
        For "p" and "u": how many cases or units each count is out of.
    subgroup : sequence, optional
        For "xbar": the subgroup of each value. Subgroups named by dates or numbers stand in their order, others in the
        order in which they first occur; either is told where it matters.
    baseline : int or sequence of bool, optional
        The points that limits are taken from: the first so many, or those marked True. Default: all.
    rules : {"western_electric", "nelson", "limits"}
        Which patterns are signals, besides a point beyond the limits: Western Electric (1956): 2 of 3 beyond two sigma,
        4 of 5 beyond one sigma, 8 in a row on one side. Nelson (1984): 9 in a row on one side, 6 rising or falling, 14
        up and down, 2 of 3, 4 of 5, 15 within one sigma, 8 beyond one sigma.
    spread : {"sd", "range"}
        For "xbar": sigma from the subgroups' standard deviations (over c4) or ranges (over d2).
    labels : sequence, optional
        Names of the points, such as weeks. Default: the subgroups, or the Series' index.
    sigmas : float
        Width of the limits in standard errors.

    Returns
    -------
    ControlChart
        ``.table``: point, label, value, size, centre, sigma, lower, upper, baseline, signal (the rules broken there,
        with commas). ``.spread``: the same for moving ranges, standard deviations or ranges; None for "p" and "u".
        ``.signals``: point, label, rule. ``.change``: a Series with last_before, label, mean_before, mean_after,
        statistic, pvalue. ``.plot()``.

    Raises
    ------
    DataError
        Fewer than 8 points (in the baseline, too), no variation, missing values, counts above their size, negative
        counts, sizes that are not above 0, subgroups of one, options that another kind of chart takes.

    Notes
    -----
    Individuals: mean ± 3 (mean moving range)/d2(2). Subgroups: sigma is the mean of s/c4(n), errors sigma/√n; p:
    √(p(1-p)/n); u: √(u/n). Constants are computed, not looked up. Change of level: Pettitt's (1979) rank test. Limits
    hold for points that are independent over time. R: ``qcc::qcc(type = "xbar.one" | "xbar" | "p" | "u")`` (for "xbar"
    with ``std.dev = "UWAVE-SD"`` or ``"UWAVE-R"``), ``trend::pettitt.test``.

    Examples
    --------
    >>> import cxlab as cx
    >>> scores = [7.1, 6.9, 7.0, 7.2, 6.8, 7.0, 7.1, 6.9, 7.0, 8.4]
    >>> chart = cx.control_chart(scores, baseline=9)
    >>> chart.signals.to_dict("records")
    [{'point': 10, 'label': '10', 'rule': 'limit'}, {'point': 10, 'label': '10', 'rule': 'spread_limit'}]
    """
    for name, given, known in (
        ("kind", kind, KINDS),
        ("rules", rules, get_args(Rules)),
        ("spread", spread, ("sd", "range")),
    ):
        if given not in known:
            raise DataError("analyses.unknown_option", option=name, value=given, known=", ".join(known))
    check_positive("sigmas", sigmas)
    read = read_points(values, kind, size, subgroup)
    if read.moved and not (labels is None and isinstance(baseline, int | np.integer | None)):
        raise DataError("management.subgroups_unordered", option="baseline" if labels is None else "labels")
    names, sizes = read.names if labels is None else [str(one) for one in labels], read.sizes
    if len(names) != len(read.values):
        raise DataError("management.labels_length", labels=len(names), points=len(read.values))
    chosen = baseline_of(baseline, len(names))
    main, aside = _limits(kind, read, chosen, spread, sigmas)
    table = _table(main, names, sizes, chosen, broken_rules(main, rules))
    second = None if aside is None else _table(aside, names, sizes, chosen, broken_rules(aside, "limits"))
    change = _change(main, names)
    return ControlChart(
        table=table,
        spread=second,
        change=change,
        warnings=(*read.notices, *_notices(main, chosen, baseline, change, kind)),
        kind=kind,
        rules=rules,
        of_spread={"individuals": "moving_range", "xbar": spread}.get(kind, ""),
        sigmas=float(sigmas),
    )


def _limits(kind: Kind, read: Points, chosen: Flags, spread: str, sigmas: float) -> tuple[Limits, Limits | None]:
    attributes: dict[str, Callable[..., Limits]] = {"p": limits_p, "u": limits_u}
    aside: Limits | None = None
    if kind == "individuals":
        if np.ptp(read.values[chosen]) == 0:
            raise DataError("management.constant_series")
        main, aside = limits_individuals(read.values, chosen, sigmas)
    elif kind == "xbar":
        if all(np.ptp(one) == 0 for one, own in zip(read.groups, chosen, strict=True) if own):
            raise DataError("management.constant_series")
        main, aside = limits_xbar(read.groups, chosen, spread, sigmas)
    else:
        main = attributes[kind](read.values, read.sizes, chosen, sigmas)
    if not (main.sigma > 0).all():
        raise DataError("management.constant_series")
    return main, aside


def _table(limits: Limits, names: list[str], sizes: Array, chosen: Flags, broken: dict[str, Flags]) -> pd.DataFrame:
    signal = [", ".join(rule for rule, flags in broken.items() if flags[k]) for k in range(len(names))]
    return pd.DataFrame(
        {
            "point": np.arange(1, len(names) + 1),
            "label": names,
            "value": limits.points,
            "size": sizes,
            "centre": limits.centre,
            "sigma": limits.sigma,
            "lower": limits.lower,
            "upper": limits.upper,
            "baseline": chosen,
            "signal": signal,
        }
    )


def _change(limits: Limits, names: list[str]) -> pd.Series:
    """Pettitt's test on standardised points, so that points out of few cases do not count as more than they are."""
    found = change_point((limits.points - limits.centre) / limits.sigma)
    cut = found.last_before + 1
    return pd.Series(
        {
            "last_before": cut,
            "label": names[found.last_before],
            "mean_before": float(limits.points[:cut].mean()),
            "mean_after": float(limits.points[cut:].mean()),
            "statistic": found.statistic,
            "pvalue": found.pvalue,
        }
    )


def _notices(limits: Limits, chosen: Flags, baseline: Any, change: pd.Series, kind: Kind) -> list[Notice]:
    notices = []
    if chosen.sum() < _ENOUGH:
        notices.append(Notice("management.short_baseline", {"n": int(chosen.sum()), "enough": _ENOUGH}, serious=True))
    z = (limits.points - limits.centre) / limits.sigma
    calm = z[chosen]
    r, bound = lag_one(calm) if np.ptp(calm) else 0.0, 2 / np.sqrt(len(calm))
    if abs(r) > bound:
        notices.append(Notice("management.autocorrelated", {"r": Shown(r, 2, bounded=True)}, serious=True))
    if baseline is None and change["pvalue"] < _CHANGED:
        notices.append(Notice("management.baseline_changed", {"label": change["label"]}, serious=True))
    if kind in ("p", "u"):
        ratio = float(calm.std(ddof=1))
        if ratio > 1.5 and len(calm) >= FEWEST:
            notices.append(Notice("management.overdispersed", {"ratio": Shown(ratio, 1)}, serious=True))
    return notices
