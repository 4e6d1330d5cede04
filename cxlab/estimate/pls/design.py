"""A PLS path model as its algorithm sees it: blocks of indicators, modes, and which construct explains which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Mode = Literal["A", "B", "unit"]
Scheme = Literal["path", "factorial", "centroid"]


@dataclass(frozen=True, eq=False)
class Design:
    """Blocks, modes and paths of J constructs with p indicators; an indicator belongs to one construct.

    Attributes
    ----------
    sizes : tuple of int (J,)
        Indicators of each construct; the indicators stand block after block.
    modes : tuple of {"A", "B", "unit"} (J,)
        Correlation weights, regression weights, or equal ones.
    consistent : tuple of bool (J,)
        Whether a construct is a common factor, whose correlations are corrected for attenuation (PLSc).
    paths : bool array (J, J)
        ``paths[i, j]`` says that construct i explains construct j.
    """

    sizes: tuple[int, ...]
    modes: tuple[Mode, ...]
    consistent: tuple[bool, ...]
    paths: NDArray[np.bool_]

    @property
    def constructs(self) -> int:
        """J."""
        return len(self.sizes)

    @property
    def indicators(self) -> int:
        """p."""
        return sum(self.sizes)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Place of each block's first indicator (J,)."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.intp)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """Places of each construct's indicators."""
        return tuple(slice(int(start), int(start) + size) for start, size in zip(self.starts, self.sizes, strict=True))

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Construct of each indicator (p,)."""
        return np.repeat(np.arange(self.constructs), self.sizes)

    @cached_property
    def causes(self) -> tuple[NDArray[np.intp], ...]:
        """What explains each construct."""
        return tuple(np.flatnonzero(self.paths[:, place]) for place in range(self.constructs))

    @cached_property
    def effects(self) -> tuple[NDArray[np.intp], ...]:
        """What each construct explains."""
        return tuple(np.flatnonzero(self.paths[place]) for place in range(self.constructs))

    @property
    def corrected(self) -> NDArray[np.bool_]:
        """Constructs with a reliability to be estimated: consistent ones with several indicators (J,)."""
        return np.array(self.consistent) & (np.array(self.sizes) > 1)
