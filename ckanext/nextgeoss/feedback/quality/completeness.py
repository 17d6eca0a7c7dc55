"""Checks of what a record says: what is needed to find, understand and use the data."""

from __future__ import annotations

from collections.abc import Sequence

from ...eo.asset import Asset
from ...eo.downloads import is_data
from .findings import Finding, both, share
from .record import COLLECTION, PRODUCT, Record

_SHORT_TITLE, _SHORT_TEXT = 10, 40
# of which one is enough, by what they tell together
_WHAT_IT_IS: tuple[tuple[str, ...], ...] = (
    ("platform", "constellation", "mission", "station_id", "campaign_id"),
    ("instruments", "sensor_type", "device_name", "measured_variables"),
    ("product_type", "product_class", "composite_type", "collection_category"),
    ("processing_level", "product_version", "collection_number"),
)
_HOW_IT_WAS_MADE = (
    "processing_lineage", "processing_facility", "processing_software", "processing_version",
    "processing_datetime", "original_product", "data_originator",
)  # fmt: skip
_TO_LOOK_AT = frozenset(("thumbnail", "overview"))
# words that stand where a licence should
_NO_LICENSE = frozenset(
    ("notspecified", "unknown", "other", "various", "proprietary", "other-open", "other-closed", "none", "")
)


def title(record: Record) -> Finding:
    """A title that is more than an identifier."""
    text = record.title.strip()
    return both(len(text) >= _SHORT_TITLE and text != record.product.id, "title")


def description(record: Record) -> Finding:
    """A text that says what the data are; of a product any text, it has its collection's."""
    length = len(record.description.strip())
    wanted = 1 if record.kind == PRODUCT else _SHORT_TEXT
    return Finding(min(length / wanted, 1.0), () if length >= wanted else ("notes",))


def keywords(record: Record) -> Finding:
    """Keywords: one of a product, three of anything else."""
    wanted, number = 1 if record.kind == PRODUCT else 3, len(record.keywords)
    return Finding(min(number / wanted, 1.0), () if number >= wanted else ("tags",))


def topic(record: Record) -> Finding:
    """A topic, of its own or of its collection."""
    return both(bool(record.topics), "groups")


def place(record: Record) -> Finding:
    """Where the data are."""
    return both(record.has_geometry, "spatial")


def period(record: Record) -> Finding:
    """When the data are of: a start, and an end unless it goes on."""
    return both(bool(record.product.time) or bool(record.time_fault), "timerange_start")


def collection(record: Record) -> Finding:
    """A collection that the catalogue describes."""
    return both(record.collection_described, record.product.collection or "collection_id")


def persistent_identifier(record: Record) -> Finding:
    """A DOI, of its own or of its collection."""
    of_collection = record.collection.doi if record.collection else ""
    return both(bool(record.product.properties.get("doi") or of_collection), "doi")


def file(record: Record) -> Finding:
    """A file of data that can be fetched."""
    return both(any(is_data(asset) and asset.href for asset in record.product.assets), "resources")


def quicklook(record: Record) -> Finding:
    """A picture."""
    roles = {role for asset in record.product.assets for role in asset.roles}
    return both(not _TO_LOOK_AT.isdisjoint(roles), "thumbnail")


def what_it_is(record: Record) -> Finding:
    """Platform, instrument, kind and level of processing, of the product or of its collection."""
    known = set(record.product.properties)
    if record.collection:
        known |= {"platform"} if record.collection.platforms else set()
        known |= {"instruments"} if record.collection.instruments else set()
    # a collection has no more than the first two
    wanted = _WHAT_IT_IS[:2] if record.kind == COLLECTION else _WHAT_IT_IS
    missing = tuple(names[0] for names in wanted if known.isdisjoint(names))
    return Finding(1 - len(missing) / len(wanted), missing)


def formats(record: Record) -> Finding | None:
    """A format or media type of each file."""
    given = list(zip(record.product.assets, record.formats, strict=False))
    return share(given, lambda pair: bool(pair[1] or pair[0].media_type), lambda pair: pair[0].key)


def sizes(record: Record) -> Finding | None:
    """The size of each file of data."""
    return share(_data(record), lambda asset: asset.size is not None, lambda asset: asset.key)


def checksums(record: Record) -> Finding | None:
    """The checksum of each file of data."""
    return share(_data(record), lambda asset: bool(asset.checksum), lambda asset: asset.key)


def license_given(record: Record) -> Finding:
    """A licence, of its own or of its collection."""
    return both(bool(record.license), "license_id")


def license_known(record: Record) -> Finding | None:
    """A licence that one can look up: an SPDX identifier or an address."""
    if not record.license:
        return None
    known = record.license.strip().lower() not in _NO_LICENSE
    return both(known and not any(sign.isspace() for sign in record.license.strip()), record.license[:100])


def publisher(record: Record) -> Finding:
    """Who publishes it."""
    return both(bool(record.publisher), "owner_org")


def contact(record: Record) -> Finding:
    """Whom to ask."""
    return both(bool(record.contact), "maintainer")


def provenance(record: Record) -> Finding:
    """How it was made: by whom, with what, of what."""
    return both(not record.product.properties.keys().isdisjoint(_HOW_IT_WAS_MADE), _HOW_IT_WAS_MADE[0])


def citation(record: Record) -> Finding:
    """How to cite it: a citation or a DOI, of its own or of its collection."""
    values, about = record.product.properties, record.collection
    given = values.get("citation") or values.get("doi") or (about and (about.citation or about.doi))
    return both(bool(given), "citation")


def _data(record: Record) -> Sequence[Asset]:
    return [asset for asset in record.product.assets if is_data(asset)]
