"""The result of questionnaire(): a form to look at, to write as files, and to read answers back with."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.codebook import Codebook
from cxlab.errors import CodebookError, Notice
from cxlab.i18n import Language, check_language
from cxlab.references import Reference, cite
from cxlab.show.table import Column, Table
from cxlab.theory.questionnaire.files import quoted_text, write_file
from cxlab.theory.questionnaire.model import Form
from cxlab.theory.questionnaire.table import question_table

if TYPE_CHECKING:
    from cxlab.theory.questionnaire.request import Request


@dataclass(frozen=True, repr=False, eq=False)
class Questionnaire:
    """A questionnaire: what is asked, in which order, of whom; never changed.

    Made by `questionnaire`. Show it in a notebook to see the form.

    Attributes
    ----------
    form : Form
        Pages and questions.
    codebook : Codebook
        Reads the answers of every platform: ``cx.read_survey(path, codebook=q.codebook)``. Holds the attention checks
        with their right answers, and the researcher's notes.
    warnings : tuple of Notice
        What to settle before the form goes out.
    """

    form: Form
    codebook: Codebook
    warnings: tuple[Notice, ...]
    request: Request

    @property
    def table(self) -> pd.DataFrame:
        """One row a question in the order asked: page, block, name, code, type, role, text, text_en, text_vi, scale,
        required, relevance.

        `code` is the name on platforms that take letters and digits only; `relevance` says who is asked.
        """
        return question_table(self.form)

    @property
    def items(self) -> pd.DataFrame:
        """The rows of `table` that measure something: without consent, screeners, checks and background."""
        table = self.table
        return table[table["role"] == "item"].reset_index(drop=True)

    @property
    def version(self) -> int:
        """Number of this order of the questions."""
        return self.form.version

    @property
    def preview(self) -> str:
        """The form as HTML, in the language in use if the form has it."""
        return self._repr_html_()

    def versions(self, count: int) -> tuple[Questionnaire, ...]:
        """The same questions in several orders, for platforms that cannot shuffle.

        Give each version to a part of the sample. The checks and the codebook's items are the same in all, so one
        codebook reads every file.

        Parameters
        ----------
        count : int
            How many, from 1.

        Examples
        --------
        >>> import cxlab as cx
        >>> q = cx.questionnaire(cx.framework("gentile").codebook())
        >>> [version.items["name"].iloc[0] for version in q.versions(3)]
        ['pra3', 'lif1', 'rel4']
        """
        from cxlab.theory.questionnaire.put_together import built

        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise CodebookError("questionnaire.whole_number", option="count", value=repr(count), least=1)
        return tuple(built(replace(self.request, version=number)) for number in range(1, count + 1))

    def to_xlsform(self, path: str | Path) -> Path:
        """Write an XLSForm workbook (.xlsx) for Kobo, ODK or SurveyCTO, in all languages of the questionnaire.

        A platform of this family cannot shuffle questions: the file keeps the order of this version.

        Raises
        ------
        FileError
            If the path cannot be written.
        """
        from cxlab.theory.questionnaire.xlsform import write_xlsform

        return write_xlsform(self.form, path)

    def to_limesurvey(self, path: str | Path) -> Path:
        """Write LimeSurvey's tab-separated survey structure (.txt), in all languages of the questionnaire.

        Grids are arrays; pages and rows are shuffled anew for every respondent if the questionnaire is randomised.
        Names that LimeSurvey does not take (letters and digits only, at most 20) are replaced by their `code`.

        Raises
        ------
        FileError
            If the path cannot be written.
        """
        from cxlab.theory.questionnaire.limesurvey import write_limesurvey

        return write_limesurvey(self.form, path)

    def to_qualtrics(self, path: str | Path, lang: Language | None = None, matrix: bool = False) -> Path:
        """Write a text file in Qualtrics' Advanced Format (.txt), in one language.

        That format has no conditions, no required answers and no shuffling: what is left to do on the platform stands
        in a second file beside it, ``<name>_steps.txt``.

        Parameters
        ----------
        path : str or Path
            The file.
        lang : {"en", "vi"}, optional
            The questionnaire's first language if not given.
        matrix : bool
            True for grids as matrix tables. Their rows come back as ``grid1_1, grid1_2, ...`` and are recognised by
            their text; as single questions every item keeps its name.

        Raises
        ------
        CodebookError
            If the questionnaire has no such language, or rows of a matrix could not be told apart.
        FileError
            If the path cannot be written.
        """
        from cxlab.theory.questionnaire.qualtrics import write_qualtrics

        doubled = [notice for notice in self.warnings if notice.key == "questionnaire.same_texts"]
        if matrix and doubled:
            raise CodebookError("questionnaire.matrix_texts", items=doubled[0].values["items"])
        return write_qualtrics(self.form, path, self._language(lang), matrix)

    def to_docx(self, path: str | Path, lang: Language | None = None) -> Path:
        """Write a Word document (.docx) to print and fill in by hand, in one language.

        Type the answers into a table whose columns are the names of the questions; `codebook` reads it.

        Raises
        ------
        CodebookError
            If the questionnaire has no such language.
        FileError
            If the path cannot be written.
        """
        from cxlab.theory.questionnaire.paper import write_paper

        return write_paper(self.form, path, self._language(lang))

    def to_csv(self, path: str | Path) -> Path:
        """Write `table` as a CSV file (UTF-8 with byte-order mark, so that spreadsheets show Vietnamese).

        Cells that a spreadsheet would take for a formula get an apostrophe before them.

        Raises
        ------
        FileError
            If the path cannot be written.
        """

        def write(target: Path) -> None:
            table = self.table.map(quoted_text)
            table.to_csv(target, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL, lineterminator="\n")

        return write_file(path, ".csv", write)

    def apa(self, lang: Language | None = None) -> Table:
        """The items as a table for an appendix: construct, name, text, scale."""
        shown = self._reading(lang)
        columns = ["block", "name", f"text_{shown}", "scale"]
        heads = (
            "questionnaire.head_block",
            "questionnaire.head_name",
            "questionnaire.head_text",
            "questionnaire.head_scale",
        )
        frame = self.items[columns]
        return Table(frame, {c: Column(h) for c, h in zip(columns, heads, strict=True)}, "questionnaire.items_title")

    def cite(self) -> tuple[Reference, ...]:
        """The works behind attention checks and file formats."""
        return cite("meade_craig_2012", "xlsform", "limesurvey_tsv", "qualtrics_txt")

    def summary(self, lang: Language | None = None) -> str:
        """Title, counts, pages and warnings in a few lines of text."""
        from cxlab.theory.questionnaire.view import summary

        return summary(self, lang)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from cxlab.theory.questionnaire.view import html

        return html(self)

    def _language(self, lang: Language | None) -> Language:
        """A language of the questionnaire, the first if none is asked for."""
        if lang is None:
            return self.form.languages[0]
        if check_language(lang) not in self.form.languages:
            known = ", ".join(self.form.languages)
            raise CodebookError("questionnaire.not_in_language", language=lang, known=known)
        return lang

    def _reading(self, lang: Language | None) -> Language:
        return lang if lang in self.form.languages else self.form.languages[0]
