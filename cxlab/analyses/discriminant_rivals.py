"""The models behind `cx.discriminant`: all constructs correlated, then one pair held together in three ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from scipy.stats import chi2, norm

from cxlab.analyses.sem import cfa
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_blocks import Blocks, Measured
from cxlab.analyses.validity_difference import DifferenceTest, difference, failed
from cxlab.errors import CxlabError, Notice
from cxlab.theory.structures import quoted, structure_text

_NONE = DifferenceTest(math.nan, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class Rivals:
    """A model with all correlations free, and how to fit restricted ones to the same answers.

    Attributes
    ----------
    fit : SemFit
        With unit latent variances.
    blocks : dict of str to tuple of str
    errors : tuple of (str, str)
        Items whose errors covary.
    data, estimator, missing, ordered
        As the models are fitted.
    """

    fit: SemFit
    blocks: Blocks
    errors: tuple[tuple[str, str], ...]
    data: Any
    estimator: str
    missing: str
    ordered: object = None

    @staticmethod
    def of(
        found: Measured, errors: Sequence[tuple[str, str]], estimator: str, missing: str, ordered: object = None
    ) -> Rivals:
        """Fit the free model."""
        text = _text(found.blocks, errors)
        fit = cfa(text, found.data, estimator=estimator, missing=missing, ordered=ordered, std_lv=True)
        return Rivals(fit, found.blocks, tuple(errors), found.data, estimator, missing, ordered)

    def correlation(self, first: str, second: str, level: float) -> dict[str, float]:
        """Correlation of two constructs with its Wald interval; nan without convergence."""
        rows = self.fit.estimates
        own = rows[(rows["op"] == "~~") & rows["lhs"].isin([first, second]) & rows["rhs"].isin([first, second])]
        row = own[own["lhs"] != own["rhs"]].iloc[0]
        est, se = (float(row[name]) if self.fit.converged else math.nan for name in ("est", "se"))
        width = float(norm.ppf(0.5 + level / 2)) * se
        return {"r": est, "r_se": se, "r_ci_lower": est - width, "r_ci_upper": est + width}

    def tests(self, first: str, second: str, cutoff: float) -> tuple[dict[str, float], list[Notice]]:
        """Differences of chi-square: correlation 1, correlation `cutoff`, one merged factor."""
        at = self.correlation(first, second, 0.95)
        r, se = at["r"], at["r_se"]
        if math.isnan(r):
            return _columns("one", _NONE) | _columns("cut", _NONE) | _columns("merged", _NONE), []
        found, notices = self._held((first, second), (r, se), 1.0, "one")
        if abs(r) >= cutoff:
            found |= _columns("cut", DifferenceTest(0.0, 1.0, 1.0))
        else:
            held, told = self._held((first, second), (r, se), cutoff, "cut")
            found, notices = found | held, notices + told
        # a merged factor takes a pair that runs opposite with loadings of both signs
        if len(self.blocks) == 2:
            same = {key.replace("one", "merged"): value for key, value in found.items() if key.startswith("one")}
            return found | same, notices
        merged = self._difference(self._merged(first, second), f"{first} + {second}")
        return found | _columns("merged", merged), [*notices, *merged.notices]

    def _merged(self, first: str, second: str) -> str:
        """One factor for the items of both; a line a block keeps the items in the free model's order."""
        owners = [first if name == second else name for name in self.blocks]
        lines = [
            f"{quoted(owner)} =~ {' + '.join(map(quoted, items))}"
            for owner, items in zip(owners, self.blocks.values(), strict=True)
        ]
        return "\n".join([*lines, *_errors(self.errors)])

    def _held(
        self, pair: tuple[str, str], at: tuple[float, float], size: float, name: str
    ) -> tuple[dict[str, float], list[Notice]]:
        """One correlation held at a value of its own sign; the Wald statistic where no difference has a value."""
        (first, second), (r, se) = pair, at
        value = math.copysign(size, r)
        line = f"\n{quoted(first)} ~~ {value!r}*{quoted(second)}"
        found = self._difference(_text(self.blocks, self.errors) + line, f"{first} ~~ {value:g}*{second}")
        if any(notice.key == "validity.test_unstable" for notice in found.notices) and se > 0:
            statistic = ((r - value) / se) ** 2
            told = tuple(replace(notice, key="validity.test_wald") for notice in found.notices)
            found = DifferenceTest(statistic, 1.0, float(chi2.sf(statistic, 1)), told)
        return _columns(name, found), list(found.notices)

    def _difference(self, text: str, label: str) -> DifferenceTest:
        """The restricted model against the free one."""
        options = {
            "estimator": self.estimator,
            "missing": self.missing,
            "ordered": self.ordered,
            "std_lv": True,
        }
        try:
            restricted = cfa(text, self.data, **options)  # type: ignore[arg-type]
        except CxlabError as error:
            return failed(label, error)
        return difference(self.fit, restricted, label)


def _columns(name: str, found: DifferenceTest) -> dict[str, float]:
    return {f"{name}_chisq": found.chisq, f"{name}_df": found.df, f"{name}_p": found.p}


def _text(blocks: Blocks, errors: Sequence[tuple[str, str]]) -> str:
    return "\n".join([structure_text(blocks, "correlated", comments=False), *_errors(errors)])


def _errors(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{quoted(first)} ~~ {quoted(second)}" for first, second in pairs]
