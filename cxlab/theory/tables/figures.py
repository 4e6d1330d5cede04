"""The figures of topics: from bilingual cells to the plain tables that `show/` draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.theory.tables.topic import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOUBTFUL = ("near", "unverifiable", "duplicate")


def _history(cells: pd.DataFrame, title: Text, lang: Language) -> Figure:
    from cxlab.show.timeline import timeline

    works = pd.DataFrame(
        {
            "theme": cells["theme_label"],
            "start": cells["first_year"],
            "end": cells["last_year"],
            "label": cells["work"],
            "year": cells["year"],
        }
    )
    return timeline(works, title=title, lang=lang)


def _claims(cells: pd.DataFrame, title: Text, lang: Language) -> Figure:
    """Shares only: amounts of money and growth rates have no place on the axis."""
    from cxlab.show.ledger import claims_ledger

    shares = cells[cells["unit"] == "share"]
    table = shares.assign(verdict=shares["verdict_label"], doubtful=shares["verdict"].isin(_DOUBTFUL))
    return claims_ledger(table, title=title, lang=lang)


FIGURES: Mapping[str, Callable[[pd.DataFrame, Text, Language], Figure]] = {"history": _history, "claims": _claims}
