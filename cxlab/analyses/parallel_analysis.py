"""`cx.parallel_analysis`: how many factors the answers hold, by parallel analysis and minimum average partials."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cxlab.analyses.efa_fit import most_factors
from cxlab.analyses.efa_input import Data, Items, Sample, check_choice, read_sample
from cxlab.analyses.parallel_draws import DRAWS, Chance, Draw, chance
from cxlab.analyses.parallel_result import ParallelAnalysis
from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.estimate.factor.number import average_partials, component_eigenvalues, factor_eigenvalues, retained
from cxlab.resample.request import check_whole

_FEW_DRAWS = 100


def parallel_analysis(
    data: Data,
    seed: int | None = None,
    *,
    items: Items = None,
    draw: Draw | None = None,
    n_draws: int | None = None,
    quantile: float = 0.95,
    correlation: str = "pearson",
    missing: str = "listwise",
    n_obs: int | None = None,
    smooth: bool = False,
) -> ParallelAnalysis:
    """How many factors or components: those whose eigenvalues are larger than chance gives.

    When to use it: before `efa`. Report it with the scree figure and the minimum average partial; if they disagree,
    compare the solutions by what they mean.

    Parameters
    ----------
    data, items, correlation, missing, n_obs, smooth
        As for `efa`.
    seed : int, optional
        Of the draws. Without it one is drawn and reported.
    draw : {"simulated", "permuted", "resampled"}, optional
        Where the reference comes from: normal columns; each item's own answers shuffled (keeps their distribution); or
        drawn with replacement (psych's resampling). Default: simulated for Pearson's correlations, else permuted.
    n_draws : int, optional
        Samples drawn; default 1,000, or 100 with polychoric correlations.
    quantile : float
        Share of the draws that an eigenvalue must pass, between 0 and 1. Comparing with the mean (Horn's first rule)
        keeps more; both are in the table.

    Returns
    -------
    ParallelAnalysis
        ``.table``, one row a position: position component component_mean component_lower component_quantile factor
        factor_mean factor_lower factor_quantile keep_component keep_factor. ``.n_factors``, ``.n_components`` (by the
        quantile), ``.n_factors_mean``, ``.n_components_mean``, ``.n_kaiser`` (eigenvalues above 1, which keeps too
        many), ``.map`` (components, average_squared, average_fourth), ``.n_map``, ``.n_map_fourth``.

    Raises
    ------
    DataError
        As `efa`; a matrix without `n_obs`, or with shuffled columns.

    Notes
    -----
    Factor eigenvalues have squared multiple correlations on the diagonal. R: ``psych::fa.parallel(x, SMC = TRUE)``,
    which compares with resampled columns; MAP: ``psych::VSS(R)$map`` and, with no component removed, the mean squared
    correlation.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> found = parallel_analysis(get_data()[[f"x{number}" for number in range(1, 10)]], seed=1)
    >>> found.n_factors, found.n_components, found.n_map
    (3, 3, 2)
    """
    check_level(quantile)
    sample = read_sample(data, items, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    how = _draw(sample, draw)
    count = 100 if correlation == "polychoric" else 1000
    count = count if n_draws is None else check_whole("n_draws", n_draws, 2)
    drawn = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else check_whole("seed", seed, 0)
    found = chance(sample, how, count, drawn)
    if len(found.components) < 2:
        raise DataError("factor.no_draws", total=count)
    table = _table(sample, found, quantile)
    notices = [*sample.notices, *_notices(seed, drawn, count, found)]
    squares, fourth = average_partials(sample.corr)
    partials = pd.DataFrame({"components": range(len(squares)), "average_squared": squares, "average_fourth": fourth})
    result = ParallelAnalysis(table, partials, tuple(notices), sample, how, len(found.components), quantile, drawn)
    return result.with_notices(_judged(result, len(sample.names)))


def _draw(sample: Sample, draw: Draw | None) -> Draw:
    if draw is not None:
        check_choice("draw", draw, DRAWS)
    simulated = draw == "simulated" or (draw is None and sample.correlation in ("pearson", "given"))
    if sample.n_obs is None:
        raise DataError("factor.needs_n")
    if simulated and sample.correlation in ("polychoric", "spearman"):
        raise DataError("factor.simulated_pearson", correlation=sample.correlation)
    if not simulated and sample.values is None:
        raise DataError("factor.needs_answers", draw=draw)
    if simulated and sample.n_obs <= len(sample.names):
        raise DataError("factor.rows_not_more", n=sample.n_obs, items=len(sample.names), needed=len(sample.names) + 1)
    return draw or ("simulated" if simulated else "permuted")


def _table(sample: Sample, found: Chance, quantile: float) -> pd.DataFrame:
    columns: dict[str, object] = {"position": range(1, len(sample.names) + 1)}
    for name, own, drawn in (
        ("component", component_eigenvalues(sample.corr[None])[0], found.components),
        ("factor", factor_eigenvalues(sample.corr[None])[0], found.factors),
    ):
        columns[name] = own
        columns[f"{name}_mean"] = drawn.mean(axis=0)
        columns[f"{name}_lower"] = np.quantile(drawn, 1 - quantile, axis=0)
        columns[f"{name}_quantile"] = np.quantile(drawn, quantile, axis=0)
    table = pd.DataFrame(columns)
    for name in ("component", "factor"):
        count = retained(table[name].to_numpy(), table[f"{name}_quantile"].to_numpy())
        table[f"keep_{name}"] = table["position"] <= count
    return table


def _notices(seed: int | None, drawn: int, count: int, found: Chance) -> list[Notice]:
    notices = []
    if seed is None:
        notices.append(Notice("resample.seed_drawn", {"seed": drawn}))
    if found.lost:
        notices.append(Notice("factor.draws_lost", {"lost": found.lost, "total": count}, serious=True))
    if count < _FEW_DRAWS:
        notices.append(Notice("factor.few_draws", {"count": count}))
    return notices


def _judged(result: ParallelAnalysis, size: int) -> list[Notice]:
    """Where the criteria disagree, or none is of use."""
    if result.n_factors == 0:
        return [Notice("factor.no_factors", serious=True)]
    most = most_factors(size)
    if result.n_factors > most:
        return [Notice("factor.more_than_possible", {"factors": result.n_factors, "most": most}, serious=True)]
    votes = {result.n_factors, result.n_components, result.n_map}
    if len(votes) > 1:
        values = {"factors": result.n_factors, "components": result.n_components, "map": result.n_map}
        return [Notice("factor.disagree", values)]
    return []
