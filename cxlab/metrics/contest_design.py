"""What each contestant offers: a metric as it is, or transformed, alone or with others, as columns of a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from cxlab.metrics.points import Scale
from cxlab.metrics.tally import FloatArray

Transform = Literal["linear", "top_box", "quadratic", "spline", "groups"]
TRANSFORMS: tuple[Transform, ...] = get_args(Transform)
_MOST_SUBSETS = 4


@dataclass(frozen=True, eq=False)
class Contestant:
    """A model of the outcome: which metrics, in which form, with its columns (n, p) without intercept."""

    metrics: tuple[str, ...]
    transform: Transform
    columns: FloatArray

    @property
    def name(self) -> str:
        """``csat + nps: linear``."""
        return f"{' + '.join(self.metrics)}: {self.transform}"


def transformed(values: FloatArray, transform: Transform, scale: Scale, top: int) -> FloatArray | str:
    """Columns (n, p) of one metric, or why there are none: "constant", "few_points", "scale".

    "top_box" marks the `top` best answers; "quadratic" adds the square; "spline" is a restricted cubic spline with
    three knots (four from ten points on), linear beyond the outer ones (Harrell, 2015); "groups" marks promoters and
    detractors.

    Examples
    --------
    >>> transformed(np.array([3.0, 9.0, 10.0]), "top_box", (1, 10), 2)[:, 0].tolist()
    [0.0, 1.0, 1.0]
    """
    if transform == "linear":
        return values[:, None]
    if transform == "top_box":
        found = (values > scale[1] - top).astype(float)[:, None]
    elif transform == "groups":
        if scale not in ((0, 10), (1, 10)):
            return "scale"
        found = np.column_stack([values >= 9, values <= 6]).astype(float)
    elif transform == "quadratic":
        if len(np.unique(values)) < 3:
            return "few_points"
        found = np.column_stack([values, (values - values.mean()) ** 2])
    else:
        knots = _knots(values)
        if knots is None:
            return "few_points"
        found = np.column_stack([values, _restricted(values, knots)])
    keep = np.ptp(found, axis=0) > 0
    return found[:, keep] if keep.any() else "constant"


def _knots(values: FloatArray) -> FloatArray | None:
    """Knots at quantiles of the answers given; the outcome has no part in it."""
    points = np.unique(values)
    if len(points) < 4:
        return None
    shares = (0.05, 0.35, 0.65, 0.95) if len(points) >= 10 else (0.10, 0.50, 0.90)
    knots = np.unique(np.quantile(values, shares))
    if len(knots) < 3:
        knots = np.array([points[0], points[len(points) // 2], points[-1]])
    return knots


def _restricted(values: FloatArray, knots: FloatArray) -> FloatArray:
    """The non-linear columns of a restricted cubic spline. R: ``Hmisc::rcspline.eval(x, knots)``."""

    def cube(knot: float) -> FloatArray:
        return np.maximum(values - knot, 0) ** 3

    last, before = knots[-1], knots[-2]
    span = last - before
    columns = [
        (cube(knot) - cube(before) * (last - knot) / span + cube(last) * (before - knot) / span)
        / (last - knots[0]) ** 2
        for knot in knots[:-2]
    ]
    return np.column_stack(columns)


def contestants(
    values: Mapping[str, FloatArray],
    scales: Mapping[str, Scale],
    transforms: Sequence[Transform],
    net: Sequence[str],
    combined: bool,
    top: int,
) -> tuple[list[Contestant], list[tuple[str, Transform, str]]]:
    """Every metric in every form, then combinations of metrics; and the forms that a metric does not allow, with why.

    `net` names the metrics that have promoters and detractors. Combinations: all subsets of up to four metrics in
    linear form (with more metrics, pairs and all of them), and all of them in each other form that every one allows.
    """
    found: list[Contestant] = []
    left: list[tuple[str, Transform, str]] = []
    forms: dict[tuple[str, Transform], FloatArray] = {}
    for name, own in values.items():
        for transform in transforms:
            if transform == "groups" and name not in net:
                continue
            columns = transformed(own, transform, scales[name], top)
            if isinstance(columns, str):
                left.append((name, transform, columns))
                continue
            forms[name, transform] = columns
            found.append(Contestant((name,), transform, columns))
    if combined and len(values) > 1:
        for names in _subsets(tuple(values)):
            found.append(Contestant(names, "linear", np.column_stack([values[name] for name in names])))
        for transform in transforms:
            parts = [forms.get((name, transform)) for name in values]
            if transform in ("linear", "groups") or any(part is None for part in parts):
                continue
            found.append(Contestant(tuple(values), transform, np.column_stack([p for p in parts if p is not None])))
    return found, left


def _subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(names) > _MOST_SUBSETS:
        return [*combinations(names, 2), names]
    return [subset for size in range(2, len(names) + 1) for subset in combinations(names, size)]
