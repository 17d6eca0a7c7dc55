"""Which items a caller may see, as conditions of SQL: nothing is left out after a page was cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from ..model import Item, Target
from ..states import DELETED, DRAFT, EXTERNAL, PRIMARY, PUBLISHED

PACKAGE = sa.table(
    "package",
    sa.column("id", sa.UnicodeText),
    sa.column("name", sa.UnicodeText),
    sa.column("title", sa.UnicodeText),
    sa.column("type", sa.UnicodeText),
    sa.column("state", sa.UnicodeText),
    sa.column("private", sa.Boolean),
    sa.column("owner_org", sa.UnicodeText),
    sa.column("creator_user_id", sa.UnicodeText),
    sa.column("extras", JSONB),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    user_id: str | None = None
    sysadmin: bool = False
    # CKAN's permission labels of the user
    labels: tuple[str, ...] = ("public",)
    # ids of the organizations on whose datasets he moderates feedback
    moderates: tuple[str, ...] = ()
    # for visitors: what stands for their address today
    visitor: str = ""


def is_any(column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """The column is one of these texts, which go as one parameter."""
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.UnicodeText)))


def is_readable(caller: Caller) -> ColumnElement[bool]:
    """The dataset in PACKAGE is one that the caller may read: CKAN's own rule of labels."""
    package = PACKAGE.c
    active = package.state == "active"
    if caller.sysadmin:
        return active
    member = sa.and_(package.owner_org.is_not(None), is_any("member-" + package.owner_org, caller.labels))
    creator = sa.and_(
        package.owner_org.is_(None), is_any("creator-" + package.creator_user_id, caller.labels)
    )
    collaborator = is_any("collaborator-" + package.id, caller.labels)
    return sa.and_(active, sa.or_(sa.not_(package.private), member, creator, collaborator))


def packages_for(session: Session, caller: Caller, package_ids: Iterable[str | None]) -> dict[str, Any]:
    """Rows of datasets by id: `name`, `title`, `type`, `state`, `private` and whether a caller may read it
    (`readable`)."""
    wanted = sorted({each for each in package_ids if each})
    if not wanted:
        return {}
    package = PACKAGE.c
    asked = sa.select(
        package.id, package.name, package.title, package.type, package.state, package.private,
        is_readable(caller).label("readable"),
    )  # fmt: skip
    return {row.id: row for row in session.execute(asked.where(is_any(package.id, wanted)))}


def is_visible(caller: Caller, item: type[Item] = Item) -> ColumnElement[bool]:
    """The item is one that the caller may see: published on datasets that he may all read, his own, or one
    that he moderates."""
    if caller.sysadmin:
        return sa.true()
    allowed = [sa.and_(item.state == PUBLISHED, _all_readable(caller, item))]
    if caller.user_id:
        allowed.append(sa.and_(item.user_id == caller.user_id, item.state != DELETED))
    if caller.moderates:
        allowed.append(sa.and_(item.state != DRAFT, is_moderated(caller, item)))
    return sa.or_(*allowed)


def all_visible(caller: Caller) -> tuple[FromClause, ColumnElement[bool]]:
    """Published items with what tells whether the caller may see each, to be asked of all items of a site:
    what to select from, and the condition. All targets are gone through once; `is_visible` asks item by item,
    which is for pages."""
    if caller.sysadmin:
        return Item.__table__, sa.true()
    about = aliased(Target)
    both = sa.outerjoin(about, PACKAGE, PACKAGE.c.id == about.package_id)
    readable = sa.func.coalesce(is_readable(caller), False)
    unread = sa.select(about.item_id).select_from(both).where(about.kind != EXTERNAL, sa.not_(readable))
    some = unread.distinct().subquery()
    allowed: list[ColumnElement[bool]] = [some.c.item_id.is_(None)]
    if caller.user_id:
        allowed.append(Item.user_id == caller.user_id)
    if caller.moderates:
        allowed.append(is_moderated(caller))
    return sa.outerjoin(Item, some, some.c.item_id == Item.id), sa.and_(
        Item.state == PUBLISHED, sa.or_(*allowed)
    )


def is_moderated(caller: Caller, item: type[Item] = Item) -> ColumnElement[bool]:
    """The item is about a dataset of an organization for which the caller moderates."""
    if caller.sysadmin:
        return sa.true()
    about = aliased(Target)
    return sa.exists().where(
        about.item_id == item.id, about.role == PRIMARY, is_any(about.owner_org, caller.moderates)
    )


def _all_readable(caller: Caller, item: type[Item]) -> ColumnElement[bool]:
    """All datasets of ours that the item is about may be read. It is asked item by item, so that a page costs
    as much as its items do: as an anti-join it would go through all targets of the site."""
    about = aliased(Target)
    both = sa.outerjoin(about, PACKAGE, PACKAGE.c.id == about.package_id)
    each = sa.func.bool_and(sa.func.coalesce(is_readable(caller), False))
    asked = sa.select(each).select_from(both).where(about.item_id == item.id, about.kind != EXTERNAL)
    return asked.correlate(item).scalar_subquery().is_not(sa.false())
