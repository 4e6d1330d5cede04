"""A table for a paper: raw numbers in a DataFrame, and how each column reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language
from cxlab.show.cells import safe_frame
from cxlab.show.text import Text, Words

Format = Literal["text", "integer", "number", "bounded", "p", "percent", "interval"]
FileFormat = Literal["csv", "docx", "html", "tex", "xlsx"]


@dataclass(frozen=True)
class Column:
    """How one column reads: its heading, the kind of number, the digits.

    Parameters
    ----------
    header : str or bilingual text
        A catalogue key, a text, or ``{"en": ..., "vi": ...}``.
    format : str
        ``"text"``, ``"integer"``, ``"number"``, ``"bounded"`` (a statistic that cannot pass 1 and loses its leading
        zero in English), ``"p"``, ``"percent"`` (of a share between 0 and 1) or ``"interval"``.
    digits : int
        Digits after the decimal sign, for all but text, integer and p.
    parts : (str, str), optional
        For an interval: the frame's columns with its lower and upper end, printed as ``[low, high]``.
    bounded : bool
        True for an interval of a bounded statistic.

    Examples
    --------
    >>> Column("CI", "interval", digits=3, parts=("ci_lower", "ci_upper")).digits
    3
    """

    header: str | Text
    format: Format = "text"
    digits: int = 2
    parts: tuple[str, str] | None = None
    bounded: bool = False


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """A titled table with notes, ready for HTML, Word, LaTeX, CSV and Excel in English or Vietnamese.

    Use it to print any result in the form papers ask for: the APA's three rules, title above, notes below. What is
    printed is rounded; what is written to CSV and Excel is the raw frame.

    Parameters
    ----------
    frame : DataFrame
        Raw, unrounded values, one row per row of the table, columns in snake_case. Missing values print as an en
        dash. Texts may be bilingual ``{"en": ..., "vi": ...}``. The index is not printed.
    columns : mapping of column name to Column
        What is printed, from left to right. An interval's name need not be a column of the frame.
    title : str, bilingual text or Notice
        A catalogue key or text.
    notes : tuple of str, bilingual text or Notice
        Printed below, in this order.
    group : str, optional
        A column of the frame whose values head panels of rows.
    spanners : tuple of (text, column names)
        Headings above neighbouring columns, such as the names of models.
    lang : "en" or "vi", optional
        The language it is printed in where none is asked for; without, the one in use.

    Raises
    ------
    DataError
        If a column named here is not in the frame.

    Examples
    --------
    >>> frame = pd.DataFrame({"construct": ["Image", "Loyalty"], "alpha": [0.7234, None]})
    >>> columns = {"construct": Column({"en": "Construct", "vi": "Khái niệm"}), "alpha": Column("α", "bounded")}
    >>> Table(frame, columns, {"en": "Reliability", "vi": "Độ tin cậy"}, notes=("n = 250",))
    Reliability
    Construct    α
    --------------
    Image      .72
    Loyalty      –
    --------------
    n = 250
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    title: Words
    notes: tuple[Words, ...] = ()
    group: str | None = None
    spanners: tuple[tuple[str | Text, tuple[str, ...]], ...] = ()
    lang: Language | None = None

    def __post_init__(self) -> None:
        wanted = [part for name, column in self.columns.items() for part in column.parts or (name,)]
        wanted += [self.group] if self.group else []
        unknown = [name for name in wanted if name not in self.frame.columns]
        unknown += [name for _, names in self.spanners for name in names if name not in self.columns]
        if unknown:
            known = ", ".join(map(str, self.frame.columns))
            raise DataError("show.table_unknown_column", names=", ".join(unknown), known=known)

    def to_html(self, lang: Language | None = None, *, number: int | None = None, style: bool = True) -> str:
        """The table as HTML: semantic, escaped, fit for light and dark pages and JupyterLab.

        Parameters
        ----------
        lang : "en" or "vi", optional
            The language, by default the one in use.
        number : int, optional
            Printed before the title as "Table 1".
        style : bool
            False leaves the style sheet out (for a page that has ``cxlab.show.html.TABLE_CSS`` once).

        Examples
        --------
        >>> "<caption>" in Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t").to_html("en")
        True
        """
        from cxlab.show.html import table_html

        return table_html(self, lang or self.lang, number=number, style=style)

    def to_docx(self, path: str | Path, lang: Language | None = None) -> Path:
        """Write the table into a Word file of its own; `tables_to_docx` writes several into one.

        Parameters
        ----------
        path : str or Path
            The file to write.
        lang : "en" or "vi", optional
            The language, by default the one in use.

        Examples
        --------
        >>> import tempfile
        >>> table = Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table.to_docx(folder + "/t.docx").name
        't.docx'
        """
        return tables_to_docx([self], path, lang or self.lang)

    def to_latex(self, lang: Language | None = None, *, name: str | None = None) -> str:
        """The table as LaTeX with booktabs rules, its texts escaped.

        Parameters
        ----------
        lang : "en" or "vi", optional
            The language, by default the one in use.
        name : str, optional
            Written as ``\\label{tab:name}``.

        Examples
        --------
        >>> r"\\toprule" in Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t").to_latex()
        True
        """
        from cxlab.show.latex import table_latex

        return table_latex(self, lang or self.lang, name=name)

    def to_csv(self, path: str | Path, lang: Language | None = None) -> Path:
        """Write the raw frame as CSV (UTF-8, marked for Excel where letters need it; full precision, snake_case names).

        A text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return) gets an
        apostrophe in front. Numbers are never touched. `lang` picks the language of bilingual cells only.

        Examples
        --------
        >>> import tempfile
        >>> table = Table(pd.DataFrame({"a": [1 / 3]}), {"a": Column("a", "number")}, "t")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table.to_csv(folder + "/t.csv").read_text()
        'a\\n0.3333333333333333\\n'
        """
        path = _ready(path)
        text = safe_frame(self.frame, lang or self.lang).to_csv(index=False, lineterminator="\n")
        # Excel takes a file without the mark for the machine's old code page
        path.write_text(text, encoding="utf-8" if text.isascii() else "utf-8-sig", newline="\n")
        return path

    def to_excel(self, path: str | Path, lang: Language | None = None) -> Path:
        """Write the raw frame as an Excel sheet, texts made safe as in `to_csv`.

        Examples
        --------
        >>> import tempfile
        >>> table = Table(pd.DataFrame({"a": ["=1+1"]}), {"a": Column("a")}, "t")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pd.read_excel(table.to_excel(folder + "/t.xlsx"))["a"].tolist()
        ["'=1+1"]
        """
        from cxlab.show.text import printable

        path = _ready(path, ".xlsx")
        frame = safe_frame(self.frame, lang or self.lang).map(
            lambda value: printable(value) if isinstance(value, str) else value
        )
        frame.to_excel(path, index=False, engine="openpyxl")
        return path

    def save(
        self, stem: str | Path, formats: Sequence[FileFormat] = ("csv", "docx"), lang: Language | None = None
    ) -> dict[str, Path]:
        """Write the table in several formats beside each other, by default CSV and Word.

        Parameters
        ----------
        stem : str or Path
            Where to, without the ending.
        formats : sequence of "csv", "docx", "html", "tex", "xlsx"
            What to write.
        lang : "en" or "vi", optional
            The language, by default the one in use.

        Returns
        -------
        dict
            Format to the Path written.

        Examples
        --------
        >>> import tempfile
        >>> table = Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sorted(table.save(folder + "/t", ["csv", "tex"]))
        ['csv', 'tex']
        """
        unknown = [name for name in formats if name not in _WRITERS]
        if unknown:
            raise DataError("show.table_unknown_format", names=", ".join(unknown), known=", ".join(_WRITERS))
        stem = Path(stem)
        paths: dict[str, Path] = {name: stem.with_name(f"{stem.name}.{name}") for name in formats}
        for name, path in paths.items():
            _WRITERS[name](self, path, lang)
        return paths

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        from cxlab.show.plain import table_text

        return table_text(self, self.lang)


def tables_to_docx(
    tables: Sequence[Table], path: str | Path, lang: Language | None = None, *, title: Words | None = None
) -> Path:
    """Write tables into one Word file, each with a numbered caption, real styles and its notes.

    Parameters
    ----------
    tables : sequence of Table
        In the order of the document.
    path : str or Path
        The file to write; folders are made where they lack.
    lang : "en" or "vi", optional
        The language, by default the one in use.
    title : str, bilingual text or Notice, optional
        A heading for the document.

    Examples
    --------
    >>> import tempfile
    >>> table = Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tables_to_docx([table, table], folder + "/all.docx").name
    'all.docx'
    """
    from cxlab.show.word import write_tables

    path = _ready(path, ".docx")
    write_tables(tables, path, lang, title)
    return path


def _ready(path: str | Path, ending: str = "") -> Path:
    """The path, its folder made where it lacks; an error for a folder, or where programs go by it another ending."""
    path = Path(path)
    if path.is_dir():
        raise DataError("show.table_folder", path=path, example=path / f"table{ending or '.csv'}")
    if ending and path.suffix.lower() != ending:
        raise DataError("show.table_ending", path=path.name, ending=ending, example=path.with_suffix(ending).name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _write_text(path: Path, text: str) -> None:
    _ready(path).write_text(text, encoding="utf-8", newline="\n")


_WRITERS: Mapping[str, Callable[[Table, Path, Language | None], object]] = {
    "csv": Table.to_csv,
    "docx": Table.to_docx,
    "html": lambda table, path, lang: _write_text(path, table.to_html(lang)),
    "tex": lambda table, path, lang: _write_text(path, table.to_latex(lang)),
    "xlsx": Table.to_excel,
}
