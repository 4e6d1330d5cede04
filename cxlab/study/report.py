"""The report that a notebook writes while it runs: questions, findings, tables, figures and the data behind them."""

from __future__ import annotations

import dataclasses
import html
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cxlab.errors import PrivacyError, StudyError
from cxlab.i18n import Language, check_language, current_language, pick, tr
from cxlab.study.keep import Keeper, check_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.show.table import Table
    from cxlab.survey.survey import Survey

Thing = TypeVar("Thing")
Words = str | Mapping[str, str]


class Sentence(str):
    """A sentence of the report; a notebook shows it as a paragraph."""

    def _repr_html_(self) -> str:
        style = "border-left:3px solid #8a8f98;padding:.1em 0 .1em .8em;margin:.4em 0;max-width:44em"
        return f'<p class="cx-sentence" style="{style}">{html.escape(self)}</p>'


class Report:
    """Collects what a notebook wants a reader to see; `cxlab reproduce` turns it into the report's pages.

    Use one in each notebook, called like the notebook. With ``folder=None``, as when you work in JupyterLab,
    things are shown and checked, and nothing is written.

    Parameters
    ----------
    name : str
        The notebook's name, for example ``"08_ecsi_structural_models"``: letters, digits, ``_`` and ``-``.
    folder : str or Path, optional
        The folder of all reports; this one writes into ``folder/name``.
    lang : "en" or "vi", optional
        Language of tables and captions; by default the one in use.

    Raises
    ------
    StudyError
        For a name that cannot be a file name.

    Examples
    --------
    >>> report = Report("08_ecsi_structural_models")
    >>> report.question("Does satisfaction explain loyalty?")
    'Does satisfaction explain loyalty?'
    >>> report
    Report 08_ecsi_structural_models: tables 0, figures 0, findings 0; nothing is written (folder=None)
    """

    def __init__(self, name: str, folder: str | Path | None = None, lang: str | None = None) -> None:
        self.name = check_name(name)
        self.lang: Language = check_language(lang) if lang else current_language()
        self._keeper = Keeper(name, None if folder is None else Path(folder) / name, self.lang)
        self._surveys: list[Survey] = []

    def about(self, text: Words) -> Sentence:
        """Say in a sentence what the notebook is about; returns it, so that the notebook shows it.

        Examples
        --------
        >>> Report("demo", lang="vi").about({"en": "A first look.", "vi": "Cái nhìn đầu tiên."})
        'Cái nhìn đầu tiên.'
        """
        return self._say("about", text)

    def question(self, text: Words) -> Sentence:
        """State a question that the notebook answers. Give both languages as ``{"en": ..., "vi": ...}``.

        Examples
        --------
        >>> Report("demo").question("Which driver matters most?")
        'Which driver matters most?'
        """
        return self._say("questions", text)

    def finding(self, text: Words) -> Sentence:
        """State an answer, its numbers computed by the notebook: ``report.finding(f"Alpha is {alpha:.2f}.")``.

        Examples
        --------
        >>> share = 0.5
        >>> Report("demo").finding(f"Half of the answers ({share:.0%}) are complete.")
        'Half of the answers (50%) are complete.'
        """
        return self._say("findings", text)

    def _say(self, kind: str, text: Words) -> Sentence:
        sentence = Sentence(pick(text, self.lang).strip())
        if not sentence:
            raise StudyError("study.empty_sentence", kind=kind)
        self._keeper.say(kind, str(sentence))
        return sentence

    def data(self, survey: Survey) -> Survey:
        """Record where the data come from (name, sha256, rows, real or simulated, licence, citation); returns them.

        Parameters
        ----------
        survey : Survey
            As read by `cx.load_dataset` or `cx.read_survey`, before or after screening.

        Raises
        ------
        StudyError
            For anything but a Survey: a DataFrame does not know where it comes from.
        """
        from cxlab.study.sources import describe_source

        self._keeper.source(describe_source(survey, self.lang))
        self._surveys.append(survey)
        return survey

    def add(
        self,
        thing: Thing,
        name: str,
        caption: Words | None = None,
        *,
        main: bool = False,
        replace: bool = False,
    ) -> Thing:
        """Keep a table, a figure or a result; returns it, so that the notebook shows it.

        Parameters
        ----------
        thing : Table, DataFrame, matplotlib Figure, or a result with ``.apa()``
            A DataFrame must be an aggregate: rows of single respondents are refused.
        name : str
            File name without ending: letters, digits, ``_`` and ``-``.
        caption : str or {"en": ..., "vi": ...}, optional
            What it shows. Takes the place of a table's own title.
        main : bool
            True for the figure and tables that the report's first page shows; without any, the first of each.
        replace : bool
            True to overwrite something added before under this name.

        Returns
        -------
        object
            `thing` itself; a Table with a caption comes back under that caption.

        Raises
        ------
        PrivacyError
            For a Survey, or a DataFrame that holds rows of single respondents.
        StudyError
            For anything else, for a name used before, and for a name that cannot be a file name.

        Notes
        -----
        Tables become CSV (raw numbers), HTML and LaTeX, and all of them one Word file; figures SVG and 300-dpi PNG.

        Examples
        --------
        >>> import pandas as pd
        >>> table = pd.DataFrame({"construct": ["image"], "alpha": [0.72]})
        >>> Report("demo").add(table, "alpha", "Reliability of image") is table
        True
        """
        figure = _as_figure(thing)
        words = pick(caption, self.lang) if caption else ""
        options = {"main": main, "replace": replace}
        if figure is not None:
            self._keeper.figure(figure, check_name(name), words, **options)
        else:
            table = _as_table(thing, name, words, self.lang, self._surveys)
            self._keeper.table(table, check_name(name), **options)
            if words and type(thing) is type(table):
                return cast("Thing", table)
        return thing

    def __repr__(self) -> str:
        counts = self._keeper.counts()
        where = tr("study.report_nowhere" if self._keeper.folder is None else "study.report_somewhere", name=self.name)
        return tr("study.report_repr", name=self.name, where=where, **counts)


def _as_figure(thing: Any) -> Figure | None:
    """The matplotlib figure that a thing is or holds (seaborn grids, axes), or None."""
    if "matplotlib" not in sys.modules:
        return None
    from matplotlib.figure import Figure

    figure = thing if isinstance(thing, Figure) else getattr(thing, "figure", None)
    if not isinstance(figure, Figure):
        return None
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)  # else the notebook draws it twice
    return figure


def _as_table(thing: Any, name: str, caption: str, lang: Language, surveys: list[Survey]) -> Table:
    """A Table from what was given; refuses what would print single respondents."""
    import pandas as pd

    from cxlab.show.table import Table
    from cxlab.study.plain_table import plain_table
    from cxlab.survey.privacy import check_shareable
    from cxlab.survey.survey import Survey

    if isinstance(thing, Survey):
        raise PrivacyError("study.rows_refused", name=name)
    table = thing.apa(lang) if hasattr(thing, "apa") else thing
    if isinstance(table, pd.Series):
        table = table.to_frame(table.name if table.name is not None else "value")
    if isinstance(table, pd.DataFrame | Table):
        for survey in (*surveys, None):
            check_shareable(table.frame if isinstance(table, Table) else table, survey)
    if isinstance(table, pd.DataFrame):
        return plain_table(table, caption or name)
    if isinstance(table, Table):
        return dataclasses.replace(table, title={lang: caption}) if caption else table
    raise StudyError("study.cannot_add", name=name, kind=type(thing).__name__)
