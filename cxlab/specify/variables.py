"""Which variables play which part: lavaan's variable sets, in lavaan's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Row(Protocol):
    """Anything with the three columns that say what a parameter is."""

    @property
    def lhs(self) -> str: ...
    @property
    def op(self) -> str: ...
    @property
    def rhs(self) -> str: ...


@dataclass(frozen=True)
class Variables:
    """The variable sets of a model, named as R's ``lavNames`` names them with ``.`` as ``_``.

    Attributes
    ----------
    ov : tuple of str
        Observed variables, in the order of the model: indicators, outcomes, predictors, others.
    ov_x, ov_nox : tuple of str
        Exogenous observed predictors without a mean, variance or covariance in the user's text; all others.
    ov_ind, ov_y : tuple of str
        Indicators; observed outcomes that predict nothing and indicate nothing.
    lv : tuple of str
        Latent variables and composites, in the order of the model.
    lv_regular, lv_formative : tuple of str
        Those measured by ``=~``; those formed by ``<~``.
    lv_x, lv_nox, lv_y : tuple of str
        Latent variables that nothing explains; the rest; those that are explained and explain nothing.
    lv_ind : tuple of str
        Latent variables that indicate another (second order).
    eqs_y, eqs_x : tuple of str
        Left and right sides of the regressions.
    """

    ov: tuple[str, ...]
    ov_x: tuple[str, ...]
    ov_nox: tuple[str, ...]
    ov_ind: tuple[str, ...]
    ov_y: tuple[str, ...]
    lv: tuple[str, ...]
    lv_regular: tuple[str, ...]
    lv_formative: tuple[str, ...]
    lv_x: tuple[str, ...]
    lv_nox: tuple[str, ...]
    lv_y: tuple[str, ...]
    lv_ind: tuple[str, ...]
    eqs_y: tuple[str, ...]
    eqs_x: tuple[str, ...]
    random_x: tuple[str, ...] = ()


def variables(rows: Sequence[Row], by_user: Sequence[bool] | None = None) -> Variables:
    """The variable sets of rows of one group.

    Parameters
    ----------
    rows : sequence
        Rows with `lhs`, `op`, `rhs`.
    by_user : sequence of bool, optional
        Whether each row stands in the user's text. A mean, variance or covariance of a predictor in the text makes
        that predictor random (`random_x`); one that a rule added does not. Default: all.
    """
    latent = _unique(row.lhs for row in rows if row.op in ("=~", "<~"))
    eqs_y = _unique(row.lhs for row in rows if row.op == "~")
    eqs_x = _unique(row.rhs for row in rows if row.op in ("~", "<~"))
    indicators = _unique(row.rhs for row in rows if row.op == "=~")
    ov_ind = _without(indicators, latent)
    outcomes = _without(eqs_y, latent, ov_ind)
    predictors = _without(eqs_x, latent, ov_ind, outcomes)
    covaried = [row for row in rows if row.op == "~~"]
    with_mean = (row.lhs for row in rows if row.op == "~1")
    # lavaan collects all left sides before the right ones
    others = _unique([*(row.lhs for row in covaried), *(row.rhs for row in covaried), *with_mean])
    ov = _unique([*ov_ind, *outcomes, *predictors, *_without(others, latent)])
    users = rows if by_user is None else [row for row, by in zip(rows, by_user, strict=True) if by]
    named = {name for row in users if row.op in ("~~", "~1") for name in (row.lhs, row.rhs)}
    ov_x = tuple(name for name in predictors if name not in named)
    lv_x = _without(latent, indicators, eqs_y)
    pure = set(_without(eqs_y, indicators, eqs_x))
    return Variables(
        ov=ov,
        ov_x=ov_x,
        ov_nox=_without(ov, ov_x),
        ov_ind=ov_ind,
        ov_y=tuple(name for name in ov if name in pure and name not in latent),
        lv=latent,
        lv_regular=_unique(row.lhs for row in rows if row.op == "=~"),
        lv_formative=_unique(row.lhs for row in rows if row.op == "<~"),
        lv_x=lv_x,
        lv_nox=_without(latent, lv_x),
        lv_y=tuple(name for name in latent if name in pure),
        lv_ind=_unique(name for name in indicators if name in latent),
        eqs_y=eqs_y,
        eqs_x=eqs_x,
        random_x=tuple(name for name in predictors if name in named),
    )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _without(names: Sequence[str], *others: Iterable[str]) -> tuple[str, ...]:
    excluded = {name for other in others for name in other}
    return tuple(name for name in names if name not in excluded)
