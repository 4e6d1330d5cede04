"""`cx.nca`: which conditions are necessary for an outcome, and how much of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from cxlab.analyses.nca_ceilings import one_ceiling
from cxlab.analyses.nca_data import Asked, ceiling_data
from cxlab.analyses.nca_permutation import permuted_effects, upper_share
from cxlab.analyses.nca_result import Nca
from cxlab.analyses.pls_performance import Ends
from cxlab.analyses.pls_result import PlsFit
from cxlab.errors import DataError, Notice
from cxlab.estimate.ceiling import Kind, Peers, levels
from cxlab.i18n.shown import Shown
from cxlab.resample.request import given_seed
from cxlab.survey.survey import Survey

_FEWEST_PERMUTATIONS = 19
_FEW_LEVELS = 5
# A case that changes an effect size by this much is named.
_ONE_CASE = 0.05
_NAMED = 4


def nca(
    outcome: str,
    conditions: str | Sequence[str] | None,
    data: Survey | pd.DataFrame | PlsFit,
    *,
    ceilings: Kind | Sequence[Kind] = ("ce_fdh", "cr_fdh"),
    scope: Asked = "empirical",
    peers: Peers = "points",
    ends: Ends | None = None,
    permutations: int = 10_000,
    seed: int | None = None,
) -> Nca:
    """Necessary condition analysis: what an outcome cannot be had without.

    When to use it: where theory says "no Y without X", which regression cannot test: it looks at means, and lets one
    condition make up for another. An empty upper left corner of the plot is what necessity predicts.

    Parameters
    ----------
    outcome : str
        A column, a construct of the codebook (mean score), or with a PLS fit one of its constructs or items.
    conditions : str or sequence of str, optional
        Likewise. None takes every construct of a PLS fit that leads to the outcome.
    data : Survey, DataFrame or PlsFit
        Of a fit the scores as weighted means of the answers, from 0 to 100 where the codebook knows the scales.
    ceilings : sequence of {"ce_fdh", "cr_fdh", "ce_vrs"}
        Staircase through the peers, for items with few points; straight line through them, for many; concave hull.
    scope : {"empirical", "theoretical"} or mapping of name to (low, high)
        Values that were seen, or that are possible by the codebook.
    peers : {"points", "cases"}
        Whether the line of CR-FDH counts a corner of the cloud once, or as often as there are cases in it.
    ends : mapping of item to (lowest, highest), optional
        Ends of answer scales for a PLS fit whose codebook has none.
    permutations : int
        Of the outcome; 0 for no test.
    seed : int, optional
        The same seed gives the same p.

    Returns
    -------
    Nca
        ``.table``: condition ceiling effect_size pvalue p_error size necessary accuracy fit zone scope intercept slope
        condition_inefficiency outcome_inefficiency peers. ``.peers``: condition x y cases. ``.bottleneck()``,
        ``.outliers()``, ``.plot()``.

    Raises
    ------
    DataError, ModelError
        Unknown, non-numeric or constant columns; the outcome among the conditions; a scope that is not known or that
        answers lie outside of.

    Notes
    -----
    Effect size d = empty zone above the ceiling / scope; .1, .3 and .5 begin medium, large and very large (Dul,
    2016). p: share of permutations, these data among them, with d at least as large (Dul, van der Laan & Kuik, 2020).
    ``necessary``: d of at least .1 and p of at most .05, for each condition by itself. Rows must be complete in all
    columns. R: ``NCA::nca_analysis``, since 4.0.3 with peers="cases".

    Examples
    --------
    >>> import cxlab as cx
    >>> data = pd.DataFrame({"care": [1, 2, 3, 4, 5], "loyal": [1, 2, 1, 5, 4]})
    >>> cx.nca("loyal", "care", data, permutations=0).table[["ceiling", "effect_size"]].round(3).to_numpy().tolist()
    [['ce_fdh', 0.625], ['cr_fdh', 0.395]]
    """
    kinds = _checked(ceilings, peers, permutations)
    found = ceiling_data(outcome, conditions, data, scope, ends)
    drawn = given_seed(seed)
    ceilings_of = {name: one_ceiling(found, name, kinds, peers) for name in found.conditions}
    effects = np.array([one.effects for one in ceilings_of.values()])
    pvalues = np.full(effects.shape, np.nan)
    if permutations:
        sorted_cases = [(levels(found.frame[name].to_numpy()), found.scope(name)) for name in found.conditions]
        y = found.frame[found.outcome].to_numpy()
        pvalues = upper_share(permuted_effects(y, sorted_cases, kinds, peers, permutations, drawn), effects)
    result = Nca(
        data=found, ceilings=ceilings_of, kinds=kinds, peers_counted=peers, pvalues=pvalues, permutations=permutations,
        seed=drawn, warnings=found.notices,
    )  # fmt: skip
    told = [Notice("resample.seed_drawn", {"seed": drawn})] if seed is None and permutations else []
    return replace(result, warnings=(*found.notices, *_doubts(result), *told))


def _checked(ceilings: Kind | Sequence[Kind], peers: str, permutations: object) -> tuple[Kind, ...]:
    kinds: tuple[Kind, ...] = (ceilings,) if isinstance(ceilings, str) else tuple(ceilings)
    for option, values, known in (("ceilings", kinds, get_args(Kind)), ("peers", (peers,), get_args(Peers))):
        wrong = [value for value in values if value not in known]
        if wrong or not values:
            raise DataError("analyses.unknown_option", option=option, value=(wrong or [""])[0], known=", ".join(known))
    if not isinstance(permutations, int) or 0 != permutations < _FEWEST_PERMUTATIONS:
        raise DataError("nca.permutations", n=permutations)
    return tuple(dict.fromkeys(kinds))


def _doubts(result: Nca) -> list[Notice]:
    """What must be known before effect sizes are read."""
    told = []
    flat = [name for name, one in result.ceilings.items() if len(one.points) == 1]
    if flat:
        told.append(Notice("nca.no_ceiling", {"conditions": ", ".join(flat)}))
    frame = result.data.frame
    coarse = [name for name in frame if frame[name].nunique() < _FEW_LEVELS]
    if coarse:
        told.append(Notice("nca.few_levels", {"columns": ", ".join(coarse)}))
    table = result.table
    low = table[(table["ceiling"] == "cr_fdh") & (table["accuracy"] < 0.95)]
    for row in low.itertuples():
        told.append(Notice("nca.low_accuracy", {"condition": row.condition, "accuracy": Shown(100 * row.accuracy, 0)}))
    outliers = result.outliers()
    strong = outliers[outliers["change"].abs() >= _ONE_CASE].drop_duplicates("condition")
    if len(strong):
        rows = tuple(strong[["condition", "row", "effect_size", "without"]].itertuples(index=False, name=None))
        told.append(Notice("nca.one_case", {"cases": _Cases(rows)}, serious=True))
    return told


@dataclass(frozen=True)
class _Cases:
    """Conditions whose effect size rests on one case: name, row, d with it and without; in the reader's language."""

    rows: tuple[tuple[str, object, float, float], ...]

    def __str__(self) -> str:
        shown = [f"{name} ({row}: {Shown(before)} → {Shown(after)})" for name, row, before, after in self.rows[:_NAMED]]
        return "; ".join(shown) + ("; …" if len(self.rows) > _NAMED else "")
