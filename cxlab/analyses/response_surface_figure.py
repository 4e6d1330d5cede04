"""The tables behind the figure of a response surface: nodes of the surface, answers, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.result import bilingual

if TYPE_CHECKING:
    from cxlab.analyses.response_surface_result import ResponseSurface

Array = NDArray[np.float64]
_NODES = 61


def figure_tables(result: ResponseSurface) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Grid, points and lines for `surface_plot`, on the answers' own scale."""
    low, high = result.scale
    at = np.linspace(low, high, _NODES)
    x, y = (side.ravel() for side in np.meshgrid(at, at))
    grid = pd.DataFrame({"x": x, "y": y, "z": _height(result, x, y)})
    # scores of several items lie close together: one bubble for a quarter of a scale point
    places = (result.points[["x", "y"]] * 4).round() / 4
    points = places.groupby(["x", "y"]).size().rename("n").reset_index()
    return grid, points, pd.concat(_lines(result, at), ignore_index=True)


def _height(result: ResponseSurface, x: Array, y: Array) -> Array:
    b = result.coefficients["b"].to_numpy()[:6]
    u, v = x - result.fit["center"], y - result.fit["center"]
    return np.asarray(b[0] + b[1] * u + b[2] * v + b[3] * u**2 + b[4] * u * v + b[5] * v**2)


def _lines(result: ResponseSurface, at: Array) -> list[pd.DataFrame]:
    """x = y, x = -y about the centre, and the first principal axis where it crosses the scale; a plane has none."""
    center = float(result.fit["center"])
    found = result.table.set_index("quantity")["estimate"]
    along = at - center
    # a steep axis is drawn over y, or hardly any of its nodes would lie on the scale
    steep = abs(found["p11"]) > 1
    axis = ((along - found["p10"]) / found["p11"], along) if steep else (along, found["p10"] + found["p11"] * along)
    drawn = {"congruence": (along, along), "incongruence": (along, -along), "axis": axis}
    if any(notice.key == "asymmetry.rs_flat" for notice in result.warnings):
        del drawn["axis"]
    lines = []
    for name, (x, y) in drawn.items():
        own = pd.DataFrame({"x": x + center, "y": y + center})
        own = own[own.map(np.isfinite).all(axis=1) & own.ge(at[0]).all(axis=1) & own.le(at[-1]).all(axis=1)]
        if len(own) > 1:
            own["z"] = _height(result, own["x"].to_numpy(), own["y"].to_numpy())
            own.insert(0, "label", [bilingual(f"asymmetry.rs_line_{name}")] * len(own))
            own.insert(0, "name", name)
            lines.append(own)
    return lines
