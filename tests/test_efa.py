"""`cx.efa`, `cx.parallel_analysis`, `cx.factorability` as a researcher meets them: what they say, refuse and draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError, DataError
from cxlab.i18n import language
from cxlab.survey.survey import Survey

TWO = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2", "b3")}


def made(n: int = 400, seed: int = 1, loading: float = 0.8, between: float = 0.3) -> pd.DataFrame:
    """Two factors with three items each."""
    random = np.random.default_rng(seed)
    factors = random.multivariate_normal(np.zeros(2), [[1, between], [between, 1]], n)
    noise = np.sqrt(1 - loading**2)
    names = [item for items in TWO.values() for item in items]
    columns = [loading * factors[:, place // 3] + noise * random.standard_normal(n) for place in range(6)]
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def keys(result: object) -> list[str]:
    return [notice.key for notice in result.warnings]  # type: ignore[attr-defined]


def refused(key: str, data: object, *args: object, call: object = None, **options: object) -> CxlabError:
    with pytest.raises(CxlabError) as caught:
        (call or cx.efa)(data, *args, **options)  # type: ignore[operator]
    assert caught.value.key == key
    assert "{" not in str(caught.value)
    with language("vi"):
        assert "{" not in str(type(caught.value)(caught.value.key, **caught.value.values))
    return caught.value


def survey(frame: pd.DataFrame, **flags: bool) -> Survey:
    items = {
        name: Item(
            name,
            {"en": f"Question {name}", "vi": f"Câu {name}"},
            min=-9,
            max=9,
            construct=name[0],
            reversed=flags.get(name, False),
        )
        for name in frame
    }
    return Survey(frame, Codebook(items=items, constructs={name: Construct(name) for name in TWO}))


# what comes out
def test_factors_are_found_ordered_signed_and_named() -> None:
    found = cx.efa(made(), 2)
    assert list(found.loadings) == ["F1", "F2"]
    assert (found.variance["ss_loadings"].diff().dropna() < 0).all()
    assert (found.loadings.sum() > 0).all()
    for items in TWO.values():
        own = found.loadings.loc[list(items)].abs().idxmax(axis=1)
        assert own.nunique() == 1
    assert found.factor_correlations.loc["F1", "F2"] == pytest.approx(0.3, abs=0.12)
    assert keys(found) == []


def test_the_long_table_agrees_with_the_wide_ones() -> None:
    found = cx.efa(made(), 2)
    wide = found.table.pivot(index="item", columns="factor", values="loading").loc[found.loadings.index]
    np.testing.assert_array_equal(wide, found.loadings)
    assert found.table["primary"].sum() == 6
    first = found.table.drop_duplicates("item")
    np.testing.assert_allclose(first["communality"] + first["uniqueness"], 1)


def test_columns_in_other_units_give_the_same_solution() -> None:
    frame = made()
    other = frame * [1, 1e6, 1e-4, 1, 20, 3] + [0, 1e6, 5, 0, 1, 2]
    np.testing.assert_allclose(cx.efa(other, 2).loadings, cx.efa(frame, 2).loadings, atol=1e-7)


def test_moments_a_matrix_and_the_answers_give_the_same() -> None:
    frame = made()
    plain = cx.efa(frame, 2, "ml")
    for data, options in ((cx.Moments(frame.cov(), len(frame)), {}), (frame.corr(), {"n_obs": len(frame)})):
        found = cx.efa(data, 2, "ml", **options)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.loadings, plain.loadings, atol=1e-7)
        assert found.fit_measures["chisq"] == pytest.approx(plain.fit_measures["chisq"], rel=1e-6)
    some = cx.efa(frame.corr(), 1, items=["a1", "a2", "b3", "b1"], n_obs=400)
    assert list(some.loadings.index) == ["a1", "a2", "b3", "b1"]


def test_a_matrix_without_n_has_loadings_but_no_tests() -> None:
    found = cx.efa(made().corr(), 2)
    assert "factor.no_n" in keys(found)
    assert np.isnan(found.fit_measures["chisq"])
    assert found.fit_measures["rmsr"] < 0.05
    assert "RMSR" in found.summary()


def test_default_items_are_those_of_the_constructs() -> None:
    frame = made().assign(age=np.arange(400.0))
    book = survey(made()).codebook
    items = {**book.items, "age": Item("age", role="item")}
    found = cx.efa(Survey(frame, Codebook(items=items, constructs=book.constructs)), 2)
    assert "age" not in found.loadings.index
    assert "age" in cx.efa(frame, 2).loadings.index


def test_constructs_can_be_named_instead_of_items() -> None:
    found = cx.efa(survey(made()), 1, items=["b"])
    assert list(found.loadings.index) == ["b1", "b2", "b3"]


def test_reversed_items_are_turned_and_said() -> None:
    frame = made()
    found = cx.efa(survey(frame.assign(a3=-frame["a3"]), a3=True), 2)
    assert "analyses.reversed_turned" in keys(found)
    assert "factor.negative" not in keys(found)
    np.testing.assert_allclose(found.loadings, cx.efa(frame, 2).loadings, atol=1e-7)


def test_a_negative_loading_asks_whether_the_item_is_reversed() -> None:
    frame = made()
    found = cx.efa(survey(frame.assign(a3=-frame["a3"])), 2)
    (notice,) = [one for one in found.warnings if one.key == "factor.negative"]
    assert notice.values["items"] == "a3"
    assert notice.serious
    wrongly = cx.efa(survey(frame, b2=True), 2)
    assert "factor.turned_negative" in keys(wrongly)


def test_the_varimax_solution_is_orthogonal_and_promax_is_not() -> None:
    frame = made()
    np.testing.assert_allclose(cx.efa(frame, 2, rotation="varimax").factor_correlations, np.eye(2), atol=1e-12)
    assert cx.efa(frame, 2, rotation="promax").factor_correlations.loc["F1", "F2"] > 0.1


def test_rotation_leaves_communalities_and_residuals() -> None:
    frame = made()
    plain = cx.efa(frame, 2, rotation="none")
    for rotation in ("oblimin", "geomin", "promax", "varimax", "quartimax"):
        found = cx.efa(frame, 2, rotation=rotation)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.residuals, plain.residuals, atol=1e-7)


def test_several_starts_are_counted_and_repeat() -> None:
    data = cx.load_dataset("ecsi_mobile")
    found = cx.efa(data, 6, rotation="geomin", starts=20, seed=1)
    again = cx.efa(data, 6, rotation="geomin", starts=20, seed=1)
    pd.testing.assert_frame_equal(found.loadings, again.loadings)
    assert len(found.minima) > 1
    assert "factor.local_minima" in keys(found)
    assert found.minima["value"].is_monotonic_increasing
    one = cx.efa(made(), 2, starts=10)
    assert "factor.one_minimum" in keys(one)
    np.testing.assert_allclose(one.loadings, cx.efa(made(), 2).loadings, atol=1e-6)


def test_scores_follow_the_factors() -> None:
    found = cx.efa(made(), 2)
    scores = found.scores("tenberge")
    assert list(scores) == ["F1", "F2"]
    assert scores.corr().loc["F1", "F2"] == pytest.approx(found.factor_correlations.loc["F1", "F2"], abs=1e-9)
    assert (scores.std() - 1).abs().max() < 1e-9


def test_pairwise_keeps_rows_and_says_how_many() -> None:
    frame = made(300)
    frame.loc[:40, "a1"] = np.nan
    frame.loc[200:260, "b2"] = np.nan
    found = cx.efa(frame, 2, missing="pairwise")
    (notice,) = [one for one in found.warnings if one.key == "factor.pairwise"]
    assert notice.values["fewest"] == 300 - 41 - 61
    assert notice.values["most"] == 300
    assert 198 < found.n_obs < 300  # type: ignore[operator]
    assert found.scores().isna().any(axis=1).sum() == 41 + 61
    listwise = cx.efa(frame, 2)
    assert listwise.n_obs == 198
    assert "analyses.rows_incomplete" in keys(listwise)


def test_simulated_data_are_said_wherever_they_are_shown() -> None:
    data = survey(made())
    data = Survey(data.frame, data.codebook, source={"kind": "simulated"})
    found = cx.efa(data, 2)
    boot, parallel, adequacy = (
        found.bootstrap(20, 1),
        cx.parallel_analysis(data, 1, n_draws=100),
        cx.factorability(data),
    )
    for result in (found, boot, parallel, adequacy):
        assert "simulated" in result.summary().lower()
        assert "simulated" in repr(result.apa()).lower()


# what is refused
def test_bad_options_are_refused() -> None:
    frame = made()
    for option in ("method", "rotation", "correlation", "missing"):
        refused("analyses.unknown_option", frame, 2, **{option: "best"})
    for value in (0, -1, 1.5, "2", True):
        refused("factor.factors_whole", frame, value)
    assert "parallel_analysis" in str(refused("factor.factors_missing", frame))
    assert refused("factor.too_many", frame, 4).values["most"] == 3
    refused("factor.gamma", frame, 2, gamma=2)
    refused("factor.number", frame, 2, power="4")
    refused("resample.whole_number", frame, 2, starts=0)
    refused("factor.n_obs_with_rows", frame, 2, n_obs=100)


def test_items_that_cannot_be_used_are_named() -> None:
    frame = made()
    refused("analyses.unknown_columns", frame, 2, items=["a1", "a2", "zz", "b1"])
    assert "c" in str(refused("analyses.constant_columns", frame.assign(c=3.0), 2))
    assert "w" in str(refused("analyses.not_numeric", frame.assign(w="x"), 2, items=["a1", "a2", "b1", "w"]))
    refused("factor.too_few_items", frame, 1, items=["a1", "a2"])
    error = refused("factor.collinear", frame.assign(total=frame["a1"] + frame["a2"]), 2)
    assert set(error.values["items"].split(", ")) == {"a1", "a2", "total"}
    error = refused("factor.collinear", frame.assign(copy=frame["b2"]), 2)
    assert set(error.values["items"].split(", ")) == {"b2", "copy"}
    refused("factor.unknown_items", frame.corr(), 1, items=["a1", "a2", "zz"], n_obs=100)


def test_a_misspelt_construct_gets_a_hint_and_composites_a_word() -> None:
    data = cx.load_dataset("corporate_reputation")
    assert "competence" in refused("factor.unknown_names", data, 1, items=["competance"]).values["hint"]
    assert "factor.composites" in keys(cx.efa(data, 1, items=["attractiveness", "likeability"]))
    assert "factor.composites" not in keys(cx.efa(data, 1, items=["competence", "likeability"]))


def test_empty_and_small_data() -> None:
    refused("analyses.no_items", pd.DataFrame(), 1)
    refused("factor.rows_not_more", made(6), 2)
    refused("analyses.too_few_rows", made(2), 1)
    twelve = cx.efa(made(12, seed=3), 1)
    (notice,) = [one for one in twelve.warnings if one.key == "factor.few_rows"]
    assert notice.serious
    assert notice.values["n"] == 12


def test_vietnamese_headers_work_however_they_are_encoded() -> None:
    frame = made().set_axis(["hài lòng", "giá", "chất lượng", "tin cậy", "ấm áp", "nhanh"], axis=1)
    found = cx.efa(frame, 1, items=["ha\u0300i lo\u0300ng", "giá", "chất lượng"])
    assert found.loadings.index[0] == "hài lòng"


def test_clashing_correlations_are_smoothed_only_on_request() -> None:
    clash = pd.DataFrame([[1, 0.9, 0.1], [0.9, 1, 0.9], [0.1, 0.9, 1]], list("abc"), list("abc"))
    assert refused("factor.matrix_not_positive", clash, 1, n_obs=100).values["items"] == "a, b, c"
    assert "factor.smoothed" in keys(cx.efa(clash, 1, n_obs=100, smooth=True))
    random = np.random.default_rng(2)
    answer, noise = random.standard_normal(90), 0.2 * random.standard_normal((90, 3))
    third = np.arange(90) // 30
    gaps = pd.DataFrame(noise + answer[:, None] * [1, 1, 1], columns=list("abc"))
    gaps.loc[third == 2, "c"] *= -1  # a and b agree, b and c agree, a and c are opposed: in different rows
    gaps = gaps.mask(np.column_stack([third == 1, third == 2, third == 0]))
    refused("factor.not_positive", gaps, 1, missing="pairwise")
    assert "factor.smoothed" in keys(cx.efa(gaps, 1, missing="pairwise", smooth=True))


def test_pairs_never_answered_together_are_named() -> None:
    frame = made(100)
    frame.loc[:49, "a1"] = np.nan
    frame.loc[50:, "b1"] = np.nan
    error = refused("factor.pair_unknown", frame, 1, missing="pairwise")
    assert {error.values["first"], error.values["second"]} == {"a1", "b1"}


def test_a_matrix_has_no_answers_to_score_or_draw() -> None:
    found = cx.efa(made().corr(), 2, n_obs=400)
    with pytest.raises(DataError, match="no answers"):
        found.scores()
    with pytest.raises(DataError, match="no respondents"):
        found.bootstrap(10, 1)
    refused("factor.needs_n", made().corr(), call=cx.parallel_analysis)
    refused("factor.needs_answers", made().corr(), call=cx.parallel_analysis, n_obs=400, draw="permuted")


def test_doubtful_solutions_say_so() -> None:
    random = np.random.default_rng(8)
    noise = pd.DataFrame(random.standard_normal((60, 7)), columns=list("abcdefg"))
    found = cx.efa(noise, 3)
    assert {"factor.thin", "factor.few_rows"} <= set(keys(found))
    assert "factor.pa_stopped" in keys(cx.efa(noise, 3, "pa", max_iter=2))
    assert "factor.no_factors" in keys(cx.parallel_analysis(noise, 1))
    assert "factor.kmo_low" in keys(cx.factorability(noise)) or cx.factorability(noise).kmo >= 0.5
    frame = made().assign(lonely=random.standard_normal(400))
    assert "factor.homeless" in keys(cx.efa(frame, 2))


# resampling
def test_bootstrap_repeats_with_its_seed_whatever_the_block() -> None:
    found = cx.efa(made(), 2)
    first, second = found.bootstrap(300, 7), found.bootstrap(300, 7)
    pd.testing.assert_frame_equal(first.table, second.table)
    assert not first.table["se"].equals(found.bootstrap(300, 8).table["se"])
    assert first.n_used == 300


def test_bootstrap_errors_equal_the_spread_of_new_samples() -> None:
    truth = [cx.efa(made(200, seed=seed), 1, items=list(TWO["a"])).loadings["F1"] for seed in range(400)]
    expected = np.std(truth, axis=0, ddof=1)
    found = cx.efa(made(200, seed=500), 1, items=list(TWO["a"])).bootstrap(500, 1)
    assert found.table["se"].to_numpy() == pytest.approx(expected, rel=0.3)


def test_bootstrap_keeps_factors_apart_and_intervals_around_them() -> None:
    found = cx.efa(made(), 2).bootstrap(200, 1)
    primary = found.table[found.table["primary"]]
    assert (primary["ci_lower"] > 0.5).all()
    assert (found.stability["congruence"] > 0.98).all()
    assert found.table.eval("ci_lower < loading < ci_upper").mean() > 0.9
    assert len(found.correlations) == 1
    assert len(cx.efa(made(), 2, rotation="varimax").bootstrap(20, 1).correlations) == 0


@pytest.mark.parametrize(
    "options", [{"missing": "pairwise"}, {"correlation": "spearman"}, {"correlation": "polychoric"}]
)
def test_bootstrap_of_other_correlations(options: dict[str, str]) -> None:
    frame = made(150).mul(2).round().clip(-2, 2)
    if "missing" in options:
        frame.iloc[::7, 1] = np.nan
    found = cx.efa(frame, 2, **options).bootstrap(12, 1)  # type: ignore[arg-type]
    assert found.n_used >= 10
    assert found.table["se"].between(0, 0.5).all()


def test_bootstrap_refuses_and_reports() -> None:
    found = cx.efa(made(), 2)
    for options in ({"ci": "bca"}, {"ci": "t"}, {"level": 2}, {"seed": -1}):
        with pytest.raises(CxlabError):
            found.bootstrap(10, **{"seed": 1, **options})  # type: ignore[arg-type]
    with pytest.raises(CxlabError):
        found.bootstrap(1, 1)
    assert "resample.seed_drawn" in keys(found.bootstrap(10))
    small = cx.efa(made(14, seed=3), 2).bootstrap(60, 1)
    assert "factor.unstable" in keys(small)
