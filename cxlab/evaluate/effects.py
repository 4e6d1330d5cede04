"""Direct, indirect and total effects with standard errors; for one fit or for many at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cxlab.errors import ModelError, Notice
from cxlab.evaluate.fitted import Fitted, free_rows, row_values
from cxlab.evaluate.paths import Effect, EffectPlan, effect_plan
from cxlab.evaluate.spreads import Spreads, assembled
from cxlab.evaluate.standardised import delta_columns
from cxlab.i18n.shown import Shown
from cxlab.specify.matrix_map import BETA, Matrices, matrices
from cxlab.specify.partable import ParTable

COLUMNS = (
    *("group", "from", "to", "kind", "via", "est", "se", "z", "pvalue", "ci_lower", "ci_upper"),
    *("std_all", "std_se", "std_ci_lower", "std_ci_upper"),
)
ARROW = " → "


def effect_values(
    table: ParTable,
    theta: np.ndarray,
    fixed: np.ndarray | None = None,
    *,
    standardised: bool = False,
    plan: EffectPlan | None = None,
) -> np.ndarray:
    """All effects of a model. Batch-safe: theta (..., q) gives (..., groups, effects).

    When to use it: inside a bootstrap, on the estimates of all replicates at once; for one fit use `effects_table`,
    which lists the same effects in the same order within each group.

    Parameters
    ----------
    table : ParTable
        With the sample's moments at the rows of fixed covariates.
    theta : ndarray (..., q)
        Free parameters in the data's units.
    fixed : ndarray (..., rows), optional
        Fixed values of each replicate; see `exogenous_rows`. They matter to standardised effects only.
    standardised : bool
        In standard deviations of the outcome for one standard deviation of the source.
    plan : EffectPlan, optional
        Which effects; default all, see `effect_plan`.
    """
    places = matrices(table)
    chosen = plan or effect_plan(places)
    values = row_values(table, theta, fixed)
    found = _raw_values(assembled(places, values).beta, chosen)
    return standardised_effects(places, found, Spreads.of(places, values), chosen) if standardised else found


def standardised_effects(places: Matrices, effects: np.ndarray, spreads: Spreads, plan: EffectPlan) -> np.ndarray:
    """Effects (..., groups, effects) in standard deviations of the outcome for one of the source."""
    source, target = _variables(places, plan)
    spread = np.sqrt(spreads.registers)
    return np.asarray(effects * spread[..., source] / spread[..., target])


def effects_table(
    fitted: Fitted,
    *,
    source: str | Iterable[str] | None = None,
    target: str | Iterable[str] | None = None,
    level: float = 0.95,
    most_routes: int = 500,
) -> pd.DataFrame:
    """Every direct, indirect and total effect between the variables of a model's paths.

    When to use it: mediation, and any model in which a construct works through others. Intervals are of the delta
    method, which is symmetric; for a small indirect effect prefer the bootstrap's.

    Parameters
    ----------
    fitted : Fitted
        With `vcov`.
    source, target : str or iterable of str, optional
        Only effects from, or on, these variables.
    level : float
        Confidence level, between 0 and 1.
    most_routes : int
        At most so many indirect routes are listed one by one; sums are always complete.

    Returns
    -------
    DataFrame
        group, from, to, kind (``direct``, ``indirect`` along one route, ``total_indirect`` where routes are several,
        ``total``), via (the variables between, joined by an arrow), est, se, z, pvalue, ci_lower, ci_upper, std_all,
        std_se, std_ci_lower, std_ci_upper. In a model whose paths run in a circle routes have no end: direct,
        total_indirect and total effects only.

    Raises
    ------
    ModelError
        A `source` or `target` that is not in the model's paths.

    Notes
    -----
    Total effects are (I - B)^-1 - I (Bollen, 1987), a route's effect the product of its paths; standard errors J V J'
    with J in closed form. Equals products and sums written with ``:=`` in lavaan.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("m ~ a*x; y ~ b*m + c*x").partable()
    >>> theta, cov = [0.5, 0.4, 0.2, 0.75, 0.7], [[1.0, 0.5, 0.5], [0.5, 1.0, 0.4], [0.5, 0.4, 1.0]]
    >>> fitted = Fitted.of(table, theta, cov, 100, vcov=np.diag([0.0075] * 5))
    >>> found = effects_table(fitted, source="x", target="y")
    >>> found[["kind", "via", "est", "se"]].round(4).to_numpy().tolist()
    [['direct', '', 0.2, 0.0866], ['indirect', 'm', 0.2, 0.0555], ['total', '', 0.4, 0.1028]]
    """
    places, groups = fitted.places, range(1, fitted.table.n_groups + 1)
    plan = _chosen(effect_plan(places, most_routes), places, source, target)
    raw, std = effect_values(fitted.table, fitted.theta, plan=plan), _standardised(fitted, plan)
    raw_slopes, std_slopes = effect_jacobians(fitted, plan)
    names = places.latent
    frames = []
    for group in groups:
        at = group - 1
        labels = [
            (group, names[one.source], names[one.target], one.kind, ARROW.join(names[step] for step in one.route[1:-1]))
            for one in plan.effects
        ]
        columns = delta_columns(raw[at], raw_slopes[at], fitted.vcov, level)
        other = delta_columns(std[at], std_slopes[at], fitted.vcov, level, "std_all", 1e-7)
        other = other.rename(columns={name: f"std_{name}" for name in ("se", "ci_lower", "ci_upper")})
        left = pd.DataFrame(labels, columns=list(COLUMNS[:5]))
        frames.append(pd.concat([left, columns, other[list(COLUMNS[-4:])]], axis=1))
    return pd.concat(frames, ignore_index=True)


def effects_notices(fitted: Fitted, most_routes: int = 500) -> tuple[Notice, ...]:
    """What to know before total effects are read: circles, circles that do not settle, routes not listed."""
    plan = effect_plan(fitted.places, most_routes)
    found = []
    if plan.omitted:
        found.append(Notice("evaluation.routes_omitted", {"count": plan.omitted, "listed": most_routes}))
    if plan.circular:
        growth = float(np.abs(np.linalg.eigvals(fitted.matrices.beta)).max())
        if growth >= 1:
            found.append(Notice("evaluation.circle_grows", {"growth": Shown(growth, 2)}, serious=True))
        else:
            found.append(Notice("evaluation.circle", {"growth": Shown(growth, 2)}))
    return tuple(found)


def effect_jacobians(fitted: Fitted, plan: EffectPlan) -> tuple[np.ndarray, np.ndarray]:
    """Derivatives of raw and of standardised effects by the free parameters; each (groups, effects, q)."""
    places, free = fitted.places, free_rows(fitted.table)
    values = fitted.estimates
    spreads = Spreads.of(places, values)
    beta = assembled(places, values).beta
    rows = _row_slopes(places, beta, spreads.total_effect, plan)
    source, target = _variables(places, plan)
    scale = np.sqrt(spreads.registers[:, source] / spreads.registers[:, target])
    log_slopes = spreads.log_slopes(places)
    lean = (log_slopes[:, source] - log_slopes[:, target]) / 2
    raw = _raw_values(beta, plan)
    std = scale[..., None] * (rows + raw[..., None] * lean)
    return rows[..., free], std[..., free]


def _row_slopes(places: Matrices, beta: np.ndarray, total: np.ndarray, plan: EffectPlan) -> np.ndarray:
    """Derivatives of raw effects by the rows of the table (groups, effects, rows)."""
    slopes = np.zeros((places.n_groups, len(plan.effects), len(places.matrix)))
    for row in np.flatnonzero(places.matrix == BETA):
        to, by, group = int(places.row[row]), int(places.col[row]), int(places.group[row])
        for position, effect in enumerate(plan.effects):
            if effect.route:
                slopes[group, position, row] = _route_slope(beta[group], effect.route, to, by)
            else:
                change = total[group, effect.target, to] * total[group, by, effect.source]
                own = effect.kind == "total_indirect" and (to, by) == (effect.target, effect.source)
                slopes[group, position, row] = change - own
    return slopes


def _route_slope(beta: np.ndarray, route: tuple[int, ...], to: int, by: int) -> float:
    steps = list(zip(route[1:], route[:-1], strict=True))
    if (to, by) not in steps:
        return 0.0
    return float(np.prod([beta[step] for step in steps if step != (to, by)]))


def _raw_values(beta: np.ndarray, plan: EffectPlan) -> np.ndarray:
    """Effects from B (..., groups, m, m): (..., groups, effects)."""
    size = beta.shape[-1]
    total = np.linalg.inv(np.eye(size) - beta) - np.eye(size)
    found = np.zeros((*beta.shape[:-2], len(plan.effects)))
    for position, effect in enumerate(plan.effects):
        if effect.route:
            steps = zip(effect.route[1:], effect.route[:-1], strict=True)
            found[..., position] = np.prod([beta[..., to, by] for to, by in steps], axis=0)
        else:
            direct = beta[..., effect.target, effect.source] if effect.kind == "total_indirect" else 0.0
            found[..., position] = total[..., effect.target, effect.source] - direct
    return found


def _standardised(fitted: Fitted, plan: EffectPlan) -> np.ndarray:
    return effect_values(fitted.table, fitted.theta, standardised=True, plan=plan)


def _variables(places: Matrices, plan: EffectPlan) -> tuple[list[int], list[int]]:
    """Registers of the total variances of every effect's two ends."""
    p = len(places.observed)
    return [p + effect.source for effect in plan.effects], [p + effect.target for effect in plan.effects]


def _chosen(
    plan: EffectPlan, places: Matrices, source: str | Iterable[str] | None, target: str | Iterable[str] | None
) -> EffectPlan:
    """The effects between the variables asked for."""
    ends = {
        "source": {places.latent[effect.source] for effect in plan.effects},
        "target": {places.latent[effect.target] for effect in plan.effects},
    }
    wanted: dict[str, set[str]] = {}
    for side, given in (("source", source), ("target", target)):
        names = ends[side] if given is None else set([given] if isinstance(given, str) else given)
        unknown = sorted(names - ends[side])
        if unknown:
            known = ", ".join(name for name in places.latent if name in ends[side]) or "–"
            raise ModelError(f"evaluation.no_{side}", name=", ".join(unknown), known=known)
        wanted[side] = names

    def asked(effect: Effect) -> bool:
        return places.latent[effect.source] in wanted["source"] and places.latent[effect.target] in wanted["target"]

    return EffectPlan(tuple(effect for effect in plan.effects if asked(effect)), plan.circular, plan.omitted)
