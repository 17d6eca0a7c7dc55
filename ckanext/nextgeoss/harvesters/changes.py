"""What has to be written so that a dataset that is there already says what its offers say now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..eo import fast_json
from .rows import DatasetRows, ResourceRow

_PACKAGE_COLUMNS = ("title", "notes", "owner_org", "private", "extras")


@dataclass(frozen=True, slots=True)
class Held:
    """The rows of a dataset as they are: package, resources of any state by position, id and state of each
    tag by its name, and memberships."""

    package: Mapping[str, Any]
    resources: Sequence[Mapping[str, Any]] = ()
    tags: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    members: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Changes:
    """Rows to write for one dataset: `resources` are there already, `new_resources` are not."""

    package: dict[str, Any] = field(default_factory=dict[str, Any])
    resources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    new_resources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    purged_resources: list[str] = field(default_factory=list[str])
    new_tags: list[str] = field(default_factory=list[str])
    # id of the row in package_tag -> its state
    tag_states: dict[str, str] = field(default_factory=dict[str, str])
    member_states: dict[str, str] = field(default_factory=dict[str, str])
    new_organization: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def resource_values(row: ResourceRow, package_id: str, position: int) -> dict[str, Any]:
    """The columns of a resource as a harvest fills them."""
    return {
        "id": row.id,
        "package_id": package_id,
        "url": row.url,
        "format": row.format,
        "name": row.name,
        "hash": row.hash,
        "mimetype": row.mimetype,
        "size": row.size,
        "extras": fast_json.dumps(row.extras),
        "position": position,
        "state": "active",
    }


def changes(wanted: DatasetRows, held: Held) -> Changes:
    """What differs. People's own resources (those without a provider) follow the harvested ones; their groups
    stay as they are; other columns of the package, too."""
    found = Changes()
    _package(wanted, held, found)
    _resources(wanted, held, found)
    _tags(wanted, held, found)
    _members(wanted, held, found)
    return found


def _package(wanted: DatasetRows, held: Held, found: Changes) -> None:
    values: dict[str, Any] = {name: getattr(wanted, name) for name in _PACKAGE_COLUMNS} | {"state": "active"}
    if any(held.package[name] != value for name, value in values.items()):
        found.package = values


def _resources(wanted: DatasetRows, held: Held, found: Changes) -> None:
    rows = list(_all_resources(wanted, held))
    there = {row["id"]: row for row in held.resources}
    active = [row["id"] for row in held.resources if row["state"] == "active"]
    for row in rows:
        before = there.get(row["id"])
        if before is None:
            found.new_resources.append(row)
        elif differing := _differing(row, before):
            # where only the place changed, the resource itself was not modified
            moved = before["metadata_modified"] if differing <= {"position", "state"} else None
            found.resources.append(row | {"metadata_modified": moved})
    if active != [row["id"] for row in rows if row["state"] == "active"]:
        # as core does: what was deleted by an earlier change goes for good with the next
        kept = {row["id"] for row in rows}
        found.purged_resources = [uuid for uuid in there if uuid not in kept]


def _all_resources(wanted: DatasetRows, held: Held) -> Iterator[dict[str, Any]]:
    """All resources that there will be, in order: harvested, people's own, and those that go."""
    position = 0
    harvested = {row.id for row in wanted.resources}
    for row in wanted.resources:
        yield resource_values(row, wanted.id, position)
        position += 1
    left = [row for row in held.resources if row["state"] == "active" and row["id"] not in harvested]
    own = [row for row in left if not json.loads(row["extras"] or "{}").get("provider")]
    for row in own:
        yield {**row, "position": position}
        position += 1
    for row in left:
        if row not in own:
            yield {**row, "position": position, "state": "deleted"}
            position += 1


def _differing(row: Mapping[str, Any], before: Mapping[str, Any]) -> set[str]:
    """The columns in which a resource differs."""
    found = {name for name, value in row.items() if before[name] != value}
    if "extras" in found and json.loads(row["extras"] or "{}") == json.loads(before["extras"] or "{}"):
        found.remove("extras")
    return found


def _tags(wanted: DatasetRows, held: Held, found: Changes) -> None:
    for name in wanted.tags:
        known = held.tags.get(name)
        if known is None:
            found.new_tags.append(name)
        elif known[1] != "active":
            found.tag_states[known[0]] = "active"
    for name, (uuid, state) in held.tags.items():
        if name not in wanted.tags and state != "deleted":
            found.tag_states[uuid] = "deleted"


def _members(wanted: DatasetRows, held: Held, found: Changes) -> None:
    """One active membership of the organization; a dataset that comes back is in its groups again."""
    restored = held.package["state"] != "active"
    has_owner = False
    for member in held.members:
        state = member["state"]
        if member["capacity"] == "organization":
            owner = member["group_id"] == wanted.owner_org
            has_owner = has_owner or owner
            state = "active" if owner else "deleted"
        elif restored:
            state = "active"
        if state != member["state"]:
            found.member_states[member["id"]] = state
    if not has_owner:
        found.new_organization = wanted.owner_org
