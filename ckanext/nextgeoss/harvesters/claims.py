"""What other sources say of products, made again of their stored records."""

from __future__ import annotations

from collections.abc import Iterable

from ckan import model
from ckanext.harvest.model import HarvestObject, HarvestSource

from ..eo.errors import NextGEOSSError
from .model import Offer
from .offers import Claim, Terms
from .provider import Provider
from .terms import Row, guid_collection, read_native, source_config, source_terms


class StoredClaims:
    """Reads stored offers; remembers what it has learnt of a source, so that one serves one slice."""

    def __init__(self) -> None:
        self._sources: dict[str, tuple[Provider, Terms] | None] = {}

    def of(self, offers: Iterable[Offer]) -> dict[str, list[Claim]]:
        """The claims by dataset id; those that cannot be read any more are left out."""
        wanted = list(offers)
        ids = [offer.harvest_object_id for offer in wanted]
        columns = (HarvestObject.id, HarvestObject.guid, HarvestObject.content)
        rows: list[Row] = model.Session.query(*columns).filter(HarvestObject.id.in_(ids)).all() if ids else []
        kept = {row.id: row for row in rows}
        found: dict[str, list[Claim]] = {}
        for offer in wanted:
            if claim := self._claim(offer.source_id, kept.get(offer.harvest_object_id)):
                found.setdefault(offer.package_id, []).append(claim)
        return found

    def _claim(self, source_id: str, kept: Row | None) -> Claim | None:
        if source_id not in self._sources:
            self._sources[source_id] = _source(source_id)
        source = self._sources[source_id]
        if source is None or kept is None or not kept.content:
            return None
        provider, terms = source
        try:
            return terms.claim(read_native(provider, kept.content, guid_collection(kept.guid)))
        except NextGEOSSError:
            return None


def _source(source_id: str) -> tuple[Provider, Terms] | None:
    source: Row = model.Session.get(HarvestSource, source_id)
    if source is None:
        return None
    try:
        settings = source_config(source)
        return settings.provider, source_terms(source, settings)
    except NextGEOSSError:
        return None
