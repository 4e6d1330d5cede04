"""Words in tables and figures: in one language, wrapped, measured, printable."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from functools import lru_cache

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, pick, tr

Text = Mapping[str, str]
Words = str | Text | Notice

_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def words(text: Words, lang: Language | None = None) -> str:
    """A catalogue key, a bilingual text or a Notice, in one language. A string that is no key stays as it is.

    Examples
    --------
    >>> words({"en": "Item", "vi": "Câu hỏi"}, "vi"), words("CFI", "vi")
    ('Câu hỏi', 'CFI')
    """
    if isinstance(text, Notice):
        return text.text(lang)
    return tr(text, lang) if isinstance(text, str) else pick(text, lang)


def label(text: str | Text, lang: Language | None = None) -> str:
    """A label that comes from the data: never looked up, so that an item may be called anything.

    Examples
    --------
    >>> label({"en": "Image", "vi": "Hình ảnh"}, "en")
    'Image'
    """
    return printable(pick(text, lang) if isinstance(text, Mapping) else str(text))


def printable(text: str) -> str:
    """The text without control characters and half surrogates, which XML and fonts refuse.

    Examples
    --------
    >>> printable("a" + chr(0) + "b")
    'ab'
    """
    return _NOT_PRINTABLE.sub("", text)


def count(value: int, lang: Language | None = None) -> str:
    """A whole number with its thousands set apart as the language does.

    Examples
    --------
    >>> count(1250, "en"), count(1250, "vi")
    ('1,250', '1.250')
    """
    text = f"{int(value):,}".replace("-", "−")
    return text.replace(",", ".") if (lang or current_language()) == "vi" else text


def wrap(text: str, width: int, lines: int | None = None) -> str:
    """The text broken into lines of at most `width` letters; beyond `lines` it ends in an ellipsis.

    Examples
    --------
    >>> wrap("overall satisfaction with the operator", 14, 2)
    'overall\\nsatisfaction…'
    """
    parts = textwrap.wrap(re.sub(r"[ \t\r\n]+", " ", text).strip(), width, break_on_hyphens=False) or [""]
    if lines and len(parts) > lines:
        last = parts[lines - 1]
        parts = [*parts[: lines - 1], (last if len(last) < width else last[: width - 1]).rstrip() + "…"]
    return "\n".join(parts)


@lru_cache(maxsize=4096)
def text_size(text: str, size: float) -> tuple[float, float]:
    """Width and height in inches of a text, lines included, in the figures' font at `size` points.

    Examples
    --------
    >>> wide, narrow = text_size("WWWW", 9), text_size("iiii", 9)
    >>> wide[0] > narrow[0]
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size)
    rows = text.split("\n")
    width = max(text_to_path.get_text_width_height_descent(row or " ", font, False)[0] for row in rows)
    return float(width) / 72, len(rows) * size * 1.2 / 72


def fit(text: str, inches: float, size: float, lines: int | None = None) -> str:
    """The text wrapped so that no line is wider than `inches` in the figures' font at `size` points.

    Examples
    --------
    >>> fit("a rather long question", 1.0, 9).count("\\n")
    1
    """
    for width in range(max(4, int(inches * 72 / (0.4 * size))), 3, -1):
        wrapped = wrap(text, width, lines)
        if text_size(wrapped, size)[0] <= inches:
            return wrapped
    return wrapped
