"""Search answers that are well-formed and yet wrong, in the form of each protocol."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from ..eo.xml import Element, attributes_of, children, descendants, local_name, parse_xml, to_text
from .forms import ATOM, EO_GEOJSON, ODATA, STAC

Change = Callable[[bytes], bytes]

_START = r"(?<=startIndex=)\d+"


def _json(change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(body: bytes) -> bytes:
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return changed


def _lists(name: str) -> dict[str, Change]:
    """What is done to the list of products whatever is in it; `no-list`: it is an object."""
    return {
        "no-list": _json(lambda document: document.update({name: {"0": "none"}})),
        "empty-page": _json(lambda document: document.update({name: []})),
        "repeated": _json(lambda document: document.update({name: document[name] * 2})),
    }


# --- STAC


def _stac_wrong_types(document: dict[str, Any]) -> None:
    for item in document.get("features", []):
        item |= {"geometry": "somewhere", "bbox": {"west": 1}, "assets": ["one", "two"], "stac_version": 11}
        item["properties"] |= {"datetime": 17, "eo:cloud_cover": "many", "instruments": {"a": 1}}


def _stac_self_link(document: dict[str, Any]) -> None:
    """The next link leads to the page it stands on: its own token is put back a page."""
    for link in document.get("links", []):
        if link["rel"] == "next" and "body" in link:
            link["body"].pop("token")
        elif link["rel"] == "next":
            link["href"] = link["href"].split("token=")[0] + "token="


def _stac_shifted(step: int) -> Callable[[dict[str, Any]], None]:
    def shifted(document: dict[str, Any]) -> None:
        for link in document.get("links", []):
            if link["rel"] == "next" and "body" in link:
                link["body"]["token"] = _moved(link["body"]["token"], r"(?<=next:)\d+", step)
            elif link["rel"] == "next":
                link["href"] = _moved(link["href"], r"(?<=next%3A)\d+", step)

    return shifted


def _moved(text: str, number: str, step: int) -> str:
    """The text with another number at the place of this pattern."""
    return re.sub(number, lambda said: str(max(0, int(said[0]) + step)), text)


def _stac_twins(document: dict[str, Any]) -> None:
    for one, other in _pairs(document["features"]):
        other["id"] = one["id"]


def _pairs(found: list[Any]) -> list[tuple[Any, Any]]:
    """The first two of a list, when it has as many."""
    return [(found[0], found[1])] if len(found) > 1 else []


def _stac_nameless(document: dict[str, Any]) -> None:
    for item in document["features"][::2]:
        del item["id"]


# --- EO GeoJSON


def _geojson_wrong_types(document: dict[str, Any]) -> None:
    for feature in document["features"]:
        feature |= {"geometry": "somewhere", "bbox": {"west": 1}}
        said = feature["properties"]
        said |= {"date": 17, "links": ["one", "two"], "acquisitionInformation": "none"}
        said["productInformation"] = {"cloudCover": "many", "size": {"a": 1}}


def _geojson_self_link(document: dict[str, Any]) -> None:
    for link in document["properties"]["links"].get("next", []):
        link["href"] = document["id"]


def _geojson_shifted(step: int) -> Callable[[dict[str, Any]], None]:
    def shifted(document: dict[str, Any]) -> None:
        for link in document["properties"]["links"].get("next", []):
            link["href"] = _moved(link["href"], _START, step)

    return shifted


def _geojson_twins(document: dict[str, Any]) -> None:
    for one, other in _pairs(document["features"]):
        other["id"] = one["id"]
        other["properties"]["identifier"] = one["properties"]["identifier"]


def _geojson_nameless(document: dict[str, Any]) -> None:
    for feature in document["features"][::2]:
        for name in ("identifier", "title"):  # either would do as a name
            feature["properties"].pop(name, None)
        del feature["id"]


# --- OData


def _odata_wrong_types(document: dict[str, Any]) -> None:
    for entity in document["value"]:
        entity |= {"GeoFootprint": "somewhere", "Footprint": 5, "ContentDate": "2024", "Assets": {"a": 1}}
        for attribute in entity.get("Attributes", []):
            attribute["Value"] = {"a": 1} if attribute["ValueType"] == "String" else "many"


def _odata_self_link(document: dict[str, Any]) -> None:
    link, count = "@odata.nextLink", len(document["value"])
    if link in document:
        document[link] = re.sub(r"(?<=skip=)\d+", lambda said: str(int(said[0]) - count), document[link])


def _odata_shifted(step: int) -> Callable[[dict[str, Any]], None]:
    def shifted(document: dict[str, Any]) -> None:
        link = "@odata.nextLink"
        if link in document:
            document[link] = _moved(document[link], r"(?<=skip=)\d+", step)

    return shifted


def _odata_twins(document: dict[str, Any]) -> None:
    for one, other in _pairs(document["value"]):
        other |= {"Name": one["Name"], "Id": one["Id"]}


def _odata_nameless(document: dict[str, Any]) -> None:
    for entity in document["value"][::2]:
        del entity["Name"], entity["Id"]


# --- Atom


def _xml(change: Callable[[Element, list[Element]], object]) -> Change:
    """A change to a feed and its entries."""

    def changed(body: bytes) -> bytes:
        feed = parse_xml(body)
        change(feed, list(children(feed, "entry")))
        return to_text(feed).encode()

    return changed


# all is text in XML: as services that write n/a or null for what they do not know
_PLACES_AND_NUMBERS = (
    "updated", "published", "date", "spatial", "polygon", "posList", "beginPosition", "endPosition",
    "timePosition", "cloudCoverPercentage", "orbitNumber", "localValue",
)  # fmt: skip


def _atom_wrong_types(feed: Element, entries: list[Element]) -> None:
    for entry in entries:
        for element in entry.iter():
            if local_name(element) in _PLACES_AND_NUMBERS:
                element.text = "n/a"


def _atom_self_link(feed: Element, entries: list[Element]) -> None:
    links = {attributes_of(link).get("rel"): link for link in children(feed, "link")}
    if "next" in links:
        links["next"].set("href", links["self"].get("href"))


def _atom_shifted(step: int) -> Callable[[Element, list[Element]], None]:
    def shifted(feed: Element, entries: list[Element]) -> None:
        for link in children(feed, "link"):
            if attributes_of(link).get("rel") == "next":
                link.set("href", _moved(link.get("href"), _START, step))

    return shifted


def _atom_twins(feed: Element, entries: list[Element]) -> None:
    for one, other in _pairs(entries):
        for name in ("id", "identifier"):
            for mine, theirs in zip(descendants(other, name), descendants(one, name), strict=False):
                mine.text = theirs.text


def _atom_nameless(feed: Element, entries: list[Element]) -> None:
    for entry in entries[::2]:
        for name in ("id", "identifier"):  # that of EOP too
            for element in list(descendants(entry, name)):
                element.getparent().remove(element)


# a list cannot be of another type: as services that answer in the other format of OpenSearch 1.1
_OUTLINE = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Products</title></head><body/></opml>
"""

CHANGES: Mapping[str, Mapping[str, Change]] = {
    STAC.name: {
        **_lists("features"),
        "wrong-types": _json(_stac_wrong_types),
        "self-link": _json(_stac_self_link),
        "nameless": _json(_stac_nameless),
        "twins": _json(_stac_twins),
        # as if a product had come, or gone, between this page and the next
        "shifted-back": _json(_stac_shifted(-1)),
        "shifted-on": _json(_stac_shifted(1)),
    },
    EO_GEOJSON.name: {
        **_lists("features"),
        "wrong-types": _json(_geojson_wrong_types),
        "self-link": _json(_geojson_self_link),
        "nameless": _json(_geojson_nameless),
        "twins": _json(_geojson_twins),
        # as if a product had come, or gone, between this page and the next
        "shifted-back": _json(_geojson_shifted(-1)),
        "shifted-on": _json(_geojson_shifted(1)),
    },
    ODATA.name: {
        **_lists("value"),
        "wrong-types": _json(_odata_wrong_types),
        "self-link": _json(_odata_self_link),
        "nameless": _json(_odata_nameless),
        "twins": _json(_odata_twins),
        # as if a product had come, or gone, between this page and the next
        "shifted-back": _json(_odata_shifted(-1)),
        "shifted-on": _json(_odata_shifted(1)),
    },
    ATOM.name: {
        "no-list": lambda body: _OUTLINE,
        "empty-page": _xml(lambda feed, entries: [feed.remove(entry) for entry in entries]),
        "repeated": _xml(lambda feed, entries: feed.extend(deepcopy(entries))),
        "wrong-types": _xml(_atom_wrong_types),
        "self-link": _xml(_atom_self_link),
        "nameless": _xml(_atom_nameless),
        "twins": _xml(_atom_twins),
        # as if a product had come, or gone, between this page and the next
        "shifted-back": _xml(_atom_shifted(-1)),
        "shifted-on": _xml(_atom_shifted(1)),
    },
}
