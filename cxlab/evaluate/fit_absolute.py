"""Fit indices from the residuals themselves: RMR, SRMR, CRMR, GFI, and what depends on chi-square alone."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import chdtri

from cxlab.estimate.sem.ordinal import OrdinalResiduals
from cxlab.estimate.sem.weights import moment_vector, wls_weight
from cxlab.evaluate.fit_input import FitInput


def absolute_measures(data: FitInput) -> dict[str, float]:
    """RMR, SRMR, CRMR with and without means, GFI, critical n, McDonald's index, ECVI."""
    per_row, df = data.chisq / data.rows, data.df
    moments = data.groups * _count(data)
    gfi = _gfi(data)
    return _residual(data) | {
        "cn_05": float(chdtri(df, 0.05)) / per_row + 1 if df and per_row else math.nan,
        "cn_01": float(chdtri(df, 0.01)) / per_row + 1 if df and per_row else math.nan,
        "gfi": gfi,
        "agfi": 1 - moments / df * (1 - gfi) if df else math.nan,
        "pgfi": df / moments * gfi,
        "mfi": math.exp(-0.5 * (data.chisq - df) / data.rows),
        "ecvi": per_row + 2 * data.npar / data.rows,
    }


def _count(data: FitInput) -> int:
    if data.residuals is not None:
        return int(data.residuals.sample.shape[1])
    items = data.cov.shape[-1]
    return items * (items + 1) // 2 + (items if data.mean is not None else 0)


def _residual(data: FitInput) -> dict[str, float]:
    """Roots of mean squared residuals, averaged over groups by their rows; lavaan's four scales."""
    sample, model = data.cov, data.implied
    spread, own = _spreads(sample), _spreads(model)
    raw = sample - model
    bentler = raw / _outer(spread)
    bollen = sample / _outer(spread) - model / _outer(own)
    lower, below = np.tril_indices(sample.shape[-1]), np.tril_indices(sample.shape[-1], -1)
    share = np.diagonal(bentler, axis1=1, axis2=2)
    parts = {
        "rmr": raw[:, lower[0], lower[1]],
        "srmr": bentler[:, lower[0], lower[1]],
        "crmr": bollen[:, below[0], below[1]],
        "srmr_mplus": np.concatenate([bollen[:, below[0], below[1]], share], axis=1),
    }
    means: dict[str, np.ndarray | None] = dict.fromkeys(parts)
    if data.residuals is not None:
        means = _threshold_residuals(data.residuals, spread, own)
    elif data.mean is not None and data.implied_mean is not None:
        off = data.mean - data.implied_mean
        means |= {"rmr": off, "srmr": off / spread, "crmr": off / spread}
        means["srmr_mplus"] = data.mean / spread - data.implied_mean / own
    found: dict[str, float] = {}
    for name, part in parts.items():
        own_mean = means[name]
        full = part if own_mean is None else np.concatenate([part, own_mean], axis=1)
        plain = "srmr_bentler" if name == "srmr" else name
        found |= {plain: _root_mean_square(data, full), f"{plain}_nomean": _root_mean_square(data, part)}
    return found | {"srmr": found["srmr_bentler_nomean" if data.residuals is not None else "srmr_bentler"]}


def _threshold_residuals(data: OrdinalResiduals, spread: np.ndarray, own: np.ndarray) -> dict[str, np.ndarray | None]:
    """Residuals of thresholds on the four scales (G, t); means of numeric items do not count, as in lavaan."""
    here = np.flatnonzero(data.threshold)
    sample, model, item = data.sample[:, here], data.implied[:, here], data.item[here]
    off, scale = sample - model, spread[:, item]
    return {
        "rmr": off,
        "srmr": off / scale,
        "crmr": off / scale,
        "srmr_mplus": sample / scale - model / own[:, item],
    }


def _root_mean_square(data: FitInput, residuals: np.ndarray) -> float:
    if not residuals.shape[1]:
        return 0.0
    return float(data.shares @ np.sqrt((residuals**2).mean(axis=1)))


def _spreads(cov: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.diagonal(cov, axis1=1, axis2=2)))


def _outer(spread: np.ndarray) -> np.ndarray:
    return spread[:, :, None] * spread[:, None, :]


def _gfi(data: FitInput) -> float:
    """One minus the weighted squared residuals over the weighted squared moments, by groups."""
    total = 0.0
    if data.residuals is not None:
        return _ordinal_gfi(data.residuals, data.shares)
    x = list(data.exogenous) if data.estimator != "ULS" else []  # whose weights are 1 for all
    for group, share in enumerate(data.shares):
        cov, mean = _moments(data, group)
        off = None if mean is None or data.implied_mean is None else mean - data.implied_mean[group]
        gap = cov - data.implied[group]
        # moments that fixed covariates alone share have no weight
        seen, seen_mean = cov.copy(), None if mean is None else mean.copy()
        for moments, mean_part in ((seen, seen_mean), (gap, off)):
            moments[np.ix_(x, x)] = 0.0
            if mean_part is not None:
                mean_part[x] = 0.0
        total += float(share) * (1 - _square(data, group, gap, off) / _square(data, group, seen, seen_mean))
    return total


def _ordinal_gfi(data: OrdinalResiduals, shares: np.ndarray) -> float:
    total = 0.0
    for sample, implied, weight, share in zip(data.sample, data.implied, data.weight, shares, strict=True):
        off = sample - implied
        pulls = [weight * vector if weight.ndim == 1 else weight @ vector for vector in (off, sample)]
        total += float(share * (1 - off @ pulls[0] / (sample @ pulls[1])))
    return total


def _moments(data: FitInput, group: int) -> tuple[np.ndarray, np.ndarray | None]:
    """The sample's; with missing answers those of available pairs, which lavaan takes for this index alone."""
    mean = None if data.mean is None else data.mean[group]
    if not data.incomplete(group) or data.values is None:
        return data.cov[group], mean
    import pandas as pd

    frame = pd.DataFrame(data.values[group]).dropna(how="all")
    return frame.cov().to_numpy() * (len(frame) - 1) / len(frame), frame.mean().to_numpy()


def _square(data: FitInput, group: int, cov: np.ndarray, mean: np.ndarray | None) -> float:
    """m'Vm of a group's moments, V as the estimator weighs them."""
    if data.estimator == "WLS":
        values = data.values[group] if data.values is not None else np.empty((0, len(cov)))
        moments = moment_vector(cov, mean)
        return float(moments @ wls_weight(values, mean is not None) @ moments)
    if data.estimator == "ULS":
        return float((moment_vector(cov, mean) ** 2).sum())
    heart = data.cov[group] if data.estimator == "GLS" else data.implied[group]
    if data.values is not None and data.estimator == "ML" and data.incomplete(group):
        return _square_by_patterns(data.values[group], heart, cov, mean)
    return _normal(heart, cov, mean)


def _normal(heart: np.ndarray, cov: np.ndarray, mean: np.ndarray | None) -> float:
    ratio = np.linalg.solve(heart, cov)
    found = 0.5 * float((ratio * ratio.T).sum())
    return found if mean is None else found + float(mean @ np.linalg.solve(heart, mean))


def _square_by_patterns(values: np.ndarray, heart: np.ndarray, cov: np.ndarray, mean: np.ndarray | None) -> float:
    """The same averaged over the rows' patterns of answered items."""
    there = ~np.isnan(values)
    patterns, counts = np.unique(there[there.any(axis=1)], axis=0, return_counts=True)
    total = 0.0
    for pattern, count in zip(patterns, counts, strict=True):
        at = np.ix_(pattern, pattern)
        total += count * _normal(heart[at], cov[at], None if mean is None else mean[pattern])
    return total / float(counts.sum())
