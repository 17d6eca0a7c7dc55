"""A dataset, as `package_show` gives it, as a record of ISO 19115: what CKAN takes from people is looser than
the standard, so texts are cut and what cannot be read is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ...eo.errors import BadValue
from ...eo.footprint import Footprint
from ...package import COLLECTION_TYPE, PRODUCT_TYPE
from ..addresses import public
from ..iso import (
    BoundingBox,
    Citation,
    Date,
    Extent,
    Identifier,
    Individual,
    Keywords,
    Locale,
    OnlineResource,
    Organisation,
    Period,
    Responsibility,
)
from ..iso_quality import Quality
from ..kinds import Address, Doi, Kind, Moment, Text, Word
from ..metadata import (
    TITLE,
    Constraints,
    Distribution,
    File,
    Format,
    Identification,
    Metadata,
    MetadataScope,
    Transfer,
)

_NAME, _LONG, _LINK = Text(500), Text(20_000), Text(4000)
_MOST = 100
_ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+", re.ASCII)
_STANDARD = Citation(title="ISO 19115-1 Geographic information: Metadata", edition="2014")
_DOI = "https://doi.org"


def record_of(
    dataset: Mapping[str, Any], known: Identifier, base: str, publisher: str, checks: Quality | None = None
) -> Metadata:
    """The record of a dataset, `known` by this identifier to its feedback, of the site at `base` that is
    called `publisher`; `checks` is what is known of its quality."""
    title = TITLE.fitted(dataset.get("title")) or str(dataset["name"])
    scope = scope_of(dataset.get("type"))
    owner = _owner(dataset, base, publisher)
    page = f"{base}/dataset/{quote(dataset['name'])}"
    record = Metadata(
        metadata_identifier=Identifier(code=dataset["id"], code_space=f"{base}/dataset"),
        default_locale=Locale(language="eng"),
        parent_metadata=_parent(dataset),
        metadata_scope=(MetadataScope(resource_scope=scope, name=title),),
        contact=(owner,),
        date_info=tuple(_dates(dataset, creation="metadata_created", revision="metadata_modified")),
        metadata_standard=(_STANDARD,),
        metadata_linkage=(OnlineResource(linkage=page, function="completeMetadata"),),
        identification_info=(_identification(dataset, title, known, owner),),
        distribution_info=tuple(_distribution(dataset)),
        data_quality_info=(checks,) if checks else (),
    )
    return public(record)


def scope_of(dataset_type: str | None) -> str:
    """What kind of thing a dataset of this type is to the standard."""
    return "series" if dataset_type == COLLECTION_TYPE else "dataset"


def _identification(
    dataset: Mapping[str, Any], title: str, known: Identifier, owner: Responsibility
) -> Identification:
    level = _NAME.fitted(dataset.get("processing_level"))
    words = (_NAME.fitted(tag.get("display_name") or tag.get("name")) for tag in dataset.get("tags") or ())
    keywords = tuple(dict.fromkeys(filter(None, words)))[:_MOST]
    doi = _read(Doi(), dataset.get("doi"))
    dates = list(_dates(dataset, creation="created", publication="published", revision="updated"))
    return Identification(
        citation=Citation(
            title=title,
            date=tuple(dates or _dates(dataset, publication="metadata_created")),
            identifier=(known, *([Identifier(code=doi, code_space=_DOI)] if doi else [])),
            cited_responsible_party=(owner,),
        ),
        abstract=_LONG.fitted(dataset.get("notes")) or title,
        point_of_contact=tuple(_people(dataset)) or (owner,),
        topic_category=("imageryBaseMapsEarthCover",),
        extent=tuple(_extent(dataset)),
        processing_level=Identifier(code=level) if level else None,
        descriptive_keywords=(Keywords(keyword=keywords),) if keywords else (),
        resource_constraints=tuple(_constraints(dataset)),
    )


def _owner(dataset: Mapping[str, Any], base: str, publisher: str) -> Responsibility:
    """The organization of a dataset, else the site."""
    organization: Mapping[str, Any] = dataset.get("organization") or {}
    name = _NAME.fitted(organization.get("title") or organization.get("name") or publisher)
    return Responsibility(role="pointOfContact", party=(Organisation(name=name or base),))


def _people(dataset: Mapping[str, Any]) -> Iterator[Responsibility]:
    """Who made the data and who cares for it, by name."""
    for field, role in (("maintainer", "pointOfContact"), ("author", "author")):
        if name := _NAME.fitted(dataset.get(field)):
            yield Responsibility(role=role, party=(Individual(name=name),))


def _parent(dataset: Mapping[str, Any]) -> Citation | None:
    """The collection of a product."""
    name = TITLE.fitted(dataset.get("collection_id"))
    if not name or dataset.get("type") != PRODUCT_TYPE:
        return None
    return Citation(title=name, identifier=(Identifier(code=name, code_space="collection"),))


def _dates(dataset: Mapping[str, Any], **names: str) -> Iterator[Date]:
    for kind, name in names.items():
        if date := _read(Moment(), _zoned(dataset.get(name))):
            yield Date(date=date, date_type=kind)


def _zoned(time: Any) -> Any:
    """CKAN writes times in UTC without saying so."""
    return f"{time}Z" if isinstance(time, str) and _ZONELESS.fullmatch(time) else time


def _extent(dataset: Mapping[str, Any]) -> Iterator[Extent]:
    box, period = _box(dataset), _period(dataset)
    start = _read(Moment(), dataset.get("timerange_start"))
    if box or period or start:
        yield Extent(
            # a period without an end is none to the schemas
            description=f"From {start} on" if start and not period else None,
            geographic_element=(box,) if box else (),
            temporal_element=(period,) if period else (),
        )


def _box(dataset: Mapping[str, Any]) -> BoundingBox | None:
    try:
        footprint = Footprint.from_geojson(dataset["spatial"]) if dataset.get("spatial") else None
    except (BadValue, ValueError, TypeError):
        return None
    if footprint is None:
        return None
    west, south, east, north = footprint.bbox
    return BoundingBox(
        west_bound_longitude=west, east_bound_longitude=east, south_bound_latitude=south,
        north_bound_latitude=north,
    )  # fmt: skip


def _period(dataset: Mapping[str, Any]) -> Period | None:
    start, end = (_read(Moment(), dataset.get(name)) for name in ("timerange_start", "timerange_end"))
    try:
        return Period(begin=start, end=end) if start and end else None
    except BadValue:
        return None


def _constraints(dataset: Mapping[str, Any]) -> Iterator[Constraints]:
    title = TITLE.fitted(dataset.get("license_title") or dataset.get("license_id"))
    if title:
        links = _links(dataset.get("license_url"))
        reference = Citation(title=title, online_resource=links)
        yield Constraints(reference=(reference,), use_constraints=("license",))
    if dataset.get("private"):
        yield Constraints(access_constraints=("restricted",))


def _links(*addresses: Any) -> tuple[OnlineResource, ...]:
    found = (_read(Address(), address) for address in addresses)
    return tuple(OnlineResource(linkage=address) for address in found if address)


def _distribution(dataset: Mapping[str, Any]) -> Iterator[Distribution]:
    files = tuple(_transfers(dataset.get("resources") or ()))
    if files:
        yield Distribution(transfer_options=files[:_MOST])


def _transfers(resources: Iterable[Mapping[str, Any]]) -> Iterator[Transfer]:
    for resource in resources:
        address, size = _LINK.fitted(resource.get("url")), resource.get("size")
        form, name = TITLE.fitted(resource.get("format")), _NAME.fitted(resource.get("name"))
        if address and len(str(resource["url"])) <= _LINK.most:
            formats = [Format(format_specification_citation=Citation(title=form))] if form else []
            yield Transfer(
                transfer_size=size / 1e6 if isinstance(size, int | float) and size > 0 else None,
                on_line=(File(linkage=address, name=name, function="download"),),
                distribution_format=tuple(formats),
            )


def _read(kind: Kind | Word, value: Any) -> Any:
    """A value as its kind has it; None for what it does not take."""
    try:
        return kind.read(value, "") if value else None
    except BadValue:
        return None
