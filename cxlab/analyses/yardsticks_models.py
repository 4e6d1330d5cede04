"""The rival predictions: each a function of training rows alone, its own settings chosen within them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Model = Literal["mean", "linear", "ridge", "elastic_net", "boosting"]
MODELS: tuple[Model, ...] = get_args(Model)
_INNER = 5
_PENALTIES = np.logspace(-3, 4, 29)
_MIXES = (0.1, 0.5, 0.9, 1.0)
_DEPTHS = (1, 3)
_INNER_TREES = 3
_TREES = 100
_RATE = 0.1
# Below this, starting threads costs more than they save.
_ROWS_FOR_THREADS = 20_000
Predict = Callable[[Array, Array, Array, Array, int], Array]


def predict_mean(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    """The training mean."""
    return np.full(len(new), np.average(y, weights=weights))


def predict_linear(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    """Ordinary least squares."""
    from sklearn.linear_model import LinearRegression

    return np.asarray(LinearRegression().fit(x, y, sample_weight=weights).predict(new))


def predict_ridge(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    """Ridge on standardised columns, its penalty by leave-one-out within the training rows."""
    from sklearn.linear_model import RidgeCV

    x, new = _standardised(x, weights, new)
    return np.asarray(RidgeCV(alphas=_PENALTIES).fit(x, y, sample_weight=weights).predict(new))


def predict_elastic_net(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    """Elastic net on standardised columns, penalty and mix by five folds within the training rows."""
    from sklearn.linear_model import ElasticNetCV
    from sklearn.model_selection import KFold

    x, new = _standardised(x, weights, new)
    inner = KFold(min(_INNER, len(x)), shuffle=True, random_state=seed)
    model = ElasticNetCV(l1_ratio=_MIXES, cv=inner, max_iter=50_000)
    return np.asarray(model.fit(x, y, sample_weight=weights).predict(new))


def predict_boosting(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    """Gradient boosted trees, their depth and number by three folds within the training rows."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1 if len(x) < _ROWS_FOR_THREADS else None):
        return _boosted(x, y, weights, new, seed)


def _boosted(x: Array, y: Array, weights: Array, new: Array, seed: int) -> Array:
    from sklearn.model_selection import KFold

    inner = KFold(_INNER_TREES, shuffle=True, random_state=seed)
    losses = np.zeros((len(_DEPTHS), _TREES))
    for train, test in inner.split(x):
        for number, deep in enumerate(_DEPTHS):
            model = _trees(deep, _TREES, len(train), seed).fit(x[train], y[train], sample_weight=weights[train])
            for trees, predicted in enumerate(model.staged_predict(x[test])):
                losses[number, trees] += weights[test] @ (y[test] - predicted) ** 2
    depth, last = np.unravel_index(losses.argmin(), losses.shape)
    best = _trees(_DEPTHS[int(depth)], int(last) + 1, len(x), seed)
    return np.asarray(best.fit(x, y, sample_weight=weights).predict(new))


def _trees(depth: int, trees: int, rows: int, seed: int):  # type: ignore[no-untyped-def]
    from sklearn.ensemble import HistGradientBoostingRegressor

    leaf = max(2, min(20, rows // 10))
    return HistGradientBoostingRegressor(
        max_depth=depth, max_iter=trees, learning_rate=_RATE, min_samples_leaf=leaf, early_stopping=False,
        random_state=seed, max_bins=63,
    )  # fmt: skip


def _standardised(x: Array, weights: Array, new: Array) -> tuple[Array, Array]:
    centre = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weights))
    spread = np.where(spread > 0, spread, 1.0)
    return (x - centre) / spread, (new - centre) / spread


PREDICT: dict[str, Predict] = {
    "mean": predict_mean,
    "linear": predict_linear,
    "ridge": predict_ridge,
    "elastic_net": predict_elastic_net,
    "boosting": predict_boosting,
}
