"""`cx.compare`: does a restricted model fit worse than a freer one, beyond chance?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.compare_result import Comparison
from cxlab.errors import ModelError, Notice, NotSupportedError
from cxlab.evaluate.difference_test import (
    Difference,
    ModelFit,
    difference_table,
    likelihood_ratio,
    satorra_2000,
    satorra_bentler_2001,
    satorra_bentler_2010,
)
from cxlab.evaluate.satorra_2000 import ordinal_traces, restriction_traces
from cxlab.i18n import format_number, tr

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

Method = Literal["default", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"]
METHODS: tuple[Method, ...] = get_args(Method)
_NO_DIFFERENCE = ("ULS", "DWLS", "MLMVS", "WLSMVS", "ULSMVS")
# Their tests are scaled and shifted, and so is the difference: Satorra (2000).
_SHIFTED = ("MLMV", "WLSMV", "ULSMV")


def compare(
    *fits: SemFit,
    names: Sequence[str] | None = None,
    method: Method = "default",
    between: Sequence[float] | None = None,
) -> Comparison:
    """Likelihood-ratio tests of nested models, the freest first.

    When to use it: two or more models of the same answers, where each is the one before with something held equal or
    at zero: invariance across groups, a path left out, correlations fixed. For models that are not nested compare AIC
    and BIC in the table and leave the tests aside.

    Parameters
    ----------
    *fits : SemFit
        Two or more fitted models, in any order; they are sorted by their degrees of freedom.
    names : sequence of str, optional
        What to call them, in the order given.
    method : {"default", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"}
        With robust estimators (MLM, MLR, WLSM) the difference is scaled, by default as in 2001; with MLMV, WLSMV and
        ULSMV as in 2000. That of 2000 (complete rows only) is never negative and keeps its level best in small samples.
    between : sequence of float, optional
        For ``"satorra.bentler.2010"``: for each step the scaling factor of the freer model evaluated at the
        restricted model's estimates.

    Returns
    -------
    Comparison
        ``table``: model, df, aic, bic, chisq, chisq_diff, df_diff, pvalue, rmsea_diff; each model against the row
        above. ``chisq`` is the plain statistic also where the difference is scaled. ``warnings`` say what speaks
        against nesting.

    Raises
    ------
    ModelError
        Fewer than two models, a model that did not converge, other items, other data, another estimator, a mean
        structure in some models only, equal degrees of freedom.
    NotSupportedError
        Estimators whose chi-square has no such difference; "satorra.2000" with missing answers.

    Notes
    -----
    Equals ``lavaan::lavTestLRT(fit1, fit2)``; Satorra & Bentler (2001, 2010), Satorra (2000). That of 2000 depends a
    little on the items' units: where a standard deviation is below 0.01 or above 100, items are standardised for it.

    Examples
    --------
    >>> import cxlab as cx
    >>> from semopy.examples.holzinger39 import get_data
    >>> three = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
    >>> free, apart = cx.cfa(three, get_data()), cx.cfa(three, get_data(), orthogonal=True)
    >>> found = compare(free, apart, names=["correlated", "uncorrelated"])
    >>> print(found.table[["model", "df_diff", "chisq_diff"]].round(2).tail(1).to_string(index=False))
           model  df_diff  chisq_diff
    uncorrelated      3.0       68.22
    """
    if method not in METHODS:
        raise ModelError("evaluation.unknown_method", method=method, known=", ".join(METHODS))
    labels = _labels(fits, names)
    order = sorted(range(len(fits)), key=lambda position: int(fits[position].fit_measures["df"]))
    fits, labels = tuple(fits[position] for position in order), [labels[position] for position in order]
    _check_alike(fits, labels)
    models = [_tested(fit, label) for fit, label in zip(fits, labels, strict=True)]
    if fits[0].options.estimator in _SHIFTED and method == "default":
        method = "satorra.2000"
    chosen = _method(models, method)
    differences = _by_restriction(fits, models) if chosen == "satorra.2000" else _differences(models, chosen, between)
    return Comparison(
        table=difference_table(models, differences),
        warnings=_notices(fits, models, differences),
        method=chosen,
        estimator=fits[0].options.estimator,
        n_obs=models[0].n_obs,
        references=_references(chosen),
    )


def _labels(fits: Sequence[SemFit], names: Sequence[str] | None) -> list[str]:
    from cxlab.analyses.sem_result import SemFit

    if len(fits) < 2:
        raise ModelError("evaluation.compare_two", count=len(fits))
    for fit in fits:
        if not isinstance(fit, SemFit):
            raise ModelError("evaluation.compare_type", type=type(fit).__name__)
    if names is None:
        return [tr("evaluation.model_number", number=position) for position in range(1, len(fits) + 1)]
    if len(names) != len(fits):
        raise ModelError("evaluation.compare_names", names=len(names), fits=len(fits))
    return [str(name) for name in names]


def _check_alike(fits: Sequence[SemFit], labels: Sequence[str]) -> None:
    """Raise the first reason why these models cannot be tested against each other."""
    first = fits[0]
    for fit, label in zip(fits, labels, strict=True):
        if not fit.converged:
            raise ModelError("evaluation.compare_not_converged", name=label)
        estimator = fit.options.estimator
        if estimator in _NO_DIFFERENCE:
            raise NotSupportedError("evaluation.compare_estimator", estimator=estimator)
        if estimator != first.options.estimator:
            raise ModelError(
                "evaluation.compare_estimators",
                first=labels[0],
                one=first.options.estimator,
                second=label,
                other=estimator,
            )
        _check_data(first, fit, labels[0], label)
        if _has_means(fit) != _has_means(first):
            raise ModelError("evaluation.compare_means", first=labels[0], second=label)
    for position in range(1, len(fits)):
        df = int(fits[position].fit_measures["df"])
        if df == int(fits[position - 1].fit_measures["df"]):
            raise ModelError("evaluation.compare_df", first=labels[position - 1], second=labels[position], df=df)


def _check_data(first: SemFit, fit: SemFit, one: str, other: str) -> None:
    mine, theirs = _sample_covs(first), _sample_covs(fit)
    items, others = set(mine[0].columns), set(theirs[0].columns)
    if items != others:
        only = ", ".join(sorted(items ^ others, key=str))
        raise ModelError("evaluation.compare_items", first=one, second=other, items=only)
    if first.n_obs != fit.n_obs:
        raise ModelError("evaluation.compare_rows", first=one, n=first.n_obs, second=other, other=fit.n_obs)
    if len(mine) != len(theirs):
        raise ModelError("evaluation.compare_groups", first=one, groups=len(mine), second=other, other=len(theirs))
    for left, right in zip(mine, theirs, strict=True):
        matched = right.loc[left.index, left.columns]
        if not np.allclose(left, matched, rtol=1e-8, atol=0, equal_nan=True):
            raise ModelError("evaluation.compare_data", first=one, second=other)


def _sample_covs(fit: SemFit) -> list[pd.DataFrame]:
    """The sample's covariance matrices, one a group."""
    held = fit.sample_cov
    return list(held.values()) if isinstance(held, Mapping) else [held]


def _has_means(fit: SemFit) -> bool:
    return bool((fit.estimates["op"] == "~1").any())


def _tested(fit: SemFit, label: str) -> ModelFit:
    measures = fit.fit_measures

    def value(name: str) -> float:
        return float(measures.get(name, math.nan))

    return ModelFit(
        name=label,
        chisq=value("chisq"),
        df=int(measures["df"]),
        n_obs=int(fit.n_obs),
        groups=len(_sample_covs(fit)),
        aic=value("aic"),
        bic=value("bic"),
        scaling=value("chisq_scaling_factor"),
    )


def _method(models: Sequence[ModelFit], method: Method) -> Method:
    """Plain differences unless every model has a scaling factor; a saturated one needs none."""
    scaled = [not math.isnan(model.scaling) for model in models if model.df]
    if any(scaled) and not all(scaled):
        raise ModelError("evaluation.compare_some_scaled")
    if not any(scaled) and method != "default":
        raise ModelError("evaluation.compare_not_scaled", method=method)
    return "satorra.bentler.2001" if any(scaled) and method == "default" else method


def _differences(models: Sequence[ModelFit], method: Method, between: Sequence[float] | None) -> list[Difference]:
    steps = list(pairwise(models))
    if method == "default":
        return [likelihood_ratio(large, small) for large, small in steps]
    if method == "satorra.bentler.2001":
        return [satorra_bentler_2001(large, small) for large, small in steps]
    if between is None or len(between) != len(steps):
        raise ModelError("evaluation.compare_between", steps=len(steps))
    return [satorra_bentler_2010(*step, float(factor)) for step, factor in zip(steps, between, strict=True)]


def _by_restriction(fits: Sequence[SemFit], models: Sequence[ModelFit]) -> list[Difference]:
    found = []
    for (large, small), (freer, restricted) in zip(pairwise(models), pairwise(fits), strict=True):
        values, estimation, other = freer.sample.values, freer.estimation, restricted.estimation
        if estimation is not None and other is not None and estimation.residuals and other.residuals:
            if freer.sample.names != restricted.sample.names:
                raise NotSupportedError("ordinal.compare_order")
            parts = estimation.information, estimation.residuals, other.residuals
            found.append(satorra_2000(large, small, *ordinal_traces(freer.fitted, restricted.fitted, *parts)))
            continue
        if freer.options.missing == "fiml" or values is None or estimation is None:
            raise NotSupportedError("sem.satorra_2000_rows")
        traces = restriction_traces(freer.fitted, restricted.fitted, estimation.information, values)
        found.append(satorra_2000(large, small, *traces))
    return found


def _notices(
    fits: Sequence[SemFit], models: Sequence[ModelFit], differences: Sequence[Difference]
) -> tuple[Notice, ...]:
    found = []
    for position, test in enumerate(differences):
        names = {"first": models[position].name, "second": models[position + 1].name}
        if math.isnan(test.chisq):
            found.append(Notice("evaluation.negative_scaling", names, serious=True))
        elif test.chisq < -1e-6:
            value = format_number(test.chisq, 2)
            found.append(Notice("evaluation.negative_difference", names | {"value": value}, serious=True))
        extra = sorted(_free(fits[position + 1]) - _free(fits[position]))
        if extra:
            more = {"parameters": ", ".join(extra[:5]), "count": len(extra)}
            found.append(Notice("evaluation.perhaps_not_nested", names | more))
    for fit, model in zip(fits, models, strict=True):
        if not fit.admissible:
            found.append(Notice("evaluation.inadmissible", {"name": model.name}, serious=True))
    return tuple(found)


def _free(fit: SemFit) -> set[str]:
    """Names of the estimated parameters."""
    rows = fit.estimates[(fit.estimates["se"] > 0) & ~fit.estimates["op"].isin([":=", "==", "<", ">"])]
    groups = [f" ({group})" if len(set(rows["group"])) > 1 else "" for group in rows["group"]]
    return {
        f"{lhs} {op} {rhs}".strip() + tail
        for lhs, op, rhs, tail in zip(rows["lhs"], rows["op"], rows["rhs"], groups, strict=True)
    }


def _references(method: Method) -> tuple[str, ...]:
    scaled = {"satorra.bentler.2001": ("satorra_bentler_2001",), "satorra.bentler.2010": ("satorra_bentler_2010",)}
    scaled["satorra.2000"] = ("satorra_2000",)
    return (*scaled.get(method, ("steiger_1985",)), "rosseel_2012")
