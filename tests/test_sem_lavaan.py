"""cx.sem and cx.cfa against lavaan: tests/oracles/r/sem.R wrote the numbers, with lavaan carried to its optimum."""

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.sem_result import SemFit
from cxlab.evaluate.fit import FIT_NAMES

ROOT = Path(__file__).parent.parent
ORACLE = json.loads((ROOT / "tests/oracles/sem.json").read_text(encoding="utf-8"))
CASES = [name for name in ORACLE if name != "made_with"]
OPTIONS = {
    "hs_std_lv": {"std_lv": True},
    "hs_std_lv_labels": {"std_lv": True},
    "hs_orthogonal": {"orthogonal": True},
}
CFA = ("hs", "hs_std_lv", "hs_std_lv_labels", "hs_orthogonal", "hs_second_order", "hs_modifiers", "ecsi_measurement")
# lavaan's fit indices that say nothing about a model without degrees of freedom; cxlab gives nan there, with a notice.
NAN_IF_SATURATED = {
    *("cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper"),
    *("cn_05", "cn_01", "gfi", "agfi", "pgfi", "mfi"),
}


@cache
def data(case: str) -> pd.DataFrame:
    """The data that R's script used; those of lavaan's manual are also in semopy, to the digit."""
    from semopy.examples import holzinger39, political_democracy

    if case.startswith("ecsi"):
        return pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    if case.startswith("pd"):
        return political_democracy.get_data()
    frame = holzinger39.get_data()
    return frame[frame["school"] == "Pasteur"].head(40) if case == "hs_heywood" else frame


@cache
def fitted(case: str, engine: str = "cxlab") -> SemFit:
    function = cx.cfa if case in CFA else cx.sem
    return function(ORACLE[case]["model"], data(case), engine=engine, **OPTIONS.get(case, {}))


@pytest.fixture(params=["cxlab", "semopy"])
def engine(request) -> str:
    return request.param


def lavaan(case: str, column: str) -> np.ndarray:
    return np.array([math.nan if value is None else value for value in ORACLE[case]["estimates"][column]], dtype=float)


@pytest.mark.parametrize("case", CASES)
def test_rows_and_their_order_are_lavaans(case, engine):
    estimates, reference = fitted(case, engine).estimates, ORACLE[case]["estimates"]
    assert estimates["lhs"].tolist() == reference["lhs"]
    assert estimates["op"].tolist() == reference["op"]
    assert estimates["rhs"].tolist() == reference["rhs"]
    assert estimates["label"].tolist() == (reference["label"] or [""] * len(estimates))


@pytest.mark.parametrize("case", CASES)
def test_estimates_lie_within_a_hundred_thousandth_of_a_standard_error(case, engine):
    # the optimiser's own precision: semopy with ftol 1e-13 ends 1e-7 to 1e-6 standard errors from the optimum
    se = lavaan(case, "se")
    difference = np.abs(fitted(case, engine).estimates["est"].to_numpy() - lavaan(case, "est"))
    assert (difference <= 1e-5 * np.where(se > 0, se, 1e-5)).all()


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_tests_and_intervals_equal_lavaans(case, engine):
    # expected information at estimates that differ by 1e-6 standard errors; nearly collinear factors magnify that
    estimates = fitted(case, engine).estimates
    for ours, theirs in [
        ("se", "se"),
        ("z", "z"),
        ("pvalue", "pvalue"),
        ("ci_lower", "ci.lower"),
        ("ci_upper", "ci.upper"),
    ]:
        np.testing.assert_allclose(estimates[ours], lavaan(case, theirs), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_standardised_solutions_equal_lavaans(case, engine):
    estimates = fitted(case, engine).estimates
    np.testing.assert_allclose(estimates["std_lv"], lavaan(case, "std.lv"), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(estimates["std_all"], lavaan(case, "std.all"), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_every_fit_measure_equals_lavaans(case, engine):
    measures, reference = fitted(case, engine).fit_measures, ORACLE[case]["fit"]
    assert list(measures.index) == list(FIT_NAMES)
    for name in FIT_NAMES:
        if reference["df"] == 0 and name in NAN_IF_SATURATED:
            assert math.isnan(measures[name]), name
        else:
            expected = math.nan if reference[name] is None else reference[name]
            # lavaan inverts the RMSEA interval with R's uniroot, whose default tolerance is 1e-4 in the non-centrality
            assert measures[name] == pytest.approx(expected, rel=1e-6, abs=1e-6, nan_ok=True), name


@pytest.mark.parametrize("case", CASES)
def test_implied_moments_residuals_and_explained_variance_equal_lavaans(case, engine):
    fit, reference = fitted(case, engine), ORACLE[case]
    assert list(fit.implied_cov.index) == reference["names"]
    np.testing.assert_allclose(fit.implied_cov, reference["implied"], rtol=1e-5, atol=1e-6)
    lower = np.tril_indices(len(reference["names"]))
    np.testing.assert_allclose(fit.residuals["residual"], np.array(reference["residual"])[lower], atol=1e-5)
    np.testing.assert_allclose(fit.residuals["residual_cor"], np.array(reference["residual_cor"])[lower], atol=1e-6)
    np.testing.assert_allclose(fit.latent_cov, np.atleast_2d(reference["latent_cov"]), rtol=1e-5, atol=1e-5)
    assert set(fit.r2.index) == set(reference["r2"])
    expected = [math.nan if reference["r2"][name] is None else reference["r2"][name] for name in fit.r2.index]
    np.testing.assert_allclose(fit.r2, expected, rtol=1e-5, atol=1e-6)


def test_ecsi_gives_the_published_figures_of_the_inadmissible_solution(engine):
    measurement, structural = fitted("ecsi_measurement", engine), fitted("ecsi_structural", engine)
    assert round(structural.fit_measures[["chisq", "df", "cfi", "rmsea"]], 3).tolist() == [575.571, 241, 0.877, 0.075]
    assert round(measurement.fit_measures[["chisq", "df", "cfi", "tli"]], 3).tolist() == [521.646, 215, 0.882, 0.861]
    assert round(measurement.latent_cor.loc["Quality", "Satisfaction"], 3) == 0.957
    assert measurement.converged
    assert not measurement.admissible
    assert [notice.key for notice in measurement.admissibility] == ["sem.latent_not_pd"]
    assert "Quality and Satisfaction, r = .957" in str(measurement.admissibility[0])


def test_a_heywood_case_is_found_and_named_instead_of_stopped_at_zero(engine):
    fit = fitted("hs_heywood", engine)
    assert fit.converged
    assert not fit.admissible
    assert fit.admissibility[0].key == "sem.negative_variance"
    assert "x3 (−3.161)" in str(fit.admissibility[0])


def test_reference_numbers_are_at_lavaans_optimum():
    assert all(ORACLE[case]["distance"] < 1e-8 for case in CASES)
    assert {"R", "lavaan", "jsonlite"} <= set(ORACLE["made_with"])
