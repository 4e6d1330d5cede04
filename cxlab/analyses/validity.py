"""`cx.htmt`, `cx.convergent_validity`, `cx.fornell_larcker`, `cx.cross_loadings`: do items measure what they should?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity_base import checked_fit, fit_notices
from cxlab.analyses.validity_blocks import of_fit
from cxlab.analyses.validity_htmt import htmt
from cxlab.analyses.validity_ordinal import observed_omega, scale_notices, scale_of
from cxlab.analyses.validity_result import Convergent, CrossLoadings, FornellLarcker
from cxlab.errors import CxlabError, ModelError, Notice
from cxlab.evaluate import validity as numbers
from cxlab.evaluate.rules import rule_limit

__all__ = ["convergent_validity", "cross_loadings", "fornell_larcker", "htmt"]

Kind = Literal["structure", "composite"]
_AVE_RULE = "fornell_larcker_1981"
_COLUMNS = ["construct", "n_items", "ave", "cr", "omega", "ave_raw", "loading_min", "loading_max", "weakest", "met",
            "reason"]  # fmt: skip


def convergent_validity(fit: SemFit, *, group: str | int | None = None) -> Convergent:
    """How far the items of each construct agree: loadings, AVE, composite reliability.

    When to use it: after a confirmatory factor analysis, for the table that reviewers ask for first. Read it only if
    the model fits and is admissible.

    Parameters
    ----------
    fit : SemFit
        Result of `cx.cfa` or `cx.sem`.
    group : str or int, optional
        Name or number of the group; the first by default.

    Returns
    -------
    Convergent
        ``.table``, one row a latent variable: construct n_items ave cr omega ave_raw loading_min loading_max weakest
        met reason. Loadings, ave and cr are of the standardised solution; omega and ave_raw of the raw items. ``met``:
        ave of .50 or more. Where ave does not apply ``reason`` says why: ``single_item``, ``higher_order``,
        ``composite``, ``cross_loading``.

    Raises
    ------
    ModelError
        No fit, or no latent variable in it.
    EstimationError
        A fit that did not converge.

    Notes
    -----
    ave = mean of squared standardised loadings (Fornell & Larcker, 1981). cr = (sum of standardised loadings)^2 / sum
    of the implied correlations of the items: covarying errors are in the denominator (Raykov, 2001). omega =
    (sum of loadings)^2 Var(construct) / sum of the sample covariances: ``semTools::compRelSEM(fit)``. ave_raw =
    Var(construct) sum of squared loadings / sum of the variances: ``semTools::AVE(fit)``. Of ordered answers ave, cr
    and ave_raw are those of the responses behind them, omega is of the sum of the answers themselves (Green & Yang,
    2009; ``compRelSEM`` likewise), and there is none for a construct with both kinds of items.

    Examples
    --------
    >>> import cxlab as cx
    >>> from semopy.examples.holzinger39 import get_data
    >>> fit = cx.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9", get_data())
    >>> convergent_validity(fit).table[["construct", "ave", "cr"]].round(3).to_numpy().tolist()
    [['visual', 0.371, 0.626], ['textual', 0.72, 0.885], ['speed', 0.43, 0.691]]
    """
    fit = checked_fit(fit)
    number = fit.group_number(group)
    rows = [_convergence(fit, number, name, items) for name, items in _latent(fit).items()]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    measured = table.loc[table["cr"].notna(), "construct"]
    told = scale_notices({name: scale_of(fit, _latent(fit)[name]) for name in measured})
    return Convergent(
        table=table,
        warnings=(*fit_notices(fit), *_against(fit, number), *_reason_notices(table), *told),
        references=(*Convergent.references, *(("green_yang_2009",) if told else ())),
        **_origin(fit, number),
    )


def fornell_larcker(fit: SemFit, *, group: str | int | None = None) -> FornellLarcker:
    """Does each construct share more variance with its items than with any other construct?

    When to use it: as a supplement that many journals still ask for. It rarely notices constructs that cannot be told
    apart (Henseler et al., 2015); `htmt` and `discriminant` do.

    Parameters
    ----------
    fit : SemFit
        Result of `cx.cfa` or `cx.sem`, with two latent variables or more.
    group : str or int, optional
        Name or number of the group; the first by default.

    Returns
    -------
    FornellLarcker
        ``.matrix``: square roots of AVE on the diagonal, correlations of the latent variables below. ``.table``:
        construct ave sqrt_ave largest_r with_construct met reason; ``met``: sqrt_ave above the largest correlation in
        size.

    Raises
    ------
    ModelError
        No fit, or fewer than two latent variables.
    EstimationError
        A fit that did not converge.

    Notes
    -----
    AVE as in `convergent_validity`; correlations as the model implies them. Fornell & Larcker (1981).

    Examples
    --------
    >>> import cxlab as cx
    >>> from semopy.examples.holzinger39 import get_data
    >>> fit = cx.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9", get_data())
    >>> fornell_larcker(fit).matrix.round(2).loc["speed"].tolist()
    [0.47, 0.28, 0.66]
    """
    convergent = convergent_validity(fit, group=group).table
    number = fit.group_number(group)
    cor = _latent_cor(fit, number)
    if len(cor) < 2:
        raise ModelError("validity.one_latent", construct=cor.index[0])
    root = np.sqrt(convergent["ave"].to_numpy())
    matrix = cor.where(np.tri(len(cor), k=-1, dtype=bool))
    matrix = matrix.mask(np.eye(len(cor), dtype=bool), np.diag(root))
    other = cor.abs().mask(np.eye(len(cor), dtype=bool), -1.0)
    nearest = other.idxmax(axis=1).to_list()
    largest = [cor.loc[name, near] for name, near in zip(cor.index, nearest, strict=True)]
    table = pd.DataFrame(
        {
            "construct": list(cor.index),
            "ave": convergent["ave"],
            "sqrt_ave": root,
            "largest_r": largest,
            "with_construct": nearest,
            "met": root > np.abs(largest),
            "reason": convergent["reason"],
        }
    )
    return FornellLarcker(
        table=table,
        matrix=matrix,
        warnings=(*fit_notices(fit), *_against(fit, number), *_reason_notices(convergent)),
        **_origin(fit, number),
    )


def cross_loadings(fit: SemFit, kind: Kind = "structure", *, group: str | int | None = None) -> CrossLoadings:
    """Does each item belong to its own construct more than to any other?

    When to use it: to find the item that blurs two constructs. It is a weak test of discriminant validity, as an item
    may well prefer its own construct while the constructs hardly differ.

    Parameters
    ----------
    fit : SemFit
        Result of `cx.cfa` or `cx.sem`, with two constructs or more.
    kind : {"structure", "composite"}
        Model-implied correlations of items and latent variables (structure coefficients); or correlations in the
        sample of items and unweighted mean scores, an item being left out of its own construct's score.
    group : str or int, optional
        Name or number of the group; the first by default.

    Returns
    -------
    CrossLoadings
        ``.matrix``: items in rows, constructs in columns. ``.table``, one row an item: construct item own
        largest_other other margin clear; ``clear``: the own construct's value is larger in size than any other.

    Raises
    ------
    ModelError
        No fit, or fewer than two constructs with items.
    EstimationError
        A fit that did not converge.
    CxlabError
        Unknown `kind`.

    Notes
    -----
    "structure": Lambda Phi of the standardised solution. In a model without cross-loadings it differs from the item's
    loading only by the correlation of the constructs; residuals show what it cannot.

    Examples
    --------
    >>> import cxlab as cx
    >>> from semopy.examples.holzinger39 import get_data
    >>> fit = cx.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9", get_data())
    >>> cross_loadings(fit).matrix.loc["x1"].round(3).to_list()
    [0.772, 0.354, 0.363]
    """
    if kind not in get_args(Kind):
        raise CxlabError("validity.unknown_kind", kind=kind, known=", ".join(get_args(Kind)))
    fit = checked_fit(fit)
    number = fit.group_number(group)
    blocks = {name: items for name, items in of_fit(fit).items() if items}
    if len(blocks) < 2:
        raise ModelError("validity.one_latent", construct=next(iter(blocks), "–"))
    matrix = _cross_matrix(fit, number, kind, blocks)
    rows = [_cross_row(matrix, name, item) for name, items in blocks.items() for item in items]
    return CrossLoadings(
        table=pd.DataFrame(rows),
        matrix=matrix,
        kind=kind,
        warnings=(*fit_notices(fit), *_against(fit, number)),
        **_origin(fit, number),
    )


def _cross_matrix(fit: SemFit, number: int, kind: str, blocks: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    items = list(dict.fromkeys(item for own in blocks.values() for item in own))
    if kind == "structure":
        sets = fit.fitted.table.variables
        found = numbers.structure_coefficients(fit.fitted, number - 1)
        return pd.DataFrame(found, list(sets.ov), list(sets.lv)).loc[items, list(blocks)]
    cov = fit.of_group(fit.sample_cov, number).loc[items, items]
    at = [[items.index(item) for item in own] for own in blocks.values()]
    return pd.DataFrame(numbers.composite_correlations(cov.to_numpy(), at), items, list(blocks))


def _cross_row(matrix: pd.DataFrame, name: str, item: str) -> dict[str, Any]:
    line = matrix.loc[item].drop(name)
    other = line.abs().idxmax()
    own, largest = float(matrix.loc[item, name]), float(line[other])
    clear = abs(own) > abs(largest)
    return {"construct": name, "item": item, "own": own, "largest_other": largest, "other": other,
            "margin": abs(own) - abs(largest), "clear": clear}  # fmt: skip


def _latent(fit: SemFit) -> dict[str, tuple[str, ...]]:
    """Observed items of each latent variable, none for composites and those that only latent variables measure."""
    measured = of_fit(fit)
    return {name: measured.get(name, ()) for name in fit.fitted.table.variables.lv}


def _latent_cor(fit: SemFit, number: int) -> pd.DataFrame:
    found: pd.DataFrame = fit.of_group(fit.latent_cor, number)
    return found


def _convergence(fit: SemFit, number: int, name: str, items: Sequence[str]) -> dict[str, Any]:
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["group"] == number)]
    own = rows[(rows["lhs"] == name) & rows["rhs"].isin(items)].set_index("rhs").loc[list(items)]
    found: dict[str, Any] = {"construct": name, "n_items": len(items), "reason": _reason(fit, rows, name, items)}
    found["met"] = False
    if len(items):
        std = own["std_all"]
        found |= {"loading_min": std.min(), "loading_max": std.max(), "weakest": std.abs().idxmin()}
    if found["reason"] not in ("", "cross_loading"):
        return found
    raw, variance = own["est"].to_numpy(), float(fit.of_group(fit.latent_cov, number).loc[name, name])
    square = [fit.of_group(held, number) for held in (fit.implied_cov, fit.sample_cov)]
    implied, observed = (held.loc[list(items), list(items)].to_numpy() for held in square)
    spread = np.sqrt(np.diag(implied))
    found["cr"] = numbers.composite_reliability(std.to_numpy(), implied / np.outer(spread, spread))
    scale = scale_of(fit, items)
    if scale == "ordinal":
        found["omega"] = observed_omega(fit, number, items, std.to_numpy())
    elif scale == "numeric":
        found["omega"] = numbers.raw_composite_reliability(raw, variance, observed)
    if not found["reason"]:
        found["ave"] = numbers.average_variance_extracted(std.to_numpy())
        found["ave_raw"] = numbers.raw_variance_extracted(raw, variance, observed)
        found["met"] = found["ave"] >= rule_limit(_AVE_RULE, "ave")
    return found


def _reason(fit: SemFit, rows: pd.DataFrame, name: str, items: Sequence[str]) -> str:
    """Why there is no variance extracted, or nothing."""
    sets = fit.fitted.table.variables
    if name in sets.lv_formative:
        return "composite"
    if not items or rows.loc[rows["lhs"] == name, "rhs"].isin(sets.lv).any():
        return "higher_order"
    if len(items) < 2:
        return "single_item"
    return "cross_loading" if rows.loc[rows["rhs"].isin(items), "lhs"].nunique() > 1 else ""


def _against(fit: SemFit, number: int) -> list[Notice]:
    """Constructs whose standardised loadings have both signs."""
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["group"] == number)]
    found = []
    for name, own in rows.groupby("lhs", sort=False):
        signs = np.sign(own["std_all"])
        lesser = own.loc[signs == -np.sign(signs.sum() or signs.iloc[0]), "rhs"]
        if len(lesser):
            values = {"construct": name, "items": ", ".join(lesser)}
            found.append(Notice("validity.negative_loading", values, serious=True))
    return found


def _reason_notices(table: pd.DataFrame) -> list[Notice]:
    missing = table[table["reason"] != ""]
    return [
        Notice("validity.no_ave", {"construct": row.construct, "why": Notice(f"validity.reason_{row.reason}")})
        for row in missing.itertuples()
    ]


def _origin(fit: SemFit, number: int) -> dict[str, Any]:
    return {
        "n_obs": int(fit.fitted.n_obs[number - 1]),
        "estimator": fit.options.estimator,
        "group": fit.groups[number - 1] if fit.groups else "",
        "labels": fit.labels,
        "simulated": fit.simulated,
    }
