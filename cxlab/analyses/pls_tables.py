"""The tables of a PLS fit, made when they are first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_effect_sizes import reestimated_effect_sizes
from cxlab.estimate.pls.structure import rho_a
from cxlab.evaluate import pls as measures
from cxlab.evaluate.htmt import Method, htmt_ratios, pairs

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit


def paths_table(fit: PlsFit) -> pd.DataFrame:
    """Path coefficients with effect sizes and collinearity, target after target."""
    design, solved = fit.model.design, fit.solved
    sources, targets = np.nonzero(design.paths)
    order = np.lexsort((sources, targets))
    sources, targets = sources[order], targets[order]
    names = np.array(fit.model.constructs, dtype=object)
    between, r2 = solved.correlations[:, :, 0], solved.r2[:, 0]
    f2 = measures.effect_sizes(between, r2, design)
    again = reestimated_effect_sizes(fit)
    vif = _antecedent_vif(fit)
    return pd.DataFrame(
        {
            "source": names[sources],
            "target": names[targets],
            "estimate": solved.paths[sources, targets, 0] / fit.units[sources],
            "f2": f2[sources, targets],
            "f2_reestimated": again[sources, targets],
            "vif": vif[sources, targets],
        }
    )


def _antecedent_vif(fit: PlsFit) -> np.ndarray:
    """Among the causes of each construct; nan where there is only one."""
    between = fit.solved.correlations[:, :, 0]
    found = np.full(between.shape, np.nan)
    for target, causes in enumerate(fit.model.design.causes):
        if len(causes) > 1:
            found[causes, target] = measures.variance_inflation(between[np.ix_(causes, causes)])
    return found


def loadings_table(fit: PlsFit) -> pd.DataFrame:
    """Indicators with loading, weight and collinearity within the block."""
    design = fit.model.design
    vif = np.full(design.indicators, np.nan)
    for block, size in zip(design.blocks, design.sizes, strict=True):
        if size > 1:
            vif[block] = measures.variance_inflation(fit.cor[block, block])
    return pd.DataFrame(
        {
            "construct": np.array(fit.model.constructs, dtype=object)[design.owner],
            "item": fit.model.items,
            "loading": fit.solved.loadings[:, 0],
            "weight": fit.weighting.weights[:, 0],
            "vif": vif,
        }
    )


def r2_table(fit: PlsFit) -> pd.DataFrame:
    """Explained variance of constructs that something explains."""
    counts = np.array([len(causes) for causes in fit.model.design.causes])
    r2 = fit.solved.r2[:, 0]
    left = np.where(fit.n_obs > counts + 1, fit.n_obs - counts - 1, np.nan)
    adjusted = 1 - (1 - r2) * (fit.n_obs - 1) / left
    table = pd.DataFrame({"construct": fit.model.constructs, "r2": r2, "r2_adjusted": adjusted})
    return table[counts > 0].reset_index(drop=True)


def reliability_table(fit: PlsFit) -> pd.DataFrame:
    """Reliability of the constructs, and a reason where it does not apply."""
    design = fit.model.design
    found = measures.quality(fit.cor, fit.solved.loadings[:, 0], _rho(fit), design)
    single = [size == 1 for size in design.sizes]
    reason = np.where(single, "single_item", np.where(np.array(design.modes) == "B", "formative", ""))
    crossed = np.isin(fit.model.constructs, list(fit.model.products))
    reason = np.where(crossed, "product", reason)
    numbers = [np.where(crossed, np.nan, part) for part in (found.alpha, found.rho_a, found.rho_c, found.ave)]
    return pd.DataFrame(
        {
            "construct": fit.model.constructs,
            "items": design.sizes,
            "mode": design.modes,
            "alpha": numbers[0],
            "rho_a": numbers[1],
            "rho_c": numbers[2],
            "ave": numbers[3],
            "reason": reason,
        }
    )


def _rho(fit: PlsFit) -> np.ndarray:
    """rho_A of every block of mode A, also of those whose correlations are not corrected by it."""
    found = fit.solved.rho_a[:, 0].copy()
    for place, block in enumerate(fit.model.design.blocks):
        if fit.model.design.modes[place] == "A" and fit.model.design.sizes[place] > 1:
            weights = fit.weighting.weights[block]
            found[place] = rho_a(fit.cor[block, block][:, :, None], weights)[0]
    return found


def htmt_table(fit: PlsFit, method: Method = "htmt") -> pd.DataFrame:
    """Heterotrait-monotrait ratios below the diagonal."""
    several = fit.model.compared
    blocks = [range(*fit.model.design.blocks[place].indices(len(fit.cor))) for place in several]
    names = [fit.model.constructs[place] for place in several]
    matrix = np.full((len(names), len(names)), np.nan)
    first, second = pairs(len(names))
    if len(names) > 1:
        matrix[second, first] = htmt_ratios(fit.cor, blocks, method)
    return pd.DataFrame(matrix, names, names)


def fornell_larcker_table(fit: PlsFit) -> pd.DataFrame:
    """Roots of AVE on the diagonal, construct correlations below it."""
    names = fit.model.constructs
    matrix = np.where(np.tri(len(names), k=-1) > 0, fit.solved.correlations[:, :, 0], np.nan)
    np.fill_diagonal(matrix, np.sqrt(fit.reliability["ave"]))
    return pd.DataFrame(matrix, names, names)


def effects_table(fit: PlsFit) -> pd.DataFrame:
    """Direct, indirect and total effects along all routes."""
    total, direct = (part[:, :, 0] / fit.units[:, None] for part in (fit.solved.total, fit.solved.paths))
    sources, targets = np.nonzero(fit._reaches())
    names = np.array(fit.model.constructs, dtype=object)
    return pd.DataFrame(
        {
            "source": names[sources],
            "target": names[targets],
            "direct": direct[sources, targets],
            "indirect": (total - direct)[sources, targets],
            "total": total[sources, targets],
        }
    )


def fit_table(fit: PlsFit) -> pd.DataFrame:
    """Distances between the sample's correlations and the model's, if the model says something about all of them."""
    rows = []
    silent = bool(fit.model.repeated) or fit.known is not None
    for name, estimated in (("estimated", True), ("saturated", False)):
        if silent:
            rows.append((name, np.nan, np.nan, np.nan))
            continue
        cor = fit.cor[:, :, None]
        found = measures.distance(cor, measures.implied_correlations(cor, fit.solved, fit.model.design, estimated))
        rows.append((name, float(found.srmr[0]), float(found.d_uls[0]), float(found.d_g[0])))
    return pd.DataFrame(rows, columns=["model", "srmr", "d_uls", "d_g"])
