"""How a model is to be estimated, in lavaan's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cxlab.errors import ModelError
from cxlab.estimate.sem.fitting import DEFAULT, Estimator, Options
from cxlab.estimate.sem.sample import Sample
from cxlab.specify.partable import ParTable

SE = Literal["standard", "robust.sem", "robust.huber.white", "first.order", "none"]
Test = Literal["standard", "satorra.bentler", "yuan.bentler.mplus", "scaled.shifted", "mean.var.adjusted"]
Information = Literal["expected", "observed"]

# lavaan's short names: estimator, standard errors, test.
ESTIMATORS: dict[str, tuple[Estimator, SE, Test]] = {
    "ML": ("ML", "standard", "standard"),
    "MLM": ("ML", "robust.sem", "satorra.bentler"),
    "MLMV": ("ML", "robust.sem", "scaled.shifted"),
    "MLMVS": ("ML", "robust.sem", "mean.var.adjusted"),
    "MLR": ("ML", "robust.huber.white", "yuan.bentler.mplus"),
    "MLF": ("ML", "first.order", "standard"),
    "GLS": ("GLS", "standard", "standard"),
    "ULS": ("ULS", "standard", "standard"),
    "WLS": ("WLS", "standard", "standard"),
    "DWLS": ("DWLS", "standard", "standard"),
    "WLSM": ("DWLS", "robust.sem", "satorra.bentler"),
    "WLSMV": ("DWLS", "robust.sem", "scaled.shifted"),
    "WLSMVS": ("DWLS", "robust.sem", "mean.var.adjusted"),
    "ULSM": ("ULS", "robust.sem", "satorra.bentler"),
    "ULSMV": ("ULS", "robust.sem", "scaled.shifted"),
    "ULSMVS": ("ULS", "robust.sem", "mean.var.adjusted"),
}
# What ordinal items are fitted by, and what only they are.
ORDINAL = ("WLSMV", "WLSM", "WLSMVS", "DWLS", "ULSMV", "ULSM", "ULSMVS", "ULS", "WLS")
ORDINAL_ONLY = ("WLSMV", "WLSM", "WLSMVS", "DWLS", "ULSMV", "ULSM", "ULSMVS")


_FOURTH_MOMENTS = ("satorra.bentler", "scaled.shifted", "mean.var.adjusted")


@dataclass(frozen=True)
class Request:
    """How a model is estimated, in lavaan's words.

    Attributes
    ----------
    estimator : str
        ML, MLM, MLMV, MLMVS, MLR, MLF, GLS, ULS or WLS; for ordinal items one of `ORDINAL`.
    se, test : str, optional
        To overrule what the estimator implies.
    information : {"expected", "observed"}, optional
        Default: observed with ``missing="fiml"`` and for MLR, else expected.
    missing : {"listwise", "fiml"}
        With "listwise" the sample must be complete.
    baseline : bool
        Whether the baseline model is fitted too.
    options : Options
        Limits of the search.
    """

    estimator: str = "ML"
    se: SE | None = None
    test: Test | None = None
    information: Information | None = None
    missing: Literal["listwise", "fiml"] = "listwise"
    baseline: bool = True
    options: Options = DEFAULT

    @property
    def distance(self) -> Estimator:
        """What is minimised; of a settled request."""
        return ESTIMATORS[self.estimator][0]


def settled(request: Request, table: ParTable, sample: Sample) -> Request:
    """The request with every choice made."""
    name = request.estimator.upper()
    if name not in ESTIMATORS:
        raise ModelError("engine.unknown_estimator", value=request.estimator, known=", ".join(ESTIMATORS))
    estimator, se, test = ESTIMATORS[name]
    se, test = request.se or se, request.test or test
    if sample.ordinal is not None:
        return _settled_ordinal(replace(request, estimator=name), estimator, se, test)
    if name in ORDINAL_ONLY:
        raise ModelError("ordinal.estimator_needs_ordered", estimator=name)
    fiml = request.missing == "fiml"
    if fiml and (
        estimator != "ML" or se == "robust.sem" or test in ("satorra.bentler", "scaled.shifted", "mean.var.adjusted")
    ):
        raise ModelError("engine.fiml_needs_ml", estimator=name)
    if fiml and not table.meanstructure:
        raise ModelError("engine.fiml_needs_means")
    if estimator != "ML" and (se not in ("standard", "none") or test != "standard"):
        raise ModelError("engine.robust_needs_ml", estimator=name)
    robust = se not in ("standard", "none") or test != "standard"
    if sample.values is None and (robust or fiml or estimator == "WLS"):
        raise ModelError("engine.needs_rows", estimator=name)
    default: Information = "observed" if fiml or se == "robust.huber.white" else "expected"
    return replace(request, estimator=estimator, se=se, test=test, information=request.information or default)


def _settled_ordinal(request: Request, estimator: Estimator, se: SE, test: Test) -> Request:
    if request.estimator not in ORDINAL:
        raise ModelError("ordinal.estimator", estimator=request.estimator, known=", ".join(ORDINAL))
    if request.missing == "fiml":
        raise ModelError("ordinal.fiml")
    if request.information == "observed":
        raise ModelError("ordinal.information")
    if se not in ("standard", "robust.sem", "none") or test not in ("standard", *_FOURTH_MOMENTS):
        raise ModelError("ordinal.estimator", estimator=f"{se}, {test}", known=", ".join(ORDINAL))
    return replace(request, estimator=estimator, se=se, test=test, information="expected")
