"""The resamples of seminr and cSEM drawn again, number for number, and all that the two make of them.

seminr draws replicate i after ``set.seed(seed + i)``, cSEM from the i-th stream of ``future.apply`` (seed 42 for
`three_boot499`, 2024 for the folds). The generators are in `test_pls_oracles_draws.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import cxlab as cx
from cxlab.analyses.pls_bootstrap_result import PlsBootstrap
from cxlab.estimate.pls.algorithm import estimate_weights
from cxlab.estimate.pls.structure import structure
from cxlab.evaluate.htmt import htmt_ratios, pairs
from cxlab.resample.intervals import intervals
from tests.test_pls import ECSI
from tests.test_pls_bootstrap import THREE
from tests.test_pls_oracles import BLOCK_EXT, answers, table
from tests.test_pls_oracles_draws import lecuyer_folds, lecuyer_resamples, mersenne_resamples
from tests.test_pls_stages import BLOCKS

pytestmark = pytest.mark.shared
FOUR = BLOCKS + "Satisfaction ~ Image + Expectation + Value\n"
FACTORS = FOUR.replace("<~", "=~")
MIXED = FOUR.replace("Image <~", "Image =~").replace("Expectation <~", "Expectation =~")
# seminr's default stop criterion, so that every replicate stops where seminr's does
SEMINR: dict[str, Any] = {"tolerance": 1e-7}


def summaries(values: np.ndarray, estimate: float) -> list[float]:
    """What seminr prints of the replicates of one estimate."""
    spread = float(np.std(values, ddof=1))
    return [estimate, float(np.mean(values)), spread, abs(estimate) / spread, *np.quantile(values, [0.025, 0.975])]


def report(boot: PlsBootstrap, kind: str, theirs: pd.DataFrame) -> int:
    """Compare every row of a table of seminr's that has a counterpart, and count these."""
    own = boot.of(kind).set_index(["source", "target"])["estimate"]
    seen = 0
    for key, row in theirs.iterrows():
        source, target = str(key).split("  ->  ")
        if kind in ("loading", "weight"):  # seminr names the item first
            source, target = target, source
        name = f"{kind}: {source} → {target}"
        if name not in boot.replicates:
            continue
        found = summaries(boot.replicates[name].to_numpy(), own[source, target])
        if row["Bootstrap SD"] < 1e-9:  # a single item's loading and weight are 1 in all
            assert found[:3] == pytest.approx([1.0, 1.0, 0.0], abs=1e-12)
        else:
            # t divides by the spread, here down to 0.007
            np.testing.assert_allclose(found, row.to_numpy(), rtol=1e-8, atol=1e-8, err_msg=name)
        seen += 1
    return seen


@pytest.fixture(scope="module")
def ecsi() -> PlsBootstrap:
    fit = cx.pls(ECSI, answers("mobi"), consistent=False, **SEMINR)
    return fit.bootstrap(indices=mersenne_resamples(123, 5000, 250))


@pytest.mark.parametrize(("kind", "count"), [("path", 12), ("loading", 24), ("weight", 24), ("htmt", 15)])
def test_seminrs_5000_resamples_give_seminrs_5000_estimates(ecsi: PlsBootstrap, kind: str, count: int) -> None:
    """Means, standard deviations, t and ends of intervals; seminr has HTMT of a single item too, which is no ratio."""
    assert report(ecsi, kind, table(f"seminr_mobi/boot5000_{kind if kind == 'htmt' else kind + 's'}.csv")) == count


def test_total_effects_are_seminrs_but_in_eight_resamples_in_which_it_stops_early(ecsi: PlsBootstrap) -> None:
    """seminr 2.3.1 adds powers of the paths only as long as their sum is above zero."""
    names = list(dict.fromkeys(ecsi.of("path")[["source", "target"]].to_numpy().ravel()))
    paths = np.zeros((5000, len(names), len(names)))
    for row in ecsi.of("path").itertuples():
        found = ecsi.replicates[f"path: {row.source} → {row.target}"]
        paths[:, names.index(row.source), names.index(row.target)] = found
    total, power, going = paths.copy(), paths, np.ones(5000, dtype=bool)
    for _ in names:
        going &= power.sum(axis=(1, 2)) > 0
        power = power @ paths
        total[going] += power[going]
    theirs, different = table("seminr_mobi/boot5000_total.csv"), np.zeros(5000, dtype=bool)
    for row in ecsi.of("total").itertuples():
        stopped = total[:, names.index(row.source), names.index(row.target)]
        different |= np.abs(stopped - ecsi.replicates[f"total: {row.source} → {row.target}"]) > 1e-12
        np.testing.assert_allclose(
            summaries(stopped, row.estimate), theirs.loc[f"{row.source}  ->  {row.target}"], rtol=1e-8
        )
    assert different.sum() == 8
    assert len(theirs) == len(ecsi.of("total"))


def test_our_own_draws_spread_as_seminrs_do(ecsi: PlsBootstrap) -> None:
    """Two sets of 5,000 resamples: standard errors within 6%, ends a quarter of one."""
    fit = cx.pls(ECSI, answers("mobi"), consistent=False)
    own, other = (boot.table.set_index(["kind", "source", "target"]) for boot in (fit.bootstrap(5000, seed=2), ecsi))
    other = other[other["se"] > 1e-9]
    own = own[own["se"] > 1e-9]
    np.testing.assert_allclose(own["se"], other["se"], rtol=0.06)
    for end in ("ci_lower", "ci_upper"):
        assert ((own[end] - other[end]).abs() < 0.25 * other["se"]).all()


def test_the_first_500_sets_of_paths_and_a_specific_effect_are_seminrs(ecsi: PlsBootstrap) -> None:
    theirs, columns = (table(f"seminr_mobi/boot_paths_{part}.csv", index_col=None) for part in ("first500", "columns"))
    names = [f"path: {row.source} → {row.target}" for row in columns.itertuples()]
    np.testing.assert_allclose(ecsi.replicates[names].to_numpy()[:500], theirs, rtol=0, atol=1e-8)
    specific = table("seminr_mobi/boot5000_specific_Image_Expectation_Satisfaction_Loyalty.csv").iloc[0]
    values = ecsi.replicates["specific: Image → Expectation → Satisfaction → Loyalty"].to_numpy()
    np.testing.assert_allclose(summaries(values, specific.iloc[0]), specific, rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [
        ("path", "boot_report_paths.csv", 3),
        ("loading", "boot_report_loadings.csv", 13),
        ("weight", "boot_report_weights", 13),
        ("htmt", "boot_report_htmt.csv", 6),
    ],
)
def test_seminrs_reports_of_500_resamples_are_ours(kind: str, name: str, count: int) -> None:
    fit = cx.pls(FOUR, answers("mobi"), modes="A", **SEMINR)
    boot = fit.bootstrap(indices=mersenne_resamples(123, 500, 250))
    assert report(boot, kind, table(f"seminr_fixtures/{name}")) == count


@pytest.mark.parametrize(
    ("text", "options", "kind", "name"),
    [
        (FOUR, {"modes": "A", "scheme": "factorial"}, "path", "boostrapmatrix1.csv"),
        (
            FOUR.rstrip() + " + Image:Expectation + Image:Value",
            {"modes": "A", "scheme": "factorial", "interaction": "orthogonal"},
            "path",
            "boostrapmatrix2.csv",
        ),
        (FOUR, {"modes": "A", "scheme": "factorial"}, "weight", "boot_weights.csv"),
        (FACTORS, {}, "loading", "boot_loadings.csv"),
    ],
)
def test_seminrs_means_and_spreads_of_200_resamples_are_ours(
    text: str, options: dict[str, Any], kind: str, name: str
) -> None:
    fit = cx.pls(text, answers("mobi"), **options, **SEMINR)
    boot = fit.bootstrap(indices=mersenne_resamples(123, 200, 250))
    theirs = table(f"seminr_fixtures/{name}")
    for row in boot.of(kind).itertuples():
        pair = [one.replace(":", "*") for one in (row.source, row.target)]
        line, column = pair if kind == "path" else pair[::-1]
        found = summaries(boot.replicates[f"{kind}: {row.source} → {row.target}"].to_numpy(), row.estimate)[:3]
        expected = [theirs.loc[line, f"{column} {part}"] for part in ("PLS Est.", "Boot Mean", "Boot SD")]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8, err_msg=line)


def test_t_and_p_values_of_seminrs_evaluation_are_the_means_of_500_resamples_over_their_spread() -> None:
    """It takes the resamples' mean where its reports take the estimate; ratios are tested against 1."""
    fit = cx.pls(MIXED, answers("mobi"), modes={"Value": "A", "Satisfaction": "A"}, **SEMINR)
    found = fit.bootstrap(indices=mersenne_resamples(123, 500, 250)).replicates
    for stem, kind in (("factor_discriminant_validity", "htmt"), ("composite_indicator_weights", "weight")):
        t, p = (table(f"seminr_fixtures/{stem}_{part}_values.csv") for part in "tp")
        for (row, column), value in t.stack().dropna().items():
            values = found[f"htmt: {row} → {column}" if kind == "htmt" else f"weight: {column} → {row}"]
            own = (1 - values.mean() if kind == "htmt" else values.mean()) / values.std()
            assert own == pytest.approx(value, abs=1e-8)
            assert 2 * stats.t.sf(own, 499) == pytest.approx(p.loc[row, column], rel=1e-8)


def test_ratios_with_their_signs_were_an_older_seminrs() -> None:
    """Where a correlation of a resample is below zero; `boot_report_htmt.csv` above has them without."""
    data, theirs = answers("mobi"), table("seminr_fixtures/boot_HTMT.csv")
    fit = cx.pls(FOUR, data, modes="A")
    items = data[list(fit.model.items)].to_numpy()
    matrices = np.array([np.corrcoef(items[rows], rowvar=False) for rows in mersenne_resamples(123, 200, 250)])
    blocks = [range(*block.indices(items.shape[1])) for block in fit.model.design.blocks]
    names = fit.model.constructs
    ratios = htmt_ratios(matrices, blocks, absolute=False)
    for place, (one, two) in enumerate(zip(*pairs(len(names)), strict=True)):
        row, column = theirs.loc[names[one]], names[two]
        expected = [row[f"{column} Boot Mean"], row[f"{column} Boot SD"]]
        np.testing.assert_allclose([ratios[:, place].mean(), ratios[:, place].std(ddof=1)], expected, rtol=0, atol=1e-8)
        assert fit.htmt.loc[column, names[one]] == pytest.approx(row[f"{column} PLS Est."], abs=1e-8)


def test_intervals_of_a_specific_effect_are_seminrs_at_both_levels() -> None:
    fit = cx.pls(FOUR + "Expectation ~ Image", answers("mobi"), modes="A", scheme="factorial", **SEMINR)
    found = fit.bootstrap(indices=mersenne_resamples(123, 200, 250)).replicates
    via, direct = (
        found[name] for name in ("specific: Image → Expectation → Satisfaction", "path: Image → Satisfaction")
    )
    ends = [*np.quantile(via, [0.025, 0.975, 0.05, 0.95]), *np.quantile(direct, [0.025, 0.975])]
    np.testing.assert_allclose(ends, table("seminr_fixtures/conf_ints.csv").iloc[:, 0], rtol=0, atol=1e-8)


def test_seminr_fills_the_gaps_of_each_resample_anew() -> None:
    """Its own means (11 gaps in 344 rows); it forgets the stop criterion that was asked for, 0.1, and takes 1e-7."""
    data, theirs = cx.load_dataset("corporate_reputation").frame, table("seminr_fixtures/missing_cases_paths.csv")
    fit = cx.pls(BLOCK_EXT, data, missing="mean", consistent=False, scheme="factorial", **SEMINR)
    draws, names = mersenne_resamples(123, 200, 344), list(fit.model.constructs)
    items = data[list(fit.model.items)].to_numpy(float)
    filled = (np.where(np.isnan(items[rows]), np.nanmean(items[rows], axis=0), items[rows]) for rows in draws)
    matrices = np.stack([np.corrcoef(one, rowvar=False) for one in filled], axis=-1)
    weighting = estimate_weights(matrices, fit.model.design, "factorial", 1e-7)
    paths = structure(matrices, weighting, fit.model.design).paths
    pairs = {name: [names.index(one) for one in str(name).split("  ->  ")] for name in theirs.index}
    replicates = pd.DataFrame({name: paths[source, target] for name, (source, target) in pairs.items()})
    printed = theirs[["Bootstrap Mean", "Bootstrap SD", "2.5% CI", "97.5% CI"]].T
    own = [replicates.mean(), replicates.std(), *(replicates.quantile(at) for at in (0.025, 0.975))]
    np.testing.assert_allclose(own, printed, rtol=0, atol=1e-8)
    # ours keeps the sample's means: the spread differs by less than its own chance error in 200 resamples
    boot = fit.bootstrap(indices=draws).of("path")
    spread = boot.set_index(boot["source"] + "  ->  " + boot["target"])["se"][list(theirs.index)]
    np.testing.assert_allclose(spread, theirs["Bootstrap SD"], rtol=2e-3)


def test_csems_499_resamples_give_csems_499_estimates() -> None:
    fit = cx.pls(THREE, answers("threecommonfactors"), tolerance=1e-12)
    found = fit.bootstrap(indices=lecuyer_resamples(42, 499, 500)).replicates
    for part, kind, mark in (
        ("paths", "path", " ~ "),
        ("loadings", "loading", " =~ "),
        ("indirect", "indirect", " ~ "),
    ):
        theirs = table(f"csem/three_boot499_{part}_resampled.csv")
        for column in theirs:
            one, two = column.split(mark)
            name = f"{kind}: {one} → {two}" if kind == "loading" else f"{kind}: {two} → {one}"
            np.testing.assert_allclose(found[name], theirs[column], rtol=0, atol=1e-8, err_msg=column)


@pytest.mark.parametrize("part", ["paths", "loadings", "indirect"])
def test_csems_intervals_of_its_resamples_are_ours_within_a_rank(part: str) -> None:
    """cSEM takes R's type 7 quantiles, we boot's; its basic intervals are moved by twice the bias, ours are boot's."""
    fit = cx.pls(THREE, answers("threecommonfactors"), tolerance=1e-12)
    effects = {f"{row.target} ~ {row.source}": row for row in fit.total_effects.itertuples()}
    loadings = {f"{row.construct} =~ {row.item}": row.loading for row in fit.loadings.itertuples()}
    resampled = table(f"csem/three_boot499_{part}_resampled.csv")
    kind = "indirect" if part == "indirect" else "direct"
    own = np.array([loadings[name] if part == "loadings" else getattr(effects[name], kind) for name in resampled])
    stem = "csem/three_boot499_CI" if part == "paths" else f"csem/three_boot499_{part}_CI"
    if part == "paths":
        np.testing.assert_allclose(own, table("csem/three_boot499_paths_original.csv").iloc[0], rtol=0, atol=1e-8)
    bias = resampled.mean().to_numpy() - own
    for how in ("percentile", "bc", "basic"):
        ends = intervals(resampled.to_numpy(), own, how)
        theirs = table(f"{stem}_{how}.csv") + (2 * bias if how == "basic" else 0)
        for place, column in enumerate(resampled):
            values = resampled[column] if how != "basic" else 2 * own[place] - resampled[column]
            for end, row in ((ends.lower, 0), (ends.upper, 1)):
                ranks = np.searchsorted(np.sort(values), [end[place], theirs[column].iloc[row]])
                assert abs(ranks[0] - ranks[1]) <= 1
    # standard intervals: the estimate less its bias, and as many standard deviations
    centre, spread = own - bias, resampled.std().to_numpy()
    for how, quantile in (("standard_z", stats.norm.ppf(0.975)), ("standard_t", stats.t.ppf(0.975, 500 - 1))):
        found = [centre - quantile * spread, centre + quantile * spread]
        np.testing.assert_allclose(found, table(f"{stem}_{how}.csv"), rtol=0, atol=1e-8)


@pytest.fixture(scope="module")
def folds() -> np.ndarray:
    return lecuyer_folds(2024, 250, 10)


def test_predictions_are_csems_in_its_folds(folds: np.ndarray) -> None:
    """cSEM's linear benchmark has no constant, and its Q² is of residuals less their mean: both are made by hand."""
    data, theirs = answers("mobi"), table("csem/mobi_predict_metrics.csv").set_index("Name")
    fit = cx.pls(ECSI, data, consistent=False, tolerance=1e-12)
    found = fit.predict(assignment=folds, antecedents="earliest")
    items = list(theirs.index)
    predicted = table("csem/mobi_predict_target.csv")[items]
    np.testing.assert_allclose(found.predictions[items], predicted, rtol=0, atol=1e-8)
    own = found.table.set_index("item").loc[items]
    np.testing.assert_allclose(own["rmse"], theirs["RMSE_target"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(own["mae"], theirs["MAE_target"], rtol=0, atol=1e-8)
    actual, cause = data[items].to_numpy(float), data[[f"IMAG{one}" for one in range(1, 6)]].to_numpy(float)
    linear, mean = np.empty_like(actual), np.empty_like(actual)
    for fold in range(1, 11):
        rest, these = folds != fold, folds == fold
        linear[these] = cause[these] @ np.linalg.lstsq(cause[rest], actual[rest], rcond=None)[0]
        mean[these] = actual[rest].mean(axis=0)
    np.testing.assert_allclose(np.sqrt(((actual - linear) ** 2).mean(axis=0)), theirs["RMSE_benchmark"], atol=1e-8)
    q2 = 1 - (actual - found.predictions[items]).var(ddof=0) / (actual - mean).var(axis=0)
    np.testing.assert_allclose(q2, theirs["Q2_predict"], rtol=0, atol=1e-8)
    # ours is of residuals as they are (Shmueli et al., 2016): above 0 and below by the square of their mean
    np.testing.assert_allclose(own["q2_predict"], theirs["Q2_predict"], rtol=0, atol=2e-4)


def test_two_models_losses_are_compared_as_csems_cvpat_does(folds: np.ndarray) -> None:
    """The test is of the ECSI model and the same without the path from Image to Loyalty."""
    data = answers("mobi")
    losses = []
    for text in (ECSI.replace("Loyalty ~ Image + ", "Loyalty ~ "), ECSI):
        found = cx.pls(text, data, consistent=False, tolerance=1e-12).predict(assignment=folds, antecedents="earliest")
        losses.append(((data[list(found.predictions)] - found.predictions) ** 2).mean(axis=1))
    test = stats.ttest_rel(*losses)
    assert test.statistic == pytest.approx(2.75278834342458, abs=1e-8)  # csem/mobi_CVPAT.txt
    assert test.pvalue == pytest.approx(0.00634404930828314, abs=1e-8)
