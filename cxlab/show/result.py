"""What every result can do: say its warnings, and show its main table in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import LANGUAGES, Language, current_language, language, pick, tr
from cxlab.references import Reference, cite
from cxlab.show.table import Table
from cxlab.show.text import words

Text = Mapping[str, str]


class Result(ABC):
    """Base of the frozen results: needs `warnings`, `references`, `summary` and `apa` of the class that uses it.

    Tables are handed out as copies, so that nothing done to them changes what the result prints later.
    """

    warnings: tuple[Notice, ...]
    references: tuple[str, ...]

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return value.copy() if isinstance(value, pd.DataFrame | pd.Series) else value

    @abstractmethod
    def summary(self, lang: Language | None = None) -> str:
        """The result in a few lines of text."""

    @abstractmethod
    def apa(self, lang: Language | None = None) -> Table:
        """The main table, as a paper prints it."""

    def cite(self) -> tuple[Reference, ...]:
        """The works behind the method."""
        return cite(*self.references)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        lang = current_language()
        return notices_html(self.warnings, lang) + self.apa(lang).to_html(lang)


def bilingual(key: str, **values: Any) -> dict[str, str]:
    """A catalogue text in every language, for a table cell or note; notices and bilingual values follow along.

    Examples
    --------
    >>> bilingual("analyses.row")
    {'en': 'row', 'vi': 'dòng'}
    """
    return each(lambda lang: tr(key, lang, **{name: _value(value, lang) for name, value in values.items()}))


def each(text: Callable[[Language], str]) -> dict[str, str]:
    """A bilingual text from a function that says it in one language.

    Examples
    --------
    >>> each(str.upper)
    {'en': 'EN', 'vi': 'VI'}
    """
    return {lang: text(lang) for lang in LANGUAGES}


def in_language(table: Table, lang: Language | None) -> Table:
    """The table with its words fixed in one language; without a language as it is, reading in any."""
    if lang is None:
        return table
    frame = table.frame.map(lambda cell: pick(cell, lang) if isinstance(cell, Mapping) else cell)
    columns = {name: replace(column, header=words(column.header, lang)) for name, column in table.columns.items()}
    spanners = tuple((words(text, lang), names) for text, names in table.spanners)
    notes = tuple(words(note, lang) for note in table.notes)
    fixed = {"frame": frame, "columns": columns, "notes": notes, "spanners": spanners}
    return replace(table, title=words(table.title, lang), lang=lang, **fixed)


def notices_text(notices: tuple[Notice, ...], lang: Language | None = None) -> list[str]:
    """One line a notice, serious ones first and marked ``!``.

    Examples
    --------
    >>> notices_text((Notice("common.n"), Notice("common.n", serious=True)))
    ['! n', '· n']
    """
    ordered = sorted(notices, key=lambda notice: not notice.serious)
    with language(lang or current_language()):  # a notice may hold another, or a judgement
        return [f"{'!' if notice.serious else '·'} {notice.text()}" for notice in ordered]


def notices_html(notices: tuple[Notice, ...], lang: Language | None = None) -> str:
    """The notices as an HTML list, or nothing.

    Examples
    --------
    >>> notices_html((Notice("common.n"),))
    '<ul class="cxlab-notices"><li>n</li></ul>'
    """
    if not notices:
        return ""
    ordered = sorted(notices, key=lambda notice: not notice.serious)
    with language(lang or current_language()):
        rows = [_strong(escape(notice.text()), notice.serious) for notice in ordered]
    return '<ul class="cxlab-notices">' + "".join(f"<li>{row}</li>" for row in rows) + "</ul>"


def _strong(text: str, serious: bool) -> str:
    return f"<strong>{text}</strong>" if serious else text


def _value(value: Any, lang: Language) -> Any:
    if isinstance(value, Notice):
        return value.text(lang)
    return pick(value, lang) if isinstance(value, Mapping) else value
