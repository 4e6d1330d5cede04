"""Why SmartPLS, seminr, cSEM and others differ: documented disagreements, with their size on one data set."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, in_language, notices_html, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, check_language, current_language, format_number, pick, tr
from cxlab.i18n.loading import read_yaml
from cxlab.show.table import Column, Table

_FILE = Path(__file__).parents[1] / "evaluate" / "pls_differences.yaml"
_TEXTS = ("quantity", "tool_a", "says_a", "tool_b", "says_b", "measure", "cxlab")


@dataclass(frozen=True, repr=False, eq=False)
class PlsDifferences(Result):
    """Where PLS programs give different numbers; see `cxlab.pls_differences`.

    Attributes
    ----------
    table : DataFrame
        One row a difference, texts in `lang`: key, quantity, tool_a, says_a, tool_b, says_b, measure, size, cxlab,
        status, references.
    lang : "en" or "vi"
    dataset : str
        What `size` was computed on.
    """

    table: pd.DataFrame
    lang: Language
    dataset: str
    cells: pd.DataFrame = field(repr=False)
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ()

    def summary(self, lang: Language | None = None) -> str:
        """One line a difference: who says what, and by how much."""
        lang = check_language(lang) if lang else self.lang
        head = tr("pls_differences.head", lang, count=len(self.cells), dataset=self.dataset)
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.cells.to_dict("records"):
            texts = {str(name): pick(row[name], lang) for name in _TEXTS}
            lines.append("  " + tr("pls_differences.line", lang, **texts, size=_size(row["size"], lang)))
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """For each quantity what two programs do, how far apart that is, and what is done here."""
        rows = [line for row in self.cells.to_dict("records") for line in _lines(row)]
        columns = {"what": Column("pls_differences.col_program"), "says": Column("pls_differences.col_does")}
        notes = (bilingual("pls_differences.note", dataset=self.dataset), bilingual("pls_differences.note_memory"))
        table = Table(pd.DataFrame(rows), columns, "pls_differences.title", notes=notes, group="quantity")
        return in_language(table, check_language(lang) if lang else self.lang)

    def _repr_html_(self) -> str:
        return notices_html(self.warnings, self.lang) + self.apa().to_html(self.lang)


def pls_differences(lang: str | None = None) -> PlsDifferences:
    """Why SmartPLS, seminr, cSEM, plspm and semPLS give different numbers, and how large the differences are.

    When to use it: a number here is not the one of another program, or of a paper; a reviewer asks which definition was
    used.

    Parameters
    ----------
    lang : "en" or "vi", optional
        Language of the texts in ``.table``; by default the one in use.

    Returns
    -------
    PlsDifferences
        ``.table``: key; quantity; tool_a, says_a and tool_b, says_b (two programs and what they do); measure (what
        `size` is); size (computed on the dataset ecsi_mobile, nan where that cannot be); cxlab (what is done here, and
        how to get the other number); status ("sourced": seen in the program's output, manual or issue tracker;
        "memory": recalled); references.

    Raises
    ------
    CxlabError
        For an unknown language.

    Notes
    -----
    Sizes are computed when first asked for, each from both definitions, with fixed seeds.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.pls_differences("en").table.set_index("key")
    >>> bool(found.loc["f2", "size"] > 0), found.loc["f2", "tool_b"], found.loc["f2", "status"]
    (True, 'cSEM 0.6.1', 'sourced')
    """
    from cxlab.analyses.pls_difference_sizes import DATASET, sizes

    found: Language = check_language(lang) if lang else current_language()
    computed = sizes()
    cells = pd.DataFrame(
        [
            {
                "key": row["key"],
                **{name: _both(row[name]) for name in _TEXTS},
                "size": computed.get(row.get("size", ""), np.nan),
                "status": row["status"],
                "references": ", ".join(row["references"]),
            }
            for row in _rows()
        ]
    )
    cells = cells[["key", *_TEXTS[:6], "size", "cxlab", "status", "references"]]
    table = cells.assign(**{name: [pick(cell, found) for cell in cells[name]] for name in _TEXTS})
    recalled = int((cells["status"] == "memory").sum())
    told = (Notice("pls_differences.recalled", {"count": recalled, "total": len(cells)}, serious=True),)
    works = tuple(dict.fromkeys(one for row in _rows() for one in row["references"]))
    return PlsDifferences(table, found, DATASET, cells, told if recalled else (), works)


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, Any]]:
    return list(read_yaml(_FILE)["rows"])


def _both(text: str | dict[str, str]) -> dict[str, str]:
    """A name that reads the same in every language, or a text in each."""
    return {"en": text, "vi": text} if isinstance(text, str) else text


def _joined(one: dict[str, str], other: dict[str, str], between: str) -> dict[str, str]:
    return {lang: f"{one[lang]}{between}{other[lang]}" for lang in one}


def _lines(row: dict[Any, Any]) -> list[dict[str, Any]]:
    """The printed lines of one difference, under its quantity."""
    recalled = row["status"] == "memory"
    quantity = _joined(row["quantity"], bilingual("pls_differences.memory_mark"), " ") if recalled else row["quantity"]
    cells = [
        *((row["tool_a"], row["says_a"]), (row["tool_b"], row["says_b"])),
        (bilingual("pls_differences.col_size"), _sized(row)),
        ("cxlab", row["cxlab"]),
    ]
    once = [cell for cell in cells[:2] if pick(cell[0]) != "cxlab"]  # said in the last line
    return [{"quantity": quantity, "what": what, "says": says} for what, says in (*once, *cells[2:])]


def _size(value: float, lang: Language) -> str:
    """Counts as they are, sizes below what three digits show in scientific notation."""
    if np.isnan(value):
        return "–"
    if value == round(value):
        return format_number(value, 0, lang=lang)
    if abs(value) < 0.0005:
        return f"{value:.0e}"
    return format_number(value, 3, lang=lang)


def _sized(row: dict[Any, Any]) -> dict[str, str]:
    """The size and what it measures; alone the reason where there is none."""
    shown: dict[str, str] = {}
    for lang in ("en", "vi"):
        text = row["measure"][lang]
        shown[lang] = text if np.isnan(row["size"]) else f"{_size(row['size'], lang)} ({text})"
    return shown
