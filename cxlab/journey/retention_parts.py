"""What the retention models share: checks of their input, and the table of their parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.estimate.retention import Likeliest

_SHOWN = 5


def parameter_table(found: Likeliest, names: Sequence[str], level: float) -> pd.DataFrame:
    """Positive parameters with standard errors, and intervals that are symmetric in the logarithm."""
    from scipy.stats import norm

    spread = np.sqrt(np.diag(found.cov))
    with np.errstate(over="ignore"):  # at the edge of what is possible there is no interval
        reach = np.exp(norm.isf((1 - level) / 2) * spread)
    return pd.DataFrame(
        {
            "parameter": names,
            "estimate": found.values,
            "se": found.values * spread,
            "ci_lower": found.values / reach,
            "ci_upper": found.values * reach,
        }
    )


def check_positive(name: str, value: Any, *, zero: bool = False) -> float:
    """The value as a float if it is a finite number above zero (or zero, if that may be), else an error.

    Examples
    --------
    >>> check_positive("horizon", 52)
    52.0
    """
    wrong = isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value)
    if wrong or value < 0 or (value == 0 and not zero):
        raise DataError("management.negative_value" if zero else "management.not_positive", name=name, value=value)
    return float(value)


def refuse_rows(rows: pd.Index, key: str, column: str, **values: str) -> None:
    """An error that names the rows, if there are any."""
    if len(rows):
        shown = ", ".join(map(str, rows[:_SHOWN])) + (", …" if len(rows) > _SHOWN else "")
        raise DataError(f"management.{key}", column=column, count=len(rows), rows=shown, **values)
