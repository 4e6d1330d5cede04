"""A Survey: answers with their codebook and the record of every step taken with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.survey.own import own
from cxlab.survey.screening_methods import Screening
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.survey.scoring import Method
    from cxlab.survey.screening_types import Aside, Rule
    from cxlab.survey.select import Where

__all__ = ["Step", "Survey", "as_survey"]


@cache  # handed out as copies only
def _no_problems() -> pd.DataFrame:
    return pd.DataFrame(columns=["row", "column", "value", "reason"])


@dataclass(frozen=True, eq=False, repr=False)
class Survey(Screening):
    """Answers, one row a respondent, with their codebook. Never changed: each step returns a new Survey.

    Every table it hands out is a copy: changing that leaves the survey as it is.

    The index is the respondent's row number in the file as read, counting from 1, and stays with the row for good.

    Attributes
    ----------
    frame : DataFrame
        All columns, personal ones too. Use `data` unless you need those.
    codebook : Codebook
        Items, scales and constructs.
    steps : tuple of Step
        What was done; `log` shows it as a table.
    problems : DataFrame
        Cells that could not be read: row, column, value, reason.
    flags : DataFrame or None
        One column per screening rule, True where it flags the row, missing where it cannot judge it.
    source : mapping
        Where the answers come from: path, format, sha256, encoding, kind, ...
    indices : DataFrame or None
        The numbers behind the flags (run length, standard deviation, distance, seconds, ...), to look at.
    rules : tuple of Rule
        The screening rules in force.
    warnings : tuple of Notice
        What a reader must know before the numbers.
    aside : Aside or None
        Excluded rows, kept for `restore`.
    turned : tuple of str
        Items that `reverse_scored` has turned.
    """

    frame: pd.DataFrame = own()  # noqa: RUF009
    codebook: Codebook = field(default_factory=Codebook)
    steps: tuple[Step, ...] = ()
    problems: pd.DataFrame = own(None, make=_no_problems)  # noqa: RUF009
    flags: pd.DataFrame | None = own(None)  # noqa: RUF009
    source: Mapping[str, Any] = own(None, make=dict)
    indices: pd.DataFrame | None = own(None)  # noqa: RUF009
    rules: tuple[Rule, ...] = ()
    warnings: tuple[Notice, ...] = ()
    aside: Aside | None = None
    turned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A shallow copy is copy-on-write: later changes to the caller's own frame do not reach this survey.
        frame = self.frame.copy(deep=False)
        if frame.index.name != "row":
            frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
        object.__setattr__(self, "frame", frame)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def data(self) -> pd.DataFrame:
        """The answers without personal columns; a copy, so that changing it leaves the survey as it is."""
        return self.frame.drop(columns=list(self.personal)).copy(deep=False)

    @property
    def personal(self) -> tuple[str, ...]:
        """Columns that the codebook calls personal; set aside until `deidentify` drops them for good."""
        items = self.codebook.items
        return tuple(name for name in self.frame if name in items and items[name].personal)

    @property
    def simulated(self) -> bool:
        """True if the answers were made by a simulation, which every table and figure then says."""
        return "simulated" in (self.source.get("kind"), self.codebook.kind)

    @property
    def log(self) -> pd.DataFrame:
        """Every step so far: action, rule, threshold, count, rows, note, newly."""
        columns = {name: [getattr(step, name) for step in self.steps] for name in Step.__dataclass_fields__}
        table = pd.DataFrame(columns).astype({"newly": "Int64"})
        table["threshold"] = pd.Series(columns["threshold"], dtype=object)
        return table

    @property
    def constructs(self) -> dict[str, list[str]]:
        """Items by construct, in the order of the file; only constructs with items in this survey."""
        own = {name: self.items(name) for name in self.codebook.constructs}
        return {name: items for name, items in own.items() if items}

    def items(self, construct: str | None = None) -> list[str]:
        """Names of the items, all of them or those of one construct, in the order of the file.

        Examples
        --------
        >>> as_survey(pd.DataFrame({"sat1": [4, 5], "sat2": [3, 5], "age": [31, 52]})).items()
        ['sat1', 'sat2']
        """
        book = self.codebook
        if construct is not None and construct not in book.constructs:
            from cxlab.survey.select import unknown_constructs

            raise unknown_constructs([construct], book.constructs)
        rows = ((name, book.items[name]) for name in self.frame if name in book.items)
        asked = [(name, item) for name, item in rows if item.role == "item" and not item.personal]
        return [name for name, item in asked if construct is None or item.construct == construct]

    def select(
        self, *columns: str, constructs: str | Sequence[str] | None = None, where: Where | None = None, reason: str = ""
    ) -> Survey:
        """Go on with some columns, some constructs, or the respondents who meet a condition.

        The others are set aside under the rule ``"select"`` (or the reason given), stand in the flow, and come back
        with `restore`.

        Parameters
        ----------
        *columns : str
            Columns to keep; all if neither columns nor constructs are named.
        constructs : str or sequence of str, optional
            Constructs whose items to keep, beside `columns`.
        where : str, callable or booleans, optional
            Who stays: query text (``"age >= 18"``), a function of the data, or one boolean per row.
        reason : str
            Why the others are left out, in a few words; the name under which they are counted.

        Raises
        ------
        DataError
            Unknown columns or constructs; a condition that fails, is unknown for some rows, or leaves nobody.

        Examples
        --------
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 5, 3], "sat2": [4, 4, 1], "age": [17, 40, 33]}))
        >>> len(survey.select(where="age >= 18", reason="under 18"))
        2
        """
        from cxlab.survey.exclude import select_rows
        from cxlab.survey.select import keep_columns

        chosen = self if where is None else select_rows(self, where, reason)
        return keep_columns(chosen, columns, constructs) if columns or constructs is not None else chosen

    def reverse_scored(self) -> Survey:
        """Turn the items that the codebook calls reversed: min + max - answer. It cannot happen twice.

        Raises
        ------
        ScaleError
            If an item has no min and max, or answers outside them (rows and values are named).

        Examples
        --------
        >>> from cxlab.codebook import Item
        >>> book = Codebook(items={"sat1": Item("sat1", min=1, max=5, reversed=True)})
        >>> Survey(pd.DataFrame({"sat1": [1, 4]}), book).reverse_scored().reverse_scored().data["sat1"].tolist()
        [5, 2]
        """
        from cxlab.survey.scoring import reverse_scored

        return reverse_scored(self)

    def scores(
        self,
        method: Method = "mean",
        min_answers: int | Mapping[str, int] | None = None,
        constructs: str | Sequence[str] | None = None,
        prorate: bool = False,
    ) -> pd.DataFrame:
        """Construct scores, one column per construct, one row per respondent.

        Reversed items that are not turned yet are turned for the score. ``attrs["notices"]`` of the result says so,
        and how many answers each score asked for.

        Parameters
        ----------
        method : {"mean", "sum"}
            Mean of the answers given, on the items' scale; or their sum.
        min_answers : int or mapping of construct to int, optional
            Fewest answers for a score; below it the score is missing. Default: half of the items, rounded up.
        constructs : str or sequence of str, optional
            Which constructs; all by default.
        prorate : bool
            For sums: False asks for all items; True is the mean times the number of items, from `min_answers` on.

        Returns
        -------
        DataFrame
            Index ``row``, columns the constructs.

        Raises
        ------
        DataError, ScaleError
            Unknown constructs or method, answers outside an item's scale, items of one construct on several scales.

        Examples
        --------
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3], "sat2": [5, None], "sat3": [3, None]}))
        >>> survey.scores(min_answers=2)["sat"].tolist()
        [4.0, nan]
        """
        from cxlab.survey.scoring import Plan, scores

        return scores(self, Plan(method, min_answers, constructs, prorate))

    def with_scores(
        self,
        method: Method = "mean",
        min_answers: int | Mapping[str, int] | None = None,
        constructs: str | Sequence[str] | None = None,
        prorate: bool = False,
    ) -> Survey:
        """The survey with construct scores as further columns, logged; parameters as in `scores`.

        Examples
        --------
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 3], "sat2": [5, 2], "age": [20, 30]}))
        >>> survey.with_scores().data["sat"].tolist()
        [4.5, 2.5]
        """
        from cxlab.survey.scoring import Plan, with_scores

        return with_scores(self, Plan(method, min_answers, constructs, prorate))

    @property
    def identifiers(self) -> pd.DataFrame:
        """Columns that point at persons, by codebook, header or pattern of values: column, why, share of answers."""
        return self._identifiers.copy(deep=False)

    @cached_property
    def _identifiers(self) -> pd.DataFrame:
        from cxlab.survey.privacy import find_identifiers

        return find_identifiers(self)

    def deidentify(
        self, method: Any = "drop", key: str | bytes | None = None, columns: Sequence[str] | None = None
    ) -> Survey:
        """Drop personal columns for good, or replace them by keyed hashes that link waves without naming anyone.

        Parameters
        ----------
        method : {"drop", "hash"}
            ``"hash"`` writes HMAC-SHA-256 of the value, lower case and without outer spaces.
        key : str or bytes
            For ``"hash"``: your secret, at least 8 characters. It is neither stored nor logged; whoever has it can
            test guesses, so keep it apart from the data. Hashed data are pseudonymous, not anonymous.
        columns : sequence of str, optional
            Exactly these columns; all of `identifiers` by default.

        Raises
        ------
        PrivacyError
            If a hash is asked for without a key, or with a short one.

        Examples
        --------
        >>> survey = as_survey(pd.DataFrame({"sat1": [4, 5], "contact": ["a@b.vn", "c@d.vn"]}))
        >>> list(survey.deidentify().data)
        ['sat1']
        """
        from cxlab.survey.privacy import deidentify

        return deidentify(self, method, key, columns)

    def with_step(self, step: Step, **changes: Any) -> Survey:
        """The survey with these fields changed and the step on its record."""
        return replace(self, steps=(*self.steps, step), **changes)

    def changed(self, transform: Callable[[pd.DataFrame], pd.DataFrame], step: Step, **changes: Any) -> Survey:
        """The survey after a change of its columns; excluded rows change alike, so that they can come back."""
        aside = None if self.aside is None else replace(self.aside, frame=transform(self.aside.frame))
        return self.with_step(step, frame=transform(self.frame), aside=aside, **changes)

    def __repr__(self) -> str:
        from cxlab.survey.summary import summary

        return summary(self)

    def _repr_html_(self) -> str:
        from cxlab.survey.summary import html

        return html(self)


def as_survey(data: Survey | pd.DataFrame) -> Survey:
    """A Survey as it is; a DataFrame as a Survey with an inferred codebook, its rows numbered from 1.

    Every public function that takes data calls this first, so that both work everywhere. A frame that came from a
    Survey (its index is called ``row``) keeps its row numbers.

    Raises
    ------
    DataError
        If `data` is neither, holds correlations instead of answers, or has the same column name twice.

    Examples
    --------
    >>> as_survey(pd.DataFrame({"sat1": [4, 5]})).data.index.tolist()
    [1, 2]
    """
    if isinstance(data, Survey):
        return data
    if not isinstance(data, pd.DataFrame):
        raise DataError("survey.not_data", kind=type(data).__name__)
    if _is_matrix(data):
        raise DataError("survey.matrix", size=len(data))
    names = [nfc(str(name)) for name in data.columns]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise DataError("survey.duplicate_columns", names=", ".join(twice))
    frame = data.copy(deep=False)
    frame.columns = pd.Index(names)
    if not (frame.index.name == "row" and frame.index.is_unique and frame.index.dtype.kind in "iu"):
        frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    return Survey(frame, Codebook.infer(frame))


def _is_matrix(data: pd.DataFrame) -> bool:
    """True for correlations or covariances: symmetric numbers, the same names in rows and columns."""
    if len(data) < 2 or data.shape[0] != data.shape[1] or list(map(str, data.index)) != list(map(str, data.columns)):
        return False
    if not all(pd.api.types.is_numeric_dtype(kind) for kind in data.dtypes):
        return False
    values = data.to_numpy(dtype=float, na_value=np.nan)
    return bool(np.allclose(values, values.T, equal_nan=True)) and bool((np.diag(values) > 0).all())
