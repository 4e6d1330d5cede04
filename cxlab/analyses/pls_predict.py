"""PLSpredict: how well a path model predicts respondents it has not seen, against a linear benchmark; CVPAT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import ttest_1samp

from cxlab.analyses.pls_flat import refuse_carried
from cxlab.analyses.pls_folds import all_runs, assignments, check_formative_training, fold_notices
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import DataError, Notice, NotSupportedError
from cxlab.estimate.pls.predict import Antecedents, Benchmark, Predictor
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.resample.request import given_seed
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit


Shown = Literal["errors", "cvpat"]


@dataclass(frozen=True, repr=False, eq=False)
class PlsPrediction(Result):
    """Out-of-sample errors of a PLS path model, and tests of their difference from rivals.

    Attributes
    ----------
    table : DataFrame
        item, construct, rmse, mae, q2_predict, rmse_lm, mae_lm; averages over repeats of errors over all folds.
    cvpat : DataFrame
        against ("lm", "mean"), construct ("" for all), difference (average loss of the model less the rival's), t, df,
        pvalue. Negative: the model predicts better.
    predictions, benchmark_predictions : DataFrame
        One row a respondent, one column an indicator; means over repeats.
    """

    table: pd.DataFrame
    cvpat: pd.DataFrame
    predictions: pd.DataFrame = field(repr=False)
    benchmark_predictions: pd.DataFrame = field(repr=False)
    folds: int
    repeats: int
    seed: int | None
    antecedents: Antecedents
    benchmark: Benchmark
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("shmueli_2016", "shmueli_2019", "liengaard_2021")

    def summary(self, lang: Language | None = None) -> str:
        """How many indicators are predicted better than by the benchmark, and the test over all."""
        better = int((self.table["rmse"] < self.table["rmse_lm"]).sum())
        positive = int((self.table["q2_predict"] > 0).sum())
        head = tr(
            "pls.predict_head",
            lang,
            folds=self.folds,
            repeats=self.repeats,
            better=better,
            positive=positive,
            items=len(self.table),
        )
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.cvpat.itertuples():
            value = format_number(row.difference, 3, lang=lang)
            t, p = format_number(row.t, 2, lang=lang), p_text(row.pvalue, lang)
            if not row.construct:
                lines.append("  " + tr(f"pls.cvpat_{row.against}", lang, difference=value, t=t, df=int(row.df), p=p))
            elif row.against == "lm" and self.cvpat["construct"].nunique() > 2:
                name = pick(self.labels.get(row.construct, row.construct), lang)
                lines.append("    " + tr("pls_prediction.cvpat_line", lang, construct=name, difference=value, t=t, p=p))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: Shown = "errors") -> Table:
        """Errors of the model and of the benchmark by indicator, or with `kind` "cvpat" the tests of their difference.

        Raises
        ------
        DataError
            Another kind of table.
        """
        if kind not in get_args(Shown):
            raise DataError("analyses.unknown_option", option="kind", value=kind, known=", ".join(get_args(Shown)))
        return self._apa_cvpat(lang) if kind == "cvpat" else self._apa_errors(lang)

    def _apa_cvpat(self, lang: Language | None) -> Table:
        every = bilingual("pls_prediction.all_constructs")
        rivals = {name: bilingual(f"pls_prediction.against_{name}") for name in ("lm", "mean")}
        frame = self.cvpat.assign(
            construct=[self.labels.get(name, name) if name else every for name in self.cvpat["construct"]],
            against=[rivals[name] for name in self.cvpat["against"]],
        )
        columns = {
            "construct": Column("pls_prediction.col_construct"),
            "difference": Column("pls_prediction.col_difference", "number", digits=3),
            "t": Column("pls_prediction.col_t", "number"),
            "df": Column("pls_prediction.col_df", "integer"),
            "pvalue": Column("pls.col_p", "p"),
        }
        notes = (bilingual("pls_prediction.cvpat_note"), bilingual(f"pls.benchmark_{self.benchmark}"))
        return in_language(Table(frame, columns, "pls_prediction.title_cvpat", notes=notes, group="against"), lang)

    def _apa_errors(self, lang: Language | None) -> Table:
        columns = {
            "item": Column("analyses.col_item"),
            "rmse": Column("pls.col_rmse", "number"),
            "rmse_lm": Column("pls.col_rmse_lm", "number"),
            "mae": Column("pls.col_mae", "number"),
            "mae_lm": Column("pls.col_mae_lm", "number"),
            "q2_predict": Column("pls.col_q2", "bounded"),
        }
        notes = (
            bilingual("pls.predict_note", folds=self.folds, repeats=self.repeats),
            bilingual(f"pls.benchmark_{self.benchmark}"),
        )
        frame = self.table.assign(construct=[self.labels.get(name, name) for name in self.table["construct"]])
        return in_language(Table(frame, columns, "pls.title_predict", notes=notes, group="construct"), lang)


def pls_predict(
    fit: PlsFit,
    folds: int = 10,
    repeats: int = 10,
    seed: int | None = None,
    *,
    antecedents: Antecedents = "earliest",
    benchmark: Benchmark = "exogenous",
    assignment: np.ndarray | None = None,
) -> PlsPrediction:
    """Predict each fold of the respondents from a model estimated on the others.

    Parameters
    ----------
    fit : PlsFit
    folds, repeats : int
        Parts, and how often the respondents are parted anew.
    seed : int, optional
        The same seed gives the same folds; without one it is drawn and kept in ``.seed``.
    antecedents : {"earliest", "direct"}
        What a construct is predicted from: constructs that nothing explains, or its own causes.
    benchmark : {"exogenous", "outside"}
        What the linear model takes; see `cxlab.estimate.pls.predict.linear_predictions`.
    assignment : int array (n,), optional
        Folds from elsewhere, instead of random ones.

    Returns
    -------
    PlsPrediction

    Raises
    ------
    DataError
        Fewer than two folds or more than respondents, folds of another length, unknown options; an item that does not
        vary among the training rows.
    CxlabError
        Numbers that are not whole.
    NotSupportedError
        Repeated indicators, higher-order constructs of common factors, "earliest" with products of explained
        constructs, a fit without complete rows.

    Notes
    -----
    Q2_predict = 1 - SSE / SSO with SSO from the training rows' means. CVPAT: a t test over respondents of the
    difference in mean squared error over all endogenous indicators (Liengaard et al., 2021). R:
    ``seminr::predict_pls``, ``cSEM::predict``. Products and scores of components are made with the training rows'
    weights and deviations; the linear benchmark takes answers alone. Means and medians in the place of missing answers
    are those of all rows, so that folds know a little of each other.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey)
    >>> found = fit.predict(folds=5, repeats=1, seed=1)
    >>> found.table["item"].tolist(), bool(found.table["q2_predict"][0] > 0)
    (['CUSA1'], True)
    """
    for option, value, known in (
        ("antecedents", antecedents, get_args(Antecedents)),
        ("benchmark", benchmark, get_args(Benchmark)),
    ):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    model, drawn = _predictor(fit, antecedents), given_seed(seed)
    values = fit.answers.to_numpy()
    parted = assignments(len(values), folds, repeats, drawn, assignment)
    check_formative_training(fit.model, parted)
    runs = all_runs(model, values, fit.model.answers, parted, antecedents, benchmark)
    names = [fit.model.answers[place] for place in model.places]
    owner = np.array(fit.model.constructs, dtype=object)[model.owner[model.places]]
    own, other = (pd.DataFrame(guess, fit.answers.index, names) for guess in runs.guesses.mean(axis=0)[:2])
    warnings = [*carried(fit, sampling=True), *fold_notices(model, parted, runs, benchmark)]
    if seed is None and assignment is None:
        warnings.append(Notice("resample.seed_drawn", {"seed": drawn}))
    truth = values[:, model.places]
    return PlsPrediction(
        table=_errors(truth, runs.guesses, names, owner),
        cvpat=_cvpat(truth, runs.guesses, owner),
        predictions=own,
        benchmark_predictions=other,
        folds=int(parted[0].max()) + 1,
        repeats=len(parted),
        seed=drawn if assignment is None else None,
        antecedents=antecedents,
        benchmark=benchmark,
        warnings=tuple(warnings),
        labels=fit.labels,
    )


def _errors(truth: np.ndarray, guesses: np.ndarray, names: list[str], owner: np.ndarray) -> pd.DataFrame:
    """Errors of each answer, averaged over repeats."""
    losses, absolute = ((truth - guesses) ** 2).mean(axis=2), np.abs(truth - guesses).mean(axis=2)
    return pd.DataFrame(
        {
            "item": names,
            "construct": owner,
            "rmse": np.sqrt(losses[:, 0]).mean(axis=0),
            "mae": absolute[:, 0].mean(axis=0),
            "q2_predict": (1 - losses[:, 0] / losses[:, 2]).mean(axis=0),
            "rmse_lm": np.sqrt(losses[:, 1]).mean(axis=0),
            "mae_lm": absolute[:, 1].mean(axis=0),
        }
    )


def _predictor(fit: PlsFit, antecedents: Antecedents) -> Predictor:
    """The model as it predicts, or why it cannot."""
    fit.need_rows(".predict()")
    refuse_carried(fit.model, ".predict()")
    if fit.model.repeated:
        raise NotSupportedError("pls_input.staged_repeated", what=".predict()")
    model, constructs = fit.model, fit.model.constructs
    for product, factors in model.products.items():
        explained = [one for one in factors if len(model.design.causes[constructs.index(one)])]
        if antecedents == "earliest" and explained:
            raise NotSupportedError("pls_input.earliest_product", product=product, factor=explained[0])
    return Predictor(model.design, model.stages, fit.scheme, fit.tolerance)


def _cvpat(truth: np.ndarray, guesses: np.ndarray, owner: np.ndarray) -> pd.DataFrame:
    rows = []
    losses = ((truth - guesses) ** 2).mean(axis=0)
    for place, against in ((1, "lm"), (2, "mean")):
        for construct in ("", *dict.fromkeys(owner)):
            chosen = owner == construct if construct else np.ones(len(owner), dtype=bool)
            gap = losses[0][:, chosen].mean(axis=1) - losses[place][:, chosen].mean(axis=1)
            test = ttest_1samp(gap, 0.0)
            rows.append((against, construct, gap.mean(), test.statistic, len(gap) - 1, test.pvalue))
    return pd.DataFrame(rows, columns=["against", "construct", "difference", "t", "df", "pvalue"])
