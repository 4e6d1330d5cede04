"""Method bias against lavaan, psych and formulas written out; a truth recovered; what it refuses."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.method_bias import method_bias
from cxlab.analyses.method_bias_result import KINDS, MethodBias
from cxlab.errors import CxlabError, DataError, ModelError
from cxlab.evaluate.method_bias import decompose, full_collinearity, marker_correlations

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "oracles" / "method_bias.json").read_text(encoding="utf-8")
)
CASES = ("reputation", "schools")


@cache
def found(case: str) -> MethodBias:
    data = get_data() if case == "schools" else cx.load_dataset("corporate_reputation")
    return method_bias(data, ORACLE[case]["blocks"], marker=ORACLE[case]["marker"], estimator="ML")


@pytest.mark.parametrize("case", CASES)
def test_harman_equals_psych(case: str) -> None:
    known, ours = ORACLE[case]["harman"], found(case).harman.set_index("statistic")["value"]
    assert ours["component"] == pytest.approx(known["component"], abs=1e-10)
    assert ours["factor"] == pytest.approx(known["factor"], abs=1e-6)  # iterated to another stop
    assert ours["eigenvalues"] == known["above_one"]


@pytest.mark.parametrize("case", CASES)
def test_models_equal_lavaan(case: str) -> None:
    for table, key in ((found(case).models, "models"), (found(case).marker_models, "marker_models")):
        ours = table.set_index("model")
        for name, known in ORACLE[case][key].items():
            # R and S rest on estimates of another fit, at which lavaan's search stops a little short
            tolerance = 1e-3 if name[:8] in ("method_r", "method_s") else 1e-4
            for column in ("chisq", "df", "cfi", "rmsea", "srmr"):
                assert ours.loc[name, column] == pytest.approx(known[column], abs=tolerance), (name, column)


@pytest.mark.parametrize("case", CASES)
def test_shares_tests_and_choice_equal_lavaan(case: str) -> None:
    ours, known = found(case), ORACLE[case]
    for name, share in known["share"].items():
        if share is None:
            continue
        assert ours.model(name, "method_share") == pytest.approx(share, abs=1e-4)
    if "method_equal" in known["models"]:
        assert ours.model("method_equal", "chisq_diff") == pytest.approx(known["test_equal"]["chisq"], abs=1e-4)
    else:  # two constructs: the search runs off, which is said
        assert ours.model("method_equal", "state") == "not_converged"
        assert ours.model("method_equal", "reason")
    assert ours.chosen == known["chosen"]
    for name, test in known["tests"].items():
        assert ours.model(name, "chisq_diff", marker=True) == pytest.approx(test["chisq"], abs=1e-3)
        assert ours.model(name, "df_diff", marker=True) == test["df"]
        assert ours.model(name, "p_diff", marker=True) == pytest.approx(test["p"], abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_decomposition_correlations_and_vif_equal_r(case: str) -> None:
    ours, known = found(case), ORACLE[case]
    parts = ours.decomposition.set_index("construct")
    for name, values in known["decomposition"].items():
        assert parts.loc[name, list(values)].to_numpy(dtype=float) == pytest.approx(list(values.values()), abs=1e-4)
    assert ours.rates == pytest.approx(known["rates"], abs=1e-10)
    for row, one in zip(ours.correlations.to_dict("records"), known["correlations"], strict=True):
        values = [row[key] for key in ("r", "pvalue", "r_adjusted", "p_adjusted", "r_conservative", "p_conservative")]
        theirs = [one["r"], one["p"], *one["adjusted"].values(), *one["conservative"].values()]
        assert values == pytest.approx(theirs, abs=1e-10)
    vif = ours.collinearity.set_index("construct")
    for name, value in known["vif"].items():
        assert vif.loc[name, "vif_scores"] == pytest.approx(value, abs=1e-10)
        assert vif.loc[name, "vif_factors"] == pytest.approx(known["vif_factors"][name], abs=1e-4)


def simulated(method: float, n: int = 500, seed: int = 4) -> pd.DataFrame:
    """Simulated answers to three constructs (r = .3) and a marker of little content, all with one method factor."""
    rng = np.random.default_rng(seed)
    cor = np.full((4, 4), 0.3) + 0.7 * np.eye(4)
    cor[3, :3] = cor[:3, 3] = 0.0
    factors, style = rng.multivariate_normal(np.zeros(4), cor, n), rng.normal(size=n)
    return pd.DataFrame(
        {
            f"{name}{item}": (0.4 if name == "wea" else 1.0) * loading * factors[:, k]
            + method * style
            + rng.normal(0, 0.6, n)
            for k, name in enumerate(("sat", "loy", "wom", "wea"))
            for item, loading in enumerate((0.8, 0.9, 0.7), start=1)
        }
    )


BLOCKS = {name: [f"{name}{item}" for item in (1, 2, 3)] for name in ("sat", "loy", "wom")}
WEATHER = {"weather": ["wea1", "wea2", "wea3"]}


def test_a_method_factor_that_is_there_is_found_and_taken_out() -> None:
    biased = method_bias(simulated(0.6), BLOCKS, marker=WEATHER, estimator="ML")
    assert biased.model("method_c", "p_diff", marker=True) < 0.001
    assert biased.model("method_r", "p_diff", marker=True) < 0.05
    assert "marker" in biased.signs
    assert biased.verdict == "signs"
    raw, cleaned = (biased[name].latent_cor.loc["sat", "loy"] for name in ("marker_baseline", "marker_method_c"))  # type: ignore[union-attr]
    # the marker's factor is part weather, part method: some of the method stays
    assert raw > 0.5
    assert 0.3 < cleaned < raw - 0.15


def test_without_a_method_factor_no_technique_speaks_up() -> None:
    clean = method_bias(simulated(0.0), BLOCKS, marker=WEATHER, estimator="ML")
    assert clean.signs == ()
    assert clean.verdict == "no_signs"
    assert "does not prove" in clean.reading("en")[0]


def test_a_single_item_marker_judges_correlations_only() -> None:
    one = method_bias(simulated(0.6), BLOCKS, marker="wea1", estimator="ML")
    assert one.marker_models.empty
    assert one.decomposition.empty
    assert "method_bias.single_marker" in {notice.key for notice in one.warnings}
    assert "correlations" in set(one.table["technique"])
    with pytest.raises(CxlabError) as error:
        one.apa(kind="marker")
    assert error.value.key == "method_bias.no_marker_models"


def test_rows_that_the_marker_lacks_are_said() -> None:
    frame = simulated(0.3, 200)
    frame.loc[:49, "wea1"] = np.nan
    ours = method_bias(frame, BLOCKS, marker="wea1", estimator="ML")
    keys = {notice.key: notice for notice in ours.warnings}
    assert ours.n_obs == 150
    assert keys["method_bias.rows_differ"].values == {"models": 200, "scores": 150}
    assert "analyses.rows_incomplete" in keys


def test_without_a_marker_it_says_so() -> None:
    plain = method_bias(simulated(0.3), {name: BLOCKS[name] for name in ("sat", "loy")}, estimator="ML")
    assert "method_bias.no_marker" in {notice.key for notice in plain.warnings}
    assert plain.marker_models.empty
    assert plain.correlations["r_conservative"].isna().all()  # two constructs have one correlation


def test_a_marker_that_is_no_marker_is_called_out() -> None:
    notice = next(one for one in found("reputation").warnings if one.key == "method_bias.marker_related")
    assert notice.serious
    assert ".51" in notice.text("en")


def test_a_construct_of_the_codebook_can_be_the_marker() -> None:
    survey = cx.load_dataset("corporate_reputation")
    ours = method_bias(
        survey, ["competence", "likeability", "loyalty", "switching"], marker="switching", estimator="ML"
    )
    assert set(ours.blocks) == {"competence", "likeability", "loyalty"}
    assert ours.marker_items == ("switch_1", "switch_2", "switch_3", "switch_4")
    other = method_bias(survey, ["competence", "likeability", "loyalty"], marker="switching", estimator="ML")
    assert other.marker_models["chisq"].to_numpy() == pytest.approx(ours.marker_models["chisq"].to_numpy(), abs=1e-8)


def test_published_moments_give_the_same_answer() -> None:
    frame = simulated(0.3)
    moments = cx.Moments(frame.cov(), len(frame))
    rows, matrix = (method_bias(one, BLOCKS, marker=WEATHER, estimator="ML") for one in (frame, moments))
    for name in ("harman", "collinearity", "correlations"):
        ours, theirs = getattr(rows, name), getattr(matrix, name)
        pd.testing.assert_frame_equal(ours, theirs, check_exact=False, rtol=1e-6)
    assert rows.models["chisq"].to_numpy() == pytest.approx(matrix.models["chisq"].to_numpy(), rel=1e-6, nan_ok=True)


def test_formulas_by_hand() -> None:
    assert full_collinearity(np.array([[1, 0.5], [0.5, 1]])).tolist() == pytest.approx([4 / 3, 4 / 3])
    assert np.isinf(full_collinearity(np.ones((2, 2)))).all()
    parts = decompose(np.array([0.6, 0.6]), np.array([0.2, 0.2]), np.array([0.6, 0.6]))
    assert parts.total == pytest.approx((1.44 + 0.16) / (1.44 + 0.16 + 1.2))
    assert np.isnan(marker_correlations([-0.1, -0.2])[0])


def test_scales_that_differ_are_called_out() -> None:
    frame = simulated(0.3)
    frame["sat1"] *= 10
    keys = {notice.key for notice in method_bias(frame, BLOCKS, estimator="ML").warnings}
    assert "method_bias.scales_differ" in keys


@pytest.mark.parametrize(
    ("blocks", "marker", "error", "key"),
    [
        ({"sat": BLOCKS["sat"]}, None, DataError, "validity.few_constructs"),
        ({"sat": BLOCKS["sat"]}, "wea1", DataError, "method_bias.few_constructs"),
        (BLOCKS, "weather", DataError, "method_bias.unknown_marker"),
        (BLOCKS, ["wea1", "wea9"], DataError, "method_bias.unknown_marker"),
        (BLOCKS, [], DataError, "method_bias.unknown_marker"),
        (BLOCKS, ["sat1", "wea1"], ModelError, "method_bias.marker_in_construct"),
        (BLOCKS, {"a": ["wea1"], "b": ["wea2"]}, ModelError, "method_bias.one_marker"),
    ],
)
def test_questions_without_an_answer_are_refused(blocks: Any, marker: Any, error: type[CxlabError], key: str) -> None:
    with pytest.raises(error) as caught:
        method_bias(simulated(0.0, 100), blocks, marker=marker)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        (simulated(0.0, 6), "sem.too_few_rows"),
        (simulated(0.0, 60).assign(sat2=3.0), "analyses.constant_columns"),
        (simulated(0.0, 60).head(0), "analyses.no_rows"),
    ],
)
def test_answers_that_cannot_be_judged_are_named(frame: pd.DataFrame, key: str) -> None:
    with pytest.raises(DataError) as caught:
        method_bias(frame, BLOCKS, estimator="ML")
    assert caught.value.key == key


def test_a_model_that_fails_is_kept_with_its_reason() -> None:
    frame = simulated(0.0, 40, seed=11)
    ours = method_bias(frame, {"sat": ["sat1", "sat2"], "loy": ["loy1", "loy2"]}, estimator="ML")
    states = ours.models.set_index("model")
    assert (states.loc[states["state"] != "ok", "reason"] != "").all()
    assert states.loc["method_free", "state"] != "ok"  # four items cannot carry three factors
    assert np.isnan(states.loc["method_free", "method_share"]) or states.loc["method_free", "state"] == "inadmissible"


def test_vietnamese_names_with_blanks() -> None:
    frame = simulated(0.3, 300).rename(columns=lambda name: name.replace("sat", "hài lòng "))
    blocks = BLOCKS | {"hài lòng": [f"hài lòng {i}" for i in (1, 2, 3)]}
    del blocks["sat"]
    ours = method_bias(frame, blocks, marker={"thời tiết": WEATHER["weather"]}, estimator="ML")
    assert set(ours.marker_models["model"]) >= {"cfa", "baseline", "method_c", "method_u", "method_r"}
    assert "thời tiết" in ours.summary("vi")


def test_it_shows_itself_in_both_languages() -> None:
    for lang in ("en", "vi"):
        text = found("reputation").summary(lang)
        for kind in KINDS:
            text += str(found("reputation").apa(lang, kind=kind))
        assert "method_bias." not in text
        assert "evaluate." not in text
    assert [one.key for one in found("reputation").cite()]
