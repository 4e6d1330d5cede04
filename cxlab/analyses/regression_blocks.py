"""Hierarchical regression: which terms enter at which step, and what each step adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.regression_checks import is_perfect
from cxlab.analyses.regression_data import Variables
from cxlab.analyses.regression_design import build_design, least_squares
from cxlab.analyses.regression_formula import Formula, Term, ordered, parse_terms, term_key
from cxlab.errors import DataError, ModelSyntaxError
from cxlab.evaluate.wald import wald_f


@dataclass(frozen=True)
class Step:
    """One step: the terms that enter, and all terms of the model so far."""

    added: tuple[Term, ...]
    terms: tuple[Term, ...]


def plan_blocks(formula: Formula, blocks: Sequence[str | Sequence[str]] | None) -> list[Step]:
    """The steps: first the formula's terms that no block names, then each block's terms."""
    if blocks is None:
        return [Step(formula.terms, formula.terms)]
    if isinstance(blocks, str) or not isinstance(blocks, Sequence) or not blocks:
        raise DataError("analyses.blocks_not_list")
    if not formula.intercept:
        raise ModelSyntaxError("analyses.blocks_need_intercept", formula=formula.text)
    parsed = [_block_terms(block) for block in blocks]
    named = [term_key(term) for block in parsed for term in block]
    twice = {key for key in named if named.count(key) > 1}
    if twice:
        names = ", ".join(":".join(map(str, term)) for block in parsed for term in block if term_key(term) in twice)
        raise DataError("analyses.term_in_two_blocks", terms=names)
    first = tuple(term for term in formula.terms if term_key(term) not in named)
    steps: list[Step] = []
    so_far: tuple[Term, ...] = ()
    for added in [*([first] if first else []), *parsed]:
        so_far = ordered((*so_far, *added))
        steps.append(Step(added, so_far))
    return steps


def _block_terms(block: str | Sequence[str]) -> tuple[Term, ...]:
    texts = [block] if isinstance(block, str) else list(block) if isinstance(block, Sequence) else []
    if not texts:
        raise DataError("analyses.blocks_not_list")
    return ordered(term for text in texts for term in parse_terms(text))


def block_table(
    data: Variables,
    formula: Formula,
    steps: list[Step],
    cov_type: str,
    standardise: bool,
    weights: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """R² of each step on the same rows, its change with the classical F test, and the Wald test with `cov_type`."""
    rows: list[dict[str, Any]] = []
    before: Any = None
    for number, step in enumerate(steps, start=1):
        part = Formula(formula.text, formula.outcome, step.terms)
        design = build_design(data, part, standardise=standardise, weights=weights)
        fit = least_squares(design)
        entered = {term_key(term) for term in step.added}
        new = np.array([owner >= 0 and term_key(step.terms[owner]) in entered for owner in design.term])
        robust = fit if cov_type == "nonrobust" else fit.get_robustcov_results(cov_type=cov_type, use_t=True)
        wald, wald_p = (
            (np.nan, np.nan)
            if is_perfect(fit)
            else wald_f(robust.params[new], robust.cov_params()[np.ix_(new, new)], fit.df_resid)
        )
        added = " + ".join(":".join(map(str, term)) for term in step.added)
        change = _change(before, fit)
        rows.append({"block": number, "added": added, **change, "wald_f": wald, "wald_pvalue": wald_p})
        before = fit
    return pd.DataFrame(rows)


def _change(before: Any, fit: Any) -> dict[str, Any]:
    """What a step adds to the one before it; the first is compared with the mean alone."""
    r2, sse, df = (before.rsquared, before.ssr, before.df_resid) if before else (0.0, fit.centered_tss, fit.nobs - 1)
    df1, df2 = df - fit.df_resid, fit.df_resid
    perfect = is_perfect(fit)
    f = np.nan if perfect else (sse - fit.ssr) / df1 / (fit.ssr / df2)
    return {
        "n": int(fit.nobs),
        "r2": fit.rsquared,
        "adj_r2": fit.rsquared_adj,
        "delta_r2": fit.rsquared - r2,
        "f_change": f,
        "df1": int(df1),
        "df2": int(df2),
        "pvalue": stats.f.sf(f, df1, df2),
        "f2": np.nan if perfect else (fit.rsquared - r2) / (1 - fit.rsquared),
    }
