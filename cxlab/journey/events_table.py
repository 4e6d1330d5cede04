"""What stands in an event table, stage by stage."""

from __future__ import annotations

import pandas as pd

from cxlab.journey.coding import Coding


def stage_table(frame: pd.DataFrame, coding: Coding) -> pd.DataFrame:
    """One row a stage of the coding, in order: stage, events, customers, touchpoints, rated, mean_valence.

    Examples
    --------
    >>> from cxlab.journey.coding import coding_of
    >>> stages = pd.Categorical(["go", "go"], ["go", "come"], ordered=True)
    >>> frame = pd.DataFrame({"customer": [1, 2], "stage": stages, "touchpoint": "t", "valence": [1.0, None]})
    >>> stage_table(frame, coding_of(["go", "come"])).to_numpy().tolist()
    [['go', 2, 2, 1, 1, 1.0], ['come', 0, 0, 0, 0, nan]]
    """
    groups = frame.groupby("stage", observed=False)
    table = pd.DataFrame(
        {
            "events": groups.size(),
            "customers": groups["customer"].nunique(),
            "touchpoints": groups["touchpoint"].nunique(),
            "rated": groups["valence"].count(),
            "mean_valence": groups["valence"].mean(),
        }
    ).reindex(list(coding.stages))
    return table.rename_axis("stage").reset_index().astype({"stage": "str"})
