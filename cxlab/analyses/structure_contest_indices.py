"""From fitted structures to what a general factor and its components carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_blocks import Blocks
from cxlab.evaluate.omega import BifactorIndices, bifactor_indices, schmid_leiman

GENERAL_COLUMNS = ["structure", "omega_total", "omega_h", "ecv", "puc", "h", "determinacy"]
GROUP_COLUMNS = ["structure", "construct", "n_items", "loading", "omega_s", "omega_hs", "ecv", "h", "determinacy"]
ITEM_COLUMNS = ["structure", "construct", "item", "general", "group", "item_ecv"]
_ORDERED = ("second_order", "bifactor")


def general_table(fits: Mapping[str, SemFit], blocks: Blocks, general: str) -> pd.DataFrame:
    """One row a converged structure: omegas, explained common variance, H and determinacy of the general factor."""
    rows = []
    for name, fit in _converged(fits):
        row: dict[str, Any] = {"structure": name}
        if name in _ORDERED:
            found = _indices(name, fit, blocks, general)
            row |= {key: getattr(found, key) for key in GENERAL_COLUMNS[1:]}
        else:
            row |= _plain(name, fit, blocks, general)
        rows.append(row)
    return pd.DataFrame(rows, columns=GENERAL_COLUMNS)


def group_table(fits: Mapping[str, SemFit], blocks: Blocks, general: str) -> pd.DataFrame:
    """One row a construct of the second-order and the bifactor model: what its score holds."""
    rows = []
    for name, fit in _converged(fits, _ORDERED):
        found = _indices(name, fit, blocks, general)
        second = _second(fit, blocks, general) if name == "second_order" else np.full(len(blocks), np.nan)
        for place, (construct, items) in enumerate(blocks.items()):
            rows.append(
                {
                    "structure": name,
                    "construct": construct,
                    "n_items": len(items),
                    "loading": second[place],
                    "omega_s": found.omega_s[place],
                    "omega_hs": found.omega_hs[place],
                    "ecv": found.group_ecv[place],
                    "h": found.group_h[place],
                    "determinacy": found.group_determinacy[place],
                }
            )
    return pd.DataFrame(rows, columns=GROUP_COLUMNS)


def item_table(fits: Mapping[str, SemFit], blocks: Blocks, general: str) -> pd.DataFrame:
    """One row an item: standardised loadings on the general and on its group factor, share of the former."""
    rows = []
    owners = [(construct, item) for construct, items in blocks.items() for item in items]
    for name, fit in _converged(fits, _ORDERED):
        on_general, on_group = _loadings(name, fit, blocks, general)
        found = bifactor_indices(on_general, on_group)
        for place, (construct, item) in enumerate(owners):
            own = on_group[place, list(blocks).index(construct)]
            rows.append((name, construct, item, on_general[place], own, found.item_ecv[place]))
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def _converged(fits: Mapping[str, SemFit], names: Sequence[str] | None = None) -> list[tuple[str, SemFit]]:
    return [(name, fit) for name, fit in fits.items() if fit.converged and (names is None or name in names)]


def _indices(name: str, fit: SemFit, blocks: Blocks, general: str) -> BifactorIndices:
    return bifactor_indices(*_loadings(name, fit, blocks, general))


def _loadings(name: str, fit: SemFit, blocks: Blocks, general: str) -> tuple[np.ndarray, np.ndarray]:
    """General (p,) and group (p, k) loadings, standardised, each factor turned so that its loadings sum above zero."""
    first = np.column_stack([_of(fit, construct, blocks) for construct in blocks])
    if name == "second_order":
        on_general, on_group = schmid_leiman(first, _second(fit, blocks, general))
    else:
        on_general, on_group = _of(fit, general, blocks), first
    return on_general * _sign(on_general.sum()), on_group * _sign(on_group.sum(axis=0))


def _of(fit: SemFit, factor: str, blocks: Blocks) -> np.ndarray:
    """Standardised loadings of all items on one factor; 0 where there is none."""
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["lhs"] == factor)]
    held = dict(zip(rows["rhs"], rows["std_all"], strict=True))
    return np.array([held.get(item, 0.0) for items in blocks.values() for item in items])


def _second(fit: SemFit, blocks: Blocks, general: str) -> np.ndarray:
    """Standardised loadings of the constructs on the second-order factor."""
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["lhs"] == general)]
    held = dict(zip(rows["rhs"], rows["std_all"], strict=True))
    return np.array([held[construct] for construct in blocks])


def _sign(total: np.ndarray) -> np.ndarray:
    return np.where(total < 0, -1.0, 1.0)


def _plain(name: str, fit: SemFit, blocks: Blocks, general: str) -> dict[str, float]:
    """Share of the total score that all factors explain, where none of them is general above others."""
    factors = [general] if name == "one_factor" else list(blocks)
    loadings = np.column_stack([_of(fit, factor, blocks) for factor in factors])
    cor = fit.latent_cor.loc[factors, factors].to_numpy()  # type: ignore[union-attr]
    common = loadings @ cor @ loadings.T
    implied = common.copy()
    np.fill_diagonal(implied, 1.0)
    found = {"omega_total": float(common.sum() / implied.sum())}
    if name == "one_factor":
        alone = bifactor_indices(loadings[:, 0], np.zeros((len(loadings), 0)))
        found |= {"h": alone.h, "determinacy": alone.determinacy}
    return found
