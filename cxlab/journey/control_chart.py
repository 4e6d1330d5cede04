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
from cxlab.journey.control_chart_result import ControlChart
from cxlab.journey.retention_parts import check_positive

_FEWEST, _ENOUGH = 8, 20
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
        For "xbar": the subgroup of each value; subgroups stand in the order in which they first occur.
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
        counts, sizes that are not above 0, subgroups of one.

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
    points, sizes, groups, names = _read(values, kind, size, subgroup)
    names = names if labels is None else [str(one) for one in labels]
    if len(names) != len(points):
        raise DataError("management.labels_length", labels=len(names), points=len(points))
    chosen = _baseline(baseline, len(points))
    main, aside = _limits(kind, points, sizes, groups, chosen, spread, sigmas)
    table = _table(main, names, sizes, chosen, broken_rules(main, rules))
    second = None if aside is None else _table(aside, names, sizes, chosen, broken_rules(aside, "limits"))
    change = _change(main, names)
    return ControlChart(
        table=table,
        spread=second,
        change=change,
        warnings=tuple(_notices(main, chosen, baseline, change, kind)),
        kind=kind,
        rules=rules,
        of_spread={"individuals": "moving_range", "xbar": spread}.get(kind, ""),
        sigmas=float(sigmas),
    )


def _read(values: Any, kind: Kind, size: Any, subgroup: Any) -> tuple[Array, Array, list[Array], list[str]]:
    """Points, what each is out of, the scores behind it (for "xbar"), and its name."""
    if kind == "xbar":
        groups, names = _subgroups(values, subgroup)
        sizes = np.array([len(one) for one in groups], dtype=float)
        return np.array([one.mean() for one in groups]), sizes, groups, names
    points = _series(values, "values")
    return points, _sizes(size, points, kind), [], _names(values)


def _series(values: Any, name: str) -> Array:
    try:
        found = np.asarray(pd.to_numeric(pd.Series(np.ravel(values))), dtype=float)
    except (TypeError, ValueError):
        raise DataError("management.series_not_numbers", name=name) from None
    gaps = np.flatnonzero(~np.isfinite(found))
    if len(gaps):
        raise DataError("management.series_gaps", name=name, points=", ".join(str(gap + 1) for gap in gaps[:5]))
    return found


def _names(values: Any) -> list[str]:
    if isinstance(values, pd.Series) and not isinstance(values.index, pd.RangeIndex):
        dates = isinstance(values.index, pd.DatetimeIndex | pd.PeriodIndex)
        return [str(one)[:10] if dates else str(one) for one in values.index]
    return [str(k + 1) for k in range(len(np.ravel(values)))]


def _subgroups(values: Any, subgroup: Any) -> tuple[list[Array], list[str]]:
    if subgroup is None:
        frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame(np.asarray(values, dtype=object))
        if frame.shape[1] < 2:
            raise DataError("management.subgroup_needed")
        groups = [_series(row, "values") for row in frame.to_numpy()]
        plain = isinstance(frame.index, pd.RangeIndex)
        return groups, [str(k + 1) if plain else str(name) for k, name in enumerate(frame.index)]
    flat, labels = _series(values, "values"), pd.Series(list(subgroup))
    if len(flat) != len(labels) or labels.isna().any():
        raise DataError("management.subgroup_length", values=len(flat), labels=len(labels))
    parts = pd.Series(flat).groupby(labels, sort=False)
    groups, names = [part.to_numpy() for _, part in parts], [str(name) for name, _ in parts]
    alone = [name for name, one in zip(names, groups, strict=True) if len(one) < 2]
    if alone:
        raise DataError("management.subgroup_alone", names=", ".join(alone[:5]))
    return groups, names


def _sizes(size: Any, counts: Array, kind: Kind) -> Array:
    if kind == "individuals":
        return np.ones(len(counts))
    if size is None:
        raise DataError("management.size_needed", kind=kind)
    sizes = _series(np.broadcast_to(np.asarray(size), counts.shape) if np.ndim(size) == 0 else size, "size")
    if len(sizes) != len(counts):
        raise DataError("management.size_length", sizes=len(sizes), counts=len(counts))
    checks: tuple[tuple[str, Flags], ...] = (
        ("size_zero", sizes <= 0),
        ("counts_negative", counts < 0),
        ("counts_whole", counts % 1 != 0),
        ("counts_above_size", (counts > sizes) if kind == "p" else np.zeros(len(counts), dtype=bool)),
    )
    for key, wrong in checks:
        if wrong.any():
            points = ", ".join(str(place + 1) for place in np.flatnonzero(wrong)[:5])
            raise DataError(f"management.{key}", points=points)
    return sizes


def _baseline(baseline: Any, n: int) -> Flags:
    if n < _FEWEST:
        raise DataError("management.too_few_points", n=n, fewest=_FEWEST)
    if baseline is None:
        return np.ones(n, dtype=bool)
    if np.ndim(baseline) == 0:
        if isinstance(baseline, bool) or not isinstance(baseline, int | np.integer) or not _FEWEST <= baseline <= n:
            raise DataError("management.baseline_number", value=baseline, n=n, fewest=_FEWEST)
        return np.asarray(np.arange(n) < baseline)
    flags = np.asarray(baseline)
    if flags.shape != (n,) or flags.dtype != bool or flags.sum() < _FEWEST:
        raise DataError("management.baseline_flags", n=n, fewest=_FEWEST)
    return flags


def _limits(
    kind: Kind, points: Array, sizes: Array, groups: list[Array], chosen: Flags, spread: str, sigmas: float
) -> tuple[Limits, Limits | None]:
    attributes: dict[str, Callable[..., Limits]] = {"p": limits_p, "u": limits_u}
    aside: Limits | None = None
    if kind == "individuals":
        if np.ptp(points[chosen]) == 0:
            raise DataError("management.constant_series")
        main, aside = limits_individuals(points, chosen, sigmas)
    elif kind == "xbar":
        if all(np.ptp(one) == 0 for one, own in zip(groups, chosen, strict=True) if own):
            raise DataError("management.constant_series")
        main, aside = limits_xbar(groups, chosen, spread, sigmas)
    else:
        main = attributes[kind](points, sizes, chosen, sigmas)
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
        if ratio > 1.5 and len(calm) >= _FEWEST:
            notices.append(Notice("management.overdispersed", {"ratio": Shown(ratio, 1)}, serious=True))
    return notices
