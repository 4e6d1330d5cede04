"""`cx.shifted_beta_geometric`: how many will renew, and what those who did are still worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.errors import DataError, EstimationError, Notice
from cxlab.estimate.retention import Array, Likeliest, sbg_fit, sbg_retention, sbg_survival
from cxlab.i18n.shown import Shown
from cxlab.journey.contract_result import ShiftedBetaGeometric
from cxlab.journey.retention_parts import check_positive, parameter_table, refuse_rows
from cxlab.survey.survey import Survey, as_survey

Cohorts: TypeAlias = Sequence[float] | Mapping[str, Sequence[float]] | Survey | pd.DataFrame
_ENORMOUS = 1e3
_FEW = 100
# A standard error of the logarithm beyond this makes a 95% interval whose ends lie more than 2,000 times apart.
_LOOSE = 2.0


def shifted_beta_geometric(
    data: Cohorts,
    *,
    duration: str | None = None,
    ended: str | None = None,
    n: float | None = None,
    fit_periods: int | None = None,
    horizon: int | None = None,
    level: float = 0.95,
) -> ShiftedBetaGeometric:
    """The shifted-beta-geometric model of renewals: retention curve, forecast, and the lifetime still to come.

    When to use it: a contract that is renewed or ended at the end of each period, so that leaving is seen. Retention
    that rises with age needs no growing loyalty: those likely to leave leave first. The model holds that up.

    Parameters
    ----------
    data : sequence of float, mapping of name to sequence, Survey or DataFrame
        Customers at the start of periods 0, 1, 2, ... of one cohort: ``[1000, 869, 743, 653]``; or several cohorts,
        of any lengths; or, with `duration`, one row a customer.
    duration : str, optional
        Column with the number of renewals made (0, 1, 2, ...) when the customer ended, or until now.
    ended : str, optional
        Column with 1 for customers who have ended and 0 for those still there. Needed with `duration`.
    n : float, optional
        Customers of the cohort, if `data` are percentages or shares of it: the errors depend on how many there were.
    fit_periods : int, optional
        Use the first so many renewals of each cohort only, and compare the rest with the forecast.
    horizon : int, optional
        Renewals to show in `curve`. Default: twice as many as were used, at least 12.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    ShiftedBetaGeometric
        ``.table``: parameter, estimate, se, ci_lower, ci_upper (of alpha, beta). ``.curve``: period, survival,
        ci_lower, ci_upper, retention, observed, observed_retention, used. ``.loglik``, ``.n``.
        ``.lifetime(renewals, discount)``: the value of what is still to come; ``.plot()``.

    Raises
    ------
    DataError
        Fewer than three counts, counts that rise or are negative, nobody or everybody who left, percentages without
        `n`, durations that are not whole.
    EstimationError
        The likelihood has no maximum.

    Notes
    -----
    Fader & Hardie (2007). Each customer ends with the same probability at every renewal; it differs between customers
    as a beta (alpha, beta). S(t) = B(alpha, beta + t) / B(alpha, beta); retention is (beta + t - 1) /
    (alpha + beta + t - 1). Bands by the delta method. The mean probability of ending is alpha / (alpha + beta).

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.shifted_beta_geometric([100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1], n=1000)
    >>> fit.table["estimate"].round(3).tolist(), round(fit.loglik, 2)
    ([0.668, 3.806], -1611.16)
    """
    check_level(level)
    cohorts, told = _cohorts(data, duration, ended, n)
    used = [one if fit_periods is None else one[: _whole("fit_periods", fit_periods) + 1] for one in cohorts.values()]
    if not any(len(one) > 2 for one in used):
        raise DataError("management.too_few_periods", periods=max(map(len, used)) - 1)
    _refuse_extremes(used)
    found = sbg_fit(used)
    if not np.isfinite(found.loglik):
        raise EstimationError("management.no_maximum")
    last = max(map(len, used)) - 1
    until = max(2 * last, 12) if horizon is None else _whole("horizon", horizon)
    until = max(until, max(map(len, cohorts.values())) - 1)
    curve = _curve(found, list(cohorts.values()), last, until, level)
    return ShiftedBetaGeometric(
        table=parameter_table(found, ("alpha", "beta"), level),
        loglik=found.loglik,
        curve=curve,
        n=float(sum(one[0] for one in cohorts.values())),
        warnings=(*told, *_notices(found, used, curve)),
        level=level,
        cov=found.cov,
        cohorts={name: tuple(map(float, one)) for name, one in cohorts.items()},
    )


def _whole(name: str, value: Any) -> int:
    if check_positive(name, value) % 1:
        raise DataError("management.not_whole", name=name, value=value)
    return int(value)


def _cohorts(
    data: Cohorts, duration: str | None, ended: str | None, n: float | None
) -> tuple[dict[str, Array], tuple[Notice, ...]]:
    """Each cohort's customers at time 0, 1, 2, ..., and what must be said of where they come from."""
    if duration is not None or ended is not None:
        return _from_rows(data, duration, ended)
    if isinstance(data, Survey):
        raise DataError("management.duration_needed")
    if isinstance(data, pd.DataFrame):
        named = {str(name): data[name].to_numpy() for name in data}
    else:
        named = dict(data) if isinstance(data, Mapping) else {"1": data}
    cohorts = {name: _counts(name, values) for name, values in named.items()}
    if not cohorts:
        raise DataError("management.too_few_periods", periods=0)
    if n is not None:
        size = check_positive("n", n)
        return {name: one * (size / one[0]) for name, one in cohorts.items()}, ()
    shares = [name for name, one in cohorts.items() if one[0] in (1, 100) and (one % 1 != 0).any()]
    if shares:
        raise DataError("management.shares_without_n", cohort=shares[0])
    whole = [name for name, one in cohorts.items() if one[0] == 100]
    return cohorts, tuple(Notice("management.exactly_hundred", {"cohort": name}, serious=True) for name in whole)


def _counts(name: str, values: Any) -> Array:
    """One cohort's counts; missing ones may only stand at its end."""
    try:
        counts = np.asarray(values, dtype=float).ravel()
    except (TypeError, ValueError):
        raise DataError("management.cohort_not_numbers", cohort=name) from None
    known = np.isfinite(counts)
    counts = counts[: int(known.sum())]
    if not known[: len(counts)].all() or (counts < 0).any() or not len(counts) or counts[0] <= 0:
        raise DataError("management.cohort_counts", cohort=name)
    rises = np.flatnonzero(np.diff(counts) > 0)
    if len(rises):
        values = {"period": int(rises[0]) + 1, "before": counts[rises[0]], "after": counts[rises[0] + 1]}
        raise DataError("management.cohort_rises", cohort=name, **values)
    return np.asarray(counts)


def _from_rows(data: Any, duration: str | None, ended: str | None) -> tuple[dict[str, Array], tuple[Notice, ...]]:
    """Cohorts by how long a customer was observed: those still there with k renewals are one that ends at k."""
    if duration is None or ended is None or not isinstance(data, Survey | pd.DataFrame):
        raise DataError("management.duration_and_ended")
    survey = as_survey(data)
    frame, told = numeric_columns(survey, [duration, ended], constant="allow")
    renewals, gone = frame.iloc[:, 0], frame.iloc[:, 1]
    refuse_rows(frame.index[(renewals < 0) | (renewals % 1 != 0)], "counts", str(frame.columns[0]))
    refuse_rows(frame.index[~gone.isin([0, 1])], "zero_or_one", str(frame.columns[1]))
    most = int((renewals + gone).max())
    times = np.arange(most + 1)
    left = renewals[gone == 1].to_numpy()
    # Who ended after k renewals was there at 0..k; who is still there with k was seen until k only.
    closed = (left[:, None] >= times).sum(axis=0).astype(float)
    cohorts = {"ended": closed} if len(left) else {}
    for k, count in renewals[gone == 0].value_counts().sort_index().items():
        cohorts[f"{int(k)}"] = np.full(int(k) + 1, float(count))
    return cohorts, (*source_notices(survey), *told)


def _refuse_extremes(used: Sequence[Array]) -> None:
    lost = sum(float(one[0] - one[-1]) for one in used)
    if lost == 0:
        raise DataError("management.nobody_left")
    if all(one[1] == 0 for one in used if len(one) > 1):
        raise DataError("management.all_left_at_once")


def _curve(found: Likeliest, cohorts: Sequence[Array], last: int, until: int, level: float) -> pd.DataFrame:
    """The model's survival and retention with bands, beside those of all cohorts that were observed so long."""
    from scipy.stats import norm

    t = np.arange(until + 1.0)
    survival = sbg_survival(found.values, t)
    logs = np.log(found.values)
    steps = np.eye(2) * 1e-5
    slopes = [(_logit(np.exp(logs + step), t) - _logit(np.exp(logs - step), t)) / 2e-5 for step in steps]
    reach = norm.isf((1 - level) / 2) * np.sqrt(np.einsum("it,ij,jt->t", slopes, found.cov, slopes))
    middle = _logit(found.values, t)
    ends = {"ci_lower": 1 / (1 + np.exp(reach - middle)), "ci_upper": 1 / (1 + np.exp(-reach - middle))}
    seen = [[(one[k - 1], one[k]) for one in cohorts if len(one) > k] for k in range(1, until + 1)]
    kept = np.array([sum(b for _, b in pairs) / sum(a for a, _ in pairs) if sum(a for a, _ in pairs) else np.nan
                     for pairs in seen])  # fmt: skip
    observed = np.concatenate([[1.0], np.cumprod(kept)])  # Kaplan and Meier's estimate
    retention = np.concatenate([[np.nan], sbg_retention(found.values, t[1:])])
    frame = pd.DataFrame({"period": t.astype(int), "survival": survival, **ends, "retention": retention})
    frame.loc[0, ["ci_lower", "ci_upper"]] = 1.0
    return frame.assign(observed=observed, observed_retention=np.concatenate([[np.nan], kept]), used=t <= last)


def _logit(values: Array, t: Array) -> Array:
    """Log-odds of survival; 0 at time 0, where it is 1."""
    survival = sbg_survival(values, t)
    inside = np.where(t > 0, survival, 0.5)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def _notices(found: Likeliest, used: Sequence[Array], curve: pd.DataFrame) -> list[Notice]:
    notices = []
    if not found.converged:
        notices.append(Notice("management.not_converged", serious=True))
    if (found.values > _ENORMOUS).any():
        notices.append(Notice("management.sbg_alike", serious=True))
    elif (np.sqrt(np.diag(found.cov)) > _LOOSE).any():
        notices.append(Notice("management.sbg_loose", serious=True))
    customers = sum(float(one[0]) for one in used)
    if customers < _FEW:
        notices.append(Notice("management.few_customers", {"n": Shown(customers, 0)}, serious=True))
    rest = curve[~curve["used"] & curve["observed"].notna()]
    if len(rest):
        far = rest.iloc[-1]
        values = {"period": int(far["period"]), "observed": Shown(100 * far["observed"], 1),
                  "expected": Shown(100 * far["survival"], 1)}  # fmt: skip
        notices.append(Notice("management.sbg_forecast", values))
    return notices
