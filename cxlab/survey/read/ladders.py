"""The built-in ladders of answer words, for columns that no codebook explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from cxlab.codebook import Text
from cxlab.codebook.text import bare, fold_word
from cxlab.i18n.loading import read_yaml


@dataclass(frozen=True)
class Ladder:
    """One response scale in words.

    Attributes
    ----------
    family : str
        What is asked: agreement, satisfaction, frequency, ...
    labels : mapping of number to text
        The usual words of each point in English and Vietnamese.
    numbers : mapping of folded word to number
        Every spelling that is read.
    tongues : mapping of folded word to language
        The language of each spelling.
    """

    family: str
    labels: Mapping[float, Text]
    numbers: Mapping[str, float]
    tongues: Mapping[str, str]

    def spellings(self, answers: Iterable[str]) -> dict[float, dict[str, tuple[str, ...]]]:
        """The answers that are spelled otherwise than the usual words, by point and language, as an item's `words`."""
        usual = {fold_word(text) for texts in self.labels.values() for text in texts.values()}
        found: dict[float, dict[str, tuple[str, ...]]] = {}
        for text in {fold_word(a): " ".join(a.split()) for a in answers}.values():
            point = self.numbers.get(fold_word(text))
            if point is not None and fold_word(text) not in usual:
                texts, lang = found.setdefault(point, {}), self.tongues[fold_word(text)]
                texts[lang] = (*texts.get(lang, ()), text)
        return found

    def collisions(self, words: Iterable[str]) -> int:
        """How many words share a point with another of the same language: "very good" and "excellent" rarely do."""
        spelt = {(self.numbers[word], self.tongues[word], bare(word)) for word in words}
        return len(spelt) - len({(point, tongue) for point, tongue, _ in spelt})

    def covered(self, words: Iterable[str]) -> float:
        """The share of the ladder's points that the words use."""
        return len({self.numbers[word] for word in words}) / len(self.labels)


@cache
def ladders() -> tuple[Ladder, ...]:
    """All ladders of the catalogue file."""
    return tuple(_ladder(entry) for entry in read_yaml(Path(__file__).with_name("ladders.yaml")))


def _ladder(entry: Mapping) -> Ladder:
    points = dict(enumerate(entry["points"], start=1))
    labels: dict[float, Text] = {
        number: {lang: words[0] for lang, words in point.items()} for number, point in points.items()
    }
    numbers: dict[str, float] = {}
    tongues: dict[str, str] = {}
    spelt = [(word, lang, n) for n, point in points.items() for lang, words in point.items() for word in words]
    for word, lang, number in spelt:
        for form in (bare(word), fold_word(word)):  # "Hoan toan dong y", typed without accents
            numbers[form], tongues[form] = float(number), lang
    return Ladder(entry["family"], labels, numbers, tongues)


def descends(labels: Mapping[float, Text]) -> bool:
    """True if the words of a scale stand on a ladder and fall where its numbers rise: 1 is "strongly agree".

    Examples
    --------
    >>> descends({1: {"vi": "Hài lòng"}, 2: {"vi": "Bình thường"}, 3: {"vi": "Không hài lòng"}})
    True
    """
    words = [{fold_word(text) for text in labels[point].values()} for point in sorted(labels)]
    for ladder in ladders() if len(words) > 2 else ():
        steps = [{ladder.numbers[text] for text in texts if text in ladder.numbers} for texts in words]
        if all(len(step) == 1 for step in steps):
            heights = [step.pop() for step in steps]
            return all(high > low for high, low in pairwise(heights))
    return False


@dataclass(frozen=True)
class Fitted:
    """Ladders by column; columns whose words stand on several ladders with other numbers; words that stand on none.

    `near` holds, for columns of which most words stand on one ladder, the words that do not; `longer` the columns whose
    words also stand, with other numbers, on a ladder that has one point more.
    """

    ladders: Mapping[str, Ladder]
    doubtful: tuple[str, ...]
    near: Mapping[str, tuple[str, ...]]
    longer: tuple[str, ...] = ()


def fit_ladders(words: Mapping[str, Iterable[str]], sizes: Mapping[str, int] | None = None) -> Fitted:
    """The ladder on which all words of each column stand.

    Columns of one family are looked at together, because nobody may have used the middle of a scale in one column. A
    ladder on which two answers of a column would become one number ("Tệ" and "Kém") is none for it. Of several
    ladders that hold all words, the one whose points are used best is taken, if more than half of them are used and
    no other ladder is used as well; otherwise the column is doubtful and stays text.

    Parameters
    ----------
    words : mapping of column to words
        The distinct answers of each column.
    sizes : mapping of column to int
        Number of points of the scale, where a codebook gives its ends.
    """
    folded = {column: {fold_word(w) for w in texts} for column, texts in words.items()}
    fits = {column: _holding(texts, (sizes or {}).get(column)) for column, texts in folded.items() if texts}
    pools: dict[str, set[str]] = {}
    for column, found in fits.items():
        for family in {ladder.family for ladder in found}:
            pools.setdefault(family, set()).update(folded[column])
    taken: dict[str, Ladder] = {}
    doubtful: list[str] = []
    for column, found in fits.items():
        best = _best(found, folded[column], pools)
        if best is not None:
            taken[column] = best
        elif found:
            doubtful.append(column)
    near = {c: left for c, texts in words.items() if c in fits and not fits[c] and (left := _left_over(texts))}
    longer = tuple(c for c, ladder in taken.items() if _has_longer(ladder, fits[c], folded[c], pools[ladder.family]))
    return Fitted(taken, tuple(doubtful), near, longer)


def _has_longer(taken: Ladder, found: Iterable[Ladder], words: set[str], pool: set[str]) -> bool:
    """True if the middle of a longer scale may be there and nobody have chosen it."""
    rivals = (x for x in found if x.family == taken.family and len(x.labels) == len(taken.labels) + 1)
    holding = (x for x in rivals if pool <= x.numbers.keys())
    return any(x.numbers[word] != taken.numbers[word] for x in holding for word in words)


def _left_over(texts: Iterable[str]) -> tuple[str, ...]:
    """The answers off the ladder on which at least two of three stand; empty if there is no such ladder."""
    texts = tuple(texts)
    left = min((tuple(t for t in texts if fold_word(t) not in x.numbers) for x in ladders()), key=len)
    on = len(texts) - len(left)
    return left if on >= 2 * max(1, len(left)) else ()


def _holding(words: set[str], size: int | None) -> list[Ladder]:
    """The ladders on which all words stand, of the size asked for."""
    return [x for x in ladders() if words <= x.numbers.keys() and size in (None, len(x.labels))]


def _best(found: list[Ladder], words: set[str], pools: Mapping[str, set[str]]) -> Ladder | None:
    found = [ladder for ladder in found if not ladder.collisions(words)]
    if len({ladder.family for ladder in found}) != 1:
        return None
    pool = pools[found[0].family]
    if not any(pool <= ladder.numbers.keys() for ladder in found):
        pool = words
    if len(found) == 1:
        return found[0]
    able = [ladder for ladder in found if pool <= ladder.numbers.keys()]
    ranked = sorted(able, key=lambda ladder: ladder.covered(pool), reverse=True)
    if ranked[0].covered(pool) <= 0.5:
        return None
    second = ranked[1].covered(pool) if len(ranked) > 1 else 0.0
    same = len(ranked) > 1 and all(ranked[0].numbers[w] == ranked[1].numbers[w] for w in words)
    return ranked[0] if ranked[0].covered(pool) > second or same else None
