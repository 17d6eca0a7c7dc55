"""Feedback in XML as JSON of the parts: by local names, so that GUF 1.0, what came between and 2.0 read
alike. What is not understood is told with its place, and everything else is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...eo.xml import Element, attributes_of, children, is_element, local_name, text_of
from ..iso import Citation, Period, Ring
from ..iso_quality import QualityReport
from ..kinds import CUT, Code, Kind, Moment, Number, Text, Truth, Unit, Whole, Word, cleaned
from ..parts import Choice, Field, Member, Part, fields_of, held_by
from . import dialects, geography

# personal, or nothing to keep: not told
_LEFT_OUT = frozenset({"phone", "address", "characterEncoding", "logo", "schemaLocation"})


class Reader:
    """Reads the element of one item or another part; `told` is what could not be read, with its place."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def part(self, element: Element, kind: type[Part], where: str = "") -> dict[str, Any]:
        """The JSON of a part, of its object element; it may lack what must be there."""
        if kind is Period:
            return self._period(element, where)
        found: dict[str, Any] = {}
        if kind is QualityReport:
            found["aspect"] = local_name(element).removeprefix("DQ_")
        fields = {_local(field.element): field for field in fields_of(kind)} | dialects.also(kind)
        for child in _elements(element):
            name = local_name(child)
            if dialects.read(self, child, kind, found, where):
                continue
            if name in fields:
                self.into(found, fields[name], child, where)
            elif name not in _LEFT_OUT and (text_of(child) or len(child)):
                self.tell(f"{where}.{name}" if where else name, "not kept")
        dialects.complete(kind, found)
        return found

    def tell(self, where: str, reason: str) -> None:
        """Note what could not be read, with its place."""
        self.told.append(f"{where}: {reason}")

    def into(self, found: dict[str, Any], field: Field, child: Element, where: str) -> None:
        """Read a property into the JSON of its part."""
        place = f"{where}.{field.name}" if where else field.name
        if field.member.many:
            values: list[Any] = found.get(field.name, [])
            value = self.member(child, field.member, f"{place}[{len(values)}]")
            if value is not None:
                found[field.name] = [*values, value]
        elif field.name in found:
            self.tell(place, "only the first of several is kept")
        elif (value := self.member(child, field.member, place)) is not None:
            found[field.name] = value

    def member(self, element: Element, member: Member, where: str) -> Any:
        """The value in a property; None when there is none."""
        kind = held_by(member)
        content = _within(element, member.within)
        if not isinstance(kind, type | Choice):
            return self._value(content, kind, where)
        inner = next(_elements(content), None)
        link = attributes_of(element).get("href", "")
        if inner is None:
            return dialects.of_link(kind, link)
        chosen = self._chosen(kind, inner, where)
        if chosen is None:
            return None
        name, part_kind = chosen
        read = dialects.instead(self, inner, part_kind, where)
        if read is None:
            read = self.part(inner, part_kind, where)
        if link and issubclass(part_kind, Citation):
            dialects.add_link(read, link)
        return {"type": name, **read} if name else read

    def _chosen(self, kind: Choice | type[Part], inner: Element, where: str) -> tuple[str, type[Part]] | None:
        """The class of an object element, with its name where there is a choice."""
        if not isinstance(kind, Choice):
            return "", kind
        name = local_name(inner)
        for at, (told, option) in enumerate(kind.options.items()):
            if _local(option.element) == name:
                return (told if at else ""), option
        self.tell(where, f"{name} is not kept")
        return None

    def _value(self, element: Element, kind: Kind, where: str) -> Any:
        if isinstance(kind, Ring):
            return geography.ring(self, element, where)
        inner = next(_elements(element), None)
        text = text_of(element)
        attributes = attributes_of(inner) if inner is not None else {}
        match kind:
            case Code() | Word():
                told = attributes.get("codeListValue") or text
                return _code(told, kind) if told else None
            case Unit():
                return _unit(inner, text) or _last(attributes_of(element).get("href", "")) or None
            case Text() if _is_anchor(inner, where):
                return attributes["href"]
            case Text():
                return self._text(text, kind, where) or None
            case Truth():
                return {"true": True, "1": True, "false": False, "0": False}.get(text, text or None)
            case Number() | Whole():
                return _number(text)
            case Moment():
                return dialects.moment(text) or None
            case _:
                return text or None

    def _text(self, text: str, kind: Text, where: str) -> str:
        """A text that the model takes: what others wrote is shortened rather than lost."""
        clean = cleaned(text)
        if clean != text:
            self.tell(where, "control characters are left out")
        if len(clean) > kind.most:
            self.tell(where, f"cut to {kind.most} characters")
            clean = clean[: kind.most - 1].rstrip() + CUT
        return clean

    def _period(self, element: Element, where: str) -> dict[str, Any]:
        """A time or a period of GML."""
        wanted = ("begin", "beginPosition", "end", "endPosition", "timePosition")
        ends = [each for each in element.iter() if is_element(each) and local_name(each) in wanted]
        times = [dialects.moment(text) for each in ends if not len(each) and (text := text_of(each))]
        if not times:
            self.tell(where, "a time without a position is not kept")
        elif len(times) == 1 and local_name(element) == "TimePeriod":
            self.tell(where, "a period with one end is kept as that time")
        return dict(zip(("begin", "end"), times, strict=False))


def _elements(element: Element) -> Iterator[Element]:
    return (child for child in element if is_element(child))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _within(element: Element, path: str) -> Element:
    """The innermost of the elements between a property and its value, as far as they are there."""
    for name in map(_local, path.split("/") if path else ()):
        inner = next(children(element, name), next(_elements(element), None))
        if inner is None:
            break
        element = inner
    return element


def _is_anchor(inner: Element | None, where: str) -> bool:
    """Whether a code space is told by the address of an anchor, as NiMMbus does; its text is for people."""
    anchored = inner is not None and local_name(inner) == "Anchor" and "href" in attributes_of(inner)
    return anchored and where.endswith("code_space")


def _code(told: str, kind: Code | Word) -> str | int:
    """A value as its list spells it, as far as it is known."""
    if isinstance(kind, Word):
        return told
    by_lower = {str(value).lower(): value for value in kind.of.values}
    return by_lower.get(told.lower(), told)


def _unit(inner: Element | None, text: str) -> str:
    if inner is None:
        return text
    for name in ("catalogSymbol", "identifier", "name"):
        if found := next((text_of(each) for each in children(inner, name)), ""):
            return found
    return text


def _last(address: str) -> str:
    return re.split("[#:/]", address)[-1]


def _number(text: str) -> float | str | None:
    """A number; a text that is none is told as a bad value by whoever reads the part."""
    try:
        return float(text) if text else None
    except ValueError:
        return text
