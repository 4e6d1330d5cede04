"""What a line of model text says, before any rule of lavaan's is applied."""

from __future__ import annotations

from dataclasses import dataclass, field

from cxlab.specify.expression import Expression, Name

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Modifiers:
    """What stands before a ``*``: one entry, or one per group.

    Attributes
    ----------
    fixed : tuple of float or None
        Value at which the parameter is held; None means free (``NA*``). Empty when nothing was said.
    start : tuple of float or None
        Starting values; empty when nothing was said.
    label : tuple of str
        Labels; ``""`` means none. Empty when nothing was said.
    """

    fixed: Values = ()
    start: Values = ()
    label: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fixed or self.start or self.label)


NO_MODIFIERS = Modifiers()


@dataclass(frozen=True)
class Term:
    """One row of the user's model: ``lhs op rhs`` with its modifiers; `rhs` is empty for an intercept.

    `factors` are the two names of a product, ``x:z``; else it is empty.
    """

    lhs: str
    op: str
    rhs: str
    modifiers: Modifiers = NO_MODIFIERS
    lhs_at: int = field(default=0, compare=False)
    rhs_at: int = field(default=0, compare=False)
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Constraint:
    """``name := expression``, or two expressions joined by ``==``, ``<`` or ``>``.

    `lhs_text` and `rhs_text` are the two sides as written, without blanks, as lavaan's table shows them.
    """

    op: str
    lhs: Expression
    rhs: Expression
    lhs_text: str
    rhs_text: str
    at: int = field(default=0, compare=False)

    @property
    def defined(self) -> str | None:
        """The name that a ``:=`` line defines; None for a constraint."""
        return self.lhs.name if self.op == ":=" and isinstance(self.lhs, Name) else None
