"""cx.sem from a published matrix."""

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

import cxlab as cx
from cxlab.analyses.moments import Moments
from cxlab.analyses.sem import growth
from cxlab.errors import CxlabError, DataError, ModelError, ModelSyntaxError, NotSupportedError

ITEMS = [f"x{number}" for number in range(1, 10)]
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ABC = ["a", "b", "c"]
GOOD = [[1.0, 0.3, 0.2], [0.3, 1.5, 0.4], [0.2, 0.4, 2.0]]


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return holzinger39.get_data()


def test_moments_give_what_the_rows_give(hs):
    rows, published = cx.cfa(THREE, hs), cx.cfa(THREE, Moments(hs[ITEMS].cov(), 301))
    np.testing.assert_allclose(published.estimates["est"], rows.estimates["est"], rtol=1e-7)
    np.testing.assert_allclose(published.estimates["se"], rows.estimates["se"], rtol=1e-6)
    assert published.fit_measures["chisq"] == pytest.approx(rows.fit_measures["chisq"], rel=1e-9)
    assert "published moments" in published.summary()


def test_a_triangle_rounded_halves_and_other_orders_are_read(hs):
    full = hs[ITEMS].cov()
    lower = np.tril(full.to_numpy())
    empty_above = np.where(np.tri(9, dtype=bool), full, np.nan)
    shuffled = full.loc[ITEMS[::-1], ITEMS[::-1]]
    for cov, names in ((lower, ITEMS), (empty_above, ITEMS), (shuffled, None), (full.to_numpy().tolist(), ITEMS)):
        found = Moments(cov, 301, names=names)
        at = [found.names.index(name) for name in ITEMS]
        np.testing.assert_allclose(found.cov[0][np.ix_(at, at)], full * 300 / 301)


def test_the_divisor_can_be_n(hs):
    biased = hs[ITEMS].cov() * 300 / 301
    np.testing.assert_allclose(Moments(biased, 301, divisor="n").cov, Moments(hs[ITEMS].cov(), 301).cov)


def test_groups_with_means_give_what_the_rows_give(hs):
    parts = dict(list(hs.groupby("school", sort=False)[ITEMS]))
    parts = {name: parts[name] for name in ("Pasteur", "Grant-White")}
    published = Moments(
        {name: part.cov() for name, part in parts.items()},
        {"Grant-White": 145, "Pasteur": 156},
        {name: part.mean() for name, part in parts.items()},
    )
    equal = {"group_equal": ["loadings", "intercepts"]}
    fit, rows = cx.cfa(THREE, published, **equal), cx.cfa(THREE, hs, group="school", **equal)
    assert fit.groups == ("Pasteur", "Grant-White")
    np.testing.assert_allclose(fit.estimates["est"], rows.estimates["est"], rtol=1e-6, atol=1e-9)
    listed = Moments([part.cov() for part in parts.values()], [156, 145])
    assert listed.groups == ("Group 1", "Group 2")


def test_a_model_of_some_items_takes_its_part(hs):
    part = cx.cfa("visual =~ x3 + x1 + x2", Moments(hs[ITEMS].cov(), 301), std_lv=True)
    rows = cx.cfa("visual =~ x3 + x1 + x2", hs, std_lv=True)
    np.testing.assert_allclose(part.estimates["est"], rows.estimates["est"], rtol=1e-6)


def test_a_correlation_matrix_is_noticed(hs):
    fit = cx.cfa(THREE, Moments(hs[ITEMS].corr(), 301))
    assert fit.warnings[0].key == "sem.correlation_matrix"
    assert fit.warnings[0].serious


@pytest.mark.parametrize(
    ("make", "key", "named"),
    [
        (lambda: Moments(GOOD, 100), "sem.moments_names", "3 rows"),
        (lambda: Moments(GOOD, 100, names=["a", "b"]), "sem.moments_shape", "3 × 3"),
        (lambda: Moments(GOOD, 100, names=["a", "b", "a"]), "sem.moments_twice", "a"),
        (lambda: Moments([[1, 0.3], [0.2, 1]], 100, names=["a", "b"]), "sem.moments_asymmetric", "'a' with 'b'"),
        (lambda: Moments([[1, 2], [2, 1]], 100, names=["a", "b"]), "sem.moments_beyond_one", "'a' with 'b'.*2.000"),
        (lambda: Moments([[1, 0.9, 0.1], [0.9, 1, 0.9], [0.1, 0.9, 1]], 100, names=ABC), None, "not positive definite"),
        (lambda: Moments([[1, 0], [0, -1]], 100, names=["a", "b"]), "sem.moments_variances", "b"),
        (lambda: Moments(GOOD, 3, names=ABC), "sem.too_few_rows", "3 usable rows"),
        (lambda: Moments(GOOD, 99.5, names=ABC), "sem.moments_rows", "99.5"),
        (lambda: Moments(GOOD, -5, names=ABC), "sem.moments_rows", "-5"),
        (lambda: Moments([["x", "y"]], 100, names=ABC), "sem.moments_not_numbers", "number"),
        (lambda: Moments(GOOD, 100, names=ABC, means=[1, 2]), "sem.moments_means", "3 items"),
        (
            lambda: Moments([[1, 0, 0], [np.nan, 1, 0], [0.2, 0.1, 1]], 100, names=ABC),
            "sem.moments_not_finite",
            "diagonal",
        ),
        (lambda: Moments({"x": GOOD, "y": GOOD}, {"x": 50, "z": 50}, names=ABC), "sem.moments_groups", "x, z"),
        (lambda: Moments([GOOD, GOOD], [50], names=ABC), "sem.moments_count", "2 groups"),
        (lambda: Moments(GOOD, 100, names=ABC, divisor="n+1"), "sem.moments_divisor", "n\\+1"),
    ],
)
def test_matrices_that_cannot_be_used_are_refused_by_name(make, key, named):
    with pytest.raises(DataError, match=named) as caught:
        make()
    assert key is None or caught.value.key == key


def test_a_group_whose_matrix_is_impossible_is_named():
    bad = [[1, 2, 0], [2, 1, 0], [0, 0, 1]]
    with pytest.raises(DataError, match=r"'y'.*'a' with 'b'.*2\.000"):
        Moments({"x": GOOD, "y": bad}, {"x": 50, "y": 50}, names=ABC)


@pytest.mark.parametrize(
    ("settings", "error", "key"),
    [
        ({"missing": "fiml"}, NotSupportedError, "sem.moments_fiml"),
        ({"estimator": "MLR"}, ModelError, "engine.needs_rows"),
        ({"group": "school"}, ModelError, "sem.moments_one_group"),
        ({"meanstructure": True}, DataError, "engine.needs_means"),
    ],
)
def test_what_needs_rows_is_refused(hs, settings, error, key):
    with pytest.raises(error) as caught:
        cx.cfa(THREE, Moments(hs[ITEMS].cov(), 301), **settings)
    assert caught.value.key == key


def test_unknown_items_scores_and_growth_without_means_are_refused(hs):
    published = Moments(hs[ITEMS].cov(), 301)
    with pytest.raises(ModelSyntaxError, match="x10"):
        cx.cfa("f =~ x1 + x2 + x10", published)
    with pytest.raises(DataError):
        growth("level =~ 1*x1 + 1*x2 + 1*x3", published)
    with pytest.raises(CxlabError) as caught:
        cx.cfa(THREE, published).factor_scores()
    assert caught.value.key == "sem.needs_answers"


def test_the_script_for_r_holds_the_matrix(hs):
    script = cx.cfa(THREE, Moments(hs[ITEMS].cov(), 301)).to_lavaan()
    assert "sample.cov = covariances, sample.nobs = rows" in script
    assert f"{hs['x1'].var():.10g}" in script
    assert "read.csv" not in script
