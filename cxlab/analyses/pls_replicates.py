"""A PLS fit's model in resamples, by the kind of correlations that it was estimated from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from cxlab.errors import NotSupportedError
from cxlab.resample.draws import Draws
from cxlab.resample.pls import Measure, PlsReplicates, pls_replicates
from cxlab.resample.pls_inputs import Answers, InputReplicates, Kind, input_replicates

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_FEWEST = 64


def replicates(fit: PlsFit, draws: Draws, measure: Measure | None = None, maps: bool = False) -> InputReplicates:
    """Estimates of every resample, and what a `measure` says of each; with `maps`, also how indicators are made.

    Complete rows go the fast way. Gaps and categories are part of what is resampled: pairs, the EM algorithm or
    polychoric correlations are found anew in each resample (the latter two in all processors where there are many),
    while means and medians were filled in once, before.
    """
    given, model = fit.given, fit.model
    if given.answers is None:
        raise NotSupportedError("pls_input.moments_resample")
    values = pd.DataFrame(given.answers).to_numpy()
    options = (fit.scheme, fit.tolerance)
    if given.kind == "rows" and not maps:
        rows = pls_replicates(values, model.design, draws, *options, stages=model.stages, measure=measure)
        return InputReplicates(rows, None)
    searched = given.kind in ("em", "ordinal") and draws.size >= _FEWEST
    answers = Answers(values, cast(Kind, given.kind), np.array(given.ordinal, dtype=bool))
    how = {"stages": model.stages, "measure": measure, "workers": -1 if searched else 1}
    return input_replicates(answers, model.design, draws, *options, **how)  # type: ignore[arg-type]


def status_of(found: PlsReplicates) -> pd.Series:
    """Counts: replicates, used (those that converged), not_converged, constant, inadmissible."""
    return pd.Series(
        {
            "replicates": len(found.converged),
            "used": int(found.converged.sum()),
            "not_converged": int((~found.converged & ~found.constant).sum()),
            "constant": int(found.constant.sum()),
            "inadmissible": int((found.converged & ~found.admissible).sum()),
        }
    )
