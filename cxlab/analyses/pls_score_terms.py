"""What checks of the structural model share: further terms in the scores' regressions, in sample and resamples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_bootstrap import resampled
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.result import Text, bilingual
from cxlab.errors import EstimationError, Notice, NotSupportedError
from cxlab.estimate.pls.terms import Term, slopes
from cxlab.i18n import Language, pick
from cxlab.resample.draws import Draws, GivenDraws, Indices, RandomDraws
from cxlab.resample.intervals import check_level, intervals
from cxlab.resample.pls_terms import term_replicates
from cxlab.resample.request import check_whole, given_seed
from cxlab.show.table import Column

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_FEWEST = 100
# A case: cause, target, the causes whose terms stand in the regression, and the cause whose term is asked for.
Case = tuple[int, int, Sequence[int], int]


@dataclass(frozen=True, eq=False)
class ResampledTerms:
    """Covariances of scores and their terms in the sample (2 J, 2 J, 1) and in R resamples (2 J, 2 J, R)."""

    fit: PlsFit
    own: np.ndarray
    drawn: np.ndarray
    status: pd.Series
    level: float
    seed: int

    def table(self, cases: Sequence[Case]) -> pd.DataFrame:
        """The term of each case: source, target, estimate, se, t, pvalue, ci_lower, ci_upper."""
        estimate = np.concatenate([self._asked(self.own, case) for case in cases])
        replicates = np.column_stack([self._asked(self.drawn, case) for case in cases])
        errors = resampled(replicates, estimate)
        ends = intervals(replicates, estimate, "percentile", self.level)
        names = self.fit.model.constructs
        return pd.DataFrame(
            {
                "source": [names[case[0]] for case in cases],
                "target": [names[case[1]] for case in cases],
                "estimate": estimate,
                **{name: errors[name] for name in ("se", "t", "pvalue")},
                "ci_lower": ends.lower,
                "ci_upper": ends.upper,
            }
        )

    def path(self, source: int, target: int, terms: Sequence[int]) -> float:
        """The path in the sample with these terms in the regression."""
        causes = list(self._causes(target))
        return float(slopes(self.own, target, causes, terms)[causes.index(source), 0])

    def f2(self, target: int, terms: Sequence[int]) -> float:
        """What the terms add to R², over what stays unexplained."""
        r2 = []
        for further in ((), terms):
            causes = self._causes(target)
            places = np.array([*causes, *(one + len(self.own) // 2 for one in further)])
            r2.append(float(slopes(self.own, target, causes, further)[:, 0] @ self.own[places, target, 0]))
        return (r2[1] - r2[0]) / (1 - r2[1])

    def _asked(self, cov: np.ndarray, case: Case) -> np.ndarray:
        _, target, terms, asked = case
        causes = self._causes(target)
        return np.asarray(slopes(cov, target, causes, terms)[len(causes) + list(terms).index(asked)])

    def _causes(self, target: int) -> Sequence[int]:
        return self.fit.model.design.causes[target].tolist()


def resampled_terms(
    fit: PlsFit, term: Term, n: int, seed: int | None, level: float, what: str, indices: Indices | None = None
) -> ResampledTerms:
    """Raise where the check cannot be made; else the covariances of scores and terms, in the sample and resampled."""
    check_level(level)
    check_whole("n", n, _FEWEST)
    drawn_seed = given_seed(seed)
    fit.need_rows(what)
    if fit.model.stages is not None or fit.model.repeated or fit.given.kind != "rows":
        raise NotSupportedError("pls_checks.made", what=what)
    rows = fit.answers.to_numpy()
    options = (fit.scheme, fit.tolerance, term)
    whole = GivenDraws.of(np.arange(len(rows))[None], (len(rows),))
    draws: Draws = RandomDraws(n, (len(rows),), drawn_seed)
    if indices is not None:
        draws = GivenDraws.of(indices, (len(rows),))
    own = term_replicates(rows, fit.model.design, whole, *options)[0]
    drawn, found = term_replicates(rows, fit.model.design, draws, *options)
    used = int(found.converged.sum())
    if used < 2:
        raise EstimationError("pls_checks.none_used", n=draws.size)
    status = pd.Series({"replicates": draws.size, "used": used})
    return ResampledTerms(fit, own, drawn, status, level, drawn_seed)


def regressions(fit: PlsFit) -> list[tuple[int, list[int]]]:
    """Each target with its causes."""
    return [(target, causes.tolist()) for target, causes in enumerate(fit.model.design.causes) if len(causes)]


def told(found: ResampledTerms, table: pd.DataFrame, seed: int | None) -> tuple[Notice, ...]:
    """What must be known before the numbers are read."""
    fit = found.fit
    out = carried(fit, scores=True, sampling=True)
    alone = table[table["terms"] == "one"] if "terms" in table else table
    flat = list(dict.fromkeys(alone.loc[alone["estimate"].isna(), "source"]))
    if flat:
        out.append(Notice("pls_checks.no_term", {"constructs": ", ".join(flat)}, serious=True))
    factors = [name for name, flag in zip(fit.model.constructs, fit.model.design.corrected, strict=True) if flag]
    if factors:
        out.append(Notice("pls_checks.factors", {"constructs": ", ".join(factors)}, serious=True))
    left, total = int(found.status["replicates"] - found.status["used"]), int(found.status["replicates"])
    if left:
        out.append(Notice("pls_checks.left_out", {"count": left, "total": total}, serious=left > 0.05 * total))
    if seed is None:
        out.append(Notice("resample.seed_drawn", {"seed": found.seed}))
    return tuple(out)


def arrow(labels: Mapping[str, Text], source: str, target: str, lang: Language | None) -> str:
    """A path in words."""
    return " → ".join(pick(labels.get(name, name), lang) for name in (source, target))


def error_columns(level: float) -> dict[str, Column]:
    """How standard error, interval and p-value of a term print."""
    head, parts = bilingual("analyses.col_interval", level=f"{100 * level:g}"), ("ci_lower", "ci_upper")
    return {
        "se": Column("pls.col_se", "bounded"),
        "interval": Column(head, "interval", parts=parts, bounded=True),
        "pvalue": Column("pls.col_p", "p"),
    }


def in_words(table: pd.DataFrame, labels: Mapping[str, Text]) -> pd.DataFrame:
    """Constructs by their labels."""
    return table.assign(**{side: [labels.get(name, name) for name in table[side]] for side in ("source", "target")})
