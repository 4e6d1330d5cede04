"""A table as LaTeX with booktabs rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cxlab.i18n import Language, tr
from cxlab.show.cells import headings, is_text, printed_rows, spanner_cells
from cxlab.show.text import printable, words

if TYPE_CHECKING:
    from cxlab.show.table import Table

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: "\\" + letter for letter in "&%$#_{}"},
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",  # a cell that starts with a bracket would be read as the option of the \\ before it
    "]": "{]}",
    "*": "{*}",
    "−": "$-$",
    "–": "--",
    "—": "---",
    "∞": r"$\infty$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "²": r"\textsuperscript{2}",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "χ": r"$\chi$",
    "ω": r"$\omega$",
    "Δ": r"$\Delta$",
    "\n": " ",
    "\t": " ",
    "\r": " ",
}
_PATTERN = re.compile("|".join(map(re.escape, _SPECIAL)))


def escape_latex(text: str) -> str:
    r"""The text with everything that LaTeX would read as a command made harmless.

    Examples
    --------
    >>> escape_latex("50% & $x_1$")
    '50\\% \\& \\$x\\_1\\$'
    """
    return _PATTERN.sub(lambda found: _SPECIAL[found.group()], printable(text))


def table_latex(table: Table, lang: Language | None = None, *, name: str | None = None) -> str:
    """A floating table with caption, booktabs rules and notes; see `Table.to_latex`."""
    width = len(table.columns)
    spec = "".join("l" if is_text(column) else "r" for column in table.columns.values())
    lines = [
        "% \\usepackage{booktabs}; with pdfLaTeX also \\usepackage[T5]{fontenc} for Vietnamese",
        r"\begin{table}[htbp]",
        r"\centering",
        rf"\caption{{{escape_latex(words(table.title, lang))}}}",
        *([rf"\label{{tab:{re.sub(r'[^A-Za-z0-9:-]+', '-', name)}}}"] if name else []),
        rf"\begin{{tabular}}{{@{{}}{spec}@{{}}}}",
        r"\toprule",
        *_spanners(table, lang),
        _line(headings(table, lang)),
        r"\midrule",
    ]
    for i, (heading, rows) in enumerate(printed_rows(table, lang)):
        if heading is not None:
            lines += [r"\addlinespace"] if i else []
            lines.append(rf"\multicolumn{{{width}}}{{@{{}}l}}{{\textbf{{{escape_latex(heading)}}}}} \\")
        lines += [_line(row) for row in rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", *_notes(table, lang), r"\end{table}", ""])


def _line(cells: list[str]) -> str:
    return " & ".join(escape_latex(cell) for cell in cells) + r" \\"


def _spanners(table: Table, lang: Language | None) -> list[str]:
    """The row of spanners with a rule under each."""
    if not table.spanners:
        return []
    cells, rules, start = [], "", 1
    for text, columns in spanner_cells(table, lang):
        cells.append(rf"\multicolumn{{{columns}}}{{c}}{{{escape_latex(text)}}}")
        rules += rf"\cmidrule(lr){{{start}-{start + columns - 1}}}" if text else ""
        start += columns
    return [" & ".join(cells) + r" \\", rules]


def _notes(table: Table, lang: Language | None) -> list[str]:
    """Notes below the table in small print."""
    if not table.notes:
        return []
    texts = [escape_latex(words(note, lang)) for note in table.notes]
    lead = rf"\textit{{{escape_latex(tr('show.note', lang))}}} "
    return [r"\par\smallskip\begin{minipage}{\linewidth}\footnotesize", lead + r"\par ".join(texts), r"\end{minipage}"]
