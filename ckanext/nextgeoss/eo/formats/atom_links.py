"""Links of Atom entries, media elements and the files of EOP as assets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..asset import Asset
from ..product import Problem
from ..xml import Element, attributes_of, children, text_at
from . import eop
from .links import Link, assets_of

# relations that lead to files of the product, or to what is said of it; others lead to searches and feeds
_ROLES = {
    "enclosure": "data",
    "via": "metadata",
    "alternate": "metadata",
    "": "metadata",
    "icon": "overview",
    "related": "related",
    # CMR: addresses that end so
    "data#": "data",
    "s3#": "data",
    "browse#": "overview",
    "metadata#": "metadata",
    "documentation#": "documentation",
    "service#": "service",
}
_ORDERS = re.compile(r"oseo|wsdl|text/html", re.I)


def read_assets(entry: Element, exact: bool, problems: list[Problem]) -> tuple[Asset, ...]:
    """The files that an entry leads to; in one of our own (`exact`) the links tell all."""
    if exact:
        links = [_own_link(attributes_of(link)) for link in children(entry, "link")]
        return assets_of((link for link in links if link.key), problems, as_given=True)
    links = [link for about in children(entry, "link") if (link := _link(attributes_of(about)))]
    links += _media(entry)
    element = eop.earth_observation(entry)
    if element is not None:
        links += _files(links, list(eop.product_files(element)))
        links += eop.browse_files(element)
    return assets_of((_mended(link) for link in links), problems)


def _own_link(about: dict[str, str]) -> Link:
    return Link(
        href=about.get("href", ""),
        roles=tuple(about.get("roles", "").split()),
        title=about.get("title", ""),
        media_type=about.get("type", ""),
        size=about.get("length"),
        checksum=about.get("checksum", ""),
        key=about.get("key", ""),
    )


def _link(about: dict[str, str]) -> Link | None:
    """A link of the product's own; those that its collection has (CMR's `inherited`) are left out."""
    relation, media_type = about.get("rel", ""), about.get("type", "")
    role = _ROLES.get(relation.rpartition("/")[2] if relation.endswith("#") else relation)
    if role is None or about.get("inherited") == "true":
        return None
    if role == "data" and _ORDERS.search(f"{media_type} {about.get('href', '')}"):
        role = "order"
    size = about.get("length")
    return Link(
        href=about.get("href", ""),
        roles=(role,),
        title=about.get("title", ""),
        media_type=media_type,
        size=None if size == "0" else size,
    )


def _media(entry: Element) -> Iterator[Link]:
    """The pictures of Media RSS, in a group or not."""
    groups = [*children(entry, "group"), entry]
    for content in (content for group in groups for content in children(group, "content")):
        about = attributes_of(content)
        category = text_at(content, "category").upper()
        if about.get("url"):
            yield Link(
                href=about["url"],
                roles=("thumbnail",) if category == "THUMBNAIL" else ("overview",),
                title=text_at(content, "title"),
                media_type=about.get("type", ""),
                size=about.get("fileSize"),
            )


def _files(links: list[Link], files: list[Link]) -> list[Link]:
    """What EOP adds: sizes and checksums of linked files, and files that no link leads to. One such file
    beside one link is the same file under another address: only its size is taken."""
    linked = {link.href for link in links}
    data = [link for link in links if "data" in link.roles]
    others = [file for file in files if file.href not in linked]
    if len(files) == len(others) == 1 and len({link.href for link in data}) == 1:
        return [replace(data[0], size=files[0].size, checksum=files[0].checksum)]
    return files


def _mended(link: Link) -> Link:
    """An address without blanks, and a media type only where it is one."""
    media_type = str(link.media_type)
    return replace(
        link, href=link.href.replace(" ", "%20"), media_type=media_type if "/" in media_type else ""
    )
