"""`cx.sem` and `cx.cfa`: structural equation models in lavaan's syntax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from cxlab.analyses.sem_admissible import doubtful, inadmissible
from cxlab.analyses.sem_numbers import (
    estimates_table,
    explained_variance,
    latent_covariances,
    parameter_covariances,
    residual_table,
)
from cxlab.analyses.sem_request import Options, Request, read_request
from cxlab.analyses.sem_result import SemFit
from cxlab.errors import Notice
from cxlab.estimate.sem import maximum_likelihood, semopy_engine
from cxlab.estimate.sem.maximum_likelihood import Solution
from cxlab.estimate.sem.structure import Structure
from cxlab.evaluate.fit import fit_measures, no_fit_measures
from cxlab.specify import Model, matrices
from cxlab.specify.start import start_values
from cxlab.survey.survey import Survey


def sem(
    model: str | Model,
    data: Survey | pd.DataFrame,
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
    engine: str = "semopy",
) -> SemFit:
    """Fit a structural equation model with latent variables by maximum likelihood.

    When to use it: constructs measured by several items each, and paths between constructs. For items alone use
    `cfa`; for observed outcomes and predictors use `regress`.

    Parameters
    ----------
    model : str or Model
        lavaan syntax: ``=~`` measured by, ``~`` regressed on, ``~~`` covaries with, ``:=`` defined effect. lavaan's
        automatic rules hold (first loading 1, exogenous latent variables and outcomes covary).
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer in an item of the model are left out, counted and reported.
    estimator : {"ML"}
        Normal-theory maximum likelihood with divisor n.
    se : {"standard"}
        Standard errors from the expected information.
    missing : {"listwise"}
        Complete rows only.
    group, group_equal, ordered, meanstructure
        Not served by this engine; anything but the default raises and says why.
    std_lv : bool
        Give latent variables variance 1 instead of fixing first loadings.
    orthogonal : bool
        Hold covariances between latent variables at 0.
    engine : {"semopy"}
        What searches for the optimum. The result is judged, and everything else computed, by cxlab.

    Returns
    -------
    SemFit
        ``estimates``: lhs, op, rhs, label, group, est, se, z, pvalue, ci_lower, ci_upper (95%), std_lv, std_all, with
        lavaan's rows in lavaan's order. ``fit_measures``: lavaan's names. Further: ``r2``, ``implied_cov``,
        ``residuals``, ``latent_cov``, ``latent_cor``, ``vcov``, ``converged``, ``admissible``, ``admissibility``,
        ``warnings``, ``n_obs``, ``n_total``, ``to_lavaan()``, ``plot()``, ``apa()``, ``summary()``, ``cite()``.

    Raises
    ------
    ModelSyntaxError, ModelError
        Text that cannot be read, unknown items, unknown options.
    NotSupportedError
        Models for which this engine has no checked answer: observed predictors, equal labels, groups, means, ordinal
        items, other estimators.
    IdentificationError
        The parameters have no unique values; the message names them.
    DataError
        Text or infinite values in an item, constant or collinear items, no more rows than items.
    EstimationError
        The search found no point at all. One that ends short of the optimum gives ``converged = False`` instead.

    Notes
    -----
    Minimises F = log|Sigma| + tr(S Sigma^-1) - log|S| - p; chi-square = n F (Jöreskog, 1969). Items are standardised
    inside, so units do not matter. A result counts as converged when every estimate lies within a thousandth of its
    standard error of the optimum. Equals ``lavaan::sem(model, data)`` of lavaan 0.6 to about 1e-5 standard errors.

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
    options = Options("sem", estimator, se, missing, std_lv, orthogonal, engine)
    return _fit(read_request(model, data, options, group, group_equal, ordered, meanstructure))


def cfa(
    model: str | Model,
    data: Survey | pd.DataFrame,
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
    engine: str = "semopy",
) -> SemFit:
    """Fit a confirmatory factor analysis: which items measure which construct, constructs free to correlate.

    When to use it: before any path between constructs is read. Parameters, result, errors and formulas as in `sem`;
    equals ``lavaan::cfa(model, data)``.

    Parameters
    ----------
    model : str or Model
        lavaan syntax, a line for each construct: ``Image =~ IMAG1 + IMAG2 + IMAG3``.
    data : Survey or DataFrame
        One row a respondent.
    estimator, se, missing, group, group_equal, ordered, std_lv, orthogonal, meanstructure, engine
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
    options = Options("cfa", estimator, se, missing, std_lv, orthogonal, engine)
    return _fit(read_request(model, data, options, group, group_equal, ordered, meanstructure))


def _fit(request: Request) -> SemFit:
    table, moments = request.table, request.moments
    structure = Structure(matrices(table))
    start = start_values(table, moments.cov)
    solution = maximum_likelihood.fit(structure, moments, semopy_engine.minimise, start, table.names)
    estimates = estimates_table(table, structure, solution)
    latent_cov, latent_cor = latent_covariances(table, structure, solution)
    reasons = inadmissible(estimates, latent_cov, structure, solution)
    measures, notes = _fit_measures(request, solution)
    if solution.converged:
        notes = (*reasons, *doubtful(estimates, latent_cor), *notes)
    return SemFit(
        estimates=estimates,
        fit_measures=measures,
        r2=explained_variance(table, structure, solution),
        latent_cov=latent_cov,
        latent_cor=latent_cor,
        admissible=solution.converged and not reasons,
        admissibility=reasons,
        warnings=(*notes, *request.notices),
        **_moments(request, solution),
        **_origin(request),
    )


def _fit_measures(request: Request, solution: Solution) -> tuple[pd.Series, tuple[Notice, ...]]:
    """The measures, or, without convergence, why there are none."""
    if not solution.converged:
        values = {"distance": f"{solution.distance:.2g}"}
        return no_fit_measures(), (Notice(solution.reason, values, serious=True),)
    moments = request.moments
    return fit_measures(moments.cov, solution.implied_cov, moments.n_obs, request.table.n_free)


def _moments(request: Request, solution: Solution) -> dict[str, Any]:
    names = list(request.moments.names)
    return {
        "implied_cov": pd.DataFrame(solution.implied_cov, names, names),
        "sample_cov": pd.DataFrame(request.moments.cov, names, names),
        "residuals": residual_table(request.moments, solution),
        "vcov": parameter_covariances(request.table, solution),
        "converged": solution.converged,
    }


def _origin(request: Request) -> dict[str, Any]:
    """Where the numbers come from: rows, model, options, the codebook's words for items and constructs."""
    book, sets = request.survey.codebook, request.table.variables
    # A model's "Image" is the codebook's "image".
    known = {name.casefold(): construct.label for name, construct in book.constructs.items()}
    items = {name: book.items[name].label for name in sets.ov if name in book.items}
    latent = {name: known[name.casefold()] for name in sets.lv if name.casefold() in known}
    return {
        "n_obs": request.moments.n_obs,
        "n_total": request.n_total,
        "model": request.model,
        "options": request.options,
        "labels": {name: label for name, label in (items | latent).items() if label},
        "simulated": request.survey.source.get("kind") == "simulated",
    }
