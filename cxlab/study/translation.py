"""Vietnamese editions of notebooks: code identical to the letter, text tied to its English cell by hash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cxlab.errors import StudyError
from cxlab.i18n import tr
from cxlab.study.pairs import Notebook, Pair, find_pairs, parameters_cell, text_hash

MARKDOWN_CELL = re.compile(r"^# %%.*\[(?:markdown|md)\].*$")
_EN_HASH = re.compile(r'\s+en_hash="[^"]*"')
_LANG_LINE = re.compile(r'^lang = "vi"', re.MULTILINE)


def translation_problems(notebooks: Path) -> list[str]:
    """One sentence for each translated cell that is stale or unstamped, and each code cell that differs."""
    english = {pair.name: pair for pair in find_pairs(notebooks, "en")}
    problems: list[str] = []
    for pair in find_pairs(notebooks, "vi"):
        if pair.name not in english:
            problems.append(tr("study.translation_orphan", name=pair.name))
        else:
            problems.extend(_compare(pair.name, english[pair.name].notebook, pair.notebook))
    return problems


def _compare(name: str, english: Notebook, translated: Notebook) -> Iterator[str]:
    kinds = [[cell.cell_type for cell in notebook.cells] for notebook in (english, translated)]
    if kinds[0] != kinds[1]:
        first = next((i for i, (a, b) in enumerate(zip(*kinds, strict=False)) if a != b), min(map(len, kinds)))
        yield tr("study.translation_shape", name=name, english=len(kinds[0]), other=len(kinds[1]), cell=first + 1)
        return
    for number, (ours, theirs) in enumerate(zip(english.cells, translated.cells, strict=True), start=1):
        if ours.cell_type == "markdown":
            stamp = theirs.metadata.get("en_hash")
            if stamp != text_hash(ours.source):
                key = "study.translation_stale" if stamp else "study.translation_unstamped"
                yield tr(key, name=name, cell=number, line=first_line(ours.source))
        elif ours.source != _code(translated, theirs):
            yield tr("study.translation_code", name=name, cell=number, line=first_line(ours.source))


def _code(notebook: Notebook, cell: Notebook) -> str:
    """A cell's code; in the parameters cell, the edition's own language counts as the English one."""
    return _LANG_LINE.sub('lang = "en"', cell.source) if cell is parameters_cell(notebook) else cell.source


def first_line(source: str) -> str:
    """The first line of a cell that holds something, shortened to 70 characters.

    Examples
    --------
    >>> first_line("\\n\\nfit = cx.sem(model, survey)\\nfit")
    'fit = cx.sem(model, survey)'
    """
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return line if len(line) <= 70 else line[:69] + "…"


def stamp(english: Pair, translated: Pair) -> int:
    """Tie every text cell of a Vietnamese source to its English cell as it is now; returns how many stamps changed.

    To be called after a translator has looked: it says "this text follows that one". A cell still in English is left.
    """
    wanted, texts = (
        [text_hash(cell.source) for cell in pair.notebook.cells if cell.cell_type == "markdown"]
        for pair in (english, translated)
    )
    lines = translated.source.read_text(encoding="utf-8").split("\n")
    places = [i for i, line in enumerate(lines) if MARKDOWN_CELL.match(line)]
    if len(places) != len(wanted):
        raise StudyError("study.translation_count", name=translated.name, english=len(wanted), other=len(places))
    changed = 0
    for place, digest, own in zip(places, wanted, texts, strict=True):
        if own == digest:  # still in English
            continue
        fresh = f'{_EN_HASH.sub("", lines[place]).rstrip()} en_hash="{digest}"'
        changed += fresh != lines[place]
        lines[place] = fresh
    if changed:
        translated.source.write_text("\n".join(lines), encoding="utf-8")
    return changed


def stamp_all(notebooks: Path) -> dict[str, int]:
    """Stamp every Vietnamese source; ``{name: stamps changed}``."""
    english = {pair.name: pair for pair in find_pairs(notebooks, "en")}
    return {
        pair.name: stamp(english[pair.name], pair)
        for pair in find_pairs(notebooks, "vi")
        if pair.source.exists() and pair.name in english
    }
