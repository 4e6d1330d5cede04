"""Satorra's (2000) difference test against lavaan's."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import NotSupportedError

ORACLES = Path(__file__).parents[1] / "oracles"
HS = pd.read_csv(ORACLES / "data" / "engine_hs.csv")
CASES = json.loads((ORACLES / "satorra_2000.json").read_text(encoding="utf-8"))["cases"]
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
COVARIATE = THREE + "\nvisual ~ ageyr\ntextual ~ {}ageyr\nspeed ~ visual + textual"


def pair(name: str):
    what, estimator = name.split("_")
    robust = {"estimator": estimator.upper()}
    if what == "orthogonal":
        return cx.cfa(THREE, HS, **robust), cx.cfa(THREE, HS, orthogonal=True, **robust)
    if what == "covariate":
        return tuple(cx.sem(COVARIATE.format(held), HS, **robust) for held in ("", "0*"))
    equal = {"metric": ((), "loadings"), "scalar": ("loadings", ("loadings", "intercepts"))}[what]
    return tuple(cx.cfa(THREE, HS, group="school", group_equal=one, **robust) for one in equal)


@pytest.mark.parametrize("name", CASES)
def test_the_difference_is_lavaans(name):
    row = cx.compare(*pair(name), method="satorra.2000").table.iloc[1]
    for column, value in CASES[name].items():
        # lavaan's estimates stop at a gradient of 1e-6
        assert row[column] == pytest.approx(value, rel=1e-4), column


def test_without_complete_rows_it_is_refused():
    holes = HS.mask(pd.DataFrame({"x1": HS.index < 5}).reindex(columns=HS.columns, fill_value=False))
    fits = [cx.cfa(THREE, holes, estimator="MLR", missing="fiml", orthogonal=apart) for apart in (False, True)]
    with pytest.raises(NotSupportedError) as caught:
        cx.compare(*fits, method="satorra.2000")
    assert caught.value.key == "sem.satorra_2000_rows"
