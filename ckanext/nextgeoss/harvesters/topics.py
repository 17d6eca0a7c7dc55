"""Topics that products inherit from the harvest sources that offer them."""

from __future__ import annotations

from collections.abc import Sequence

from ckan import model

from .model import Offer


def source_topics(ids: Sequence[str]) -> dict[str, list[str]]:
    """Names of the groups of the sources, by dataset id; datasets without any are left out."""
    member, group = model.Member, model.Group
    rows = (
        model.Session.query(Offer.package_id, group.name)
        .join(member, member.table_id == Offer.source_id)
        .join(group, group.id == member.group_id)
        .filter(
            Offer.package_id.in_(ids),
            Offer.suppressed.is_(False),
            member.table_name == "package",
            member.state == "active",
            group.state == "active",
            group.is_organization.is_(False),
        )
    )
    found: dict[str, list[str]] = {}
    for package_id, name in rows:
        found.setdefault(package_id, []).append(name)
    return found
