"""While a report is written, rows of single respondents are not printed: a note stands in their place."""

from __future__ import annotations

import html
from functools import wraps
from typing import Any

from cxlab.errors import PrivacyError
from cxlab.i18n import tr

_MODULES = ("pandas", "pandas.core.frame", "pandas.core.series")
_invented: list[Any] = []  # tables that `InventedRows` is printing


def install() -> None:
    """Let this kernel's display refuse tables that hold a row for each respondent. `cxlab reproduce` calls it."""
    from IPython import get_ipython

    shell = get_ipython()
    formatters = shell.display_formatter.formatters
    for module in _MODULES:
        for kind in ("DataFrame", "Series"):
            formatters["text/html"].for_type_by_name(module, kind, as_html)
            formatters["text/plain"].for_type_by_name(module, kind, _as_text)
    guard_print()


def guard_print() -> None:
    """The same for ``print``: a table's text is the note where it would be rows of single respondents."""
    import pandas as pd

    for kind in (pd.DataFrame, pd.Series):
        for name in ("__repr__", "to_string"):
            if not hasattr(getattr(kind, name), "guarded"):
                setattr(kind, name, _guarded(getattr(kind, name)))


def _guarded(as_text: Any) -> Any:
    @wraps(as_text)
    def guarded(table: Any, *args: Any, **settings: Any) -> Any:
        shown = any(table is one for one in _invented)
        return ("" if shown else withheld(table)) or as_text(table, *args, **settings)

    guarded.guarded = True  # type: ignore[attr-defined]
    return guarded


def withheld(table: Any) -> str:
    """The note that stands for a table with a row for each respondent; empty for one that may be shown.

    Examples
    --------
    >>> import pandas as pd
    >>> withheld(pd.DataFrame({"alpha": [0.8]}, index=["image"]))
    ''
    >>> withheld(pd.DataFrame({"sat1": [4, 5]}, index=pd.RangeIndex(1, 3, name="row")))
    '[Rows: 2, columns: 1. A report does not print rows of single respondents; ...]'
    """
    from cxlab.survey.privacy import check_shareable

    frame = table.to_frame() if table.ndim == 1 else table
    try:
        check_shareable(frame)
    except PrivacyError:
        rows, columns = frame.shape
        return tr("study.rows_withheld", rows=rows, columns=columns)
    return ""


class InventedRows:
    """Rows that a lesson made up: shown in a report too, because no person stands behind them.

    Never wrap real answers in it.

    Examples
    --------
    >>> import pandas as pd
    >>> print(InventedRows(pd.DataFrame({"sat1": [4]}, index=pd.RangeIndex(1, 2, name="row"))))
         sat1
    row
    1       4
    """

    def __init__(self, table: Any) -> None:
        self._table = table

    def __repr__(self) -> str:
        _invented.append(self._table)
        try:
            return repr(self._table)
        finally:
            _invented.pop()

    def _repr_html_(self) -> str | None:
        return self._table._repr_html_() if hasattr(self._table, "_repr_html_") else None


def as_html(table: Any) -> str | None:
    """HTML of a table, or of the note that stands for it; None leaves the choice to the plain text."""
    note = withheld(table)
    if note:
        return f"<p>{html.escape(note)}</p>"
    return table._repr_html_() if hasattr(table, "_repr_html_") else None


def _as_text(table: Any, printer: Any, cycle: bool) -> None:
    printer.text(withheld(table) or repr(table))
