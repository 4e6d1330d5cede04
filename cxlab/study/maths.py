"""Formulas without a network: TeX drawn by matplotlib's own parser as a small inline SVG in the colour of the text."""

from __future__ import annotations

import html
from functools import cache

_EM = 100.0
_LETTERS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}


@cache
def formula(tex: str, *, display: bool = False) -> str:
    r"""HTML of a formula: an SVG that grows with the text, or the TeX itself where it cannot be drawn.

    Parameters
    ----------
    tex : str
        TeX mathematics without its dollar signs.
    display : bool
        True for a formula on a line of its own.

    Examples
    --------
    >>> formula(r"\alpha = .82").startswith('<svg class="math"')
    True
    >>> formula(r"\begin{matrix}")
    '<code class="math">\\begin{matrix}</code>'
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    text = " ".join(tex.split())
    try:
        path = TextPath((0, 0), f"${text}$", size=_EM, prop=FontProperties(math_fontfamily="stix"))
    except ValueError:
        body = f'<code class="math">{html.escape(text, quote=False)}</code>'
    else:
        body = _svg(path, text)
    return f'<div class="math-block">{body}</div>' if display else body


def _svg(path: object, tex: str) -> str:
    box = path.get_extents()  # type: ignore[attr-defined]
    left, top, pad = box.x0, -box.y1, 4.0
    width, height = box.width + 2 * pad, box.height + 2 * pad
    style = f"width:{width / _EM:.3f}em;height:{height / _EM:.3f}em;vertical-align:{(box.y0 - pad) / _EM:.3f}em"
    view = f"{left - pad:.1f} {top - pad:.1f} {width:.1f} {height:.1f}"
    label = html.escape(tex)
    return (
        f'<svg class="math" role="img" aria-label="{label}" viewBox="{view}" style="{style}">'
        f'<path fill="currentColor" d="{_outline(path)}"/></svg>'
    )


def _outline(path: object) -> str:
    parts = []
    for points, code in path.iter_segments(simplify=False):  # type: ignore[attr-defined]
        letter = _LETTERS[int(code)]
        pairs = zip(points[::2], points[1::2], strict=True)
        parts.append(letter + ("" if letter == "Z" else " ".join(f"{x:.1f} {-y:.1f}" for x, y in pairs)))
    return "".join(parts)
