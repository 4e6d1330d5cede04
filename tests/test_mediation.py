"""Mediation and moderation by regression: R's lm and sandwich on single items of ecsi_mobile, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab import mediation, moderation
from cxlab.errors import CxlabError, DataError, ModelSyntaxError

R = json.loads(Path("tests/oracles/mediation.json").read_text())
PAIR = {"cause": "IMAG1", "mediators": ["PERQ1", "CUSA1"], "outcome": "CUSL1"}


@pytest.fixture(scope="module")
def ecsi():
    return cx.load_dataset("ecsi_mobile")


def test_parallel_effects_and_every_resample_are_rs(ecsi):
    found = mediation(**PAIR, data=ecsi, covariates=["CUEX1"], indices=np.array(R["index"]))
    mine = [*found.paths["estimate"], *found.table["estimate"].iloc[:5]]
    np.testing.assert_allclose(mine, R["parallel"], atol=1e-10)
    names = [name for name in found.replicates if not name.startswith(("proportion", "difference"))]
    np.testing.assert_allclose(found.replicates[names], R["drawn"], atol=1e-9)


def test_serial_effects_are_rs(ecsi):
    found = mediation(**PAIR, data=ecsi, serial=True, n_boot=100)
    assert found.table["via"].head(3).tolist() == ["PERQ1", "CUSA1", "PERQ1 → CUSA1"]
    np.testing.assert_allclose(found.table["estimate"].head(3), R["serial"], atol=1e-10)


def test_total_is_direct_and_indirect(ecsi):
    own = mediation(**PAIR, data=ecsi, n_boot=100).table.set_index("effect")["estimate"]
    assert own["total"] == pytest.approx(own["direct"] + own["total_indirect"], abs=1e-12)


def test_standardised_effects_divide_by_standard_deviations(ecsi):
    found = mediation(**PAIR, data=ecsi, n_boot=100).table.set_index("effect")
    ratio = R["sds"]["IMAG1"] / R["sds"]["CUSL1"]
    assert found.loc["total", "std"] == pytest.approx(found.loc["total", "estimate"] * ratio, abs=1e-12)


def test_sensitivity_to_confounding_is_the_published_formula(ecsi):
    found = mediation("IMAG1", "CUSA1", "CUSL1", ecsi, covariates=["CUEX1"], n_boot=100)
    theirs = R["sensitivity"]
    curve = found.curve.assign(rho=found.curve["rho"].round(10)).set_index("rho")["indirect"]
    for rho, effect in zip(theirs["rho"], theirs["acme"], strict=True):
        assert curve[rho] == pytest.approx(effect, abs=1e-10)
    last = found.sensitivity.iloc[-1]
    assert last["rho_zero"] == pytest.approx(theirs["r"], abs=1e-10)
    assert last["robustness_value"] == pytest.approx(theirs["robustness"], abs=1e-10)


def test_weights_count_as_repeated_rows(ecsi):
    frame = ecsi.frame.reset_index(drop=True)
    counts = np.where(np.arange(len(frame)) % 3 == 0, 2.0, 1.0)
    weighted = mediation("IMAG1", "CUSA1", "CUSL1", frame, weights=counts, n_boot=100)
    longer = frame.loc[np.repeat(frame.index, counts.astype(int))].reset_index(drop=True)
    repeated = mediation("IMAG1", "CUSA1", "CUSL1", longer, n_boot=100)
    np.testing.assert_allclose(weighted.table["estimate"], repeated.table["estimate"], atol=1e-12)


def test_a_cause_of_two_groups_is_a_difference(ecsi):
    survey = cx.load_dataset("total_cx_6p")
    found = mediation("shop", "satisfaction", "loyalty", survey, n_boot=200)
    assert "mediation.two_categories" in [notice.key for notice in found.warnings]
    scores = survey.scores(constructs=["loyalty"])["loyalty"]
    kept = scores.notna() & survey.scores(constructs=["satisfaction"])["satisfaction"].notna()
    means = scores[kept].groupby(survey.frame.loc[kept, "shop"]).mean()
    total = found.table.set_index("effect").loc["total"]
    assert total["estimate"] == pytest.approx(means.iloc[1] - means.iloc[0], abs=1e-10)
    assert total["std"] == pytest.approx(total["estimate"] / scores[kept].std(ddof=0), abs=1e-10)


def test_opposite_effects_have_no_proportion():
    rng = np.random.default_rng(3)
    x = rng.normal(size=200)
    m = x + rng.normal(size=200)
    frame = pd.DataFrame({"x": x, "m": m, "y": m - 1.5 * x + rng.normal(size=200)})
    found = mediation("x", "m", "y", frame, n_boot=200)
    assert np.isnan(found.table.set_index("effect").loc["proportion", "estimate"])
    assert "opposite" in found.summary("en")


@pytest.mark.parametrize("ci", ["percentile", "basic", "bc", "bca"])
def test_every_interval_holds_the_estimate(ecsi, ci):
    row = mediation("IMAG1", "CUSA1", "CUSL1", ecsi, n_boot=400, ci=ci).table.iloc[0]
    assert row["ci_lower"] < row["estimate"] < row["ci_upper"]


def test_what_mediation_refuses(ecsi):
    frame = ecsi.frame.assign(**{"Vùng": np.arange(250) % 3, "hằng": 1.0})
    with pytest.raises(DataError, match="Did you mean 'CUSA1'"):
        mediation("IMAG1", "CUSA11", "CUSL1", frame)
    with pytest.raises(DataError, match="more than once"):
        mediation("IMAG1", "IMAG1", "CUSL1", frame)
    with pytest.raises(DataError, match="hằng"):
        mediation("IMAG1", "hằng", "CUSL1", frame)
    with pytest.raises(DataError, match="more than two categories"):
        mediation("C(Vùng)", "CUSA1", "CUSL1", frame)
    with pytest.raises(DataError, match="must be a number"):
        mediation("IMAG1", "C(CUSCO)", "CUSL1", frame.assign(CUSCO=frame["CUSCO"] > 5))
    with pytest.raises(DataError, match="chain"):
        mediation("IMAG1", "CUSA1", "CUSL1", frame, serial=True)
    with pytest.raises(DataError, match="No mediator"):
        mediation("IMAG1", [], "CUSL1", frame)
    with pytest.raises(CxlabError, match="n_boot"):
        mediation("IMAG1", "CUSA1", "CUSL1", frame, n_boot=5)
    with pytest.raises(DataError, match="single correlation"):
        mediation("IMAG1", ["CUSA1", "PERQ1"], "CUSL1", frame, n_boot=100).plot(kind="sensitivity")


def test_slopes_errors_and_region_are_rs(ecsi):
    found = moderation("CUSL1", "CUSA1", "IMAG1", ecsi, covariates=["CUEX1"])
    theirs = R["moderation"]
    own = found.table.set_index("term")
    for mine, their in {"center(CUSA1)": "xc", "center(IMAG1)": "mc", "center(CUSA1):center(IMAG1)": "xc:mc"}.items():
        assert own.loc[mine, "b"] == pytest.approx(theirs["b"][their], abs=1e-10)
        assert own.loc[mine, "se"] == pytest.approx(theirs["se"][their], abs=1e-10)
    np.testing.assert_allclose(found.slopes["value"], np.array(theirs["levels"]) + theirs["mean"], atol=1e-10)
    np.testing.assert_allclose(found.slopes[["slope", "se", "t", "pvalue"]], theirs["slopes"], atol=1e-9)
    assert found.region["upper"].iloc[0] == pytest.approx(theirs["roots"][1], abs=1e-8)
    assert found.region["share"].sum() == pytest.approx(1)


def test_slopes_of_categories_are_those_of_separate_groups():
    survey = cx.load_dataset("total_cx_6p")
    found = moderation("overall", "ease", "shop", survey, cov_type="nonrobust")
    frame = survey.frame[["overall", "ease", "shop"]].dropna()
    for level, slope in zip((1, 2), found.slopes["slope"], strict=True):
        own = frame[frame["shop"] == level].astype(float)
        assert slope == pytest.approx(np.polyfit(own["ease"], own["overall"], 1)[0], abs=1e-10)
    assert found.region.empty
    with pytest.raises(DataError, match="region"):
        found.plot(kind="region")


def test_lines_go_through_what_is_expected(ecsi):
    found = moderation("CUSL1", "CUSA1", "IMAG1", ecsi, values=[5.0])
    first, last = found.lines["y"]
    width = found.lines["x"].iloc[1] - found.lines["x"].iloc[0]
    assert (last - first) / width == pytest.approx(found.slopes["slope"].iloc[0], abs=1e-12)


def test_what_moderation_says_and_refuses(ecsi):
    frame = ecsi.frame.assign(**{"nhóm khách": pd.Categorical(np.where(ecsi.frame["IMAG2"] > 7, "cao", "thấp"))})
    found = moderation("CUSL1", "CUSA1", "nhóm khách", frame)
    assert found.slopes["value"].tolist() == ["cao", "thấp"]
    assert "moderation.outside" in [n.key for n in moderation("CUSL1", "CUSA1", "IMAG1", frame, values=[25]).warnings]
    with pytest.raises(DataError, match="exchange"):
        moderation("CUSL1", "nhóm khách", "CUSA1", frame)
    with pytest.raises(DataError, match="leave values out"):
        moderation("CUSL1", "CUSA1", "nhóm khách", frame, values=[1])
    with pytest.raises(ModelSyntaxError, match="CUSA1"):
        moderation("CUSL1", "CUSA11", "IMAG1", frame)
    with pytest.raises(DataError, match="more than once"):
        moderation("CUSL1", "CUSA1", "CUSA1", frame)


def test_both_languages_and_figures(ecsi):
    chain = mediation("image", "satisfaction", "loyalty", ecsi, n_boot=200)
    slopes = moderation("loyalty", "satisfaction", "image", ecsi)
    assert "Trung gian" in chain.summary("vi")
    assert "Điều tiết" in slopes.summary("vi")
    for kind in ("effects", "paths", "sensitivity"):
        assert str(chain.apa("en", kind))
    for kind in ("slopes", "regression", "region"):
        assert str(slopes.apa("vi", kind))
    assert chain.plot("vi").axes
    assert chain.plot("en", "sensitivity").axes
    assert slopes.plot("vi", "region").axes
    assert slopes.plot("en").axes
