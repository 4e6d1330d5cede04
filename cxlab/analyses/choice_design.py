"""The design of an estimated model for other values of its predictors, and its slopes along one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.regression_data import Variables, level_text
from cxlab.analyses.regression_design import Design, Piece
from cxlab.analyses.regression_formula import Factor, Formula
from cxlab.errors import DataError

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recipe:
    """How each column of a design is made: products of transformed numbers and of indicators of levels.

    Attributes
    ----------
    columns : tuple of tuple of Piece
        Without the intercept.
    spread : mapping of variable to (mean, SD)
        Of the rows the model was estimated from, for ``center`` and ``scale``.
    numeric : tuple of str
        Variables used as numbers.
    levels : mapping of variable to tuple
        Levels of the variables used as categories, the reference first.
    """

    columns: tuple[tuple[Piece, ...], ...]
    spread: Mapping[str, tuple[float, float]]
    numeric: tuple[str, ...]
    levels: Mapping[str, tuple[Any, ...]]

    @property
    def variables(self) -> tuple[str, ...]:
        """Every predictor, numbers first."""
        return (*self.numeric, *self.levels)

    def matrix(self, values: pd.DataFrame) -> Array:
        """The columns for rows of predictors, one DataFrame column a variable: (rows, q)."""
        made = [np.prod([self._value(piece, values) for piece in pieces], axis=0) for pieces in self.columns]
        return np.column_stack(made) if made else np.zeros((len(values), 0))

    def slopes(self, values: pd.DataFrame, name: str) -> Array:
        """The derivative of each column by a numeric predictor, by the product rule: (rows, q)."""
        return np.column_stack([self._slope(pieces, values, name) for pieces in self.columns])

    def _slope(self, pieces: tuple[Piece, ...], values: pd.DataFrame, name: str) -> Array:
        total = np.zeros(len(values))
        for i, piece in enumerate(pieces):
            if piece.factor.name == name:
                others = [self._value(other, values) for k, other in enumerate(pieces) if k != i]
                total += np.prod([self._derivative(piece.factor, values), *others], axis=0)
        return total

    def _value(self, piece: Piece, values: pd.DataFrame) -> Array:
        factor = piece.factor
        if piece.level is not None:
            return (values[factor.name] == piece.level).to_numpy(dtype=float)
        x = values[factor.name].to_numpy(dtype=float)
        if factor.function == "log":
            if (x <= 0).any():
                raise DataError("choice.log_of_profile", column=factor.name)
            return np.log(x)
        if factor.function == "power":
            return x**factor.power
        if factor.function in ("center", "scale"):
            mean, sd = self.spread[factor.name]
            return (x - mean) / (sd if factor.function == "scale" else 1.0)
        return x

    def _derivative(self, factor: Factor, values: pd.DataFrame) -> Array:
        x = values[factor.name].to_numpy(dtype=float)
        if factor.function == "log":
            return 1 / x
        if factor.function == "power":
            return factor.power * x ** (factor.power - 1)
        return np.full(len(x), 1 / self.spread[factor.name][1] if factor.function == "scale" else 1.0)


def recipe(formula: Formula, used: Variables, design: Design) -> Recipe:
    """The recipe of an estimated design.

    Examples
    --------
    >>> from cxlab.analyses.regression_design import build_design
    >>> from cxlab.analyses.regression_formula import parse_formula
    >>> data = Variables(pd.DataFrame({"y": [1.0, 2, 4], "a": [1.0, 2, 3]}), pd.DataFrame(index=range(3)), {}, ())
    >>> formula = parse_formula("y ~ I(a^2)")
    >>> recipe(formula, data, build_design(data, formula)).slopes(pd.DataFrame({"a": [3.0]}), "a")
    array([[6.]])
    """
    factors: dict[str, Factor] = {}
    for factor in (factor for term in formula.terms for factor in term):
        factors.setdefault(factor.name, factor)
    numeric = tuple(name for name in factors if name in used.numeric.columns)
    levels = {name: _levels(factor, used) for name, factor in factors.items() if name in used.categories.columns}
    spread = {name: (float(used.numeric[name].mean()), float(used.numeric[name].std())) for name in numeric}
    return Recipe(tuple(pieces for pieces in design.pieces if pieces), spread, numeric, levels)


def _levels(factor: Factor, used: Variables) -> tuple[Any, ...]:
    """Levels in order, the reference first."""
    levels = list(used.categories[factor.name].cat.categories)
    first = next((one for one in levels if level_text(one) == factor.reference), levels[0])
    return (first, *(one for one in levels if one != first))
