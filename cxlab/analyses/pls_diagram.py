"""The path diagram of a PLS model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.pls_result import PlsFit


def pls_diagram(fit: PlsFit, lang: Language | None = None, **settings: Any) -> Figure:
    """Constructs with paths and R², indicators with loadings (``=~``) or weights (``<~``).

    Hexagons are composites, ellipses common factors; `settings` are those of `cxlab.show.path_diagram`.
    """
    from cxlab.show import path_diagram

    kinds = ["latent" if flag else "composite" for flag in fit.model.reflective]
    r2 = dict(fit.r2[["construct", "r2"]].itertuples(index=False))
    drawn = _drawn(fit)
    nodes = pd.DataFrame(
        {
            "name": [*fit.model.constructs, *drawn["item"]],
            "kind": [*kinds, *["observed"] * len(drawn)],
            "label": [*(fit.labels.get(name, name) for name in fit.model.constructs), *drawn["item"]],
            "r2": [*(r2.get(name) for name in fit.model.constructs), *[None] * len(drawn)],
        }
    )
    return path_diagram(nodes, _arrows(fit, drawn), standardized=True, lang=lang, **settings)


def _drawn(fit: PlsFit) -> pd.DataFrame:
    """Indicators with a box of their own: a construct that is its own indicator needs none, nor do products."""
    own = fit.loadings["construct"] == fit.loadings["item"]
    return fit.loadings[~own & ~fit.loadings["construct"].isin(list(fit.model.products))]


def _arrows(fit: PlsFit, drawn: pd.DataFrame) -> pd.DataFrame:
    reflective = dict(zip(fit.model.constructs, fit.model.reflective, strict=True))
    rows = [(row.source, row.target, "regression", row.estimate) for row in fit.paths.itertuples()]
    for row in drawn.itertuples():
        if reflective[row.construct]:
            rows.append((row.construct, row.item, "loading", row.loading))
        else:
            rows.append((row.item, row.construct, "loading", row.weight))
    return pd.DataFrame(rows, columns=["source", "target", "kind", "estimate"])
