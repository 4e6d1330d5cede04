"""The importance-performance map combined with necessity, and names that keep clear of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.nca import nca
from cxlab.analyses.pls_ipma import pls_ipma
from cxlab.analyses.pls_performance import performance_scores
from cxlab.errors import CxlabError
from cxlab.show.importance import importance_map
from tests.test_nca import ECSI

OPTIONS: dict[str, Any] = {"permutations": 199, "seed": 1}


@pytest.fixture(scope="module")
def fit() -> Any:
    return cx.pls(ECSI, cx.load_dataset("ecsi_mobile"), modes="A")


@pytest.fixture(scope="module")
def found(fit: Any) -> Any:
    return pls_ipma(fit, "loyalty", necessity=True, level=90, **OPTIONS)


def test_the_combined_map_holds_the_plain_one(fit: Any, found: Any) -> None:
    plain = pls_ipma(fit, "loyalty")
    for mine, theirs in ((found.table, plain.table), (found.items, plain.items)):
        pd.testing.assert_frame_equal(mine[list(theirs)], theirs)
    assert plain.necessity is None
    assert list(found.table.columns[-5:]) == ["effect_size", "pvalue", "necessary", "required", "below"]


def test_required_levels_are_those_of_the_staircase_by_hand(fit: Any, found: Any) -> None:
    scores = performance_scores(fit).constructs
    outcome = scores["loyalty"]
    wanted = outcome.min() + 0.9 * (outcome.max() - outcome.min())
    assert found.necessity.outcome == pytest.approx(wanted)
    for row in found.table.itertuples():
        reached = scores.loc[outcome >= wanted - 1e-9, row.construct].min()
        assert row.required == pytest.approx(reached)
        assert row.necessary
        assert row.below == pytest.approx((scores[row.construct] < reached - 1e-9).mean())
    for row in found.items[found.items["necessary"]].itertuples():
        answers = performance_scores(fit).items[row.item]
        assert row.below == pytest.approx((answers < row.required - 1e-9).mean())
    assert found.items.loc[~found.items["necessary"], "below"].isna().all()


def test_an_analysis_of_ones_own_is_read_at_its_first_ceiling(fit: Any) -> None:
    own = nca("loyalty", ["image"], fit, ceilings="cr_fdh", scope="theoretical", **OPTIONS)
    found = pls_ipma(fit, "loyalty", necessity=own, level=80)
    assert found.necessity is not None
    assert found.necessity.outcome == pytest.approx(80)
    table = found.table.set_index("construct")
    line = own.table.iloc[0]
    assert table.loc["image", "required"] == pytest.approx((80 - line["intercept"]) / line["slope"])
    assert np.isnan(table.loc["satisfaction", "effect_size"])
    assert not table.loc["satisfaction", "necessary"]


def test_a_single_item_is_its_construct() -> None:
    fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image + CUEX1", cx.load_dataset("ecsi_mobile"), modes="A")
    found = pls_ipma(fit, "CUSA1", necessity=True, **OPTIONS)
    item = found.items.set_index("item").loc["CUEX1", "effect_size"]
    assert item == found.table.set_index("construct").loc["CUEX1", "effect_size"]


def test_it_shows_itself_in_both_languages(found: Any) -> None:
    for lang in ("en", "vi"):
        assert found.summary(lang)
        assert found.apa(lang).to_html(lang)
        assert len(found.cite()) == 3
        for items in (False, True):
            assert found.plot(lang, items=items) is not None
    assert "điều kiện cần" in found.summary("vi")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"level": 0}, "nca.level"),
        ({"level": 101}, "nca.level"),
        ({"level": "high"}, "nca.level"),
        ({"necessity": "yes"}, "analyses.unknown_option"),
    ],
)
def test_what_cannot_be_asked_is_told_why(fit: Any, options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        pls_ipma(fit, "loyalty", **{"necessity": True, **OPTIONS, **options})
    assert caught.value.key == key


def test_another_outcome_is_not_mistaken_for_the_target(fit: Any) -> None:
    with pytest.raises(CxlabError) as caught:
        pls_ipma(fit, "loyalty", necessity=nca("satisfaction", "image", fit, permutations=0))
    assert caught.value.key == "nca.other_outcome"


def test_ends_that_are_guessed_from_the_answers_are_told() -> None:
    data = cx.load_dataset("ecsi_mobile").data
    fit = cx.pls("I <~ IMAG1 + IMAG2; L <~ CUSL1 + CUSL3; L ~ I", data, modes="A")
    assert "nca.ends_guessed" in {notice.key for notice in pls_ipma(fit, "L").warnings}
    assert "nca.ends_guessed" in {notice.key for notice in nca("L", "I", fit, permutations=0).warnings}
    given = pls_ipma(fit, "L", dict.fromkeys(fit.model.items, (0, 10)))
    assert "nca.ends_guessed" not in {notice.key for notice in given.warnings}
    assert given.items.set_index("item").loc["IMAG1", "performance"] == pytest.approx(10 * data["IMAG1"].mean())


def test_higher_order_constructs_perform_by_the_answers_to_their_components() -> None:
    text = (
        "image <~ IMAG1 + IMAG2; quality <~ PERQ1 + PERQ2; all <~ image + quality; loyal <~ CUSL1 + CUSL3; loyal ~ all"
    )
    fit = cx.pls(text, cx.load_dataset("ecsi_mobile"), modes="A")
    found = pls_ipma(fit, "loyal", necessity=True, **OPTIONS)
    assert found.table["construct"].tolist() == ["all"]
    assert found.items["item"].tolist() == ["IMAG1", "IMAG2", "PERQ1", "PERQ2"]


def boxes(figure: Any) -> list[Any]:
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    return [text.get_window_extent(renderer) for text in figure.axes[0].texts]


def test_names_of_thirty_crowded_items_do_not_cover_each_other() -> None:
    random = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "name": [f"block{k // 6}" for k in range(30)],
            "label": [f"item_{k}" for k in range(30)],
            "importance": random.normal(0.1, 0.04, 30),
            "performance": random.normal(65, 6, 30),
        }
    )
    figure = importance_map(table, legend={f"block{k}": f"Block {k}" for k in range(5)})
    found = boxes(figure)
    area = figure.axes[0].get_window_extent()
    assert len(found) == 30
    for place, one in enumerate(found):
        assert area.x0 - 1 <= one.x0
        assert one.x1 <= area.x1 + 1
        # one pixel of rounding
        assert not any(one.padded(-1).overlaps(other.padded(-1)) for other in found[place + 1 :])
