"""A Query as the parameters of `product_search`, of the exports and of saved searches."""

from __future__ import annotations

from typing import Any

from ..eo.query import Condition, Query
from .said import Said, box_of, box_text, ends_of, plain, written_otherwise

_LIMITS = {">=": "{}_min", "<=": "{}_max"}


def as_action(query: Query) -> Said:
    """What eo.parameters reads as the same query; the limit goes along, an offset and a cursor do not."""
    start, end = ends_of(query.time)
    box = box_of(query.footprint)
    place = {"bbox": box_text(box)} if box else {"geometry": query.footprint and query.footprint.wkt}
    said: dict[str, Any] = {
        "q": query.words,
        "id": list(query.ids),
        "collection": list(query.collections),
        **place,
        "relation": "" if query.relation == "intersects" else query.relation,
        "start": start,
        "end": end,
        "time_relation": "" if query.time_relation == "intersects" else query.time_relation,
        "latest": "true" if query.latest else "",
        "fit_first": query.fit_first,
    }
    unsaid = [*(["any_words"] if query.any_words else []), *written_otherwise(query)]
    for condition in query.conditions:
        if part := _condition(condition):
            said |= part
        else:
            unsaid.append(condition.property)
    said |= {
        "sort": [("-" if way == "desc" else "") + name for name, way in query.sort],
        "facets": list(query.facets),
        "limit": query.limit,
    }
    empty = ("", [], None)
    return Said({name: value for name, value in said.items() if value not in empty}, tuple(unsaid))


def _condition(condition: Condition) -> dict[str, Any]:
    """Nothing for what parameters cannot say."""
    name, value = condition.property, condition.value
    if condition.operator in ("=", "in"):
        return {name: plain(value)}
    if condition.operator == "between" and isinstance(value, tuple):
        return {f"{name}_min": plain(value[0]), f"{name}_max": plain(value[1])}
    if condition.operator in _LIMITS:
        return {_LIMITS[condition.operator].format(name): plain(value)}
    return {}
