"""`cx.htmt`: heterotrait-monotrait ratios of all pairs of constructs, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

import numpy as np
import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.unpack import check_level, numeric_columns
from cxlab.analyses.validity_blocks import Blocks, Constructs, Measured, read_blocks
from cxlab.analyses.validity_htmt_result import Htmt
from cxlab.errors import CxlabError, DataError, Notice
from cxlab.evaluate.htmt import METHODS, Method, correlations, htmt_ratios, htmt_replicates, pairs
from cxlab.evaluate.rules import rule_limit
from cxlab.resample.draws import LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, check_interval, intervals
from cxlab.survey.survey import Survey

COLUMNS = ["construct_1", "construct_2", "htmt", "se", "ci_lower", "ci_upper", "pvalue", "cutoff", "met", "reason"]
_MIN_ROWS = 3
_FEW_ROWS = 30


def htmt(
    data: Survey | pd.DataFrame | Moments,
    constructs: Constructs = None,
    method: Method = "htmt",
    *,
    absolute: bool = True,
    n_boot: int = 0,
    seed: int | None = None,
    ci: Interval = "percentile",
    level: float = 0.95,
    rule: str = "henseler_2015",
) -> Htmt:
    """Heterotrait-monotrait ratio of correlations for every pair of constructs: are they different things?

    When to use it: constructs measured by two or more items each that reflect them, before any path between them is
    read. The ratio estimates the correlation between the constructs free of measurement error; near 1 they cannot be
    told apart. Report it with an interval (``n_boot=5000``). It judges the items' correlations and needs no model;
    `discriminant` adds what a model says.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
        One row a respondent; rows complete on all items used. Items that the codebook flags as reversed are turned.
    constructs : mapping of name to list of str, list of names, model text, or None
        Items by construct; constructs of the codebook; the ``=~`` lines of a lavaan model. None: all reflective
        constructs of the codebook with two items or more (for a DataFrame, those that the columns' names suggest).
    method : {"htmt", "htmt2"}
        Arithmetic means of correlations (Henseler et al., 2015), right if the items of a construct load alike; or
        geometric means (Roemer et al., 2021), right also if they do not.
    absolute : bool
        True drops the sign of every correlation, as seminr and semTools do; False keeps it, as first published.
    n_boot : int
        Bootstrap resamples of the rows; 0 for none.
    seed : int, optional
        Of the resamples. Without it one is drawn and reported.
    ci : {"percentile", "basic", "bc", "bca"}
        Bootstrap interval.
    level : float
        Its confidence level, between 0 and 1.
    rule : str
        Rule with the cut-off: ``"henseler_2015"`` (.90, constructs close in meaning) or ``"henseler_2015_strict"``
        (.85).

    Returns
    -------
    Htmt
        ``.table``, one row a pair: construct_1 construct_2 htmt se ci_lower ci_upper pvalue cutoff met reason.
        ``pvalue`` is one-sided, for "the ratio is at or above the cut-off": the share of resamples there, counting the
        sample as one. ``met`` compares the estimate with the cut-off. ``reason`` says why there is no value:
        ``negative_within``, or ``negative_between`` (signed geometric means only). ``.matrix``: the ratios below the
        diagonal.

    Raises
    ------
    DataError
        Unknown, constant, non-numeric items; too few rows; fewer than two constructs; published moments with a
        bootstrap.
    ModelError
        An item in two constructs.
    CxlabError
        Unknown options or rule.

    Notes
    -----
    HTMT_ij = mean |r| between the items of i and j / sqrt(mean |r| within i * mean |r| within j). Equals
    ``semTools::htmt(model, data, htmt2 = FALSE)``; with ``method="htmt2"`` its default ``htmt2 = TRUE``. seminr's
    ``summary(pls)$validity$htmt`` is ``method="htmt"``.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> tests = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    >>> print(htmt(get_data(), tests, n_boot=200, seed=1))
    HTMT · n = 301 · constructs: 3 · 200 resamples, percentile interval, seed 1
      visual – textual  .42 [.27, .60]  p(≥ .90) = .005  ✓
      visual – speed    .47 [.36, .59]  p(≥ .90) = .005  ✓
      textual – speed   .29 [.14, .43]  p(≥ .90) = .005  ✓
    Rule of thumb: HTMT < .90 (Henseler et al. (2015), HTMT.90, for constructs close in meaning).
    """
    _check(method, absolute, n_boot, seed, ci, level)
    cutoff = rule_limit(rule, "htmt")
    found = read_blocks(data, constructs)
    values, cov, n, notices = sample(found, n_boot)
    cor = correlations(cov)
    table = _table(
        found.blocks, htmt_ratios(cor, places(found.blocks), method, absolute), np.abs(cor) if absolute else cor
    )
    notices = [*found.notices, *notices, *sign_notices(found.blocks, cor, absolute), *size_notices(n, values)]
    drawn = None
    if n_boot and values is not None:
        drawn, more = _bootstrapped(table, values, found.blocks, (method, absolute), (n_boot, seed, ci, level), cutoff)
        notices += more
    table = table.assign(cutoff=cutoff, met=table["htmt"] < cutoff)
    return Htmt(
        table=table[COLUMNS],
        warnings=tuple(notices),
        blocks=found.blocks,
        left_out=found.left_out,
        method=method,
        absolute=absolute,
        n_obs=n,
        n_boot=n_boot,
        seed=drawn,
        ci=ci,
        level=level,
        rule=rule,
        labels=found.labels,
        simulated=found.simulated,
    )


def places(blocks: Blocks) -> list[list[int]]:
    """Places of each construct's items among all items, construct by construct.

    Examples
    --------
    >>> places({"a": ("a1", "a2"), "b": ("b1", "b2", "b3")})
    [[0, 1], [2, 3, 4]]
    """
    ends = np.cumsum([0, *map(len, blocks.values())])
    return [list(range(first, last)) for first, last in pairwise(ends)]


def sample(found: Measured, n_boot: int = 0) -> tuple[np.ndarray | None, np.ndarray, int, list[Notice]]:
    """Complete rows of the items (None for moments), their covariances, n, and notices on the rows."""
    if found.survey is None:
        return _published(found, n_boot)
    frame, notices = numeric_columns(found.survey, found.items, min_rows=_MIN_ROWS)
    values = frame.to_numpy()
    return values, np.cov(values.T), len(values), list(notices)


def _published(found: Measured, n_boot: int) -> tuple[None, np.ndarray, int, list[Notice]]:
    moments = found.moments
    assert moments is not None  # noqa: S101 - read_blocks gives one or the other
    if n_boot:
        raise DataError("validity.moments_no_boot")
    if len(moments.cov) > 1:
        raise DataError("validity.moments_groups")
    unknown = [item for item in found.items if item not in moments.names]
    if unknown:
        raise DataError("validity.moments_unknown", items=", ".join(unknown), known=", ".join(moments.names))
    at = [moments.names.index(item) for item in found.items]
    return None, moments.cov[0][np.ix_(at, at)], moments.total, []


def sign_notices(blocks: Blocks, cor: np.ndarray, absolute: bool) -> list[Notice]:
    """Items that run against their own construct; pairs whose items disagree in sign."""
    notices = []
    at = places(blocks)
    for name, own in zip(blocks, at, strict=True):
        within = cor[np.ix_(own, own)]
        against = _against(within, blocks[name])
        if against:
            values = {"construct": name, "items": ", ".join(against)}
            notices.append(Notice("validity.against", values, serious=True))
        elif (within < 0).any():
            notices.append(Notice("validity.some_negative", {"construct": name}))
    if absolute:
        names = list(blocks)
        for i, j in zip(*pairs(len(names)), strict=True):
            between = cor[np.ix_(at[i], at[j])]
            # small correlations of either sign are chance; only clear ones are told
            if between.max() > 0.1 and between.min() < -0.1:
                values = {"first": names[i], "second": names[j]}
                notices.append(Notice("validity.mixed_signs", values))
    return notices


def _against(cor: np.ndarray, items: Sequence[str]) -> list[str]:
    """Items whose weight on the block's first component has the sign of the minority."""
    weight = np.linalg.eigh(cor)[1][:, -1]
    minority = weight < 0 if (weight < 0).sum() <= len(items) / 2 else weight > 0
    return [item for item, other in zip(items, minority, strict=True) if other]


def seed_of(seed: int | None) -> int:
    """The seed given, or one drawn."""
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else int(seed)


def _check(method: str, absolute: object, n_boot: object, seed: object, ci: str, level: object) -> None:
    if method not in METHODS:
        known = ", ".join(get_args(Method))
        raise CxlabError("validity.unknown_method", method=method, known=known)
    if not isinstance(absolute, bool | np.bool_):
        raise CxlabError("validity.switch", name="absolute", value=absolute)
    check_boot(n_boot, seed)
    check_interval(ci)
    check_level(level)


def check_boot(n_boot: object, seed: object) -> None:
    """Raise unless the number of resamples is 0 or at least 2, and the seed a whole number or None."""
    for name, value, least in (("n_boot", n_boot, 0), ("seed", 0 if seed is None else seed, 0)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or int(value) < least:  # type: ignore[call-overload]
            raise CxlabError("resample.whole_number", name=name, value=value, least=least)
    if n_boot == 1:
        raise CxlabError("resample.whole_number", name="n_boot", value=1, least=2)


def _table(blocks: Blocks, ratios: np.ndarray, cor: np.ndarray) -> pd.DataFrame:
    names = list(blocks)
    first, second = pairs(len(names))
    frame = pd.DataFrame(
        {"construct_1": [names[i] for i in first], "construct_2": [names[j] for j in second], "htmt": ratios}
    )
    at = places(blocks)
    frame["reason"] = [
        _undefined(cor, at[i], at[j]) if np.isnan(ratio) else ""
        for ratio, i, j in zip(ratios, first, second, strict=True)
    ]
    for column in ("se", "ci_lower", "ci_upper", "pvalue"):
        frame[column] = np.nan
    return frame


def _undefined(cor: np.ndarray, one: Sequence[int], other: Sequence[int]) -> str:
    """Why a ratio has no value. Arithmetic means need positive means within, geometric ones positive correlations."""
    within = [cor[np.ix_(own, own)][np.tri(len(own), k=-1, dtype=bool)] for own in (one, other)]
    return "negative_within" if min(own.min() for own in within) <= 0 else "negative_between"


def size_notices(n: int, values: np.ndarray | None) -> list[Notice]:
    """A warning of a sample too small for correlations."""
    return [Notice("validity.few_rows", {"n": n}, serious=True)] if n < _FEW_ROWS and values is not None else []


def _bootstrapped(
    table: pd.DataFrame,
    values: np.ndarray,
    blocks: Blocks,
    what: tuple[Method, bool],
    how: tuple[int, int | None, Interval, float],
    cutoff: float,
) -> tuple[int, list[Notice]]:
    """Write se, interval and p into the table; the seed used, and what to know."""
    n_boot, seed, ci, level = how
    drawn = seed_of(seed)
    method, absolute = what
    draws = RandomDraws(n_boot, (len(values),), drawn)
    replicates = htmt_replicates(values, places(blocks), draws, (method,), absolute)[method]
    columns, notices = interval_columns(replicates, table["htmt"].to_numpy(), ci, level, values, blocks, what)
    for name, column in columns.items():
        table[name] = column
    table["pvalue"] = at_or_above(replicates, cutoff)
    if seed is None:
        notices.append(Notice("resample.seed_drawn", {"seed": drawn}))
    return drawn, notices


def interval_columns(
    replicates: np.ndarray,
    estimate: np.ndarray,
    ci: Interval,
    level: float,
    values: np.ndarray,
    blocks: Blocks,
    what: tuple[Method, bool],
) -> tuple[dict[str, np.ndarray], list[Notice]]:
    """Standard errors and intervals from the replicates (R, pairs), with notices on lost and extreme ones."""
    bend = None
    if ci == "bca":
        method, absolute = what
        left_out = LeaveOneOut((len(values),), 0)
        bend = acceleration([htmt_replicates(values, places(blocks), left_out, (method,), absolute)[method]])
    ends = intervals(replicates, estimate, ci, level, bend)
    finite = np.isfinite(replicates)
    known = np.isfinite(estimate)
    notices = []
    lost = int((~finite[:, known]).any(axis=1).sum()) if known.any() else 0
    if lost:
        notices.append(Notice("validity.replicates_lost", {"lost": lost, "total": len(replicates)}, serious=True))
    if ends.extreme[known].any():
        shown = {"level": f"{100 * level:g}", "total": len(replicates)}
        notices.append(Notice("resample.extreme", shown, serious=True))
    columns = {"se": spread(replicates), "ci_lower": ends.lower, "ci_upper": ends.upper}
    return {name: np.where(known, column, np.nan) for name, column in columns.items()}, notices


def spread(replicates: np.ndarray) -> np.ndarray:
    """Standard deviation of the finite replicates of each quantity; nan with fewer than two."""
    finite = np.isfinite(replicates)
    count = finite.sum(axis=0)
    held = np.where(finite, replicates, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = held.sum(axis=0) / count
        squares = (np.where(finite, replicates - mean, 0.0) ** 2).sum(axis=0)
        return np.where(count > 1, np.sqrt(squares / (count - 1)), np.nan)


def at_or_above(replicates: np.ndarray, cutoff: float) -> np.ndarray:
    """Share of the replicates at or above a value, counting the sample as one; nan where none is finite.

    Examples
    --------
    >>> at_or_above(np.array([[0.7], [0.8], [0.95]]), 0.9).tolist()
    [0.5]
    """
    finite = np.isfinite(replicates)
    count = finite.sum(axis=0)
    above = (np.where(finite, replicates, -np.inf) >= cutoff).sum(axis=0)
    return np.where(count > 0, (1 + above) / (1 + count), np.nan)
