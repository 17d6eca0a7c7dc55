"""The fields extension of STAC APIs (1.0.0): which members of items or collections are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

# what tells one item from another: always there
_ALWAYS = ("type", "stac_version", "id", "collection")
# what an empty choice means, the least that is a valid item or collection
LEAST_ITEM = (*_ALWAYS, "geometry", "bbox", "links", "assets", "properties.datetime")
LEAST_COLLECTION = (*_ALWAYS, "description", "license", "extent", "links")

# a member to the parts of it that are meant; no parts: the whole of it
Tree: TypeAlias = dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class Fields:
    """A choice of members; `include` None means all."""

    include: Tree | None = None
    exclude: Tree | None = None

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str], *, least: tuple[str, ...] = ()) -> Fields:
        """From names such as `properties.datetime`; what is both included and excluded is included, and so
        are included parts of what is excluded. Without any to include: all, or the `least`."""
        named = tuple(include)
        wanted = named or least
        kept = (*named, *_ALWAYS)
        unwanted = [name for name in exclude if not any(f"{other}.".startswith(f"{name}.") for other in kept)]
        return cls(_tree((*_ALWAYS, *wanted)) if wanted else None, _tree(unwanted) if unwanted else None)

    def of_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item, or collection, with the chosen members alone."""
        found = item if self.include is None else _only(item, self.include)
        return found if self.exclude is None else _without(found, self.exclude)


ALL_FIELDS = Fields()


def _tree(names: Iterable[str]) -> Tree:
    tree: Tree = {}
    for name in names:
        _put(tree, name)
    return tree


def _put(tree: Tree, name: str) -> None:
    first, _, rest = name.partition(".")
    if not rest:
        tree[first] = {}
    elif first not in tree or tree[first]:  # else the whole of it is meant already
        _put(tree.setdefault(first, {}), rest)


def _only(value: dict[str, Any], wanted: Tree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, parts in wanted.items():
        if name not in value:
            continue
        inner = value[name]
        if not parts:
            found[name] = inner
        elif isinstance(inner, dict):
            found[name] = _only(cast(dict[str, Any], inner), parts)
    return found


def _without(value: dict[str, Any], unwanted: Tree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in value.items():
        if name not in unwanted:
            found[name] = inner
        elif unwanted[name]:
            parts = unwanted[name]
            found[name] = _without(cast(dict[str, Any], inner), parts) if isinstance(inner, dict) else inner
    return found
