"""Yardsticks equal scikit-learn's cross-validation on the same parts, and find what is there to find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.yardsticks import resampled_interval, yardsticks
from cxlab.errors import CxlabError
from cxlab.estimate.importance_permutation import fold_numbers

PLAIN = ["mean", "linear"]


def made(rows: int = 120, bend: float = 0.0, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=["a", "b", "giá cả"])
    frame["y"] = frame["giá cả"] + bend * frame["a"] * frame["b"] + 0.5 * rng.normal(size=rows)
    return frame


def test_the_corrected_interval_has_the_value_worked_by_hand() -> None:
    # Variance of .1 .2 .3 is .01; (1/3 + 1/4) of it .0058333; its root .0763763 times t(2) = 4.302653.
    mean, low, high, error = resampled_interval(np.array([0.1, 0.2, 0.3]), 0.25, 0.95)
    assert (mean, error) == (pytest.approx(0.2), pytest.approx(0.0763763, abs=1e-7))
    assert (low, high) == (pytest.approx(0.2 - 0.328620, abs=1e-6), pytest.approx(0.2 + 0.328620, abs=1e-6))


def test_linear_errors_are_those_of_scikit_learn_on_the_same_parts() -> None:
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import PredefinedSplit, cross_validate

    frame = made()
    found = yardsticks("y", ["a", "b", "giá cả"], frame, models=PLAIN, folds=4, repeats=2, seed=3)
    x, y = frame[["a", "b", "giá cả"]], frame["y"]
    own = found.scores.query("model == 'linear'").reset_index(drop=True)
    split = fold_numbers(120, 4, 2, 3)
    for repeat, fold_of in enumerate(split):
        scoring = ("neg_root_mean_squared_error", "neg_mean_absolute_error")
        known = cross_validate(LinearRegression(), x, y, cv=PredefinedSplit(fold_of), scoring=scoring)
        rows = own[own["repeat"] == repeat]
        assert rows["rmse"].to_numpy() == pytest.approx(-known[f"test_{scoring[0]}"])
        assert rows["mae"].to_numpy() == pytest.approx(-known[f"test_{scoring[1]}"])
        for fold in range(4):
            test = fold_of == fold
            base = ((y[test] - y[~test].mean()) ** 2).mean()
            row = rows[rows["fold"] == fold].iloc[0]
            assert row["r2"] == pytest.approx(1 - row["rmse"] ** 2 / base)
    assert found.table["model"].tolist() == ["linear", "mean"]
    assert found.scores.query("model == 'mean'")["r2"].abs().max() < 1e-12


def test_an_interaction_is_found_by_trees() -> None:
    found = yardsticks(
        "y", ["a", "b", "giá cả"], made(300, bend=1.5), models=["linear", "boosting"], folds=3, repeats=1
    )
    assert found.verdict == "gain"
    assert found.differences["difference"].iloc[0] > 0.2
    assert "R²" in found.verdict_text("vi")


def test_a_straight_line_leaves_nothing_to_find() -> None:
    found = yardsticks(
        "y", ["a", "b", "giá cả"], made(300), models=["boosting", "ridge", "elastic_net"], folds=3, repeats=1
    )
    assert found.verdict in ("none", "worse", "open")
    table = found.table.set_index("model")
    assert table.loc["linear", "r2"] > table.loc["boosting", "r2"]
    assert table.loc["ridge", "r2"] == pytest.approx(table.loc["linear", "r2"], abs=0.01)
    assert table.loc["elastic_net", "r2"] == pytest.approx(table.loc["linear", "r2"], abs=0.02)


def test_settings_never_see_the_rows_that_are_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    from cxlab.analyses import yardsticks_models

    seen = []

    def watch(x: Any, y: Any, weights: Any, new: Any, seed: int) -> Any:
        seen.append((set(y), len(new)))
        return np.zeros(len(new))

    monkeypatch.setitem(yardsticks_models.PREDICT, "ridge", watch)
    frame = made(60)
    found = yardsticks("y", ["a", "b"], frame, models=["ridge"], folds=5, repeats=1, seed=2)
    split = fold_numbers(60, 5, 1, 2)[0]
    for fold, (trained, predicted) in enumerate(seen):
        held_out = set(frame["y"][split == fold])
        assert not trained & held_out
        assert predicted == len(held_out)
    assert len(found.scores.query("model == 'ridge'")) == 5


def test_equal_weights_change_nothing_and_others_do() -> None:
    frame = made(80)
    plain = yardsticks("y", ["a", "b"], frame, models=["linear", "ridge"], repeats=1)
    even = yardsticks("y", ["a", "b"], frame, models=["linear", "ridge"], repeats=1, weights=[3.0] * 80)
    np.testing.assert_allclose(even.scores["r2"], plain.scores["r2"], rtol=1e-9)
    uneven = yardsticks("y", ["a", "b"], frame, models=["linear"], repeats=1, weights=np.linspace(0.1, 2, 80))
    assert not np.allclose(uneven.scores["r2"], plain.scores.query("model == 'linear'")["r2"])


def test_one_predictor_and_a_category_are_enough() -> None:
    frame = made(90).assign(sector=["bán lẻ", "ngân hàng", "khác"] * 30)
    found = yardsticks("y", ["giá cả"], frame, models=PLAIN, repeats=1)
    assert found.verdict == "not_asked"
    assert found.table["r2"].iloc[0] > 0.5
    assert "drivers.few_to_predict" in [notice.key for notice in found.warnings]
    mixed = yardsticks("y", ["giá cả", "C(sector)"], frame, models=PLAIN, repeats=1)
    assert mixed.n == 90


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "model": ({"models": ["forest"]}, "drivers.unknown_model"),
    "folds": ({"folds": 1}, "resample.whole_number"),
    "many folds": ({"folds": 40}, "drivers.folds"),
    "repeats": ({"repeats": 0}, "resample.whole_number"),
    "twelve": ({"data": made(12)}, "drivers.too_few_to_train"),
    "level": ({"level": 2}, "analyses.level_outside"),
    "unknown": ({"predictors": ["a", "zz"]}, "drivers.unknown"),
    "none": ({"predictors": []}, "drivers.no_predictor"),
    "constant": ({"data": made(60).assign(a=1.0)}, "analyses.constant_columns"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_say_what_is_wrong(name: str) -> None:
    changed, key = BAD[name]
    with pytest.raises(CxlabError) as caught:
        yardsticks(**({"outcome": "y", "predictors": ["a", "b"], "data": made(60)} | changed))
    assert caught.value.key == key


def test_results_read_in_both_languages() -> None:
    found = yardsticks("y", ["a", "b"], made(60), models=["linear", "ridge"], repeats=1)
    for lang in ("en", "vi"):
        texts = [found.summary(lang), str(found.apa(lang)), found.verdict_text(lang)]
        assert all("drivers." not in text for text in texts)
        assert len(found.plot(lang).axes) == 1
    assert "nadeau_bengio_2003" in {work.key for work in found.cite()}
