"""One wave of a model becomes several: constructs that carry over, items with a part of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, ModelError, NotSupportedError
from cxlab.specify import Model
from cxlab.specify.statements import Modifiers, Term
from cxlab.specify.write import lavaan_text
from cxlab.study.simulation.population import DIGITS, Population, population, psd_root

Cross = Mapping[tuple[str, str], float]


def panel_model(
    model: str | Model,
    waves: int,
    stability: float | Mapping[str, float] = 0.6,
    *,
    cross: Cross | None = None,
    item_stability: float = 0.3,
    standardized: bool = False,
) -> str:
    """Expand a one-wave population model into a panel: the same constructs and items at several times.

    When to use it: before `simulate`, for respondents who answer the same questions again. Each wave has the moments of
    the one-wave model; constructs depend on the wave before; items keep their intercepts and part of their residual.

    Parameters
    ----------
    model : str or Model
        One wave, as for `simulate`: constructs with items, and paths or covariances between constructs.
    waves : int
        2 or more. Names get the wave at their end: ``SAT_w1``, ``sat1_w2``.
    stability : float or mapping of construct to float
        Path from a construct to itself a wave later.
    cross : mapping of (outcome, cause) to float, optional
        Further paths from one wave to the next: ``{("LOY", "SAT"): 0.2}``.
    item_stability : float
        Share of an item's residual variance that stays the same over waves, from 0 to below 1.
    standardized : bool
        As for `simulate`.

    Returns
    -------
    str
        lavaan text for `simulate`.

    Raises
    ------
    DataError
        Fewer than two waves, unknown constructs, a share outside 0 to 1.
    ModelError
        Carry-over so strong that a construct would need a negative residual variance.
    NotSupportedError
        Observed variables in paths.

    Notes
    -----
    With Phi the constructs' covariance matrix in one wave and A the paths between waves, the disturbances of later
    waves have covariance Phi - A Phi A', which keeps every wave's moments the same. Within-wave paths become the
    covariances that they imply; a construct without items of its own (a second-order factor) is left out likewise.

    Examples
    --------
    >>> print(panel_model("f =~ 0.8*a + 0.7*b + 0.6*c", 2, 0.5, item_stability=0, standardized=True))
    f_w1 =~ 0.8*a_w1 + 0.7*b_w1 + 0.6*c_w1
    f_w1 ~~ 1*f_w1
    a_w1 ~~ 0.36*a_w1
    b_w1 ~~ 0.51*b_w1
    c_w1 ~~ 0.64*c_w1
    f_w2 =~ 0.8*a_w2 + 0.7*b_w2 + 0.6*c_w2
    f_w2 ~ 0.5*f_w1
    f_w2 ~~ 0.75*f_w2
    a_w2 ~~ 0.36*a_w2
    b_w2 ~~ 0.51*b_w2
    c_w2 ~~ 0.64*c_w2
    """
    if isinstance(waves, bool) or not isinstance(waves, int) or not 2 <= waves <= 50:
        raise DataError("simulation.waves_range", value=waves)
    if not 0 <= item_stability < 1:
        raise DataError("simulation.share_range", option="item_stability", value=item_stability)
    one = population(model, standardized=standardized)
    if len(one.places.latent) > len(one.latent):
        raise NotSupportedError("simulation.panel_observed", name=one.places.latent[len(one.latent)])
    kept = [k for k, name in enumerate(one.latent) if one.matrices.lambda_[0, :, k].any()]
    carry = _carry([one.latent[k] for k in kept], stability, cross or {})
    terms = [term for wave in range(1, waves + 1) for term in _wave(one, kept, carry, wave)]
    terms += _kept_residuals(one, waves, item_stability)
    return lavaan_text(terms, ()).strip()


def _carry(constructs: list[str], stability: float | Mapping[str, float], cross: Cross) -> np.ndarray:
    """A: paths from one wave (columns) to the next (rows)."""
    named = dict(stability) if isinstance(stability, Mapping) else dict.fromkeys(constructs, stability)
    for name in (*named, *(name for pair in cross for name in pair)):
        if name not in constructs:
            hint, known = did_you_mean(str(name), constructs), ", ".join(constructs)
            raise DataError("simulation.unknown_item", option="panel_model", name=name, hint=hint, known=known)
    found = np.diag([float(named.get(name, 0.0)) for name in constructs])
    for (outcome, cause), value in cross.items():
        found[constructs.index(outcome), constructs.index(cause)] += value
    return found


def _wave(one: Population, kept: list[int], carry: np.ndarray, wave: int) -> Iterator[Term]:
    at = one.matrices
    total = one.total_effect[0]
    phi = (total @ at.psi[0] @ total.T)[np.ix_(kept, kept)]
    mean = (total @ at.alpha[0])[kept]
    constructs = [f"{one.latent[k]}_w{wave}" for k in kept]
    items = [f"{name}_w{wave}" for name in one.names]
    for k, factor in zip(kept, constructs, strict=True):
        for i in np.flatnonzero(at.lambda_[0, :, k]):
            yield _term(factor, "=~", items[i], at.lambda_[0, i, k])
    disturbance, level = phi, mean
    if wave > 1:
        disturbance, level = phi - carry @ phi @ carry.T, mean - carry @ mean
        broken = psd_root(disturbance)[1]
        if broken is not None:
            raise ModelError("simulation.panel_too_strong", name=one.latent[kept[broken]])
        for row, column in np.argwhere(carry):
            yield _term(constructs[row], "~", f"{one.latent[kept[column]]}_w{wave - 1}", carry[row, column])
    yield from _covariances(constructs, disturbance)
    yield from _covariances(items, at.theta[0])
    for name, value in (*zip(constructs, level, strict=True), *zip(items, at.nu[0], strict=True)):
        if abs(value) > 1e-12:
            yield _term(name, "~1", "", value)


def _covariances(names: list[str], matrix: np.ndarray) -> Iterator[Term]:
    for i, one in enumerate(names):
        for j in range(i, len(names)):
            if i == j or abs(matrix[i, j]) > 1e-12:
                yield _term(one, "~~", names[j], matrix[i, j])


def _kept_residuals(one: Population, waves: int, share: float) -> Iterator[Term]:
    for name, variance in zip(one.names, np.diag(one.matrices.theta[0]), strict=True):
        for first in range(1, waves + 1):
            for second in range(first + 1, waves + 1):
                if share * variance > 0:
                    yield _term(f"{name}_w{first}", "~~", f"{name}_w{second}", share * variance)


def _term(lhs: str, op: str, rhs: str, value: float) -> Term:
    return Term(lhs, op, rhs, Modifiers(fixed=(round(float(value), DIGITS),)))
