"""Quantities of a quadratic response surface: slopes and curvatures along two lines, stationary point, axes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.asymmetry_fit import LinearFit

Array = NDArray[np.float64]
LINEAR = ("a1", "a2", "a3", "a4", "a5")
CURVED = ("x0", "y0", "p10", "p11", "p20", "p21")
# What a quantity is tested against; a place on the scale has nothing to be tested against.
NULLS = {"p10": 0.0, "p11": 1.0, "p20": 0.0, "p21": -1.0, "x0": np.nan, "y0": np.nan}
# On x, y, x squared, xy, y squared.
_SLOPES = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 1, 1], [1, -1, 0, 0, 0], [0, 0, 1, -1, 1], [0, 0, 1, 0, -1]], float)
MODELS = {
    "difference": np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], float),
    "squared_difference": np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 0, -1], [0, 0, 2, 1, 0]], float),
    "linear": np.array([[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], float),
    "interaction": np.array([[0, 0, 1, 0, 0], [0, 0, 0, 0, 1]], float),
}


def linear_rows(size: int) -> Array:
    """a1 to a5 as combinations (5, size) of the intercept, the five terms, and whatever follows."""
    return np.hstack([np.zeros((5, 1)), _SLOPES, np.zeros((5, size - 6))])


def constraints(model: str, size: int) -> Array:
    """What a simpler model of `MODELS` demands to be zero, as combinations of all coefficients."""
    rows = MODELS[model]
    return np.hstack([np.zeros((len(rows), 1)), rows, np.zeros((len(rows), size - 6))])


def simpler_columns(model: str, x: Array, y: Array) -> pd.DataFrame:
    """The predictors of a simpler model."""
    columns = {
        "difference": {"x-y": x - y},
        "squared_difference": {"(x-y)^2": (x - y) ** 2},
        "linear": {"x": x, "y": y},
        "interaction": {"x": x, "y": y, "xy": x * y},
    }
    return pd.DataFrame(columns[model])


def curved_quantities(b: Array) -> Array:
    """Stationary point and principal axes (…, 6) from coefficients (…, q): x0 y0 p10 p11 p20 p21.

    Works on complex coefficients too, which gives derivatives without rounding.

    Examples
    --------
    >>> curved_quantities(np.array([1.0, 0, 0, -1, 2, -1.5])).round(3).tolist()
    [0.0, 0.0, 0.0, 0.781, 0.0, -1.281]
    """
    x, y, x2, xy, y2 = (b[..., place] for place in range(1, 6))
    with np.errstate(invalid="ignore", divide="ignore"):
        below = 4 * x2 * y2 - xy**2
        x0, y0 = (y * xy - 2 * x * y2) / below, (x * xy - 2 * y * x2) / below
        root = np.sqrt((x2 - y2) ** 2 + xy**2)
        p11, p21 = (y2 - x2 + root) / xy, (y2 - x2 - root) / xy
        return np.asarray(np.stack([x0, y0, y0 - p11 * x0, p11, y0 - p21 * x0, p21], axis=-1))


def shape_of(b: Array) -> str:
    """``dome``, ``bowl`` or ``saddle`` by the signs of the curvatures along the principal axes.

    Examples
    --------
    >>> shape_of(np.array([5.628, 0.314, -0.118, -0.145, 0.299, -0.102]))
    'saddle'
    """
    low, high = np.linalg.eigvalsh([[b[3], b[4] / 2], [b[4] / 2, b[5]]])
    return "dome" if high < 0 else "bowl" if low > 0 else "saddle"


def quantity_table(fit: LinearFit, level: float) -> pd.DataFrame:
    """a1 to a5 and the curved quantities: quantity estimate se null t pvalue ci_lower ci_upper."""
    parts = []
    for names, found in (
        (LINEAR, fit.contrasts(linear_rows(len(fit.b)), level)),
        (CURVED, fit.delta(curved_quantities, level)),
    ):
        null = np.array([NULLS.get(name, 0.0) for name in names])
        tests = fit.tests(found.estimate - null, found.se)
        columns: dict[str, Any] = {"quantity": names, "estimate": found.estimate, "se": found.se, "null": null}
        columns |= {"t": tests[0], "pvalue": tests[1], "ci_lower": found.ci_lower, "ci_upper": found.ci_upper}
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
