"""What can be asked of a fitted model afterwards: each method unpacks the fit and calls the room that answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result
from cxlab.errors import DataError, EstimationError, Notice, NotSupportedError

if TYPE_CHECKING:
    from cxlab.analyses.bootstrap_result import SemBootstrap
    from cxlab.analyses.sem_cross_check import CrossCheck
    from cxlab.analyses.sem_outcome import Outcome
    from cxlab.analyses.sem_request import Request
    from cxlab.estimate.sem.engine import Estimation
    from cxlab.evaluate.factor_scores import Method as ScoreMethod
    from cxlab.evaluate.fitted import Fitted
    from cxlab.evaluate.residual_tests import ResidualKind
    from cxlab.evaluate.score_test import ScoreTest
    from cxlab.evaluate.standardised import Kind
    from cxlab.resample.draws import Indices
    from cxlab.resample.intervals import Interval
    from cxlab.resample.sem import Kind as BootstrapKind


class Judgement(Result):
    """Judgements of a `SemFit`; every one needs a converged fit."""

    request: Request
    outcome: Outcome
    converged: bool
    labels: Mapping[str, Mapping[str, str]]
    simulated: bool

    @property
    def fitted(self) -> Fitted:
        """The model at its estimates."""
        return self.outcome.fitted

    @property
    def estimation(self) -> Estimation | None:
        """The own engine's full answer; None with semopy."""
        return self.outcome.estimation

    def modification_indices(
        self,
        *,
        sort: bool = True,
        minimum: float = 0.0,
        maximum_number: int | None = None,
        op: str | Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """By how much chi-square would fall if one more parameter were free, and what it would become.

        When to use it: to find where a model misfits. Change what theory explains, one parameter at a time, and check
        the change in new data.

        Parameters
        ----------
        sort : bool
            Largest first; otherwise in lavaan's order.
        minimum : float
            Only indices above this value.
        maximum_number : int, optional
            At most so many rows.
        op : str or iterable of str, optional
            Only these operators: ``"=~"``, ``"~~"``, ``"~"``, ``"~1"``.

        Returns
        -------
        DataFrame
            lhs, op, rhs, group, mi, epc, sepc_lv, sepc_all, sepc_nox; after ULS and with ordinal items also
            ``mi_robust``, which is chi-square distributed where `mi` is not.

        Notes
        -----
        Equals ``modindices(fit)``; see `cxlab.evaluate.modification`.
        """
        from cxlab.evaluate.modification import modification_indices

        return modification_indices(self._solved(), sort=sort, minimum=minimum, maximum_number=maximum_number, op=op)

    def score_test(self, release: Sequence[int] | None = None, add: Sequence[str] | None = None) -> ScoreTest:
        """Whether equality constraints should be released, or named parameters added.

        Parameters
        ----------
        release : sequence of int, optional
            Numbers of the equality constraints to release together, from 1. Default: all.
        add : sequence of str, optional
            Parameters to add instead, as ``"visual =~ x9"``.

        Returns
        -------
        ScoreTest
            chisq, df, pvalue of the joint test; ``table`` with each by itself.

        Notes
        -----
        Equals ``lavTestScore(fit)``.
        """
        from cxlab.evaluate.score_test import constraint_score_test, parameter_score_test

        if add is not None:
            return parameter_score_test(self._solved(), add)
        return constraint_score_test(self._solved(), release)

    def standardized(self, kind: Kind = "std_all", level: float = 0.95) -> pd.DataFrame:
        """The standardised solution with its own standard errors and intervals.

        Parameters
        ----------
        kind : {"std_all", "std_lv", "std_nox"}
            Standardise all variables, latent ones only, or all but observed predictors.
        level : float
            Confidence level.

        Returns
        -------
        DataFrame
            lhs, op, rhs, label, group, est_std, se, z, pvalue, ci_lower, ci_upper.

        Notes
        -----
        Equals ``standardizedSolution(fit)``.
        """
        from cxlab.analyses.unpack import check_level
        from cxlab.evaluate.standardised import standardised_table

        check_level(level)
        return standardised_table(self._solved(), kind, level)

    def effects(
        self,
        *,
        source: str | Iterable[str] | None = None,
        target: str | Iterable[str] | None = None,
        level: float = 0.95,
    ) -> pd.DataFrame:
        """Every direct, indirect and total effect between the variables of the paths.

        When to use it: mediation. For a small indirect effect prefer the bootstrap's interval.

        Parameters
        ----------
        source, target : str or iterable of str, optional
            Only effects from, or on, these variables.
        level : float
            Confidence level.

        Returns
        -------
        DataFrame
            group, from, to, kind (direct, indirect, total_indirect, total), via, est, se, z, pvalue, ci_lower,
            ci_upper, std_all, std_se, std_ci_lower, std_ci_upper.
        """
        from cxlab.analyses.unpack import check_level
        from cxlab.evaluate.effects import effects_table

        check_level(level)
        return effects_table(self._solved(), source=source, target=target, level=level)

    def effects_notices(self) -> tuple[Notice, ...]:
        """What to know before total effects are read: circles, routes not listed."""
        from cxlab.evaluate.effects import effects_notices

        return effects_notices(self._solved())

    def factor_scores(self, method: ScoreMethod = "regression", se: bool = False) -> pd.DataFrame:
        """A score on every latent variable for each row that was used.

        When to use it: to describe or segment respondents. Paths between scores are biased; estimate these inside the
        model instead.

        Parameters
        ----------
        method : {"regression", "bartlett"}
            Best prediction, drawn towards the mean; or unbiased with more error.
        se : bool
            Add a column ``<name>_se`` for each latent variable.

        Returns
        -------
        DataFrame
            Index the row numbers of the data; a column for each latent variable.

        Notes
        -----
        Equals ``lavPredict(fit, method = ...)`` but for cases named in `cxlab.evaluate.factor_scores`.
        """
        from cxlab.evaluate.factor_scores import score_frame

        rows, group = self._rows()
        labels = self.fitted.table.group_labels
        named = pd.Series(np.array(labels, dtype=object)[group], rows.index) if labels else None
        return score_frame(self._solved(), rows, named, method, se).sort_index()

    def score_determinacy(self, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Correlation of each factor score with its latent variable; below .90 two respondents' order is doubtful.

        Parameters
        ----------
        method : {"regression", "bartlett"}
            As in `factor_scores`.

        Returns
        -------
        DataFrame
            A row for each group, a column for each latent variable.
        """
        from cxlab.evaluate.factor_scores import factor_scores

        rows, group = self._rows()
        found = factor_scores(self._solved(), rows.to_numpy(), group, method)
        groups = pd.Index(self.fitted.table.group_labels or ("",), name="group")
        return pd.DataFrame(found.determinacy, groups, list(found.names))

    def residual_tests(self, kind: ResidualKind = "standardized") -> pd.DataFrame:
        """Sample minus model, moment by moment, with standard errors: where a model misfits, and beyond chance.

        Parameters
        ----------
        kind : {"raw", "cor.bollen", "cor.bentler", "normalized", "standardized"}
            Covariances in the data's units; correlations; covariances by the sample's variances; raw ones by their
            sampling error; raw ones by their own standard error.

        Returns
        -------
        DataFrame
            group, item_1, item_2 (empty for means), residual, se, z, pvalue.

        Notes
        -----
        Equals ``lavResiduals(fit)`` and ``residuals(fit, type = ...)``, with standard errors that do not need normality
        where those of the estimates do not; see `cxlab.evaluate.residual_tests`.
        """
        from cxlab.evaluate.residual_tests import residual_table

        return residual_table(self._solved(), kind)

    def residual_summary(self) -> pd.DataFrame:
        """RMR, SRMR and CRMR with standard errors, their unbiased versions and tests of exact and close fit.

        Returns
        -------
        DataFrame
            See `cxlab.evaluate.residual_summary`.
        """
        from cxlab.evaluate.residual_summary import residual_summary

        if self.fitted.ordinal:
            raise NotSupportedError("ordinal.residual_summary")
        return residual_summary(self._solved())

    def largest_residuals(self, number: int = 5, above: float = 0.10) -> tuple[Notice, ...]:
        """The largest correlation residuals in words.

        Parameters
        ----------
        number : int
            At most so many.
        above : float
            Only those beyond this size.
        """
        from cxlab.evaluate.residual_tests import largest_residuals

        return largest_residuals(self._solved(), number, above)

    def cross_check(self) -> CrossCheck:
        """The same model estimated by the other engine (semopy), and the largest difference in standard errors.

        Returns
        -------
        CrossCheck
            ``table``, ``largest``, ``agrees``; or ``reason``, where the other engine has no checked answer.
        """
        from cxlab.analyses.sem_cross_check import cross_check

        return cross_check(self)  # type: ignore[arg-type]

    def bootstrap(
        self,
        n: int = 5000,
        seed: int | None = None,
        *,
        ci: Interval = "percentile",
        kind: BootstrapKind = "nonparametric",
        level: float = 0.95,
        indices: Indices | None = None,
        workers: int | None = None,
    ) -> SemBootstrap:
        """Standard errors and intervals by refitting the model to resamples, for everything that follows from it.

        When to use it: indirect effects, standardised coefficients and R², whose estimates are not normal; and answers
        that are not normal.

        Parameters
        ----------
        n : int
            Number of resamples.
        seed : int, optional
            Of the random numbers; the same seed gives the same answer. Without it one is drawn and reported.
        ci : {"percentile", "basic", "bc", "bca"}
            Interval.
        kind : {"nonparametric", "parametric", "bollen_stine"}
            Rows with replacement; normal samples from the model; rows in which the model holds, for its test.
        level : float
            Confidence level.
        indices : int array (n, n_obs), optional
            Row numbers from 0 instead of random ones.
        workers : int, optional
            Threads; the answer does not depend on it.

        Returns
        -------
        SemBootstrap
            ``table``, ``std_all``, ``r2``, ``effects`` with est, se, bias, ci_lower, ci_upper; ``status`` counts the
            replicates that count, are improper, or failed.

        Raises
        ------
        EstimationError
            The fit did not converge.
        NotSupportedError
            A fit by semopy.

        Notes
        -----
        Equals ``bootstrapLavaan(fit, R = n)``; see `cxlab.analyses.bootstrap.bootstrap`.

        Examples
        --------
        >>> import cxlab as cx
        >>> from semopy.examples.holzinger39 import get_data
        >>> boot = cx.cfa("visual =~ x1 + x2 + x3 + x4", get_data()).bootstrap(n=50, seed=1)
        >>> int(boot.status["used"])
        50
        """
        from cxlab.analyses.bootstrap import bootstrap
        from cxlab.estimate.sem.fitting import DEFAULT

        # replicates need no more than the engine's default precision
        how = replace(self.request.options.engine_request(), options=DEFAULT)
        return bootstrap(
            self._estimation(),
            self.request.data.sample,
            how,
            n=n,
            seed=seed,
            ci=ci,
            kind=kind,
            level=level,
            indices=indices,
            workers=workers,
            labels=self.labels,
            simulated=self.simulated,
        )

    def _solved(self) -> Fitted:
        if not self.converged:
            raise EstimationError("sem.needs_convergence")
        return self.fitted

    def _estimation(self) -> Estimation:
        """The own engine's answer."""
        self._solved()
        if self.estimation is None:
            raise NotSupportedError("sem.bootstrap_semopy")
        if self.fitted.ordinal:
            raise NotSupportedError("ordinal.bootstrap")
        return self.estimation

    def _rows(self) -> tuple[pd.DataFrame, np.ndarray]:
        """The answers that were used, group after group, and the group of each row, from 0."""
        if self.fitted.ordinal:
            raise NotSupportedError("ordinal.scores")
        data = self.request.data
        held = data.sample.values
        if held is None:
            raise DataError("sem.needs_answers")
        index = data.rows[0].append(list(data.rows[1:]))
        frame = pd.DataFrame(np.concatenate(held), index, list(data.sample.names))
        return frame, np.repeat(np.arange(len(held)), [len(part) for part in held])
