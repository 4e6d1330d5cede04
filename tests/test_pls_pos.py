"""PLS-POS: segments that were put into the data, moves judged by whole models, chance, and bad input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.pls_pos import pls_pos
from cxlab.errors import CxlabError
from cxlab.estimate.pls.segments_pos import Task, _exact_gains, _worth, climb, moments_of, segment_models
from tests.test_fimix import TEXT, agreement, segmented


@pytest.fixture(scope="module")
def fit() -> Any:
    return cx.pls(TEXT, segmented(240), modes="A")


@pytest.fixture(scope="module")
def found(fit: Any) -> Any:
    return pls_pos(fit, 3, starts=3, seed=1)


def task(fit: Any, segments: int = 2, smallest: int = 10) -> Task:
    values = fit.frame.to_numpy()
    rows = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    goal = np.array([0.0, 0.0, 1.0, 1.0])
    return Task(rows, replace(fit.model.design, consistent=(False,) * 4), "path", goal, segments, smallest)


def test_segments_that_were_put_into_the_data_are_found_again(found: Any) -> None:
    assert agreement(found.assignment, segmented(240)["kind"].to_numpy(), 3) > 0.85
    assert found.objective > 1.7 > found.objective_all + 0.7
    assert found.sizes["n"].sum() == 240
    assert found.sizes["n"].is_monotonic_decreasing


def test_each_segment_has_the_pls_model_of_its_rows(fit: Any, found: Any) -> None:
    data = segmented(240)
    for segment in (1, 2, 3):
        rows = data[(found.assignment == segment).to_numpy()].reset_index(drop=True)
        alone = cx.pls(TEXT, rows, modes="A")
        own = found.paths[found.paths["segment"] == segment]
        np.testing.assert_allclose(own["estimate"], alone.paths["estimate"], atol=1e-7)
        np.testing.assert_allclose(found.r2[found.r2["segment"] == segment]["r2"], alone.r2["r2"], atol=1e-7)
        weights = found.weights[found.weights["segment"] == segment]["weight"]
        np.testing.assert_allclose(weights, alone.weights["weight"], atol=1e-6)
    whole = found.paths[found.paths["segment"] == 0]["estimate"]
    np.testing.assert_allclose(whole, fit.paths["estimate"], atol=1e-7)


def test_the_objective_is_the_sum_of_r2_weighted_by_size(fit: Any, found: Any) -> None:
    shares = found.sizes.set_index("segment")["share"]
    r2 = found.r2.groupby("segment")["r2"].sum()
    assert found.objective == pytest.approx(sum(shares[k] * r2[k] for k in (1, 2, 3)), abs=1e-6)
    assert found.objective_all == pytest.approx(fit.r2["r2"].sum(), abs=1e-8)


def test_a_move_is_worth_what_two_whole_models_say(fit: Any) -> None:
    work = task(fit)
    labels = np.arange(240) % 2
    moments = moments_of(work.rows, labels, 2)
    worth = _worth(work, segment_models(work, moments)[0], moments.counts)
    gains = _exact_gains(work, labels, moments, worth, np.array([0, 5]), np.array([1, 0]))
    for case, gain in zip((0, 5), gains, strict=True):
        moved = labels.copy()
        moved[case] = 1 - moved[case]
        after = 0.0
        for segment in (0, 1):
            rows = pd.DataFrame(work.rows[moved == segment], columns=fit.model.items)
            after += cx.pls(TEXT, rows, modes="A").r2["r2"].sum() * len(rows) / 240
        assert gain == pytest.approx(after - worth.sum(), abs=1e-6)


def test_it_ends_where_no_single_move_helps(fit: Any) -> None:
    work = task(fit)
    end = climb(work, np.arange(240) % 2, 500)
    assert end.settled
    moments = moments_of(work.rows, end.labels, 2)
    worth = _worth(work, segment_models(work, moments)[0], moments.counts)
    every = np.arange(240)
    gains = _exact_gains(work, end.labels, moments, worth, every, 1 - end.labels)
    assert gains.max() <= 1e-7
    assert np.bincount(end.labels).min() >= 10


def test_what_chance_gives_is_told_apart_from_segments(fit: Any) -> None:
    real = pls_pos(fit, 2, starts=2, chance=3, seed=1)
    assert real.objective > real.chance.max()
    random = np.random.default_rng(7)
    values = random.normal(size=(120, 4)) + random.normal(size=(120, 1))
    alike = cx.pls("A <~ a + b; B <~ c + d; B ~ A", pd.DataFrame(values, columns=list("abcd")), modes="A")
    none = pls_pos(alike, 2, starts=2, chance=3, seed=1)
    assert none.objective > none.objective_all + 0.1
    assert none.objective < none.chance.max() + 0.05
    assert "segments.pos_heuristic" not in {notice.key for notice in none.warnings}
    for lang in ("en", "vi"):
        assert "3" in none.summary(lang).splitlines()[1]


def test_the_same_seed_finds_the_same_and_says_that_it_is_a_heuristic(fit: Any, found: Any) -> None:
    again = pls_pos(fit, 3, starts=3, seed=1)
    pd.testing.assert_series_equal(again.assignment, found.assignment)
    assert "segments.pos_heuristic" in {notice.key for notice in found.warnings}
    assert found.starts["origin"].tolist() == ["fimix", "random", "random"]


def test_a_limit_of_rounds_is_told_and_a_target_can_be_chosen(fit: Any) -> None:
    short = pls_pos(fit, 2, starts=1, iterations=1, seed=1)
    assert "segments.pos_limit" in {notice.key for notice in short.warnings}
    assert pls_pos(fit, 2, target="L", starts=1, seed=1).goal == ("L",)


def test_it_shows_itself_in_both_languages_and_has_a_profile(found: Any) -> None:
    profile = found.profile("kind")
    assert profile.cramers_v > 0.7
    for lang in ("en", "vi"):
        for one in (found, profile):
            assert one.summary(lang)
            assert one.apa(lang).to_html(lang)
        assert found.plot(lang) is not None
        assert found.cite()


@pytest.mark.parametrize(
    ("segments", "options", "key"),
    [
        (1, {}, "segments.pos_numbers"),
        (2.0, {}, "segments.pos_numbers"),
        (range(1, 3), {}, "segments.pos_numbers"),
        (2, {"target": "Loyal"}, "segments.target_unexplained"),
        (2, {"target": "Q"}, "segments.target_unexplained"),
        (2, {"starts": 0}, "segments.starts"),
        (2, {"iterations": 0}, "segments.iterations"),
        (2, {"chance": -1}, "segments.chance"),
        (2, {"smallest": 3}, "segments.smallest"),
        (3, {"smallest": 100}, "segments.smallest"),
        (60, {}, "segments.smallest"),
    ],
)
def test_what_cannot_be_divided_is_told_why(fit: Any, segments: Any, options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        pls_pos(fit, segments, **{"starts": 1, "seed": 1, **options})
    assert caught.value.key == key


def test_products_and_higher_order_constructs_are_refused() -> None:
    crossed = cx.pls("Q <~ q0 + q1; P <~ p0 + p1; L <~ l0 + l1; L ~ Q + P + Q:P", segmented(), modes="A")
    with pytest.raises(CxlabError) as caught:
        pls_pos(crossed, 2)
    assert caught.value.key == "pls.staged"
