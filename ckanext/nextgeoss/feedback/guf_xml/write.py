"""Parts of feedback as XML that is valid by the schemas of GUF 1.0: what a field may hold says how it is
written; what the schemas have in a form of their own is in forms.py."""

from __future__ import annotations

from typing import Any

from ...eo.xml import Element, local_name
from ..collection import FeedbackCollection, FeedbackResponse
from ..guf import FeedbackItem
from ..kinds import Address, Code, Doi, Kind, Moment, Number, Text, Truth, Whole, Word
from ..parts import Field, Member, Part, fields_of, held_by
from . import forms
from .names import make

# of which the schemas of GML want an id
_IDENTIFIED = ("TimeInstant", "TimePeriod", "Polygon", "UnitDefinition")


def write_item(item: FeedbackItem) -> bytes:
    """The document of an item, `guf:GUF_FeedbackItem`."""
    return to_document(element_of(item))


def write_response(*collections: FeedbackCollection) -> bytes:
    """The document of an answer with these collections, `ufc:UFC_FeedbackResponse`."""
    return to_document(element_of(FeedbackResponse(collection=collections)))


def to_document(root: Element) -> bytes:
    """A document; what must have an id is numbered, so that the same feedback is always the same document."""
    number_ids(root)
    return make.to_bytes(root)


def number_ids(root: Element) -> None:
    """Give an id to each element below that must have one."""
    identified = [each for each in root.iter() if local_name(each) in _IDENTIFIED]
    for number, element in enumerate(identified, 1):
        element.set(make.name("gml:id"), f"id{number}")


def element_of(part: Part) -> Element:
    """The element of a part with all that is in it."""
    written = forms.object_of(part)
    if written is not None:
        return written
    properties = [each for field in fields_of(type(part)) for each in _properties(part, field)]
    return make(forms.name_of(part), "", None, *properties, *forms.last_properties(part))


def _properties(part: Part, field: Field) -> list[Element]:
    """The elements of a field, in which its values stand."""
    if (type(part), field.name) in forms.ELSEWHERE:
        return forms.ELSEWHERE[type(part), field.name](part, element_of)
    value = getattr(part, field.name)
    if value is None and field.member.nil:
        return [make(field.element, "", {"gco:nilReason": field.member.nil})]
    values = () if value is None else value if field.member.many else (value,)
    return [_property(field, each) for each in values]


def _property(field: Field, value: Any) -> Element:
    content = element_of(value) if isinstance(value, Part) else _value(_kind_of(field.member), value)
    for name in reversed(field.member.within.split("/") if field.member.within else ()):
        content = make(name, "", None, content)
    return make(field.element, "", None, content)


def _kind_of(member: Member) -> Kind:
    kind = held_by(member)
    assert not isinstance(kind, type)
    return kind  # type: ignore[return-value]


def _value(kind: Kind, value: Any) -> Element:
    """The element of a value."""
    match kind:
        case Code() | Word():
            told = {"codeList": kind.uri, "codeListValue": str(value)}
            return make(kind.encoding, str(value), told)
        case Moment():
            return make("gco:DateTime" if "T" in value else "gco:Date", value)
        case Truth():
            return make(kind.encoding, "true" if value else "false")
        case Number():
            return make(kind.encoding, forms.number(value, kind.encoding))
        case Text() | Address() | Doi() | Whole():
            return make(kind.encoding, str(value))
        case _:
            return forms.VALUES[type(kind)](value)
