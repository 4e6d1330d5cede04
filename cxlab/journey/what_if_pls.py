"""Raising the constructs of a PLS path model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cxlab.analyses.pls_made import refuse_stages
from cxlab.analyses.pls_result import PlsFit
from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, Notice
from cxlab.estimate.retention import Array
from cxlab.journey.what_if import Scenario
from cxlab.journey.what_if_parts import held_back, mean_ends, mean_raises, raised_by, resampled_rows


def pls_scenario(
    fit: PlsFit,
    asked: Mapping[str, float],
    target: str,
    ends: Mapping[str, tuple[float, float]],
    n_boot: int,
    seed: int,
) -> Scenario:
    """Total effects between scores that are weighted means of answers, times the raise that the scale leaves room for.

    A score's weights are the model's divided by the items' standard deviations, made to sum to 1; the standardised
    score then has the standard deviation 1 over their sum, so that the raw effect is the standardised one times the
    driver's sum over the target's.
    """
    refuse_stages(fit.model, "cx.what_if()")
    constructs, design = fit.model.constructs, fit.model.design
    check_constructs(asked, target, constructs, {(a, b) for a, b in fit.total_effects[["source", "target"]].to_numpy()})
    values = fit.frame.to_numpy()
    rows = resampled_rows(len(values), n_boot, seed)
    boot = fit.bootstrap(n_boot, indices=rows)
    sums = np.vstack(
        [_sums(fit, values[None], fit.weighting.weights[:, 0][None]), _resampled_sums(fit, values, rows, boot)]
    )
    place = {name: k for k, name in enumerate(constructs)}
    known = {**fit.ends, **ends}
    raw = fit.weighting.weights[:, 0] / values.std(axis=0, ddof=1)
    total = fit.total_effects.set_index(["source", "target"])["total"]
    moves, effects, current, most, capped = [], [], [], [], []
    for driver, points in asked.items():
        score, low, high = _score(fit, values, raw, place[driver], known)
        move = raised_by(score, points, low, high)
        own = np.concatenate([[total[driver, target]], boot.replicates[f"total: {driver} → {target}"]])
        effects.append(own * sums[:, place[driver]] / sums[:, place[target]])
        moves.append(move)
        current.append(score.mean())
        most.append(high if points > 0 else low)
        capped.append(held_back(move, points))
    raised = mean_raises(np.column_stack(moves), rows)
    aim, _, highest = _score(fit, values, raw, place[target], known)
    return Scenario(
        tuple(asked), raised, raised * np.column_stack(effects), np.array(current), np.array(most), np.array(capped),
        target, float(aim.mean()), highest, fit.labels, (*_simulated(fit), *_negative(fit, raw, asked, target, design)),
    )  # fmt: skip


def check_constructs(
    asked: Mapping[str, float], target: str, constructs: list[str] | tuple[str, ...], routes: set[tuple[str, str]]
) -> None:
    """An error that names a construct the model lacks, or one from which no route leads to the target."""
    for name in (target, *asked):
        if name not in constructs:
            hint, known = did_you_mean(name, list(constructs)), ", ".join(constructs)
            raise ModelError("management.unknown_construct", name=name, hint=hint, known=known)
    for name in asked:
        if (name, target) not in routes:
            leads = ", ".join(sorted(source for source, end in routes if end == target)) or "–"
            raise ModelError("management.no_route", name=name, target=target, known=leads)


def _score(
    fit: PlsFit, values: Array, raw: Array, place: int, ends: Mapping[str, tuple[float, float]]
) -> tuple[Array, float, float]:
    """A construct's weighted mean of answers (n,), and the ends of its scale."""
    block = fit.model.design.blocks[place]
    share = raw[block] / raw[block].sum()
    low, high = mean_ends(fit.model.items[block], share, ends)
    return values[:, block] @ share, low, high


def _sums(fit: PlsFit, values: Array, weights: Array) -> Array:
    """Sums of the raw weights of each construct (R, J); `values` (R, n, items), `weights` (R, items)."""
    return np.add.reduceat(weights / values.std(axis=1, ddof=1), fit.model.design.starts, axis=1)


def _resampled_sums(fit: PlsFit, values: Array, rows: np.ndarray, boot: object) -> Array:
    table = boot.replicates  # type: ignore[attr-defined]
    weights = table[[name for name in table.columns if name.startswith("weight: ")]].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = [_sums(fit, values[one][None], own[None]) for one, own in zip(rows, weights, strict=True)]
    return np.vstack(parts)


def _simulated(fit: PlsFit) -> list[Notice]:
    return [notice for notice in fit.warnings if notice.key == "analyses.simulated"]


def _negative(fit: PlsFit, raw: Array, asked: Mapping[str, float], target: str, design: object) -> list[Notice]:
    owner = design.owner  # type: ignore[attr-defined]
    used = [fit.model.constructs.index(name) for name in (*asked, target)]
    items = [item for item, own, weight in zip(fit.model.items, owner, raw, strict=True) if own in used and weight < 0]
    return [Notice("pls.negative_weights", {"items": ", ".join(items)}, serious=True)] if items else []
