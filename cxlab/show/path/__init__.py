"""Path diagrams in the field's notation, without a program outside Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number, tr
from cxlab.show.path.draw import draw
from cxlab.show.path.layout import lay_out
from cxlab.show.path.model import Model, read_model
from cxlab.show.text import Words, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("estimates", "significance", "residuals", "covariances")
_MANY_CURVES = 6


def path_diagram(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    *,
    show: Collection[str] = ("estimates", "significance"),
    alpha: float = 0.05,
    standardized: bool = True,
    digits: int = 2,
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw a measurement, structural or path model: ellipses, boxes, arrows in the order of the theory.

    Use it for a model before it is fitted (without estimates) or after. Latent variables joined by regressions stand
    in columns from left to right, each beside its items; factors joined by covariances only stand in one column.

    Parameters
    ----------
    nodes : DataFrame
        One row a variable. Columns: ``name``; ``kind``: ``"latent"`` (ellipse), ``"observed"`` (box), ``"composite"``
        (hexagon) or ``"intercept"`` (triangle); optional: ``label`` (text or bilingual), ``construct`` (gives the
        colour), ``r2`` (printed in the node).
    edges : DataFrame
        One row an arrow. Columns: ``source``, ``target``; ``kind``: ``"loading"`` (from latent to item, from item
        to composite, or from second-order to first-order factor), ``"regression"``, ``"covariance"`` (two heads) or
        ``"residual"`` (source and target are the same); optional: ``estimate``, ``pvalue``, ``label`` (such as "H1").
    show : collection of str
        ``"estimates"`` prints the numbers, ``"significance"`` dashes arrows with p >= `alpha`, ``"residuals"`` draws
        variances and residual variances. ``"covariances"`` draws covariances among more than a few exogenous variables
        of a structural model, which are otherwise left out and named in the note.
    alpha : float
        The level of significance, between 0 and 1.
    standardized : bool
        True if the estimates are standardised: the note says so, and numbers below 1 lose their leading zero in
        English.
    digits : int
        Digits of the printed estimates.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        As large as the model needs. Negative estimates are red and carry their sign.

    Raises
    ------
    DataError
        If a column is missing, a name is used twice or unknown, or a kind is unknown.

    Examples
    --------
    >>> nodes = pd.DataFrame({"name": ["IMAGE", "LOYALTY", "i1", "i2", "l1", "l2"],
    ...                       "kind": ["latent"] * 2 + ["observed"] * 4})
    >>> edges = pd.DataFrame({"source": ["IMAGE", "IMAGE", "LOYALTY", "LOYALTY", "IMAGE"],
    ...                       "target": ["i1", "i2", "l1", "l2", "LOYALTY"],
    ...                       "kind": ["loading"] * 4 + ["regression"], "estimate": [0.7, 0.8, 0.75, 0.6, 0.5]})
    >>> figure = path_diagram(nodes, edges)
    """
    if set(show) - set(SHOWN):
        raise DataError("show.unknown_kind", kind=", ".join(sorted(set(show) - set(SHOWN))), known=", ".join(SHOWN))
    model = read_model(nodes, edges, show, alpha, digits, standardized, lang)
    model, left_out = _without_many_curves(model, show)
    diagram = lay_out(model)
    notes = _notes(model, alpha, standardized, left_out, lang)
    return draw(diagram, words(title, lang) if title else "", notes)


def _without_many_curves(model: Model, show: Collection[str]) -> tuple[Model, int]:
    """The model without the covariances among its exogenous variables where these would bury the paths."""
    curves = model.between_hubs("covariance")
    structural = model.between_hubs("regression")
    if not structural or len(curves) <= _MANY_CURVES or "covariances" in show:
        return model, 0
    effects = {edge.target for edge in structural}
    gone = [edge for edge in curves if not {edge.source, edge.target} & effects]
    return replace(model, edges=tuple(edge for edge in model.edges if edge not in gone)), len(gone)


def _notes(model: Model, alpha: float, standardized: bool, left_out: int, lang: Language | None) -> list[str]:
    """What a reader must know to read the figure: only of what is in it."""
    notes = []
    if any(edge.numbered for edge in model.edges):
        notes.append(tr("show.path_standardized" if standardized else "show.path_unstandardized", lang))
    if any(edge.dashed for edge in model.edges):
        notes.append(tr("show.path_dashed", lang, alpha=format_number(alpha, 2, bounded=True, lang=lang)))
    if any(edge.negative for edge in model.edges):
        notes.append(tr("show.path_negative", lang))
    if left_out:
        notes.append(tr("show.path_left_out", lang, count=left_out))
    return [" ".join(notes)] if notes else []
