"""The map's numbers are the drivers' and plain means on 0 to 100; what it cannot know it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.drivers import drivers
from cxlab.analyses.importance_performance import importance_performance
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError
from cxlab.survey.survey import Survey


def answers(rows: int = 80, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    base = rng.integers(2, 8, size=rows)
    frame = pd.DataFrame(
        {name: np.clip(base + rng.integers(-2, 3, size=rows), 1, 10) for name in ("a1", "a2", "b", "c")}
    )
    frame["y"] = np.clip(np.rint(0.8 * frame["a1"] + 0.3 * frame["b"] + rng.normal(size=rows)), 1, 10).astype(int)
    return frame


def survey(**changes: Any) -> Survey:
    frame = answers()
    items = {name: Item(name, min=1, max=10, construct="a" if name.startswith("a") else None) for name in frame}
    items |= {name: Item(name, min=1, max=10, reversed=True) for name in changes.get("reversed", ())}
    return Survey(frame, Codebook(items=items, constructs={"a": Construct("a", label={"en": "Aid", "vi": "Trợ giúp"})}))


def test_importance_is_the_drivers_and_performance_the_mean_on_0_to_100() -> None:
    found = importance_performance("y", ["a", "b", "c"], survey(), n_boot=40, seed=3)
    table = found.table.set_index("predictor")
    other = drivers("y", ["a", "b", "c"], survey(), n_boot=40, seed=3).of("lmg").set_index("predictor")
    for own, name in (("importance", "importance"), ("importance_lower", "ci_lower"), ("share", "share")):
        assert table[own].to_dict() == pytest.approx(other[name].to_dict())
    frame = answers()
    means = {"a": frame[["a1", "a2"]].mean(axis=1).mean(), "b": frame["b"].mean(), "c": frame["c"].mean()}
    assert table["performance"].to_dict() == pytest.approx({name: 100 * (mean - 1) / 9 for name, mean in means.items()})
    assert (table["performance_lower"] < table["performance"]).all()
    high = table["importance"] >= table["importance"].mean()
    well = table["performance"] >= table["performance"].mean()
    names = {
        (True, False): "concentrate",
        (True, True): "keep",
        (False, False): "low_priority",
        (False, True): "overkill",
    }
    assert table["quadrant"].tolist() == [names[key] for key in zip(high, well, strict=True)]
    assert table["quadrant_draws"].between(0, 1).all()


def test_performance_interval_is_that_of_a_mean() -> None:
    found = importance_performance("y", ["a1", "b"], survey(), n_boot=2000, seed=1).table.set_index("predictor")
    column = 100 * (answers()["b"] - 1) / 9
    reach = 1.96 * column.std() / np.sqrt(len(column))
    # percentiles of 2,000 draws move by some 5% of the reach
    assert found.loc["b", "performance_upper"] - column.mean() == pytest.approx(reach, rel=0.12)


def test_weights_move_performance_to_the_weighted_mean() -> None:
    weights = np.linspace(0.2, 2, 80)
    found = importance_performance("y", ["a1", "b"], survey(), weights=weights, n_boot=0).table.set_index("predictor")
    expected = 100 * (np.average(answers()["b"], weights=weights) - 1) / 9
    assert found.loc["b", "performance"] == pytest.approx(expected)


def test_reversed_items_are_turned_and_negative_relations_said() -> None:
    data = survey(reversed=["c"])
    found = importance_performance("y", ["a1", "c"], data, n_boot=0)
    assert found.table.set_index("predictor").loc["c", "performance"] == pytest.approx(
        100 - 100 * (answers()["c"].mean() - 1) / 9
    )
    assert "drivers.performance_turned" in [notice.key for notice in found.warnings]
    frame = answers().assign(d=11 - answers()["a1"])
    told = importance_performance("y", ["b", "d"], frame, scale=(1, 10), n_boot=0)
    assert "drivers.negative_relation" in [notice.key for notice in told.warnings if notice.serious]


def test_scales_of_a_dataframe_are_guessed_aloud_and_may_be_given() -> None:
    guessed = importance_performance("y", ["a1", "b"], answers(), n_boot=0)
    assert "drivers.ends_guessed" in [notice.key for notice in guessed.warnings if notice.serious]
    given = importance_performance("y", ["a1", "b"], answers(), scale={"a1": (1, 10), "b": (0, 10)}, n_boot=0)
    assert "drivers.ends_guessed" not in [notice.key for notice in given.warnings]
    table = given.table.set_index("predictor")
    assert table.loc["b", "performance"] == pytest.approx(10 * answers()["b"].mean())


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "outside": ({"scale": (1, 5)}, "drivers.outside_scale"),
    "turned ends": ({"scale": (10, 1)}, "drivers.bad_scale"),
    "words as scale": ({"scale": {"b": "1-10"}}, "drivers.bad_scale"),
    "no scale": ({"predictors": ["b", "spend"]}, "drivers.no_scale"),
    "category": ({"predictors": ["b", "C(c)"]}, "drivers.performance_category"),
    "logarithm": ({"predictors": ["b", "log(c)"]}, "drivers.performance_category"),
    "all methods": ({"importance": "all"}, "drivers.one_method"),
    "list": ({"importance": ["lmg"]}, "drivers.one_method"),
    "unknown": ({"predictors": ["b", "zz"]}, "drivers.unknown"),
    "method": ({"importance": "lgm"}, "drivers.unknown_method"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_say_what_is_wrong(name: str) -> None:
    frame = answers().assign(spend=np.random.default_rng(1).normal(1000, 90, 80))
    items = {name: Item(name, min=1, max=10) for name in answers()}
    data = Survey(frame, Codebook(items={**items, "spend": Item("spend", role="other")}))
    changed, key = BAD[name]
    with pytest.raises(CxlabError) as caught:
        importance_performance(**({"outcome": "y", "predictors": ["b", "c"], "data": data, "n_boot": 5} | changed))
    assert caught.value.key == key


def test_priorities_read_in_both_languages_and_the_map_shows_intervals() -> None:
    found = importance_performance("y", ["a", "b", "c"], survey(), n_boot=30)
    for lang in ("en", "vi"):
        texts = [found.summary(lang), str(found.apa(lang))]
        assert all("drivers." not in text for text in texts)
        assert {"en": "Aid", "vi": "Trợ giúp"}[lang] in texts[0]
        figure = found.plot(lang)
        assert len(figure.axes[0].lines) >= 3 * 3  # a point and two intervals each, and the mean lines
        words = " ".join(text.get_text() for text in figure.axes[0].texts)
        assert {"en": "work on first", "vi": "cải thiện trước"}[lang] in words
    bare = importance_performance("y", ["a", "b", "c"], survey(), n_boot=0)
    assert len(bare.plot().axes) == 1
    assert str(bare.apa("vi"))
    assert "oh_2001" in {work.key for work in found.cite()}
