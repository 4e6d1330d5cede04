"""Constructs as weighted sums of answers, however many stages their weights came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.design import Design, Mode
from cxlab.estimate.pls.stages import Stages

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Composites:
    """Which answers a model's constructs are made of, construct after construct; products have none of their own.

    Attributes
    ----------
    constructs : tuple of int (C,)
        Places of the constructs in the model.
    sizes : tuple of int (C,)
        How many answers each has.
    answer : int array (f,)
        Place of each among the answers.
    indicator : int array (f,)
        Place of the model's indicator that it belongs to.
    staged : bool
        Whether indicators are themselves made of several answers.
    """

    constructs: tuple[int, ...]
    sizes: tuple[int, ...]
    answer: Places
    indicator: Places
    staged: bool

    @property
    def design(self) -> Design:
        """The same constructs with their answers as indicators, without paths."""
        count = len(self.sizes)
        mode: Mode = "A"
        return Design(self.sizes, (mode,) * count, (False,) * count, np.zeros((count, count), dtype=bool))

    def weights(self, weights: Array, maps: Array | None) -> Array:
        """Weights (R, f) of standardised answers, from those of the indicators (R, k) and the maps (R, k, p)."""
        found = weights[:, self.indicator]
        if maps is not None:
            found = found * maps[:, self.indicator, self.answer]
        return np.asarray(found)


def composites(design: Design, stages: Stages | None) -> Composites:
    """The answers behind each construct of a model."""
    places, sizes = [], []
    answer: list[int] = []
    indicator: list[int] = []
    for place in range(design.constructs):
        block = range(*design.blocks[place].indices(design.indicators))
        if stages is not None and stages.interactions[place]:
            continue
        own = [(one, item) for item in block for one in _answers(stages, item)]
        places.append(place)
        sizes.append(len(own))
        answer += [one for one, _ in own]
        indicator += [item for _, item in own]
    staged = stages is not None and any(made.kind == "score" for made in stages.made)
    return Composites(tuple(places), tuple(sizes), np.array(answer), np.array(indicator), staged)


def _answers(stages: Stages | None, item: int) -> list[int]:
    if stages is None:
        return [item]
    made = stages.made[item]
    if made.kind == "answer" or stages.first is None:
        return [made.places[0]]
    block = range(*stages.first.blocks[made.places[0]].indices(stages.first.indicators))
    return [stages.first_places[place] for place in block]
