"""The links of an organization that do not work any more, with the datasets that have them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from ...eo.temporal import format_time
from .link_store import aware
from .links import BROKEN
from .model import QualityLink
from .store import PACKAGE, any_of

# of the broken links of the site so many are gone through, those that failed most often
_MOST = 20_000
# datasets that are named of one link
NAMED = 3
_resource = sa.table("resource", *map(sa.column, ("package_id", "url", "state")))


def worst_links(
    connection: Connection, organization: str, *, private: bool, limit: int
) -> list[dict[str, Any]]:
    """Broken links, those that most datasets have first: `url`, `reason`, `status`, `failures` (in a row),
    `checked`, `number` (of datasets) and `datasets`: `name`, `title`, `type` of some of them."""
    link, package, resource = QualityLink, PACKAGE.c, _resource.c
    broken = sa.select(link.key, link.url, link.failures, link.checked, link.known)
    broken = broken.where(link.state == BROKEN).order_by(link.failures.desc()).limit(_MOST).subquery()
    ids = sa.func.array_agg(sa.distinct(package.id))
    asked = (
        sa.select(broken.c.key, sa.func.count(sa.distinct(package.id)).label("number"), ids.label("ids"))
        .join(_resource, resource.url == broken.c.url)
        .join(PACKAGE, package.id == resource.package_id)
        .where(resource.state == "active", package.state == "active", package.owner_org == organization)
        .group_by(broken.c.key)
    )
    if not private:
        asked = asked.where(sa.not_(package.private))
    worst = asked.order_by(sa.desc("number"), broken.c.key).limit(limit).subquery()
    rows = connection.execute(
        sa.select(link.url, link.failures, link.checked, link.known, worst.c.number, worst.c.ids[1:NAMED])
        .join(worst, worst.c.key == link.key)
        .order_by(worst.c.number.desc(), link.failures.desc(), link.url)
    ).all()
    named = _named(connection, {package_id for row in rows for package_id in row[-1]})
    return [
        {
            "url": url,
            "reason": known.get("reason", ""),
            "status": known.get("status"),
            "failures": failures,
            "checked": format_time(at) if (at := aware(checked)) else None,
            "number": number,
            "datasets": [named[each] for each in ids if each in named],
        }
        for url, failures, checked, known, number, ids in rows
    ]


def _named(connection: Connection, ids: set[str]) -> dict[str, dict[str, Any]]:
    package = PACKAGE.c
    asked = sa.select(package.id, package.name, package.title, package.type).where(any_of(package.id, ids))
    return {
        package_id: {"name": name, "title": title or name, "type": kind}
        for package_id, name, title, kind in connection.execute(asked)
    }
