"""Omega of constructs whose items are ordered answers, from the thresholds of a fitted model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from cxlab.analyses.sem_result import SemFit
from cxlab.errors import Notice
from cxlab.evaluate.reliability_ordinal import categorical_omega

Scale = Literal["numeric", "ordinal", "mixed"]


def scale_of(fit: SemFit, items: Sequence[str]) -> Scale:
    """Whether the items of a construct were fitted as ordered answers."""
    ordered = set(fit.fitted.table.ordered)
    count = sum(item in ordered for item in items)
    return "numeric" if not count else "ordinal" if count == len(items) else "mixed"


def observed_omega(fit: SemFit, number: int, items: Sequence[str], loadings: np.ndarray) -> float:
    """Reliability of the sum of category numbers (Green & Yang, 2009) of one construct in a group, from 1.

    Parameters
    ----------
    fit : SemFit
        With thresholds.
    number : int
    items : sequence of str
        All of them ordered.
    loadings : ndarray (k,)
        Standardised.

    Notes
    -----
    Thresholds less the implied mean, over the implied standard deviation; correlations between items are the sample's.
    R: ``semTools::compRelSEM(fit)``, which leaves the mean out.
    """
    own = list(items)
    rows = fit.estimates[(fit.estimates["op"] == "|") & (fit.estimates["group"] == number)]
    spread = np.sqrt(np.diag(fit.of_group(fit.implied_cov, number).loc[own, own].to_numpy()))
    mean = fit.of_group(fit.implied_mean, number).loc[own].to_numpy()
    cuts = [
        (rows.loc[rows["lhs"] == item, "est"].to_numpy() - middle) / width
        for item, middle, width in zip(own, mean, spread, strict=True)
    ]
    cov = fit.of_group(fit.sample_cov, number).loc[own, own].to_numpy()
    root = np.sqrt(np.diag(cov))
    return categorical_omega(loadings, cuts, cov / np.outer(root, root))


def scale_notices(scales: dict[str, Scale]) -> list[Notice]:
    """What AVE, CR and omega are of where items are ordered answers."""
    found = []
    for scale, key in (("ordinal", "validity.ordinal_items"), ("mixed", "validity.mixed_items")):
        names = ", ".join(name for name, own in scales.items() if own == scale)
        if names:
            found.append(Notice(key, {"constructs": names}))
    return found
