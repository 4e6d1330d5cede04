"""Which outcome follows from what, unless the researcher says otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from cxlab.theory.frameworks.facts import Part


def default_paths(experience: Sequence[str], outcomes: Sequence[Part]) -> dict[str, list[str]]:
    """Predictors by outcome: those it is said to follow, as far as they are asked, else the experience.

    Examples
    --------
    >>> from cxlab import framework
    >>> satisfaction, loyalty, *_ = framework("outcomes").parts
    >>> default_paths(["sense", "feel"], [loyalty, satisfaction])
    {'satisfaction': ['sense', 'feel'], 'loyalty': ['satisfaction']}
    """
    asked = {part.name for part in outcomes}
    before = {part.name: [name for name in part.follows if name in asked] for part in outcomes}
    direct = {name: list(experience) for name, earlier in before.items() if not earlier}
    return direct | {name: earlier for name, earlier in before.items() if earlier}
