"""Explanation keeps its digits in dong, years and billionths: numbers equal R, with weights where there are any."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx

ORACLE = json.loads((Path(__file__).parents[1] / "tests/oracles/odd_units.json").read_text())
DRIVERS = ["x1", "x2", "income", "tiny"]
# The references themselves lose digits to squares of years (their own condition number is about 1e7).
CLOSE = {"rel": 1e-7, "abs": 0.0}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.DataFrame(ORACLE["data"])


def test_regression(data: pd.DataFrame) -> None:
    found = cx.regress("y ~ x1 + income * tiny + I(year^2)", data, weights="w")
    for column in ("b", "se"):
        assert found.table[column].tolist() == pytest.approx(ORACLE["regression"][column], **CLOSE)
    assert found.fit["r2"] == pytest.approx(ORACLE["regression"]["r2"], **CLOSE)


@pytest.mark.parametrize("moderator", ["income", "year"])
def test_johnson_neyman(data: pd.DataFrame, moderator: str) -> None:
    region = cx.moderation("y", "x1", moderator, data).region
    ends = [end for end in ORACLE["johnson_neyman"][moderator] if data[moderator].min() < end < data[moderator].max()]
    assert len(ends) > 0
    assert region["upper"].tolist()[:-1] == pytest.approx(ends, **CLOSE)


def test_cauchit(data: pd.DataFrame) -> None:
    found, expected = cx.ordinal("o ~ x1 + income + tiny", data, "cauchit"), ORACLE["cauchit"]
    b = np.concatenate([found.thresholds["estimate"], found.table["b"]])
    se = np.concatenate([found.thresholds["se"], found.table["se"]])
    assert b.tolist() == pytest.approx(expected["b"], **CLOSE)
    assert se.tolist() == pytest.approx(expected["se"], rel=1e-6, abs=0.0)  # R's by differences of the score
    assert found.fit["log_likelihood"] == pytest.approx(expected["ll"], **CLOSE)


def test_response_surface(data: pd.DataFrame) -> None:
    how = {"scale": (2000, 2100), "covariates": "income", "weights": "w", "cov_type": "HC2"}
    found, expected = cx.response_surface("match", "ideal", "actual", data, **how), ORACLE["surface"]
    table = found.table.set_index("quantity").loc[["a1", "a2", "a3", "a4", "a5", "x0", "y0"]]
    assert found.coefficients["b"].tolist() == pytest.approx(expected["b"], **CLOSE)
    assert found.coefficients["se"].tolist() == pytest.approx(expected["se"], **CLOSE)
    assert table["estimate"].tolist() == pytest.approx(expected["estimate"], **CLOSE)
    assert table["se"].tolist() == pytest.approx(expected["quantity_se"], rel=1e-6, abs=0.0)
    assert found.fit["df_resid"] == expected["df"]


@pytest.mark.parametrize("method", ["lmg", "pmvd"])
def test_importance_of_near_copies(data: pd.DataFrame, method: str) -> None:
    found = cx.drivers("y", DRIVERS, data, method, covariates=["year"], weights="w", n_boot=0).table
    shares = found.set_index("predictor")["importance"][DRIVERS]
    assert shares.tolist() == pytest.approx(ORACLE[method], **CLOSE)
