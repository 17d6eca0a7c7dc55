"""Harvest sources of ours, found by what people call them."""

from __future__ import annotations

from ckan import model
from ckanext.harvest.model import HarvestSource

from ..eo.errors import BadConfiguration, nearest, shown
from .source import SOURCE_TYPE
from .terms import Row


def find_source(said: str) -> Row:
    """The source with this id, name or title; BadConfiguration names the nearest, or those that share it."""
    found = [row for row in _sources() if said in (row[0].id, row[1])]
    found = found or [row for row in _sources() if said.casefold() == (row[0].title or "").casefold()]
    if len(found) == 1:
        return found[0][0]
    if found:
        names = ", ".join(name for _, name in found)
        raise BadConfiguration(f"source {shown(said)}: several have this title, take a name: {names}")
    names = [name for _, name in _sources()]
    near = nearest(said, names)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(names[:20]) or 'none yet'}"
    raise BadConfiguration(f"no harvest source {shown(said)} of type {SOURCE_TYPE}; {hint}")


def all_sources() -> list[tuple[str, str]]:
    """Id and name of each active source of ours, by name."""
    return sorted(((row.id, name) for row, name in _sources() if row.active), key=lambda pair: pair[1])


def _sources() -> list[tuple[Row, str]]:
    """Each source of ours with the name of its dataset."""
    query = model.Session.query(HarvestSource, model.Package.name).join(
        model.Package, model.Package.id == HarvestSource.id
    )
    return [tuple(row) for row in query.filter(HarvestSource.type == SOURCE_TYPE)]
