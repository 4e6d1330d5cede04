"""From terms to the columns of a design matrix: R's coding of categories, products, standard scores."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxlab.analyses.regression_data import Variables, level_text
from cxlab.analyses.regression_formula import Factor, Formula, Term, term_key
from cxlab.errors import DataError

Array = NDArray[np.float64]
INTERCEPT = "Intercept"


@dataclass(frozen=True)
class Piece:
    """What one column of the design stands for: the factor, and its level if it is a category."""

    factor: Factor
    level: object = None

    def __str__(self) -> str:
        return str(self.factor) if self.level is None else f"{self.factor}[{level_text(self.level)}]"


@dataclass(frozen=True)
class Design:
    """A design matrix with names.

    Attributes
    ----------
    matrix : (n, q) array
    names : list of str
        ``"Intercept"`` first if there is one; ``"a"``, ``"log(a)"``, ``"group[2]"``, ``"a:group[2]"``.
    pieces : list of tuple of Piece
        What each column is made of; empty for the intercept.
    term : list of int
        Each column's term, -1 for the intercept.
    outcome : (n,) array
    weights : (n,) array or None
        Survey weights above zero.
    """

    matrix: Array
    names: list[str]
    pieces: list[tuple[Piece, ...]]
    term: list[int]
    outcome: Array
    weights: Array | None = None

    @cached_property
    def centre(self) -> Array:
        """What is taken from each column before the fit: its mean where there is an intercept to hold it, else 0."""
        middle = self.matrix.mean(axis=0) * (INTERCEPT in self.names)
        return np.where(np.array(self.names) == INTERCEPT, 0.0, middle)

    @cached_property
    def size(self) -> Array:
        """Length of each column, once centred."""
        return np.linalg.norm(self.matrix - self.centre, axis=0)

    @property
    def back(self) -> Array:
        """From the fit's coefficients to those of the columns as they are: ``b = back @ fit.params``."""
        back = np.diag(1 / self.size)
        if INTERCEPT in self.names:
            back[0] -= self.centre / self.size
        return back


def build_design(
    data: Variables, formula: Formula, *, standardise: bool = False, weights: Array | None = None
) -> Design:
    """The design matrix of a formula; with `standardise` every numeric variable and the outcome become z-scores."""
    if is_category(data, formula.outcome):
        raise DataError("analyses.category_outcome", column=formula.outcome.name)
    outcome = _numeric(data, formula.outcome, standardise, weights)
    columns: list[Array] = []
    pieces: list[tuple[Piece, ...]] = []
    owners: list[int] = []
    if formula.intercept:
        columns, pieces, owners = [np.ones(len(outcome))], [()], [-1]
    whole = _full_coding(data, formula)
    for number, term in enumerate(formula.terms):
        for made_of, column in _term_columns(data, term, whole[number], standardise, weights):
            columns.append(column)
            pieces.append(made_of)
            owners.append(number)
    names = [":".join(map(str, made_of)) or INTERCEPT for made_of in pieces]
    design = Design(np.column_stack(columns), names, pieces, owners, outcome, weights)
    _refuse_collinear(design, formula)
    return design


def is_category(data: Variables, factor: Factor) -> bool:
    """True if the factor's variable is used by its levels."""
    return factor.name in data.categories.columns


def _full_coding(data: Variables, formula: Formula) -> list[set[tuple[str, str, int]]]:
    """For each term the categories that need a column for every level, by R's rule of marginality.

    A category loses its reference level where the term without it is already in the model. Without an intercept the
    first category takes its place and keeps all levels.
    """
    known = {term_key(term) for term in formula.terms}
    if formula.intercept:
        known.add(frozenset())
    coding = []
    for term in formula.terms:
        full = set()
        for factor in term:
            rest = term_key(term) - {factor.key}
            if is_category(data, factor) and rest not in known:
                full.add(factor.key)
                if not rest:
                    known.add(rest)
        coding.append(full)
    return coding


def _term_columns(
    data: Variables, term: Term, full: set[tuple[str, str, int]], standardise: bool, weights: Array | None
) -> list[tuple[tuple[Piece, ...], Array]]:
    """Products of the factors' columns, the first factor's levels running fastest, as in R."""
    found: list[tuple[tuple[Piece, ...], Array]] = [((), np.ones(len(data.numeric)))]
    for factor in reversed(term):
        parts = _factor_columns(data, factor, factor.key in full, standardise, weights)
        found = [((piece, *made_of), column * old) for made_of, old in found for piece, column in parts]
    return found


def _factor_columns(
    data: Variables, factor: Factor, full: bool, standardise: bool, weights: Array | None
) -> list[tuple[Piece, Array]]:
    if not is_category(data, factor):
        return [(Piece(factor), _numeric(data, factor, standardise, weights))]
    column = data.categories[factor.name]
    levels = list(column.cat.categories)
    reference = _reference(factor, levels)
    shown = [level for level in levels if full or level != reference]
    return [(Piece(factor, level), (column == level).to_numpy(dtype=float)) for level in shown]


def _reference(factor: Factor, levels: list[object]) -> object:
    if factor.reference is None:
        return levels[0]
    match = [level for level in levels if level_text(level) == factor.reference]
    if not match:
        known = ", ".join(level_text(level) for level in levels)
        raise DataError("analyses.unknown_level", column=factor.name, level=factor.reference, known=known)
    return match[0]


def _numeric(data: Variables, factor: Factor, standardise: bool, weights: Array | None) -> Array:
    if factor.name not in data.numeric.columns:
        raise DataError("analyses.category_as_number", column=factor.name)
    column = data.numeric[factor.name]
    if factor.function == "log":
        low = column.index[column <= 0]
        if len(low):
            rows = ", ".join(map(str, low[:5])) + (", …" if len(low) > 5 else "")
            raise DataError("analyses.log_of_zero", column=factor.name, count=len(low), rows=rows)
        column = np.log(column)
    elif factor.function == "power":
        column = column**factor.power
    values = column.to_numpy(dtype=float)
    if factor.function in ("center", "scale") or standardise:
        values = values - np.average(values, weights=weights)
    if factor.function == "scale" or standardise:
        values = values / standard_deviation(values, weights)
    return values


def standard_deviation(values: Array, weights: Array | None) -> Array:
    """Of each column (n,) or (n, q), with divisor n - 1; weights have mean 1."""
    if weights is None:
        return np.asarray(values.std(axis=0, ddof=1))
    centred = values - np.average(values, axis=0, weights=weights)
    return np.asarray(np.sqrt(np.average(centred**2, axis=0, weights=weights) * len(weights) / (len(weights) - 1)))


def _refuse_collinear(design: Design, formula: Formula) -> None:
    n, q = design.matrix.shape
    if n <= q:
        raise DataError("analyses.too_few_for_terms", n=n, columns=q, needed=q + 1)
    _refuse_empty(design)
    matrix = design.matrix[:, 1:] - design.matrix[:, 1:].mean(axis=0) if formula.intercept else design.matrix
    names = design.names[1:] if formula.intercept else design.names
    size = np.linalg.norm(matrix, axis=0)
    if (size == 0).any():
        empty = ", ".join(name for name, length in zip(names, size, strict=True) if length == 0)
        raise DataError("analyses.constant_columns", columns=empty, n=n)
    if not len(names):
        return
    _, values, vectors = np.linalg.svd(matrix / size, full_matrices=False)
    null = vectors[values < 1e-7 * values[0]]
    if len(null):
        involved = np.abs(null).max(axis=0) > 1e-6
        columns = ", ".join(name for name, hit in zip(names, involved, strict=True) if hit)
        raise DataError("analyses.collinear", columns=columns)


def _refuse_empty(design: Design) -> None:
    products = [(name, column) for name, column in zip(design.names, design.matrix.T, strict=True) if ":" in name]
    empty = [name for name, column in products if not column.any()]
    if empty:
        raise DataError("analyses.empty_combination", columns=", ".join(empty))


def least_squares(design: Design) -> Any:
    """OLS or WLS of statsmodels on centred columns of unit length, so that units cost no digits; see `Design.back`."""
    from statsmodels.regression.linear_model import OLS, WLS

    columns, hasconst = (design.matrix - design.centre) / design.size, INTERCEPT in design.names
    if design.weights is None:
        return OLS(design.outcome, columns, hasconst=hasconst).fit(method="qr")
    return WLS(design.outcome, columns, weights=design.weights, hasconst=hasconst).fit(method="qr")
