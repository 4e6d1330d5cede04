"""cx.sem with its own engine against lavaan, through the public face: engine.R and sem_groups.R wrote the numbers."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.sem import growth
from cxlab.analyses.sem_result import SemFit

HERE = Path(__file__).parent / "oracles"
CASES: dict[str, dict[str, Any]] = json.loads((HERE / "engine.json").read_text(encoding="utf-8"))["cases"]
SHOWN: dict[str, Any] = json.loads((HERE / "sem_groups.json").read_text(encoding="utf-8"))
SHOWN_CASES = [name for name in SHOWN if name != "made_with"]
FUNCTIONS = {"sem": cx.sem, "cfa": cx.cfa, "growth": growth}
KINDS = {
    **dict.fromkeys(("groups", "invariant", "mlr_groups", "gls"), ("cfa", "hs")),
    **dict.fromkeys(("mediation_groups", "mimic_means", "mlm_mimic"), ("sem", "hs")),
    "fiml_mediation": ("sem", "hs_missing"),
    "fiml_mlr_groups": ("cfa", "hs_missing"),
    "growth": ("growth", "dg"),
}
# Without degrees of freedom lavaan prints 1 or 0 for what says nothing; cxlab gives nan and a notice.
NAN_IF_SATURATED = {
    *("pvalue", "cfi", "tli", "nnfi", "rfi", "nfi", "pnfi", "ifi", "rni", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper"),
    *("cn_05", "cn_01", "gfi", "agfi", "pgfi", "mfi"),
}


@cache
def frame(name: str) -> pd.DataFrame:
    if name == "small":
        whole = frame("hs")
        return whole[whole["school"] == "Pasteur"].head(40)
    return pd.read_csv(HERE / "data" / f"engine_{name}.csv")


def options(given: dict[str, Any]) -> dict[str, Any]:
    return {name.replace(".", "_"): value for name, value in (given or {}).items()}


@cache
def fitted(case: str) -> SemFit:
    one = CASES[case]
    return FUNCTIONS[one["fun"]](one["text"], frame(one["data"]), **options(one["args"]))


@cache
def shown(case: str) -> SemFit:
    kind, data = KINDS[case]
    return FUNCTIONS[kind](SHOWN[case]["model"], frame(data), **options(SHOWN[case]["args"]))


@pytest.mark.parametrize("case", CASES)
def test_estimates_and_standard_errors_equal_lavaans(case):
    table, found = CASES[case]["table"], fitted(case).estimates
    keep = [position for position, op in enumerate(table["op"]) if op not in ("==", "<", ">")]
    for column in ("lhs", "op", "rhs"):
        assert found[column].tolist() == [table[column][position] for position in keep]
    est, se = (np.array([table[name][position] for position in keep], dtype=float) for name in ("est", "se"))
    exact = CASES[case]["distance"] is not None
    # where lavaan has nonlinear constraints it stops where its own optimiser does
    close = 1e-5 * np.where(se > 0, se, 1e-3) if exact else 1e-5
    assert (np.abs(found["est"] - est) <= close).all()
    free = np.array(table["free"])[keep] > 0
    # an estimate that an inequality holds has no standard error; lavaan prints 1e-9 or nothing
    free &= exact | ((se > 1e-6) & (found["se"].to_numpy() > 1e-6))
    np.testing.assert_allclose(found["se"][free], se[free], rtol=1e-5 if exact else 1e-3)


@pytest.mark.parametrize("case", CASES)
def test_every_fit_measure_equals_lavaans(case):
    measures, reference = fitted(case).fit_measures, CASES[case]["fit"]
    assert set(reference) <= set(measures.index)
    for name, expected in reference.items():
        if reference["df"] == 0 and name in NAN_IF_SATURATED:
            assert math.isnan(measures[name]), name
        elif case == "fiml_expected" and "robust" in name:
            # lavaan takes the expected information of the incomplete rows here; ours is the observed one throughout
            assert measures[name] == pytest.approx(expected, abs=0.01), name
        else:
            assert measures[name] == pytest.approx(expected, rel=1e-4, abs=1e-4), name


@pytest.mark.parametrize("case", SHOWN_CASES)
def test_the_whole_table_of_estimates_equals_lavaans(case):
    found, reference = shown(case).estimates, SHOWN[case]["estimates"]
    for column in ("lhs", "op", "rhs", "group"):
        assert found[column].tolist() == reference[column]
    assert found["label"].tolist() == (reference["label"] or [""] * len(found))
    names = {"ci.lower": "ci_lower", "ci.upper": "ci_upper", "std.lv": "std_lv", "std.all": "std_all"}
    for theirs in ("est", "se", "z", "pvalue", *names, "std.nox"):
        expected = np.array([math.nan if value is None else value for value in reference[theirs]], dtype=float)
        np.testing.assert_allclose(
            found[names.get(theirs, theirs.replace(".", "_"))], expected, rtol=1e-5, atol=1e-6, err_msg=theirs
        )


@pytest.mark.parametrize("case", SHOWN_CASES)
def test_matrices_of_each_group_equal_lavaans(case):
    fit, reference = shown(case), SHOWN[case]
    assert list(fit.groups) == reference["groups"]
    assert fit.fitted.n_obs.astype(int).tolist() == reference["n"]
    names, latent = reference["names"], reference["latents"]
    for number in range(1, len(reference["n"]) + 1):
        implied = fit.of_group(fit.implied_cov, number).loc[names, names]
        np.testing.assert_allclose(implied, of(reference, "implied", number), rtol=1e-5, atol=1e-6)
        inner = fit.of_group(fit.latent_cov, number).loc[latent, latent]
        np.testing.assert_allclose(inner, np.atleast_2d(of(reference, "latent_cov", number)), rtol=1e-5, atol=1e-6)
        means = fit.of_group(fit.implied_mean, number)
        np.testing.assert_allclose(means, of(reference, "implied_mean", number), rtol=1e-6)
        r2, expected = fit.of_group(fit.r2, number), of(reference, "r2", number)
        assert set(r2.index) == set(expected)
        np.testing.assert_allclose(r2, [expected[name] for name in r2.index], rtol=1e-5, atol=1e-6)
        if len(means):
            inner_means = fit.of_group(fit.latent_mean, number)
            np.testing.assert_allclose(inner_means, of(reference, "latent_mean", number), rtol=1e-5, atol=1e-6)


def of(reference: dict[str, Any], name: str, number: int) -> Any:
    held = reference[name]
    return held[reference["groups"][number - 1]] if isinstance(held, dict) else held[0]


def test_reference_numbers_are_at_lavaans_optimum():
    assert all(SHOWN[case]["distance"] < 1e-8 for case in SHOWN_CASES)
    assert {"R", "lavaan", "jsonlite"} <= set(SHOWN["made_with"])
