"""FIMIX-PLS: flexmix's solutions, segments that were put into the data, criteria by hand, and bad input."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, multivariate_normal

import cxlab as cx
from cxlab.analyses.fimix import fimix
from cxlab.errors import CxlabError
from cxlab.estimate.pls.segments import best_mixture, equations
from cxlab.estimate.pls.segments_criteria import criteria

ORACLE = json.loads((Path(__file__).parent / "oracles" / "segments.json").read_text(encoding="utf-8"))["solutions"]
ECSI = """
image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
expectations <~ CUEX1 + CUEX2 + CUEX3
quality <~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
value <~ PERV1 + PERV2
satisfaction <~ CUSA1 + CUSA2 + CUSA3
loyalty <~ CUSL1 + CUSL2 + CUSL3
expectations ~ image
quality ~ expectations
value ~ expectations + quality
satisfaction ~ image + expectations + quality + value
loyalty ~ image + satisfaction
"""


@pytest.fixture(scope="module")
def fit() -> Any:
    return cx.pls(ECSI, cx.load_dataset("ecsi_mobile"), modes="unit")


@pytest.fixture(scope="module")
def contest(fit: Any) -> Any:
    return fimix(fit, (1, 2, 3), starts=40, seed=1)


SLOPES = np.array([[[0.9, 0.0], [0.0, 0.9], [-0.8, 0.5]], [[0.0, 0.8], [-0.9, 0.0], [0.5, 0.7]]])


def segmented(n: int = 300, seed: int = 1) -> pd.DataFrame:
    """Simulated answers of three kinds of customers, whom quality and price make loyal and talkative differently."""
    random = np.random.default_rng(seed)
    kind = np.repeat([1, 2, 3], [n // 2, n // 3, n - n // 2 - n // 3])
    quality, price = random.normal(size=(2, n))
    made = SLOPES[:, kind - 1, 0] * quality + SLOPES[:, kind - 1, 1] * price + 0.2 * random.normal(size=(2, n))
    columns = {}
    for name, factor in (("q", quality), ("p", price), ("l", made[0]), ("m", made[1])):
        for item in range(3):
            columns[f"{name}{item}"] = factor + 0.15 * random.normal(size=n)
    return pd.DataFrame(columns).assign(kind=kind)


TEXT = "Q <~ q0 + q1 + q2; P <~ p0 + p1 + p2; L <~ l0 + l1 + l2; M <~ m0 + m1 + m2; L ~ Q + P; M ~ Q + P"


@pytest.fixture(scope="module")
def known() -> Any:
    return cx.pls(TEXT, segmented(), modes="A")


def agreement(found: pd.Series, truth: np.ndarray, segments: int) -> float:
    """Share of rows in the right segment, whatever the segments are called."""
    names = list(permutations(range(1, segments + 1)))
    return float(max((np.array(order)[found.to_numpy() - 1] == truth).mean() for order in names))


@pytest.mark.parametrize("theirs", ORACLE, ids=lambda one: f"{one['k']}{'-intercept' if one['intercept'] else ''}")
def test_every_number_of_segments_is_flexmixs(theirs: dict[str, Any], fit: Any, contest: Any) -> None:
    found = contest if not theirs["intercept"] else fimix(fit, 2, starts=10, seed=1, intercepts=True)
    row = found.table.set_index("segments").loc[theirs["k"]]
    assert row["log_likelihood"] == pytest.approx(theirs["loglik"], abs=1e-6)
    assert row["parameters"] == theirs["df"]
    assert row["aic"] == pytest.approx(theirs["aic"], abs=1e-5)
    assert row["bic"] == pytest.approx(theirs["bic"], abs=1e-5)
    own = found.solution(theirs["k"])
    # both stop where the likelihood no longer changes in its 9th digit, which leaves 5 digits of an estimate
    np.testing.assert_allclose(own.sizes["share"], theirs["prior"], atol=2e-5)
    assert own.sizes["n"].tolist() == theirs["classes"]
    np.testing.assert_allclose(own.posterior.iloc[:12], theirs["posterior"], atol=2e-4)
    if theirs["k"] > 1:
        assert row["en"] == pytest.approx(theirs["en"], abs=1e-5)
    for place, segment in enumerate(theirs["segments"], start=1):
        paths = own.paths[own.paths["segment"] == place].set_index(["source", "target"])["estimate"]
        levels = own.intercepts[own.intercepts["segment"] == place].set_index("construct")["intercept"]
        for equation in segment:
            for term, value in zip(equation["terms"], equation["coef"], strict=True):
                target = equation["target"]
                mine = levels[target] if term == "(Intercept)" else paths[(term, target)]
                assert mine == pytest.approx(value, abs=1e-4)


def test_one_segment_is_the_pls_model(fit: Any, contest: Any) -> None:
    own = contest.solution(1)
    np.testing.assert_allclose(own.paths[own.paths["segment"] == 1]["estimate"], fit.paths["estimate"], atol=1e-8)
    np.testing.assert_allclose(own.r2[own.r2["segment"] == 1]["r2"], fit.r2["r2"], atol=1e-8)
    pd.testing.assert_series_equal(
        own.paths[own.paths["segment"] == 0]["estimate"].reset_index(drop=True),
        own.paths[own.paths["segment"] == 1]["estimate"].reset_index(drop=True),
    )


def test_the_likelihood_is_that_of_a_mixture_of_normal_distributions(known: Any) -> None:
    scores, paths = known.scores.to_numpy(), known.model.design.paths
    _, best = best_mixture(equations(scores, paths, True), 2, 5, 1, 1e-6, 2000)
    total = np.zeros(len(scores))
    for place in range(2):
        coefficients, variances = best.coefficients[0, place], best.variances[0, place, 2:4]
        mean = coefficients[4, 2:4] + scores[:, :2] @ coefficients[:2, 2:4]
        total += best.shares[0, place] * multivariate_normal.pdf(scores[:, 2:] - mean, None, np.diag(variances))
    assert best.likelihood[0] == pytest.approx(np.log(total).sum(), abs=1e-8)


def test_segments_that_were_put_into_the_data_are_found_again(known: Any) -> None:
    found = fimix(known, range(1, 5), starts=10, seed=1)
    picks = found.picks.set_index("criterion")["segments"]
    assert all(picks[name] == 3 for name in ("bic", "caic"))
    own = found.solution(3)
    assert agreement(own.assignment, segmented()["kind"].to_numpy(), 3) > 0.85
    np.testing.assert_allclose(own.sizes["share"], [1 / 2, 1 / 3, 1 / 6], atol=0.05)
    spread = segmented()[["l0", "m0"]].std().to_numpy()
    for place, target in enumerate("LM"):
        paths = own.paths[own.paths["target"] == target].pivot(index="segment", columns="source", values="estimate")
        # slopes of standardised scores; items carry a little error of measurement
        np.testing.assert_allclose(paths.loc[[1, 2, 3], ["Q", "P"]], SLOPES[place] / spread[place], atol=0.12)
    assert own.r2[own.r2["segment"] > 0]["r2"].min() > known.r2["r2"].max() + 0.2


def test_a_sample_without_segments_is_left_whole() -> None:
    random = np.random.default_rng(7)
    values = random.normal(size=(250, 4)) + random.normal(size=(250, 1))
    fit = cx.pls("A <~ a + b; B <~ c + d; B ~ A", pd.DataFrame(values, columns=list("abcd")), modes="A")
    found = fimix(fit, (1, 2), seed=1)
    picks = found.picks.set_index("criterion")["segments"]
    assert picks["caic"] == picks["bic"] == 1


def test_criteria_are_their_formulas() -> None:
    p = np.array([[0.9, 0.2, 1.0], [0.1, 0.8, 0.0]])
    found = criteria(-50.0, 7, p, -60.0)
    n, entropy = 3, -sum(x * np.log(x) for x in (0.9, 0.1, 0.2, 0.8))
    expected = {
        "aic": 114, "aic3": 121, "aic4": 128, "bic": 100 + 7 * np.log(n), "caic": 100 + 7 * (np.log(n) + 1),
        "hq": 100 + 14 * np.log(np.log(n)), "mdl5": 100 + 35 * np.log(n), "en": 1 - entropy / (n * np.log(2)),
        "nfi": (2 * (0.81 + 0.01 + 0.04 + 0.64 + 1) - n) / n, "nec": entropy / 10,
    }  # fmt: skip
    assert found == pytest.approx(expected)
    assert np.isnan(criteria(-50.0, 7, np.ones((1, 3)), -50.0)["en"])


def test_the_same_seed_finds_the_same_and_starts_are_counted(known: Any) -> None:
    one, other = (fimix(known, 3, starts=6, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, other.table)
    row = one.table.iloc[0]
    assert 1 <= row["starts_at_best"] + row["optima"] - 1 <= 6
    assert one.solution().posterior.sum(axis=1).to_numpy() == pytest.approx(np.ones(300))


def test_segments_on_a_line_are_given_up_and_said() -> None:
    random = np.random.default_rng(1)
    half = random.normal(size=30)
    x = np.concatenate([half, -half, half, -half])  # both lines through the means, so that no intercept is missed
    fit = cx.pls("y ~ x", pd.DataFrame({"x": x, "y": np.where(np.arange(120) < 60, 2 * x, -x)}))
    found = fimix(fit, (1, 2), starts=5, seed=1)
    assert found.table["status"].tolist() == ["ok", "degenerate"]
    assert np.isnan(found.table["log_likelihood"].iloc[1])
    assert "segments.status_degenerate" in {notice.key for notice in found.warnings}
    assert found.suggested is None
    with pytest.raises(CxlabError) as caught:
        found.solution(2)
    assert caught.value.key == "segments.no_solution"


def test_tiny_segments_and_factors_are_told(contest: Any) -> None:
    assert "segments.tiny" in {notice.key for notice in contest.solution(3).warnings}
    factors = cx.pls("Q =~ q0 + q1 + q2; L =~ l0 + l1 + l2; L ~ Q", segmented())
    assert "segments.not_corrected" in {notice.key for notice in fimix(factors, 2, starts=2, seed=1).warnings}


def test_interactions_are_mixed_in_their_own_units() -> None:
    fit = cx.pls("Q <~ q0 + q1; P <~ p0 + p1; L <~ l0 + l1; L ~ Q + P + Q:P", segmented(), modes="A")
    own = fimix(fit, 1, seed=1).solution()
    np.testing.assert_allclose(own.paths[own.paths["segment"] == 1]["estimate"], fit.paths["estimate"], atol=1e-8)


def test_a_profile_is_a_crosstab_with_its_test(contest: Any) -> None:
    own = contest.solution(2)
    found = own.profile("CUSCO")
    counts = pd.crosstab(own.survey.data["CUSCO"], own.assignment)
    test = chi2_contingency(counts.to_numpy(), correction=False)
    assert [found.chi2, found.df, found.pvalue] == pytest.approx([test.statistic, test.dof, test.pvalue])
    assert found.cramers_v == pytest.approx(np.sqrt(test.statistic / 250))
    assert found.table["n"].to_numpy().reshape(counts.shape).tolist() == counts.to_numpy().tolist()
    assert "segments.profile_thin" in {notice.key for notice in found.warnings}


def test_a_profile_counts_rows_without_a_value(known: Any) -> None:
    data = segmented()
    data["region"] = np.where(data["kind"] == 1, "Hà Nội", "Huế")
    data.loc[:9, "region"] = None
    found = fimix(cx.pls(TEXT, data, modes="A"), 3, starts=5, seed=1).solution().profile("region")
    assert found.n_obs == 290
    assert "segments.profile_missing" in {notice.key for notice in found.warnings}
    assert found.pvalue < 0.001
    assert "Hà Nội" in found.summary()


def test_they_show_themselves_in_both_languages(contest: Any) -> None:
    own = contest.solution(2)
    for lang in ("en", "vi"):
        for one in (contest, own, own.profile("CUSCO")):
            assert one.summary(lang)
            assert one.apa(lang).to_html(lang)
            assert one.cite()
        assert contest.plot(lang) is not None
        assert own.plot(lang) is not None
    assert "phân khúc" in contest.summary("vi")


def test_what_cannot_be_divided_is_told_why(fit: Any, known: Any, contest: Any) -> None:
    few = cx.pls(TEXT, segmented().iloc[::25].reset_index(drop=True), modes="A")  # 12 rows
    higher = cx.pls(
        "Q <~ q0 + q1; P <~ p0 + p1; H <~ Q + P; L <~ l0 + l1; L ~ H", segmented(), modes="A", higher_order="repeated"
    )
    asked: list[tuple[Any, str]] = [
        (lambda: fimix(fit, 0), "segments.numbers"),
        (lambda: fimix(fit, 2.5), "segments.numbers"),  # type: ignore[arg-type]
        (lambda: fimix(fit, []), "segments.numbers"),
        (lambda: fimix(fit, "two"), "segments.numbers"),  # type: ignore[arg-type]
        (lambda: fimix(fit, True), "segments.numbers"),
        (lambda: fimix(fit, 2, starts=0), "segments.starts"),
        (lambda: fimix(few, 5), "segments.too_many"),
        (lambda: fimix(higher, 2), "segments.repeated"),
        (lambda: contest.solution(7), "segments.no_solution"),
        (lambda: contest.solution(1).profile("CUSCO"), "segments.nothing_to_compare"),
        (lambda: contest.solution(2).profile("regoin"), "analyses.unknown_columns"),
        (lambda: fimix(known, 2, starts=2, seed=1).solution().profile("q0"), "sem.many_groups"),
    ]
    for ask, key in asked:
        with pytest.raises(CxlabError) as caught:
            ask()
        assert caught.value.key == key
