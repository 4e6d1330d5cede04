"""Colours that stay, and files that are the same each time."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from cxlab.show import construct_colour, construct_colours, figure_style, flow_diagram, save_figure
from cxlab.show.style import PALETTE, number_formatter, svg_bytes

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
FRAMEWORKS = {
    "gentile": "sensorial emotional cognitive pragmatic lifestyle relational value satisfaction loyalty",
    "schmitt": "sense feel think act relate satisfaction loyalty",
    "ecsi": "image expectations quality value satisfaction complaints loyalty",
    "reputation": "competence likeability quality image satisfaction loyalty",
}


def _lab(colour: str, vision: str) -> np.ndarray:
    """CIE L*a*b* (D65) of an sRGB colour as seen with this vision."""
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.array(to_xyz) @ seen / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_constructs_of_a_framework_stay_apart_for_every_kind_of_colour_vision(framework: str, vision: str) -> None:
    colours = [construct_colour(name) for name in FRAMEWORKS[framework].split()]
    distances = [np.linalg.norm(_lab(a, vision) - _lab(b, vision)) for a, b in itertools.combinations(colours, 2)]
    assert min(distances) > 15  # a difference of 2.3 is just noticeable side by side


@pytest.mark.parametrize(
    "same",
    [
        ("sensorial", "sense", "SEN", "cảm quan", "Sensorial component"),
        ("emotional", "feel", "EMO", "Cảm xúc"),
        ("cognitive", "think", "nhận thức"),
        ("pragmatic", "act", "thực dụng"),
        ("relational", "relate", "quan_hệ"),
        ("quality", "perceived_quality", "PerceivedQuality", "Chất lượng cảm nhận"),
        ("value", "Perceived value", "giá trị cảm nhận"),
        ("satisfaction", "customer_satisfaction", "hài lòng"),
    ],
)
def test_one_construct_has_one_colour_whatever_it_is_called(same: tuple[str, ...]) -> None:
    assert {construct_colour(name) for name in same} == {PALETTE[same[0]]}


def test_words_inside_other_words_do_not_count() -> None:
    assert construct_colours(["actor", "evaluation"]).keys() == {"actor", "evaluation"}
    assert construct_colour("evaluation") == construct_colour("Evaluation")


def test_unknown_constructs_do_not_share_a_colour_within_a_figure() -> None:
    names = ["loyalty", *(f"trust_{i}" for i in range(14))]
    colours = construct_colours(names)
    assert len(set(colours.values())) == 15
    assert colours["loyalty"] == PALETTE["loyalty"]


def test_more_constructs_than_colours_still_get_one() -> None:
    assert len(construct_colours([f"x{i}" for i in range(40)])) == 40


def test_style_gives_the_users_settings_back() -> None:
    before = dict(mpl.rcParams)
    with figure_style():
        assert mpl.rcParams["svg.fonttype"] == "none"
    assert dict(mpl.rcParams) == before


def test_ticks_follow_the_language() -> None:
    assert number_formatter(2, bounded=True, lang="en")(0.25) == ".25"
    assert number_formatter(2, bounded=True, lang="vi")(-0.25) == "−0,25"


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    steps = [("Số phiếu thu được", 412), ("Trả lời quá nhanh", 26), ("Đưa vào phân tích", 386)]
    first, second = (flow_diagram(steps, lang="vi") for _ in range(2))
    assert svg_bytes(first) == svg_bytes(second)
    one = [path.read_bytes() for path in save_figure(first, tmp_path / "a" / "flow.v1", dpi=100)]
    two = [path.read_bytes() for path in save_figure(second, tmp_path / "b" / "flow.v1", dpi=100)]
    assert one == two
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["flow.v1.png", "flow.v1.svg"]


def test_svg_keeps_vietnamese_as_text_with_fallback_fonts() -> None:
    svg = svg_bytes(flow_diagram([("Số phiếu thu được", 5), ("Đưa vào phân tích", 5)], lang="vi")).decode()
    assert "Đưa vào phân tích" in svg
    assert "'DejaVu Sans', Verdana, 'Noto Sans', Arial, sans-serif" in svg
    assert "<dc:date>" not in svg


def test_a_figure_shows_itself_in_a_notebook_at_its_natural_size() -> None:
    figure = flow_diagram([("Collected", 5), ("Analysed", 5)])
    png, size = figure._repr_png_()  # type: ignore[attr-defined]
    assert png.startswith(b"\x89PNG")
    assert size["width"] == round(figure.get_figwidth() * 96)


def test_importing_the_room_loads_neither_matplotlib_nor_other_rooms() -> None:
    code = (
        "import sys, cxlab.show, cxlab.show.table, cxlab.show.style, cxlab.show.flow\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('matplotlib', 'seaborn', 'docx') or m.startswith("
        "('cxlab.survey', 'cxlab.analyses', 'cxlab.estimate'))]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
