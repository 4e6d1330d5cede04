"""Folds of PLSpredict: who is hidden when, and what the reader must know of the models that predict them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxlab.analyses.pls_model import PlsModel
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls.predict import Antecedents, Benchmark, Predictor, linear_predictions, pls_predictions
from cxlab.resample.request import check_whole


@dataclass(frozen=True, eq=False)
class Runs:
    """Predictions of q answers of n respondents in each repeat.

    Attributes
    ----------
    guesses : (repeats, 3, n, q)
        By the model, by the linear benchmark, by the training means.
    unsettled : int
        Models of a fold whose weights did not converge.
    models : int
    """

    guesses: np.ndarray
    unsettled: int
    models: int


def assignments(rows: int, folds: int, repeats: int, seed: int, given: np.ndarray | None) -> list[np.ndarray]:
    """The fold of every row, repeat by repeat."""
    if given is not None:
        own = np.asarray(given)
        if own.ndim != 1 or len(own) != rows:
            raise DataError("pls.folds_length", given=own.size, rows=rows)
        numbered = np.unique(own, return_inverse=True)[1]
        if numbered.max() < 1:
            raise DataError("pls_prediction.one_fold")
        return [numbered]
    for name, value, least in (("folds", folds, 2), ("repeats", repeats, 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            check_whole(name, value, least)
    if not 2 <= folds <= rows or repeats < 1:
        raise DataError("pls.folds", folds=folds, repeats=repeats, rows=rows)
    random = np.random.default_rng(seed)
    return [random.permutation(np.arange(rows) % folds) for _ in range(repeats)]


def check_formative_training(model: PlsModel, parted: list[np.ndarray]) -> None:
    """Mode B needs more training rows than indicators in every fold."""
    fewest = min(len(parts) - int(np.bincount(parts).max()) for parts in parted)
    for part in (model, *([model.first] if model.first else [])):
        sizes = zip(part.constructs, part.design.sizes, part.design.modes, strict=True)
        for name, size, mode in sizes:
            if mode == "B" and 1 < size >= fewest:
                raise DataError("pls_prediction.training_small", rows=fewest, construct=name, items=size)


def all_runs(
    model: Predictor,
    values: np.ndarray,
    names: tuple[str, ...],
    parted: list[np.ndarray],
    antecedents: Antecedents,
    benchmark: Benchmark,
) -> Runs:
    """Every fold predicted from a model of the others."""
    places = model.places
    guesses = np.empty((len(parted), 3, len(values), len(places)))
    settled = []
    for found, parts in zip(guesses, parted, strict=True):
        for part in range(int(parts.max()) + 1):
            out = parts == part
            train, test = values[~out], values[out]
            _check_training(train, names)
            found[0][out], converged = pls_predictions(train, test, model, antecedents)
            found[1][out] = linear_predictions(train, test, model, benchmark)
            found[2][out] = train[:, places].mean(axis=0)
            settled.append(converged)
    return Runs(guesses, settled.count(False), len(settled))


def _check_training(train: np.ndarray, names: tuple[str, ...]) -> None:
    flat = [name for name, spread in zip(names, np.ptp(train, axis=0), strict=True) if spread == 0]
    if flat:
        raise DataError("pls_prediction.constant_in_training", items=", ".join(flat[:5]), rows=len(train))


def fold_notices(model: Predictor, parted: list[np.ndarray], runs: Runs, benchmark: Benchmark) -> list[Notice]:
    """Models that did not settle; a benchmark with so many predictors that it is no bar."""
    told = []
    if runs.unsettled:
        values = {"count": runs.unsettled, "total": runs.models}
        told.append(Notice("pls_prediction.not_converged", values, serious=True))
    fewest = min(len(parts) - int(np.bincount(parts).max()) for parts in parted)
    exogenous = model.exogenous[model.owner]
    outside = max(int((model.owner != model.owner[place]).sum()) for place in model.places)
    predictors = int(exogenous.sum()) if benchmark == "exogenous" else outside
    if fewest < 2 * (predictors + 1):
        told.append(Notice("pls_prediction.weak_benchmark", {"predictors": predictors, "rows": fewest}, serious=True))
    return told
