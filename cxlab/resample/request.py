"""What a caller asks of a resampling: whole numbers, and the seed that is drawn where none is given."""

from __future__ import annotations

import numpy as np

from cxlab.errors import CxlabError


def check_whole(name: str, value: object, least: int) -> int:
    """The value as a whole number, or an error.

    Examples
    --------
    >>> check_whole("n_draws", 500, 1)
    500
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or int(value) < least:
        shown = repr(value) if isinstance(value, str) else value
        raise CxlabError("resample.whole_number", name=name, value=shown, least=least)
    return int(value)


def given_seed(seed: object) -> int:
    """The seed, or, where it is None, one from the system's entropy, which results then name.

    Examples
    --------
    >>> given_seed(20261122)
    20261122
    """
    return int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else check_whole("seed", seed, 0)
