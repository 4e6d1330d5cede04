"""A `SemFit` as nodes and arrows, for ``cxlab.show.path_diagram``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.sem_result import SemFit

_KINDS = {"=~": "loading", "~": "regression", "<~": "regression", "~~": "covariance"}


def draw(fit: SemFit, *, group: str | int | None = None, standardized: bool = True, **settings: Any) -> Figure:
    """The path diagram of a fit, or of one of its groups."""
    from cxlab.show import path_diagram

    number = fit.group_number(group)
    nodes, edges = diagram_tables(fit, group=number, standardized=standardized)
    if fit.groups:
        settings.setdefault("title", fit.groups[number - 1])
    return path_diagram(nodes, edges, standardized=standardized, **settings)


def diagram_tables(fit: SemFit, *, group: int = 1, standardized: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes (name, kind, label, r2) and edges (source, target, kind, estimate, pvalue, label) of one group.

    Latent variables come first, in the model's order; items follow. A variance is an arrow from a variable to itself.
    """
    rows = fit.estimates[(fit.estimates["group"] == group) & fit.estimates["op"].isin(list(_KINDS))]
    latent = list(fit.of_group(fit.latent_cov, group).index)
    items = list(fit.of_group(fit.implied_cov, group).index)
    r2 = fit.of_group(fit.r2, group)
    explained = set(rows.loc[rows["op"] == "~", "lhs"])
    # Codebook labels name constructs; an item's label is a whole question, too long for a box.
    nodes = pd.DataFrame(
        {
            "name": [*latent, *items],
            "kind": ["latent"] * len(latent) + ["observed"] * len(items),
            "label": [*(fit.labels.get(name, name) for name in latent), *items],
            "r2": [r2.get(name) if name in explained else None for name in (*latent, *items)],
        }
    )
    arrows = [_arrow(row, standardized) for row in rows.to_dict("records")]
    return nodes, pd.DataFrame(arrows, columns=["source", "target", "kind", "estimate", "pvalue", "label"])


def _arrow(row: dict[Any, Any], standardized: bool) -> dict[str, Any]:
    kind = _KINDS[row["op"]]
    source, target = (row["rhs"], row["lhs"]) if row["op"] in ("~", "<~") else (row["lhs"], row["rhs"])
    return {
        "source": source,
        "target": target,
        "kind": "residual" if kind == "covariance" and source == target else kind,
        "estimate": row["std_all" if standardized else "est"],
        "pvalue": row["pvalue"],
        "label": None,
    }
