"""One feeling or several components: what published rules make of a general factor's strength."""

from __future__ import annotations

import math
from typing import Literal

from cxlab.evaluate.rules import interpret

Dimensionality = Literal["one_feeling", "mostly_one", "components", "undecided"]
ESSENTIAL = "reise_bonifay_2013"
PRIMARY = "reise_scheines_2013"


def dimensionality(omega_h: float, ecv: float) -> Dimensionality:
    """Essentially one, primarily one, or several, by hierarchical omega and explained common variance together.

    Examples
    --------
    >>> dimensionality(0.86, 0.78), dimensionality(0.75, 0.64), dimensionality(0.55, 0.4)
    ('one_feeling', 'mostly_one', 'components')
    """
    if math.isnan(omega_h) or math.isnan(ecv):
        return "undecided"
    values = {"omega_h": omega_h, "ecv": ecv}
    for rule, name in ((ESSENTIAL, "one_feeling"), (PRIMARY, "mostly_one")):
        if all(judged.met for judged in interpret(values, rule)):
            return name  # type: ignore[return-value]
    return "components"


def scored_alone(omega_hs: float) -> bool:
    """Whether a component's score holds enough of its own to be read beside the total.

    Examples
    --------
    >>> scored_alone(0.6), scored_alone(0.2)
    (True, False)
    """
    return not math.isnan(omega_hs) and bool(interpret(omega_hs, ESSENTIAL, "omega_hs").met)
