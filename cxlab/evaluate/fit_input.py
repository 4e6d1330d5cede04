"""What fit measures are computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from cxlab.estimate.sem.ordinal import OrdinalResiduals
from cxlab.estimate.sem.robust import ScaledTest
from cxlab.evaluate.fit_scaled import Corrected


@dataclass(frozen=True, eq=False)
class FitInput:
    """Tests, likelihoods and moments of a fitted model; arrays have a leading axis for G groups.

    Attributes
    ----------
    cov, implied : ndarray (G, p, p)
        Sample and model covariances, with the estimator's divisor.
    mean, implied_mean : ndarray (G, p) or None
        Where means are modelled.
    n_obs : ndarray (G,)
        Rows.
    npar, df : int
        Free parameters less equality constraints; degrees of freedom.
    chisq, pvalue, baseline_chisq, baseline_df, baseline_pvalue : float
        Plain tests of the model and of the baseline model.
    logl, unrestricted_logl : float
        Log-likelihoods; nan where the estimator has none.
    estimator : {"ML", "GLS", "ULS", "WLS"}
    scaled, baseline_scaled : ScaledTest or None
        Corrected tests.
    corrected, baseline_corrected : ScaledTest or None
        After FIML, the statistics that complete answers would have; see `cxlab.estimate.sem.fiml_corrected`.
    scaling_h0, scaling_h1 : float
        Scaling factors of the log-likelihoods, with the Yuan-Bentler test.
    exogenous : tuple of int
        Positions of fixed covariates among the items.
    values : tuple of ndarray (n_g, p), or None
        The rows, which the weights of WLS and of missing answers need.
    residuals : OrdinalResiduals or None
        With ordinal items: sample and implied thresholds and correlations.
    """

    cov: np.ndarray
    implied: np.ndarray
    n_obs: np.ndarray
    npar: int
    df: int
    chisq: float
    pvalue: float
    baseline_chisq: float
    baseline_df: int
    baseline_pvalue: float
    mean: np.ndarray | None = None
    implied_mean: np.ndarray | None = None
    logl: float = math.nan
    unrestricted_logl: float = math.nan
    estimator: str = "ML"
    scaled: ScaledTest | None = None
    baseline_scaled: ScaledTest | None = None
    corrected: ScaledTest | None = None
    baseline_corrected: ScaledTest | None = None
    scaling_h0: float = math.nan
    scaling_h1: float = math.nan
    exogenous: tuple[int, ...] = ()
    values: tuple[np.ndarray, ...] | None = None
    residuals: OrdinalResiduals | None = None

    @staticmethod
    def of_matrices(cov: np.ndarray, implied: np.ndarray, n_obs: int, npar: int) -> FitInput:
        """From one group's S and Sigma (p, p) with divisor n, for maximum likelihood without means.

        The log-likelihood is that of the data with means estimated freely and not counted, as lavaan gives it without
        a mean structure.

        Parameters
        ----------
        cov, implied : ndarray (p, p)
            Sample and model covariance matrix.
        n_obs : int
            Rows.
        npar : int
            Free parameters, means not counted.

        Examples
        --------
        >>> FitInput.of_matrices(np.eye(3), np.eye(3), n_obs=50, npar=3).df
        3
        """
        items = len(cov)
        log_det, log_det_implied = (float(np.linalg.slogdet(matrix)[1]) for matrix in (cov, implied))
        trace = float(np.trace(np.linalg.solve(implied, cov)))
        chisq = n_obs * max(log_det_implied - log_det + trace - items, 0.0)
        spread = np.sqrt(np.diag(cov))
        baseline = -n_obs * float(np.linalg.slogdet(cov / np.outer(spread, spread))[1])
        df, baseline_df = items * (items + 1) // 2 - npar, items * (items - 1) // 2
        constant = items * math.log(2 * math.pi)
        return FitInput(
            cov=np.asarray(cov)[None],
            implied=np.asarray(implied)[None],
            n_obs=np.array([n_obs]),
            npar=npar,
            df=df,
            chisq=chisq,
            pvalue=_upper(chisq, df),
            baseline_chisq=baseline,
            baseline_df=baseline_df,
            baseline_pvalue=_upper(baseline, baseline_df),
            logl=-n_obs / 2 * (constant + log_det_implied + trace),
            unrestricted_logl=-n_obs / 2 * (constant + log_det + items),
        )

    @property
    def scaled_pair(self) -> tuple[Corrected, Corrected] | None:
        """The corrected tests of model and baseline model beside the plain ones."""
        if self.scaled is None or self.baseline_scaled is None:
            return None
        base_chisq, base_df = self.baseline_chisq, self.baseline_df
        return _beside(self.chisq, self.df, self.scaled), _beside(base_chisq, base_df, self.baseline_scaled)

    @property
    def robust_pair(self) -> tuple[Corrected, Corrected] | None:
        """What robust CFI, TLI and RMSEA are made of; None for tests that have none."""
        if self.corrected is not None and self.baseline_corrected is not None:
            model, base = self.corrected, self.baseline_corrected
            return (
                _beside(model.chisq * model.scaling_factor, self.df, model),
                _beside(base.chisq * base.scaling_factor, self.baseline_df, base),
            )
        adjusted = self.scaled is not None and self.scaled.kind == "mean.var.adjusted"
        return None if adjusted or self.residuals is not None else self.scaled_pair

    @property
    def total(self) -> int:
        """Rows of all groups."""
        return int(self.n_obs.sum())

    @property
    def groups(self) -> int:
        """G."""
        return len(self.n_obs)

    @property
    def rows(self) -> int:
        """What the indices divide chi-square by: rows for ML, less one per group for the others, as lavaan does."""
        return self.total if self.estimator == "ML" else self.total - self.groups

    def incomplete(self, group: int) -> bool:
        """Whether answers are missing in a group."""
        return self.values is not None and bool(np.isnan(self.values[group]).any())

    @property
    def shares(self) -> np.ndarray:
        """Each group's share of the rows (G,)."""
        return np.asarray(self.n_obs / self.n_obs.sum())


def _beside(chisq: float, df: int, test: ScaledTest) -> Corrected:
    return Corrected.of(chisq, df, test.chisq, test.df, test.scaling_factor, test.shift, test.trace)


def _upper(chisq: float, df: int) -> float:
    return float(chdtrc(df, chisq)) if df > 0 else math.nan
