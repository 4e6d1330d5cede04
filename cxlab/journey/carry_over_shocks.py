"""How long a shock lasts: responses implied by a panel's paths, their errors by the delta method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from cxlab.journey.carry_over_model import Path

Array: TypeAlias = NDArray[np.float64]
_STEP = 1e-5


@dataclass(frozen=True, eq=False)
class Dynamics:
    """Paths of one wave as numbers.

    Attributes
    ----------
    names : tuple of str
    paths : tuple of Path
    values : (q,) array
        Unstandardised, in the order of `paths`.
    covariance : (q, q) array
        Of `values`.
    sd : (p,) array
        Standard deviation of each measure, waves after the first pooled.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    values: Array
    covariance: Array
    sd: Array


def responses(dynamics: Dynamics, horizon: int) -> Callable[[Array], Array]:
    """A function from path values to responses of shape (horizon + 1, p, p): wave, response, shock; in SDs.

    y(t) = B0 y(t) + B1 y(t-1) + e: a unit of e gives (I - B0)^-1 at once and A^k of it k waves later, with
    A = (I - B0)^-1 B1.
    """
    place = {name: k for k, name in enumerate(dynamics.names)}
    where = [(path.lag, place[path.outcome], place[path.cause]) for path in dynamics.paths]
    scale = dynamics.sd[None, :] / dynamics.sd[:, None]

    def of(values: Array) -> Array:
        b = np.zeros((2, len(place), len(place)))
        for (lag, row, column), value in zip(where, values, strict=True):
            b[lag, row, column] = value
        at_once = np.linalg.inv(np.eye(len(place)) - b[0])
        step, found = at_once @ b[1], [at_once]
        for _ in range(horizon):
            found.append(step @ found[-1])
        return np.stack(found) * scale

    return of


def shock_table(dynamics: Dynamics, horizon: int, level: float) -> pd.DataFrame:
    """One row a shock, response and number of waves later: effect in SDs with its interval."""
    of = responses(dynamics, horizon)
    effect = of(dynamics.values)
    slopes = np.stack([_slope(of, dynamics.values, k) for k in range(len(dynamics.values))])
    flat = slopes.reshape(len(slopes), -1)
    se = np.sqrt(np.maximum(np.einsum("ia,ij,ja->a", flat, dynamics.covariance, flat), 0.0)).reshape(effect.shape)
    reach = float(ndtri(0.5 + level / 2)) * se
    later, response, shock = (axis.ravel() for axis in np.indices(effect.shape))
    names = np.array(dynamics.names, dtype=object)
    table = pd.DataFrame({"shock": names[shock], "response": names[response], "waves_later": later})
    table = table.assign(effect=effect.ravel(), se=se.ravel())
    table = table.assign(ci_lower=(effect - reach).ravel(), ci_upper=(effect + reach).ravel())
    return _in_order(table, dynamics.names)


def _slope(of: Callable[[Array], Array], values: Array, k: int) -> Array:
    step = np.zeros(len(values))
    step[k] = _STEP * max(1.0, abs(values[k]))
    return (of(values + step) - of(values - step)) / (2 * step[k])


def _in_order(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    rank = {name: k for k, name in enumerate(names)}
    order = table.assign(a=table["shock"].map(rank), b=table["response"].map(rank))
    return order.sort_values(["a", "b", "waves_later"]).drop(columns=["a", "b"]).reset_index(drop=True)


def lasting_table(shocks: pd.DataFrame) -> pd.DataFrame:
    """When each response is strongest, when it has fallen to half of that, how long its interval stays off zero."""
    rows = []
    for (shock, response), part in shocks.groupby(["shock", "response"], sort=False):
        size = part["effect"].abs().to_numpy()
        if size.max() < 1e-10:
            continue
        peak = int(size.argmax())
        off = ((part["ci_lower"] > 0) | (part["ci_upper"] < 0)).to_numpy()
        until = _run(off, peak)
        rows.append(
            {
                "shock": shock,
                "response": response,
                "peak": float(part["effect"].iloc[peak]),
                "ci_lower": float(part["ci_lower"].iloc[peak]),
                "ci_upper": float(part["ci_upper"].iloc[peak]),
                "peak_at": peak,
                "half_at": _crossing(size[peak:], size[peak] / 2, peak),
                "tenth_at": _crossing(size[peak:], size[peak] / 10, peak),
                "sure_until": until,
            }
        )
    return pd.DataFrame(rows)


def _crossing(size: Array, limit: float, start: int) -> float:
    """The first time at or below the limit, linear between waves; nan if that is not seen."""
    below = np.flatnonzero(size <= limit)
    if not len(below):
        return float("nan")
    k = int(below[0])
    return float(start + k - 1 + (size[k - 1] - limit) / (size[k - 1] - size[k])) if k else float(start)


def _run(off: NDArray[np.bool_], peak: int) -> float:
    """The last wave after the peak up to which every interval stays off zero; nan if not even that of the peak."""
    if not off[peak]:
        return float("nan")
    again = np.flatnonzero(~off[peak:])
    return float(peak + again[0] - 1) if len(again) else float(len(off) - 1)
