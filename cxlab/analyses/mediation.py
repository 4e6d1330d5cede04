"""Mediation by regression: does the cause work through what stands between it and the outcome?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cxlab.analyses.drivers import check_numbers
from cxlab.analyses.drivers_input import Array, DriverData, driver_data
from cxlab.analyses.mediation_result import Mediation
from cxlab.analyses.regression_checks import PRINTED
from cxlab.analyses.spoken import Called
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError, Notice
from cxlab.estimate.mediation import (
    MediationPaths,
    Places,
    confounded_indirect,
    mediation_paths,
    residual_correlation,
    robustness_value,
)
from cxlab.resample.blocks import spans
from cxlab.resample.draws import Draws, GivenDraws, Indices, LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, check_interval, intervals
from cxlab.resample.moments import RowProducts, weighted_moments
from cxlab.survey.survey import Survey

_BLOCK, _MOST_SERIAL = 500, 4
_ROWS_PER_COLUMN = 10
# Resamples left out beyond this share are a serious matter.
_MANY_LOST = 0.05


def mediation(
    cause: str,
    mediators: str | Sequence[str],
    outcome: str,
    data: Survey | pd.DataFrame,
    *,
    covariates: Sequence[str] = (),
    serial: bool = False,
    weights: Weights | None = None,
    n_boot: int = 5000,
    ci: Interval = "percentile",
    level: float = 0.95,
    seed: int = 0,
    indices: Indices | None = None,
) -> Mediation:
    """Direct, indirect and total effects with bootstrap intervals, and how much confounding they could bear.

    When to use it: observed scores, one cause, mediators beside each other or in a chain. For latent variables take
    `cx.sem` and ``fit.effects()``: measurement error makes the effects here too small.

    Parameters
    ----------
    cause : str
        A column or construct; numbers or two categories.
    mediators : str or sequence of str
        In the order of the chain if `serial`. Numbers.
    outcome : str
        A column or construct of numbers.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer are left out, and counted.
    covariates : sequence of str
        In every regression.
    serial : bool
        True lets each mediator lead to all later ones; up to four.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row.
    n_boot : int
        Resamples, at least 100.
    ci : {"percentile", "basic", "bc", "bca"}
        Kind of interval.
    level : float
        Between 0 and 1.
    seed : int
        The same seed gives the same resamples.
    indices : ndarray (B, n), optional
        Row numbers from 0 of the rows used, to repeat another program's resamples.

    Returns
    -------
    Mediation
        ``.table``: effect ("indirect", "total_indirect", "direct", "total", "proportion", "difference") via estimate se
        ci_lower ci_upper std. ``.paths``: kind ("a", "d", "b") source target estimate se ci_lower ci_upper std.
        ``.sensitivity``: path source target t robustness_value, and for one mediator rho_zero.

    Raises
    ------
    DataError
        Unknown or repeated names, text, constant or collinear columns, more than two categories, too few rows.

    Notes
    -----
    Indirect effects are products of regression coefficients; their standard errors and intervals are the bootstrap's,
    since a product is not normal (Shrout & Bolger, 2002). `std` divides by standard deviations, of two categories by
    the outcome's alone. An indirect effect is causal only if no cause that mediator and outcome share is left out:
    `sensitivity` says how strong such a cause must be (Imai, Keele & Yamamoto, 2010; Cinelli & Hazlett, 2020). R:
    ``psych::mediate``, ``mediation::medsens``; SPSS: PROCESS models 4 and 6.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> found = cx.mediation("image", "satisfaction", "loyalty", survey, n_boot=500)
    >>> found.table["effect"].tolist()
    ['indirect', 'total_indirect', 'direct', 'total', 'proportion']
    """
    check_interval(ci)
    check_level(level)
    between = [mediators] if isinstance(mediators, str) else list(mediators)
    _check(between, serial, n_boot, seed)
    ready = driver_data(outcome, [cause, *between], data, covariates=covariates, weights=weights)
    _check_columns(ready)
    places = _places(ready, serial)
    rows = (len(ready.values),)
    draws: Draws = GivenDraws.of(indices, list(rows)) if indices is not None else RandomDraws(n_boot, rows, seed)
    sample, drawn = _measured(ready, places, None), _measured(ready, places, draws)
    shape = None
    if ci == "bca":
        shape = acceleration([_measured(ready, places, LeaveOneOut(rows, 0)).raw])
    table = _with_intervals(_rows(ready, places), sample, drawn, ci, level, shape)
    kinds = table["kind"].isin(["a", "d", "b"])
    return Mediation(
        table=_effects(table[~kinds]),
        paths=table[kinds].drop(columns=["effect", "via"]).reset_index(drop=True),
        sensitivity=_sensitivity(ready, places),
        curve=_curve(ready, places),
        replicates=pd.DataFrame(drawn.raw, columns=_headings(table)),
        warnings=(*ready.notices, *_notices(table, drawn, cause, outcome, ready)),
        cause=cause,
        mediators=ready.names[1:],
        outcome=ready.outcome,
        n=len(ready.values),
        resamples=int(np.isfinite(drawn.raw).all(axis=1).sum()),
        ci=ci,
        level=level,
        seed=None if indices is not None else seed,
        labels=ready.labels,
    )


class _Measured(NamedTuple):
    """All quantities (R, q), as they are and standardised."""

    raw: Array
    standardised: Array


def _check(mediators: Sequence[str], serial: bool, n_boot: int, seed: int) -> None:
    if not mediators:
        raise DataError("mediation.no_mediator")
    if serial and not 2 <= len(mediators) <= _MOST_SERIAL:
        raise DataError("mediation.serial_number", count=len(mediators), most=_MOST_SERIAL)
    check_numbers(n_boot=(n_boot, 100), seed=(seed, 0))


def _check_columns(ready: DriverData) -> None:
    """A cause of two categories is one column; a mediator must be a number."""
    wide = [name for name, size in zip(ready.names, ready.sizes, strict=True) if size > 1]
    if wide:
        raise DataError("mediation.many_categories", name=wide[0])
    turned = [name for name, column in zip(ready.names[1:], ready.columns[1:], strict=True) if "[" in column]
    if turned:
        raise DataError("mediation.category_mediator", names=", ".join(turned))


def _places(ready: DriverData, serial: bool) -> Places:
    first = ready.covariates
    mediators = tuple(range(first + 1, first + len(ready.names)))
    return Places(first, mediators, tuple(range(first)), first + len(ready.names), serial)


def _measured(ready: DriverData, places: Places, draws: Draws | None) -> _Measured:
    """In the sample (`draws` None) or in resamples; values are standardised, units come back by their spread."""
    products = RowProducts(ready.values)
    counts = [ready.weights[None]] if draws is None else (
        draws.counts(first, last)[0] * ready.weights for first, last in spans(draws.size, _BLOCK)
    )  # fmt: skip
    parts = []
    for one in counts:
        cov = weighted_moments(one, products)[1]
        variance = np.diagonal(cov, axis1=1, axis2=2)
        parts.append((mediation_paths(cov, places), np.sqrt(np.where(variance > 0, variance, np.nan))))
    units = _spread(ready)
    raw = np.concatenate([_quantities(paths, _scales(units[None], places), places.serial) for paths, _ in parts])
    own = [(paths, _scales(1 / _own(spread, ready), places)) for paths, spread in parts]
    standard = [_quantities(paths, scales, places.serial) for paths, scales in own]
    return _Measured(raw, np.concatenate(standard))


def _spread(ready: DriverData) -> Array:
    """Standard deviations that the values were divided by; of covariates, whose units do not matter, 1."""
    columns = np.column_stack([ready.raw, ready.raw_outcome])
    centred = columns - np.average(columns, axis=0, weights=ready.weights)
    own = np.sqrt(np.average(centred**2, axis=0, weights=ready.weights))
    return np.concatenate([np.ones(ready.covariates), own])


def _own(spread: Array, ready: DriverData) -> Array:
    """Spreads (R, q) to divide by; of two categories their own unit, one category against the other."""
    if "[" in ready.columns[0]:
        spread = spread.copy()
        spread[:, ready.covariates] = 1 / _spread(ready)[ready.covariates]
    return spread


class _Scales(NamedTuple):
    a: Array
    d: Array
    b: Array
    whole: Array


def _scales(units: Array, places: Places) -> _Scales:
    """What coefficients of standardised columns are multiplied by: unit of the target over that of the source."""
    x, y = units[:, [places.cause]], units[:, [places.outcome]]
    m = units[:, list(places.mediators)]
    return _Scales(m / x, m[:, None, :] / m[:, :, None], y / m, y / x)


def _quantities(found: MediationPaths, scale: _Scales, serial: bool) -> Array:
    """All quantities (R, q) in the order of `_rows`."""
    indirect = found.indirect * scale.whole
    together = indirect.sum(axis=1, keepdims=True)
    direct, total = found.direct[:, None] * scale.whole, found.total[:, None] * scale.whole
    with np.errstate(invalid="ignore", divide="ignore"):
        share = together / total
    share = np.where(np.isfinite(share), share, np.nan)
    first, second = np.triu_indices(indirect.shape[1], 1)
    early, late = np.triu_indices(found.d.shape[1] if serial else 0, 1)
    return np.concatenate(
        [
            found.a * scale.a,
            (found.d * scale.d)[:, early, late],
            found.b * scale.b,
            indirect,
            together,
            direct,
            total,
            share,
            indirect[:, first] - indirect[:, second],
        ],
        axis=1,
    )


def _rows(ready: DriverData, places: Places) -> pd.DataFrame:
    """kind, source, target of paths; effect, via of effects."""
    cause, *names = ready.names
    outcome, rows = ready.outcome, [("a", cause, name, "", "") for name in names]
    pairs = zip(*np.triu_indices(len(names) if places.serial else 0, 1), strict=True)
    rows += [("d", names[i], names[j], "", "") for i, j in pairs]
    rows += [("b", name, outcome, "", "") for name in names]
    vias = [" → ".join(names[number] for number in chain) for chain in places.chains]
    rows += [("effect", cause, outcome, "indirect", via) for via in vias]
    rows += [("effect", cause, outcome, name, "") for name in ("total_indirect", "direct", "total", "proportion")]
    first, second = np.triu_indices(len(vias), 1)
    rows += [("effect", cause, outcome, "difference", f"{vias[i]} − {vias[j]}")
             for i, j in zip(first, second, strict=True)]  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "source", "target", "effect", "via"])


def _with_intervals(
    rows: pd.DataFrame, sample: _Measured, drawn: _Measured, ci: Interval, level: float, shape: Array | None
) -> pd.DataFrame:
    ends = intervals(drawn.raw, sample.raw[0], ci, level, shape)
    se = np.nanstd(drawn.raw, axis=0, ddof=1)
    numbers = {"estimate": sample.raw[0], "se": se, "ci_lower": ends.lower, "ci_upper": ends.upper}
    standard = np.where(rows["effect"] == "proportion", np.nan, sample.standardised[0])
    return rows.assign(**numbers, std=standard)


def _effects(table: pd.DataFrame) -> pd.DataFrame:
    """The proportion only where direct and indirect effects point the same way."""
    found = table.drop(columns=["kind", "source", "target"]).reset_index(drop=True)
    own = found.set_index("effect")["estimate"]
    if own["total_indirect"] * own["direct"] < 0:
        numbers = ["estimate", "se", "ci_lower", "ci_upper"]
        found.loc[found["effect"] == "proportion", numbers] = np.nan
    return found


def _headings(table: pd.DataFrame) -> list[str]:
    paths = table["kind"] != "effect"
    return [
        f"{row.kind}: {row.source} → {row.target}" if is_path else f"{row.effect} {row.via}".strip()
        for row, is_path in zip(table.itertuples(), paths, strict=True)
    ]


def _sensitivity(ready: DriverData, places: Places) -> pd.DataFrame:
    """How strong a left-out common cause must be to take a path to zero."""
    cov = _cov(ready)
    given = [places.cause, *places.covariates]
    cause, *names = ready.names
    rows = []
    for number, (name, mediator) in enumerate(zip(names, places.mediators, strict=True)):
        before = places.mediators[:number] if places.serial else ()
        t, df = _t(cov, [*given, *before], mediator, 0, len(ready.values))
        rows.append(("a", cause, name, t, float(robustness_value(np.array(t), df)), np.nan))
    for number, name in enumerate(names):
        t, df = _t(cov, [*given, *places.mediators], places.outcome, len(given) + number, len(ready.values))
        rho = residual_correlation(cov, places) if len(names) == 1 else np.nan
        rows.append(("b", name, ready.outcome, t, float(robustness_value(np.array(t), df)), rho))
    return pd.DataFrame(rows, columns=["path", "source", "target", "t", "robustness_value", "rho_zero"])


def _cov(ready: DriverData) -> Array:
    return np.asarray(weighted_moments(ready.weights[None], ready.values)[1][0])


def _t(cov: Array, on: Sequence[int], target: int, which: int, n: int) -> tuple[float, float]:
    """Classical t of one coefficient, and residual degrees of freedom."""
    places = np.array(on)
    inverse = np.linalg.inv(cov[np.ix_(places, places)])
    slopes = inverse @ cov[places, target]
    df = n - len(on) - 1
    left = n * (cov[target, target] - slopes @ cov[places, target]) / df
    return float(slopes[which] / np.sqrt(left * inverse[which, which] / n)), df


def _curve(ready: DriverData, places: Places) -> pd.DataFrame:
    """The indirect effect over the residuals' correlation; empty with several mediators."""
    if len(places.mediators) > 1:
        return pd.DataFrame({"rho": [], "indirect": []})
    rho = np.linspace(-0.9, 0.9, 37)
    units = _spread(ready)
    indirect = confounded_indirect(_cov(ready), places, rho) * units[places.outcome] / units[places.cause]
    return pd.DataFrame({"rho": rho, "indirect": indirect})


def _notices(table: pd.DataFrame, drawn: _Measured, cause: str, outcome: str, ready: DriverData) -> list[Notice]:
    found = [Notice("mediation.causal")]
    n, columns = ready.values.shape[0], ready.values.shape[1] - 1
    if n < _ROWS_PER_COLUMN * columns:
        found.append(Notice("mediation.few_rows", {"n": n, "columns": columns}, serious=True))
    own = table.set_index("effect")["estimate"]
    if own["total_indirect"] * own["direct"] < 0:
        found.append(Notice("mediation.opposite", serious=True))
    lost = int((~np.isfinite(drawn.raw).all(axis=1)).sum())
    if lost:
        total = len(drawn.raw)
        found.append(Notice("mediation.lost", {"count": lost, "total": total}, serious=lost > _MANY_LOST * total))
    if ((table["estimate"].abs() < PRINTED / 2) & (table["std"].abs() >= 10 * PRINTED)).any():
        found.append(Notice("mediation.small_effect", serious=True))
    if any("[" in column for column in ready.columns[:1]):
        found.append(Notice("mediation.two_categories", {"cause": Called(_level(ready))}))
    return found


def _level(ready: DriverData) -> Mapping[str, str]:
    return ready.labels.get(ready.columns[0], {"en": ready.columns[0], "vi": ready.columns[0]})
