"""How figures look: one palette in which a construct keeps its colour, one calm style, one way to save."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from cxlab.i18n import Language, format_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.ticker import Formatter

INK = "#2B2B2B"
MUTED = "#6B6B6B"
GRID = "#E4E4E4"
NEGATIVE = "#B23A2A"

PALETTE: Mapping[str, str] = {
    "sensorial": "#309390",
    "emotional": "#CC3352",
    "cognitive": "#481C8C",
    "pragmatic": "#B5650D",
    "lifestyle": "#A244A5",
    "relational": "#2BAFE3",
    "satisfaction": "#1E5326",
    "loyalty": "#621D4C",
    "value": "#BDB050",
    "image": "#4E99E7",
    "expectations": "#D6A715",
    "quality": "#995919",
    "complaints": "#758776",
    "competence": "#225FC2",
    "likeability": "#E67BA9",
}
"""The fixed colour of each known construct. Chosen so that constructs of one framework stay apart for red-, green-
and blue-blind readers (a test simulates all three)."""

_WORDS: Mapping[str, str] = {
    "sensorial": "sensorial sensory sense senses sen cam_quan cam_giac",
    "emotional": "emotional emotion emotions feel feeling affective emo cam_xuc cam_nhan",
    "cognitive": "cognitive cognition think intellectual cog nhan_thuc suy_nghi",
    "pragmatic": "pragmatic act behavioural behavioral prag thuc_dung hanh_dong",
    "lifestyle": "lifestyle life_style life loi_song",
    "relational": "relational relate relation social quan_he lien_he",
    "satisfaction": "satisfaction satisfied csat sat cusa hai_long",
    "loyalty": "loyalty loyal loy cusl trung_thanh",
    "value": "perceived_value value val price gia_tri_cam_nhan gia_tri",
    "image": "image imag assurance hinh_anh",
    "expectations": "expectations expectation expe promotion reliability ky_vong mong_doi",
    "quality": "perceived_quality quality qual product empathy chat_luong",
    "complaints": "complaints complaint complain process phan_nan khieu_nai",
    "competence": "competence place tangibles nang_luc",
    "likeability": "likeability likability like people responsiveness thien_cam",
}
_FONTS = "'DejaVu Sans', Verdana, 'Noto Sans', Arial, sans-serif"


_SETTINGS: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same letters and widths on every machine
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "axes.unicode_minus": True,
    "text.usetex": False,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "cxlab",
}


def _plain(name: str) -> str:
    """The name in lower case, without diacritics, its words joined by underscores."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    letters = unicodedata.normalize("NFD", spaced.lower().replace("đ", "d"))
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


@cache
def _known_construct(name: str) -> str | None:
    """The palette's name for a construct, found by its words, or None."""
    padded = f"_{_plain(name)}_"
    hits = [
        (word.count("_"), -padded.index(f"_{word}_"), key)
        for key, words in _WORDS.items()
        for word in words.split()
        if f"_{word}_" in padded
    ]
    return max(hits)[2] if hits else None


def construct_colour(name: str) -> str:
    """The colour of a construct, the same in every figure.

    Constructs of customer experience have fixed hues: Gentile's sensorial and Schmitt's sense share one, emotional
    and feel another, and so on. Any other name gets a colour of the palette that depends on the name alone.

    Parameters
    ----------
    name : str
        The construct's key or label, in English or Vietnamese, as it stands in a codebook.

    Returns
    -------
    str
        A colour as ``"#RRGGBB"``.

    Examples
    --------
    >>> construct_colour("sense") == construct_colour("Sensorial experience") == construct_colour("cảm quan")
    True
    """
    known = _known_construct(name)
    if known:
        return PALETTE[known]
    return list(PALETTE.values())[crc32(_plain(name).encode()) % len(PALETTE)]


def construct_colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each construct of one figure: fixed ones first, then others, none twice while colours last.

    Parameters
    ----------
    names : iterable of str
        The constructs, in the order of the figure.

    Returns
    -------
    dict
        Name to ``"#RRGGBB"``.

    Examples
    --------
    >>> colours = construct_colours(["loyalty", "trust", "habit"])
    >>> len(set(colours.values()))
    3
    """
    names = list(dict.fromkeys(names))
    fixed = {name: construct_colour(name) for name in names if _known_construct(name)}
    shades, taken = list(PALETTE.values()), set(fixed.values())
    chosen = dict(fixed)
    for name in names:
        if name in fixed:
            continue
        start = shades.index(construct_colour(name))
        around = shades[start:] + shades[:start]
        chosen[name] = next((c for c in around if c not in taken), around[0])
        taken.add(chosen[name])
    return {name: chosen[name] for name in names}


def tint(colour: str, strength: float = 0.18) -> str:
    """The colour mixed with white: `strength` 1 is the colour itself, 0 is white.

    Examples
    --------
    >>> tint("#000000", 0.2)
    '#CCCCCC'
    """
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * strength):02X}" for part in parts)


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in cxlab's style for the length of a ``with`` block; the user's own settings come back afterwards.

    Use it around your own matplotlib or seaborn code so that it matches the figures of cxlab.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> with figure_style():
    ...     figure = Figure(figsize=(3.4, 2.4))
    """
    import matplotlib as mpl

    with mpl.rc_context(_SETTINGS):
        yield


def number_formatter(digits: int | None = 1, *, bounded: bool = False, lang: Language | None = None) -> Formatter:
    """A matplotlib tick formatter that writes numbers as the language does (decimal comma in Vietnamese).

    Parameters
    ----------
    digits : int or None
        Digits after the decimal sign; None takes as many as the ticks need to differ when they are drawn.
    bounded : bool
        True for statistics that cannot pass 1: English then drops the leading zero.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Examples
    --------
    >>> number_formatter(1, lang="vi")(0.5)
    '0,5'
    >>> number_formatter(None, lang="en").format_ticks([-0.25, 0.0, 0.25])
    ['−0.25', '0.00', '0.25']
    """
    from matplotlib.ticker import Formatter

    def text(value: float, shown: int) -> str:
        return format_number(float(value), shown, bounded=bounded and abs(value) < 1, lang=lang)

    class Numbers(Formatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return text(x, 2 if digits is None else digits)

        def format_ticks(self, values: Sequence[float]) -> list[str]:
            shown = step_digits(values) if digits is None else digits
            return [text(value, shown) for value in values]

    return Numbers()


def step_digits(ticks: Sequence[float]) -> int:
    """As many digits as evenly spaced ticks need to differ.

    Examples
    --------
    >>> step_digits([0.0, 0.025, 0.05])
    3
    """
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    return next((digits for digits in range(6) if abs(step * 10**digits - round(step * 10**digits)) < 1e-6), 6)


def save_figure(figure: Figure, stem: str | Path, *, dpi: int = 300) -> tuple[Path, Path]:
    """Save a figure as SVG (text stays text) and as PNG, so that the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib Figure
        Any figure.
    stem : str or Path
        Where to, without the ending; folders are made where they lack. An ending of its own is kept:
        ``"fit.v2"`` becomes ``fit.v2.svg``.
    dpi : int
        Resolution of the PNG in dots per inch.

    Returns
    -------
    tuple of Path
        The SVG and the PNG.

    Examples
    --------
    >>> import tempfile
    >>> from matplotlib.figure import Figure
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save_figure(Figure(), Path(folder) / "empty")]
    ['empty.svg', 'empty.png']
    """
    stem = Path(stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    svg, png = (stem.with_name(stem.name + ending) for ending in (".svg", ".png"))
    svg.write_bytes(svg_bytes(figure))
    with figure_style():
        figure.savefig(png, dpi=dpi, metadata={"Software": "cxlab"})
    return svg, png


def svg_bytes(figure: Figure) -> bytes:
    """The figure as SVG: no date, stable ids, text as text in fonts that carry Vietnamese.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> svg_bytes(Figure()) == svg_bytes(Figure())
    True
    """
    from io import StringIO

    out = StringIO()
    with figure_style():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "cxlab"})
    return out.getvalue().replace("'DejaVu Sans'", _FONTS).encode("utf-8")
