"""Factor scores and their standard errors against lavPredict, or against their definition where lavPredict departs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import DataError, ModelError
from cxlab.evaluate.factor_scores import factor_scores, score_frame
from cxlab.evaluate.fitted import Fitted
from cxlab.specify import Model

CASES = (
    *("cfa", "cfa_means", "std_lv", "configural", "scalar", "metric_std_lv", "second_order", "democracy"),
    *("democracy_means", "ecsi", "mimic", "mimic_means", "mimic_groups", "chain", "gls", "uls", "fiml"),
)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("name", CASES)
def test_scores_and_errors_equal_lavaans(case, values, name, method):
    # closed form at the same estimates; 12 digits are stored
    for group, lavaan in enumerate(case(name).lavaan[method]):
        rows = values(lavaan["data"]).reshape(len(lavaan["data"]), -1)
        found = factor_scores(case(name).fitted, rows, np.full(len(rows), group), method)
        assert list(found.names) == lavaan["names"]
        scores, se = values(lavaan["score"]).reshape(len(rows), -1), values(lavaan["se"])
        keep = [name != "g" or method == "regression" for name in found.names]  # a second-order factor: see below
        np.testing.assert_allclose(found.scores[:, keep], scores[:, keep], rtol=1e-7, atol=1e-9)
        expected = np.broadcast_to(se.reshape(-1, len(found.names)), scores.shape)
        np.testing.assert_allclose(found.se[:, keep], expected[:, keep], rtol=1e-6)


def test_bartlett_has_no_score_for_a_factor_without_items_of_its_own(case, values):
    # lavaan prints 0 for everybody
    lavaan = case("second_order").lavaan["bartlett"][0]
    rows = values(lavaan["data"]).reshape(len(lavaan["data"]), -1)
    found = factor_scores(case("second_order").fitted, rows, method="bartlett")
    assert np.isnan(found.scores[:, 3]).all()
    assert not np.isnan(found.scores[:, :3]).any()


def test_missing_answers_are_scored_from_the_others(case):
    fitted = case("fiml").fitted
    rows = fitted.rows[0]
    one = np.flatnonzero(np.isnan(rows).any(axis=1) & ~np.isnan(rows).all(axis=1))[0]
    answered = ~np.isnan(rows[one])
    at = fitted.matrices
    cov, mean = fitted.implied
    latent = at.psi[0]
    loadings = at.lambda_[0][answered]
    weights = latent @ loadings.T @ np.linalg.inv(cov[0][np.ix_(answered, answered)])
    expected = weights @ (rows[one, answered] - mean[0, answered])
    np.testing.assert_allclose(factor_scores(fitted, rows[[one]]).scores[0], expected, rtol=1e-10)


def test_a_row_without_answers_has_no_score(case):
    found = factor_scores(case("cfa").fitted, np.full((1, 9), np.nan))
    assert np.isnan(found.scores).all()
    assert np.isnan(found.se).all()


def test_a_table_of_answers_is_scored_by_the_labels_of_its_groups(case, values):
    fitted = case("scalar").fitted
    labelled = replace(fitted, table=replace(fitted.table, group_labels=("Pasteur", "Grant-White")))
    parts = [values(lavaan["data"]).reshape(-1, 9)[:2] for lavaan in case("scalar").lavaan["regression"]]
    rows = pd.DataFrame(np.vstack(parts[::-1]), columns=list(fitted.table.variables.ov), index=[3, 5, 8, 13])
    school = pd.Series(["Grant-White"] * 2 + ["Pasteur"] * 2, index=rows.index)
    found = score_frame(labelled, rows.iloc[:, ::-1], school, se=True)
    assert list(found.index) == [3, 5, 8, 13]
    first, second = (values(lavaan["score"]).reshape(-1, 3)[:2] for lavaan in case("scalar").lavaan["regression"])
    np.testing.assert_allclose(found[["visual", "textual", "speed"]], np.vstack([second, first]), rtol=1e-7)
    assert (found["visual_se"] > 0).all()
    with pytest.raises(DataError, match="x9"):
        score_frame(labelled, rows.drop(columns="x9"), school)


def test_determinacy_is_the_correlation_of_score_and_factor():
    # three items of loading 0.8, unit variances: rho^2 = k r / (1 + (k - 1) r) with r = 0.64
    table = Model.parse("f =~ a + b + c").partable(std_lv=True)
    cov = np.full((3, 3), 0.64) + 0.36 * np.eye(3)
    fitted = Fitted.of(table, np.array([0.8] * 3 + [0.36] * 3), cov, 100, mean=np.zeros(3))
    expected = np.sqrt(3 * 0.64 / (1 + 2 * 0.64))
    for method in ("regression", "bartlett"):
        assert factor_scores(fitted, np.zeros((1, 3)), method=method).determinacy[0, 0] == pytest.approx(expected)


def test_wrong_requests_say_what_is_missing(case):
    fitted = case("scalar").fitted
    with pytest.raises(DataError, match="2 groups"):
        factor_scores(fitted, np.zeros((2, 9)))
    with pytest.raises(DataError, match="x1, x2"):
        factor_scores(fitted, np.zeros((2, 4)), np.zeros(2))
    with pytest.raises(ModelError, match="regression, bartlett"):
        factor_scores(fitted, np.zeros((2, 9)), np.zeros(2), "mean")
    with pytest.raises(ModelError, match="no latent variable"):
        factor_scores(case("mediation").fitted, np.zeros((2, 4)))
    bare = Fitted.of(case("cfa").fitted.table, case("cfa").fitted.theta, case("cfa").fitted.cov, 301)
    with pytest.raises(DataError, match="means"):
        factor_scores(bare, np.zeros((1, 9)))
