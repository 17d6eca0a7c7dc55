"""Feedback written for others: pages of items in each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ..exports import atom, guf, iso, jsonld, table
from ..exports.entries import Entry, Page, entries_of, entry_of
from ..exports.record import record_of, scope_of
from ..guf import FeedbackItem
from ..iso import Identifier
from ..parts import fields_of
from ..quality.as_iso import report_of
from ..quality.model import Quality
from ..store import pages
from ..store.items import time_text
from ..store.pages import Asked
from ..store.targets import subject_of
from . import shown
from .caller import caller_of, existing
from .schema import exchange as schema
from .schema.values import validated
from .subjects import readable
from .summaries import summarized

# a record of a dataset, with its feedback in it
ISO = "iso"
# what follows the address of a page
SUFFIXES = {"guf": "xml", "atom": "atom", "jsonld": "jsonld", "csv": "csv", ISO: "iso.xml"}
_WRITERS: Mapping[str, tuple[str, Callable[[Page], bytes]]] = {
    "guf": (guf.TYPE, guf.write),
    "atom": (atom.TYPE, atom.write),
    "jsonld": (jsonld.TYPE, jsonld.write),
    "csv": (table.TYPE, table.write),
    ISO: (iso.TYPE, iso.write),
}
PARTS = tuple(field.name for field in fields_of(FeedbackItem))


@dataclass(frozen=True, slots=True)
class Written:
    """A document of feedback, and the time of the newest item in it; none where there is more in it."""

    media_type: str
    body: bytes
    updated: str


@toolkit.side_effect_free
def feedback_export(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write published feedback in a format of exchange, without e-mail addresses.

    :param id: one item, or
    :param package_id: id or name of a dataset, else of all datasets
    :param format: guf (OGC GUF 1.0 XML), atom, jsonld, csv, or iso: the record of a dataset by ISO 19115-3,
        with its feedback and what checks found of it (guf)
    :param include_replies: false leaves out answers (true)
    :param limit: how many items at most, or answers to the one that `id` names (100; up to 100); of each item
        of several the first 100 answers are written
    :param offset: how many of these to leave out (0)
    :returns: `format`, `media_type`, `count`, `document` (text)
    """
    own = validated(schema.feedback_export_schema, data_dict, None, context)
    if own["format"] == ISO and (own.get("id") or not own.get("package_id")):
        raise toolkit.ValidationError({"format": [toolkit._("A record is of one dataset: say package_id.")]})
    if own.get("id"):
        existing("feedback_export", context, own)
        answers = own["limit"] if own["include_replies"] else 0
        page = item_page(context, own["id"], answers, own["offset"])
    else:
        toolkit.check_access("feedback_export", context, own)
        page = page_of(context, own)
    written = write(page, own["format"])
    return {
        "format": own["format"],
        "media_type": written.media_type,
        "count": page.total,
        "document": written.body.decode(),
    }


def write(page: Page, format_name: str) -> Written:
    """A page in a format."""
    media_type, writer = _WRITERS[format_name]
    return Written(media_type, writer(page), "" if page.record or page.checks else page.updated)


def page_of(context: Context, own: Mapping[str, Any], self_address: str = "") -> Page:
    """A page of published items as the caller may see them, with the summary of their dataset."""
    package = readable(context, own["package_id"]) if own.get("package_id") else None
    caller = caller_of(context)
    limit, offset = own["limit"], own["offset"]
    asked = Asked(
        package_ids=(package.id,) if package else (),
        code=own.get("code", ""),
        code_space=own.get("code_space", ""),
        roles=tuple(own.get("contact_role") or ()),
        secondary=own.get("secondary", True),
        words=own.get("words", ""),
        replies=own.get("replies", False),
        bbox=own.get("bbox"),
        since=own.get("since"),
        limit=limit,
        offset=offset,
    )
    found = pages.page(model.Session(), caller, asked)
    whole = shown.with_threads if own.get("include_replies", True) else shown.documents
    entries = entries_of(whole(found.items, caller), site.site_base())
    page = _page(entries, package, found.total, own.get("format", "guf"), limit, offset)
    if package and own.get("format") in (ISO, "jsonld"):
        page = _described(context, page, package, with_record=own["format"] == ISO)
    return replace(page, self_address=self_address) if self_address else page


def _described(context: Context, page: Page, package: model.Package, *, with_record: bool) -> Page:
    """A page with what checks found of its dataset, and the record of that."""
    row = model.Session().get(Quality, package.id, populate_existing=True)
    level = scope_of(package.type)
    checks = row and report_of(row.kind, row.failed, row.skipped, time_text(row.checked), level)
    if not with_record:
        return replace(page, checks=checks)
    dataset = toolkit.get_action("package_show")(toolkit.fresh_context(context), {"id": package.id})
    known = Identifier(code=page.code, code_space=page.code_space or None)
    record = record_of(dataset, known, page.base, site.site_title(), checks)
    return replace(page, checks=checks, record=record)


def item_page(context: Context, item_id: str, limit: int = shown.MOST_ANSWERS, offset: int = 0) -> Page:
    """A page of one item and so many of the answers to it."""
    item = existing("feedback_show", context, {"id": item_id})
    entries = entries_of(shown.with_threads([item], caller_of(context), limit, offset), site.site_base())
    return Page(
        entries,
        title=entries[0].item.abstract,
        address=entries[0].address,
        base=site.site_base(),
        total=1,
        self_address=f"{entries[0].address}.atom",
    )


def single(context: Context, item_id: str) -> Entry:
    """One item alone."""
    item = existing("feedback_show", context, {"id": item_id})
    return entry_of(shown.document(item, caller_of(context)), site.site_base())


def _page(
    entries: tuple[Entry, ...], package: Any, total: int, format_name: str, limit: int, offset: int
) -> Page:
    base = site.site_base()
    address = f"{base}/dataset/{package.name}/feedback" if package else f"{base}/feedback"
    subject = subject_of(package) if package else None

    def at(start: int) -> str:
        query = urlencode({"limit": limit, "offset": start})
        return f"{address}.{SUFFIXES.get(format_name, 'xml')}?{query}"

    return Page(
        entries,
        title=f"Feedback on {subject.title}" if subject else "Feedback",
        address=address,
        base=base,
        total=total,
        offset=offset,
        limit=limit,
        self_address=at(offset),
        previous=at(max(0, offset - limit)) if offset else "",
        next=at(offset + limit) if offset + limit < total else "",
        subject=subject.title if subject else "",
        code=subject.code if subject else "",
        code_space=subject.code_space if subject else "",
        summary=summarized([package.id])[package.id] if package else None,
    )
