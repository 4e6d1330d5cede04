"""`cx.alignment`: means of many groups on one scale when exact invariance does not hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlab.analyses.alignment_result import Alignment
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity_base import checked_fit
from cxlab.analyses.validity_blocks import of_fit
from cxlab.errors import DataError, IdentificationError, ModelError, Notice, NotSupportedError
from cxlab.evaluate.alignment import (
    EPSILON,
    KINDS,
    Aligned,
    Array,
    Configural,
    Kind,
    align,
    component_loss,
    in_first_metric,
    invariant_groups,
    r_squared,
    sensitivity,
)
from cxlab.evaluate.rules import interpret, rule_limit
from cxlab.i18n.shown import Shown

RULE = "muthen_asparouhov_2014"
ITEM_COLUMNS = (
    "construct", "item", "kind", "average", "lowest", "highest", "r2", "loss_share", "n_differing", "differing",
)  # fmt: skip
_STEP = 1e-6
# A first mean whose standard error is beyond half a standard deviation says nothing.
_WEAK = 0.5


def alignment(
    fit: SemFit,
    kind: str = "fixed",
    *,
    epsilon: float = EPSILON,
    starts: int = 20,
    seed: int = 1,
    level: float = 0.95,
) -> Alignment:
    """Latent means and variances of groups when loadings and intercepts are only approximately equal.

    When to use it: many groups (years, countries, branches), where the scalar model fails though most items behave
    alike. Alignment looks for the means and variances under which a few parameters differ much and the others hardly.
    With two or three groups prefer `Invariance.release`.

    Parameters
    ----------
    fit : SemFit
        A model of several groups without equality across groups, from ``cx.cfa(..., group=...)``; each item measures
        one construct. ``cx.invariance(...).alignment()`` passes its own.
    kind : {"fixed", "free"}
        "fixed" takes the first group's mean as 0; "free" estimates it, which needs loadings that differ.
    epsilon : float
        Smoothing of the loss at zero; differences below its root count as none.
    starts, seed : int
        Starting points of the search and their seed.
    level : float
        Confidence level.

    Returns
    -------
    Alignment
        ``.table``: construct group n mean se ci_lower ci_upper sd sd_se difference (to the first group). ``.items``:
        construct item kind average lowest highest r2 loss_share n_differing differing. ``.parameters``: construct item
        kind group estimate se invariant. ``.fit_function``: construct kind start value hits. ``.share``: share of
        loadings and intercepts that differ.

    Raises
    ------
    ModelError
        One group, equality across groups, an item of two constructs, an unknown kind.
    IdentificationError
        ``kind="free"`` with loadings too alike.
    DataError
        A construct with one item.

    Notes
    -----
    Minimises F = sum_p sum_{g<h} sqrt(n_g n_h) [f(lambda_pg - lambda_ph) + f(nu_pg - nu_ph)], f(x) = sqrt(sqrt(x^2 +
    epsilon)), over the factor means and standard deviations, whose product is held at 1 (Asparouhov & Muthén, 2014);
    printed in the first group's standard deviations. The fit is the configural model's: alignment changes no moment.
    Standard errors by the delta method through the minimum. In ``.items`` a group differs from the largest invariant
    set (pairs at p < .01, against the set's average at p < .001). Checked against the function written out and
    minimised in R, and by recovery of simulated truths; no other package's numbers were at hand.

    Examples
    --------
    >>> import cxlab as cx
    >>> from semopy.examples.holzinger39 import get_data
    >>> fit = cx.cfa("textual =~ x4 + x5 + x6", get_data(), group="school")
    >>> found = alignment(fit)
    >>> found.table[["group", "mean", "sd"]].round(2).to_numpy().tolist()
    [['Pasteur', 0.0, 1.0], ['Grant-White', 0.61, 1.03]]
    """
    if kind not in KINDS:
        raise ModelError("invariance.unknown_alignment", kind=kind, known=", ".join(KINDS))
    check_level(level)
    blocks = _checked(fit)
    chosen: Kind = kind
    parts = [_construct(fit, name, items, chosen, epsilon, starts, seed) for name, items in blocks.items()]
    tables = {
        key: pd.concat([part[key] for part in parts], ignore_index=True) for key in ("table", "parameters", "items")
    }
    reach = float(ndtri(0.5 + level / 2))
    table = tables["table"]
    table["ci_lower"], table["ci_upper"] = table["mean"] - reach * table["se"], table["mean"] + reach * table["se"]
    share = float(1 - tables["parameters"]["invariant"].mean())
    return Alignment(
        table=table,
        parameters=tables["parameters"],
        items=tables["items"],
        fit_function=pd.DataFrame([part["function"] for part in parts]),
        share=share,
        warnings=(*_notices(parts, starts, fit), _verdict(share)),
        kind=chosen,
        epsilon=epsilon,
        level=level,
        n_obs=fit.n_obs,
        labels=fit.labels,
        group_names=_group_names(fit),
        simulated=fit.simulated,
    )


def _checked(fit: object) -> dict[str, tuple[str, ...]]:
    """Items by construct of a fit that can be aligned."""
    found = checked_fit(fit)
    if found.fitted.ordinal:
        raise NotSupportedError("invariance.ordered_alignment")
    if len(found.groups) < 2:
        raise ModelError("invariance.aligned_needs_groups")
    if found.fitted.table.functions.n_equalities:
        raise ModelError("invariance.aligned_needs_configural")
    if not found.fitted.table.meanstructure:
        raise ModelError("invariance.aligned_no_means")
    owner: dict[str, str] = {}
    for construct, items in of_fit(found).items():
        if len(items) < 2:
            raise DataError("invariance.aligned_few_items", construct=construct, count=len(items))
        for item in items:
            if item in owner:
                raise ModelError("invariance.aligned_cross_loading", item=item, first=owner[item], second=construct)
            owner[item] = construct
    return {construct: tuple(items) for construct, items in of_fit(found).items()}


def _construct(
    fit: SemFit, name: str, items: tuple[str, ...], kind: Kind, epsilon: float, starts: int, seed: int
) -> dict[str, Any]:
    """One construct aligned: its rows of every table."""
    found = _configural(fit, fit.fitted.theta, name, items)
    solution = align(found, kind, epsilon=epsilon, starts=starts, seed=seed)
    if not solution.identified:
        raise IdentificationError("invariance.free_not_identified", construct=name)
    slopes = sensitivity(solution, found, epsilon) @ _slopes(fit, name, items)
    vcov = fit.fitted.vcov
    assert vcov is not None  # noqa: S101 - a converged fit has one
    covariance = slopes @ vcov @ slopes.T
    means, sds, loadings, intercepts = in_first_metric(solution, found)
    groups, count = found.loadings.shape
    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    table = pd.DataFrame({"construct": name, "group": fit.groups, "n": found.n_obs.astype(int), "mean": means,
                          "se": se[:groups], "sd": sds, "sd_se": se[groups : 2 * groups],
                          "difference": means - means[0]})  # fmt: skip
    shares, r2 = _loss_shares(solution, found, epsilon), r_squared(found, means, sds, loadings, intercepts)
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for half, (one, values) in enumerate((("loading", loadings), ("intercept", intercepts))):
        for place, item in enumerate(items):
            key = {"construct": name, "item": item, "kind": one}
            at = 2 * groups + half * groups * count + np.arange(groups) * count + place
            own, line = _parameter(fit.groups, values[:, place], covariance[np.ix_(at, at)])
            rows += [key | row for row in own]
            shown = {"r2": float(r2[half][place]), "loss_share": float(shares[half, place])}
            lines.append(key | line | shown)
    function = {"construct": name, "kind": kind, "start": solution.start, "value": solution.value}
    return {"table": table, "parameters": pd.DataFrame(rows), "items": pd.DataFrame(lines)[list(ITEM_COLUMNS)],
            "function": function | {"hits": solution.hits}}  # fmt: skip


def _parameter(
    groups: tuple[str, ...], values: Array, covariance: Array
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One loading or intercept: its row for each group, and its line over all groups."""
    member, average = invariant_groups(values, covariance)
    se = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    rows = [
        {"group": group, "estimate": float(value), "se": float(error), "invariant": bool(inside)}
        for group, value, error, inside in zip(groups, values, se, member, strict=True)
    ]
    differing = [group for group, inside in zip(groups, member, strict=True) if not inside]
    line = {"average": average, "lowest": float(values.min()), "highest": float(values.max())}
    return rows, line | {"n_differing": len(differing), "differing": ", ".join(differing)}


def _configural(fit: SemFit, theta: Array, name: str, items: tuple[str, ...]) -> Configural:
    """Loadings and intercepts at factor mean 0 and variance 1, at given parameters."""
    loadings, intercepts = _standardised(fit, theta[None], name, items)
    return Configural(loadings[0], intercepts[0], fit.fitted.n_obs.astype(float))


def _standardised(fit: SemFit, theta: Array, name: str, items: tuple[str, ...]) -> tuple[Array, Array]:
    """Loadings and intercepts (R, G, p) with the factor's own mean and variance taken in, for R parameter vectors."""
    places = fit.fitted.places
    at = places.assemble(theta)
    rows, column = [places.observed.index(item) for item in items], places.latent.index(name)
    raw = at.lambda_[..., rows, column]
    spread = np.sqrt(np.maximum(at.psi[..., column, column], 1e-12))
    return raw * spread[..., None], at.nu[..., rows] + raw * at.alpha[..., column][..., None]


def _slopes(fit: SemFit, name: str, items: tuple[str, ...]) -> Array:
    """Derivatives (2Gp, q) of the configural loadings and intercepts by the model's parameters."""
    theta = fit.fitted.theta
    steps = _STEP * np.maximum(1.0, np.abs(theta))
    up, down = (
        np.concatenate(
            [part.reshape(len(theta), -1) for part in _standardised(fit, theta + sign * np.diag(steps), name, items)], 1
        )
        for sign in (1.0, -1.0)
    )
    return np.asarray(((up - down) / (2 * steps[:, None])).T)


def _loss_shares(solution: Aligned, found: Configural, epsilon: float) -> Array:
    """Each loading's and intercept's share (2, p) of the loss beyond what equal parameters would cost."""
    weights = found.weights[:, :, None]
    losses = np.array(
        [
            (weights * (component_loss(values[:, None] - values[None], epsilon) - epsilon**0.25)).sum(axis=(0, 1))
            for values in (solution.loadings, solution.intercepts)
        ]
    )
    total = losses.sum()
    return losses / total if total > 0 else losses


def _notices(parts: list[dict[str, Any]], starts: int, fit: SemFit) -> list[Notice]:
    found = [Notice("invariance.aligned_two_groups")] if len(fit.groups) == 2 else []
    for part in parts:
        function, first = part["function"], part["table"].iloc[0]
        if function["hits"] < 2:
            values = {"construct": function["construct"], "hits": function["hits"], "starts": starts}
            found.append(Notice("invariance.aligned_local", values, serious=True))
        if first["se"] > _WEAK:
            weak = {"construct": function["construct"], "se": Shown(float(first["se"]), 2)}
            found.append(Notice("invariance.aligned_weak", weak, serious=True))
    return [*found, *(notice for notice in fit.warnings if notice.serious)]


def _verdict(share: float) -> Notice:
    met = bool(interpret(share, RULE).met)
    values = {"percent": math.floor(100 * share + 0.5), "limit": f"{100 * rule_limit(RULE):.0f}"}
    return Notice("invariance.aligned_trusted" if met else "invariance.aligned_many", values, serious=not met)


def _group_names(fit: SemFit) -> dict[str, dict[str, str]]:
    from cxlab.analyses.invariance import group_words

    return group_words(fit.request.survey, str(fit.options.group), fit.groups)
