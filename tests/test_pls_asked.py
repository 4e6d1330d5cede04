"""PLS as a newcomer asks for it: codes for no answer, small samples, wrong options, impossible data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, DataError, EstimationError, ModelError
from cxlab.estimate.pls.routes import count_routes, routes
from cxlab.resample.draws import RandomDraws
from tests.test_pls import ECSI

SMALL = "Image =~ IMAG1 + IMAG2 + IMAG4; Satisfaction =~ CUSA1 + CUSA2 + CUSA3; Satisfaction ~ Image"
CHAIN = SMALL + "; CUSL1 ~ Satisfaction + Image"
VIETNAMESE = """
`Hình ảnh` =~ `Hình ảnh 1` + `Hình ảnh 2` + `Hình ảnh 3 (đảo)`
`Hài lòng` =~ `Hài lòng 1` + `Hài lòng 2`
`Hài lòng` ~ `Hình ảnh`
`Trung thành` ~ `Hài lòng` + `Hình ảnh`
"""


@pytest.fixture(scope="module")
def fit() -> Any:
    return cx.pls(CHAIN, cx.load_dataset("ecsi_mobile"), consistent=False)


@pytest.fixture(scope="module")
def weak() -> Any:
    """Common factors whose items hardly agree: many resamples have a reliability below 0."""
    rng = np.random.default_rng(1)
    data = pd.DataFrame(rng.normal(size=(60, 7)), columns=list("abcdefg"))
    data["b"] += 0.25 * data["a"]
    data["d"] += 0.3 * data["c"] + 0.3 * data["a"]
    data["half"] = ["u", "v"] * 30
    return cx.pls("F =~ a + b; G =~ c + d + e; G ~ F", data)


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(3)
    image = rng.standard_normal(40)
    content = 0.6 * image + 0.8 * rng.standard_normal(40)

    def item(score: np.ndarray) -> np.ndarray:
        return np.clip(np.round(4 + 1.3 * (0.8 * score + 0.6 * rng.standard_normal(40))), 1, 7)

    data = pd.DataFrame({"Hình ảnh 1": item(image), "Hình ảnh 2": item(image), "Hình ảnh 3 (đảo)": 8 - item(image)})
    data["Hài lòng 1"], data["Hài lòng 2"], data["Hài lòng 3"] = item(content), item(content), 5.0
    data["Trung thành"] = item(0.5 * content + 0.8 * rng.standard_normal(40))
    data.loc[3, "Hình ảnh 1"] = data.loc[7, "Hài lòng 2"] = -99
    path = tmp_path_factory.mktemp("student") / "khao_sat.xlsx"
    data.to_excel(path, index=False)
    return path


def keys(result: Any) -> list[str]:
    return [notice.key for notice in result.warnings]


def test_a_code_for_no_answer_is_never_an_answer_without_a_word(student: Path) -> None:
    coded, raw = cx.pls(VIETNAMESE, cx.read_survey(student)), pd.read_excel(student)
    assert keys(coded)[0] == "analyses.outside_scale"
    assert coded.warnings[0].values["codes"] == "-99"
    assert coded.warnings[0].serious
    clean = cx.pls(VIETNAMESE, raw.replace(-99, np.nan), missing="mean")
    assert "analyses.outside_scale" not in keys(clean)
    assert {"pls.mean_replaced", "pls.negative_loading", "pls.small_sample"} <= set(keys(clean))
    assert "analyses.outside_scale" in keys(cx.nca("Trung thành", "Hình ảnh 1", raw, permutations=0))
    assert "analyses.outside_scale" in keys(cx.cfa("F =~ `Hình ảnh 1` + `Hình ảnh 2` + `Hài lòng 1`", raw))
    for lang in ("en", "vi"):
        assert "-99" in coded.summary(lang)
    assert clean.reliability.set_index("construct").loc["Trung thành", "reason"] == "single_item"
    with pytest.raises(DataError, match="'Hài lòng 3'"):
        cx.pls(VIETNAMESE.replace("`Hài lòng 2`", "`Hài lòng 2` + `Hài lòng 3`"), raw)


def test_forty_respondents_are_told_what_they_can_show(student: Path) -> None:
    clean = pd.read_excel(student).replace(-99, np.nan)
    found = cx.pls(VIETNAMESE, clean, missing="mean", consistent=False)
    notice = next(one for one in found.warnings if one.key == "pls.small_sample")
    # (1.645 + 0.842) / sqrt(40)
    assert notice.values["path"].value == pytest.approx(0.393, abs=1e-3)
    assert "pls.mean_replaced" in keys(found.bootstrap(50, seed=1))
    wide = pd.DataFrame(np.random.default_rng(2).normal(size=(20, 24)), columns=[f"x{i}" for i in range(24)])
    text = f"A =~ {' + '.join(wide.columns[:12])}; B =~ {' + '.join(wide.columns[12:])}; B ~ A"
    few = cx.pls(text, wide, consistent=False)
    assert "pls.not_more_rows" in keys(few)
    assert few.fit_measures["d_g"].isna().all()
    # twelve items and twenty rows still have an inverse; what has none is said to be infinite
    assert np.isfinite(few.loadings["vif"]).all()
    nine = cx.load_dataset("ecsi_mobile").frame.iloc[:5]
    assert np.isinf(cx.pls(ECSI.replace("Complaints =~ CUSCO", "Complaints <~ CUSCO"), nine).loadings["vif"]).any()
    weak_bar = few.predict(folds=5, repeats=1, seed=1)
    assert "pls_prediction.weak_benchmark" in keys(weak_bar)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda fit: fit.bootstrap(0), "resample.whole_number"),
        (lambda fit: fit.bootstrap("500"), "resample.whole_number"),
        (lambda fit: fit.bootstrap(True), "resample.whole_number"),
        (lambda fit: fit.bootstrap(50, seed="x"), "resample.whole_number"),
        (lambda fit: fit.bootstrap(50, seed=-1), "resample.whole_number"),
        (lambda fit: fit.bootstrap(50, seed=1, ci="studentised", inner="12"), "resample.whole_number"),
        (lambda fit: fit.bootstrap(50, seed=1).of("paths"), "resample.unknown_table"),
        (lambda fit: fit.bootstrap(50, seed=1).apa(kind="p"), "resample.unknown_table"),
        (lambda fit: fit.bootstrap(indices=np.zeros((3, 250), dtype=int)), "pls_boot.none_used"),
        (lambda fit: fit.exact_fit(5), "resample.whole_number"),
        (lambda fit: fit.exact_fit(200, seed=1.5), "resample.whole_number"),
        (lambda fit: fit.predict(folds="10"), "resample.whole_number"),
        (lambda fit: fit.predict(repeats=1.5), "resample.whole_number"),
        (lambda fit: fit.predict(assignment=np.zeros(250)), "pls_prediction.one_fold"),
        (lambda fit: fit.predict(assignment="abc"), "pls.folds_length"),
        (lambda fit: fit.ipma("CUSL1", ends={"IMAG9": (1, 10)}), "pls_input.ends_unknown"),
        (lambda fit: fit.ipma("CUSL1", ends={"IMAG1": (10, 1)}), "pls_input.ends_pair"),
        (lambda fit: fit.ipma("CUSL1", ends={"IMAG1": 5}), "pls_input.ends_pair"),
        (lambda fit: fit.ipma("CUSL1", ends={"IMAG1": (1, 5)}), "pls_input.ends_outside"),
        (lambda fit: fit.ipma("CUSL1", ends=5), "pls_input.ends_mapping"),
        (lambda fit: fit.ipma(3), "pls.unknown_target"),
        (lambda fit: fit.effects("Imag"), "pls.unknown_target"),
        (lambda fit: cx.fimix(fit, 2, seed="x"), "resample.whole_number"),
        (lambda fit: cx.pls_pos(fit, 2, seed=-1), "resample.whole_number"),
        (lambda fit: fit.nca("CUSL1", seed=0.5), "resample.whole_number"),
    ],
)
def test_a_question_in_the_wrong_form_is_told_the_right_one(fit: Any, call: Any, key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        call(fit)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"consistent": "no"}, "pls_input.switch"),
        ({"tolerance": 0}, "pls_input.tolerance"),
        ({"tolerance": "small"}, "pls_input.tolerance"),
        ({"tolerance": 10}, "pls_input.tolerance"),
        ({"modes": 3}, "pls_input.modes_form"),
        ({"ordered": 3}, "pls_input.ordered_form"),
    ],
)
def test_options_of_the_wrong_kind_are_told(options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.pls(SMALL, cx.load_dataset("ecsi_mobile"), **options)
    assert caught.value.key == key


def test_causes_that_are_copies_or_sums_have_no_paths_of_their_own() -> None:
    frame = cx.load_dataset("ecsi_mobile").frame.assign(copy=lambda one: one["CUSCO"])
    frame["sum"] = frame["IMAG1"] + frame["IMAG2"]
    for text, names in (("CUSL1 ~ CUSCO + copy", "CUSCO, copy"), ("CUSL1 ~ IMAG1 + IMAG2 + sum", "IMAG1, IMAG2, sum")):
        with pytest.raises(DataError, match=names) as caught:
            cx.pls(text, frame)
        assert caught.value.key == "pls.causes_collinear"


def test_a_seed_that_was_drawn_is_named_and_repeats_the_numbers(fit: Any) -> None:
    one = fit.bootstrap(30)
    assert "resample.seed_drawn" in keys(one)
    pd.testing.assert_frame_equal(one.table, fit.bootstrap(30, seed=one.seed).table)
    folds = fit.predict(folds=5, repeats=1)
    pd.testing.assert_frame_equal(folds.table, fit.predict(folds=5, repeats=1, seed=folds.seed).table)
    data = cx.load_dataset("ecsi_mobile").frame.assign(half=["a", "b"] * 125)
    deal = cx.pls(SMALL, data, consistent=False).groups("half", n=19)
    assert "resample.seed_drawn" in keys(deal)


def test_two_processes_give_the_same_numbers(fit: Any) -> None:
    code = (
        "import cxlab as cx; from tests.test_pls_asked import CHAIN;"
        "fit = cx.pls(CHAIN, cx.load_dataset('ecsi_mobile'), consistent=False);"
        "print(repr(float(fit.bootstrap(40, seed=7).table['ci_lower'].sum())),"
        " repr(float(fit.predict(5, 1, seed=7).table['rmse'].sum())))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    own = (fit.bootstrap(40, seed=7).table["ci_lower"].sum(), fit.predict(5, 1, seed=7).table["rmse"].sum())
    assert other.stdout.split() == [repr(float(one)) for one in own]


def test_an_interrupt_leaves_the_fit_as_it_was(fit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fit.bootstrap(20, seed=1).table

    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(RandomDraws, "counts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit.bootstrap(20, seed=1)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(fit.bootstrap(20, seed=1).table, before)


def test_effects_add_up_along_every_route(fit: Any) -> None:
    listed = fit.effects("Image", "CUSL1").set_index("kind")["estimate"]
    paths = fit.paths.set_index(["source", "target"])["estimate"]
    product = paths[("Image", "Satisfaction")] * paths[("Satisfaction", "CUSL1")]
    assert listed["specific"] == pytest.approx(product)
    assert listed["total"] == pytest.approx(listed["direct"] + listed["indirect"])
    large = cx.pls(ECSI, cx.load_dataset("ecsi_mobile"), consistent=False)
    summed = large.effects().query("kind == 'specific'").groupby(["source", "target"])["estimate"].sum()
    whole = large.total_effects.set_index(["source", "target"])["indirect"]
    for pair, value in summed.items():
        assert value == pytest.approx(whole[pair])
    boot = large.bootstrap(40, seed=1)
    assert set(boot.of("indirect")[["source", "target"]].itertuples(index=False, name=None)) == set(summed.index)
    assert "via" not in boot.of("path")
    assert "specific: Image → Expectation → Quality" in boot.replicates
    assert list(boot.of("specific").columns[:4]) == ["kind", "source", "target", "via"]
    moved = large.jackknife().influence("Image", "Quality", "specific", "Expectation")
    assert len(moved) == 250
    for lang in ("en", "vi"):
        for kind in ("path", "total", "indirect", "specific", "loading", "weight", "r2", "htmt"):
            assert "pls_boot" not in boot.apa(lang, kind).to_html(lang)


def test_very_many_routes_are_cut_and_counted() -> None:
    full = np.triu(np.ones((12, 12), dtype=bool), 1)
    assert count_routes(full) == sum(
        2 ** (last - first - 1) - 1 for first in range(12) for last in range(first + 1, 12)
    )
    assert len(routes(full)) == 500
    rng = np.random.default_rng(4)
    names = [f"v{place}" for place in range(12)]
    data = pd.DataFrame(rng.normal(size=(80, 12)), columns=names)
    text = "; ".join(f"{names[place]} ~ {' + '.join(names[:place])}" for place in range(1, 12))
    found = cx.pls(text, data)
    boot = found.bootstrap(20, seed=1)
    assert "evaluation.routes_omitted" in keys(boot)
    assert len(boot.of("specific")) == 500


def test_resamples_without_a_value_are_counted(weak: Any) -> None:
    boot = weak.bootstrap(200, seed=1)
    notice = next(one for one in boot.warnings if one.key == "pls_boot.without_value")
    assert notice.values["count"] == int(boot.replicates["path: F → G"].isna().sum() - boot.status["not_converged"])
    assert keys(boot)[0] == "pls.improper_solution"


def test_what_rests_on_an_impossible_solution_says_so(weak: Any) -> None:
    assert "pls.rho_not_positive" in keys(weak)
    for result in (weak.predict(5, 1, seed=1), weak.ipma("G"), weak.blindfold(7)):
        assert "pls.improper_solution" in keys(result)
    assert np.isnan(weak.blindfold(7).table["q2"][0])
    with pytest.raises(EstimationError):
        weak.exact_fit(100, seed=1)


def test_permutations_without_a_value_are_no_evidence(weak: Any) -> None:
    groups = weak.groups("half", n=99, seed=1)
    row = groups.table.iloc[0]
    assert np.isnan(row["difference"])
    assert np.isnan(row["pvalue"])
    assert "pls.groups_without_value" in keys(groups)
    micom = weak.micom("half", n=99, seed=1)
    assert micom.table["c_limit"].min() < 0.8
    assert "pls.micom_powerless" in keys(micom)


def test_an_item_that_a_fold_leaves_without_variance_is_named() -> None:
    data = pd.DataFrame(np.random.default_rng(6).normal(size=(60, 4)), columns=list("abcd"))
    data["a"] = 0.0
    data.loc[0, "a"] = 1.0
    fit = cx.pls("F =~ a + b; G =~ c + d; G ~ F", data, consistent=False)
    with pytest.raises(DataError, match=": a") as caught:
        fit.predict(seed=1)
    assert caught.value.key == "pls_prediction.constant_in_training"


def test_slopes_want_a_bootstrap_of_their_own_model(fit: Any) -> None:
    survey = cx.load_dataset("ecsi_mobile")
    text = "Image <~ IMAG1 + IMAG2 + IMAG4; Value <~ PERV1 + PERV2; CUSA1 ~ Image + Value + Image:Value"
    moderated = cx.pls(text, survey, modes="A")
    with pytest.raises(ModelError) as caught:
        moderated.simple_slopes(bootstrap=fit.bootstrap(30, seed=1))
    assert caught.value.key == "pls_input.other_bootstrap"
    own = moderated.bootstrap(30, seed=1, ci="studentised", inner=10)
    assert moderated.simple_slopes(bootstrap=own).table["ci_lower"].notna().all()
    with pytest.raises(DataError):
        moderated.simple_slopes(levels="high")


def test_one_segment_is_said_to_be_no_segments(fit: Any) -> None:
    data = pd.DataFrame(
        np.random.default_rng(3).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 200), columns=["a", "b"]
    )
    found = cx.fimix(cx.pls("b ~ a", data), range(1, 3), seed=1, starts=5)
    assert found.suggested == 1
    assert "no sign of unseen segments" in found.summary("en")
    assert "profile" not in found.summary("en")


def test_the_bands_of_necessity_are_cited_rules() -> None:
    assert [cx.interpret(d, "dul_2016").label for d in (0.05, 0.1, 0.3, 0.5)] == [
        "evaluate.small",
        "evaluate.medium",
        "evaluate.large",
        "evaluate.very_large",
    ]
    data = pd.DataFrame({"care": [1, 2, 3, 4, 5], "loyal": [1, 2, 1, 5, 4]})
    table = cx.nca("loyal", "care", data, permutations=0)
    assert table.table["size"].tolist() == ["very_large", "large"]
    assert "from memory" in str(table.apa("en"))
    assert "rất lớn" in str(table.apa("vi"))
