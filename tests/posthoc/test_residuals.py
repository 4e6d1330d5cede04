"""Residuals, their tests and SRMR's relatives against lavaan's, at lavaan's own estimates."""

import numpy as np
import pytest

from cxlab.errors import CxlabError, NotSupportedError
from cxlab.evaluate.residual_summary import residual_summary
from cxlab.evaluate.residual_tests import KINDS, Residuals, largest_residuals, residual_table
from cxlab.i18n import language

CASES = (
    *("cfa", "cfa_means", "std_lv", "configural", "scalar", "metric_std_lv", "second_order", "democracy"),
    *(
        "democracy_means",
        "ecsi",
        "mediation",
        "mediation_means",
        "mimic",
        "mimic_means",
        "mimic_groups",
        "chain",
        "gls",
    ),
)
FULL = {"raw": "rmr", "cor.bentler": "srmr", "cor.bollen": "crmr"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_residuals_equal_lavaans(case, values, name, kind):
    residuals = Residuals(case(name).fitted)
    for group, lavaan in enumerate(case(name).lavaan["residuals"][kind]):
        found = residuals.group(group, kind)
        lower = np.tril_indices(len(found.cov))
        theirs = values(lavaan.get("cov", lavaan.get("cor")))
        # lavaan tests residuals of rounding size by another rule (it divides them by 1)
        spread = np.sqrt(np.diag(case(name).fitted.cov[group]))
        large = np.abs(residuals.raw(group)[0] / np.outer(spread, spread))[lower] > 2e-4
        np.testing.assert_allclose(found.cov[lower][large], theirs[large], rtol=1e-6, atol=1e-8)
        assert len(found.mean) == len(lavaan.get("mean", []))


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("name", ["cfa", "cfa_means", "scalar", "mediation", "mimic", "gls"])
def test_standard_errors_and_summaries_equal_lavaans(case, values, name, kind):
    fitted = case(name).fitted
    summary = residual_summary(fitted)
    for group, lavaan in enumerate(case(name).lavaan["residuals"][f"{kind}.full"]):
        found = Residuals(fitted).group(group, kind)
        lower = np.tril_indices(len(found.cov))
        parts = lavaan["parts"]
        np.testing.assert_allclose(
            found.cov_se[lower], values(parts.get("cov.se", parts.get("cor.se"))), rtol=1e-6, atol=1e-7
        )
        mine = summary[(summary["group"] == group + 1) & (summary["measure"] == FULL[kind])].set_index("part")
        assert list(mine.index) == list(lavaan["summary"])
        for part, theirs in lavaan["summary"].items():
            if name == "cfa_means" and part == "mean":
                continue  # all zero by construction: lavaan prints an unbiased 0 there, cxlab nothing
            np.testing.assert_allclose(
                mine.loc[part].to_numpy()[2:].astype(float), values(theirs), rtol=1e-5, atol=1e-8
            )


def test_standardised_residuals_do_not_depend_on_units(case):
    from cxlab.evaluate.fitted import Fitted

    fitted = case("std_lv").fitted
    unit = np.array([1.0, 1e6, 1.0, 1e-3, 1.0, 1.0, 1.0, 1.0, 1e4])
    theta = fitted.theta.copy()
    theta[:9] *= unit
    theta[9:18] *= unit**2
    scaled = Fitted.of(fitted.table, theta, fitted.cov * np.outer(unit, unit), 301)
    one, other = residual_table(fitted, "standardized"), residual_table(scaled, "standardized")
    np.testing.assert_allclose(one["z"], other["z"], rtol=1e-6)


def test_moments_that_the_model_reproduces_have_no_test(case):
    table = residual_table(case("cfa_means").fitted, "raw")
    means = table[table["item_2"] == ""]
    assert len(means) == 9
    assert means["z"].isna().all()
    assert means["pvalue"].isna().all()


def test_the_largest_residuals_read_as_sentences(case):
    first, *_ = largest_residuals(case("cfa").fitted, number=3)
    table = residual_table(case("cfa").fitted)
    largest = table.loc[table["residual"].abs().idxmax()]
    assert (first.values["first"], first.values["second"]) == (largest["item_1"], largest["item_2"])
    assert {first.values["first"], first.values["second"]} <= set(case("cfa").lavaan["names"])
    grouped = largest_residuals(case("scalar").fitted, number=1)[0]
    assert grouped.key.endswith("_group")
    assert "group" in grouped.values
    with language("vi"):
        assert "tương quan" in str(first)
    assert largest_residuals(case("cfa").fitted, above=0.99) == ()


def test_unknown_kinds_and_missing_errors_are_refused(case):
    with pytest.raises(CxlabError, match=r"cor\.bollen"):
        residual_table(case("cfa").fitted, "corr")
    with pytest.raises(NotSupportedError, match="full-information"):
        residual_table(case("fiml").fitted, "standardized")


@pytest.mark.parametrize("kind", FULL)
def test_residuals_with_missing_answers_are_lavaans_without_standard_errors(case, values, kind):
    found, lavaan = Residuals(case("fiml").fitted).group(0, kind), case("fiml").lavaan["residuals"][kind][0]
    np.testing.assert_allclose(found.cov[np.tril_indices(len(found.cov))], values(lavaan["cov"]), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(found.mean, values(lavaan["mean"]), rtol=1e-6, atol=1e-7)
    table = residual_table(case("fiml").fitted, kind)
    assert table["residual"].notna().all()
    assert table[["se", "z", "pvalue"]].isna().all(axis=None)
    assert residual_summary(case("fiml").fitted)["value"].notna().all()
