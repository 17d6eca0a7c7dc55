"""What a part of feedback is: a frozen dataclass whose fields say what may stand in them. JSON is read and
written by these fields, and so is XML (guf_xml/): nothing about a part is said twice."""
# JSON has no types of its own
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from ..eo.errors import BadValue, NextGEOSSError, nearest
from ..eo.worded import Worded, one_of
from .kinds import Kind

# parts may stand in parts of their own class: citations in identifiers in citations
_DEEPEST = 12
_MOST = 100
_MEMBER = "member"


class Refused(NextGEOSSError):
    """Feedback that cannot be taken: all that is wrong with it, each with its place."""

    def __init__(self, problems: Iterable[BadValue]):
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class Part:
    """Base of all parts: `element` is the XML element of the class with its prefix, which the elements of its
    fields have too."""

    element: ClassVar[str] = ""
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts of which one stands there; in JSON the member `type` says which, the first is meant without."""

    options: Mapping[str, type[Part]]

    def named(self, part: Part) -> str:
        """The name of the class of a part."""
        return next(name for name, kind in self.options.items() if type(part) is kind)


# a class that is not defined yet is named by a function
Where = Callable[[], "type[Part] | Choice"]


@dataclass(frozen=True, slots=True)
class Member:
    """What a field may hold: values of a kind or parts; how many; its XML element where that is not its name
    in camel case; the elements between it and the value, where the standard has some, such as
    `guf:GUF_Rating/guf:rating`; why it is empty, where it must be there even without a value."""

    holds: Kind | Where
    least: int
    most: int
    many: bool
    element: str = ""
    within: str = ""
    nil: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a part: its name in JSON, its XML element with prefix, and what it may hold."""

    name: str
    element: str
    member: Member


def one(holds: Kind | Where, *, element: str = "", within: str = "") -> Any:
    """A field that must be there."""
    return dataclasses.field(metadata={_MEMBER: Member(holds, 1, 1, False, element, within)})


def maybe(holds: Kind | Where, *, element: str = "", within: str = "", nil: str = "") -> Any:
    """A field that may be left out: None."""
    member = Member(holds, 0, 1, False, element, within, nil)
    return dataclasses.field(default=None, metadata={_MEMBER: member})


def some(
    holds: Kind | Where, *, least: int = 0, most: int = _MOST, element: str = "", within: str = ""
) -> Any:
    """A field with a tuple, empty by default unless `least` asks for more."""
    member = Member(holds, least, most, True, element, within)
    if least:
        return dataclasses.field(metadata={_MEMBER: member})
    return dataclasses.field(default=(), metadata={_MEMBER: member})


@cache
def fields_of(kind: type[Part]) -> tuple[Field, ...]:
    """The fields of a part in the order of the schema; those of a base have the prefix of the base."""
    return tuple(_field(kind, each) for each in dataclasses.fields(kind))  # type: ignore[arg-type]


def _field(kind: type[Part], each: dataclasses.Field[Any]) -> Field:
    member: Member = each.metadata[_MEMBER]
    owner = next(
        base for base in reversed(kind.__mro__) if each.name in vars(base).get("__annotations__", ())
    )
    prefix = owner.element.partition(":")[0]
    first, *others = each.name.split("_")
    name = member.element or first + "".join(word.capitalize() for word in others)
    return Field(each.name, f"{prefix}:{name}", member)


P = TypeVar("P", bound=Part)


def read(kind: type[P], value: Any, where: str = "") -> P:
    """A part from JSON; Refused tells all that is wrong, with places as `target[0].resource_ref[0].title`.
    null and empty lists are as good as nothing, unknown names are refused."""
    try:
        return _read(kind, value, where, 0)
    except BadValue as problem:
        raise Refused([problem]) from problem


def write(part: Part) -> dict[str, Any]:
    """JSON of a part, with what is known only."""
    found: dict[str, Any] = {}
    for field in fields_of(type(part)):
        value = getattr(part, field.name)
        if value is not None and value != ():
            found[field.name] = _written(field.member, value)
    return found


def held_by(member: Member) -> Kind | type[Part] | Choice:
    """What a member holds; a class that had to be named by a function is looked up."""
    return member.holds() if callable(member.holds) else member.holds


def _read(kind: type[P], value: Any, where: str, depth: int) -> P:
    if not isinstance(value, Mapping):
        raise BadValue(value, where or "feedback", "an object")
    if depth > _DEEPEST:
        raise BadValue(value, where, f"at most {_DEEPEST} parts within each other")
    fields = {field.name: field for field in fields_of(kind)}
    problems = list(_unknown(value, fields, where))
    given: dict[str, Any] = {}
    for name, field in fields.items():
        with _gathered(problems):
            given[name] = _member(field.member, value.get(name), f"{where}.{name}" if where else name, depth)
    if problems:
        raise Refused(problems)
    try:
        return kind(**given)
    except BadValue as error:
        raise BadValue(
            error.value, f"{where}.{error.where}" if where else error.where, error.allowed
        ) from error


def _unknown(value: Mapping[Any, Any], known: Mapping[str, Field], where: str) -> Iterator[BadValue]:
    for name in value:
        if name not in known:
            near = nearest(str(name), known)
            yield BadValue(name, where or "feedback", one_of(known, near))


@contextmanager
def _gathered(problems: list[BadValue]) -> Generator[None, None, None]:
    """Keep what is wrong, and go on to find what else is."""
    try:
        yield
    except Refused as refused:
        problems.extend(refused.problems)
    except BadValue as problem:
        problems.append(problem)


def _member(member: Member, value: Any, where: str, depth: int) -> Any:
    if not member.many:
        if value is None and not member.least:
            return None
        return _held(member, value, where, depth)
    values = () if value is None else value
    if not isinstance(values, list | tuple):
        raise BadValue(value, where, "a list")
    if not member.least <= len(values) <= member.most:
        raise BadValue(
            len(values), where, Worded("a list of {least} to {most}", least=member.least, most=member.most)
        )
    problems: list[BadValue] = []
    found: list[Any] = []
    for at, each in enumerate(values):
        with _gathered(problems):
            found.append(_held(member, each, f"{where}[{at}]", depth))
    if problems:
        raise Refused(problems)
    return tuple(found)


def _held(member: Member, value: Any, where: str, depth: int) -> Any:
    kind = held_by(member)
    if isinstance(kind, Choice):
        if not isinstance(value, Mapping):
            raise BadValue(value, where, "an object")
        chosen = value.get("type") or next(iter(kind.options))
        if chosen not in kind.options:
            raise BadValue(chosen, f"{where}.type", one_of(kind.options))
        rest = {name: each for name, each in value.items() if name != "type"}
        return _read(kind.options[chosen], rest, where, depth + 1)
    if isinstance(kind, type):
        return _read(kind, value, where, depth + 1)
    if value is None:
        raise BadValue(value, where, Worded("a value"))
    return kind.read(value, where)


def _written(member: Member, value: Any) -> Any:
    if member.many:
        return [_written_one(member, each) for each in value]
    return _written_one(member, value)


def _written_one(member: Member, value: Any) -> Any:
    if not isinstance(value, Part):
        return value
    kind, found = held_by(member), write(value)
    if isinstance(kind, Choice) and (name := kind.named(value)) != next(iter(kind.options)):
        return {"type": name, **found}
    return found
