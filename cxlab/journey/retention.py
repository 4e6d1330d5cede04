"""`cx.bg_nbd`: who will buy again, how often, and who has left without a word."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.errors import DataError, EstimationError, Notice
from cxlab.estimate.retention import (
    Array,
    Likeliest,
    bg_nbd_alive,
    bg_nbd_counts,
    bg_nbd_expected,
    bg_nbd_fit,
)
from cxlab.i18n.shown import Shown
from cxlab.journey.retention_parts import check_positive, parameter_table, refuse_rows
from cxlab.journey.retention_result import BgNbd
from cxlab.survey.survey import Survey, as_survey

NAMES = ("r", "alpha", "a", "b")
_FEW, _LAST = 100, 7
# Parameters beyond these say that the model's limit fits as well: no differences in rates, or nobody leaves.
_ENORMOUS = 1e3


def bg_nbd(
    data: Survey | pd.DataFrame,
    frequency: str = "frequency",
    recency: str = "recency",
    age: str = "age",
    *,
    horizon: float | None = None,
    holdout: str | None = None,
    level: float = 0.95,
) -> BgNbd:
    """The BG/NBD model of repeat buying where customers leave unseen: expected purchases, and who is still a customer.

    When to use it: purchases at any time, no contract, only the counts kept. With a contract, where leaving is seen,
    take `cx.shifted_beta_geometric`.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a customer; rows with a missing value are left out and counted.
    frequency : str
        Column with the number of repeat purchases (0, 1, 2, ...; the first purchase does not count).
    recency : str
        Column with the time from the first to the last purchase, 0 without a repeat.
    age : str
        Column with the time from the first purchase to the end of observation, in the same unit (weeks, say).
    horizon : float, optional
        How far ahead to forecast, in that unit. Default: the mean age.
    holdout : str, optional
        Column with the purchases made in the `horizon` after observation ended, to hold the forecast against. Needs
        `horizon`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    BgNbd
        ``.table``: parameter, estimate, se, ci_lower, ci_upper (of r, alpha, a, b). ``.loglik``, ``.n``.
        ``.customers``: p_alive, expected (purchases in the horizon), and the holdout where given.
        ``.tracking``: repeats, customers, expected. ``.holdout``: repeats, customers, observed, ci_lower, ci_upper,
        expected (means a customer); None without. ``.expected(times)``, ``.value(margin, discount)``, ``.plot()``.

    Raises
    ------
    DataError
        Counts that are negative or not whole, recency below 0 or above age, age not above 0, nobody who bought again.
    EstimationError
        The likelihood has no maximum.

    Notes
    -----
    Fader, Hardie & Lee (2005). While a customer stays, purchases come at random at a rate that differs between
    customers as a gamma (r, alpha); after each repeat purchase the customer leaves with a probability that differs as
    a beta (a, b). L = B(a, b+x)/B(a, b) Γ(r+x)α^r/Γ(r) [(α+T)^-(r+x) + 1(x>0) a/(b+x-1) (α+t_x)^-(r+x)], maximised in
    the logarithms of the parameters, with exact slopes. Intervals are symmetric in the logarithms. Somebody without a
    repeat purchase is alive for certain in this model. R: ``BTYD::bgnbd.EstimateParameters``,
    ``bgnbd.ConditionalExpectedTransactions``, ``bgnbd.PAlive``. From a log of purchases: `cx.purchase_history`.

    Examples
    --------
    >>> import cxlab as cx
    >>> buyers = pd.DataFrame({"repeats": [0, 0, 0, 0, 1, 1, 1, 2, 7, 14] * 12,
    ...                        "last": [0, 0, 0, 0, 2, 3, 30, 4, 37, 38] * 12, "weeks": 39.0})
    >>> fit = cx.bg_nbd(buyers, "repeats", "last", "weeks", horizon=39)
    >>> fit.customers.loc[7:9, ["p_alive", "expected"]].round(2).to_dict("list")
    {'p_alive': [0.52, 0.09, 0.96], 'expected': [0.6, 0.18, 6.24]}
    """
    check_level(level)
    survey = as_survey(data)
    frame, told = _read(survey, frequency, recency, age, horizon, holdout)
    x, t_x, observed = (frame[name].to_numpy() for name in ("frequency", "recency", "age"))
    found = bg_nbd_fit(x, t_x, observed)
    if not np.isfinite(found.loglik):
        raise EstimationError("management.no_maximum")
    ahead = float(observed.mean()) if horizon is None else float(horizon)
    customers = pd.DataFrame(
        {
            "p_alive": bg_nbd_alive(found.values, x, t_x, observed),
            "expected": bg_nbd_expected(found.values, x, t_x, observed, ahead),
        },
        index=frame.index,
    )
    if holdout is not None:
        customers["holdout"] = frame["holdout"]
    return BgNbd(
        table=parameter_table(found, NAMES, level),
        loglik=found.loglik,
        customers=customers,
        tracking=_tracking(found.values, x, observed),
        holdout=_holdout(customers, x, level) if holdout is not None else None,
        warnings=(*source_notices(survey), *told, *_notices(found, x, customers)),
        horizon=ahead,
        level=level,
        cov=found.cov,
        history=frame[["frequency", "recency", "age"]],
    )


def _read(
    survey: Survey, frequency: str, recency: str, age: str, horizon: float | None, holdout: str | None
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    if horizon is not None:
        check_positive("horizon", horizon)
    elif holdout is not None:
        raise DataError("management.holdout_without_horizon", holdout=holdout)
    columns = [frequency, recency, age, *([holdout] if holdout is not None else [])]
    frame, told = numeric_columns(survey, columns, constant="allow")
    named = dict(zip(["frequency", "recency", "age", "holdout"], frame.columns, strict=False))
    frame = frame.set_axis(list(named), axis=1)
    counts = [name for name in ("frequency", "holdout") if name in frame]
    for name in counts:
        refuse_rows(frame.index[(frame[name] < 0) | (frame[name] % 1 != 0)], "counts", named[name])
    refuse_rows(frame.index[frame["age"] <= 0], "age", named["age"])
    refuse_rows(frame.index[frame["recency"] < 0], "recency_negative", named["recency"])
    late = frame.index[frame["recency"] > frame["age"] + 1e-9]
    refuse_rows(late, "recency_after_age", named["recency"], age=named["age"])
    once = frame.index[(frame["frequency"] == 0) & (frame["recency"] > 0)]
    refuse_rows(once, "recency_without_repeat", named["recency"], frequency=named["frequency"])
    if not frame["frequency"].any():
        raise DataError("management.nobody_repeats", column=named["frequency"], n=len(frame))
    return frame, told


def _tracking(values: Array, x: Array, age: Array) -> pd.DataFrame:
    """Customers with 0, 1, ... repeat purchases, seen and expected; the last row holds all above."""
    most = int(min(_LAST, x.max()))
    seen = np.bincount(np.minimum(x, most).astype(int), minlength=most + 1)
    ages, customers = np.unique(age, return_counts=True)
    expected = customers @ bg_nbd_counts(values, ages, most)
    expected[-1] = len(x) - expected[:-1].sum()
    return pd.DataFrame({"repeats": np.arange(most + 1), "customers": seen, "expected": expected})


def _holdout(customers: pd.DataFrame, x: Array, level: float) -> pd.DataFrame:
    """Mean purchases in the holdout by what was bought before, with t intervals, beside the forecast."""
    from scipy.stats import t

    groups = customers.groupby(np.minimum(x, min(_LAST, x.max())).astype(int))
    n = groups.size()
    half = t.isf((1 - level) / 2, np.maximum(n - 1, 1)) * groups["holdout"].std() / np.sqrt(n)
    mean = groups["holdout"].mean()
    parts = {"observed": mean, "ci_lower": np.maximum(mean - half, 0), "ci_upper": mean + half}
    table = pd.DataFrame({"customers": n, **parts, "expected": groups["expected"].mean()})
    return table.rename_axis("repeats").reset_index()


def _notices(found: Likeliest, x: Array, customers: pd.DataFrame) -> list[Notice]:
    notices = [Notice("management.alive_without_repeat", {"count": int((x == 0).sum()), "n": len(x)})]
    if not found.converged:
        notices.append(Notice("management.not_converged", serious=True))
    names = [name for name, value in zip(NAMES, found.values, strict=True) if not 1 / _ENORMOUS < value < _ENORMOUS]
    if names:
        notices.append(Notice("management.parameter_at_edge", {"names": ", ".join(names)}, serious=True))
    if len(x) < _FEW:
        notices.append(Notice("management.few_customers", {"n": len(x)}, serious=True))
    if "holdout" in customers:
        seen, expected = customers["holdout"].sum(), customers["expected"].sum()
        values = {"seen": int(seen), "expected": Shown(expected, 0), "share": Shown(100 * expected / max(seen, 1), 0)}
        notices.append(Notice("management.holdout_total", values))
    return notices
