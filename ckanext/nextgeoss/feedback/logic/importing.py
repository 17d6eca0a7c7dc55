"""Feedback of other systems kept here: found again by its code there, changed only when it is newer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ...eo.errors import BadAnswer, BadValue
from ...eo.temporal import parse_time
from ..addresses import without_addresses
from ..imports.found import Imported, space_key
from ..imports.guf_document import finish, read_document
from ..model import Item, Target, utc_now
from ..parts import write
from ..states import DELETED, EXTERNAL, PUBLISHED
from ..store import items
from ..store.counting import counted
from ..store.imported import find_imported, replace_targets
from ..store.targets import subject_of, targets_of
from . import writing
from .caller import caller_of
from .rights import moderates_all
from .schema import exchange as schema
from .schema.values import validated
from .subjects import given_targets

Known = Mapping[tuple[str, str], str]
XML, NIMMBUS = "xml", "nimmbus"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def feedback_import(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Keep feedback of another system, from a document of GUF (1.0, 1.1), a record of ISO 19115-3 that holds
    some, an answer of NiMMbus or JSON.

    An item that is here already is changed when the document has a newer one. Moderators keep what is about
    datasets of their organization; sysadmins everything.

    :param document: the text: XML, or JSON of items (a list, or an object with `results`)
    :param dry_run: true says what would be done (false)
    :returns: `created`, `updated`, `unchanged`, `failed` (numbers), `problems` (of the whole document) and
        `items`: `code`, `code_space`, `outcome`, `id`, `problems`
    """
    own = validated(schema.feedback_import_schema, data_dict, None, context)
    toolkit.check_access("feedback_import", context, own)
    now = datetime.now(timezone.utc)
    text: str = own["document"]
    try:
        found, problems = _read(text, now)
    except BadAnswer as error:
        raise toolkit.ValidationError({"document": [str(error)]}) from error
    return keep_all(context, found, XML, dry_run=own["dry_run"]) | {"problems": list(problems)}


def keep_all(
    context: Context,
    found: Iterable[Imported],
    source: str,
    *,
    dry_run: bool = False,
    known: Known | None = None,
) -> dict[str, Any]:
    """Keep items, those that answer others after these; what became of each. `known` has datasets by code and
    code space of another system."""
    told: list[dict[str, Any]] = []
    for each in sorted(found, key=lambda each: bool(each.item and each.item.item_is_reply_to)):
        outcome, item_id, problems = "failed", None, list(each.problems)
        if each.item is not None:
            try:
                with _apart(dry_run):
                    outcome, item_id, more = _keep(context, each, source, known or {})
                    problems += more
            except BadValue as error:
                problems.append(str(error))
        told.append(
            {
                "code": each.code,
                "code_space": each.code_space,
                "outcome": outcome,
                "id": item_id,
                "problems": problems,
            }
        )
    counts = dict.fromkeys(("created", "updated", "unchanged", "failed"), 0)
    for each in told:
        counts[each["outcome"]] += 1
    return {**counts, "items": told}


def _read(text: str, now: datetime) -> tuple[tuple[Imported, ...], tuple[str, ...]]:
    """Items of a document, and what could not be read of the whole."""
    if text.lstrip()[:1] not in ("{", "["):
        # a text has no encoding any more
        document = read_document(_DECLARATION.sub("", text).encode(), now)
        named = [f"{code} is only named" for code in document.named]
        return document.items, (*document.problems, *named)
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadAnswer(f"not JSON: {error}") from error
    told = told.get("results", [told]) if isinstance(told, dict) else told
    found = [_from_json(each, now) for each in told if isinstance(each, dict)]
    strange = len(told) - len(found)
    return tuple(found), ((f"{strange} values are no items",) if strange else ())


def _from_json(told: dict[str, Any], now: datetime) -> Imported:
    """An item as the actions give it, or its parts alone."""
    parts = {name: value for name, value in told.items() if name not in writing.KEYS}
    problems: list[str] = []
    surroundings = {
        "code": told.get("id") or "",
        "code_space": told.get("code_space") or "",
        "updated": told.get("modified") or "",
        "author": (told.get("author") or {}).get("display_name") or "",
    }
    return finish(parts, now, problems, surroundings, lambda: json.dumps(told, sort_keys=True, default=str))


class _apart:
    """What is done within is committed, or taken back in a dry run."""

    def __init__(self, dry_run: bool) -> None:
        self.dry_run = dry_run

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind or self.dry_run:
            model.Session.rollback()
        else:
            model.Session.commit()


def _keep(context: Context, each: Imported, source: str, known: Known) -> tuple[str, str | None, list[str]]:
    """What becomes of an item: created, updated, unchanged or failed; its id; what went wrong."""
    session = model.Session()
    assert each.item is not None
    space = each.code_space or source
    if space_key(space) == space_key(writing.code_space()):
        return "unchanged", each.code, ["an item of this site"]
    parts = write(each.item)
    _, rows = given_targets(context, {"target": parts["target"]}, None)
    rows = [_known_row(row, known) for row in rows]
    for position, row in enumerate(rows):
        row.position = position
    if not _may_keep(context, rows):
        return "failed", None, ["it is not about datasets of your organization alone"]
    there = find_imported(session, source, space, [each.code])
    if there is not None and not _may_keep(context, targets_of(session, [there.id])[there.id]):
        return "failed", None, ["it is here already, and not about datasets of your organization alone"]
    updated = _naive(each.updated) or utc_now()
    if there is None:
        return "created", _create(each, source, space, parts, rows, updated), []
    if there.state == DELETED:
        return "unchanged", there.id, ["it was deleted here"]
    if there.modified >= updated:
        return "unchanged", there.id, []
    _update(there, each, parts, rows, updated)
    return "updated", there.id, []


def _create(
    each: Imported, source: str, space: str, parts: dict[str, Any], rows: list[Target], updated: datetime
) -> str:
    assert each.item is not None
    session = model.Session()
    created = min(_naive(date.date) or updated for date in each.item.date_info)
    item = Item(
        id=items.new_id(), code_space=space, source=source, source_code=each.code, user_id=None,
        author_name=without_addresses(each.author)[:200], created=created, modified=updated, version=1,
        depth=0, edited=False, spam_score=0.0, votes_up=0, votes_down=0, flags=0, state=PUBLISHED,
        published=created,
    )  # fmt: skip
    _answers(item, each, source, space)
    items.fill(item, parts)
    items.log(session, item, PUBLISHED, "import", actor_id=None, reason=source, first=True)
    for row in rows:
        row.item_id = item.id
    items.add(session, item, rows)
    return item.id


def _update(item: Item, each: Imported, parts: dict[str, Any], rows: list[Target], updated: datetime) -> None:
    session = model.Session()
    with counted(session, [item.id]):
        items.fill(item, parts)
        item.author_name = without_addresses(each.author)[:200]
        item.modified, item.version, item.edited = updated, item.version + 1, True
        replace_targets(session, item, rows)
        items.log(session, item, item.state, "import", actor_id=None, reason=item.source)


def _answers(item: Item, each: Imported, source: str, space: str) -> None:
    """Have an item below the one that it answers, where that is here."""
    assert each.item is not None
    codes = [known.code for known in each.item.item_is_reply_to]
    if not codes:
        return
    above = find_imported(model.Session(), source, space, codes)
    if above is not None:
        item.root_id, item.reply_to_id = above.root_id or above.id, above.id
        item.depth = above.depth + 1


def _known_row(row: Target, known: Known) -> Target:
    """The row of the dataset that a target means in the words of another system."""
    package_id = known.get((row.code, space_key(row.code_space))) if row.kind == EXTERNAL else None
    package = model.Package.get(package_id) if package_id else None
    if package is None:
        return row
    subject = subject_of(package)
    return Target(
        role=row.role, kind=subject.kind, package_id=subject.package_id, code=subject.code,
        code_space=subject.code_space, title=subject.title, owner_org=subject.owner_org,
        private=subject.private, own=False, position=row.position,
    )  # fmt: skip


def _may_keep(context: Context, rows: Iterable[Target]) -> bool:
    caller = caller_of(context)
    return caller.sysadmin or moderates_all(caller, rows)


def _naive(text: str | None) -> datetime | None:
    """A time as the database has it."""
    if not text:
        return None
    return parse_time(text).astimezone(timezone.utc).replace(tzinfo=None)
