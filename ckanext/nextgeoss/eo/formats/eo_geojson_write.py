"""EO GeoJSON: writes products (OGC 17-003r2) in search answers (OGC 17-047r1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from ..asset import Asset
from ..page import Entry, Page
from ..product import Product, Value
from ..properties import load_properties
from ..property import plain_number
from ..temporal import TemporalExtent, format_time
from .entry_facts import appeared, changed, picture_address, urn
from .eo_geojson_names import ACQUISITION, ADDITIONAL, ASSETS, ASSUMED, PARAMETERS, PLACES, PRODUCT
from .geojson_answer import CONTEXT, CORE, GEOJSON, answer, link
from .opensearch_feed import Feed
from .site import Site
from .stac_feedback import feedback_figures

_RELATIONS = {
    "data": "data",
    "thumbnail": "previews",
    "overview": "previews",
    "quicklook": "previews",
    "browse": "previews",
    "metadata": "via",
}
_CATEGORIES = {
    "thumbnail": "THUMBNAIL",
    "overview": "QUICKLOOK",
    "quicklook": "QUICKLOOK",
    "browse": "QUICKLOOK",
}
_ACCESS = {"online": "ON-LINE", "sign-in": "ON-LINE", "offline": "OFF-LINE"}
# the schema knows no other levels; of 2A and its like the digit is told, and the level itself elsewhere
_LEVELS = {"L1A": "1A", "L1B": "1B", "L1C": "1C", "L2": "2", "L3": "3"}
_STEPS = {name: path.split("/") for name, path in PLACES.items()}


def write_answer(page: Page, feed: Feed, site: Site) -> dict[str, Any]:
    """The answer of our catalogue that a page is."""
    pairs = zip_longest(page.products, page.entries)
    return answer(feed, site, [write_product(product, entry, site) for product, entry in pairs])


def write_page(page: Page, *, address: str = "", start: int = 1) -> dict[str, Any]:
    """The search answer of a page of any catalogue, with its own address; `start` is its first product's
    number."""
    links: dict[str, Any] = {"profiles": [{"href": CORE}]}
    if page.next:
        links["next"] = [link(page.next, GEOJSON, "Next page")]
    about: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "FeatureCollection",
        "id": address,
        "totalResults": page.total,
        "startIndex": start,
        "itemsPerPage": len(page.products),
        "properties": {"title": "Products", "links": links},
        "features": [write_product(product) for product in page.products],
    }
    return {name: value for name, value in about.items() if value not in (None, "")}


def write_product(product: Product, entry: Entry | None = None, site: Site | None = None) -> dict[str, Any]:
    """The feature of a product, with what our catalogue knows of it (`entry`) and our own addresses (`site`).

    What the standard has no name for, or not with this value, is in `additionalAttributes`; what it demands
    and nobody has told is there by its name in `nextgeoss:assumed`."""
    said: dict[str, Any] = {
        "identifier": product.id,
        "parentIdentifier": product.collection,
        "title": product.title or product.id,
        "date": _date(product.time),
        ACQUISITION: {},
        PRODUCT: {},
        ADDITIONAL: {},
    }
    assumed: list[str] = []
    _put_properties(said, product, assumed)
    _put_demanded(said, product, entry, assumed)
    if entry and entry.access in _ACCESS:
        said[PRODUCT]["statusSubType"] = _ACCESS[entry.access]
    said["links"], said[ADDITIONAL][ASSETS] = _links(product, entry, site)
    if entry and entry.feedback:
        said[ADDITIONAL] |= feedback_members(entry)
    if assumed:
        said[ADDITIONAL][ASSUMED] = assumed
    return _feature(product, said, site)


def feedback_members(entry: Entry) -> dict[str, Any]:
    """What users and automatic checks say, by the names that it has in STAC, and how many items that are."""
    items = entry.feedback.get("items")
    return feedback_figures(entry.feedback) | ({"guf:items": items} if items else {})


def _feature(product: Product, said: dict[str, Any], site: Site | None) -> dict[str, Any]:
    named = (
        site.product(product.collection, product.id, "json") if site else urn(product.collection, product.id)
    )
    feature: dict[str, Any] = {"type": "Feature", "id": named, "geometry": None, "properties": said}
    if product.footprint:
        feature["geometry"] = product.footprint.geojson
        feature["bbox"] = list(product.footprint.bbox)
    return feature


# --- properties


def _put_properties(said: dict[str, Any], product: Product, assumed: list[str]) -> None:
    properties, time = product.properties, product.time
    # the schema wants both ends of the acquisition, and a name of platform and instrument, or nothing of them
    missing = [f"{ACQUISITION}/platform"] if "platform" not in properties else []
    missing += [f"{ACQUISITION}/instrument"] if "instruments" not in properties else []
    missing += [] if time.start and time.end else [PARAMETERS]
    more: list[dict[str, Any]] = []
    for name, value in properties.items():
        steps = _STEPS.get(name)
        fits = steps is not None and not any(PLACES[name].startswith(place) for place in missing)
        written = _WRITERS.get(name, _plain)(value) if fits else None
        if steps is None or written is None:
            said[ADDITIONAL][name] = _plain(value)
        elif name == "instruments":
            first, *others = written
            said[ACQUISITION].setdefault("instrument", {})["instrumentShortName"] = first
            more = [{"instrument": {"instrumentShortName": each}} for each in others]
        else:
            _put(said, steps, written)
    level = str(properties.get("processing_level", ""))
    if level not in _LEVELS and level[:2] in ("L2", "L3"):
        said[PRODUCT]["processingLevel"] = level[1]
        assumed.append("processingLevel")
    if time.start and time.end:
        parameters = said[ACQUISITION].setdefault("acquisitionParameters", {})
        parameters |= {"beginningDateTime": _moment(time.start), "endingDateTime": _moment(time.end)}
        if "acquisitionType" not in parameters:
            # the products of a catalogue are those of nominal acquisitions unless it says otherwise
            parameters["acquisitionType"] = "NOMINAL"
            assumed.append("acquisitionType")
    said[ACQUISITION] = [said[ACQUISITION], *more] if said[ACQUISITION] else []


def _put_demanded(said: dict[str, Any], product: Product, entry: Entry | None, assumed: list[str]) -> None:
    """The status, which is archived for what can be found in a catalogue, and times."""
    if "status" not in said:
        said["status"] = "ARCHIVED"
        assumed.append("status")
    (updated, is_known), (published, is_told) = changed(product, entry), appeared(product, entry)
    said["updated"] = format_time(updated)
    if not is_known:
        assumed.append("updated")
    if published:
        said["published"] = format_time(published)
    if not is_told:
        assumed += ["published", "availabilityTime"]
    said[PRODUCT]["availabilityTime"] = format_time(published or updated)
    size = next((asset.size for asset in product.assets if "data" in asset.roles), None)
    if size is not None:
        said[PRODUCT]["size"] = size


def _put(said: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        said = said.setdefault(step, {})
    said[steps[-1]] = value


def _date(time: TemporalExtent) -> str:
    """The acquisition as a time, or an interval, whose open ends are empty; `..` where nothing is known."""
    start, end = (format_time(each) if each else "" for each in (time.start, time.end))
    return "../.." if not start and not end else start if start == end else f"{start}/{end}"


def _moment(time: datetime) -> str:
    """A time with a fraction of a second, even of zero: clients cut it off without looking for it."""
    text = format_time(time)
    return text if time.microsecond else f"{text[:-1]}.000Z"


# --- values, None where the standard does not allow them


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return list(value)
    return plain_number(value) if isinstance(value, float) else value


def _one_of(*allowed: str) -> Callable[[Value], Any]:
    """Values of a code list, in its capitals."""
    return lambda value: code if (code := str(value).upper()) in allowed else None


def _from_zero(value: Value) -> Any:
    return int(value) if isinstance(value, (int, float)) and value >= 0 and value == int(value) else None


def _positive(value: Value) -> Any:
    return _plain(value) if isinstance(value, (int, float)) and value > 0 else None


def _one_text(value: Value) -> Any:
    """The only text of a list that is not read as several."""
    alone = value[0] if isinstance(value, tuple) and len(value) == 1 else ","
    return None if "," in alone or alone.startswith("[") else alone


def _joined(value: Value) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else None


_WRITERS: Mapping[str, Callable[[Value], Any]] = {
    "orbit_type": _one_of("LEO", "GEO"),
    "acquisition_type": _one_of("NOMINAL", "CALIBRATION", "OTHER"),
    "orbit_state": _one_of("ASCENDING", "DESCENDING"),
    "observation_direction": _one_of("LEFT", "RIGHT"),
    "absolute_orbit": _from_zero,
    "orbit_cycle": _from_zero,
    "start_time_from_ascending_node": _from_zero,
    "completion_time_from_ascending_node": _from_zero,
    "doppler_frequency": _positive,
    "polarizations": _joined,
    "processing_software": _one_text,
    "processing_level": lambda value: _LEVELS.get(str(value)),
    "wrs_path": load_properties()["wrs_path"].to_text,
    "wrs_row": load_properties()["wrs_row"].to_text,
}


# --- links


def _links(
    product: Product, entry: Entry | None, site: Site | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Links by relation, those of files first; and what the standard has no members for, file by file."""
    links: dict[str, Any] = {}
    files: list[dict[str, Any]] = []
    for asset in product.assets:
        relation = next((_RELATIONS[role] for role in asset.roles if role in _RELATIONS), "related")
        links.setdefault(relation, []).append(_file(asset, relation))
        about: dict[str, Any] = {"key": asset.key, "rel": relation, "roles": list(asset.roles)}
        files.append(about | {"checksum": asset.checksum} if asset.checksum else about)
    if site:
        _add_own(links, product, entry, site)
    return links, files


def _file(asset: Asset, relation: str) -> dict[str, Any]:
    about = link(asset.href, asset.media_type, asset.title)
    if asset.size is not None:
        about["length"] = asset.size
    if relation == "previews":
        about["category"] = next(_CATEGORIES[role] for role in asset.roles if role in _CATEGORIES)
    return about


def _add_own(links: dict[str, Any], product: Product, entry: Entry | None, site: Site) -> None:
    collection, identifier = product.collection, product.id
    alternates = [
        link(site.product(collection, identifier, "atom"), "application/atom+xml", "Atom"),
        link(site.stac_item(collection, identifier), GEOJSON, "STAC"),
    ]
    if entry:
        alternates.append(link(site.dataset(entry.name), "text/html", "Page of the product"))
        image = picture_address(product, entry, site)
        if image.startswith(site.base) and image == site.quicklook(entry.uuid):
            links.setdefault("previews", []).append(link(image, "", "Quicklook"))
        if entry.feedback.get("items"):
            links["replies"] = reply_links(entry, site, site.dataset(entry.name))
    links["alternates"] = alternates
    links["up"] = [link(site.series(collection, "json"), GEOJSON, "Collection")]


def reply_links(entry: Entry, site: Site, page: str) -> list[dict[str, Any]]:
    """Where all of it is read, by programs and by people."""
    title = "Feedback of users"
    return [
        link(site.feedback(entry.name), "application/atom+xml", title),
        link(f"{page}#feedback", "text/html", title),
    ]
