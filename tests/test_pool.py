"""Rubin's rules against R's mice, and what may be pooled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.impute import impute
from cxlab.analyses.pool import pool
from cxlab.analyses.regression import regress
from cxlab.analyses.sem import cfa
from cxlab.errors import DataError, ModelError
from cxlab.show.style import svg_bytes

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "missing.json").read_text(encoding="utf-8"))
COLUMNS = {
    "estimate": "estimate", "se": "se", "df": "df", "statistic": "statistic", "pvalue": "pvalue", "lower": "ci_lower",
    "upper": "ci_upper", "within": "within", "between": "between", "riv": "riv", "lambda": "lambda", "fmi": "fmi",
}  # fmt: skip


def tables(case: str) -> list[pd.DataFrame]:
    stored = ORACLE["rubin"][case]
    each = zip(stored["each_estimate"], stored["each_se"], strict=True)
    return [pd.DataFrame({"term": stored["term"], "estimate": b, "se": se}) for b, se in each]


@pytest.mark.parametrize(("case", "df"), [("small", 22), ("large", None)])
def test_pooled_numbers_equal_mice(case: str, df: float | None) -> None:
    found = pool(tables(case), df_complete=df)
    for theirs, ours in COLUMNS.items():
        np.testing.assert_allclose(found.table[ours], ORACLE["rubin"][case][theirs], rtol=1e-9, err_msg=ours)
    fmi = np.array(ORACLE["rubin"][case]["fmi"])
    np.testing.assert_allclose(found.table["relative_efficiency"], 1 / (1 + fmi / 8), rtol=1e-9)


def schools() -> pd.DataFrame:
    return pd.DataFrame(ORACLE["little"]["schools"]["data"]).astype(float)


def test_regressions_are_pooled_with_their_own_degrees_of_freedom() -> None:
    made = impute(schools(), 5, seed=1, iterations=3)
    fits = made.each(lambda survey: regress("x4 ~ x1 + x5", survey, cov_type="nonrobust"))
    found = pool(fits)
    plain = [fit.table[["term", "b", "se"]] for fit in fits]
    by_hand = pool([table.rename(columns={"b": "estimate"}) for table in plain], df_complete=298)
    np.testing.assert_allclose(found.table["pvalue"], by_hand.table["pvalue"])
    assert (found.table["df"] < 298).all()
    assert found.n_obs == 301
    assert len(svg_bytes(found.plot("vi"))) > 1000


def test_models_are_pooled_row_by_row_and_fixed_parameters_stay_fixed() -> None:
    made = impute(schools(), 4, seed=1, iterations=3)
    fits = made.each(lambda survey: cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", survey))
    found = made.pool(lambda survey: cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", survey))
    est = np.array([fit.estimates["est"] for fit in fits])
    np.testing.assert_allclose(found.table["estimate"], est.mean(axis=0), rtol=1e-6)
    fixed = found.table.iloc[0]
    assert (fixed["estimate"], fixed["se"]) == (1, 0)
    assert np.isnan(fixed["pvalue"])
    assert np.isnan(fixed["fmi"])
    assert "FMI" in found.summary("vi")
    assert found.apa("vi").to_html("vi")


def test_estimates_that_do_not_vary_lose_nothing() -> None:
    one = pd.DataFrame({"term": ["a"], "estimate": [0.5], "se": [0.1]})
    row = pool([one, one, one]).table.iloc[0]
    assert (row["fmi"], row["relative_efficiency"], row["riv"]) == (0, 1, 0)
    assert row["se"] == pytest.approx(0.1)
    assert row["pvalue"] == pytest.approx(5.733e-7, rel=1e-3)  # 2 * pnorm(-5)


def test_few_imputations_for_much_missing_information_are_told() -> None:
    assert any(one.key == "missing.pool_more" for one in pool(tables("large")).warnings)


def test_what_cannot_be_pooled_says_why() -> None:
    one, two = tables("large")[:2]
    with pytest.raises(DataError, match="a list"):
        pool(one)
    with pytest.raises(DataError, match="at least two"):
        pool([one])
    with pytest.raises(ModelError, match="same model"):
        pool([one, two.iloc[:2]])
    with pytest.raises(DataError, match="estimate and se"):
        pool([one[["term"]], two[["term"]]])
    with pytest.raises(ModelError, match="str"):
        pool(["a", "b"])  # type: ignore[list-item]
    with pytest.raises(DataError, match="level"):
        pool([one, two], level=95)


def test_fits_that_did_not_converge_are_left_out_and_counted() -> None:
    from dataclasses import replace

    made = impute(schools(), 3, seed=1, iterations=2)
    fits = list(made.each(lambda survey: cfa("visual =~ x1 + x2 + x3", survey)))
    fits[1] = replace(fits[1], converged=False, admissible=False)
    found = pool(fits)
    assert (found.m, found.m_given) == (2, 3)
    assert any(one.key == "missing.pool_lost" for one in found.warnings)
