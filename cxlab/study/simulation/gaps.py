"""Missing answers: completely at random, at random given another column, or because a question was not asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError
from cxlab.study.simulation.draw import Streams
from cxlab.study.simulation.options import MAR, MCAR, Missing, Routing
from cxlab.survey.select import as_mask
from cxlab.survey.survey import Survey


def check_missing(options: Sequence[Missing], items: Sequence[str], columns: Sequence[str]) -> None:
    """Raise a `DataError` for unknown items, and for what depends on answers that are missing themselves.

    Parameters
    ----------
    options : sequence of MCAR, MAR or Routing
    items : sequence of str
        Simulated variables, where answers may be missing.
    columns : sequence of str
        All columns of the survey, on which they may depend.
    """
    for option in options:
        _known("missing", option.items, items)
    for option in options:
        if not isinstance(option, MAR):
            continue
        _known("depends_on", (option.depends_on,), columns)
        if any(option.depends_on in _touched(one, items) for one in options):
            raise DataError("simulation.depends_on_missing", name=option.depends_on)


def make_gaps(survey: Survey, options: Sequence[Missing], items: Sequence[str], streams: Streams) -> pd.DataFrame:
    """The survey's columns with missing answers; every mechanism looks at the complete answers."""
    frame = survey.frame.copy()
    for position, option in enumerate(options):
        touched = _touched(option, items)
        if isinstance(option, Routing):
            gone = np.repeat(~as_mask(survey, option.asked_if)[:, None], len(touched), axis=1)
        else:
            chance = _chances(survey.frame, option)[:, None]
            gone = streams.of("missing", position).random((len(frame), len(touched))) < chance
        for column, name in enumerate(touched):
            if gone[:, column].any():
                frame[name] = frame[name].astype(float).mask(gone[:, column])
    return frame


def _chances(frame: pd.DataFrame, option: MCAR | MAR) -> np.ndarray:
    """Each respondent's probability of a missing answer (n,), on average the share."""
    if isinstance(option, MCAR) or option.share == 0:
        return np.full(len(frame), option.share)
    column = frame[option.depends_on]
    values = column.to_numpy(dtype=float) if pd.api.types.is_numeric_dtype(column) else pd.factorize(column)[0]
    spread = values.std()
    if not spread > 0:
        raise DataError("simulation.depends_on_constant", name=option.depends_on)
    lean = option.slope * (values - values.mean()) / spread
    reach = 40 + np.abs(lean).max()
    level = brentq(lambda start: float(expit(start + lean).mean()) - option.share, -reach, reach, xtol=1e-12)
    return np.asarray(expit(level + lean))


def _touched(option: Missing, items: Sequence[str]) -> list[str]:
    if option.items:
        return list(option.items)
    return [name for name in items if not isinstance(option, MAR) or name != option.depends_on]


def _known(option: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise DataError("simulation.unknown_item", option=option, name=name, hint=hint, known=", ".join(known))
