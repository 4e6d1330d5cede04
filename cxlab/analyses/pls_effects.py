"""Direct, indirect and total effects of a PLS model, and the effect along each single route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.pls_quantities import columns, names, sample
from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, Notice
from cxlab.estimate.pls.routes import count_routes, routes

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_KINDS = {"path": "direct", "specific": "specific", "indirect": "indirect", "total": "total"}


def pls_effects(
    fit: PlsFit, source: str | Sequence[str] | None = None, target: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Every direct, specific indirect, indirect and total effect between the constructs.

    When to use it: mediation, and any model in which a construct works through others. Intervals:
    ``fit.bootstrap(...).of("specific")``, and "indirect", "total", "path" likewise.

    Parameters
    ----------
    fit : PlsFit
    source, target : str or sequence of str, optional
        Only effects of, or on, these constructs.

    Returns
    -------
    DataFrame
        source, target, kind ("direct"; "specific": along one route; "indirect": along all routes past another construct
        together; "total"), via (the constructs that a specific route passes, joined by an arrow), estimate. Of more
        than 500 routes the shortest are listed; sums are complete.

    Raises
    ------
    ModelError
        A construct that the model does not have.

    Notes
    -----
    A specific effect is the product of the paths along its route. R: ``seminr::specific_effect_significance``.

    Examples
    --------
    >>> import cxlab as cx
    >>> text = "Image <~ IMAG1 + IMAG2; CUSA1 ~ Image; CUSL1 ~ Image + CUSA1"
    >>> fit = cx.pls(text, cx.load_dataset("ecsi_mobile"))
    >>> fit.effects("Image", "CUSL1")[["kind", "via", "estimate"]].round(2).to_numpy().tolist()
    [['direct', '', 0.13], ['specific', 'CUSA1', 0.14], ['indirect', '', 0.14], ['total', '', 0.27]]
    """
    found = names(fit).assign(estimate=columns(fit, sample(fit))[0])
    found = found[found["kind"].isin(_KINDS)]
    for side, wanted in (("source", source), ("target", target)):
        if wanted is not None:
            found = found[found[side].isin(_known(fit, wanted))]
    order = {name: place for place, name in enumerate(fit.model.constructs)}
    kinds = list(_KINDS)
    places = [(order[row.source], order[row.target], kinds.index(row.kind)) for row in found.itertuples()]
    chosen = [place for _, place in sorted((key, place) for place, key in enumerate(places))]
    found = found.iloc[chosen].reset_index(drop=True)
    return found.assign(kind=found["kind"].map(_KINDS))[["source", "target", "kind", "via", "estimate"]]


def _known(fit: PlsFit, wanted: str | Sequence[str]) -> list[str]:
    asked = [wanted] if isinstance(wanted, str) else [str(one) for one in wanted]
    constructs = fit.model.constructs
    for name in asked:
        if name not in constructs:
            hint, known = did_you_mean(name, constructs), ", ".join(constructs)
            raise ModelError("pls.unknown_target", name=name, hint=hint, known=known)
    return asked


def routes_notices(fit: PlsFit) -> list[Notice]:
    """How many routes are not listed one by one."""
    listed, every = len(routes(fit.model.design.paths)), count_routes(fit.model.design.paths)
    values = {"listed": listed, "count": every - listed}
    return [Notice("evaluation.routes_omitted", values)] if every > listed else []
