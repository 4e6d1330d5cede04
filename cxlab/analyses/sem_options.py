"""The options of `cx.sem`: lavaan's words, checked against what the engine serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np

from cxlab.errors import ModelError, NotSupportedError
from cxlab.estimate.sem.fitting import Options as SearchOptions
from cxlab.estimate.sem.request import ESTIMATORS, ORDINAL, ORDINAL_ONLY
from cxlab.estimate.sem.request import Request as EngineRequest
from cxlab.estimate.sem.solver import Control
from cxlab.specify.groups import read_group_equal

# Standard errors from the optimum at which a last step is taken. A single fit can afford more than the engine's
# default, and where factors nearly coincide its standard errors need it.
CLOSE = 1e-7

Kind = Literal["sem", "cfa", "growth"]
Engine = Literal["cxlab", "semopy"]

_NOT_SERVED = ("PML", "FML", "MML", "DLS")
_ROBUST_SE = ("robust", "robust.sem", "robust.huber.white")
_SE = ("standard", *_ROBUST_SE, "first.order", "none")
_TESTS = ("standard", "satorra.bentler", "yuan.bentler.mplus", "scaled.shifted", "mean.var.adjusted")
_FIML = ("fiml", "ml", "direct")
_OTHER_MISSING = ("fiml.x", "ml.x", "two.stage", "robust.two.stage", "pairwise", "doubly.robust", "available.cases")


@dataclass(frozen=True)
class Options:
    """How a model is read and estimated; lavaan's words.

    Attributes
    ----------
    kind : {"sem", "cfa", "growth"}
    estimator, se, missing, std_lv, orthogonal, engine, group, group_equal, group_partial, meanstructure, fixed_x,
    ordered, parameterization
        As in `cx.sem`; `estimator` in capitals, `missing` "listwise" or "fiml".
    information, test : str, optional
        To overrule what the estimator implies.
    starts, seed : int
        Random starts besides the usual ones, and their seed.
    """

    kind: Kind = "sem"
    estimator: str = "ML"
    se: str = "standard"
    missing: str = "listwise"
    std_lv: bool = False
    orthogonal: bool = False
    engine: str = "cxlab"
    group: str | None = None
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    meanstructure: bool | None = None
    fixed_x: bool | None = None
    ordered: bool | tuple[str, ...] = ()
    parameterization: str = "delta"
    information: str | None = None
    test: str | None = None
    starts: int = 0
    seed: int = 1

    @property
    def family(self) -> str:
        """What is minimised: ML, GLS, ULS or WLS."""
        return ESTIMATORS[self.estimator][0]

    @property
    def covariates_fixed(self) -> bool:
        """Whether exogenous covariates keep the sample's moments; as in lavaan not so for GLS, ULS and WLS."""
        return self.family == "ML" if self.fixed_x is None else self.fixed_x

    @property
    def means(self) -> bool | None:
        """Whether means are modelled; None leaves it to the model."""
        return True if self.missing == "fiml" and self.meanstructure is None else self.meanstructure

    def engine_request(self) -> EngineRequest:
        """The same for the engine."""
        se: Any = None if self.se == "standard" else self.se
        if self.se == "robust":
            se = "robust.huber.white" if self.missing == "fiml" else "robust.sem"
        return EngineRequest(
            estimator=self.estimator,
            se=se,
            test=cast(Any, self.test),
            information=cast(Any, self.information),
            missing=cast(Any, self.missing),
            options=SearchOptions(Control(distance=CLOSE), starts=self.starts, seed=self.seed),
        )


def checked(options: Options, ordered: object) -> Options:
    """The options in one spelling, or an error that says which word is unknown or not served, and what to do."""
    items = _ordered(ordered)
    _one_of("engine", options.engine, ("cxlab", "semopy"))
    for name in ("std_lv", "orthogonal"):
        _switch(name, getattr(options, name))
    for name in ("meanstructure", "fixed_x"):
        if getattr(options, name) is not None:
            _switch(name, getattr(options, name))
    options = replace(
        options,
        estimator=_estimator(options.estimator, items),
        ordered=items,
        missing=_missing(options.missing),
        group_equal=read_group_equal(options.group_equal),
        group_partial=_names(options.group_partial),
    )
    _se(options.se)
    if options.information is not None:
        _one_of("information", options.information, ("expected", "observed"))
    if options.test is not None:
        _one_of("test", options.test, _TESTS)
    _one_of("parameterization", options.parameterization, ("delta", "theta"))
    if items and options.missing == "fiml":
        raise ModelError("ordinal.fiml")
    if options.missing == "fiml" and options.meanstructure is False:
        raise ModelError("engine.fiml_needs_means")
    if options.engine == "semopy":
        refuse_options(options)
    return options


def refuse_options(options: Options) -> None:
    """Raise a `NotSupportedError` for what semopy has no checked answer for."""
    if options.ordered:
        raise NotSupportedError("ordinal.semopy")
    for option, value, served in (
        ("estimator", options.estimator, "ML"),
        ("se", options.se, "standard"),
        ("missing", options.missing, "listwise"),
    ):
        if value != served:
            raise NotSupportedError(f"sem.{option}_later", value=value)
    if options.test not in (None, "standard") or options.information not in (None, "expected"):
        raise NotSupportedError("sem.test_later")
    if options.group is not None:
        raise NotSupportedError("sem.groups", group=options.group)
    if options.meanstructure or options.kind == "growth":
        raise NotSupportedError("sem.means")


def _estimator(value: object, ordered: bool | tuple[str, ...]) -> str:
    """The estimator's name; with ordinal items the default, ML, stands for WLSMV as in lavaan."""
    name = str(value).upper()
    if name in _NOT_SERVED:
        raise NotSupportedError("ordinal.not_served", estimator=name)
    if name not in ESTIMATORS:
        raise ModelError("sem.unknown_option", option="estimator", value=value, known=listed(ESTIMATORS))
    if not ordered:
        if name in ORDINAL_ONLY:
            raise ModelError("ordinal.estimator_needs_ordered", estimator=name)
        return name
    name = "WLSMV" if name == "ML" else name
    if name not in ORDINAL:
        raise ModelError("ordinal.estimator", estimator=name, known=", ".join(ORDINAL))
    return name


def _ordered(value: object) -> bool | tuple[str, ...]:
    if value is None or isinstance(value, bool | np.bool_):
        return bool(value) if value else ()
    return (value,) if isinstance(value, str) else tuple(str(name) for name in cast(Iterable[object], value))


def _missing(value: object) -> str:
    if value in _FIML:
        return "fiml"
    if value in _OTHER_MISSING:
        raise NotSupportedError("sem.missing_other", value=value)
    _one_of("missing", value, ("listwise", "fiml"))
    return str(value)


def _se(value: object) -> None:
    if value in ("bootstrap", "boot"):
        raise NotSupportedError("sem.se_bootstrap")
    _one_of("se", value, _SE)


def _switch(name: str, value: object) -> None:
    if not isinstance(value, bool | np.bool_):
        raise ModelError("sem.unknown_option", option=name, value=value, known="True, False")


def _one_of(option: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        raise ModelError("sem.unknown_option", option=option, value=value, known=listed(known))


def _names(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def listed(names: Iterable[object]) -> str:
    """Names in quotes, with commas.

    Examples
    --------
    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(f"'{name}'" for name in names)
