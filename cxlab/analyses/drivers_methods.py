"""The methods of driver analysis: which there are, what each needs, and all of them on many resamples at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cxlab.analyses.drivers_input import SINGULAR, DriverData
from cxlab.errors import DataError
from cxlab.estimate.importance import (
    complete_dominance,
    conditional_dominance,
    partial_cov,
    pmvd,
    relative_weights,
    shapley,
    smallest_root,
    subset_r2,
)
from cxlab.estimate.importance_permutation import fold_numbers, permutation_loss
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments

Array = NDArray[np.float64]
Method = Literal[
    "lmg", "relative_weights", "dominance", "pmvd", "beta", "zero_order", "structure", "permutation"
]  # fmt: skip
METHODS: tuple[Method, ...] = get_args(Method)
MOST_DRIVERS = 15
_SUBSETS = ("lmg", "dominance", "pmvd")
# Parts of R² that add up to it.
SHARES = ("lmg", "dominance", "pmvd", "relative_weights")
_ONE_COLUMN = ("beta", "zero_order", "structure", "pmvd")
_REPEATS = 10
_CELLS = 4_000_000


@dataclass
class Measured:
    """Numbers of R replicates: each method's (R, G), R² (R,), dominance (R, G, G) or empty where nobody asks."""

    methods: dict[str, Array]
    r2: Array
    r2_covariates: Array
    r2_cv: Array
    complete: Array
    conditional: Array
    failed: int = 0


def chosen_methods(method: str | Sequence[str], data: DriverData) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The methods asked for, and those of "all" that do not apply to these drivers."""
    asked = list(METHODS) if method == "all" else list(method) if isinstance(method, list | tuple) else [str(method)]
    unknown = [name for name in asked if name not in METHODS]
    if unknown or not asked:
        given, known = ", ".join(map(str, unknown)), ", ".join((*METHODS, "all"))
        raise DataError("drivers.unknown_method", value=given, known=known)
    asked = list(dict.fromkeys(asked))
    barred = [name for name in asked if _barred(name, data)]
    if method != "all" and barred:
        name = barred[0]
        if name in _SUBSETS and len(data.names) > MOST_DRIVERS:
            raise DataError("drivers.too_many", method=name, count=len(data.names), most=MOST_DRIVERS)
        raise DataError("drivers.needs_columns", method=name, names=", ".join(_wide(data)))
    if method == "all":  # general dominance is LMG: once is enough
        barred = [name for name in barred if name != "dominance"]
        asked = [name for name in asked if name != "dominance"]
    return tuple(name for name in asked if name not in barred), tuple(barred)


def _barred(name: str, data: DriverData) -> bool:
    if name in _SUBSETS and len(data.names) > MOST_DRIVERS:
        return True
    if name == "relative_weights":
        return not data.numeric
    return name in _ONE_COLUMN and name != "pmvd" and not data.single


def _wide(data: DriverData) -> list[str]:
    return [name for name, size in zip(data.names, data.sizes, strict=True) if size > 1]


def measure(data: DriverData, draws: Draws, methods: Sequence[str], *, folds: int, seed: int, pairs: bool) -> Measured:
    """Every method on every replicate; replicates whose drivers determine one another are nan."""
    parts = list(_chunks(data, draws, methods, folds, seed, pairs))
    names = parts[0].methods
    joined = {name: np.concatenate([part.methods[name] for part in parts]) for name in names}
    r2, before, cv = (
        np.concatenate([getattr(part, key) for part in parts]) for key in ("r2", "r2_covariates", "r2_cv")
    )
    complete, conditional = (
        np.concatenate([getattr(part, key) for part in parts]) for key in ("complete", "conditional")
    )
    return Measured(joined, r2, before, cv, complete, conditional, int(np.isnan(r2).sum()))


def _chunks(
    data: DriverData, draws: Draws, methods: Sequence[str], folds: int, seed: int, pairs: bool
) -> Iterator[Measured]:
    n = len(data.values)
    step = int(np.clip(_CELLS // n, 1, 64))
    split = fold_numbers(n, folds, _REPEATS, seed) if "permutation" in methods else None
    for first in range(0, draws.size, step):
        counts = draws.counts(first, min(first + step, draws.size))[0] * data.weights
        cov = weighted_moments(counts, data.values)[1]
        sound = smallest_root(cov[:, :-1, :-1]) > SINGULAR
        sound &= cov[:, -1, -1] > SINGULAR
        found = _of_covariances(data, np.where(sound[:, None, None], cov, np.eye(cov.shape[1])), methods, pairs)
        if split is not None:
            found.methods["permutation"], found.r2_cv = _permuted(data, counts, split)
        _blank(found, ~sound)
        yield found


def _blank(found: Measured, lost: NDArray[np.bool_]) -> None:
    arrays = (found.r2, found.r2_covariates, found.r2_cv, found.complete, found.conditional)
    for array in (*found.methods.values(), *arrays):
        array[lost] = np.nan


def _of_covariances(data: DriverData, cov: Array, methods: Sequence[str], pairs: bool) -> Measured:
    total = cov[:, -1, -1]
    own = partial_cov(cov, data.covariates)
    slopes: Array = np.asarray(np.linalg.solve(own[:, :-1, :-1], own[:, :-1, -1:])[..., 0], dtype="float64")
    explained: Array = np.einsum("rk,rk->r", slopes, own[:, :-1, -1]) / total
    before = 1 - own[:, -1, -1] / total
    none = np.empty((len(cov), 0, 0))
    found = Measured({}, explained + before, before, np.full(len(cov), np.nan), none, none)
    if pairs or set(methods) & set(_SUBSETS):
        r2 = subset_r2(own, data.sizes, total)
        parts: Mapping[str, Array] = {"lmg": shapley(r2)}
        found.methods |= {name: parts["lmg"].copy() for name in ("lmg", "dominance") if name in methods}
        if "pmvd" in methods:
            found.methods["pmvd"] = pmvd(r2)
        if pairs:
            found.complete = np.moveaxis(complete_dominance(r2), -1, 0)
            found.conditional = np.moveaxis(conditional_dominance(r2), -1, 0)
    if "relative_weights" in methods:
        weights = relative_weights(own, total)
        found.methods["relative_weights"] = _summed(weights, data.sizes)
    found.methods |= _of_columns(data, cov, own, slopes, explained, methods)
    return found


def _of_columns(
    data: DriverData, cov: Array, own: Array, slopes: Array, explained: Array, methods: Sequence[str]
) -> dict[str, Array]:
    """Standardised coefficients and squared correlations, which know single columns only."""
    found = {}
    total = cov[:, -1, -1]
    if "beta" in methods:
        spread = np.sqrt(np.diagonal(cov, axis1=1, axis2=2)[:, data.covariates : -1] / total[:, None])
        found["beta"] = slopes * spread
    if {"zero_order", "structure"} & set(methods):
        variance = np.diagonal(own, axis1=1, axis2=2)[:, :-1]
        squared = own[:, :-1, -1] ** 2 / (variance * total[:, None])
        if "zero_order" in methods:
            found["zero_order"] = squared
        if "structure" in methods:
            found["structure"] = squared / explained[:, None]
    return found


def _summed(values: Array, sizes: tuple[int, ...]) -> Array:
    return np.asarray(np.add.reduceat(values, np.cumsum((0, *sizes[:-1])), axis=1))


def _permuted(data: DriverData, counts: Array, split: NDArray[np.int_]) -> tuple[Array, Array]:
    """Mean over several splits. A row drawn twice stays in one fold, so that no answer is predicted from itself."""
    drops, scores = [], []
    for fold_of in split:
        moments = [_fold_moments(counts[:, fold_of == fold], data.values[fold_of == fold]) for fold in set(fold_of)]
        size, mean, cov = (np.stack(part) for part in zip(*moments, strict=True))
        drop, r2 = permutation_loss(size, mean, cov, data.places)
        drops.append(drop)
        scores.append(r2)
    return np.mean(drops, axis=0), np.mean(scores, axis=0)


def _fold_moments(counts: Array, values: Array) -> tuple[Array, Array, Array]:
    size = counts.sum(axis=1)
    with np.errstate(invalid="ignore"):  # no row of this fold was drawn: it counts for nothing
        mean, cov = weighted_moments(counts, values)
    return size, np.nan_to_num(mean), np.nan_to_num(cov)
