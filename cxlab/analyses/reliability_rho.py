"""rho_A of all scales of a call: it needs other constructs, because PLS weighs items by them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cxlab.analyses.validity_htmt import places
from cxlab.errors import Notice
from cxlab.evaluate.reliability_rho import mode_a_weights, rho_a

_MIN_ROWS = 3


def rho_of_scales(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, float], dict[str, str], list[Notice]]:
    """Values, reasons where there is none, and what to know.

    Parameters
    ----------
    frames : mapping of scale to DataFrame
        Answers of each scale that alpha could be computed of.

    Examples
    --------
    >>> rho_of_scales({"joy": pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})})[1]
    {'joy': 'one_scale'}
    """
    if len(frames) < 2:
        return {}, dict.fromkeys(frames, "one_scale"), []
    items = [item for frame in frames.values() for item in frame]
    if len(set(items)) < len(items):
        return {}, dict.fromkeys(frames, "shared_items"), []
    together = pd.concat(list(frames.values()), axis=1, join="inner").dropna()
    if len(together) < _MIN_ROWS or (together.nunique() < 2).any():
        return {}, dict.fromkeys(frames, "few_together"), []
    cor = np.corrcoef(together.to_numpy().T)
    blocks = places({name: tuple(frame) for name, frame in frames.items()})
    found = mode_a_weights(cor, blocks)
    if not found.converged:
        return {}, dict.fromkeys(frames, "pls_not_converged"), []
    values, reasons = {}, {}
    for name, block, weights in zip(frames, blocks, found.weights, strict=True):
        value = rho_a(weights, cor[np.ix_(block, block)])
        if (weights < 0).any():
            reasons[name] = "negative_weight"
        elif not 0 <= value <= 1:
            reasons[name] = "rho_outside"
        else:
            values[name] = value
    fewest = min(len(frame) for frame in frames.values())
    notices = [Notice("reliability.rho_rows", {"n": len(together)})] if len(together) < fewest else []
    return values, reasons, notices
