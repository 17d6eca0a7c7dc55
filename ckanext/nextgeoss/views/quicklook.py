"""`/quicklook/<product id>`: pictures of products from other hosts, through a bounded cache of our own.

Only addresses stored with a product that the caller may see are asked, so the route is no open proxy; they
are checked like all outgoing addresses, and only images of a bounded size are passed on."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from .. import config
from ..http import HttpClient, HttpError, Limits, Request
from ..package import PRODUCT_TYPE
from ..rates import seconds_to_wait
from ..search.index import readable_product
from .image_cache import ImageCache
from .images import MEDIA_TYPES, image_type, quicklook_address

blueprint = Blueprint("nextgeoss_quicklook", __name__)

_DAY = 86400
_SOON = 300
# what a slow host may hold up: seconds a fetch takes at most, and fetches at a time in one process
_LIMITS = {"connect": 5.0, "read": 10.0, "total": 15.0, "attempts": 1}
_AT_A_TIME = BoundedSemaphore(4)
_PATIENCE = 10.0


@blueprint.get("/quicklook/<id>")
def quicklook(id: str) -> BaseResponse:
    """The picture of a product (larger for `?size=large`), or a placeholder; 404 for products the caller may
    not see."""
    try:
        dataset = toolkit.get_action("package_show")(_context(), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return _placeholder(404, 0)
    address = _address(dataset, large=request.args.get("size") == "large")
    if not address:
        return _placeholder(200, _DAY)
    cache = ImageCache(_folder(), config.quicklook_cache_bytes())
    body = cache.get(address)
    if body is None:
        if seconds_to_wait("quicklook", request.remote_addr or "", config.quicklook_rate(), uncounted=60):
            return _too_many()
        body = _fetch(address)
        if body is None:
            return _placeholder(200, 0)
        cache.put(address, body)
    return _image(body, private=bool(dataset.get("private"))) if body else _placeholder(200, _SOON)


def _context() -> Any:
    return {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}


def _address(dataset: dict[str, Any], *, large: bool) -> str:
    if dataset["type"] != PRODUCT_TYPE:
        return ""
    return quicklook_address(readable_product(dataset, config.eo_properties()).assets, large=large)


def _folder() -> Path:
    return Path(toolkit.config["ckan.storage_path"] or "/tmp") / "nextgeoss-quicklooks"  # noqa: S108


def _fetch(address: str) -> bytes | None:
    """The image of an address; b"" when it brings none; None when too many others are being fetched."""
    if not _AT_A_TIME.acquire(timeout=_PATIENCE):
        return None
    client = HttpClient(
        user_agent=config.user_agent(),
        allowed_private_hosts=config.allowed_private_hosts(),
        limits=Limits(max_bytes=config.quicklook_max_bytes(), **_LIMITS),
    )
    try:
        answer = client.send(Request(address, headers={"Accept": ", ".join(MEDIA_TYPES)}))
    except HttpError:
        return b""
    finally:
        client.close()
        _AT_A_TIME.release()
    said = answer.headers.get("content-type", "image/").partition(";")[0].strip().lower()
    is_image = said.startswith("image/") or said in ("application/octet-stream", "binary/octet-stream")
    return answer.body if is_image and image_type(answer.body) else b""


def _image(body: bytes, *, private: bool) -> BaseResponse:
    response = Response(body, mimetype=image_type(body))
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    # a private image is asked for again each time: the right to see it may be gone
    return _finished(response, 0 if private else _DAY).make_conditional(request)


def _placeholder(status: int, seconds: int) -> Response:
    svg = files("ckanext.nextgeoss").joinpath("public/nextgeoss/no-quicklook.svg").read_bytes()
    return _finished(Response(svg, status, mimetype="image/svg+xml"), seconds)


def _too_many() -> Response:
    response = _placeholder(429, 0)
    response.headers["Retry-After"] = "60"
    return response


def _finished(response: Response, seconds: int) -> Response:
    """For this caller's own cache only: whether others may see the product is asked for each of them."""
    request.environ["__no_cache__"] = True  # else CKAN writes a Cache-Control of its own
    response.cache_control.private = True
    if seconds:
        response.cache_control.max_age = seconds
    else:
        response.cache_control.no_cache = True
    response.vary.add("Cookie")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
