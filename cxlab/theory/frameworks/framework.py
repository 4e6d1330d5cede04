"""A framework of customer experience: what its constructs are, and the codebook, questionnaire and model they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.codebook import Codebook
from cxlab.codebook.text import did_you_mean
from cxlab.errors import CxlabError
from cxlab.i18n import Language, check_language
from cxlab.theory.frameworks.base import FrameworkFacts
from cxlab.theory.frameworks.facts import Part
from cxlab.theory.structures import Structure, structure_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.show.table import Table
    from cxlab.theory.frameworks.book import Brand
    from cxlab.theory.questionnaire import Questionnaire

Names = str | Sequence[str] | None


@dataclass(frozen=True, repr=False)
class Framework(FrameworkFacts):
    """A framework of customer experience, bilingual, with its sources; made by `cxlab.framework`.

    Attributes
    ----------
    name : str
        Its key, such as ``"gentile"``.
    title, definition, notes : mapping of language to text
        What it is, what it says experience is, and what a user of its items must know.
    parts : tuple of Part
        The constructs with all that is known of them; `constructs` is the same as a table.
    wordings : tuple of Wording
        The items, with ``{brand}`` where what is rated stands; `items` is the same as a table.
    references : tuple of str
        Keys of the works behind it; see `cite`.
    general, general_label : str, mapping of language to text
        Name of the general factor in models.
    brand : mapping of language to text
        What is rated when no name is given: "this brand".
    scale : str
        The response scale used unless another is asked for.
    wording : {"own", "paraphrase", "entered", "none"}
        Whose the items are.
    instead : mapping of language to text
        For a framework without items: what to use in its place.

    Examples
    --------
    >>> from cxlab import framework
    >>> gentile = framework("gentile")
    >>> print(gentile.model("second_order", outcomes=["loyalty"], comments=False).splitlines()[-1])
    loyalty ~ experience
    """

    def codebook(
        self,
        scale: str | Mapping[str, Any] | None = None,
        outcomes: Names = (),
        *,
        brand: Brand | None = None,
        expectations: bool = False,
    ) -> Codebook:
        """The codebook of a survey with this framework's items: what turns the answers into a scored Survey.

        Parameters
        ----------
        scale : str or mapping, optional
            ``"agree7"``, ``"agree5"``, ``"agree11"``, ``"descriptive7"``, ``"extent7"``, or one of your own with words
            at both ends in both languages: ``{"min": 1, "max": 5, "labels": {1: {"en": ..., "vi": ...}, 5: ...}}``. By
            default the framework's own.
        outcomes : sequence of str
            Constructs to add: ``"satisfaction"``, ``"loyalty"``, ``"word_of_mouth"``, ``"attitude"``.
        brand : str or mapping of language to text, optional
            What is rated, put into every sentence; by default "this brand".
        expectations : bool
            SERVQUAL only: every topic is also asked about a good provider, as items ``tan1_e`` of ``tangibles_e``.

        Returns
        -------
        Codebook
            Each item's note says whether its wording is drafted, a paraphrase, or entered by you.

        Raises
        ------
        CxlabError
            For a framework without items, an unknown outcome or scale, or a scale without words at an end.

        Examples
        --------
        >>> from cxlab import framework
        >>> framework("gentile").codebook(brand="Phin").item("sen2").label["en"]
        'Phin gives me a sense of beauty.'
        """
        from cxlab.theory.frameworks.book import build_codebook
        from cxlab.theory.frameworks.scales import response_scale

        self.need_items()
        if expectations and not all(one.expected for one in self.wordings):
            raise CxlabError("frameworks.no_expectations", name=self.name)
        others, added = self._outcomes(outcomes)
        points = response_scale(self.scale if scale is None else scale)
        return build_codebook(self, others, added, points, brand, expectations)

    def questionnaire(
        self,
        lang: str | Sequence[str] = "en",
        scale: str | Mapping[str, Any] | None = None,
        outcomes: Names = (),
        *,
        brand: Brand | None = None,
        expectations: bool = False,
        **options: Any,
    ) -> Questionnaire:
        """The questionnaire, ready for Kobo, LimeSurvey, Qualtrics or paper, in one language or two.

        Parameters
        ----------
        lang : {"en", "vi"}, or both
            The languages in which it is asked; the first is the one that platforms start with.
        scale, outcomes, brand, expectations
            As in `codebook`.
        **options
            Passed on to `cxlab.questionnaire`.

        Returns
        -------
        Questionnaire
            Its ``codebook`` reads the answers back.

        Raises
        ------
        CxlabError
            For an unknown language, a framework without items, or an item without a text in this language.

        Examples
        --------
        >>> from cxlab import framework
        >>> form = framework("gentile").questionnaire("vi", outcomes=["loyalty"], brand="Phin", attention=0, seed=1)
        >>> int((form.table["type"] == "scale").sum())
        27
        """
        from cxlab.theory.questionnaire import questionnaire

        asked = [check_language(one) for one in ([lang] if isinstance(lang, str) else lang)]
        book = self.codebook(scale, outcomes, brand=brand, expectations=expectations)
        for one in asked:
            bare = [name for name, item in book.items.items() if not item.label.get(one)]
            if bare:
                raise CxlabError("frameworks.item_untranslated", language=one, names=", ".join(bare))
        return questionnaire(book, lang=asked, brand=brand, **options)

    def model(
        self,
        structure: Structure | str = "correlated",
        outcomes: Names = (),
        *,
        paths: Mapping[str, Sequence[str]] | None = None,
        comments: bool = True,
        lang: Language | None = None,
    ) -> str:
        """The model of this framework as lavaan text, ready for ``cx.sem``.

        Parameters
        ----------
        structure : {"correlated", "one_factor", "second_order", "bifactor"}
            How the constructs make one experience; see `cxlab.theory.structures.structure_text`.
        outcomes : sequence of str
            Outcomes to explain. The constructs (``"correlated"``) or the general factor lead to satisfaction and
            attitude; satisfaction, where it is there, leads to loyalty and word of mouth.
        paths : mapping of str to sequence of str, optional
            Your own hypotheses in place of these: predictors by outcome.
        comments : bool
            True writes which line is which hypothesis.
        lang : {"en", "vi"}, optional
            Language of the comments, by default the one in use.

        Returns
        -------
        str
            lavaan text for data whose reversed items have been turned (``survey.reverse_scored()``).

        Raises
        ------
        CxlabError
            For a framework without items, or an unknown structure, outcome or path.

        Examples
        --------
        >>> from cxlab import framework
        >>> print(framework("brakus").model(outcomes=["loyalty"], lang="en").splitlines()[-1])
        loyalty ~ intellectual  # H1d: Intellectual → Loyalty
        """
        from cxlab.theory.frameworks.paths import default_paths

        self.need_items()
        others, added = self._outcomes(outcomes)
        blocks = {part.name: self.items_of(part.name) for part in self.parts}
        experience = list(blocks) if structure == "correlated" else [self.general]
        labels = {part.name: part.label for part in (*self.parts, *added)} | {self.general: self.general_label}
        return structure_text(
            blocks,
            structure,
            default_paths(experience, added) if paths is None else paths,
            outcomes={part.name: others.items_of(part.name) for part in added},
            general=self.general,
            labels=labels,
            reversed_items=[one.name for one in (*self.wordings, *others.wordings) if one.reversed],
            comments=comments,
            lang=lang,
        )

    def with_wording(self, wording: str | Path | Mapping[str, Any]) -> Framework:
        """The same framework with the original wording of its items, entered by someone who has the right to use it.

        Use it to field a published scale: cxlab ships paraphrases only. `wording_template` is the form to fill in.

        Parameters
        ----------
        wording : path or mapping
            An Excel or CSV file with the columns ``item``, ``en``, ``vi`` (one of the two will do) and, if you like,
            ``reversed``; a YAML file or a mapping ``{"bsen1": {"en": "...", "vi": "...", "reversed": False}}``, or
            ``{"bsen1": "..."}`` for English alone. ``{brand}`` in a sentence is replaced by what is rated.

        Returns
        -------
        Framework
            With ``wording == "entered"``.

        Raises
        ------
        CxlabError
            For a file that is missing or cannot be read, an unknown item, or items that have no text, by language.

        Examples
        --------
        >>> from cxlab import framework
        >>> mine = framework("outcomes")
        >>> mine = mine.with_wording({name: f"Question {name} on {{brand}}" for name in mine.items["item"]})
        >>> mine.codebook(brand="Phin").item("sat1").label
        {'en': 'Question sat1 on Phin'}
        """
        from cxlab.theory.frameworks.wording import enter

        self.need_items()
        return enter(self, wording)

    def wording_template(self) -> pd.DataFrame:
        """The form for `with_wording`, one row an item: its topic in our words, and empty cells for the original.

        Columns: ``item``, ``construct``, ``topic_en``, ``topic_vi``, ``reversed``, ``en``, ``vi``. Save it for Excel
        with ``.to_excel("wording.xlsx", index=False)``.

        Examples
        --------
        >>> from cxlab import framework
        >>> framework("brakus").wording_template().columns.tolist()
        ['item', 'construct', 'topic_en', 'topic_vi', 'reversed', 'en', 'vi']
        """
        from cxlab.theory.frameworks.wording import template

        self.need_items()
        return template(self)

    def table(self, lang: Language | None = None, of: str = "constructs") -> Table:
        """The constructs (or, ``of="items"``, the items) as a table for reading, with sources and their status.

        Examples
        --------
        >>> from cxlab import framework
        >>> framework("journey").table("en").frame.shape[0]
        11
        """
        from cxlab.theory.frameworks.view import table

        return table(self, lang, of)

    def plot(self, lang: Language | None = None, *, related: bool = False) -> Figure:
        """The map of the constructs: the experience, what it is made of, and (`related`) kin in other frameworks.

        Examples
        --------
        >>> from cxlab import framework
        >>> figure = framework("gentile").plot("vi", related=True)
        """
        from cxlab.theory.frameworks.view import plot

        return plot(self, lang, related)

    def _outcomes(self, names: Names) -> tuple[Framework, tuple[Part, ...]]:
        """The framework of outcomes, and the asked of its constructs in the asked order."""
        from cxlab.theory.frameworks.shelf import framework

        others = framework("outcomes")
        asked: Iterable[str] = [names] if isinstance(names, str) else list(names or ())
        found = {part.name: part for part in others.parts}
        for name in asked:
            if name not in found:
                hint = did_you_mean(str(name), found)
                raise CxlabError("frameworks.unknown_outcome", name=name, hint=hint, known=", ".join(found))
            if self.name == others.name:
                raise CxlabError("frameworks.outcome_twice", name=name)
        return others, tuple(found[name] for name in dict.fromkeys(asked))
