"""`cx.sem`, `cx.cfa` and `cx.growth`: structural equation models in lavaan's syntax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.sem_admissible import doubtful, inadmissible
from cxlab.analyses.sem_options import Options
from cxlab.analyses.sem_outcome import Outcome, solve
from cxlab.analyses.sem_request import Request, read_request
from cxlab.analyses.sem_result import SemFit
from cxlab.errors import Notice
from cxlab.evaluate.fit import fit_notices
from cxlab.specify import Model
from cxlab.survey.survey import Survey


def sem(
    model: str | Model,
    data: Survey | pd.DataFrame | Moments,
    *,
    estimator: str = "ML",
    se: str = "standard",
    missing: str = "listwise",
    group: str | None = None,
    group_equal: str | Iterable[str] = (),
    ordered: object = None,
    std_lv: bool = False,
    orthogonal: bool = False,
    meanstructure: bool | None = None,
    engine: str = "cxlab",
    group_partial: str | Iterable[str] = (),
    fixed_x: bool | None = None,
    information: str | None = None,
    test: str | None = None,
    parameterization: str = "delta",
    starts: int = 0,
    seed: int = 1,
) -> SemFit:
    """Fit a structural equation model: constructs measured by items, paths between constructs or items.

    When to use it: constructs measured by several items each, and paths between them; mediation; comparison of groups.
    For items alone use `cfa`, for change over waves `growth`, for one observed outcome `regress`.

    Parameters
    ----------
    model : str or Model
        lavaan syntax: ``=~`` measured by, ``~`` regressed on, ``~~`` covaries with, ``~ 1`` intercept, ``:=`` defined
        effect, ``==``, ``<``, ``>`` constraints; equal labels hold parameters equal. lavaan's automatic rules hold
        (first loading 1, exogenous latent variables and outcomes covary, observed predictors keep their moments).
    data : Survey, DataFrame or Moments
        One row a respondent, or a published covariance matrix.
    estimator : {"ML", "MLR", "MLM", "MLMV", "MLMVS", "MLF", "GLS", "ULS", "WLS", "WLSMV", "WLSM", "DWLS", "ULSMV", ...}
        ML: normal-theory maximum likelihood, divisor n. MLR, MLM, MLMV, MLMVS: the same estimates with standard errors
        and tests that do not need normality (MLR also with missing answers). GLS, ULS, WLS: least squares.
    se : {"standard", "robust", "robust.sem", "robust.huber.white", "first.order", "none"}
        "standard" is what the estimator implies: expected information for ML, sandwiches for MLR and MLM. Bootstrap
        intervals come from ``fit.bootstrap``.
    missing : {"listwise", "fiml"}
        Complete rows only; or full-information maximum likelihood from all answers there are, which needs them to be
        missing at random and adds a mean structure. "ml" is another word for "fiml".
    group : str, optional
        Column with the respondents' group; the model is fitted in each, with means.
    group_equal : str or iterable of str
        What is equal across groups: loadings, intercepts, thresholds, means, residuals, residual.covariances,
        lv.variances, lv.covariances, regressions.
    ordered : bool or iterable of str, optional
        Items whose answers are ordered categories, True for all: thresholds and polychoric correlations are fitted, by
        WLSMV unless another of the ordinal estimators is named (DWLS, WLSM, WLSMVS, ULS, ULSM, ULSMV, ULSMVS, WLS).
    std_lv : bool
        Give latent variables variance 1 instead of fixing first loadings.
    orthogonal : bool
        Hold covariances between latent variables at 0.
    meanstructure : bool, optional
        Model the means. By default with intercepts in the text, several groups or FIML.
    engine : {"cxlab", "semopy"}
        "semopy" is an independent second engine for single groups, ML and complete data; see ``fit.cross_check``.
    group_partial : str or iterable of str
        Parameters excepted from `group_equal`, as ``"visual=~x2"`` or ``"x7~1"``.
    fixed_x : bool, optional
        Take moments of observed predictors from the sample (default with ML) instead of estimating them. With WLS they
        keep their place in the weight matrix; lavaan's estimates there differ by up to 0.01 standard errors.
    information : {"expected", "observed"}, optional
        For standard errors. Default: observed with FIML and MLR, else expected. With MLM, MLMV and MLMVS lavaan takes
        the expected one whatever is asked for.
    test : {"standard", "satorra.bentler", "yuan.bentler.mplus", "scaled.shifted", "mean.var.adjusted"}, optional
        Default: what the estimator implies.
    parameterization : {"delta", "theta"}
        With ordinal items: whether their responses have variance 1, or their residuals.
    starts, seed : int
        Random starts besides the usual ones, and their seed. With any, all are tried and the lowest minimum counts;
        without, the search ends at the first minimum. Where that misses a mean by a standard deviation or more, eight
        random ones are tried unasked; there may be lower minima still.

    Returns
    -------
    SemFit
        ``estimates``: lhs, op, rhs, label, group, est, se, z, pvalue, ci_lower, ci_upper (95%), std_lv, std_all,
        std_nox, with lavaan's rows in lavaan's order. ``fit_measures``: lavaan's names. Further: ``r2``,
        ``implied_cov``, ``implied_mean``, ``residuals``, ``latent_cov``, ``latent_cor``, ``vcov``, ``converged``,
        ``admissible``, ``warnings``, ``modification_indices()``, ``standardized()``, ``effects()``,
        ``factor_scores()``, ``bootstrap()``, ``cross_check()``, ``to_lavaan()``, ``plot()``, ``apa()``, ``cite()``.
        With several groups ``r2`` and the matrices are one for each group, by its name.

    Raises
    ------
    ModelSyntaxError, ModelError
        Text that cannot be read, unknown items, unknown options, options that do not go together.
    NotSupportedError
        Ordinal items beside observed covariates or as causes; with engine="semopy" all that it has no checked answer
        for.
    IdentificationError
        The parameters have no unique values; the message names them.
    DataError
        Text or infinite values in an item, constant or collinear items, empty groups, no more rows than items.
    EstimationError
        The search found no point at all. One that ends short of the optimum gives ``converged = False`` instead.

    Notes
    -----
    Minimises F = log|Sigma| + tr(S Sigma^-1) - log|S| - p + (m - mu)'Sigma^-1(m - mu); chi-square = n F (Jöreskog,
    1969). Items are standardised inside, so units do not matter. Equals ``lavaan::sem(model, data)`` of lavaan 0.6-14
    to about 1e-5 standard errors; where ``:=`` uses ``abs()`` its standard error is that of the true derivative, which
    lavaan misses.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> measured = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
    >>> fit = sem(measured + "; textual ~ a*visual; speed ~ b*textual + c*visual; indirect := a*b", get_data())
    >>> fit.converged, int(fit.fit_measures["df"]), round(float(fit.fit_measures["chisq"]), 2)
    (True, 24, 85.31)
    >>> fit.estimates.tail(1)[["lhs", "op", "rhs", "est", "pvalue"]].round(3).to_numpy().tolist()
    [['indirect', ':=', 'a*b', 0.027, 0.306]]
    """
    return _fit("sem", **locals())


def cfa(
    model: str | Model,
    data: Survey | pd.DataFrame | Moments,
    *,
    estimator: str = "ML",
    se: str = "standard",
    missing: str = "listwise",
    group: str | None = None,
    group_equal: str | Iterable[str] = (),
    ordered: object = None,
    std_lv: bool = False,
    orthogonal: bool = False,
    meanstructure: bool | None = None,
    engine: str = "cxlab",
    group_partial: str | Iterable[str] = (),
    fixed_x: bool | None = None,
    information: str | None = None,
    test: str | None = None,
    parameterization: str = "delta",
    starts: int = 0,
    seed: int = 1,
) -> SemFit:
    """Fit a confirmatory factor analysis: which items measure which construct, constructs free to correlate.

    When to use it: before any path between constructs is read. Parameters, result, errors and formulas as in `sem`;
    equals ``lavaan::cfa(model, data)``.

    Parameters
    ----------
    model : str or Model
        lavaan syntax, a line for each construct: ``Image =~ IMAG1 + IMAG2 + IMAG3``.
    data : Survey, DataFrame or Moments
        One row a respondent, or a published covariance matrix.
    estimator, se, missing, group, group_equal, ordered, std_lv, orthogonal, meanstructure, engine
        As in `sem`.
    group_partial, fixed_x, information, test, parameterization, starts, seed
        As in `sem`.

    Returns
    -------
    SemFit
        As in `sem`.

    Raises
    ------
    ModelSyntaxError, ModelError, NotSupportedError, IdentificationError, DataError, EstimationError
        As in `sem`.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> fit = cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9", get_data())
    >>> print(round(fit.fit_measures[["chisq", "df", "cfi", "rmsea", "srmr"]], 3).to_dict())
    {'chisq': 85.306, 'df': 24.0, 'cfi': 0.931, 'rmsea': 0.092, 'srmr': 0.065}
    """
    return _fit("cfa", **locals())


def growth(
    model: str | Model,
    data: Survey | pd.DataFrame | Moments,
    *,
    estimator: str = "ML",
    se: str = "standard",
    missing: str = "listwise",
    group: str | None = None,
    group_equal: str | Iterable[str] = (),
    ordered: object = None,
    std_lv: bool = False,
    orthogonal: bool = False,
    engine: str = "cxlab",
    group_partial: str | Iterable[str] = (),
    fixed_x: bool | None = None,
    information: str | None = None,
    test: str | None = None,
    parameterization: str = "delta",
    starts: int = 0,
    seed: int = 1,
) -> SemFit:
    """Fit a latent growth model: the level and the slope of a measure over several waves.

    When to use it: the same respondents answered the same question at three or more times, and change is what matters.
    Item intercepts are 0 and the means of the growth factors are free; all else as in `sem`. Equals
    ``lavaan::growth(model, data)``.

    Parameters
    ----------
    model : str or Model
        lavaan syntax with the waves' loadings given: ``level =~ 1*t1 + 1*t2 + 1*t3; slope =~ 0*t1 + 1*t2 + 2*t3``.
    data : Survey, DataFrame or Moments
        One row a respondent; a published covariance matrix needs means.
    estimator, se, missing, group, group_equal, ordered, std_lv, orthogonal, engine
        As in `sem`.
    group_partial, fixed_x, information, test, parameterization, starts, seed
        As in `sem`.

    Returns
    -------
    SemFit
        As in `sem`; the rows ``level ~1`` and ``slope ~1`` are the mean level and the mean change.

    Raises
    ------
    ModelSyntaxError, ModelError, NotSupportedError, IdentificationError, DataError, EstimationError
        As in `sem`.

    Examples
    --------
    >>> waves = pd.DataFrame({"t1": [3, 4, 2, 5, 3, 4], "t2": [4, 4, 3, 6, 5, 4], "t3": [5, 6, 3, 6, 6, 5]})
    >>> fit = growth("level =~ 1*t1 + 1*t2 + 1*t3; slope =~ 0*t1 + 1*t2 + 2*t3; slope ~~ 0*slope + 0*level", waves)
    >>> fit.latent_mean.round(2).to_dict()
    {'level': 3.5, 'slope': 0.83}
    """
    return _fit("growth", **locals())


def _fit(kind: str, /, **given: Any) -> SemFit:
    model, data, ordered = given.pop("model"), given.pop("data"), given.pop("ordered")
    for name in ("group_equal", "group_partial"):
        given[name] = (given[name],) if isinstance(given[name], str) else tuple(given[name])
    return fit_request(read_request(model, data, Options(kind=kind, **given), ordered))  # type: ignore[arg-type]


def fit_request(request: Request) -> SemFit:
    """The result of a checked request; its tables are made when they are first looked at."""
    outcome = solve(request)
    reasons = inadmissible(outcome)
    notes: tuple[Notice, ...] = (outcome.reason,) if outcome.reason else ()
    if outcome.fit is not None:
        notes = (*reasons, *doubtful(outcome), *fit_notices(outcome.fit))
    return SemFit(
        outcome=outcome,
        converged=outcome.converged,
        admissible=outcome.converged and not reasons,
        admissibility=reasons,
        warnings=(*notes, *outcome.notices, *request.notices),
        **_origin(request, outcome),
    )


def _origin(request: Request, outcome: Outcome) -> dict[str, Any]:
    """Where the numbers come from: rows, model, options, the codebook's words for items and constructs."""
    labels: dict[str, Any] = {}
    if request.survey is not None:
        book, sets = request.survey.codebook, request.table.variables
        # A model's "Image" is the codebook's "image".
        known = {name.casefold(): construct.label for name, construct in book.constructs.items()}
        items = {name: book.items[name].label for name in sets.ov if name in book.items}
        labels = items | {name: known[name.casefold()] for name in sets.lv if name.casefold() in known}
    return {
        "n_obs": int(outcome.fitted.total),
        "n_total": request.data.n_total,
        "model": request.model,
        "options": request.options,
        "labels": {name: label for name, label in labels.items() if label},
        "simulated": request.survey is not None and request.survey.simulated,
        "request": request,
    }
