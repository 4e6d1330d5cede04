"""Everything numerical about one fitted model: estimates, standard errors, tests, likelihoods.

What an analysis calls: arrays and a parameter table in, one frozen `Estimation` out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import numpy as np
from scipy.stats import chi2

from cxlab.errors import Notice
from cxlab.estimate.sem.baseline import baseline_chisq, baseline_df, baseline_table
from cxlab.estimate.sem.collect import collect
from cxlab.estimate.sem.evidence import Evidence, MissingEvidence
from cxlab.estimate.sem.fiml_corrected import SaturatedModel, corrected_test
from cxlab.estimate.sem.fitting import Solution
from cxlab.estimate.sem.least_squares import LeastSquares
from cxlab.estimate.sem.ordinal import OrdinalLeastSquares, OrdinalResiduals
from cxlab.estimate.sem.ordinal_evidence import OrdinalEvidence
from cxlab.estimate.sem.request import Request, settled
from cxlab.estimate.sem.robust import ScaledTest, scaled_test
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.solver import Status
from cxlab.specify.partable import ParTable

STANDARD = Request()


@dataclass(frozen=True)
class Baseline:
    """The baseline model's test: chi-square, df, p, and corrected tests as for the model itself."""

    chisq: float
    df: int
    pvalue: float
    scaled: ScaledTest | None
    corrected: ScaledTest | None


# A variance below this part of the largest that correlations could give it is rounding.
_ROUNDING = 1e-14


@dataclass(frozen=True, eq=False)
class Estimation:
    """A fitted model's numbers; nan throughout where it did not converge, but for `theta` and the moments.

    Attributes
    ----------
    table : ParTable
        With the sample's moments of fixed covariates filled in.
    solution : Solution
        Of the search, with leading axis 1; `solution.status`, `solution.improper`, warm start.
    theta : ndarray (q,)
        Free parameters in the order of ``table.free``.
    vcov : ndarray (q, q)
        Their covariance matrix; singular where parameters are tied.
    values, se : ndarray (rows,)
        Every row of the table: parameters, fixed values, ``:=`` quantities; se is 0 for fixed parameters, nan for
        constraints' rows.
    chisq, pvalue : float
    chisq_group : ndarray (G,)
    df : int
    scaled : ScaledTest or None
        Of a robust estimator.
    corrected : ScaledTest or None
        With FIML, what lavaan's robust CFI, TLI and RMSEA are made of; see `fiml_corrected`.
    baseline : Baseline or None
    logl, unrestricted_logl : float
        Of the model and of the saturated one; nan but for ML. Given fixed covariates, as lavaan has them.
    npar : int
        Free parameters less equality constraints.
    cov, mean : ndarray (G, p, p), (G, p)
        Implied moments.
    sample_cov, sample_mean : ndarray (G, p, p), (G, p)
        What they are compared with: the sample's (divisor as the estimator's), or by EM with missing answers.
    n_obs : int array (G,)
    converged, improper : bool
    information : ndarray (q, q)
        Unit information in the data's units, for score tests.
    notices : tuple of Notice
        How the search ended if not well; pairs of items that nobody answered both.
    residuals : OrdinalResiduals or None
        With ordinal items: what was fitted to what.
    derived : tuple of int array (k,) and ndarray (k, q), or None
        With ordinal items: rows of the table whose values follow from others, and their derivatives.
    squares : LeastSquares, OrdinalLeastSquares or None
        After least squares with weights of their own: what was minimised.
    restricted_trace : float
        With the Yuan-Bentler test: what the scaling factor of the model's log-likelihood is made of.
    """

    table: ParTable
    solution: Solution
    theta: np.ndarray
    vcov: np.ndarray
    values: np.ndarray
    se: np.ndarray
    chisq: float
    pvalue: float
    chisq_group: np.ndarray
    df: int
    scaled: ScaledTest | None
    corrected: ScaledTest | None
    baseline: Baseline | None
    logl: float
    unrestricted_logl: float
    npar: int
    cov: np.ndarray
    mean: np.ndarray
    sample_cov: np.ndarray
    sample_mean: np.ndarray
    n_obs: np.ndarray
    converged: bool
    improper: bool
    information: np.ndarray
    notices: tuple[Notice, ...]
    residuals: OrdinalResiduals | None = None
    derived: tuple[np.ndarray, np.ndarray] | None = None
    squares: LeastSquares | OrdinalLeastSquares | None = None
    restricted_trace: float = float("nan")


def estimate(table: ParTable, sample: Sample, request: Request = STANDARD) -> Estimation:
    """Fit a model and everything that follows from the fit.

    Parameters
    ----------
    table : ParTable
        The model; with a mean structure for FIML. lavaan takes covariates as random (``fixed_x=False``) for GLS, ULS
        and WLS.
    sample : Sample
        Items in the order of ``table.variables.ov``.
    request : Request
        How.

    Returns
    -------
    Estimation
        lavaan 0.6's numbers.

    Raises
    ------
    DataError
        Moments that cannot be inverted, groups without rows, too few rows for WLS.
    IdentificationError
        Parameters that cannot be told apart; the message names them.
    EstimationError
        No point found at which the model's covariance matrix can be inverted.
    ModelError
        Settings that do not go together.

    Notes
    -----
    Equals ``lavaan::lavaan()`` of R's lavaan 0.6-14.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> cov = np.array([[1.0, 0.5, 0.4, 0.3], [0.5, 1.0, 0.3, 0.3], [0.4, 0.3, 1.0, 0.2], [0.3, 0.3, 0.2, 1.0]])
    >>> table = Model.parse("f =~ a + b + c + d").partable()
    >>> fit = estimate(table, Sample.of_moments(cov, 200, "abcd"))
    >>> fit.converged, fit.df, round(fit.chisq, 3)
    (True, 2, 1.046)
    """
    request = settled(request, table, sample)
    evidence = collect(table, sample, request)
    converged = bool(evidence.solution.converged[0])
    estimation = _estimation(evidence, request, converged)
    if not request.baseline or not converged:
        return estimation
    if isinstance(evidence, OrdinalEvidence):
        return _with_ordinal(estimation, evidence, request)
    if not isinstance(evidence, MissingEvidence):
        return replace(estimation, baseline=_baseline(table, sample, request, evidence))
    saturated = SaturatedModel(evidence, by_scores=request.test != "standard")
    corrected = corrected_test(evidence, saturated, table.df)
    return replace(estimation, corrected=corrected, baseline=_baseline(table, sample, request, evidence, saturated))


def _estimation(evidence: Evidence, request: Request, converged: bool) -> Estimation:
    solution, table = evidence.solution, evidence.table
    numbers = _numbers(evidence, request) if converged else _no_numbers(evidence)
    values, se = _rows(table, solution.theta[0], numbers.vcov)
    if isinstance(evidence, OrdinalEvidence):
        values = evidence.with_derived(values)
    cov, mean = evidence.implied_moments()
    minimised = evidence.objective
    has_p = table.df > 0 and request.estimator != "ULS"
    return Estimation(
        table=table,
        solution=solution,
        theta=solution.theta[0],
        vcov=numbers.vcov,
        values=values,
        se=se if request.se != "none" else np.full_like(se, np.nan),
        chisq=numbers.chisq,
        pvalue=float(chi2.sf(numbers.chisq, table.df)) if has_p else float("nan"),
        chisq_group=numbers.chisq_group,
        df=table.df,
        scaled=numbers.scaled,
        corrected=None,
        baseline=None,
        logl=numbers.logl,
        unrestricted_logl=numbers.unrestricted_logl,
        npar=table.n_free - table.n_equalities,
        cov=cov,
        mean=mean,
        sample_cov=evidence.sample_cov,
        sample_mean=evidence.sample_mean,
        n_obs=evidence.n_obs,
        converged=converged,
        improper=bool(solution.improper[0]),
        information=numbers.information,
        notices=(*_status_notices(solution), *evidence.notices()),
        squares=minimised if isinstance(minimised, LeastSquares | OrdinalLeastSquares) else None,
        restricted_trace=evidence.restricted_trace if numbers.scaled and _by_scores(request) else float("nan"),
    )


def _by_scores(request: Request) -> bool:
    return request.test == "yuan.bentler.mplus"


class _Numbers(NamedTuple):
    vcov: np.ndarray
    information: np.ndarray
    chisq_group: np.ndarray
    chisq: float
    scaled: ScaledTest | None
    logl: float
    unrestricted_logl: float


def _numbers(evidence: Evidence, request: Request) -> _Numbers:
    scale = np.outer(evidence.problem.factors, evidence.problem.factors)
    chisq_group = evidence.chisq_group()
    chisq, scaled = float(chisq_group.sum()), None
    if request.test != "standard":
        scaled = scaled_test(cast(str, request.test), chisq, evidence.table.df, *evidence.traces())
    likelihoods = evidence.log_likelihoods()
    return _Numbers(evidence.vcov() * scale, evidence.information / scale, chisq_group, chisq, scaled, *likelihoods)


def _no_numbers(evidence: Evidence) -> _Numbers:
    nothing = float("nan")
    square = np.full((evidence.problem.parameters,) * 2, nothing)
    return _Numbers(square, square, np.full(evidence.problem.groups, nothing), nothing, None, nothing, nothing)


def _status_notices(solution: Solution) -> tuple[Notice, ...]:
    status = Status(solution.status[0])
    if status == Status.CONVERGED:
        return ()
    values = {"iterations": int(solution.iterations[0]), "distance": f"{solution.distance[0]:.2g}"}
    return (Notice(f"engine.status_{status.name.lower()}", values, serious=True),)


def _rows(table: ParTable, theta: np.ndarray, vcov: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and standard error of every row of the table."""
    variances = np.maximum(np.diag(vcov), 0.0)
    values = np.where(table.free > 0, np.append(np.nan, theta)[table.free], table.ustart)
    se = np.where(table.free > 0, np.append(0.0, np.sqrt(variances))[table.free], 0.0)
    functions = table.functions
    defined = np.array([op == ":=" for op in table.op])
    if defined.any():
        slopes = functions.defined_jacobian(theta)
        with np.errstate(invalid="ignore"):
            values[defined] = functions.defined(theta)
            se[defined] = defined_errors(slopes, vcov)
    se[~table.is_parameter & ~defined] = np.nan
    return values, se


def defined_errors(slopes: np.ndarray, vcov: np.ndarray) -> np.ndarray:
    """Standard errors (k,) of quantities with these slopes (k, q); 0 where constraints leave them no room to vary."""
    variance = np.einsum("ij,jk,ik->i", slopes, vcov, slopes)
    most = (np.abs(slopes) @ np.sqrt(np.maximum(np.diag(vcov), 0.0))) ** 2
    return np.sqrt(np.where(np.abs(variance) < _ROUNDING * most, 0.0, variance))


def _with_ordinal(estimation: Estimation, evidence: OrdinalEvidence, request: Request) -> Estimation:
    """The table with values that follow from others in place of fixed ones, and the baseline model's test."""
    chisq, df, traces = evidence.independence()
    scaled = scaled_test(cast(str, request.test), chisq, df, *traces) if request.test != "standard" else None
    rows, slopes = evidence.derived_slopes()
    ustart = estimation.table.ustart.copy()
    ustart[rows] = estimation.values[rows]
    return replace(
        estimation,
        table=replace(estimation.table, ustart=ustart),
        baseline=Baseline(chisq, df, float(chi2.sf(chisq, df)) if df else float("nan"), scaled, None),
        residuals=evidence.residuals(),
        derived=(rows, slopes),
    )


def _baseline(
    table: ParTable, sample: Sample, request: Request, evidence: Evidence, saturated: SaturatedModel | None = None
) -> Baseline:
    df = baseline_df(table)
    scaled = corrected = None
    if request.estimator == "ML" and request.missing == "listwise" and request.test == "standard":
        chisq = baseline_chisq(table, evidence.sample_cov, evidence.n_obs)
    else:
        options = replace(request.options, check=False)
        model = baseline_table(table)
        fitted = collect(model, sample, replace(request, options=options), evidence.saturated)
        chisq = float(fitted.chisq_group().sum())
        if request.test != "standard":
            scaled = scaled_test(cast(str, request.test), chisq, df, *fitted.traces())
        if saturated is not None and isinstance(fitted, MissingEvidence):
            corrected = corrected_test(fitted, saturated, df)
    return Baseline(chisq, df, float(chi2.sf(chisq, df)) if df else float("nan"), scaled, corrected)
