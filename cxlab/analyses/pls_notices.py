"""What a PLS fit's own warnings mean for whatever is computed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxlab.errors import Notice

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_OF_ANSWERS = ("analyses.simulated", "analyses.weights_unused", "analyses.outside_scale", "sem.reversed_items")
# Invented answers make standard errors and errors of prediction smaller than they are.
_FILLED = ("pls.mean_replaced", "pls_input.median_replaced")
_IMPROPER = (
    "pls.rho_not_positive",
    "pls.loading_beyond",
    "pls.correlation_beyond",
    "pls.not_positive_definite",
)


def carried(fit: PlsFit, *, scores: bool = False, sampling: bool = False) -> list[Notice]:
    """Notices that belong on a result made of this fit too.

    With `scores` on one that does not look at corrected paths, with `sampling` on one about other samples or rows.

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
    >>> carried(fit)
    []
    """
    found = [one for one in fit.warnings if one.key in (*_OF_ANSWERS, *(_FILLED if sampling else ()))]
    found += [one for one in fit.warnings if one.key == "pls.not_converged"]
    if not scores and any(one.key in _IMPROPER for one in fit.warnings):
        found.append(Notice("pls.improper_solution", serious=True))
    return found
