"""What of an item its reader may not be told: datasets that it is also about and that he may not read. The
author of an item and the moderators of one of its datasets see it without having to see the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..model import Item, Target
from ..states import EXTERNAL
from ..store.targets import targets_of
from ..store.visible import Caller, packages_for

Json = dict[str, Any]


def is_hidden(target: Target, package: Any, caller: Caller) -> bool:
    """Whether a caller may not be told what a target is; `package` is its row in `packages_for`. Of one that
    is gone, what was noted of it counts."""
    if target.kind == EXTERNAL or caller.sysadmin:
        return False
    if package is not None and package.state == "active":
        return not package.readable
    is_private = target.private or (package is not None and package.private)
    return bool(is_private) and f"member-{target.owner_org}" not in caller.labels


def hidden_places(items: Collection[Item], caller: Caller) -> dict[str, set[int]]:
    """Which of the targets of items their reader may not be told, by item: their places among the parts."""
    targets = targets_of(model.Session(), [item.id for item in items])
    every = [target for each in targets.values() for target in each]
    packages = packages_for(model.Session(), caller, (target.package_id for target in every))
    found: dict[str, set[int]] = {}
    for item_id, mine in targets.items():
        hidden = (each for each in mine if is_hidden(each, packages.get(each.package_id or ""), caller))
        found[item_id] = {each.position for each in hidden}
    return found


def unnamed() -> str:
    """What stands in place of the title of a dataset that one may not be told."""
    return toolkit._("A dataset that you may not see")


def told_targets(kept: Sequence[Mapping[str, Any]], hidden: Collection[int]) -> list[Any]:
    """The targets of an item as parts, without those at the hidden places but for their roles."""
    return [_unnamed(target) if at in hidden else target for at, target in enumerate(kept)]


def told_before(parts: Mapping[str, Any], item: Item, hidden: Collection[int], caller: Caller) -> Json:
    """Parts that an item had before. Of what it was about when that was something else, only those who see
    everything are told."""
    told = dict(parts)
    if "target" not in told or caller.sysadmin:
        return told
    is_same = told["target"] == item.parts.get("target")
    told["target"] = told_targets(told["target"], hidden if is_same else range(len(told["target"])))
    return told


def restored_targets(given: Any, kept: Sequence[Any], hidden: Collection[int]) -> Any:
    """Targets that a reader gives back as he was told them, with what he was not told in its place again."""
    told = told_targets(kept, hidden)
    if not hidden or not isinstance(given, list | tuple) or len(given) != len(told):
        return given
    if any(given[at] != told[at] for at in hidden):
        return given
    return [kept[at] if at in hidden else each for at, each in enumerate(given)]


def _unnamed(target: Mapping[str, Any]) -> Json:
    found: Json = {"resource_ref": [{"title": unnamed()}]}
    return found | ({"role": target["role"]} if target.get("role") else {})
