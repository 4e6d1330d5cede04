"""How personal is experience? Events in customers and touchpoints, and whose part in the ratings is how large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.estimate.crossed import PARTS, Crossed, Moments, fit, moments, satterthwaite, share_interval
from cxlab.journey.events_result import Events
from cxlab.journey.map import check_events
from cxlab.journey.multilevel_data import Rated, rated
from cxlab.journey.multilevel_result import TouchpointLevels

__all__ = ["TouchpointLevels", "touchpoint_levels"]

By = Literal["touchpoint", "stage", "owner", "channel"]
INTERCEPT = "intercept"
_NOTHING = 1e-6  # the optimiser's own precision


def touchpoint_levels(
    events: Events,
    value: str = "valence",
    *,
    covariates: str | Sequence[str] = (),
    contact: bool = True,
    by: By = "touchpoint",
    level: float = 0.95,
) -> TouchpointLevels:
    """Divide what is felt into parts of the customer, the touchpoint and the single event: a multilevel model.

    When to use it: to ask how personal experience is (same touchpoint, other customers), to compare touchpoints without
    being misled by those with few ratings, and to compare direct with indirect contact.

    Parameters
    ----------
    events : Events
        From `journey_events`, with ratings; customers with several events each.
    value : str
        ``"valence"``, or a column of numbers of the events' source.
    covariates : str or sequence of str
        Fixed effects: columns of the source, or ``"stage"``, ``"owner"``, ``"channel"``. Numbers enter as they are,
        texts and columns with labelled values as categories against their first.
    contact : bool
        True adds direct against indirect contact as a fixed effect, where the events have both.
    by : {"touchpoint", "stage", "owner", "channel"}
        What the events are crossed with besides the customer.
    level : float
        Confidence level.

    Returns
    -------
    TouchpointLevels
        ``.table``, one row a part (``"customer"``, ``"touchpoint"``, ``"residual"``): ``part``, ``levels``,
        ``variance``, ``sd``, ``share`` (the intraclass correlation), ``ci_lower``, ``ci_upper``, ``chi2``, ``pvalue``
        (is the part there at all?), ``variance_fixed`` (given the fixed effects) and ``explained`` (by how much that is
        less). ``.fixed``: ``term``, ``estimate``, ``se``, ``df``, ``t``, ``pvalue``, ``ci_lower``, ``ci_upper``.
        ``.touchpoints``: ``touchpoint``, ``n``, ``customers``, ``raw_mean``, ``mean`` (shrunken), ``se``, ``ci_lower``,
        ``ci_upper``, ``reliability``. ``.models``: random intercepts of customers only, touchpoints only, both.
        ``.plot()``.

    Raises
    ------
    DataError
        No ratings; one touchpoint only; customers with one event each; ratings that do not differ within customers or
        within touchpoints; collinear or unknown covariates.

    Notes
    -----
    y = x'β + u_customer + v_touchpoint + e by restricted maximum likelihood, exact for any number of events: customers
    are absorbed, so a million events take seconds and nothing is sampled. Shares come from the model without fixed
    effects, with profile likelihood intervals; p values halve those of the likelihood ratio, as a variance cannot be
    negative (Self & Liang, 1987). Fixed effects: t with Satterthwaite's degrees of freedom. A shrunken mean is the best
    linear unbiased prediction for an average customer (covariates at their mean at that touchpoint), its interval takes
    the variances as known; ``reliability`` is 1 less the share of the touchpoint's variance that is still unknown.
    Ratings missing by mood bias every part. R: ``lme4::lmer(y ~ contact + (1|customer) + (1|touchpoint))``,
    ``pbkrtest::SATmodcomp``; statsmodels ``MixedLM`` with both as variance components of one group.

    Examples
    --------
    >>> import cxlab as cx
    >>> events = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    >>> cx.touchpoint_levels(events).table[["part", "share"]].round(2).to_dict("list")
    {'part': ['customer', 'touchpoint', 'residual'], 'share': [0.26, 0.12, 0.62]}
    """
    check_events(events)
    check_level(level)
    if by not in get_args(By):
        raise DataError("analyses.unknown_option", option="by", value=by, known=", ".join(get_args(By)))
    data = rated(events, str(value), by, covariates, contact)
    ones = np.ones((len(data.value), 1))
    plain = moments(data.value - data.value.mean(), ones, data.customers, data.touchpoints, len(data.names))
    empty = fit(plain)
    _settled(empty)
    single = {"customer": fit(plain, without=(1,)), "touchpoint": fit(plain, without=(0,))}
    scales = np.r_[1.0, data.fixed.matrix.std(axis=0)]
    design = np.column_stack([ones, data.fixed.matrix]) / scales
    with_fixed = moments(data.value - data.value.mean(), design, data.customers, data.touchpoints, len(data.names))
    full = fit(with_fixed) if data.fixed.terms else empty
    effects = _fixed_table(data, with_fixed, full, scales, level)
    return TouchpointLevels(
        table=_parts(data, plain, empty, single, full, level),
        fixed=effects,
        touchpoints=_touchpoints(data, design, full, level),
        models=_models(empty, single),
        warnings=(*events.warnings, *data.notices, *_notices(empty, contact, data, effects)),
        events=events,
        labels=data.fixed.labels,
        value=str(value),
        by=by,
        level=level,
        n=len(data.value),
        center=float(data.value.mean() + empty.coefficients[0]),
    )


def _settled(found: Crossed) -> None:
    if found.shares[2] < 1e-6:
        raise DataError("touchpoints.levels_no_residual")


def _parts(
    data: Rated, plain: Moments, empty: Crossed, single: dict[str, Crossed], full: Crossed, level: float
) -> pd.DataFrame:
    """One row a part of the variance."""
    ends = [share_interval(plain, empty, part, level) for part in range(3)]
    without = {"customer": single["touchpoint"], "touchpoint": single["customer"]}
    chi2 = [without[part].criterion - empty.criterion if part in without else np.nan for part in PARTS]
    chi2 = [0.0 if one < _NOTHING else one for one in chi2]
    fixed = full.variances if data.fixed.terms else np.full(3, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = 1 - fixed / empty.variances
    return pd.DataFrame(
        {
            "part": PARTS,
            "levels": [int(data.customers.max()) + 1, len(data.names), len(data.value)],
            "variance": empty.variances,
            "sd": np.sqrt(empty.variances),
            "share": empty.shares,
            "ci_lower": [low for low, _ in ends],
            "ci_upper": [high for _, high in ends],
            "chi2": chi2,
            "pvalue": [float(stats.chi2.sf(one, 1)) / (2 if one > 0 else 1) for one in chi2],
            "variance_fixed": fixed,
            "explained": np.where(np.isfinite(explained), explained, np.nan),
        }
    )


def _fixed_table(data: Rated, design: Moments, full: Crossed, scales: np.ndarray, level: float) -> pd.DataFrame:
    k, p = design.k, design.p
    b = full.coefficients / scales + np.r_[data.value.mean(), np.zeros(p - 1)]
    se = np.sqrt(np.diag(full.covariance)[k:]) / scales
    df = np.array([satterthwaite(design, full, unit) for unit in np.eye(p)])
    with np.errstate(invalid="ignore"):
        quantile = stats.t.ppf((1 + level) / 2, df)
        pvalue = 2 * stats.t.sf(np.abs(b / se), df)
    found = {"term": [INTERCEPT, *data.fixed.terms], "estimate": b, "se": se, "df": df, "t": b / se, "pvalue": pvalue}
    return pd.DataFrame(found | {"ci_lower": b - quantile * se, "ci_upper": b + quantile * se})


def _touchpoints(data: Rated, design: np.ndarray, full: Crossed, level: float) -> pd.DataFrame:
    """Raw and shrunken means, the lowest first."""
    k = len(data.names)
    n = np.bincount(data.touchpoints, minlength=k)
    x = np.column_stack([np.bincount(data.touchpoints, column, minlength=k) / n for column in design.T])
    combine = np.column_stack([np.eye(k), x])
    mean = data.value.mean() + combine @ np.r_[full.effects, full.coefficients]
    se = np.sqrt(np.einsum("ij,jk,ik->i", combine, full.covariance, combine))
    wide = stats.norm.ppf((1 + level) / 2) * se
    pairs = pd.DataFrame({"by": data.touchpoints, "customer": data.customers}).drop_duplicates()
    with np.errstate(invalid="ignore", divide="ignore"):
        unknown = np.diag(full.covariance)[:k] / full.variances[1]
    table = pd.DataFrame(
        {
            "touchpoint": data.names,
            "n": n,
            "customers": np.bincount(pairs["by"], minlength=k),
            "raw_mean": np.bincount(data.touchpoints, data.value, minlength=k) / n,
            "mean": mean,
            "se": se,
            "ci_lower": mean - wide,
            "ci_upper": mean + wide,
            "reliability": np.where(full.variances[1] > 0, np.clip(1 - unknown, 0, 1), np.nan),
        }
    )
    return table.sort_values("mean", kind="stable", ignore_index=True)


def _models(empty: Crossed, single: dict[str, Crossed]) -> pd.DataFrame:
    """Variances and criterion (-2 log restricted likelihood) of the models without fixed effects."""
    found = {**single, "both": empty}
    rows = [(name, *one.variances, one.criterion) for name, one in found.items()]
    return pd.DataFrame(rows, columns=["model", *PARTS, "criterion"])


def _notices(empty: Crossed, contact: bool, data: Rated, effects: pd.DataFrame) -> list[Notice]:
    notices = []
    for part, share in zip(PARTS[:2], empty.shares, strict=False):
        if share == 0:
            notices.append(Notice(f"touchpoints.levels_zero_{part}", serious=True))
    if contact and not any(term.startswith("contact[") for term in data.fixed.terms):
        notices.append(Notice("touchpoints.levels_no_contact"))
    if effects["df"].isna().any():
        notices.append(Notice("touchpoints.levels_no_df", serious=True))
    return notices
