"""Titles and topics of collections, titles of organizations and groups, remembered for a short time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ckan import model

from .. import config
from ..eo.collection import load_registry
from ..package import COLLECTION_TYPE
from ..remembering import remembered_for
from .query import collection_names


@dataclass(frozen=True, slots=True)
class Described:
    """What the catalogue's dataset of a collection says: its title, the names of its groups."""

    name: str = ""
    title: str = ""
    topics: tuple[str, ...] = ()


@remembered_for(config.topics_seconds)
def collections() -> dict[str, Described]:
    """Collections by id and alias: those with a dataset, and the others of the registry; one query in
    `ckanext.nextgeoss.topics_seconds`."""
    return _registered() | _read()


def group_titles(names: Iterable[str]) -> dict[str, str]:
    """Titles of organizations and groups by name."""
    group = model.Group
    rows = model.Session.query(group.name, group.title).filter(group.name.in_(set(names)))
    return {name: title for name, title in rows if title}


def _registered() -> dict[str, Described]:
    return {
        name: Described(title=collection.title)
        for collection in load_registry()
        for name in (collection.id, *collection.aliases)
    }


def _read() -> dict[str, Described]:
    package = model.Package
    rows = (
        model.Session.query(package.id, package.name, package.title, package.extras)
        .filter(package.type == COLLECTION_TYPE, package.state == "active")
        .all()
    )
    topics = _topics([row.id for row in rows])
    found: dict[str, Described] = {}
    for row in rows:
        extras = row.extras or {}
        described = Described(row.name, row.title or "", tuple(topics.get(row.id, ())))
        names = [extras.get("collection_id") or "", *_aliases(extras.get("aliases"))]
        found |= dict.fromkeys(collection_names(filter(None, names), load_registry()), described)
    return found


def _topics(ids: list[str]) -> dict[str, list[str]]:
    member, group = model.Member, model.Group
    rows = (
        model.Session.query(member.table_id, group.name)
        .join(group, group.id == member.group_id)
        .filter(
            member.table_name == "package",
            member.table_id.in_(ids),
            member.state == "active",
            group.state == "active",
            group.is_organization.is_(False),
        )
    )
    found: dict[str, list[str]] = {}
    for package_id, name in rows if ids else ():
        found.setdefault(package_id, []).append(name)
    return found


def _aliases(text: str | None) -> list[str]:
    try:
        return json.loads(text) if text else []
    except ValueError:
        return []
