"""Likelihood-ratio and scaled difference tests against lavTestLRT, and what `compare` refuses."""

import itertools
import math

import numpy as np
import pytest
from semopy.examples import holzinger39

import cxlab as cx
from cxlab.analyses.compare import compare
from cxlab.errors import ModelError, NotSupportedError
from cxlab.evaluate.difference_test import (
    ModelFit,
    difference_table,
    likelihood_ratio,
    satorra_bentler_2001,
    satorra_bentler_2010,
)

THREE = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"


def models(oracle, name: str) -> list[ModelFit]:
    def number(value):
        return math.nan if value is None else value

    found = []
    for position, fit in enumerate(oracle["lrt"][name]["fits"]):
        scaling = number(fit["scaling"])
        aic, bic = number(fit["aic"]), number(fit["bic"])
        found.append(ModelFit(str(position), fit["chisq"], fit["df"], fit["n"], fit["groups"], aic, bic, scaling))
    return sorted(found, key=lambda model: model.df)


@pytest.mark.parametrize("name", ["invariance", "mlm", "mlr", "gls", "saturated"])
def test_the_table_equals_lavaans(oracle, values, name):
    # statistics are given, so only 12 stored digits come between
    fits = models(oracle, name)
    test = satorra_bentler_2001 if name in ("mlm", "mlr") else likelihood_ratio
    table = difference_table(fits, [test(large, small) for large, small in itertools.pairwise(fits)])
    lavaan = oracle["lrt"][name]["table"]
    columns = {"df": "Df", "aic": "AIC", "bic": "BIC", "chisq": "Chisq", "chisq_diff": "Chisq.diff"}
    columns |= {"df_diff": "Df.diff", "pvalue": "Pr..Chisq."}
    if name not in ("mlm", "mlr"):
        columns["rmsea_diff"] = "RMSEA"
    for mine, theirs in columns.items():
        np.testing.assert_allclose(table[mine], values(lavaan[theirs]), rtol=1e-8, atol=1e-10, err_msg=mine)


@pytest.mark.parametrize("name", ["mlm", "mlr"])
def test_the_2010_difference_equals_lavaans(oracle, name):
    fits, lavaan = models(oracle, name), oracle["lrt"][f"{name}_2010"]
    found = satorra_bentler_2010(fits[1], fits[2], lavaan["c10"])
    assert found.chisq == pytest.approx(lavaan["chisq_diff"], rel=1e-8)
    assert found.pvalue == pytest.approx(lavaan["p"], rel=1e-6)


def test_a_negative_scaling_factor_gives_no_number():
    large, small = ModelFit("a", 10.0, 20, 100, scaling=1.6), ModelFit("b", 15.0, 21, 100, scaling=1.4)
    assert math.isnan(satorra_bentler_2001(large, small).chisq)


@pytest.fixture(scope="module")
def fits():
    data = holzinger39.get_data()
    return {
        "free": cx.cfa(THREE, data),
        "apart": cx.cfa(THREE, data, orthogonal=True),
        "second": cx.cfa(THREE + "; g =~ visual + textual + speed", data),
        "two": cx.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data),
        "fewer": cx.cfa(THREE, data.head(200), orthogonal=True),
        "other": cx.cfa(THREE, data.assign(x1=data["x1"] + data["x2"]), orthogonal=True),
    }


def test_models_are_sorted_and_named(fits):
    found = compare(fits["apart"], fits["free"], names=["apart", "free"])
    assert found.table["model"].tolist() == ["free", "apart"]
    # lavaan: anova(free, apart)
    assert found.table["chisq_diff"].iloc[1] == pytest.approx(68.222, abs=1e-3)
    assert found.warnings == ()
    assert "Δχ²(3) = 68.22" in found.summary()
    assert "So sánh" in repr(found.apa("vi"))
    assert found.cite()


@pytest.mark.parametrize(
    ("other", "key"),
    [
        ("second", "evaluation.compare_df"),
        ("two", "evaluation.compare_items"),
        ("fewer", "evaluation.compare_rows"),
        ("other", "evaluation.compare_data"),
    ],
)
def test_models_that_cannot_be_nested_are_refused_with_the_reason(fits, other, key):
    with pytest.raises(ModelError) as caught:
        compare(fits["free"], fits[other])
    assert caught.value.key == key


def test_requests_that_make_no_sense_are_refused(fits):
    for wrong, key in [
        (lambda: compare(fits["free"]), "compare_two"),
        (lambda: compare(fits["free"], "apart"), "compare_type"),
        (lambda: compare(fits["free"], fits["apart"], names=["one"]), "compare_names"),
        (lambda: compare(fits["free"], fits["apart"], method="lrt"), "unknown_method"),
        (lambda: compare(fits["free"], fits["apart"], method="satorra.bentler.2001"), "compare_not_scaled"),
    ]:
        with pytest.raises(ModelError) as caught:
            wrong()
        assert caught.value.key == f"evaluation.{key}"


def with_changes(fit, estimator: str = "ML", scaling: float = math.nan, **changes):
    from dataclasses import replace

    measures = fit.fit_measures.copy()
    measures["chisq_scaling_factor"] = scaling
    changed = replace(fit, options=replace(fit.options, estimator=estimator), **changes)
    vars(changed)["fit_measures"] = measures  # where a cached property keeps what it made
    return changed


def test_estimators_must_be_one_and_have_a_test(fits):
    with pytest.raises(ModelError, match="GLS"):
        compare(fits["free"], with_changes(fits["apart"], "GLS"))
    with pytest.raises(NotSupportedError, match="ULS"):
        compare(with_changes(fits["free"], "ULS"), with_changes(fits["apart"], "ULS"))
    with pytest.raises(ModelError, match="did not converge"):
        compare(fits["free"], with_changes(fits["apart"], converged=False))


def test_robust_fits_are_compared_by_scaled_differences(fits):
    free, apart = with_changes(fits["free"], "MLM", 1.1), with_changes(fits["apart"], "MLM", 1.2)
    found = compare(free, apart)
    scaling = (27 * 1.2 - 24 * 1.1) / 3
    assert found.method == "satorra.bentler.2001"
    assert found.table["chisq_diff"].iloc[1] == pytest.approx(68.222 / scaling, abs=1e-3)
    ensured = compare(free, apart, method="satorra.bentler.2010", between=[1.15])
    assert ensured.table["chisq_diff"].iloc[1] == pytest.approx(68.222 / ((27 * 1.2 - 24 * 1.15) / 3), abs=1e-3)
    with pytest.raises(ModelError, match=r"between=\[...\]"):
        compare(free, apart, method="satorra.bentler.2010")
    negative = compare(with_changes(fits["free"], "MLM", 2.0), with_changes(fits["apart"], "MLM", 1.2))
    assert negative.warnings[0].key == "evaluation.negative_scaling"


def test_a_model_that_looks_not_nested_is_named(fits):
    crossed = cx.cfa(THREE.replace("x3;", "x3 + x9;"), holzinger39.get_data())
    found = compare(crossed, fits["second"])
    assert [notice.key for notice in found.warnings] == ["evaluation.perhaps_not_nested"]
    assert "g =~ textual" in str(found.warnings[0])
