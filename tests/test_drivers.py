"""Key drivers equal relaimpo's figures and the definitions written out in R, and say what is wrong."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.drivers import drivers
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError, DataError
from cxlab.estimate.importance import relative_weights, shapley, subset_r2
from cxlab.estimate.importance_permutation import fold_numbers
from cxlab.i18n import language
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import intervals
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/drivers.json").read_text())
# Closed forms; lm's QR against sums of products of standardised columns leaves some twelve digits.
EXACT = {"rel": 1e-8, "abs": 1e-11}
CAUSES = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]
ITEMS = [f"q{number}" for number in range(2, 11)]
BARE = {"n_boot": 0}


def swiss() -> pd.DataFrame:
    return pd.DataFrame(ORACLE["swiss"]["data"])


def yellow() -> Survey:
    return cx.load_dataset("yellow_pages")


def values(found: Any, method: str) -> dict[str, float]:
    rows = found.of(method)
    return dict(zip(rows["predictor"], rows["importance"], strict=True))


def made(rows: int = 120, count: int = 4, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=rows)
    frame = pd.DataFrame({f"x{k}": common + rng.normal(size=rows) for k in range(count)})
    frame["y"] = frame.to_numpy() @ np.linspace(1, 0.2, count) + 2 * rng.normal(size=rows)
    return frame


def test_lmg_of_swiss_is_what_relaimpo_prints() -> None:
    found = drivers("Fertility", CAUSES, swiss(), **BARE)
    printed = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]
    assert [values(found, "lmg")[name] for name in CAUSES] == pytest.approx(printed, abs=1e-12)
    assert found.fit["r2"] == pytest.approx(0.706735001593, abs=1e-12)
    assert found.of("lmg")["share"].max() == pytest.approx(0.3680795178364, abs=1e-12)


def test_every_method_on_swiss_equals_its_definition_in_r() -> None:
    found, known = drivers("Fertility", CAUSES, swiss(), method="all", **BARE), ORACLE["swiss"]
    for method, expected in (("lmg", known["orders"]["lmg"]), ("pmvd", known["orders"]["pmvd"]),
                             ("relative_weights", known["johnson"]), *known["simple"].items()):  # fmt: skip
        assert values(found, method) == pytest.approx(expected, **EXACT), method


def test_covariates_are_set_aside_first_as_relaimpo_does_with_always() -> None:
    others = [name for name in CAUSES if name != "Education"]
    found = drivers("Fertility", others, swiss(), method=["lmg", "pmvd"], covariates=["Education"], **BARE)
    known = ORACLE["swiss"]["always"]
    assert values(found, "lmg") == pytest.approx(known["lmg"], **EXACT)
    assert values(found, "pmvd") == pytest.approx(known["pmvd"], **EXACT)
    assert found.fit["r2"] == pytest.approx(known["r2"], **EXACT)
    assert found.fit["r2_covariates"] == pytest.approx(known["r2_always"], **EXACT)
    assert "Education" in found.summary()


def test_groups_enter_together_as_relaimpo_does() -> None:
    groups = {"learning": ["Education", "Examination"]}
    found = drivers("Fertility", CAUSES, swiss(), method=["lmg", "pmvd"], groups=groups, **BARE)
    assert values(found, "lmg") == pytest.approx(ORACLE["swiss"]["grouped"]["lmg"], **EXACT)
    assert values(found, "pmvd") == pytest.approx(ORACLE["swiss"]["grouped"]["pmvd"], **EXACT)


def test_weights_equal_weighted_least_squares_in_r() -> None:
    weights = ORACLE["swiss"]["weights"]
    found = drivers("Fertility", CAUSES, swiss(), ["lmg", "relative_weights"], weights=weights, **BARE)
    assert values(found, "lmg") == pytest.approx(ORACLE["swiss"]["weighted"]["lmg"], **EXACT)
    assert values(found, "relative_weights") == pytest.approx(ORACLE["swiss"]["johnson_weighted"], **EXACT)


def test_a_category_is_one_driver_of_several_columns() -> None:
    frame = pd.DataFrame(ORACLE["iris"]["data"])
    found = drivers("Sepal.Length", ["Sepal.Width", "Petal.Length", "C(Species)"], frame, ["lmg", "pmvd"], **BARE)
    assert values(found, "lmg") == pytest.approx(ORACLE["iris"]["category"]["lmg"], **EXACT)
    assert values(found, "pmvd") == pytest.approx(ORACLE["iris"]["category"]["pmvd"], **EXACT)
    with pytest.raises(DataError) as caught:
        drivers("Sepal.Length", ["Sepal.Width", "C(Species)"], frame, "beta", **BARE)
    assert caught.value.key == "drivers.needs_columns"
    applied = drivers("Sepal.Length", ["Sepal.Width", "C(Species)"], frame, "all", **BARE)
    assert set(applied.methods) == {"lmg", "pmvd", "permutation"}
    assert "drivers.left_out" in [notice.key for notice in applied.warnings]


def test_yellow_pages_equals_all_subsets_in_r() -> None:
    found, known = drivers("q1", ITEMS, yellow(), method="all", **BARE), ORACLE["yellow_pages"]
    assert values(found, "lmg") == pytest.approx(known["subsets"]["lmg"], **EXACT)
    assert values(found, "relative_weights") == pytest.approx(known["johnson"], **EXACT)
    assert values(found, "beta") == pytest.approx(known["simple"]["beta"], **EXACT)
    means = found.dominance_means.set_index("predictor")
    for name, expected in known["subsets"]["conditional"].items():
        assert means.loc[name].filter(like="with_").tolist() == pytest.approx(expected, **EXACT)
    for row in found.dominance().to_dict("records"):
        assert row["complete"] == known["subsets"]["complete"][f"{row['first']} {row['second']}"]
    five = drivers("q1", ITEMS[:5], yellow(), method="pmvd", **BARE)
    assert values(five, "pmvd") == pytest.approx(known["pmvd_five"]["pmvd"], **EXACT)


def test_two_predictors_have_the_closed_form_and_johnson_agrees_with_lmg_there() -> None:
    r1, r2, r12 = 0.6, 0.5, 0.3
    cov = np.array([[[1, r12, r1], [r12, 1, r2], [r1, r2, 1]]])
    whole = (r1**2 + r2**2 - 2 * r1 * r2 * r12) / (1 - r12**2)
    by_hand = [(whole + r1**2 - r2**2) / 2, (whole + r2**2 - r1**2) / 2]
    assert shapley(subset_r2(cov, (1, 1)))[0] == pytest.approx(by_hand, abs=1e-14)
    assert relative_weights(cov)[0] == pytest.approx(by_hand, abs=1e-14)


def test_general_dominance_is_lmg_and_shares_add_up() -> None:
    found = drivers("y", ["x0", "x1", "x2"], made(), ["lmg", "dominance", "pmvd", "relative_weights"], **BARE)
    assert values(found, "dominance") == values(found, "lmg")
    for method in found.methods:
        assert sum(values(found, method).values()) == pytest.approx(found.fit["r2"], abs=1e-12)
        assert found.of(method)["share"].sum() == pytest.approx(1.0)


def test_intervals_are_those_of_rows_drawn_again_one_by_one() -> None:
    frame = made(40, 3)
    found = drivers("y", ["x0", "x1", "x2"], frame, ["lmg", "beta"], n_boot=25, seed=9)
    counts = RandomDraws(25, (40,), 9).counts(0, 25)[0].astype(int)
    lmg, beta = [], []
    for count in counts:
        again = frame.loc[frame.index.repeat(count)]
        one = drivers("y", ["x0", "x1", "x2"], again.reset_index(drop=True), ["lmg", "beta"], **BARE)
        lmg.append([values(one, "lmg")[name] for name in ("x0", "x1", "x2")])
        beta.append([values(one, "beta")[name] for name in ("x0", "x1", "x2")])
    for method, drawn in (("lmg", lmg), ("beta", beta)):
        sample = np.array([values(found, method)[name] for name in ("x0", "x1", "x2")])
        ends = intervals(np.array(drawn), sample)
        rows = found.of(method).set_index("predictor").loc[["x0", "x1", "x2"]]
        assert rows["ci_lower"].to_numpy() == pytest.approx(ends.lower, rel=1e-9)
        assert rows["ci_upper"].to_numpy() == pytest.approx(ends.upper, rel=1e-9)
    pair = found.differences.query("method == 'lmg'").iloc[0]
    gaps = np.array(lmg)[:, int(pair["first"][1])] - np.array(lmg)[:, int(pair["second"][1])]
    assert pair["agreement"] == pytest.approx((gaps > 0).mean())
    assert pair["ci_lower"] == pytest.approx(intervals(gaps[:, None], np.array([pair["difference"]])).lower[0])
    first = (np.array(lmg).argmax(axis=1) == 0).mean()
    assert found.of("lmg").set_index("predictor").loc["x0", "first_share"] == pytest.approx(first)


@pytest.mark.parametrize("ci", ["basic", "bc", "bca"])
def test_other_intervals_hold_the_estimate_and_differ(ci: Any) -> None:
    found = drivers("y", ["x0", "x1", "x2"], made(60), n_boot=200, ci=ci, seed=1).table
    plain = drivers("y", ["x0", "x1", "x2"], made(60), n_boot=200, seed=1).table
    assert (found["ci_lower"] < found["importance"]).all()
    assert (found["importance"] < found["ci_upper"]).all()
    assert not np.allclose(found["ci_lower"], plain["ci_lower"])


def test_permutation_is_what_scikit_learn_tends_to() -> None:
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LinearRegression

    frame = made(80, 3)
    x, y = frame[["x0", "x1", "x2"]].to_numpy(), frame["y"].to_numpy()
    found = drivers("y", ["x0", "x1", "x2"], frame, "permutation", seed=4, folds=4, **BARE)
    loss, error, spread = np.zeros(3), 0.0, 0.0
    split = fold_numbers(80, 4, 10, 4)
    for fold_of, fold in itertools.product(split, range(4)):
        test = fold_of == fold
        model = LinearRegression().fit(x[~test], y[~test])
        shuffled = permutation_importance(
            model, x[test], y[test], scoring="neg_mean_squared_error", n_repeats=12, random_state=fold
        )
        loss += shuffled.importances_mean * test.sum()
        error += ((y[test] - model.predict(x[test])) ** 2).sum()
        spread += ((y[test] - y[~test].mean()) ** 2).sum()
    expected = dict(zip(["x0", "x1", "x2"], loss / spread, strict=True))
    # 40 folds of 12 shuffles each: a standard error of some .005.
    assert values(found, "permutation") == pytest.approx(expected, abs=0.02)
    assert found.fit["r2_cv"] == pytest.approx(1 - error / spread, abs=2e-3)  # mean of ratios, ratio of means


def test_weights_count_rows_and_equal_ones_change_nothing() -> None:
    frame = made(50)
    frame["w"] = 1 + np.arange(50) % 3
    names = ["x0", "x1", "x2"]
    weighted = drivers("y", names, frame, ["lmg", "beta", "structure"], weights="w", **BARE)
    again = frame.loc[frame.index.repeat(frame["w"])].reset_index(drop=True)
    repeated = drivers("y", names, again, ["lmg", "beta", "structure"], **BARE)
    for method in weighted.methods:
        assert values(weighted, method) == pytest.approx(values(repeated, method), **EXACT)
    even = drivers("y", names, frame, weights=[2.0] * 50, n_boot=20)
    pd.testing.assert_frame_equal(even.table, drivers("y", names, frame, n_boot=20).table)
    kept = frame.assign(w=[0.0] * 10 + [1.0] * 40)
    dropped = drivers("y", names, kept, weights="w", **BARE)
    assert values(dropped, "lmg") == pytest.approx(values(drivers("y", names, frame[10:], **BARE), "lmg"), **EXACT)
    assert dropped.fit["n"] == 40
    assert "weights.zero" in [notice.key for notice in dropped.warnings]
    with pytest.raises(DataError):
        drivers("y", names, frame.assign(w=-1.0), weights="w", **BARE)


def test_fifteen_drivers_are_exact_and_sixteen_are_told_the_ways_out() -> None:
    frame = made(200, 16)
    names = [f"x{k}" for k in range(16)]
    found = drivers("y", names[:15], frame, n_boot=3)
    assert sum(values(found, "lmg").values()) == pytest.approx(found.fit["r2"], abs=1e-11)
    with pytest.raises(DataError) as caught:
        drivers("y", names, frame, n_boot=3)
    assert "relative_weights" in str(caught.value)
    assert "groups" in str(caught.value)
    everything = drivers("y", names, frame, "all", n_boot=3)
    assert "lmg" not in everything.methods
    assert "relative_weights" in everything.methods
    with pytest.raises(DataError):
        everything.dominance()
    grouped = drivers("y", names, frame, groups={"rest": names[2:]}, n_boot=3)
    assert set(grouped.of("lmg")["predictor"]) == {"x0", "x1", "rest"}


def test_suppression_is_named() -> None:
    rng = np.random.default_rng(5)
    signal, noise = rng.normal(size=400), rng.normal(size=400)
    frame = pd.DataFrame({"measure": signal + noise, "noise": noise, "y": signal + 0.3 * rng.normal(size=400)})
    found = drivers("y", ["measure", "noise"], frame, **BARE)
    assert [n.key for n in found.warnings if n.serious] == ["drivers.suppression_weak"]
    frame["y"] += 0.5 * noise
    turned = drivers("y", ["measure", "noise"], frame, **BARE)
    told = next(n for n in turned.warnings if n.key == "drivers.suppression")
    assert "noise" in told.text()


def test_constructs_are_scored_and_reversed_items_treated_as_in_regress() -> None:
    rng = np.random.default_rng(8)
    level = rng.integers(1, 6, size=(60, 1))
    answers = np.clip(level + rng.integers(-1, 2, size=(60, 6)), 1, 5)
    frame = pd.DataFrame(answers, columns=["s1", "s2", "p1", "p2", "loyal", "giá cả"])
    frame["s2"] = 6 - frame["s2"]
    items = {name: Item(name, min=1, max=5, construct=name[0] if name[1:].isdigit() else None) for name in frame}
    items["s2"] = Item("s2", min=1, max=5, construct="s", reversed=True)
    constructs = {key: Construct(key, label={"en": f"EN {key}", "vi": f"VI {key}"}) for key in ("s", "p")}
    survey = Survey(frame, Codebook(items=items, constructs=constructs))
    found = drivers("loyal", ["s", "p", "giá cả"], survey, **BARE)
    turned = frame.assign(s=(frame["s1"] + 6 - frame["s2"]) / 2, p=frame[["p1", "p2"]].mean(axis=1))
    by_hand = drivers("loyal", ["s", "p", "giá cả"], turned, **BARE)
    assert values(found, "lmg") == pytest.approx(values(by_hand, "lmg"), **EXACT)
    assert "VI s" in found.summary("vi")
    assert "EN s" in found.summary("en")
    alone = drivers("loyal", ["s2", "p1"], survey, **BARE)
    assert "analyses.reversed_left" in [notice.key for notice in alone.warnings]
    mixed = drivers("s", ["s1", "p1"], survey, **BARE)
    assert "analyses.outcome_in_predictors" in [notice.key for notice in mixed.warnings]


def test_missing_answers_are_left_out_and_counted() -> None:
    frame = made(60)
    frame.loc[[3, 17], "x1"] = np.nan
    found = drivers("y", ["x0", "x1"], frame, **BARE)
    assert found.fit["n"] == 58
    assert "analyses.rows_incomplete" in [notice.key for notice in found.warnings]


def test_twelve_respondents_give_numbers_and_a_warning() -> None:
    found = drivers("y", ["x0", "x1", "x2"], made(12), "all", n_boot=60)
    assert "drivers.few_rows" in [notice.key for notice in found.warnings if notice.serious]
    assert np.isfinite(found.of("lmg")["ci_lower"]).all()


def test_resamples_in_which_a_driver_does_not_vary_are_counted() -> None:
    frame = made(30, 2).assign(rare=[1.0] + [0.0] * 29)
    found = drivers("y", ["x0", "rare"], frame, n_boot=100)
    assert 20 < found.fit["used"] < 90
    assert "drivers.lost" in [notice.key for notice in found.warnings if notice.serious]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"predictors": ["x0", "x_1"]}, "drivers.unknown"),
    "unknown outcome": ({"outcome": "loyalty"}, "drivers.unknown"),
    "one": ({"predictors": ["x0"]}, "drivers.one_predictor"),
    "none": ({"predictors": []}, "drivers.one_predictor"),
    "twice": ({"predictors": ["x0", "x0"]}, "drivers.named_twice"),
    "outcome as driver": ({"predictors": ["x0", "y"]}, "drivers.named_twice"),
    "not names": ({"predictors": [1, 2]}, "drivers.not_names"),
    "constant": ({"predictors": ["x0", "flat"]}, "analyses.constant_columns"),
    "collinear": ({"predictors": ["x0", "x1", "sum"]}, "analyses.collinear"),
    "words": ({"predictors": ["x0", "name"]}, "analyses.not_numeric"),
    "interaction": ({"predictors": ["x0", "x1:x2"]}, "drivers.unknown"),
    "method": ({"method": "shapley"}, "drivers.unknown_method"),
    "no method": ({"method": []}, "drivers.unknown_method"),
    "n_boot": ({"n_boot": -1}, "resample.whole_number"),
    "n_boot float": ({"n_boot": 10.5}, "resample.whole_number"),
    "seed": ({"seed": "a"}, "resample.whole_number"),
    "level": ({"level": 95}, "resample.level"),
    "ci": ({"ci": "normal"}, "resample.unknown_interval"),
    "folds": ({"folds": 50, "method": "permutation"}, "drivers.folds"),
    "group member": ({"groups": {"g": ["x0", "x9"]}}, "drivers.group_unknown"),
    "group twice": ({"groups": {"g": ["x0"], "h": ["x0"]}}, "drivers.group_twice"),
    "group name": ({"groups": {"x2": ["x0", "x1"]}}, "drivers.group_name_taken"),
    "one group": ({"groups": {"g": ["x0", "x1", "x2"]}}, "drivers.one_predictor"),
    "groups list": ({"groups": [["x0", "x1"]]}, "drivers.groups_not_mapping"),
    "group and beta": ({"groups": {"g": ["x0", "x1"]}, "method": "beta"}, "drivers.needs_columns"),
    "category outcome": ({"outcome": "C(word)"}, "analyses.category_outcome"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_say_what_is_wrong(name: str) -> None:
    frame = made(40).assign(flat=1.0, word=["a", "b"] * 20, name=[f"Nguyễn {k}" for k in range(40)])
    frame["sum"] = frame["x0"] + frame["x1"]
    changed, key = BAD[name]
    request: dict[str, Any] = {"outcome": "y", "predictors": ["x0", "x1", "x2"], "data": frame, "n_boot": 5} | changed
    with pytest.raises(CxlabError) as caught:
        drivers(**request)
    assert caught.value.key == key
    if name in ("constant", "collinear"):
        assert {"constant": "flat", "collinear": "sum"}[name] in str(caught.value)
    if name == "unknown":
        assert "x0" in str(caught.value)


def test_empty_data_and_a_wrong_method_of_a_result_are_errors() -> None:
    with pytest.raises(DataError):
        drivers("y", ["x0", "x1"], made(0))
    found = drivers("y", ["x0", "x1"], made(), **BARE)
    with pytest.raises(DataError) as caught:
        found.of("pmvd")
    assert caught.value.key == "drivers.method_not_computed"


def test_a_perfect_fit_is_said() -> None:
    frame = made(40)
    frame["y"] = frame["x0"] + frame["x1"]
    found = drivers("y", ["x0", "x1"], frame, **BARE)
    assert "analyses.perfect_fit" in [notice.key for notice in found.warnings]


def test_a_failed_prediction_is_said() -> None:
    rng = np.random.default_rng(11)
    frame = pd.DataFrame(rng.normal(size=(40, 5)), columns=list("abcde"))
    found = drivers("a", list("bcde"), frame, "permutation", **BARE)
    assert "drivers.no_prediction" in [notice.key for notice in found.warnings if notice.serious]


def test_results_read_in_both_languages() -> None:
    frame = made(60).rename(columns={"x0": "Sự hài lòng", "x1": "giá_cả"})
    found = drivers("y", ["Sự hài lòng", "giá_cả", "x2"], frame, "all", n_boot=30)
    for lang in ("en", "vi"):
        texts = [found.summary(lang), str(found.apa(lang)), str(found.apa_differences(lang=lang))]
        assert all("drivers." not in text and "analyses." not in text for text in texts)
        assert "Sự hài lòng" in texts[0]
    assert "LMG" in found.summary("en")
    assert "hạng" in found.summary("vi")
    with language("vi"):
        assert "Yếu tố" in found._repr_html_()
    assert {"lindeman_1980", "johnson_2000", "feldman_2005"} <= {work.key for work in found.cite()}


def test_one_method_draws_numbers_and_several_a_panel_each() -> None:
    frame = made(60)
    one = drivers("y", ["x0", "x1", "x2"], frame, n_boot=20).plot("vi")
    assert len(one.axes) == 1
    assert any("0," in text.get_text() for text in one.axes[0].texts)
    several = drivers("y", ["x0", "x1", "x2"], frame, "all", n_boot=20)
    figure = several.plot("en")
    assert len(figure.axes) == len(several.methods)
    order = [text.get_text() for text in figure.axes[0].texts]
    assert order == several.of("lmg")["predictor"].tolist()
    bare = drivers("y", ["x0", "x1"], frame, **BARE).plot()
    assert len(bare.axes) == 1


def test_dominance_in_resamples_counts_agreement() -> None:
    found = drivers("y", ["x0", "x1", "x2"], made(200), "dominance", n_boot=50)
    pairs = found.dominance()
    assert pairs["general"].tolist() == [1.0, 1.0, 1.0]
    strong = pairs.query("first == 'x0' and second == 'x2'").iloc[0]
    assert strong["complete"] == 1.0
    assert strong["complete_draws"] > 0.5
    assert strong["general_draws"] >= strong["complete_draws"]
    assert "drivers.no_intervals" not in [notice.key for notice in found.warnings]


def test_simulated_answers_are_called_so_in_table_and_figure() -> None:
    survey = cx.load_dataset("total_cx_6p")
    found = drivers("satisfaction", ["place", "price", "product"], survey, n_boot=10)
    assert "simulated" in str(found.apa("en"))
    assert "mô phỏng" in " ".join(text.get_text() for text in found.plot("vi").texts)


def test_weights_of_the_codebook_are_said_to_lie_idle_only_where_they_do() -> None:
    frame = made(50).assign(w=np.linspace(0.5, 1.5, 50))
    items = {name: Item(name) for name in frame} | {"w": Item("w", role="weight")}
    survey = Survey(frame, Codebook(items=items))
    idle = drivers("y", ["x0", "x1"], survey, **BARE)
    used = drivers("y", ["x0", "x1"], survey, weights="w", **BARE)
    assert "analyses.weights_unused" in [notice.key for notice in idle.warnings]
    assert "analyses.weights_unused" not in [notice.key for notice in used.warnings]
