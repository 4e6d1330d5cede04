"""Effect sizes f² from the whole model estimated again without a path, its first stage too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxlab.analyses.pls_made import estimated
from cxlab.analyses.pls_stages import model_of
from cxlab.errors import CxlabError
from cxlab.estimate.pls.algorithm import MOST

if TYPE_CHECKING:
    from cxlab.analyses.pls_model import PlsSource
    from cxlab.analyses.pls_result import PlsFit


def reestimated_effect_sizes(fit: PlsFit) -> np.ndarray:
    """f-squared (J, J) of each path: what R² loses without it, over what stays unexplained; nan where there is no path.

    Constructs that are in no other path leave the model with it. nan too for a factor of a product with the same
    target, and where the model without the path cannot be estimated. R: ``seminr`` (``summary(model)$fSquare``).
    """
    design, names, source = fit.model.design, fit.model.constructs, fit.model.source
    found = np.full((design.constructs, design.constructs), np.nan)
    if source is None:
        return found
    r2 = fit.solved.r2[:, 0]
    for cause, target in zip(*np.nonzero(design.paths), strict=True):
        left = 1 - r2[target]
        if left > 1e-12:
            found[cause, target] = (r2[target] - _explained(fit, source, names[cause], names[target])) / left
    return found


def _explained(fit: PlsFit, source: PlsSource, cause: str, target: str) -> float:
    """R² of the target without the path from the cause."""
    text = source.text
    crossed = any(aim == target and cause in text.products[name] for name, aim in text.product_paths)
    if crossed or (cause, target) not in (*text.paths, *text.product_paths):
        return float("nan")  # a product without its factor means nothing; a path to repeated indicators is no path
    shorter = source.without(cause, target)
    if shorter is None:
        return 0.0
    model = model_of(shorter)
    if target not in model.constructs:
        return 0.0
    given = fit.given.taken(model.answers, model.answers)
    try:
        found = estimated(model, given, fit.scheme, fit.tolerance, MOST)
    except CxlabError:
        return float("nan")
    return float(found.solved.r2[model.constructs.index(target), 0]) if found.usable[0] else float("nan")
