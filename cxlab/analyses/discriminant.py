"""`cx.discriminant`: are two constructs two things, or is one the other by another name?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, cast

import numpy as np
import pandas as pd

from cxlab.analyses.discriminant_result import Discriminant
from cxlab.analyses.discriminant_rivals import Rivals
from cxlab.analyses.moments import Moments
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import reported
from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity import convergent_validity
from cxlab.analyses.validity_base import fit_notices
from cxlab.analyses.validity_blocks import Constructs, Measured, of_fit, read_blocks
from cxlab.analyses.validity_htmt import (
    check_boot,
    interval_columns,
    places,
    sample,
    seed_of,
    sign_notices,
    size_notices,
)
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import CxlabError, DataError, ModelError, Notice
from cxlab.evaluate.discriminant import Evidence, problem_of, verdict_of
from cxlab.evaluate.htmt import METHODS, correlations, htmt_ratios, htmt_replicates, pairs
from cxlab.evaluate.rules import interpret, rule_limit
from cxlab.i18n.shown import Shown
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import Interval, check_interval
from cxlab.specify import Model
from cxlab.survey.survey import Survey

Pair = tuple[str, str]
_OTHER_TESTS = ("validity.test_satorra_2000", "validity.test_wald", "validity.test_unstable")
_FIT_VALUES = ("cfi", "srmr", "cfi_limit", "srmr_limit")
COLUMNS = [
    "construct_1", "construct_2", "verdict", "problem", "r", "r_se", "r_ci_lower", "r_ci_upper", "htmt",
    "htmt_ci_lower", "htmt_ci_upper", "htmt2", "htmt2_ci_lower", "htmt2_ci_upper", "ave_1", "ave_2", "fl_met",
    "one_chisq", "one_df", "one_p", "cut_chisq", "cut_df", "cut_p", "merged_chisq", "merged_df", "merged_p",
]  # fmt: skip


def discriminant(
    constructs: Constructs | SemFit = None,
    data: Survey | pd.DataFrame | Moments | None = None,
    pair: Sequence[str] | None = None,
    *,
    estimator: str | None = None,
    missing: str = "listwise",
    ordered: object = None,
    n_boot: int = 2000,
    seed: int | None = None,
    ci: Interval = "percentile",
    level: float = 0.95,
    cutoff: float = 0.9,
) -> Discriminant:
    """Is A not just B? What reviewers ask about two constructs, for one pair or every pair, with a verdict in words.

    When to use it: before a paper tells two constructs apart: customer experience from satisfaction, quality from
    satisfaction, an affective from a sensorial component. An experience of several components can be given by the
    components' scores as its items (``survey.with_scores()``). One confirmatory model is fitted to all constructs
    named, then again with a correlation held at 1, at `cutoff`, and with the two constructs merged.

    Parameters
    ----------
    constructs : mapping of name to list of str, list of names, model text, SemFit, or None
        Items by construct; constructs of the codebook; the ``=~`` lines of a lavaan model, with its covariances of
        items; a fitted model, whose answers are used. None: with `pair` these two, else all reflective constructs of
        the codebook.
    data : Survey, DataFrame or Moments
        One row a respondent. Reversed items of the codebook are turned.
    pair : (str, str), optional
        The two constructs in question; every pair by default.
    estimator : str, optional
        As in `cx.cfa`. Default "MLR"; "ML" for published moments, "WLSMV" with ordinal items.
    missing : {"listwise", "fiml"}
        For the models; the ratios use complete rows.
    ordered : bool or sequence of str, optional
        Ordinal items of the models, as in `cx.cfa`; by default those of the fitted model given. The ratios stay with
        Pearson's correlations.
    n_boot, seed, ci, level
        As in `cx.htmt`; `level` also for the interval of the correlation and for the tests.
    cutoff : float
        A correlation that is held in a second test, between 0 and 1.

    Returns
    -------
    Discriminant
        ``.table``, one row a pair: construct_1 construct_2 verdict problem r r_se r_ci_lower r_ci_upper htmt
        htmt_ci_lower htmt_ci_upper htmt2 htmt2_ci_lower htmt2_ci_upper ave_1 ave_2 fl_met one_chisq one_df one_p
        cut_chisq cut_df cut_p merged_chisq merged_df merged_p. ``verdict``: ``distinct``, ``doubtful``,
        ``not_distinct`` or ``unknown``; ``problem``: ``no_problem``, ``marginal_problem``, ``moderate_problem`` or
        ``severe_problem`` by the far end of the interval (Rönkkö & Cho, 2022). ``.sentences(lang)`` says what speaks
        for and against. ``.fit``: the model with all correlations free.

    Raises
    ------
    DataError
        Unknown constructs or items, constructs of one item, too few rows.
    ModelError
        An item in two constructs; a pair that is no pair.

    Notes
    -----
    Correlations and their Wald intervals are those of a model with unit latent variances. Differences of chi-square
    are scaled with MLR and MLM (Satorra & Bentler, 2001); where the scaling factor comes out near zero or below, that
    of Satorra (2000) stands in their place, with a warning (with missing answers the Wald statistic). A correlation at
    or beyond `cutoff` in size gives a difference of 0. Equals ``semTools::discriminantValidity(fit, cutoff)`` and,
    merged, ``merge = TRUE``. "not_distinct": a correlation of 1 or one merged factor is not rejected, or the interval
    reaches 1; if both are rejected and the interval also holds correlations below .80, it is too wide to say:
    "doubtful". "doubtful" too: the interval reaches .90, HTMT is .90 or more, its interval reaches 1, or the solution
    is not admissible. Fornell and Larcker's criterion is shown and does not decide.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("corporate_reputation")
    >>> found = discriminant(["competence", "likeability"], survey, n_boot=200, seed=1)
    >>> found.table[["r", "htmt", "problem", "verdict"]].round(2).to_numpy().tolist()
    [[0.76, 0.78, 'marginal_problem', 'distinct']]
    """
    constructs, source = _sorted_out(constructs, data)
    _check(n_boot, seed, ci, level, cutoff)
    both = None if pair is None else _pair(pair)
    found = read_blocks(source, both if constructs is None and both else _constructs(constructs))
    asked = list(combinations(found.blocks, 2)) if both is None else [_known_pair(both, found)]
    ordinal = constructs.options.ordered if ordered is None and isinstance(constructs, SemFit) else ordered
    how = estimator or ("WLSMV" if ordinal else "ML" if found.survey is None else "MLR")
    rivals = Rivals.of(found, _covarying(constructs, found), how, missing, ordinal)
    ratios, drawn, notices = _ratios(found, n_boot, seed, ci, level)
    rows, told = _rows(rivals, asked, ratios, level, cutoff)
    return Discriminant(
        table=pd.DataFrame(rows)[COLUMNS],
        fit=rivals.fit,
        warnings=_once(
            [
                *_pooled(constructs),
                *found.notices,
                *rivals.fit.request.notices,
                *_fit_warnings(rivals.fit),
                *notices,
                *_folded(told),
            ]
        ),
        estimator=how,
        n_obs=rivals.fit.n_obs,
        n_boot=0 if drawn is None else n_boot,
        seed=drawn,
        ci=ci,
        level=level,
        cutoff=cutoff,
        labels=found.labels,
        simulated=found.simulated,
    )


def _sorted_out(constructs: Any, data: Any) -> tuple[Any, Survey | pd.DataFrame | Moments]:
    """Constructs and answers, also where answers alone were given or a fit brings its own."""
    if data is None and isinstance(constructs, Survey | pd.DataFrame | Moments):
        return None, constructs
    if isinstance(constructs, SemFit) and data is None:
        if constructs.request.survey is None:
            raise DataError("validity.discriminant_needs_data")
        return constructs, constructs.request.survey
    if data is None:
        raise DataError("validity.discriminant_needs_data")
    return constructs, data


def _constructs(constructs: Any) -> Constructs:
    return of_fit(constructs) if isinstance(constructs, SemFit) else cast(Constructs, constructs)


def _pooled(constructs: Any) -> list[Notice]:
    """That groups of a fitted model are taken together."""
    groups = constructs.groups if isinstance(constructs, SemFit) else ()
    return [Notice("validity.groups_pooled", {"groups": ", ".join(map(str, groups))}, serious=True)] if groups else []


def _check(n_boot: object, seed: object, ci: str, level: object, cutoff: object) -> None:
    check_boot(n_boot, seed)
    check_interval(ci)
    check_level(level)
    if not isinstance(cutoff, int | float) or isinstance(cutoff, bool) or not 0 < cutoff < 1:
        raise CxlabError("validity.cutoff", value=cutoff)


def _pair(pair: Sequence[str]) -> Pair:
    if isinstance(pair, str) or len(pair) != 2 or pair[0] == pair[1]:
        raise ModelError("validity.pair", pair=pair)
    return nfc(str(pair[0])), nfc(str(pair[1]))


def _known_pair(pair: Pair, found: Measured) -> Pair:
    for name in pair:
        if name in found.left_out:
            why = Notice(f"validity.reason_{found.left_out[name]}")
            raise DataError("validity.pair_left_out", construct=name, why=why)
        if name not in found.blocks:
            hint = did_you_mean(name, found.blocks)
            raise DataError("validity.pair_unknown", construct=name, hint=hint, known=", ".join(found.blocks))
    return pair


def _covarying(constructs: Any, found: Measured) -> list[Pair]:
    """Pairs of items whose errors the user's model lets covary."""
    model = constructs.model if isinstance(constructs, SemFit) else constructs
    if isinstance(model, str) and "=~" in model:
        model = Model.parse(model)
    if not isinstance(model, Model):
        return []
    items = set(found.items)
    return [(one.lhs, one.rhs) for one in model.terms
            if one.op == "~~" and one.lhs != one.rhs and {one.lhs, one.rhs} <= items]  # fmt: skip


def _ratios(
    found: Measured, n_boot: int, seed: int | None, ci: Interval, level: float
) -> tuple[dict[frozenset[str], dict[str, float]], int | None, list[Notice]]:
    """HTMT and HTMT2 of every pair, with intervals from the same resamples."""
    values, cov, n, notices = sample(found)
    notices += size_notices(n, values)
    cor, at = correlations(cov), places(found.blocks)
    columns: dict[str, np.ndarray] = {name: htmt_ratios(cor, at, name) for name in METHODS}
    empty = np.full(len(columns["htmt"]), np.nan)
    columns |= {f"{name}_ci_{end}": empty for name in METHODS for end in ("lower", "upper")}
    drawn = None
    if n_boot and values is not None:
        drawn = seed_of(seed)
        held = htmt_replicates(values, at, RandomDraws(n_boot, (n,), drawn), METHODS)
        for name in METHODS:
            ends, told = interval_columns(held[name], columns[name], ci, level, values, found.blocks, (name, True))
            columns |= {f"{name}_{end}": ends[end] for end in ("ci_lower", "ci_upper")}
            notices += told
        notices += [Notice("resample.seed_drawn", {"seed": drawn})] if seed is None else []
    names = list(found.blocks)
    first, second = pairs(len(names))
    table = {
        frozenset((names[i], names[j])): {name: float(column[place]) for name, column in columns.items()}
        for place, (i, j) in enumerate(zip(first, second, strict=True))
    }
    return table, drawn, [*notices, *sign_notices(found.blocks, cor, absolute=True)]


def _rows(
    rivals: Rivals, asked: Sequence[Pair], ratios: dict[frozenset[str], dict[str, float]], level: float, cutoff: float
) -> tuple[list[dict[str, Any]], list[Notice]]:
    ave = _variance_extracted(rivals.fit)
    rows, notices = [], []
    for first, second in asked:
        row: dict[str, Any] = {"construct_1": first, "construct_2": second, **ratios[frozenset((first, second))]}
        row |= rivals.correlation(first, second, level)
        tests, told = rivals.tests(first, second, cutoff)
        row |= tests | {"ave_1": ave.get(first, np.nan), "ave_2": ave.get(second, np.nan)}
        row["fl_met"] = bool(min(row["ave_1"], row["ave_2"]) > row["r"] ** 2)
        evidence = evidence_of(row, rivals.fit.admissible, level)
        rows.append(row | {"problem": problem_of(evidence.reach), "verdict": verdict_of(evidence)})
        notices += told
    return rows, notices


def evidence_of(row: Any, admissible: bool, level: float) -> Evidence:
    """A row of the table as evidence."""
    return Evidence(
        r=row["r"],
        lower=row["r_ci_lower"],
        upper=row["r_ci_upper"],
        htmt=row["htmt"],
        htmt_upper=row["htmt_ci_upper"],
        one_p=row["one_p"],
        merged_p=row["merged_p"],
        fl_met=None if np.isnan([row["ave_1"], row["ave_2"], row["r"]]).any() else row["fl_met"],
        admissible=admissible,
        level=level,
    )


def _variance_extracted(fit: SemFit) -> dict[str, float]:
    if not fit.converged:
        return {}
    table = convergent_validity(fit).table
    return dict(zip(table["construct"], table["ave"], strict=True))


def _fit_warnings(fit: SemFit) -> list[Notice]:
    """What speaks against reading the model: no convergence, an impossible solution, poor fit."""
    if not fit.converged:
        return [Notice("validity.not_converged", serious=True)]
    told = fit_notices(fit)
    use = reported(fit.fit_measures)
    measures = fit.fit_measures[[use["cfi"], use["srmr"]]].set_axis(["cfi", "srmr"]).dropna()
    judged = interpret(measures, "hu_bentler_1999") if fit.fit_measures["df"] and len(measures) else ()
    if judged and not any(one.met for one in judged):
        values = {name: Shown(float(value), 3, bounded=True) for name, value in measures.items()}
        values |= {f"{name}_limit": Shown(rule_limit("hu_bentler_1999", name), 2, bounded=True) for name in values}
        told.append(Notice("validity.poor_fit", {**dict.fromkeys(_FIT_VALUES, "–"), **values}, serious=True))
    return told


def _folded(notices: Sequence[Notice]) -> list[Notice]:
    """Notices of the same kind on several tests made one."""
    tests: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.key in _OTHER_TESTS:
            tests.setdefault(notice.key, []).append(notice)
    told = [notice for notice in notices if len(tests.get(notice.key, ())) < 2]
    for key, own in tests.items():
        if len(own) > 1:
            values = {"count": len(own), "models": "; ".join(str(one.values["model"]) for one in own)}
            told.append(Notice(f"{key}_many", values, serious=own[0].serious))
    return told


def _once(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Each notice once, in order."""
    seen: list[Notice] = []
    for notice in notices:
        if notice not in seen:
            seen.append(notice)
    return tuple(seen)
