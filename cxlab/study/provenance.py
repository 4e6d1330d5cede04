"""What stands behind a notebook's numbers: versions, data with their fingerprints, the seed."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING

import pandas as pd

import cxlab
from cxlab.i18n import current_language, tr
from cxlab.show.table import Column, Table
from cxlab.study.sources import describe_source

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

_SHOWN = ("numpy", "scipy", "pandas", "statsmodels", "semopy", "matplotlib")


def provenance(*surveys: Survey, seed: int | None = None) -> Table:
    """Versions, data and seed, for the last cell of a notebook and the methods section of a paper.

    Parameters
    ----------
    *surveys : Survey
        The data that the notebook used.
    seed : int, optional
        The seed of its random draws.

    Returns
    -------
    Table
        Columns ``what`` and ``value``: package versions, then per dataset its kind (real or simulated), its rows and
        the first 12 digits of its SHA-256, then the seed.

    Examples
    --------
    >>> provenance(seed=11).frame.tail(1)["value"].item()
    '11'
    """
    lang = current_language()
    rows = [("cxlab", cxlab.__version__), ("Python", platform.python_version())]
    rows += [(name, metadata.version(name)) for name in _SHOWN]
    for survey in surveys:
        source = describe_source(survey, lang)
        kind = tr(f"provenance.{source['kind']}", lang)
        words = tr("provenance.data", lang, kind=kind, rows=source["rows"], sha256=source["sha256"][:12] or "–")
        rows.append((source["name"], words))
    if seed is not None:
        rows.append((tr("provenance.seed", lang), str(seed)))
    columns = {"what": Column("provenance.what"), "value": Column("provenance.value")}
    return Table(pd.DataFrame(rows, columns=list(columns)), columns, "provenance.title")
