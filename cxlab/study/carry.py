"""Carrying a changed notebook over to its Vietnamese source: code copied, translations kept, the rest left to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from cxlab.study.pairs import find_pairs, text_hash
from cxlab.study.translation import MARKDOWN_CELL

_CELL = re.compile(r"(?m)^(?=# %%)")
_STAMP = re.compile(r'en_hash="([^"]*)"')
_PARAMETERS = re.compile(r"# %%.*parameters")
_LANG_LINE = re.compile(r'^lang = "en"', re.MULTILINE)


def carry_all(notebooks: Path) -> dict[str, int]:
    """Carry every English source to its Vietnamese edition; ``{name: text cells left to translate}`` where one changed.

    A text cell whose English did not change keeps its translation. One whose English changed keeps the old translation
    with its old stamp, so that it is listed as stale. A new one comes in English without a stamp.
    """
    folder = notebooks / "vi" / "source"
    left: dict[str, int] = {}
    for pair in find_pairs(notebooks, "en"):
        if not pair.source.exists():
            continue
        target = folder / pair.source.name
        old = target.read_text(encoding="utf-8") if target.exists() else ""
        fresh, count = carry(pair.source.read_text(encoding="utf-8"), old)
        if fresh != old:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_text(fresh, encoding="utf-8", newline="\n")
            left[pair.name] = count
    return left


def carry(english: str, vietnamese: str) -> tuple[str, int]:
    """The Vietnamese source with the cells of the English one, and how many text cells are left to translate.

    Examples
    --------
    >>> text, left = carry('# %% [markdown]\\n# Goals\\n\\n# %% tags=["parameters"]\\nlang = "en"\\n', "")
    >>> text.splitlines()[-1], left
    ('lang = "vi"', 1)
    """
    cells = _CELL.split(english)
    translations = _matched([_digest(cell) for cell in cells if _is_text(cell)], _translations(vietnamese))
    left, parts = 0, []
    for cell in cells:
        if not _is_text(cell):
            parts.append(_LANG_LINE.sub('lang = "vi"', cell) if _PARAMETERS.match(cell) else cell)
            continue
        translated = next(translations)
        left += translated is None or f'en_hash="{_digest(cell)}"' not in translated.split("\n", 1)[0]
        parts.append(cell if translated is None else translated)
    return "".join(parts), left


def _is_text(cell: str) -> bool:
    return bool(MARKDOWN_CELL.match(cell.split("\n", 1)[0]))


def _digest(cell: str) -> str:
    lines = cell.split("\n")[1:]
    return text_hash("\n".join(re.sub(r"^# ?", "", line) for line in lines))


def _translations(source: str) -> list[tuple[str, str]]:
    """Each text cell of the Vietnamese source after the digest of the English cell it follows."""
    cells = [cell for cell in _CELL.split(source) if _is_text(cell)]
    return [((_STAMP.search(cell.split("\n", 1)[0]) or ["", ""])[1], cell) for cell in cells]


def _matched(wanted: list[str], known: list[tuple[str, str]]) -> Iterator[str | None]:
    """For each English text cell its translation, an old one in the same place, or None."""
    matcher = SequenceMatcher(a=wanted, b=[digest for digest, _ in known], autojunk=False)
    for kind, start, end, other, other_end in matcher.get_opcodes():
        pool = [cell for _, cell in known[other:other_end]] if kind in ("equal", "replace") else []
        for place in range(end - start):
            yield pool[place] if place < len(pool) else None
