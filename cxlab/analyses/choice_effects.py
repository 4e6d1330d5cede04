"""Average marginal effects and predicted probabilities of ordered and binary models, with delta-method errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit

from cxlab.analyses.choice_model import State
from cxlab.analyses.regression_data import level_text
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError
from cxlab.estimate.ordinal_effects import mean_probabilities, mean_slopes, probabilities, probability_errors

Array = NDArray[np.float64]
EFFECT_COLUMNS = ["variable", "contrast", "answer", "effect", "se", "z", "pvalue", "ci_lower", "ci_upper"]
SLOPE = "slope"


def marginal_effects(state: State, names: Iterable[str] | None, level: float) -> pd.DataFrame:
    """For each predictor and answer the average change of its probability: by slope, or from the reference level."""
    wanted = state.recipe.variables if names is None else [_known(state, name) for name in names]
    if not wanted:
        raise DataError("choice.no_predictors")
    rows: list[dict[str, object]] = []
    for name in wanted:
        found = _slope(state, name) if name in state.recipe.numeric else _changes(state, name)
        for contrast, effects, slopes in found:
            errors = np.sqrt(np.einsum("jp,pq,jq->j", slopes, state.cov, slopes))
            rows += [
                {"variable": name, "contrast": contrast, "answer": state.data.outcome.points[code],
                 "effect": effects[code], "se": errors[code]}
                for code in state.shown
            ]  # fmt: skip
    table = pd.DataFrame(rows, columns=EFFECT_COLUMNS[:5])
    effect, se = table["effect"].to_numpy(float), table["se"].to_numpy(float)
    half = stats.norm.isf((1 - level) / 2) * se
    z = np.divide(effect, se, out=np.full(len(se), np.nan), where=se > 0)
    return table.assign(z=z, pvalue=2 * stats.norm.sf(np.abs(z)), ci_lower=effect - half, ci_upper=effect + half)


def _slope(state: State, name: str) -> list[tuple[str, Array, Array]]:
    values, made = observed(state), state.recipe
    weights, link = state.data.weights, state.link
    effects, slopes = mean_slopes(
        state.params, made.matrix(values), made.slopes(values, name), weights, state.categories, link
    )
    return [(SLOPE, effects, slopes)]


def _changes(state: State, name: str) -> list[tuple[str, Array, Array]]:
    """Everyone at a level against everyone at the reference, all else as answered."""
    reference, *others = state.recipe.levels[name]
    base, base_slopes = _everyone(state, name, reference)
    found = []
    for level in others:
        there, slopes = _everyone(state, name, level)
        contrast = f"{level_text(level)} - {level_text(reference)}"
        found.append((contrast, there - base, slopes - base_slopes))
    return found


def _everyone(state: State, name: str, level: Any) -> tuple[Array, Array]:
    values = observed(state)
    values[name] = pd.Series([level] * len(values), index=values.index, dtype=object)
    x = state.recipe.matrix(values)
    return mean_probabilities(state.params, x, state.data.weights, state.categories, state.link)


def observed(state: State) -> pd.DataFrame:
    """The predictors as answered, one column a variable."""
    used = state.data.used
    return pd.concat([used.numeric, used.categories], axis=1)[list(state.recipe.variables)]


def predicted(state: State, profiles: Any, level: float) -> pd.DataFrame:
    """One row a profile and answer: the predictors, the answer, its probability with error and interval."""
    values = observed(state) if profiles is None else filled(state, profiles)
    x = state.recipe.matrix(values)
    chances = probabilities(state.params, x, state.categories, state.link)
    errors = probability_errors(state.params, state.cov, x, state.categories, state.link)
    z = stats.norm.isf((1 - level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = logit(chances)
        half = z * errors / (chances * (1 - chances))
        lower, upper = expit(middle - half), expit(middle + half)
    shown, points = list(state.shown), state.data.outcome.points
    table = values.loc[values.index.repeat(len(shown))].rename_axis("row" if profiles is None else "profile")
    table = table.reset_index()
    return table.assign(
        answer=[points[code] for _ in range(len(values)) for code in shown],
        probability=chances[:, shown].ravel(),
        se=errors[:, shown].ravel(),
        ci_lower=lower[:, shown].ravel(),
        ci_upper=upper[:, shown].ravel(),
        extrapolated=np.repeat(_outside(state, values), len(shown)),
    )


def filled(state: State, profiles: Any) -> pd.DataFrame:
    """Profiles as a table of all predictors: values crossed, what is not named at its mean or most frequent level."""
    if isinstance(profiles, Mapping):
        lists = {str(name): _as_list(value) for name, value in profiles.items()}
        given = pd.DataFrame(list(product(*lists.values())), columns=list(lists), dtype=object)
    elif isinstance(profiles, pd.DataFrame):
        given = profiles.reset_index(drop=True)
    else:
        raise DataError("choice.profiles_kind", kind=type(profiles).__name__)
    named = [_known(state, str(name)) for name in given.columns]
    if len(given) == 0 or len(set(named)) < len(named):
        raise DataError("choice.profiles_empty")
    given.columns = named
    usual, rows = typical(state), pd.RangeIndex(1, len(given) + 1)
    columns = {name: list(given[name]) if name in given else [usual[name]] * len(given) for name in usual}
    made = {name: _numbers(name, column) for name, column in columns.items() if name in state.recipe.numeric}
    made |= {
        name: pd.Series([_level(state, name, value) for value in column], index=None, dtype=object)
        for name, column in columns.items()
        if name in state.recipe.levels
    }
    return pd.DataFrame({name: list(made[name]) for name in state.recipe.variables}, index=rows)


def typical(state: State) -> dict[str, Any]:
    """The mean of each number and the most frequent level of each category, weighted."""
    values, weights = observed(state), state.data.weights
    found: dict[str, Any] = {
        name: float(np.average(values[name].to_numpy(float), weights=weights)) for name in state.recipe.numeric
    }
    for name, levels in state.recipe.levels.items():
        sizes = [weights[(values[name] == level).to_numpy()].sum() for level in levels]
        found[name] = levels[int(np.argmax(sizes))]
    return found


def _as_list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)


def _known(state: State, name: str) -> str:
    name = nfc(str(name))
    if name not in state.recipe.variables:
        known = list(state.recipe.variables)
        raise DataError(
            "choice.not_a_predictor", name=name, known=", ".join(known) or "–", hint=did_you_mean(name, known)
        )
    return name


def _numbers(name: str, column: list[Any]) -> list[float]:
    number = pd.to_numeric(pd.Series(column, dtype=object), errors="coerce").astype("float64")
    if not np.isfinite(number).all():
        raise DataError("choice.profile_not_number", column=name)
    return list(number)


def _level(state: State, name: str, value: Any) -> Any:
    """The level meant: itself, as text, or by the codebook's word in any language."""
    levels = state.recipe.levels[name]
    item = state.data.survey.codebook.items.get(name)
    for level in levels:
        words = (item.labels.get(level) or {}).values() if item is not None else ()
        if level == value or level_text(value) in (level_text(level), *words):
            return level
    known = ", ".join(level_text(level) for level in levels)
    raise DataError("analyses.unknown_level", column=name, level=value, known=known)


def _outside(state: State, values: pd.DataFrame) -> NDArray[np.bool_]:
    """Profiles with a number beyond those answered."""
    seen, outside = observed(state), np.zeros(len(values), dtype=bool)
    for name in state.recipe.numeric:
        low, high = seen[name].min(), seen[name].max()
        outside |= ~values[name].between(low, high).to_numpy()
    return outside
