"""Which columns an analysis takes when none are named."""

from __future__ import annotations

from collections.abc import Sequence

from cxlab.analyses.unpack import is_numeric
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.survey.survey import Survey


def chosen_items(survey: Survey, items: Sequence[str] | None, guessed: bool) -> tuple[list[str], list[Notice]]:
    """The columns an analysis takes: those named, the codebook's items, or (`guessed`) the numeric ones of a DataFrame.

    Columns of a DataFrame that hold no numbers, or no answer, are named in notices.

    Examples
    --------
    >>> import pandas as pd
    >>> from cxlab.survey.survey import as_survey
    >>> chosen_items(as_survey(pd.DataFrame({"sat1": [4, 5], "who": ["a", "b"]})), None, guessed=True)[0]
    ['sat1']
    """
    if items is not None:
        return [items] if isinstance(items, str) else list(items), []
    if not guessed:
        names = survey.items()
        if not names:
            raise DataError("analyses.no_items")
        return names, []
    answered = [name for name in survey.frame if survey.frame[name].notna().any()]
    names = [str(name) for name in answered if is_numeric(survey.frame[name])]
    if not names:
        raise DataError("analyses.no_items")
    empty = [nfc(str(name)) for name in survey.frame if name not in answered]
    left = [nfc(str(name)) for name in answered if str(name) not in names]
    found = (("analyses.columns_left_out", left), ("analyses.columns_empty", empty))
    return names, [Notice(key, {"columns": ", ".join(own)}) for key, own in found if own]
