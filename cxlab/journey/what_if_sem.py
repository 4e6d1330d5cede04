"""Raising the latent variables of a structural equation model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxlab.analyses.sem_result import SemFit
from cxlab.errors import EstimationError, ModelError, NotSupportedError
from cxlab.estimate.retention import Array
from cxlab.journey.what_if import Scenario
from cxlab.journey.what_if_parts import held_back, mean_ends, mean_raises, raised_by, resampled_rows
from cxlab.journey.what_if_pls import check_constructs


def sem_scenario(
    fit: SemFit,
    asked: Mapping[str, float],
    target: str,
    ends: Mapping[str, tuple[float, float]],
    n_boot: int,
    seed: int,
) -> Scenario:
    """Total effects in points of the mean of a variable's items, times the raise that the scale leaves room for.

    A latent change of 1 moves the mean of the items by the mean of their loadings; so does the target's. The ratio does
    not depend on how the latent variables were scaled.
    """
    answers = _answers(fit)
    effects = fit.effects()
    totals = effects[effects["kind"] == "total"]
    names = sorted({str(name) for name in (*totals["from"], *totals["to"])})
    check_constructs(asked, target, names, set(zip(totals["from"], totals["to"], strict=True)))
    rows = resampled_rows(len(answers), n_boot, seed)
    boot = fit.bootstrap(n_boot, indices=rows)
    held, routes = boot.replicates("est"), boot.replicates("effects")
    known = {**_ends(fit), **ends}
    moves, ratios, current, most, capped = [], [], [], [], []
    for driver, points in asked.items():
        score, low, high = _score(fit, answers, driver, known)
        move = raised_by(score, points, low, high)
        row = totals[(totals["from"] == driver) & (totals["to"] == target)].iloc[0]
        now = float(row["est"]) * _unit(fit, target, None)[0] / _unit(fit, driver, None)[0]
        again = routes[f"{driver} → {target}: total"].to_numpy()
        ratios.append(np.concatenate([[now], again * _unit(fit, target, held) / _unit(fit, driver, held)]))
        moves.append(move)
        current.append(score.mean())
        most.append(high if points > 0 else low)
        capped.append(held_back(move, points))
    raised = mean_raises(np.column_stack(moves), rows)
    aim, _, top = _score(fit, answers, target, known)
    simulated = tuple(notice for notice in fit.warnings if notice.key == "analyses.simulated")
    return Scenario(
        tuple(asked), raised, raised * np.column_stack(ratios), np.array(current), np.array(most), np.array(capped),
        target, float(aim.mean()), top, fit.labels, simulated,
    )  # fmt: skip


def _answers(fit: SemFit) -> pd.DataFrame:
    """The rows behind the fit, gaps as nan; an error where no scale points can be told from the model."""
    if fit.groups:
        raise NotSupportedError("management.what_if_groups", groups=", ".join(fit.groups))
    if not fit.converged:
        raise EstimationError("management.what_if_not_converged")
    if fit.options.ordered:
        raise NotSupportedError("management.what_if_ordered")
    values = fit.sample.values
    if values is None:
        raise ModelError("management.what_if_rows")
    return pd.DataFrame(np.asarray(values[0]), columns=list(fit.sample.names))


def _measured_by(fit: SemFit, name: str) -> list[str]:
    table = fit.estimates
    return [str(one) for one in table["rhs"][(table["lhs"] == name) & (table["op"] == "=~")]]


def _loading(fit: SemFit, name: str, item: str, held: pd.DataFrame | None) -> Array:
    if held is not None:
        return held[f"{name}=~{item}"].to_numpy()
    table = fit.estimates
    row = table[(table["lhs"] == name) & (table["op"] == "=~") & (table["rhs"] == item)]
    return row["est"].to_numpy()


def _unit(fit: SemFit, name: str, held: pd.DataFrame | None) -> Array:
    """By how much the mean of its items moves if the variable moves by 1; for an observed one 1."""
    items = _measured_by(fit, name)
    if not items:
        return np.ones(1)
    signs = _signs(fit, name)
    parts = [signs[item] * _loading(fit, name, item, held) * _unit(fit, item, held) for item in items]
    return np.asarray(np.mean(parts, axis=0))


def _signs(fit: SemFit, name: str) -> dict[str, float]:
    """+1 for items that go with the variable, -1 for those turned; most of them count as going with it."""
    items = _measured_by(fit, name)
    signs = {item: float(np.sign(_loading(fit, name, item, None)[0]) or 1.0) for item in items}
    return signs if sum(signs.values()) >= 0 else {item: -sign for item, sign in signs.items()}


def _score(
    fit: SemFit, answers: pd.DataFrame, name: str, ends: Mapping[str, tuple[float, float]]
) -> tuple[Array, float, float]:
    """The mean of a variable's answers (items that turn the other way turned), and the ends of its scale."""
    items = _measured_by(fit, name)
    if not items:
        low, high = mean_ends([name], np.ones(1), ends)
        return answers[name].fillna(answers[name].mean()).to_numpy(), low, high
    signs = _signs(fit, name)
    parts = [_turned(_score(fit, answers, item, ends), signs[item]) for item in items]
    score = np.mean([part[0] for part in parts], axis=0)
    return np.asarray(score), float(np.mean([part[1] for part in parts])), float(np.mean([part[2] for part in parts]))


def _turned(part: tuple[Array, float, float], sign: float) -> tuple[Array, float, float]:
    score, low, high = part
    if sign > 0:
        return part
    return low + high - score, low, high


def _ends(fit: SemFit) -> dict[str, tuple[float, float]]:
    """The ends of the items' scales from the codebook behind the fit."""
    survey = fit.request.survey
    if survey is None:
        return {}
    items = survey.codebook.items
    return {
        name: (float(item.min), float(item.max))
        for name, item in items.items()
        if item.min is not None and item.max is not None
    }
