"""What a user of the bootstrap can rely on: same seed same numbers, nothing dropped in silence, errors that help."""

import json
import time
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.bootstrap import bootstrap
from cxlab.analyses.bootstrap_result import SemBootstrap
from cxlab.errors import CxlabError, DataError, EstimationError, NotSupportedError
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.fitting import Options
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.solver import Control
from cxlab.resample import blocks
from cxlab.resample.draws import GivenDraws, RandomDraws
from cxlab.resample.moments import normal_moments, transformed_rows, weighted_moments
from cxlab.resample.seeds import generators
from cxlab.resample.sem import Task, resample
from cxlab.specify import Model

ROOT = Path(__file__).parents[1]
MEDIATION = """visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
textual ~ a*visual
speed ~ b*textual + c*visual
ab := a*b"""
Fit = tuple[Estimation, Sample, Request]


@cache
def holzinger(missing: bool = False) -> pd.DataFrame:
    return pd.read_csv(ROOT / f"tests/oracles/data/engine_hs{'_missing' if missing else ''}.csv")


@cache
def fit(
    text: str = MEDIATION, rows: int = 301, estimator: str = "ML", missing: bool = False, groups: bool = False
) -> Fit:
    labels = ("Pasteur", "Grant-White") if groups else ()
    table = Model.parse(text).partable(meanstructure=missing or None, group_labels=labels, fixed_x=estimator == "ML")
    names = list(table.variables.ov)
    data = holzinger(missing)
    parts = [data[data["school"] == label] for label in labels] or [data.head(rows)]
    sample = Sample.of_values([part[names].to_numpy(float) for part in parts], names)
    request = Request(estimator=estimator, missing="fiml" if missing else "listwise")
    return estimate(table, sample, request), sample, request


def booted(*args: Any, n: int = 40, seed: int | None = 1, **settings: Any) -> SemBootstrap:
    names = ("text", "rows", "estimator", "missing", "groups")
    made = {name: settings.pop(name) for name in names if name in settings}
    return bootstrap(*fit(*args, **made), n=n, seed=seed, **settings)


def keys(boot: SemBootstrap) -> list[str]:
    return [notice.key for notice in boot.warnings]


# one answer


@pytest.mark.parametrize("settings", [{}, {"groups": True}, {"kind": "parametric"}, {"missing": True, "n": 6}])
def test_the_answer_depends_neither_on_workers_nor_on_blocks(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = booted(workers=1, **settings)
    monkeypatch.setattr(Task, "block", property(lambda task: 7))
    parts = booted(workers=2, **settings)
    # small matrices are inverted in another way when they are many, and a search ends within 2e-6 standard errors
    np.testing.assert_allclose(parts.replicates(), whole.replicates(), rtol=2e-6, atol=1e-7)


def test_more_replicates_begin_with_the_same_ones() -> None:
    few, many = RandomDraws(3, (9, 4), seed=5), RandomDraws(30, (9, 4), seed=5)
    for one, other in zip(few.counts(0, 3), many.counts(0, 30), strict=True):
        assert np.array_equal(one, other[:3])
    assert np.array_equal(many.counts(2, 3)[0][0], many.counts(0, 30)[0][2])


def test_a_seed_gives_the_same_numbers_and_without_one_it_is_told() -> None:
    first = booted(seed=None)
    assert "resample.seed_drawn" in keys(first)
    again = booted(seed=first.seed)
    pd.testing.assert_frame_equal(first.table, again.table)
    assert "resample.seed_drawn" not in keys(again)
    assert not np.allclose(booted(seed=2).table["se"], booted(seed=3).table["se"])


def test_processes_serve_nonlinear_constraints_with_the_same_answer() -> None:
    text = "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + d*x6\na*b == c*d - 0.7"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib's own
        boot = booted(text, n=4, workers=1)
    values = boot.replicates()
    product = values["visual=~x2"] * values["visual=~x3"] - values["textual=~x5"] * values["textual=~x6"]
    np.testing.assert_allclose(product, -0.7, atol=1e-6)


def test_an_interrupt_leaves_nothing_running() -> None:
    started = []

    def work(first: int, last: int) -> int:
        started.append(first)
        if first == 0:
            raise KeyboardInterrupt
        time.sleep(0.002)
        return first

    with pytest.raises(KeyboardInterrupt):
        blocks.in_threads(work, 1000, 1, 2)
    assert len(started) < 1000


# moments


def test_counted_rows_have_the_moments_of_repeated_rows() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(1e6, 1, (50, 4))
    index = random.integers(0, 50, (5, 50))
    mean, cov = weighted_moments(GivenDraws.of(index, (50,)).counts(0, 5)[0], rows)
    for replicate, taken in enumerate(index):
        np.testing.assert_allclose(mean[replicate], rows[taken].mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(cov[replicate], np.cov(rows[taken].T, bias=True), atol=1e-9)


def test_normal_moments_have_the_wishart_mean_and_variance() -> None:
    """E(nS) = (n - 1) Sigma; Var(nS_ij) = (n - 1) (Sigma_ij^2 + Sigma_ii Sigma_jj)."""
    random, n = np.random.default_rng(2), 20
    sigma = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.3], [0.1, -0.3, 1.5]])
    root = np.linalg.cholesky(sigma)
    draws = [normal_moments(random, n, np.ones(3), root) for _ in range(20000)]
    cov = n * np.array([one for _, one in draws])
    variance = (n - 1) * (sigma**2 + np.outer(np.diag(sigma), np.diag(sigma)))
    error = np.sqrt(variance / len(draws))
    assert np.abs((cov.mean(axis=0) - (n - 1) * sigma) / error).max() < 4
    np.testing.assert_allclose(cov.var(axis=0), variance, rtol=0.06)
    mean = np.array([one for one, _ in draws])
    np.testing.assert_allclose(np.cov(mean.T) * n, sigma, atol=0.08)


def test_the_model_holds_in_transformed_rows() -> None:
    estimation, sample, _ = fit()
    assert sample.values is not None
    rows = transformed_rows(sample.values, estimation.sample_cov, estimation.cov, None)
    np.testing.assert_allclose(np.cov(rows[0].T, bias=True), estimation.cov[0], atol=1e-10)


def test_parametric_chi_squares_have_the_models_degrees_of_freedom() -> None:
    estimation, sample, request = fit()
    found = resample(estimation, sample, request, 400, 1, "parametric")
    assert found.chisq.mean() == pytest.approx(estimation.df, abs=4 * np.sqrt(2 * estimation.df / 400))


def test_published_moments_can_be_resampled_parametrically_only() -> None:
    estimation, sample, request = fit()
    moments = Sample.of_moments(sample.cov, [301], sample.names)
    again = estimate(estimation.table, moments, request)
    assert bootstrap(again, moments, request, n=5, seed=1, kind="parametric").status["used"] == 5
    with pytest.raises(DataError) as caught:
        bootstrap(again, moments, request, n=5, seed=1)
    assert caught.value.key == "resample.needs_rows"


# what the result says


def test_tables_have_the_columns_that_are_promised() -> None:
    boot = booted()
    columns = ["lhs", "op", "rhs", "label", "group", "est", "se", "bias", "ci_lower", "ci_upper"]
    for frame in (boot.table, boot.std_lv, boot.std_all):
        assert list(frame.columns) == columns
    assert list(boot.r2.columns) == ["group", "variable", *columns[5:]]
    assert list(boot.effects.columns[:5]) == ["group", "from", "to", "kind", "via"]
    assert list(boot.status.index) == ["replicates", "used", "proper", "improper", "not_converged", "singular"]


def test_a_defined_effect_is_the_product_in_each_replicate_and_equals_its_route() -> None:
    boot = booted()
    values = boot.replicates()
    np.testing.assert_allclose(values["ab"], values["textual~visual"] * values["speed~textual"], rtol=1e-12)
    np.testing.assert_allclose(boot.replicates("effects")["visual → textual → speed"], values["ab"], rtol=1e-12)
    defined = boot.table.set_index("lhs").loc["ab"]
    route = boot.effects[boot.effects["kind"] == "indirect"].iloc[0]
    np.testing.assert_allclose(
        defined[["est", "se", "ci_lower"]].astype(float), route[["est", "se", "ci_lower"]].astype(float)
    )


def test_what_is_fixed_does_not_vary() -> None:
    row = booted().table.iloc[0]
    assert (row["est"], row["se"], row["bias"], row["ci_lower"], row["ci_upper"]) == (1, 0, 0, 1, 1)
    standard = booted().std_all.iloc[0]
    assert standard["se"] > 0


def test_fixed_covariates_keep_their_moments_but_standardise_with_each_replicates_own() -> None:
    boot = booted("visual =~ x1 + x2 + x3\nvisual ~ ageyr")
    age = boot.table[(boot.table["lhs"] == "ageyr") & (boot.table["op"] == "~~")].iloc[0]
    assert age["se"] == 0
    assert boot.std_all.set_index(["lhs", "op"]).loc[("visual", "~"), "se"] > 0


def test_improper_replicates_count_and_are_marked() -> None:
    boot = booted("visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", rows=60, n=60)
    assert boot.status["improper"] > 0
    assert "resample.improper" in keys(boot)
    marked = boot.outcome == "improper"
    assert boot.replicates()[marked.to_numpy()].notna().all().all()


def test_replicates_that_fail_are_counted_left_out_and_said() -> None:
    estimation, sample, request = fit(rows=15)
    boot = bootstrap(estimation, sample, request, n=60, seed=1)
    failed = boot.outcome.isin(["singular", "not_converged"]).to_numpy()
    assert boot.status["singular"] > 0
    assert failed.sum() == 60 - boot.status["used"]
    assert boot.replicates()[failed].isna().all().all()
    notice = next(one for one in boot.warnings if one.key == "resample.left_out")
    assert notice.serious
    assert notice.values["unused"] == failed.sum()


def test_too_few_replicates_for_the_level_are_said() -> None:
    assert "resample.extreme" in keys(booted(n=20))
    assert "resample.extreme" not in keys(booted(n=99, level=0.9))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_text_tables_and_figures_are_made(lang: Any) -> None:
    boot = booted()
    assert "textual" in boot.summary(lang)
    for kind in ("paths", "loadings", "effects", "r2"):
        assert boot.apa(lang, kind=kind).to_html(lang)
    for figure in (boot.plot(lang=lang), boot.plot(kind="r2", lang=lang), boot.plot(kind="effects_std", lang=lang)):
        assert figure.axes
    for name in ("ab", "speed~textual", "speed ~ textual", "visual → textual"):
        assert boot.plot(name, lang=lang).axes
    assert "<table" in boot._repr_html_()
    assert {one.key for one in boot.cite()} >= {"efron_tibshirani_1993"}


def test_groups_are_resampled_and_shown_apart() -> None:
    boot = booted("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\ntextual ~ visual", groups=True)
    assert set(boot.table["group"]) == {1, 2}
    assert "textual~visual.g2" in boot.replicates()
    assert "1" in boot.apa("en").to_html("en")


def test_bca_of_several_groups_leaves_out_each_groups_rows() -> None:
    boot = booted("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6", groups=True, ci="bca", n=99)
    assert boot.table["ci_lower"].notna().all()


def test_only_numbers_that_exist_are_kept_as_json() -> None:
    assert json.dumps(booted().status.to_dict())


# bad input


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"n": 1}, "resample.whole_number"),
        ({"n": 10.5}, "resample.whole_number"),
        ({"n": True}, "resample.whole_number"),
        ({"seed": -1}, "resample.whole_number"),
        ({"workers": 0}, "resample.whole_number"),
        ({"level": 95}, "resample.level"),
        ({"ci": "normal"}, "resample.unknown_interval"),
        ({"kind": "wild"}, "resample.unknown_kind"),
        ({"ci": "bca", "kind": "parametric"}, "resample.bca_needs_rows"),
        ({"indices": np.zeros((3, 10), int)}, "resample.indices_shape"),
        ({"indices": np.zeros(301, int)}, "resample.indices_shape"),
        ({"indices": np.ones((3, 301))}, "resample.indices_whole"),
        ({"indices": np.full((3, 301), 301)}, "resample.indices_range"),
        ({"indices": np.zeros((3, 301), int), "kind": "parametric"}, "resample.indices_parametric"),
        ({"indices": np.zeros((3, 301), int)}, "resample.none_used"),
    ],
)
def test_bad_settings_are_errors_that_say_so(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        booted(**settings)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("made", "kind", "key"),
    [
        ({"missing": True}, "parametric", "resample.parametric_missing"),
        ({"missing": True}, "bollen_stine", "resample.bollen_stine_missing"),
        ({"text": "visual =~ x1 + x2 + x3", "estimator": "WLS"}, "parametric", "resample.parametric_wls"),
    ],
)
def test_what_has_no_checked_answer_is_refused(made: dict[str, Any], kind: str, key: str) -> None:
    with pytest.raises(NotSupportedError) as caught:
        booted(kind=kind, **made)
    assert caught.value.key == key


def test_a_model_that_did_not_converge_is_not_resampled() -> None:
    estimation, sample, _ = fit()
    request = Request(options=Options(control=Control(iterations=1)))
    stopped = estimate(estimation.table, sample, request)
    assert not stopped.converged
    with pytest.raises(EstimationError) as caught:
        bootstrap(stopped, sample, request, n=5, seed=1)
    assert caught.value.key == "resample.not_converged"


def test_unknown_quantities_are_named_with_those_that_exist() -> None:
    boot = booted()
    with pytest.raises(CxlabError, match="speed~textual"):
        boot.plot("speed~nothing")
    with pytest.raises(CxlabError):
        boot.replicates("paths")  # type: ignore[arg-type]
    with pytest.raises(CxlabError):
        boot.apa(kind="all")  # type: ignore[arg-type]
    with pytest.raises(CxlabError):
        boot.plot("visual~~visual", kind="std_lv2")  # type: ignore[arg-type]
    with pytest.raises(CxlabError):
        boot.plot("visual=~x1", kind="est")


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**127 + 5, 2**200 + 9])
def test_streams_made_together_are_those_of_numpy(seed: int) -> None:
    made = [random.random(3).tolist() for random in generators(seed, 4998, 5001)]
    children = [np.random.SeedSequence(seed, spawn_key=(place,)) for place in range(4998, 5001)]
    assert made == [np.random.default_rng(child).random(3).tolist() for child in children]
    nested = [random.random() for random in generators(seed, 8, 11, inner=3)]
    children = [np.random.SeedSequence(seed, spawn_key=key) for key in ((2, 2), (3, 0), (3, 1))]
    assert nested == [np.random.default_rng(child).random() for child in children]
