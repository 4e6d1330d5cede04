"""What a framework holds and how it reads, apart from what can be made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from cxlab.codebook.text import did_you_mean
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, pick
from cxlab.references import Reference, cite
from cxlab.theory.frameworks.facts import Part, Text, Wording, read_translations


@dataclass(frozen=True, repr=False)
class FrameworkFacts:
    """The facts of a framework as tables and text; `Framework` adds codebook, questionnaire, model and figure."""

    name: str
    title: Text
    definition: Text
    notes: Text
    parts: tuple[Part, ...]
    wordings: tuple[Wording, ...]
    references: tuple[str, ...]
    general: str
    general_label: Text
    brand: Text
    scale: str
    wording: str
    instead: Text = field(default_factory=dict)

    @property
    def constructs(self) -> pd.DataFrame:
        """The constructs, one a row.

        Columns: ``construct``; ``label`` and ``definition`` in the language in use; ``measurement`` (``"reflective"``,
        or ``"none"`` without items); ``source`` (a reference's key); ``status``: ``"sourced"`` (read in the source or a
        report of it), ``"memory"`` (recalled) or ``"drafted"`` (ours); ``part_of`` (the stage that a stage belongs to).
        """
        kind = "reflective" if self.wordings else "none"
        rows = [
            (one.name, pick(one.label), pick(one.definition), kind, one.source, one.status, one.part_of)
            for one in self.parts
        ]
        heads = ["construct", "label", "definition", "measurement", "source", "status", "part_of"]
        return pd.DataFrame(rows, columns=heads)

    @property
    def items(self) -> pd.DataFrame:
        """The items, one a row.

        Columns: ``item``; ``construct``; ``text_en`` and ``text_vi``, with ``{brand}`` for what is rated; ``reversed``;
        ``source`` (key of the work that is paraphrased, or empty); ``status``: ``"drafted"`` (ours, free to use),
        ``"sourced"`` or ``"memory"`` (our paraphrase of a topic read in print, or recalled), ``"entered"`` (by you).
        """
        rows = [
            (
                one.name,
                one.construct,
                one.text.get("en", ""),
                one.text.get("vi", ""),
                one.reversed,
                one.source,
                one.status,
            )
            for one in self.wordings
        ]
        heads = ["item", "construct", "text_en", "text_vi", "reversed", "source", "status"]
        return pd.DataFrame(rows, columns=heads)

    @property
    def links(self) -> pd.DataFrame:
        """Kin of the constructs in other frameworks, as stated in theory; what the data say is another question.

        Columns: ``construct``, ``related_framework``, ``related_construct``, ``strength`` (``"same"`` or ``"part"``).
        """
        rows = [
            (part.name, *other.split("."), strength)
            for part in self.parts
            for strength, others in (("same", part.related), ("part", part.related_partly))
            for other in others
        ]
        return pd.DataFrame(rows, columns=["construct", "related_framework", "related_construct", "strength"])

    @property
    def translation_record(self) -> pd.DataFrame:
        """How the Vietnamese of our own items came about, one row an item; empty where the items are not ours.

        Columns: ``item``, ``english``, ``forward_vi``, ``back_en`` (the Vietnamese put back into English), ``comment``,
        ``status``: ``"drafted"`` (a desk translation that awaits people) or ``"reviewed"``.
        """
        return read_translations(self.name) if self.wording == "own" else read_translations("")

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What must be known before the items are used."""
        keys = {
            "own": ("drafted_items", False),
            "paraphrase": ("paraphrases", True),
            "entered": ("entered_items", False),
        }
        if self.wording not in keys:
            return ()
        key, serious = keys[self.wording]
        return (Notice(f"frameworks.{key}", {"name": self.name}, serious),)

    def items_of(self, construct: str) -> tuple[str, ...]:
        """Names of the items of one construct.

        Examples
        --------
        >>> from cxlab import framework
        >>> framework("schmitt").items_of("relate")
        ('xrel1', 'xrel2', 'xrel3')
        """
        self.part(construct)
        return tuple(one.name for one in self.wordings if one.construct == construct)

    def cite(self) -> tuple[Reference, ...]:
        """The works behind the framework; those recalled and not read say so."""
        return cite(*self.references)

    def summary(self, lang: Language | None = None) -> str:
        """Title, definition, constructs and what to know of the items, in a few lines."""
        from cxlab.theory.frameworks.view import summary

        return summary(self, lang)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from cxlab.theory.frameworks.view import html

        return html(self)

    def part(self, name: str) -> Part:
        """One construct with all that is known of it, or an error that proposes the nearest name."""
        for part in self.parts:
            if part.name == name:
                return part
        known = [part.name for part in self.parts]
        hint = did_you_mean(str(name), known)
        raise CxlabError(
            "frameworks.unknown_construct", framework=self.name, name=name, hint=hint, known=", ".join(known)
        )

    def need_items(self) -> None:
        """An error that says what to use instead, if the framework has no items."""
        if not self.wordings:
            instead = Notice("frameworks.instead", {"text": pick(self.instead)})
            raise CxlabError("frameworks.without_items", name=self.name, instead=instead)
