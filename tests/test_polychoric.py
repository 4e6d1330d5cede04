"""Polychoric correlations against lavaan (tests/oracles/r/polychoric.R), and what a hard table is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

import cxlab as cx
from cxlab.errors import DataError
from cxlab.estimate.polychoric import ordinal_moments, polychoric
from cxlab.estimate.polychoric.bivariate import bivariate_cdf
from cxlab.evaluate.smooth import smoothed

ORACLE = json.loads((Path(__file__).parent / "oracles" / "polychoric.json").read_text(encoding="utf-8"))
# lavaan's own search stops with gradients of about 1e-7.
ITERATIVE = 1e-6


@pytest.fixture(scope="module")
def reputation() -> cx.Survey:
    return cx.load_dataset("corporate_reputation")


@pytest.mark.parametrize("rho", [-0.99, -0.6, 0.0, 0.3, 0.95, 0.995])
def test_the_bivariate_normal_distribution_is_scipys(rho: float) -> None:
    points = np.random.default_rng(3).normal(scale=1.5, size=(12, 2))
    ours = bivariate_cdf(points[:, 0], points[:, 1], np.array(rho))
    theirs = [multivariate_normal.cdf(point, cov=[[1, rho], [rho, 1]]) for point in points]
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_correlations_and_thresholds_are_lavaans(reputation: cx.Survey) -> None:
    oracle = ORACLE["reputation"]
    found = cx.polychoric(reputation, oracle["items"])
    assert found.n == oracle["n"]
    np.testing.assert_allclose(found.correlations, np.array(oracle["cor"]), atol=ITERATIVE)
    np.testing.assert_allclose(found.thresholds["estimate"], oracle["th"], atol=1e-10)


def test_standard_errors_are_lavaans(reputation: cx.Survey) -> None:
    pairs = pd.DataFrame(ORACLE["reputation"]["pairs"])
    found = cx.polychoric(reputation, ORACLE["reputation"]["items"]).table
    ours = {frozenset(key): se for *key, se in found[["item_1", "item_2", "se"]].itertuples(index=False)}
    np.testing.assert_allclose(
        [ours[frozenset(key)] for key in zip(pairs["lhs"], pairs["rhs"], strict=True)], pairs["se"], rtol=1e-5
    )


def test_two_by_two_tables_are_tetrachoric(reputation: cx.Survey) -> None:
    names = ORACLE["reputation"]["items"]
    rows = reputation.frame[names].dropna()[names[:4]]
    found = cx.polychoric((rows > 4).astype(int))
    assert set(found.table["kind"]) == {"tetrachoric"}
    np.testing.assert_allclose(found.correlations, np.array(ORACLE["binary"]["cor"]), atol=ITERATIVE)


def test_one_empty_cell_gets_half_an_answer_as_in_lavaan() -> None:
    data = pd.DataFrame(ORACLE["gap"]["data"])
    found = cx.polychoric(data)
    assert found.correlations.iloc[0, 1] == pytest.approx(ORACLE["gap"]["cor"], abs=ITERATIVE)
    assert any(notice.key == "ordinal.empty_cells" for notice in found.warnings)


def test_ordered_and_measured_items_together_are_lavaans() -> None:
    data = pd.DataFrame(ORACLE["mixed"]["data"])
    flags = [name.startswith("o") for name in data]
    codes = data.to_numpy(dtype=float) - np.where(flags, 1, 0)
    found = ordinal_moments(codes, flags)
    np.testing.assert_allclose(found.vector, ORACLE["mixed"]["vector"], atol=ITERATIVE)
    np.testing.assert_allclose(found.acov, np.array(ORACLE["mixed"]["gamma"]), atol=1e-5)
    shown = cx.polychoric(data, numeric=["m1", "m2"])
    assert set(shown.table["kind"]) == {"polychoric", "polyserial", "pearson"}


def test_the_error_of_a_correlation_of_measured_items_is_the_textbooks() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(4000, 1)) + rng.normal(size=(4000, 2))
    data = pd.DataFrame({"a": x[:, 0], "b": 30 * x[:, 1], "c": (x.sum(axis=1) > 0).astype(int)})
    pair = cx.polychoric(data, numeric=["a", "b"]).table.iloc[0]
    assert pair["se"] == pytest.approx((1 - pair["correlation"] ** 2) / np.sqrt(4000), rel=0.02)


def test_pairwise_uses_the_rows_that_answered_both() -> None:
    rng = np.random.default_rng(6)
    answers = pd.DataFrame(np.digitize(rng.normal(size=(300, 3)) + rng.normal(size=(300, 1)), [-1, 0, 1.0])).add_prefix(
        "q"
    )
    answers = answers.astype(float)
    answers.iloc[:40, 2] = np.nan
    found = cx.polychoric(answers, missing="pairwise")
    assert found.table["n"].tolist() == [300, 260, 260]
    assert found.table["se"].isna().all()
    # The pair without missing answers does not notice the third item.
    alone = polychoric(answers[["q0", "q1"]].to_numpy()).corr[0, 1]
    assert found.correlations.loc["q0", "q1"] == pytest.approx(alone, abs=1e-12)


def test_items_that_say_the_same_run_to_the_edge_and_it_is_said() -> None:
    same = pd.DataFrame({"a": [0, 1] * 20, "b": [0, 1] * 20, "c": [0, 0, 1, 1] * 10})
    found = cx.polychoric(same)
    assert any(notice.key == "ordinal.at_edge" and notice.serious for notice in found.warnings)


def test_an_item_made_from_another_runs_to_the_edge_without_an_interval(reputation: cx.Survey) -> None:
    made, source = "switch_4", "switch_1"
    assert (reputation.frame.groupby(source)[made].nunique() == 1).all()
    found = cx.polychoric(reputation, [source, made, "switch_2"])
    row = found.table.set_index(["item_1", "item_2"]).loc[(made, source)]
    # lavaan 0.6-14 stops at its own bound, .999: lavCor(d, ordered = names(d)).
    assert row["correlation"] >= 0.999
    assert np.isnan(row[["se", "ci_lower", "ci_upper"]].astype(float)).all()
    told = [notice for notice in found.warnings if notice.key == "ordinal.at_edge"]
    assert told[0].serious
    assert told[0].values["pairs"] == "switch_1 – switch_4"
    turned = reputation.frame[[source, made]].assign(**{made: -reputation.frame[made]})
    assert cx.polychoric(turned).table["correlation"].iloc[0] <= -0.999


def test_a_matrix_no_data_could_produce_is_smoothed_only_on_request() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 1))
    answers = pd.DataFrame(np.digitize(x + 0.25 * rng.normal(size=(60, 8)), [0.0])).add_prefix("q")
    found = cx.polychoric(answers)
    assert np.linalg.eigvalsh(found.correlations)[0] < 0
    assert any(notice.key == "ordinal.not_positive" for notice in found.warnings)
    smooth = cx.polychoric(answers, smooth=True)
    assert np.linalg.eigvalsh(smooth.correlations)[0] > 0
    np.testing.assert_allclose(smooth.correlations, smoothed(found.correlations.to_numpy()))
    assert any(notice.key == "ordinal.smoothed" for notice in smooth.warnings)


@pytest.mark.parametrize(
    ("data", "options", "key"),
    [
        ({"a": [1, 1, 1, 1, 1], "b": [1, 2, 3, 1, 2]}, {}, "ordinal.one_category"),
        ({"a": list(range(30)), "b": [1, 2] * 15}, {}, "ordinal.many_categories"),
        ({"a": [1, 2, 3, 2, 1]}, {}, "ordinal.two_items"),
        ({"a": [1, 2, 3, 2], "b": [1, 2, 3, 2]}, {"numeric": ["c"]}, "analyses.unknown_columns"),
        ({"a": [1, 2, 3, 2], "b": [1, 2, 3, 2]}, {"missing": "fiml"}, "analyses.unknown_option"),
        ({"a": [1, 2, 3, 2], "b": [1, 2, 3, 2]}, {"missing": "pairwise", "numeric": ["a"]}, "ordinal.pairwise_numeric"),
        ({"a": [1, 2, 3, 2], "b": [1, 2, 3, 2]}, {"level": 95}, "analyses.level_outside"),
    ],
)
def test_bad_input_is_named(data: dict[str, list[int]], options: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        cx.polychoric(pd.DataFrame(data), **options)  # type: ignore[arg-type]
    assert caught.value.key == key


def test_twelve_respondents_are_told_that_it_is_unstable() -> None:
    rng = np.random.default_rng(2)
    answers = pd.DataFrame(rng.integers(1, 6, size=(12, 3))).add_prefix("q")
    assert any(notice.key == "ordinal.sparse" for notice in cx.polychoric(answers).warnings)


def test_it_shows_itself_in_both_languages(reputation: cx.Survey) -> None:
    found = cx.polychoric(reputation, ["like_1", "like_2", "like_3"])
    for lang in ("en", "vi"):
        assert "n = " in found.summary(lang)  # type: ignore[arg-type]
        assert found.apa(lang).to_html(lang)  # type: ignore[arg-type]
    assert found.plot("vi") is not None
