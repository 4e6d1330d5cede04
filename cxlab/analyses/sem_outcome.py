"""What an engine found, in the same words whichever engine it was."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxlab.analyses.sem_request import Request
from cxlab.errors import Notice
from cxlab.estimate.sem import maximum_likelihood, semopy_engine
from cxlab.estimate.sem.engine import Estimation, defined_errors, estimate
from cxlab.estimate.sem.moments import Moments as SampleMoments
from cxlab.estimate.sem.request import settled
from cxlab.estimate.sem.structure import Structure
from cxlab.evaluate.fit import FitInput
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.standardised import Kind, standardised_solutions
from cxlab.specify import ParTable, matrices
from cxlab.specify.start import start_values


@dataclass(frozen=True, eq=False)
class Outcome:
    """A model at its estimates.

    Attributes
    ----------
    fitted : Fitted
        Table, estimates, their covariance matrix, and the moments they explain.
    values, se : ndarray (rows,)
        Of every row of the table; se is 0 for fixed parameters.
    implied_cov, implied_mean : ndarray (G, p, p), (G, p)
        Of the model.
    fit : FitInput or None
        What fit measures are computed from; None without convergence.
    reason : Notice or None
        Why the search did not converge.
    notices : tuple of Notice
        What else the engine has to say.
    estimation : Estimation or None
        The own engine's full answer.
    """

    fitted: Fitted
    values: np.ndarray
    se: np.ndarray
    implied_cov: np.ndarray
    implied_mean: np.ndarray
    fit: FitInput | None
    reason: Notice | None
    estimation: Estimation | None
    notices: tuple[Notice, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether the optimum was reached."""
        return self.reason is None

    @cached_property
    def standardised(self) -> dict[Kind, np.ndarray]:
        """Every row of the table in standard deviations, of each kind."""
        return standardised_solutions(self.fitted.table, self.fitted.theta)

    @cached_property
    def latent(self) -> tuple[np.ndarray, np.ndarray]:
        """Covariances (G, k, k) and means (G, k) of the latent variables."""
        at, places = self.fitted.matrices, self.fitted.places
        total = np.linalg.inv(np.eye(at.beta.shape[-1]) - at.beta)
        cov = total @ at.psi @ np.swapaxes(total, -1, -2)
        mean = (total @ at.alpha[..., None])[..., 0]
        take = [places.latent.index(name) for name in self.fitted.table.variables.lv]
        return cov[:, take][:, :, take], mean[:, take]


def solve(request: Request) -> Outcome:
    """The request's model, by the request's engine."""
    return _by_semopy(request) if request.options.engine == "semopy" else _by_cxlab(request)


def _by_cxlab(request: Request) -> Outcome:
    sample, options = request.data.sample, request.options
    found = estimate(request.table, sample, options.engine_request())
    held = sorted({sample.names.index(found.table.lhs[row]) for row in np.flatnonzero(found.table.exo)})
    return Outcome(
        fitted=_fitted(request, found, held),
        values=found.values,
        se=found.se,
        implied_cov=found.cov,
        implied_mean=found.mean,
        fit=_fit_input(request, found, tuple(held)) if found.converged else None,
        reason=None if found.converged else found.notices[0],
        notices=found.notices if found.converged else found.notices[1:],
        estimation=found,
    )


def _fitted(request: Request, found: Estimation, held: Sequence[int]) -> Fitted:
    """What is judged after the fit; `held` are the places of fixed covariates."""
    sample, options = request.data.sample, request.options
    fiml = options.missing == "fiml"
    fitted = Fitted.of(
        found.table,
        found.theta,
        found.sample_cov,
        found.n_obs,
        found.sample_mean if fiml or sample.mean is not None else None,
        found.vcov,
        options.family,
        sample.complete_in(held).values if fiml else None,
    )
    how = settled(options.engine_request(), request.table, sample)
    robust = how.se in ("robust.sem", "robust.huber.white") and not fiml and not found.table.ordered
    return replace(
        fitted,
        derived=found.derived,
        answers=sample.values if robust else None,
        observed=how.information == "observed",
        squares=found.squares,
    )


def _fit_input(request: Request, found: Estimation, exogenous: tuple[int, ...]) -> FitInput:
    sample, base, means = request.data.sample, found.baseline, found.table.meanstructure
    h0, h1 = _likelihood_scaling(found)
    return FitInput(
        cov=found.sample_cov,
        implied=found.cov,
        n_obs=found.n_obs,
        npar=found.npar,
        df=found.df,
        chisq=found.chisq,
        pvalue=found.pvalue,
        baseline_chisq=base.chisq if base else math.nan,
        baseline_df=base.df if base else 0,
        baseline_pvalue=base.pvalue if base else math.nan,
        mean=found.sample_mean if means else None,
        implied_mean=found.mean if means else None,
        logl=found.logl,
        unrestricted_logl=found.unrestricted_logl,
        estimator=request.options.family,
        scaled=found.scaled,
        baseline_scaled=base.scaled if base else None,
        corrected=found.corrected,
        baseline_corrected=base.corrected if base else None,
        scaling_h0=h0,
        scaling_h1=h1,
        exogenous=exogenous,
        values=sample.values if sample.values is None else sample.complete_in(exogenous).values,
        residuals=found.residuals,
    )


def _likelihood_scaling(found: Estimation) -> tuple[float, float]:
    """Scaling factors of the model's and the saturated model's log-likelihood, from the traces behind the test."""
    if found.scaled is None or found.scaled.kind != "yuan.bentler.mplus":
        return math.nan, math.nan
    own = found.restricted_trace
    return own / found.table.n_free, (own + found.scaled.trace) / found.table.n_moments


def _by_semopy(request: Request) -> Outcome:
    table, sample = request.table, request.data.sample
    n, cov = int(sample.n_obs[0]), sample.cov[0]
    mean = np.zeros(len(cov)) if sample.mean is None else sample.mean[0]
    moments = SampleMoments(sample.names, cov, mean, n)
    structure = Structure(matrices(table))
    start = start_values(table, cov)
    found = maximum_likelihood.fit(structure, moments, semopy_engine.minimise, start, table.names)
    values, se = _rows(table, found.theta, found.acov)
    reason = None if found.converged else Notice(found.reason, {"distance": f"{found.distance:.2g}"}, serious=True)
    known = None if sample.mean is None else sample.mean
    return Outcome(
        fitted=Fitted.of(table, found.theta, cov, n, known, found.acov),
        values=values,
        se=se,
        implied_cov=found.implied_cov[None],
        implied_mean=np.zeros((1, len(cov))),
        fit=FitInput.of_matrices(cov, found.implied_cov, n, table.n_free) if found.converged else None,
        reason=reason,
        estimation=None,
    )


def _rows(table: ParTable, theta: np.ndarray, vcov: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and standard error of every row of the table."""
    free = table.free
    values = np.where(free > 0, np.append(np.nan, theta)[free], table.ustart)
    se = np.where(free > 0, np.append(np.nan, np.sqrt(np.diag(vcov)))[free], 0.0)
    defined = np.flatnonzero([op == ":=" for op in table.op])
    if len(defined):
        slopes = table.functions.defined_jacobian(theta)
        values[defined] = table.functions.defined(theta)
        with np.errstate(invalid="ignore"):
            se[defined] = defined_errors(slopes, vcov)
    return values, se
