"""Which image shows a product, and what bytes are an image."""

from __future__ import annotations

from collections.abc import Iterable

from ..eo.asset import Asset

# roles of assets that are small pictures, best first (STAC best practices: asset roles)
_ROLES = ("thumbnail", "overview", "quicklook", "browse")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
MEDIA_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


def quicklook_address(assets: Iterable[Asset], *, large: bool = False) -> str:
    """The http(s) address of the picture that shows a product best, in a list or large; "" for none."""
    roles = (*_ROLES[1:], _ROLES[0]) if large else _ROLES
    found = [(_rank(asset, roles), asset.href) for asset in assets if _is_picture(asset)]
    return min(found)[1] if found else ""


def image_type(body: bytes) -> str:
    """The media type of the image these bytes begin, by its signature; "" when it is none that we show."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if body.startswith(b"RIFF") and body[8:12] == b"WEBP" else ""


def _rank(asset: Asset, roles: tuple[str, ...]) -> int:
    return min(roles.index(role) for role in _names(asset) if role in roles)


def _is_picture(asset: Asset) -> bool:
    if not asset.href.lower().startswith(("http://", "https://")):
        return False
    media_type = asset.media_type.partition(";")[0].strip().lower()
    path = asset.href.partition("?")[0].lower()
    shown = media_type in MEDIA_TYPES if media_type else path.endswith(_SUFFIXES)
    return shown and bool(set(_ROLES) & set(_names(asset)))


def _names(asset: Asset) -> tuple[str, ...]:
    return (*asset.roles, asset.key)
