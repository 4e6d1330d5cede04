"""What an item, a construct and a codebook are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as _replace
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import CodebookError

if TYPE_CHECKING:
    import pandas as pd

    from cxlab.i18n import Language

Role = Literal["item", "attention", "duration", "id", "group", "weight", "time", "text", "other"]
Measurement = Literal["reflective", "composite", "single"]
Kind = Literal["real", "simulated"]
Text = Mapping[str, str]
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Item:
    """One column of a survey.

    Attributes
    ----------
    name : str
        The column's name in cxlab (NFC).
    label : mapping of language to text
        The question, ``{"en": ..., "vi": ...}``.
    column : str or None
        The column's name in the raw file where it differs (a whole question, say).
    min, max : float or None
        The scale's ends; None for a column without a scale.
    labels : mapping of number to text
        The words of scale points, in both languages; answers in words become these numbers.
    reversed : bool
        True where a high answer means a low level of the construct.
    construct : str or None
        Key of the construct it measures.
    missing : tuple
        Codes that mean "no answer".
    role : Role
        What the column is for.
    personal : bool
        True for a direct identifier.
    expected : float or None
        The right answer of an attention check.
    words : mapping of number to {language: tuple of str}
        Further spellings of scale points, read like `labels` but never shown.
    scale : str or None
        Name of the scale the item shares with others in the codebook file.
    note : mapping of language to text
        What a user of the item must know.
    """

    name: str
    label: Text = field(default_factory=dict)
    column: str | None = None
    min: float | None = None
    max: float | None = None
    labels: Mapping[float, Text] = field(default_factory=dict)
    reversed: bool = False
    construct: str | None = None
    missing: tuple[float | str, ...] = ()
    role: Role = "item"
    personal: bool = False
    expected: float | None = None
    words: Mapping[float, Words] = field(default_factory=dict)
    scale: str | None = None
    note: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Construct:
    """One construct: its label, the framework it comes from, and how its items measure it."""

    name: str
    label: Text = field(default_factory=dict)
    framework: str | None = None
    measurement: Measurement = "reflective"
    definition: Text = field(default_factory=dict)
    citation: str = ""


@dataclass(frozen=True)
class Codebook:
    """Items, constructs and where they come from: what turns a table into a survey, and writes a model.

    Attributes
    ----------
    name : str
        Short name of the study or dataset.
    title, notes : mapping of language to text
        What the survey is, and what a user of it must know.
    items : mapping of str to Item
        The columns, in the order of the questionnaire.
    constructs : mapping of str to Construct
        What the items measure.
    citation : str
        The work to cite for the survey.
    kind : {"real", "simulated"}
        Simulated data are labelled so wherever they are shown.
    truth : str
        Of simulated data: the lavaan text with the value of every parameter, as the simulation used it.
    simulation : mapping
        Of simulated data: the options that made them (n, seed, thresholds, ...), as text, numbers, booleans, lists and
        mappings with text as keys.
    """

    name: str = ""
    title: Text = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    constructs: Mapping[str, Construct] = field(default_factory=dict)
    citation: str = ""
    kind: Kind = "real"
    notes: Text = field(default_factory=dict)
    truth: str = ""
    simulation: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind == "real" and (self.truth or self.simulation):
            raise CodebookError("codebook.truth_of_real_data")
        # As a file gives it back: without a margin or blank lines around it.
        object.__setattr__(self, "truth", nfc(dedent(self.truth)))

    @classmethod
    def from_yaml(cls, path: str | Path) -> Codebook:
        """Read a codebook file: YAML with items, constructs and scales.

        Use it for every study whose items you know; `infer` is the guess for when you do not yet.

        Parameters
        ----------
        path : str or Path
            A UTF-8 file with the keys ``name title citation notes kind scales constructs items``, for simulated data
            also ``truth simulation``. An item has ``label column scale min max labels reversed construct missing role
            personal expected note``.

        Returns
        -------
        Codebook

        Raises
        ------
        CodebookError
            Names the file, the line and the key: an unknown key, scale, construct or role, a value of the wrong type,
            the same key twice, ends in the wrong order, a missing code or a label in the wrong place.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> path = Path(mkdtemp()) / "codebook.yaml"
        >>> _ = path.write_text("constructs: {SAT: }\\nitems: {sat1: {min: 1, max: 5, construct: SAT}}")
        >>> Codebook.from_yaml(path).items_of("SAT")
        ('sat1',)
        """
        from cxlab.codebook.reader import read_codebook

        return read_codebook(path)

    @classmethod
    def infer(cls, data: pd.DataFrame) -> Codebook:
        """Guess a codebook from a table: roles, scales, and constructs from name stems. A guess: look at it.

        Whole numbers are taken for the narrowest usual scale that holds all columns of one stem (``IMAG1``, ``IMAG2``),
        and the stem for a construct. Nothing in a table says which items are reversed, so none is.

        Parameters
        ----------
        data : DataFrame
            One row a respondent. Numbers in numeric columns.

        Returns
        -------
        Codebook
            An item for every column, in the table's order. Write it with `to_yaml`, correct it, read it back.

        Raises
        ------
        CodebookError
            If two columns have the same name, or `data` is no DataFrame.

        Examples
        --------
        >>> import pandas as pd
        >>> guess = Codebook.infer(pd.DataFrame({"IMAG1": [1, 7, 4], "IMAG2": [3, 5, 5], "age": [31, 52, 47]}))
        >>> guess.item("IMAG2").max, guess.item("IMAG2").construct, guess.item("age").role
        (7, 'IMAG', 'other')
        """
        from cxlab.codebook.infer import infer_codebook

        return infer_codebook(data)

    def to_yaml(self, path: str | Path | None = None) -> str:
        """The codebook as YAML that `from_yaml` reads back to an equal codebook; also written to `path` if given.

        Raises
        ------
        CodebookError
            If the file cannot be written.

        Examples
        --------
        >>> print(Codebook(items={"sat1": Item("sat1", min=1, max=5)}).to_yaml())
        items:
          sat1: {min: 1, max: 5}
        """
        from cxlab.codebook.writer import codebook_yaml

        text = codebook_yaml(self)
        if path is not None:
            try:
                Path(path).write_text(text, encoding="utf-8", newline="\n")
            except OSError as error:
                raise CodebookError("codebook.not_written", path=path, reason=error.strerror or "–") from None
        return text

    def item(self, name: str) -> Item:
        """The item of this name, or an error that proposes the nearest one.

        Examples
        --------
        >>> Codebook(items={"sat1": Item("sat1", min=1, max=5)}).item("sat1").max
        5
        """
        if name not in self.items:
            raise _unknown("unknown_item", name, self.items)
        return self.items[name]

    def items_of(self, construct: str) -> tuple[str, ...]:
        """Names of the items that measure a construct, in the codebook's order.

        Examples
        --------
        >>> Codebook(items={"a": Item("a", construct="X")}, constructs={"X": Construct("X")}).items_of("X")
        ('a',)
        """
        if construct not in self.constructs:
            raise _unknown("unknown_construct_name", construct, self.constructs)
        return tuple(name for name, item in self.items.items() if item.construct == construct)

    def replace(self, **changes: Any) -> Codebook:
        """A codebook with some fields changed; this one stays as it is.

        ``items`` and ``constructs`` are laid over the present ones by name, so that one item can be corrected alone.

        Examples
        --------
        >>> book = Codebook(items={"a": Item("a"), "b": Item("b")})
        >>> book.replace(items={"b": Item("b", min=1, max=5)}).item("b").max
        5
        """
        for key in ("items", "constructs"):
            if key in changes:
                changes[key] = {**getattr(self, key), **changes[key]}
        return _replace(self, **changes)

    def summary(self, lang: Language | None = None) -> str:
        """The codebook in a few lines of text: items, constructs, scales."""
        from cxlab.codebook.view import summary

        return summary(self, lang)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from cxlab.codebook.view import html

        return html(self)


def _unknown(key: str, name: str, known: Mapping[str, Any]) -> CodebookError:
    return CodebookError(f"codebook.{key}", name=name, hint=did_you_mean(name, known), known=", ".join(known) or "–")
