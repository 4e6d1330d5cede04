"""The screening indices against base R (rle, sd, mahalanobis, pchisq, cor): tests/oracles/r/screening.R."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlab.codebook import Codebook, Construct, Item
from cxlab.survey import screening_types
from cxlab.survey.survey import Survey

ORACLE = json.loads((Path(__file__).parent / "oracles" / "screening.json").read_text(encoding="utf-8"))
# Closed-form statistics in double precision on both sides.
EXACT = {"rtol": 1e-10, "atol": 1e-10}


def numbers(key: str) -> np.ndarray:
    return np.array(
        [[np.nan if v is None else v for v in row] if isinstance(row, list) else row for row in ORACLE[key]], float
    )


def survey_of(groups: list[int] | None = None) -> Survey:
    names = ORACLE["items"]
    sizes = groups or [3] * 6
    owner = [f"c{k + 1}" for k, size in enumerate(sizes) for _ in range(size)]
    items = {
        name: Item(name, min=1, max=5, reversed=name in ORACLE["reversed"], construct=construct)
        for name, construct in zip(names, owner, strict=True)
    }
    constructs = {name: Construct(name) for name in dict.fromkeys(owner)}
    answers = pd.DataFrame(numbers("answers"), columns=names)
    answers.index = pd.RangeIndex(1, len(answers) + 1, name="row")
    return Survey(answers, Codebook(items=items, constructs=constructs))


@pytest.fixture(params=["as answered", "turned", "in small chunks"])
def indices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    survey = survey_of()
    if request.param == "turned":
        survey = survey.reverse_scored()
    if request.param == "in small chunks":
        monkeypatch.setattr(screening_types, "CHUNK", 7)
    screened = survey.screen(mahalanobis=True, even_odd=True)
    assert screened.indices is not None
    return screened.indices


def test_longest_runs_are_those_of_rle_but_for_the_row_without_answers(indices: pd.DataFrame) -> None:
    expected = numbers("longstring")
    nobody = numbers("missing_share") == 1
    np.testing.assert_array_equal(indices["longstring"][~nobody], expected[~nobody])
    assert indices["longstring"][nobody].isna().all()
    assert nobody.sum() == 1


def test_response_sd_is_that_of_r(indices: pd.DataFrame) -> None:
    np.testing.assert_allclose(indices["irv"], numbers("irv"), **EXACT)


def test_mahalanobis_distance_and_p_are_those_of_r_on_complete_rows(indices: pd.DataFrame) -> None:
    np.testing.assert_allclose(indices["mahalanobis_d2"], numbers("mahalanobis_d2"), **EXACT)
    np.testing.assert_allclose(indices["mahalanobis_p"], numbers("mahalanobis_p"), **EXACT)


def test_even_odd_consistency_is_that_of_r_with_reversed_items_turned_once(indices: pd.DataFrame) -> None:
    np.testing.assert_allclose(indices["even_odd"], numbers("even_odd"), **EXACT)


def test_even_odd_consistency_with_constructs_of_unequal_length_is_that_of_r() -> None:
    found = survey_of([5, 3, 6, 4]).screen(even_odd=True).indices
    assert found is not None
    np.testing.assert_allclose(found["even_odd"], numbers("even_odd_unequal"), **EXACT)


def test_missing_shares_and_duplicates_are_those_of_r(indices: pd.DataFrame) -> None:
    np.testing.assert_allclose(indices["missing_share"], numbers("missing_share"), **EXACT)
    flags = survey_of().screen().flags
    assert flags is not None
    expected = np.array(ORACLE["duplicated"])
    judged = numbers("missing_share") < 1
    np.testing.assert_array_equal(flags["duplicates"][judged].to_numpy(bool), expected[judged])
    assert flags["duplicates"][~judged].isna().all()


@pytest.mark.parametrize("turned_first", [False, True])
def test_mean_and_sum_scores_are_those_of_r(turned_first: bool) -> None:
    survey = survey_of().reverse_scored() if turned_first else survey_of()
    np.testing.assert_allclose(survey.scores(min_answers=2), numbers("mean_min2"), **EXACT)
    np.testing.assert_allclose(survey.scores("sum"), numbers("sum_all"), **EXACT)
