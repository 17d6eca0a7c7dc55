"""Reads a document with feedback: an item, a collection or a response of GUF, an answer of NiMMbus (Atom,
ExecuteResponse), whatever the version; each item with what its surroundings say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ...eo.errors import BadAnswer, BadValue
from ...eo.temporal import format_time, parse_time
from ...eo.xml import (
    Element,
    attributes_of,
    children,
    descendants,
    is_element,
    local_name,
    parse_xml,
    text_at,
    text_of,
    to_text,
)
from ..addresses import without_addresses_in
from ..guf import FeedbackItem
from ..guf_xml.read import Reader
from .found import NIMMBUS_SPACE, Document, Imported, code_space_of
from .lenient import read_leniently

ITEM = "GUF_FeedbackItem"
LIMIT = 16 * 1024 * 1024
_EXCEPTIONS = ("ExceptionText", "Exception")


def read_document(data: bytes, now: datetime, *, source: str = "") -> Document:
    """What is in a document; BadAnswer for what is no XML, has a DTD or an exception report in it."""
    root = parse_xml(data, limit=LIMIT, source=source)
    told = next(
        (text for name in _EXCEPTIONS for each in descendants(root, name) if (text := text_of(each))), ""
    )
    if told:
        raise BadAnswer(f"the service says: {told[:300]}", source)
    if local_name(root) == "feed":
        return _of_feed(root, now)
    surroundings = _outputs(root)
    items = tuple(read_item(each, now, surroundings) for each in descendants(root, ITEM))
    problems = [f"{name} is not here: {link}" for name, link in _elsewhere(root)]
    if (
        not items
        and not problems
        and local_name(root) not in ("UFC_FeedbackCollection", "UFC_FeedbackResponse")
    ):
        problems.append(f"{local_name(root)} has no {ITEM} in it")
    return Document(items, problems=tuple(problems))


def read_item(element: Element, now: datetime, surroundings: Mapping[str, str] | None = None) -> Imported:
    """An item of its element; what it does not say of itself is taken from its surroundings."""
    reader = Reader()
    told = reader.part(element, FeedbackItem)
    return finish(told, now, reader.told, surroundings or {}, lambda: to_text(element))


def finish(
    told: dict[str, Any],
    now: datetime,
    problems: list[str],
    surroundings: Mapping[str, str],
    native: Callable[[], str] = str,
) -> Imported:
    """The item that JSON tells, as far as it can be kept."""
    told = without_addresses_in(told)
    _complete(told, surroundings, native, problems)
    item, refused = read_leniently(told, now)
    known = told["item_identifier"]
    return Imported(
        code=str(known.get("code")),
        code_space=code_space_of(known.get("code_space")),
        item=item,
        updated=_updated(told, surroundings),
        author=_name(told) or surroundings.get("author", ""),
        problems=(*problems, *refused),
    )


def _of_feed(feed: Element, now: datetime) -> Document:
    """An answer of ENUMERATE: entries with the item in their content, or only with its name."""
    items: list[Imported] = []
    named: list[str] = []
    codes: list[str] = []
    for entry in children(feed, "entry"):
        surroundings = _entry(entry)
        codes.append(surroundings.get("code", ""))
        if (found := next(descendants(entry, ITEM), None)) is not None:
            items.append(read_item(found, now, surroundings))
        elif surroundings.get("type", "FEEDBACK") == "FEEDBACK" and surroundings.get("code"):
            named.append(surroundings["code"])
    total = text_at(feed, "totalResults")
    return Document(
        tuple(items), tuple(named), total=int(total) if total.isdecimal() else None, codes=tuple(codes)
    )


def _entry(entry: Element) -> dict[str, str]:
    """What an Atom entry says of its item."""
    addresses = [
        text_at(entry, "id"),
        *(attributes_of(each).get("href", "") for each in children(entry, "link")),
    ]
    categories = [attributes_of(each) for each in children(entry, "category")]
    found = {
        "code": next((code for address in addresses if (code := _resource(address))), ""),
        "code_space": NIMMBUS_SPACE,
        "title": text_at(entry, "title"),
        "author": text_at(entry, "author/name").partition(" (")[0].strip(),
        "updated": text_at(entry, "updated"),
        "type": next(
            (each.get("term", "") for each in categories if "resource_type" in each.get("scheme", "")), ""
        ),
    }
    return {name: value for name, value in found.items() if value}


def _resource(address: str) -> str:
    """The code of a resource in the address that retrieves it."""
    given = {name.upper(): value for name, value in parse_qsl(urlsplit(address).query)}
    return given.get("RESOURCE", "")


def _outputs(root: Element) -> dict[str, str]:
    """What the outputs of an ExecuteResponse say beside the item."""
    if local_name(root) != "ExecuteResponse":
        return {}
    names = {"obj_id": "code", "title": "title", "reason": "purpose", "obj_time": "created",
             "last_modif_time": "updated", "language": "language"}  # fmt: skip
    found = {"code_space": NIMMBUS_SPACE}
    for output in descendants(root, "Output"):
        name = names.get(text_at(output, "Identifier"))
        text = next((text_of(each) for each in descendants(output, "LiteralData")), "")
        if name and text:
            found[name] = text
    return found


def _elsewhere(root: Element) -> Iterator[tuple[str, str]]:
    """Items of a collection of which only the address is told."""
    for each in descendants(root, "item"):
        link = attributes_of(each).get("href", "")
        if link and not any(is_element(child) for child in each):
            yield "an item", link


def _complete(
    told: dict[str, Any], surroundings: Mapping[str, str], native: Callable[[], str], problems: list[str]
) -> None:
    """Give an item what it must have, from its surroundings, and tell what had to be made up."""
    known = told.setdefault("item_identifier", {})
    if not known.get("code"):
        known["code"] = surroundings.get("code") or sha256(native().encode()).hexdigest()
        known.setdefault("code_space", surroundings.get("code_space", ""))
        if not surroundings.get("code"):
            problems.append("item_identifier.code: there is none; it is known by its content")
    if not known.get("code_space"):
        known.pop("code_space", None)
    comment = (told.get("user_comment") or {}).get("comment", "")
    abstract = told.get("abstract") or surroundings.get("title") or known.get("description") or comment
    if abstract:
        told["abstract"] = abstract if len(abstract) <= 500 else abstract[:499].rstrip() + "…"
    if "purpose" not in told and surroundings.get("purpose"):
        told["purpose"] = surroundings["purpose"][:5000]
    if "contact_role" not in told:
        told["contact_role"] = "generalPublic"
        problems.append("contact_role: there is none; generalPublic is taken")
    _complete_dates(told, surroundings)
    _complete_contact(told, surroundings)


def _complete_dates(told: dict[str, Any], surroundings: Mapping[str, str]) -> None:
    """An item says when it was made."""
    dates = told.setdefault("date_info", [])
    if any(each.get("date_type") == "creation" for each in dates):
        return
    made = surroundings.get("created") or next((each["date"] for each in dates if each.get("date")), "")
    made = made or surroundings.get("updated", "")
    if made:
        dates.insert(0, {"date": made, "date_type": "creation"})


def _complete_contact(told: dict[str, Any], surroundings: Mapping[str, str]) -> None:
    """Somebody says it, by the name the other system shows."""
    contact = told.setdefault("contact", {})
    details = contact.setdefault("user_details", {"role": "user"})
    details.setdefault("role", "user")
    if not details.get("party"):
        name = surroundings.get("author", "")
        details["party"] = [{"name": name}] if name else [{}]
    for party in details["party"]:
        # nothing is left of those with personal addresses
        if not any(party.get("contact_info", ())):
            party.pop("contact_info", None)


def _updated(told: Mapping[str, Any], surroundings: Mapping[str, str]) -> str | None:
    """When it was last changed; None when nobody says so."""
    dates = [surroundings.get("updated", ""), *(each.get("date", "") for each in told.get("date_info", ()))]
    for date in dates[:1] if dates[0] else sorted(dates, reverse=True):
        with suppress(BadValue):
            return format_time(parse_time(date))
    return None


def _name(told: Mapping[str, Any]) -> str:
    parties = told["contact"]["user_details"].get("party") or [{}]
    return str(parties[0].get("name") or "")
