"""Driver, asymmetry, mediation and choice analyses say what their numbers say, in the reader's language."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError


def answers(n: int = 60, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    level = rng.normal(size=n)

    def item(strength: float) -> np.ndarray:
        return np.clip(np.round(3 + strength * level + rng.normal(size=n)), 1, 5)

    return pd.DataFrame(
        {
            "Hài lòng": item(1.2),
            "Giá cả": item(0.8),
            "Nhân viên": item(0.9),
            "Ứng dụng": item(0.5),
            "Giới tính": rng.choice(["Nam", "Nữ"], n),
            "Cân": rng.uniform(0.3, 3, n),
        }
    )


def notice(result: Any, key: str) -> Any:
    return next(one for one in result.warnings if one.key == key)


def refused(key: str, ask: Any) -> None:
    with pytest.raises(CxlabError) as caught:
        ask()
    assert caught.value.key == key


def test_eight_rows_need_no_folds_unless_a_method_predicts() -> None:
    few = answers(8)
    found = cx.drivers("Hài lòng", ["Giá cả", "Nhân viên"], few, n_boot=20)
    assert len(found.table) == 2
    cx.importance_performance("Hài lòng", ["Giá cả", "Nhân viên"], few, scale=(1, 5), n_boot=20)
    refused("drivers.folds", lambda: cx.drivers("Hài lòng", ["Giá cả", "Nhân viên"], few, "permutation", n_boot=0))


def test_numbers_in_notices_follow_the_reader() -> None:
    told = notice(cx.drivers("Hài lòng", ["Giá cả", "Nhân viên"], answers(18), n_boot=0), "drivers.few_rows")
    assert "R² = 0," in told.text("vi")
    assert "R² = ." in told.text("en")


def test_groups_of_two_are_named_in_words() -> None:
    found = cx.mediation("Giới tính", "Nhân viên", "Hài lòng", answers(), n_boot=100)
    text = notice(found, "mediation.two_categories").text("vi")
    assert "Giới tính: Nữ" in text
    assert "{" not in text


def test_small_mediation_says_so_and_raises_no_warning() -> None:
    found = cx.mediation("Giới tính", ["Nhân viên", "Giá cả"], "Hài lòng", answers(8), serial=True, weights="Cân",
                         n_boot=300)  # fmt: skip
    assert notice(found, "mediation.few_rows").serious
    assert "mediation.few_rows" not in {
        one.key for one in cx.mediation("Giá cả", "Nhân viên", "Hài lòng", answers(), n_boot=100).warnings
    }


def test_intervals_are_written_as_in_the_other_analyses() -> None:
    data = answers()
    for found in (
        cx.mediation("Giá cả", "Nhân viên", "Hài lòng", data, n_boot=100),
        cx.moderation("Hài lòng", "Giá cả", "Nhân viên", data),
    ):
        assert "; " not in found.summary("en").split("\n")[1] + found.summary("en").split("\n")[2]
        assert " %" not in found.summary("en") + found.summary("vi")


def test_unknown_figures_and_values_are_refused() -> None:
    data = answers()
    found = cx.mediation("Giá cả", "Nhân viên", "Hài lòng", data, n_boot=100)
    refused("analyses.unknown_option", lambda: found.plot(kind="curve"))  # type: ignore[arg-type]
    for values in (["cao"], [np.nan], [], "3"):
        refused(
            "moderation.values_numbers",
            lambda values=values: cx.moderation("Hài lòng", "Giá cả", "Nhân viên", data, values=values),
        )
    names = ["Giá cả", "Nhân viên"]
    refused("drivers.scale_unknown", lambda: cx.importance_performance("Hài lòng", names, data, scale={"Gia": (1, 5)}))
    refused("drivers.bad_scale", lambda: cx.importance_performance("Hài lòng", names, data, scale=3))  # type: ignore[arg-type]
    refused("drivers.unknown_method", lambda: cx.drivers("Hài lòng", names, data, 3))  # type: ignore[arg-type]
    refused("choice.cub_shelter", lambda: cx.cub("Hài lòng", data, shelter="ba"))  # type: ignore[arg-type]
    refused("weights.wrong_number", lambda: cx.cub("Hài lòng", data, weights=3))  # type: ignore[arg-type]
    refused("resample.whole_number", lambda: cx.mediation("Giá cả", "Nhân viên", "Hài lòng", data, seed=-1))


def test_lines_of_a_weighted_moderation_are_its_predictions() -> None:
    data = answers()
    found = cx.moderation("Hài lòng", "Giá cả", "Nhân viên", data, values=[2, 4], weights="Cân")
    x, z, y, w = (data[name].to_numpy() for name in ("Giá cả", "Nhân viên", "Hài lòng", "Cân"))
    root = np.sqrt(w)[:, None]
    b = np.linalg.lstsq(np.column_stack([np.ones(60), x, z, x * z]) * root, y * root[:, 0], rcond=None)[0]
    for row in found.lines.itertuples():
        assert row.y == pytest.approx(b @ [1, row.x, row.value, row.x * row.value])


def test_all_items_of_a_gap_are_named_in_the_readers_language() -> None:
    rng = np.random.default_rng(4)
    data = pd.DataFrame({f"{side}{k}": rng.integers(1, 8, 50) for side in "ep" for k in range(3)}).astype(float)
    data.loc[:4, "p0"] = np.nan
    found = cx.gap(["e0", "e1", "e2"], ["p0", "p1", "p2"], data, scale=(1, 7))
    assert "Tất cả (" in notice(found, "asymmetry.gap_unreliable").text("vi")
    assert "Of 50 respondents the items use 45 at least and 50" in notice(found, "asymmetry.gap_rows").text("en")


def test_a_reverse_category_is_not_called_most_customers() -> None:
    pairs = [(1, 1)] * 4 + [(3, 1)] * 12 + [(1, 3)] * 10 + [(3, 3)] * 9
    data = pd.DataFrame(pairs, columns=["có", "không"])
    found = cx.kano("có", "không", data, answers="like_first", n_boot=0)
    assert found.table["category"][0] == "reverse"
    assert found.table["share_reverse"][0] < 0.5
    assert "Most" not in notice(found, "asymmetry.kano_reverse").text("en")


def test_ratings_that_cub_does_not_describe_are_named() -> None:
    two_camps = pd.DataFrame({"điểm": [1] * 40 + [2] * 5 + [4] * 5 + [5] * 60 + [7] * 50})
    told = notice(cx.cub("điểm", two_camps, scale=(1, 7)), "choice.cub_misfit")
    assert "điểm (" in told.text("vi")
    shares = [1, 6, 15, 20, 15, 6, 1]
    good = pd.DataFrame({"điểm": np.repeat(range(1, 8), np.array(shares) * 3 + 4)})
    assert "choice.cub_misfit" not in {one.key for one in cx.cub("điểm", good, scale=(1, 7)).warnings}


def test_one_test_of_parallel_lines_against_the_other_is_said() -> None:
    from cxlab.analyses.ordinal_parallel import _refused

    table = pd.DataFrame(
        {"term": ["all", "x"], "brant_pvalue": [0.4, 0.6], "lr_pvalue": [0.01, 0.2], "reason": ["", ""]}
    )
    keys = {one.key: one for one in _refused(table)}
    assert set(keys) == {"choice.not_parallel", "choice.parallel_disagree"}
    assert "(LR" in keys["choice.parallel_disagree"].text("en")
    assert _refused(table.assign(lr_pvalue=[0.3, 0.2])) == []
    assert [one.key for one in _refused(table.assign(brant_pvalue=0.01))] == ["choice.not_parallel"]


def test_ten_answers_are_drawn_without_bands() -> None:
    from cxlab.show.probabilities import probability_plot

    def drawn(answers: int) -> int:
        rows = [{"x": float(x), "answer": f"a{k}", "probability": 0.1, "ci_lower": 0.05, "ci_upper": 0.2}
                for k in range(answers) for x in range(3)]  # fmt: skip
        return len(probability_plot(pd.DataFrame(rows)).axes[0].collections)

    assert (drawn(5), drawn(6)) == (5, 0)


def test_an_exact_fit_of_three_rows_warns_in_words_only() -> None:
    data = pd.DataFrame({"y": [1.0, 2.0, 3.0], "x": [2.0, 4.0, 6.0]})
    found = cx.regress("y ~ x", data, cov_type="nonrobust")
    assert "analyses.perfect_fit" in {one.key for one in found.warnings}


def test_heads_say_which_intervals_and_errors_stand_below() -> None:
    data = answers()
    classical = cx.moderation("Hài lòng", "Giá cả", "Nhân viên", data, cov_type="nonrobust", level=0.9)
    assert classical.summary("en").split("\n")[0].endswith("90% intervals, classical standard errors")
    assert "sai số chuẩn cổ điển" in str(classical.apa("vi"))
    found = cx.mediation("Giá cả", "Nhân viên", "Hài lòng", data, n_boot=100, ci="bca", level=0.9)
    assert "90% BCa intervals from 100 resamples" in found.summary("en")
