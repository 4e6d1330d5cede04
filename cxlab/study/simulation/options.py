"""What can be simulated beyond the model: small frozen options, readable from and writable to a codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Literal, get_args

from cxlab.errors import DataError, ModelError

Direction = Literal["favourable", "agreeing"]
KINDS = ("straight", "random", "midpoint", "fast")


@dataclass(frozen=True)
class MethodFactor:
    """A factor that answers share because of how they were asked, whatever they are about.

    It takes its variance from the items' residuals, so that loadings and paths stay as the model text has them.

    Attributes
    ----------
    share : float
        Share of each item's variance, between 0 and 1.
    items : tuple of str
        Items that it touches; ``("all",)``, or ``("reversed",)`` for those that the codebook calls reversed.
    direction : {"favourable", "agreeing"}
        Towards high levels of the construct (halo, social desirability), or towards high answers whatever the item
        says (acquiescence), which is the other way round for reversed items.
    """

    share: float
    items: tuple[str, ...] = ("all",)
    direction: Direction = "favourable"

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _names(self.items))
        _share("method_factor", self.share)
        if self.direction not in get_args(Direction):
            known = ", ".join(get_args(Direction))
            raise DataError("simulation.unknown_word", option="direction", value=self.direction, known=known)


@dataclass(frozen=True)
class Careless:
    """Respondents who do not read: shares of all respondents, by what they do instead.

    Attributes
    ----------
    straight : float
        One and the same point for every item.
    random : float
        A random point for each item.
    midpoint : float
        The middle of the scale.
    fast : float
        Half of the answers real, half random, in a fifth of the time.
    checks : int
        Number of attention checks; with 0 there are none. Attentive respondents fail one in fifty.
    seconds : float
        Median time of an attentive respondent for one item; careless ones need half of it, fast ones a fifth.
        0 gives no duration.
    """

    straight: float = 0.0
    random: float = 0.0
    midpoint: float = 0.0
    fast: float = 0.0
    checks: int = 1
    seconds: float = 6.0

    def __post_init__(self) -> None:
        for kind in KINDS:
            _share(f"careless {kind}", getattr(self, kind))
        _share("careless", self.share)
        if not isinstance(self.checks, int) or not 0 <= self.checks <= 20:
            raise DataError("simulation.checks_range", value=self.checks)
        if not _is_number(self.seconds) or self.seconds < 0:
            raise DataError("simulation.seconds_negative", value=self.seconds)

    @property
    def share(self) -> float:
        """Share of careless respondents of any kind."""
        return round(sum(getattr(self, kind) for kind in KINDS), 12)


@dataclass(frozen=True)
class MCAR:
    """Answers missing completely at random: a share of each item's answers."""

    share: float
    items: tuple[str, ...] = ()
    mechanism: ClassVar[str] = "mcar"

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _names(self.items))
        _share("missing", self.share)


@dataclass(frozen=True)
class MAR:
    """Answers missing at random: more often at high values of another column, which is known for everyone.

    Attributes
    ----------
    share : float
        Share of each item's answers, on average over the respondents.
    depends_on : str
        The other column.
    items : tuple of str
        Where answers are missing; all other items if none is named.
    slope : float
        Log odds of a missing answer per standard deviation of that column; 1 means 2.7 times the odds.
    """

    share: float
    depends_on: str
    items: tuple[str, ...] = ()
    slope: float = 1.0
    mechanism: ClassVar[str] = "mar"

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _names(self.items))
        _share("missing", self.share)
        if not _is_number(self.slope):
            raise DataError("simulation.not_number", option="slope", value=self.slope)


@dataclass(frozen=True)
class Routing:
    """Items that are asked only if a condition holds; for everyone else the answer is missing.

    Attributes
    ----------
    asked_if : str
        Condition on columns, as in ``survey.select(where=...)``: ``"sat1 <= 3"``.
    items : tuple of str
    """

    asked_if: str
    items: tuple[str, ...]
    mechanism: ClassVar[str] = "routing"

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _names(self.items))


Missing = MCAR | MAR | Routing
_MECHANISMS: dict[str, type[MCAR] | type[MAR] | type[Routing]] = {"mcar": MCAR, "mar": MAR, "routing": Routing}
Given = Mapping[str, Any] | Sequence[Any] | float | None


def read_method_factor(given: MethodFactor | Given) -> MethodFactor | None:
    """From what the caller wrote: the option itself, a mapping of its fields, or the share alone."""
    if given is None or isinstance(given, MethodFactor):
        return given
    if isinstance(given, Mapping):
        return _made(MethodFactor, given, "method_factor")
    return MethodFactor(_number("method_factor", given))


def read_careless(given: Careless | Given) -> Careless | None:
    """A share alone is divided among straight-lining, random and fast answering."""
    if given is None or isinstance(given, Careless):
        return given if given is None or given.share or given.checks or given.seconds else None
    if isinstance(given, Mapping):
        return _made(Careless, given, "careless")
    share = _share("careless", _number("careless", given))
    return Careless(straight=share / 3, random=share / 3, fast=share / 3) if share else None


def read_missing(given: Missing | Given) -> tuple[Missing, ...]:
    """A share alone is missing completely at random; mappings name their ``mechanism``."""
    if given is None:
        return ()
    if isinstance(given, MCAR | MAR | Routing):
        return (given,)
    if isinstance(given, Mapping):
        rest = dict(given)
        mechanism = str(rest.pop("mechanism", "mcar")).lower()
        if mechanism not in _MECHANISMS:
            known = ", ".join(_MECHANISMS)
            raise DataError("simulation.unknown_word", option="mechanism", value=mechanism, known=known)
        return (_made(_MECHANISMS[mechanism], rest, "missing"),)
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(one for part in given for one in read_missing(part))
    return (MCAR(_number("missing", given)),) if given else ()


def plain(option: Any) -> Any:
    """An option as a codebook holds it: a mapping of the fields that differ from their defaults."""
    if isinstance(option, tuple | list):
        return [plain(one) for one in option]
    if isinstance(option, Mapping):
        return {str(key): plain(value) for key, value in option.items()}
    if not hasattr(option, "__dataclass_fields__"):
        return option.item() if hasattr(option, "item") else option
    found = {"mechanism": option.mechanism} if hasattr(option, "mechanism") else {}
    for one in fields(option):
        value = getattr(option, one.name)
        if value != one.default:
            found[one.name] = plain(value)
    return found


def _made(kind: type, given: Mapping[str, Any], option: str) -> Any:
    known = [one.name for one in fields(kind)]
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        raise DataError("simulation.unknown_word", option=option, value=unknown[0], known=", ".join(known))
    needed = [one.name for one in fields(kind) if one.default is MISSING]
    lacking = [name for name in needed if name not in given]
    if lacking:
        raise DataError("simulation.option_lacks", option=option, name=lacking[0])
    return kind(**given)


def _share(option: str, value: object) -> float:
    if not _is_number(value) or not 0 <= float(value) < 1:  # type: ignore[arg-type]
        raise DataError("simulation.share_range", option=option, value=value)
    return float(value)  # type: ignore[arg-type]


def _number(option: str, value: object) -> float:
    if not _is_number(value):
        raise DataError("simulation.not_number", option=option, value=value)
    return float(value)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _names(given: object) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Sequence):
        raise ModelError("simulation.not_names", value=given)
    return tuple(str(name) for name in given)
