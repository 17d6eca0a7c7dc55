"""Collections of our catalogue as STAC collections, version 1.1.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..collection import Collection
from ..held import Held
from ..property import plain_number
from ..temporal import format_time
from .site import Site
from .stac_aggregation import aggregation_links
from .stac_feedback import feedback_fields, feedback_links
from .stac_names import EXTENSIONS, FEEDBACK_NAMES, VERSION, is_doi
from .stac_write import ATOM, GEOJSON, HTML, JSON, Link, link

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
SCHEMA = "application/schema+json"
_WORLD = (-180, -90, 180, 90)
# SPDX identifiers of licences that data have; others are told by a link
_SPDX = re.compile(
    r"(CC0|CC-BY(-NC)?(-ND|-SA)?|CC-PDDC|ODbL|ODC-By|PDDL|OGL-UK|OGL-Canada|OGDL-Taiwan|DL-DE-BY|DL-DE-ZERO"
    r"|etalab|NLOD|CDLA-[A-Za-z]+|Apache|MIT|LicenseRef)(-[\w.+-]+)?",
    re.ASCII,
)
_LICENSES = {
    "LicenseRef-Copernicus-Sentinel": "https://sentinels.copernicus.eu/documents/247904/690755/"
    "Sentinel_Data_Legal_Notice",
}
_WEB = re.compile(r"https?://\S+", re.I)


def write_collection(held: Held, summaries: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """The STAC collection of what the catalogue holds: extent and `summaries` are those of its products, the
    description's where there are none; what users say is said of the collection as a whole."""
    about = held.collection
    license_, license_link = _license(about, site)
    said = feedback_fields(held.entry.feedback) if held.entry else {}
    document: dict[str, Any] = {
        "type": "Collection",
        "stac_version": VERSION,
        "stac_extensions": _extensions(about, said, site),
        "id": about.id,
        "title": about.title or about.id,
        "description": about.description or about.title or about.id,
        "license": license_,
        "extent": _extent(held),
        "links": [*_links(held, site), license_link],
    }
    document |= {
        name: value
        for name, value in (
            ("keywords", list(about.keywords)),
            ("providers", _providers(held)),
            ("summaries", _summaries(about) | dict(summaries)),
            ("sci:citation", about.citation),
            *said.items(),
        )
        if value or name in said
    }
    if is_doi(about.doi):
        document["sci:doi"] = about.doi
        document["links"].append(link("cite-as", f"https://doi.org/{about.doi}", HTML, about.doi))
    if _WEB.fullmatch(about.thumbnail):
        document["assets"] = {"thumbnail": {"href": about.thumbnail, "roles": ["thumbnail"]}}
    return document


def _extensions(about: Collection, said: Mapping[str, Any], site: Site) -> list[str]:
    of_science = is_doi(about.doi) or about.citation or any(name.startswith("sci:") for name in said)
    own = any(name in FEEDBACK_NAMES for name in said)
    return [*([EXTENSIONS["sci"]] if of_science else ()), *([site.stac_extension()] if own else ())]


def _links(held: Held, site: Site) -> list[Link]:
    name, title = held.collection.id, held.collection.title or held.collection.id
    root, own = f"{site.base}/stac", site.stac_collection(name)
    links: list[Link] = [
        link("self", own, JSON, title),
        link("root", root, JSON, site.title),
        link("parent", root, JSON, site.title),
        link(QUERYABLES, f"{own}/queryables", SCHEMA, "What can be asked of its items"),
        *aggregation_links(own),
        link("alternate", site.series(name), ATOM, title),
    ]
    if held.holdings.count:
        links += [
            link("items", f"{own}/items", GEOJSON, "Items"),
            # the way for clients that only follow links to children and items
            link("child", site.stac_shelf(name), JSON, "Items by time"),
        ]
    if held.entry:
        links.append(link("alternate", site.collection(name), HTML, title))
    links += feedback_links(held.entry, site)
    return links


def stac_license(about: Collection) -> str:
    """The SPDX name of a licence, or `other`."""
    said = about.license.strip()
    return said if _SPDX.fullmatch(said) else "other"


def _license(about: Collection, site: Site) -> tuple[str, Link]:
    """The name of a licence, and a link to its text, or to the page that tells what is known of it."""
    said, known = about.license.strip(), stac_license(about)
    if address := said if _WEB.fullmatch(said) else _LICENSES.get(said, ""):
        return known, {"rel": "license", "href": address, "title": said}
    if known != "other" and not known.startswith("LicenseRef"):
        return known, link("license", f"https://spdx.org/licenses/{known}.html", HTML, known)
    title = f"Conditions of use: {said or 'not told'}"
    return known, link("license", site.collection(about.id), HTML, title)


def _extent(held: Held) -> dict[str, Any]:
    """The box and the interval; the first of each is that of the whole."""
    about, holdings = held.collection, held.holdings
    box = holdings.bbox or (about.footprint.bbox if about.footprint else _WORLD)
    time = holdings.time or about.time
    interval = [format_time(end) if end else None for end in (time.start, time.end)]
    return {
        "spatial": {"bbox": [[plain_number(number) for number in box]]},
        "temporal": {"interval": [interval]},
    }


def _providers(held: Held) -> list[dict[str, Any]]:
    named = held.collection.providers
    if not named and held.entry and held.entry.provider_title:
        named = (held.entry.provider_title,)
    return [{"name": name} for name in named]


def _summaries(about: Collection) -> dict[str, Any]:
    said = {"platform": about.platforms, "instruments": about.instruments}
    return {name: list(values) for name, values in said.items() if values}
