"""PLS models of seminr, cSEM and plspm: every number that they print, to 1e-8; specific effects and intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.estimate.pls.routes import along
from cxlab.resample.intervals import intervals
from tests.conftest import shared_folder
from tests.test_pls import ECSI, REPUTATION
from tests.test_pls_bootstrap import THREE

pytestmark = pytest.mark.shared
SATISFACTION = """
IMAG =~ imag1 + imag2 + imag3 + imag4 + imag5
EXPE =~ expe1 + expe2 + expe3 + expe4 + expe5
QUAL =~ qual1 + qual2 + qual3 + qual4 + qual5
VAL =~ val1 + val2 + val3 + val4
SAT =~ sat1 + sat2 + sat3 + sat4
LOY =~ loy1 + loy2 + loy3 + loy4
EXPE ~ IMAG
QUAL ~ EXPE
VAL ~ EXPE + QUAL
SAT ~ IMAG + EXPE + QUAL + VAL
LOY ~ IMAG + SAT
"""
MODELS = {"mobi": ECSI, "satisfaction": SATISFACTION, "threecommonfactors": THREE}
OPTIONS = {
    "PLSc_path": {},
    "composite_modeA_path": {"consistent": False},
    "composite_modeA_factorial": {"consistent": False, "scheme": "factorial"},
    "composite_modeA_centroid": {"consistent": False, "scheme": "centroid"},
    "composite_modeB_path": {"consistent": False, "modes": "B"},
}


def table(name: str, **options: Any) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / name, index_col=0, **options)


def answers(name: str) -> pd.DataFrame:
    if name == "mobi":
        return cx.load_dataset("ecsi_mobile").frame
    data = pd.read_csv(shared_folder() / "oracles" / "pls" / "data" / f"csem_{name}.csv")
    return data[[column for column in data if column.startswith(("y", *"iesqvl"))]]


def fitted(name: str, kind: str) -> Any:
    return cx.pls(MODELS[name], answers(name), tolerance=1e-12, **OPTIONS[kind])


CSEM = [
    *((name, kind) for name in ("mobi", "satisfaction") for kind in OPTIONS),
    ("threecommonfactors", "PLSc_path"),
]


@pytest.mark.parametrize(("name", "kind"), CSEM)
def test_every_model_is_csems(name: str, kind: str) -> None:
    fit, stem = fitted(name, kind), f"csem/{name}_{kind}"
    paths, weights, loadings = (table(f"{stem}_{part}.csv") for part in ("paths", "weights", "loadings"))
    for row in fit.paths.itertuples():
        assert row.estimate == pytest.approx(paths.loc[row.target, row.source], abs=1e-8)
    for row in fit.loadings.itertuples():
        assert row.weight == pytest.approx(weights.loc[row.construct, row.item], abs=1e-8)
        assert row.loading == pytest.approx(loadings.loc[row.construct, row.item], abs=1e-8)
    r2 = table(f"{stem}_r2.csv")
    for row in fit.r2.itertuples():
        assert row.r2 == pytest.approx(r2.loc[row.construct, "R2"], abs=1e-8)
        assert row.r2_adjusted == pytest.approx(r2.loc[row.construct, "R2adj"], abs=1e-8)
    between = table(f"{stem}_constructVCV.csv")
    np.testing.assert_allclose(fit.solved.correlations[:, :, 0], between, atol=1e-8)
    for effect in ("indirect", "total"):
        theirs = table(f"{stem}_{effect}_effects.csv").set_index("Name")["Estimate"]
        ours = {f"{row.target} ~ {row.source}": getattr(row, effect) for row in fit.total_effects.itertuples()}
        for key, value in theirs.items():
            assert ours[key] == pytest.approx(value, abs=1e-8)
    distances = fit.fit_measures.set_index("model").loc["estimated"]
    for own, part, factor in (("srmr", "SRMR", 1.0), ("d_uls", "DL", 1.0), ("d_g", "DG", np.log(10) ** 2)):
        assert distances[own] == pytest.approx(float(table(f"{stem}_{part}.csv").iloc[0, 0]) * factor, abs=1e-8)
    f2 = table(f"{stem}_F2.csv")
    for row in fit.paths.itertuples():
        assert row.f2 == pytest.approx(f2.loc[row.target, row.source], abs=1e-8)


@pytest.mark.parametrize(("name", "kind"), [pair for pair in CSEM if pair[1] == "PLSc_path"])
def test_reliability_and_validity_of_common_factors_are_csems(name: str, kind: str) -> None:
    fit, stem = fitted(name, kind), f"csem/{name}_{kind}"
    own = fit.reliability.set_index("construct")
    rho_a, ave, rho_c = (table(f"{stem}_{part}.csv").iloc[:, 0] for part in ("reliabilities", "AVE", "RhoC"))
    several = own.index[own["items"] > 1]
    for construct in several:
        assert own.loc[construct, "rho_a"] == pytest.approx(rho_a[construct], abs=1e-8)
        assert own.loc[construct, "ave"] == pytest.approx(ave[construct], abs=1e-8)
        assert own.loc[construct, "rho_c"] == pytest.approx(rho_c[construct], abs=1e-8)
    squared = table(f"{stem}_Fornell-Larcker.csv")  # cSEM prints squares: AVE, and squared correlations
    found = fit.fornell_larcker.loc[several, several].to_numpy()
    lower = np.tril_indices(len(several))
    np.testing.assert_allclose(found[lower] ** 2, squared.loc[several, several].to_numpy()[lower], atol=1e-8)
    for part, ratios in (("HTMT", fit.htmt), ("HTMT2", fit.htmt2)):
        theirs = table(f"{stem}_{part}.csv")
        for row, column in zip(*np.tril_indices(len(ratios), -1), strict=True):
            one, two = ratios.index[row], ratios.index[column]
            if (fit.frame.corr().loc[list(fit.model.items), list(fit.model.items)] < 0).to_numpy().any():
                continue  # cSEM keeps signs
            assert ratios.loc[one, two] == pytest.approx(theirs.loc[one, two], abs=1e-8)


@pytest.mark.parametrize("name", ["A_path", "A_factorial", "B_path", "UNIT", "PLSc_path"])
def test_reliability_validity_and_indirect_effects_are_seminrs(name: str) -> None:
    options = {
        "A_path": {"consistent": False},
        "A_factorial": {"consistent": False, "scheme": "factorial"},
        "B_path": {"consistent": False, "modes": "B"},
        "UNIT": {"consistent": False, "modes": "unit"},
        "PLSc_path": {},
    }[name]
    fit = cx.pls(ECSI, answers("mobi"), tolerance=1e-12, **options)
    stem = f"seminr_mobi/{name}"
    own, theirs = fit.reliability.set_index("construct"), table(f"{stem}_reliability.csv")
    for construct in own.index[(own["items"] > 1) & (own["mode"] != "B")]:
        for ours, column in (("alpha", "alpha"), ("rho_c", "rhoC"), ("ave", "AVE"), ("rho_a", "rhoA")):
            if not np.isnan(own.loc[construct, ours]):
                assert own.loc[construct, ours] == pytest.approx(theirs.loc[construct, column], abs=1e-8)
    ratios = table(f"{stem}_htmt.csv")
    for row, column in zip(*np.tril_indices(len(fit.htmt), -1), strict=True):
        one, two = fit.htmt.index[row], fit.htmt.index[column]
        assert fit.htmt.loc[one, two] == pytest.approx(ratios.loc[one, two], abs=1e-8)
    indirect = table(f"{stem}_total_indirect_exact.csv")
    for effect in fit.total_effects.itertuples():
        assert effect.indirect == pytest.approx(indirect.loc[effect.source, effect.target], abs=1e-8)
    if name == "PLSc_path":
        return  # seminr's VIF are of the scores, ours of the corrected correlations that the paths come from
    vif = table(f"{stem}_vif_antecedents.csv").reset_index().set_index(["outcome", "item"])["vif"]
    for row in fit.vif.itertuples():
        assert np.isnan(row.vif) or row.vif == pytest.approx(vif[(row.target, row.source)], abs=1e-8)


def test_the_primers_model_is_seminrs_in_all_its_tables() -> None:
    fit = cx.pls(REPUTATION, cx.load_dataset("corporate_reputation"), missing="mean", consistent=False, tolerance=1e-12)
    stem = "seminr_corprep/ext"
    r2, indirect, ratios = (table(f"{stem}_{part}.csv") for part in ("rsquared", "total_indirect_exact", "htmt"))
    again, own = table(f"{stem}_fsquare_reestimated.csv"), fit.reliability.set_index("construct")

    def name(construct: str) -> str:
        return construct.upper()

    for row in fit.r2.itertuples():
        assert row.r2 == pytest.approx(r2.loc["Rsq", name(row.construct)], abs=1e-8)
    for row in fit.total_effects.itertuples():
        assert row.indirect == pytest.approx(indirect.loc[name(row.source), name(row.target)], abs=1e-8)
    for row in fit.paths.itertuples():
        assert row.f2_reestimated == pytest.approx(again.loc[name(row.source), name(row.target)], abs=1e-8)
    theirs = table(f"{stem}_reliability.csv")
    for construct in ("COMP", "LIKE", "CUSL"):
        for ours, column in (("alpha", "alpha"), ("rho_c", "rhoC"), ("ave", "AVE"), ("rho_a", "rhoA")):
            assert own.loc[construct, ours] == pytest.approx(theirs.loc[construct, column], abs=1e-8)
    for one, two in (("LIKE", "COMP"), ("CUSL", "COMP"), ("CUSL", "LIKE")):
        assert fit.htmt.loc[one, two] == pytest.approx(
            np.nanmax([ratios.loc[one, two], ratios.loc[two, one]]), abs=1e-8
        )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("A_path_scaledTRUE", {}),
        ("A_factorial_scaledTRUE", {"scheme": "factorial"}),
        ("A_centroid_scaledTRUE", {"scheme": "centroid"}),
        ("B_path", {"modes": "B"}),
    ],
)
def test_every_model_is_plspms(name: str, options: dict[str, Any]) -> None:
    fit = cx.pls(SATISFACTION, answers("satisfaction"), consistent=False, tolerance=1e-12, **options)
    # plspm sums squared changes of the weights: its 1e-12 stops mode B some 1e-7 early
    stem, close = f"plspm_r/satisfaction_{name}", 1e-8 if name.startswith("A") else 2e-7
    paths, outer = table(f"{stem}_paths.csv"), table(f"{stem}_outer.csv").set_index("name")
    for row in fit.paths.itertuples():
        assert row.estimate == pytest.approx(paths.loc[row.target, row.source], abs=close)
    for row in fit.loadings.itertuples():
        assert row.weight == pytest.approx(outer.loc[row.item, "weight"], abs=close)
        assert row.loading == pytest.approx(outer.loc[row.item, "loading"], abs=close)
    crossed = table(f"{stem}_crossloadings.csv").set_index("name")
    theirs = crossed.loc[fit.cross_loadings.index, fit.cross_loadings.columns]
    np.testing.assert_allclose(fit.cross_loadings, theirs, atol=close)
    inner = table(f"{stem}_inner_summary.csv")
    for row in fit.r2.itertuples():
        assert row.r2 == pytest.approx(inner.loc[row.construct, "R2"], abs=close)
    effects = table(f"{stem}_effects.csv").set_index("relationships")
    for row in fit.total_effects.itertuples():
        assert row.total == pytest.approx(effects.loc[f"{row.source} -> {row.target}", "total"], abs=close)


def test_specific_indirect_effects_are_seminrs_product_and_its_bootstrap() -> None:
    """seminr's specific_effect_significance: Image, Expectation, Satisfaction, Loyalty; 5,000 resamples of its own."""
    theirs = table("seminr_mobi/boot5000_specific_Image_Expectation_Satisfaction_Loyalty.csv").iloc[0]
    fit = cx.pls(ECSI, answers("mobi"), consistent=False)
    via = "Expectation → Satisfaction"
    listed = fit.effects("Image", "Loyalty")
    one = listed[(listed["kind"] == "specific") & (listed["via"] == via)]["estimate"].item()
    assert one == pytest.approx(theirs["Original Est."], abs=1e-8)
    boot = fit.bootstrap(5000, seed=1).of("specific")
    row = boot[(boot["source"] == "Image") & (boot["target"] == "Loyalty") & (boot["via"] == via)].iloc[0]
    # within chance: two sets of 5,000 resamples
    assert row["se"] == pytest.approx(theirs["Bootstrap SD"], rel=0.05)
    assert row["t"] == pytest.approx(theirs["T Stat."], rel=0.05)
    assert row["ci_lower"] == pytest.approx(theirs["2.5% CI"], abs=0.0015)
    assert row["ci_upper"] == pytest.approx(theirs["97.5% CI"], abs=0.0015)


@pytest.mark.parametrize("kind", ["path", "total", "loading", "weight", "htmt"])
def test_standard_errors_t_and_intervals_are_seminrs_within_chance(kind: str) -> None:
    """seminr's 5,000 resamples (seed 123) against 5,000 of ours: standard errors within 6%, ends a quarter of one."""
    theirs = table(f"seminr_mobi/boot5000_{kind if kind in ('total', 'htmt') else kind + 's'}.csv")
    boot = cx.pls(ECSI, answers("mobi"), consistent=False).bootstrap(5000, seed=2).of(kind)
    swapped = kind in ("loading", "weight")
    left = {tuple(row[["target", "source"] if swapped else ["source", "target"]]): row for _, row in boot.iterrows()}
    seen = 0
    for key, row in theirs.iterrows():
        pair = tuple(str(key).split("  ->  "))
        own = left.get(pair)
        if own is None or not row["Bootstrap SD"] > 1e-9:
            continue
        seen += 1
        assert own["estimate"] == pytest.approx(row["Original Est."], abs=1e-6)
        assert own["se"] == pytest.approx(row["Bootstrap SD"], rel=0.06)
        assert own["t"] == pytest.approx(row["T Stat."], rel=0.06)
        for end, column in (("ci_lower", "2.5% CI"), ("ci_upper", "97.5% CI")):
            assert own[end] == pytest.approx(row[column], abs=0.25 * row["Bootstrap SD"])
    assert seen == {"path": 12, "total": 21, "loading": 23, "weight": 23, "htmt": 15}[kind]


@pytest.mark.parametrize("kind", ["percentile", "bc"])
def test_intervals_of_csems_own_resamples_are_csems_within_a_rank(kind: str) -> None:
    """cSEM's 499 resampled paths and indirect effects; it takes R's type 7 quantiles, we boot's."""
    fit = cx.pls(THREE, answers("threecommonfactors"), tolerance=1e-12)
    effects = {f"{row.target} ~ {row.source}": row for row in fit.total_effects.itertuples()}
    for part, own_kind, name in (("paths", "direct", ""), ("indirect", "indirect", "_indirect")):
        resampled = table(f"csem/three_boot499_{part}_resampled.csv")
        own = np.array([getattr(effects[column], own_kind) for column in resampled])
        ends = intervals(resampled.to_numpy(), own, kind)  # type: ignore[arg-type]
        theirs = table(f"csem/three_boot499{name}_CI_{kind}.csv")
        for place, column in enumerate(resampled):
            ordered = np.sort(resampled[column])
            for end, row in ((ends.lower, 0), (ends.upper, 1)):
                ranks = np.searchsorted(ordered, [end[place], theirs[column].iloc[row]])
                assert abs(ranks[0] - ranks[1]) <= 1


def test_the_same_resamples_give_the_indirect_effects_that_csem_gives() -> None:
    """A route's effect is the product of its paths in every resample, here the only route from eta1 to eta3."""
    paths, indirect = (table(f"csem/three_boot499_{part}_resampled.csv") for part in ("paths", "indirect"))
    product = along(_square(paths), [(0, 1, 2)])[:, 0]
    np.testing.assert_allclose(product, indirect.iloc[:, 0], atol=1e-12)


def _square(paths: pd.DataFrame) -> np.ndarray:
    found, names = np.zeros((len(paths), 3, 3)), ["eta1", "eta2", "eta3"]
    for column in paths:
        target, source = column.split(" ~ ")
        found[:, names.index(source), names.index(target)] = paths[column]
    return found
