"""How far apart the programs' definitions are on one data set, by computing both."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from cxlab.analyses.pls import pls
from cxlab.analyses.pls_result import PlsFit
from cxlab.estimate.pls import estimate_weights, structure
from cxlab.evaluate.htmt import htmt_ratios
from cxlab.evaluate.reliability import cronbach_alpha
from cxlab.resample.draws import RandomDraws
from cxlab.resample.pls import pls_replicates
from cxlab.resample.pls_groups import weight_agreement
from cxlab.survey.datasets import load_dataset

DATASET = "ecsi_mobile"
_MODEL = """
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Complaints =~ CUSCO
Loyalty =~ CUSL1 + CUSL2 + CUSL3
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""
_SEED = 1


@lru_cache(maxsize=8)
def _fit(scheme: str = "path", consistent: bool = False, tolerance: float = 1e-10) -> PlsFit:
    options = {"scheme": scheme, "consistent": consistent, "tolerance": tolerance}
    return pls(_MODEL, load_dataset(DATASET), **options)  # type: ignore[arg-type]


def _most(one: object, other: object) -> float:
    return float(np.nanmax(np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))))


def _paths(fit: PlsFit) -> np.ndarray:
    return fit.paths["estimate"].to_numpy()


def _factor_or_composite() -> float:
    return _most(_paths(_fit(consistent=True)), _paths(_fit()))


def _f2() -> float:
    return _most(_fit().f2["f2"], _fit().f2["f2_reestimated"])


def _vif() -> float:
    return _most(_fit(consistent=True).vif["vif"], _fit().vif["vif"])


def _htmt(method: str = "htmt", absolute: bool = True) -> np.ndarray:
    design = _fit().model.design
    blocks = [range(*design.blocks[place].indices(design.indicators)) for place in _fit().model.compared]
    return htmt_ratios(_fit().cor, blocks, method, absolute)  # type: ignore[arg-type]


def _htmt_signs() -> float:
    return _most(_htmt(), _htmt(absolute=False))


def _htmt2() -> float:
    return _most(_htmt(), _htmt("htmt2"))


def _alpha() -> float:
    fit = _fit()
    cov = fit.frame.cov().to_numpy()
    own = [cronbach_alpha(cov[block, block]) for block in fit.model.design.blocks if block.stop - block.start > 1]
    return _most(fit.reliability["alpha"].dropna(), own)


@lru_cache(maxsize=4)
def _rmse(antecedents: str, benchmark: str) -> tuple[np.ndarray, np.ndarray]:
    found = _fit().predict(10, 1, seed=_SEED, antecedents=antecedents, benchmark=benchmark)  # type: ignore[arg-type]
    return found.table["rmse"].to_numpy(), found.table["rmse_lm"].to_numpy()


def _benchmark() -> float:
    return _most(_rmse("earliest", "exogenous")[1], _rmse("earliest", "outside")[1])


def _antecedents() -> float:
    return _most(_rmse("earliest", "exogenous")[0], _rmse("direct", "exogenous")[0])


def _repeats() -> float:
    runs = [_fit().predict(10, 1, seed=seed).table["rmse"].to_numpy() for seed in range(5)]
    return float(np.std(runs, axis=0, ddof=1).max())


def _signs() -> float:
    errors = [_fit().bootstrap(500, _SEED, signs=signs).of("path")["se"] for signs in ("none", "construct")]
    return _most(*errors)


def _scheme() -> float:
    return _most(_paths(_fit("centroid")), _paths(_fit()))


def _divisor() -> float:
    scores = _fit().scores.to_numpy()
    return _most(scores, scores * np.sqrt(len(scores) / (len(scores) - 1)))


def _common_deviation() -> float:
    """One deviation for all columns leaves covariances in the place of correlations."""
    fit = _fit()
    cov = fit.frame.cov().to_numpy()[:, :, None]
    solved = structure(cov, estimate_weights(cov, fit.model.design, "path", 1e-10, 3000), fit.model.design)
    return _most(solved.paths, fit.solved.paths)


def _d_g() -> float:
    d_g = float(_fit().fit_measures["d_g"].iloc[0])
    return d_g - d_g / np.log(10) ** 2


def _total_effects() -> float:
    """Resamples in which a power of the paths sums to 0 or less although longer routes follow."""
    fit = _fit()
    draws = RandomDraws(5000, (fit.n_obs,), _SEED)
    found = pls_replicates(fit.answers.to_numpy(), fit.model.design, draws, fit.scheme, fit.tolerance).paths
    cut, power = np.zeros(len(found), dtype=bool), found
    while power.any():
        longer = power @ found
        cut |= (power.sum(axis=(1, 2)) <= 0) & longer.any(axis=(1, 2))
        power = longer
    return float(cut.sum())


def _tolerance() -> float:
    return _most(_paths(_fit(tolerance=1e-5)), _paths(_fit(tolerance=1e-7)))


def _inadmissible() -> float:
    return float(_fit(consistent=True).bootstrap(500, _SEED).status["inadmissible"])


def _quantiles() -> float:
    boot = _fit().bootstrap(500, _SEED)
    own = boot.of("path")
    values = boot.replicates[[name for name in boot.replicates if name.startswith("path: ")]].to_numpy()
    return _most(own[["ci_lower", "ci_upper"]].to_numpy(), np.quantile(values, [0.025, 0.975], axis=0).T)


def _micom() -> float:
    fit = _fit()
    halves = [pls(_MODEL, fit.answers.iloc[start::2].reset_index(drop=True), consistent=False) for start in (0, 1)]
    weights = [half.weighting.weights.T for half in halves]
    raw = weight_agreement(weights[0], weights[1], fit.frame.cov().to_numpy(), fit.model.design)
    return _most(raw, weight_agreement(weights[0], weights[1], fit.cor, fit.model.design))


def _single_items() -> float:
    return float((_fit().reliability["reason"] == "single_item").sum())


def _blindfolding() -> float:
    found = _fit().blindfold(7).table.merge(_fit().r2, on="construct")
    return _most(found["q2"], found["r2"])


SIZES: dict[str, Callable[[], float]] = {
    "factor_or_composite": _factor_or_composite,
    "f2": _f2,
    "vif": _vif,
    "htmt_signs": _htmt_signs,
    "htmt2": _htmt2,
    "alpha": _alpha,
    "benchmark": _benchmark,
    "antecedents": _antecedents,
    "repeats": _repeats,
    "signs": _signs,
    "scheme": _scheme,
    "divisor": _divisor,
    "common_deviation": _common_deviation,
    "d_g": _d_g,
    "total_effects": _total_effects,
    "tolerance": _tolerance,
    "inadmissible": _inadmissible,
    "quantiles": _quantiles,
    "micom": _micom,
    "single_items": _single_items,
    "blindfolding": _blindfolding,
}


@lru_cache(maxsize=1)
def sizes() -> dict[str, float]:
    """Every difference that can be computed, by its key; a second or two."""
    return {key: size() for key, size in SIZES.items()}
