"""Bootstrap of a fitted structural model: what `SemFit.bootstrap` calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import numpy as np
import pandas as pd

from cxlab.analyses.bootstrap_quantities import Point, QuantityKind, quantities, replicate_values
from cxlab.analyses.bootstrap_result import SemBootstrap, Setting
from cxlab.errors import CxlabError, EstimationError, Notice
from cxlab.estimate.sem.engine import Estimation
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.i18n import format_number
from cxlab.resample.draws import Indices
from cxlab.resample.intervals import Interval, acceleration, check_interval, check_level, intervals
from cxlab.resample.sem import Kind, Outcome, Replicates, leave_one_out, resample

STANDARD = Request()
_MOST_NAMES = 5


def bootstrap(
    estimation: Estimation,
    sample: Sample,
    request: Request = STANDARD,
    *,
    n: int = 5000,
    seed: int | None = None,
    ci: Interval = "percentile",
    kind: Kind = "nonparametric",
    level: float = 0.95,
    indices: Indices | None = None,
    workers: int | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    simulated: bool = False,
) -> SemBootstrap:
    """Standard errors and intervals by refitting the model to resamples, for everything that follows from it.

    When to use it: for indirect effects, standardised coefficients and R², whose estimates are not normal; and where
    answers are not. Every replicate starts at the full sample's optimum and all are searched at once.

    Parameters
    ----------
    estimation, sample, request
        A converged fit, what it was fitted to, and how (see `cxlab.estimate.sem.engine.estimate`).
    n : int
        Number of replicates, from 2.
    seed : int, optional
        Of the random streams, one spawned for each replicate (`numpy.random.SeedSequence`), so that the result depends
        neither on `workers` nor on what is computed together. Without it one is drawn, reported and kept as ``.seed``.
    ci : {"percentile", "basic", "bc", "bca"}
        Interval. "bca" also refits the model without each row (n_obs fits).
    kind : {"nonparametric", "parametric", "bollen_stine"}
        Draw rows with replacement within groups; draw normal samples from the model; or draw rows in which the model
        holds, for its test: ``.bollen_stine_p``.
    level : float
        Confidence level, between 0 and 1.
    indices : int array (B, n_obs) or one per group, optional
        Row numbers from 0, within each group, instead of random ones; then B replaces `n`.
    workers : int, optional
        Threads (processes for nonlinear constraints); default one per core. The answer does not depend on it.
    labels, simulated
        The codebook's words for variables, and whether the data are simulated; for tables.

    Returns
    -------
    SemBootstrap
        ``.table``: lhs, op, rhs, label, group, est, se (standard deviation of the replicates), bias (their mean less
        the estimate), ci_lower, ci_upper; likewise ``.std_lv``, ``.std_all``, ``.r2`` (group, variable, ...) and
        ``.effects`` (group, from, to, kind, via, ..., std_all, std_se, std_ci_lower, std_ci_upper). ``.status`` counts
        the replicates: improper ones count and are marked, those that did not converge or whose covariance matrix has
        no inverse are left out.

    Raises
    ------
    EstimationError
        The fit did not converge, or fewer than two replicates did.
    DataError
        Rows are needed but the model was fitted to published moments.
    NotSupportedError
        "parametric" or "bollen_stine" with missing answers, "parametric" with WLS, "bca" of anything but rows.
    CxlabError
        An unknown `kind` or `ci`, numbers out of range, indices that do not fit.

    Notes
    -----
    Quantiles as R's boot takes them; see `cxlab.resample.intervals`. Equals ``bootstrapLavaan(fit, R = n)`` with
    ``parameterEstimates(fit, boot.ci.type = "perc" | "basic" | "bca.simple")`` for "percentile", "basic", "bc", but
    that lavaan divides the variance of the replicates by B, not B - 1; "bca" equals ``boot::boot.ci`` with jackknife
    influence values. Efron & Tibshirani (1993), Bollen & Stine (1992).

    Examples
    --------
    >>> from cxlab.estimate.sem.engine import estimate
    >>> from cxlab.specify import Model
    >>> rows = np.random.default_rng(1).normal(size=(200, 1)) + np.random.default_rng(2).normal(size=(200, 4))
    >>> table = Model.parse("f =~ a + b + c + d").partable()
    >>> sample = Sample.of_values(rows, table.variables.ov)
    >>> boot = bootstrap(estimate(table, sample), sample, n=200, seed=1)
    >>> int(boot.status["replicates"]), list(boot.table.columns[5:])
    (200, ['est', 'se', 'bias', 'ci_lower', 'ci_upper'])
    """
    _check(n, seed, ci, kind, level, workers)
    threads = workers or _cores()
    drawn = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else int(seed)
    replicates = resample(estimation, sample, request, n, drawn, kind, indices, threads)
    if replicates.used.sum() < 2:
        raise EstimationError("resample.none_used", total=len(replicates.outcome))
    left_out = leave_one_out(estimation, sample, request, threads) if ci == "bca" else ()
    setting = Setting(kind, ci, level, None if indices is not None else drawn, int(estimation.n_obs.sum()))
    found = _judged(estimation, replicates, left_out, setting)
    notes = [Notice("resample.seed_drawn", {"seed": drawn})] if seed is None and indices is None else []
    return replace(
        found,
        bollen_stine_p=_test(replicates, estimation) if kind == "bollen_stine" else None,
        warnings=(*found.warnings, *notes),
        labels=labels or {},
        simulated=simulated,
        references=_references(setting),
    )


def _judged(
    estimation: Estimation, replicates: Replicates, left_out: tuple[Replicates, ...], setting: Setting
) -> SemBootstrap:
    """Tables of everything that follows from the replicates, and what to know before reading them."""
    table = estimation.table
    held = quantities(table)
    values = replicate_values(held, replicates, table)
    without = [replicate_values(held, refits, table) for refits in left_out]
    tables, extreme, point = {}, False, Point(table, estimation.theta[None])
    for name, one in held.items():
        bend = acceleration([refits[name] for refits in without]) if without else None
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            estimate = one.values(point)[0]
        columns, beyond = _columns(values[name], estimate, setting, bend)
        tables[name] = pd.DataFrame({**one.labels, **columns})
        extreme |= beyond
    return SemBootstrap(
        estimates=tables["est"],
        std_lv=tables["std_lv"],
        std_all=tables["std_all"],
        r2=tables["r2"],
        effects=_with_standardised(tables),
        status=_status(replicates),
        outcome=_outcomes(replicates),
        chisq=pd.Series(replicates.chisq, name="chisq"),
        bollen_stine_p=None,
        setting=setting,
        values={name: pd.DataFrame(values[name], columns=one.names) for name, one in held.items()},
        warnings=_notices(estimation, replicates, left_out, tables["est"], extreme, setting),
    )


def _check(n: int, seed: int | None, ci: str, kind: str, level: float, workers: int | None) -> None:
    for name, value, least in (("n", n, 2), ("seed", seed, 0), ("workers", workers, 1)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if value is None and name != "n":
            continue
        if not whole or cast(int, value) < least:
            raise CxlabError("resample.whole_number", name=name, value=value, least=least)
    check_interval(ci)
    check_level(level)
    if ci == "bca" and kind != "nonparametric":
        raise CxlabError("resample.bca_needs_rows", kind=kind)


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _columns(
    values: np.ndarray, estimate: np.ndarray, setting: Setting, bend: np.ndarray | None
) -> tuple[dict[str, np.ndarray], bool]:
    """Estimate, standard error, bias and interval of each quantity; and whether an interval ends at an extreme.

    What cannot vary has se 0.
    """
    ends = intervals(values, estimate, setting.ci, setting.level, bend)
    finite = np.isfinite(values)
    count = finite.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 1, np.where(finite, values, 0.0).sum(axis=0) / count, np.nan)
        squares = (np.where(finite, values - mean, 0.0) ** 2).sum(axis=0)
        se = np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)
        still = (count > 1) & (np.where(finite, np.abs(values - estimate), 0.0).max(axis=0) <= 1e-9 * np.abs(estimate))
    columns = {
        "est": estimate,
        "se": np.where(still, 0.0, se),
        "bias": np.where(still, 0.0, mean - estimate),
        "ci_lower": np.where(still, estimate, ends.lower),
        "ci_upper": np.where(still, estimate, ends.upper),
    }
    return columns, bool((ends.extreme & ~still).any())


def _with_standardised(tables: Mapping[QuantityKind, pd.DataFrame]) -> pd.DataFrame:
    """Effects with their standardised ones beside them; an empty table without paths."""
    if "effects" not in tables:
        names = ("group", "from", "to", "kind", "via", "est", "se", "bias", "ci_lower", "ci_upper")
        more = ("std_all", "std_se", "std_ci_lower", "std_ci_upper")
        return pd.DataFrame(columns=[*names, *more])
    other = tables["effects_std"]
    names_of = {"std_all": "est", "std_se": "se", "std_ci_lower": "ci_lower", "std_ci_upper": "ci_upper"}
    return tables["effects"].assign(**{name: other[source] for name, source in names_of.items()})


def _status(replicates: Replicates) -> pd.Series:
    counts = np.bincount(replicates.outcome, minlength=len(Outcome))
    found = {"replicates": len(replicates.outcome), "used": int(replicates.used.sum())}
    found |= {outcome.name.lower(): int(counts[outcome]) for outcome in Outcome}
    return pd.Series(found, name="status")


def _outcomes(replicates: Replicates) -> pd.Series:
    names = np.array([outcome.name.lower() for outcome in Outcome], dtype=object)
    return pd.Series(names[replicates.outcome], name="status")


def _test(replicates: Replicates, estimation: Estimation) -> float:
    """Share of replicates, drawn where the model holds, that fit worse than the sample does."""
    return float((replicates.chisq[replicates.used] > estimation.chisq).mean())


def _notices(
    estimation: Estimation,
    replicates: Replicates,
    left_out: tuple[Replicates, ...],
    frame: pd.DataFrame,
    extreme: bool,
    setting: Setting,
) -> tuple[Notice, ...]:
    """What to know before the intervals are read."""
    found = [Notice("resample.improper_solution", serious=True)] if estimation.improper else []
    found += _status_notices(_status(replicates))
    lost = sum(int((~one.used).sum()) for one in left_out)
    if lost:
        found.append(Notice("resample.jackknife_lost", {"count": lost}, serious=True))
    if extreme:
        values = {"level": f"{100 * setting.level:g}", "total": len(replicates.outcome)}
        found.append(Notice("resample.extreme", values, serious=True))
    without = frame[frame["est"].notna() & frame["ci_lower"].isna()]
    if len(without):
        names = [f"{row.lhs} {row.op} {row.rhs}" for row in without.itertuples()]
        shown = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        found.append(Notice("resample.no_interval", {"names": shown}, serious=True))
    if setting.kind != "nonparametric":
        found.append(Notice(f"resample.{setting.kind}_note"))
    return tuple(found)


def _status_notices(status: pd.Series) -> list[Notice]:
    """How many replicates are left out, and how many are improper."""
    counts = {name: int(count) for name, count in status.items()}
    total, unused, found = counts["replicates"], counts["replicates"] - counts["used"], []
    if unused:
        values = {"total": total, "unused": unused, "share": _percent(unused / total)}
        values |= {name: counts[name] for name in ("not_converged", "singular")}
        found.append(Notice("resample.left_out", values, serious=True))
    if counts["improper"]:
        share = _percent(counts["improper"] / total)
        found.append(Notice("resample.improper", {"count": counts["improper"], "total": total, "share": share}))
    return found


def _percent(share: float) -> str:
    return format_number(100 * share, 1) + "%"


def _references(setting: Setting) -> tuple[str, ...]:
    found = ["efron_tibshirani_1993", "davison_hinkley_1997"]
    if setting.ci in ("bc", "bca"):
        found.append("efron_1987")
    if setting.kind == "bollen_stine":
        found.append("bollen_stine_1992")
    return (*found, "rosseel_2012")
