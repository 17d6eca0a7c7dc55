"""What other versions and other writers of GUF have otherwise: the intermediate 1.1 of NiMMbus, what is known
of 2.0, the examples of OGC, the old hub."""

from __future__ import annotations

import re
from typing import Any, Protocol

from ...eo.xml import Element, attributes_of, children, is_element, local_name, parent, text_of
from ..guf import FeedbackItem, ReproducibleUsage, UsageDescription, UserInformation
from ..iso import Citation, Identifier, Individual, Organisation, Responsibility
from ..parts import Choice, Field, Part, fields_of
from . import forms
from .names import REPRODUCIBLE

_PARTIES = {"CI_Individual": ("", Individual), "CI_Organisation": ("organisation", Organisation)}
_ALSO: dict[tuple[type[Part], str], str] = {
    # so it was called in the old hub
    (FeedbackItem, "publication"): "citation",
}
# what accounts elsewhere are called and say: nothing to keep of a person
_OF_ACCOUNTS = ("userIdentifier", "description")
_REPEATED = {field.element.rpartition(":")[2]: field for field in fields_of(ReproducibleUsage)}
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


class Reads(Protocol):
    """The reader, as far as it is needed here."""

    def part(self, element: Element, kind: type[Part], where: str = "") -> dict[str, Any]:
        """The JSON of a part."""
        ...

    def tell(self, where: str, reason: str) -> None:
        """Note what could not be read."""
        ...

    def into(self, found: dict[str, Any], field: Field, child: Element, where: str) -> None:
        """Read a property into the JSON of its part."""
        ...


def also(kind: type[Part]) -> dict[str, Field]:
    """Fields of a part by other names of their elements."""
    fields = {field.name: field for field in fields_of(kind)}
    return {name: fields[field] for (of, name), field in _ALSO.items() if of is kind}


def read(reader: Reads, child: Element, kind: type[Part], found: dict[str, Any], where: str) -> bool:
    """Whether a property that has a form of its own was read."""
    if kind is UserInformation:
        return _of_user(reader, child, found, where)
    if kind is UsageDescription:
        return _of_usage(reader, child, found, where)
    return False


def instead(reader: Reads, inner: Element, kind: type[Part], where: str) -> dict[str, Any] | None:
    """The JSON of a part in whose place another stands; None when it is the right one."""
    name = local_name(inner)
    if kind is Responsibility and name in _PARTIES:
        told, party = _PARTIES[name]
        read = reader.part(inner, party, f"{where}.party[0]")
        return {"role": "user", "party": [{"type": told, **read} if told else read]}
    if kind is UsageDescription:
        return _usage_beside(reader, inner, where)
    return None


def of_link(kind: Choice | type[Part], link: str) -> dict[str, Any] | None:
    """A part of which only the address is told; None for parts that cannot be known by one."""
    option = next(iter(kind.options.values())) if isinstance(kind, Choice) else kind
    if not link or not link.startswith(("http://", "https://")):
        return None
    if option is Identifier:
        return {"code": link}
    if issubclass(option, Citation) and option is Citation:
        return {"title": link, "online_resource": [{"linkage": link}]}
    return None


def add_link(citation: dict[str, Any], link: str) -> None:
    """Keep the address that stands at the property of a citation."""
    links = citation.get("online_resource", [])
    if link.startswith(("http://", "https://")) and link not in [each.get("linkage") for each in links]:
        citation["online_resource"] = [*links, {"linkage": link}]


def complete(kind: type[Part], found: dict[str, Any]) -> None:
    """What a part must have, from what else it says: a citation without a title is called as its code is."""
    if issubclass(kind, Citation) and found and not found.get("title"):
        names = [
            *found.get("alternate_title", ()),
            *(each.get("description") or each.get("code") for each in found.get("identifier", ())),
            *(each.get("linkage") for each in found.get("online_resource", ())),
        ]
        title = next((name for name in names if name), None)
        if title:
            found["title"] = title[:1000]
    if kind is UserInformation:
        levels = found.pop("_levels", [])
        if levels and "expertise_level" not in found:
            found["expertise_level"] = max(levels)


def moment(text: str) -> str:
    """A date or time as the model has it: a year is its first day, and a month, too; a date has no zone, and
    a time without one is in UTC."""
    if _YEAR.fullmatch(text):
        return f"{text}-01-01"
    if _MONTH.fullmatch(text):
        return f"{text}-01"
    if found := _ZONED.fullmatch(text):
        return found[1]
    if found := _LOCAL.fullmatch(text):
        return f"{text}Z" if found[1] else f"{text}:00Z"
    return text


def _of_user(reader: Reads, child: Element, found: dict[str, Any], where: str) -> bool:
    """In 1.1 a domain comes with the level of expertise in it; 1.0 has one level for all, the highest."""
    if local_name(child) in _OF_ACCOUNTS:
        return True
    inner = next(children(child, "GUF_ApplicationDomain"), None)
    if local_name(child) != "applicationDomain" or inner is None:
        return False
    for domain in children(inner, "domain"):
        if text := text_of(domain):
            found.setdefault("application_domain", []).append(text[:500])
    levels = [level for each in children(inner, "expertiseLevel") if (level := _level(each))]
    found.setdefault("_levels", []).extend(levels)
    return True


def _level(element: Element) -> int:
    told = next((attributes_of(each).get("codeListValue", "") for each in element), "") or text_of(element)
    return int(told) if re.fullmatch("[1-5]", told, re.ASCII) else 0


def _of_usage(reader: Reads, child: Element, found: dict[str, Any], where: str) -> bool:
    """How usage is repeated: in 2.0 by elements of its own, in 1.0 by the citation that we write for it."""
    name = local_name(child)
    if name in _REPEATED:
        usage = found.setdefault("reproducible_usage", {})
        reader.into(usage, _REPEATED[name], child, f"{where}.reproducible_usage")
        if not usage:
            del found["reproducible_usage"]
        return True
    if name != "additionalDocumentation" or REPRODUCIBLE not in text_of(child):
        return False
    details = [text_of(each) for citation in child for each in children(citation, "otherCitationDetails")]
    usage = forms.untold(details)
    if usage is not None:
        found["reproducible_usage"] = usage
    return usage is not None


def _usage_beside(reader: Reads, inner: Element, where: str) -> dict[str, Any] | None:
    """A usage with the elements of 2.0 beside it, as NiMMbus writes them."""
    around = parent(inner)
    if around is None:
        return None
    beside = [each for each in around if is_element(each) and local_name(each) in _REPEATED]
    if not beside:
        return None
    found = {} if inner in beside else reader.part(inner, UsageDescription, where)
    for each in beside:
        _of_usage(reader, each, found, where)
    return found
