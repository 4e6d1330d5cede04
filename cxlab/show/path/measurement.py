"""Where factors stand when no path joins them: in one column, items to the right, covariances to the left."""

from __future__ import annotations

from cxlab.show.path.arms import arm
from cxlab.show.path.model import Model
from cxlab.show.path.search import Places
from cxlab.show.path.shapes import Point

_SPACE = 0.2


def place_column(model: Model) -> Places:
    """Factors from top to bottom in the table's order; factors without items of their own right of all items.

    The latter are general factors, as in a bifactor model: every item they load on hangs on a specific factor.
    """
    arms = {hub: arm(model, hub, "right") for hub in model.hubs}
    column = [hub for hub in model.hubs if arms[hub].items] or list(model.hubs)
    beyond = [hub for hub in model.hubs if hub not in column]
    centres: dict[str, Point] = {}
    y = 0.0
    for hub in column:
        height = max(model.nodes[hub].height, arms[hub].span) + _SPACE
        centres[hub] = (0.0, y - height / 2)
        y -= height
    width = max(model.nodes[hub].width for hub in model.hubs)
    x = width + max(arms[hub].depth for hub in column) + 1.1
    for i, hub in enumerate(beyond):
        centres[hub] = (x, y * (i + 0.5) / len(beyond))
    return Places(centres, arms)
