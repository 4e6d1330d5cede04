"""Survey weights: scaled to mean 1, matched to rows, and refused when they cannot be weights."""

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.weights import effective_n, survey_weights
from cxlab.errors import DataError
from cxlab.survey.survey import as_survey


@pytest.fixture
def survey():
    return as_survey(
        pd.DataFrame({"điểm": [4, 5, 3, 2], "w": [1.0, 2.0, 3.0, 0.0], "neg": [1, -1, 1, 1], "gap": [1, None, 1, 1]})
    )


def test_weights_have_mean_one_over_rows_that_count(survey):
    values, notices = survey_weights(survey, "w", survey.frame.index)
    assert values.tolist() == [0.5, 1.0, 1.5, 0.0]
    assert [notice.key for notice in notices] == ["weights.zero"]


def test_a_series_is_matched_by_row_number(survey):
    series = pd.Series([3.0, 1.0], index=pd.Index([3, 1], name="row"))
    assert survey_weights(survey, series, survey.frame.index[[0, 2]])[0].tolist() == [0.5, 1.5]
    with pytest.raises(DataError, match="no weight for rows"):
        survey_weights(survey, series, survey.frame.index)


def test_a_plain_series_goes_by_its_place(survey):
    assert survey_weights(survey, pd.Series([1.0, 2.0, 3.0, 2.0]), survey.frame.index)[0].tolist() == [0.5, 1, 1.5, 1]


def test_a_high_design_effect_is_said(survey):
    notices = survey_weights(survey, [1, 1, 1, 9], survey.frame.index)[1]
    assert notices[0].values["effect"] == pytest.approx(4 * 84 / 144)  # n times the sum of squares over the squared sum
    assert effective_n(np.array([1.0, 1, 1, 9])) == pytest.approx(144 / 84)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("neg", "negative.*rows 2"),
        ("gap", "no usable weight.*rows 2"),
        ([0, 0, 0, 0], "All weights are zero"),
        ([1, 2], "2 weights for 4 rows"),
        (["a", 1, 1, 1], "must be numbers"),
        ("w2", "w2"),
    ],
)
def test_what_cannot_be_a_weight_is_refused_with_its_rows(survey, weights, words):
    with pytest.raises(DataError, match=words):
        survey_weights(survey, weights, survey.frame.index)


def test_no_weights_are_none(survey):
    assert survey_weights(survey, None, survey.frame.index) == (None, ())
