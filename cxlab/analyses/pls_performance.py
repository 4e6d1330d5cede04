"""Scores of a PLS model on a scale people can read: weighted means of the answers, from 0 to 100 where possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_notices import carried
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, Notice

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

Ends = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Performance:
    """What each respondent answered and scores.

    Attributes
    ----------
    items, constructs : DataFrame (n, p), (n, J)
        Answers from 0 to 100 where the ends of all scales are known, else as they are; their weighted means.
    share : (p,)
        Weights of unstandardised answers, summing to 1 in each block.
    rescaled : bool
        Whether all ends are known.
    """

    items: pd.DataFrame
    constructs: pd.DataFrame
    share: np.ndarray
    rescaled: bool


def performance_scores(fit: PlsFit, ends: Ends | None = None) -> Performance:
    """Answers and construct scores of a fit; `ends` adds to the codebook's or replaces them.

    Outer weights are divided by the items' standard deviations and made to sum to 1 (Ringle & Sarstedt, 2016).

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"), modes="unit")
    >>> float(performance_scores(fit).share.sum()), performance_scores(fit).rescaled
    (2.0, True)
    """
    given = {**fit.ends, **_checked(fit, ends)}
    values, names = fit.frame.to_numpy(), fit.model.items
    known = all(item in given for item in names)
    if known:
        low, high = (np.array([given[item][side] for item in names], dtype=float) for side in (0, 1))
        values = 100 * (values - low) / (high - low)
    design = fit.model.design
    raw = fit.weighting.weights[:, 0] / values.std(axis=0, ddof=1)
    share = raw / np.add.reduceat(raw, design.starts)[design.owner]
    scores = np.column_stack([_mean_of(values[:, block], share[block]) for block in design.blocks])
    index = fit.frame.index
    return Performance(
        pd.DataFrame(values, index, names), pd.DataFrame(scores, index, fit.model.constructs), share, known
    )


def _mean_of(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weighted sums (n,); with shares of one sign a mean, which rounding must not put outside its own answers."""
    found = values @ share
    return found if (share < 0).any() else np.clip(found, values.min(axis=1), values.max(axis=1))


def _checked(fit: PlsFit, ends: object) -> Ends:
    """Ends as given for items of the model, each a pair of numbers that the answers lie between."""
    if ends is None:
        return {}
    if not isinstance(ends, Mapping):
        raise DataError("pls_input.ends_mapping", given=type(ends).__name__, example=fit.model.items[0])
    for name, pair in ends.items():
        if name not in fit.model.items:
            hint, known = did_you_mean(str(name), fit.model.items), ", ".join(fit.model.items[:12])
            raise DataError("pls_input.ends_unknown", name=name, hint=hint, known=known)
        low, high = _pair(str(name), pair)
        least, most = fit.frame[name].min(), fit.frame[name].max()
        if least < low or most > high:
            values = {"low": f"{low:g}", "high": f"{high:g}", "least": f"{least:g}", "most": f"{most:g}"}
            raise DataError("pls_input.ends_outside", name=name, **values)
    return ends


def _pair(name: str, pair: object) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in pair)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise DataError("pls_input.ends_pair", name=name, given=pair) from None
    if not low < high:
        raise DataError("pls_input.ends_pair", name=name, given=pair)
    return low, high


def doubts(fit: PlsFit, found: Performance, constructs: np.ndarray, ends: Ends | None) -> list[Notice]:
    """What must be known before scores of these constructs (places) are read as performance."""
    told = carried(fit)
    negative = negative_shares(fit, found.share, constructs)
    if negative:
        told.append(Notice("pls.negative_weights", {"items": ", ".join(negative)}, serious=True))
    if not found.rescaled:
        told.append(Notice("pls.ends_unknown"))
        return told
    known = fit.survey.codebook.items
    # an item of a codebook that was inferred from the answers has neither a label nor labelled points
    bare = [name for name in found.items if name in known and not known[name].label and not known[name].labels]
    guessed = [name for name in dict.fromkeys(bare) if name not in (ends or {})]
    if guessed:
        low, high = fit.ends[guessed[0]]
        values = {"items": ", ".join(guessed[:5]) + (", …" if len(guessed) > 5 else ""), "example": guessed[0]}
        told.append(Notice("nca.ends_guessed", {**values, "low": f"{low:g}", "high": f"{high:g}"}, serious=True))
    return told


def negative_shares(fit: PlsFit, share: np.ndarray, constructs: np.ndarray) -> list[str]:
    """Items with a negative weight in these constructs (places), whose scores are then no means."""
    owners = zip(fit.model.items, share, fit.model.design.owner, strict=True)
    return [item for item, own, place in owners if own < 0 and place in constructs]
