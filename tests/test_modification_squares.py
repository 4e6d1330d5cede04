"""Modification indices after least squares, of ordinal and of measured items: tests/oracles/r/modification_ls.R."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import NotSupportedError
from cxlab.evaluate.derivatives import reordered
from cxlab.specify import Model

ROOT = Path(__file__).parent / "oracles"
ORACLE: dict[str, Any] = json.loads((ROOT / "modification_ls.json").read_text(encoding="utf-8"))
ORDINAL = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2"]
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "two_wlsmv": ("two", {"ordered": ORDINAL}),
    "two_theta": ("two", {"ordered": ORDINAL, "parameterization": "theta"}),
    "two_wls": ("two", {"ordered": ORDINAL, "estimator": "WLS"}),
    "two_ulsmv": ("two", {"ordered": ORDINAL, "estimator": "ULSMV"}),
    "tied": ("tied", {"ordered": ORDINAL}),
    "path_mixed": ("path", {"ordered": ORDINAL}),
    "groups": ("two", {"ordered": ORDINAL, "group": "school", "group_equal": ("loadings", "thresholds")}),
    "hs_uls": ("faces", {"estimator": "ULS"}),
    "hs_wls": ("faces", {"estimator": "WLS"}),
    "hs_uls_means": ("faces", {"estimator": "ULS", "meanstructure": True}),
    "hs_wls_groups": ("faces", {"estimator": "WLS", "group": "school", "group_equal": ("loadings",)}),
}


@cache
def data(faces: bool) -> pd.DataFrame:
    if faces:
        return pd.read_csv(ROOT / "data/engine_hs.csv")
    return pd.DataFrame(json.loads((ROOT / "ordinal_sem.json").read_text(encoding="utf-8"))["data"])


def fitted(name: str) -> Any:
    model, options = CALLS[name]
    return cx.sem(ORACLE["models"][model], data(name.startswith("hs")), **options)


@pytest.mark.parametrize("name", CALLS)
def test_they_are_lavaans_but_for_the_rows_that_a_degree_of_freedom_takes(name: str) -> None:
    case = ORACLE["cases"][name]
    theirs = pd.DataFrame(case["mi"])
    theirs["group"] = theirs.get("group", 1)
    found = fitted(name).modification_indices(sort=False)
    keys = ["lhs", "op", "rhs", "group"]
    both = theirs.merge(found, on=keys, suffixes=("_lavaan", ""), how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    n, groups = case["n"], both["group"].nunique()
    # lavaan divides by the rows of a group where the statistic has one fewer
    close = {"rtol": 3e-4 if groups == 1 else 3e-3, "atol": 1e-6}
    left = 1 - groups / n
    np.testing.assert_allclose(both["mi"] * left, both["mi_lavaan"], **close)
    np.testing.assert_allclose(both["epc"] * left, both["epc_lavaan"], **close)
    own = both[~((both["op"] == "~*~") | (both["lhs"] == both["rhs"]))]  # a variance's change is printed as it is
    np.testing.assert_allclose(own["sepc_all"] * left, own["sepc.all"], **close)
    assert ("mi_robust" in found) == (CALLS[name][1].get("estimator") != "WLS")


@pytest.mark.parametrize("kind", ["ordinal", "ULS"])
def test_robust_indices_are_chi_square_where_the_others_are_not(kind: str) -> None:
    random = np.random.default_rng(5)
    found = []
    for _ in range(40):
        first = random.normal(size=300)
        second = 0.5 * first + np.sqrt(0.75) * random.normal(size=300)
        factors = np.column_stack([first] * 3 + [second] * 3)
        answers = 0.7 * factors + np.sqrt(0.51) * random.normal(size=(300, 6))
        answers = np.digitize(answers, [-1, 0.2, 1.2]) if kind == "ordinal" else answers * [1, 2, 1, 3, 1, 2]
        rows = pd.DataFrame(answers, columns=[f"x{place}" for place in range(6)])
        options: dict[str, Any] = {"ordered": True} if kind == "ordinal" else {"estimator": "ULS"}
        fit = cx.cfa("F =~ x0 + x1 + x2; G =~ x3 + x4 + x5", rows, **options)
        found.append(fit.modification_indices()[["mi", "mi_robust"]].mean())
    means = pd.DataFrame(found).mean()
    assert abs(means["mi_robust"] - 1) < 0.15
    assert abs(means["mi"] - 1) > 0.2


def test_data_in_another_order_take_their_answers_along() -> None:
    text = "x7 ~ x8 + x9\nx9 ~ x1"
    fit = cx.sem(text, data(True), estimator="MLR").fitted
    table = Model.parse("x9 ~ x1\nx7 ~ x8 + x9").partable()
    turned = reordered(fit, table)
    assert turned.table.variables.ov != fit.table.variables.ov
    assert turned.answers is not None
    np.testing.assert_allclose(np.cov(turned.answers[0].T, bias=True), turned.cov[0])


@pytest.mark.parametrize(("name", "kind"), [("two_wlsmv", "ordinal"), ("two_ulsmv", "ulsmv"), ("hs_uls", "uls")])
def test_robust_indices_are_those_written_out_in_r(name: str, kind: str) -> None:
    """Squared score over the variance it has by lavaan's derivatives, weights and Gamma: modification_robust.R."""
    found = fitted(name).modification_indices()
    found.index = found["lhs"] + " " + found["op"] + " " + found["rhs"]
    given = json.loads((ROOT / "modification_robust.json").read_text(encoding="utf-8"))[kind]
    assert {key: found.loc[key, "mi_robust"] for key in given} == pytest.approx(given, rel=1e-6)


def test_named_parameters_are_tested_by_what_their_scores_vary_by() -> None:
    fit = fitted("two_wlsmv")
    indices = fit.modification_indices().set_index(["lhs", "rhs"])
    test = fit.score_test(add=["b1 ~~ b4"])
    assert test.chisq == pytest.approx(indices.loc[("b1", "b4"), "mi_robust"], rel=1e-9)
    with pytest.raises(NotSupportedError, match="one by one"):
        fitted("tied").score_test()
