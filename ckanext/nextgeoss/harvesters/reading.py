"""Saved answers read by a provider's rules, as JSON: how people debug a provider, and what samples expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..addresses import redact
from ..eo.asset import Asset
from ..eo.errors import NextGEOSSError
from ..eo.product import Product, Value
from ..eo.temporal import format_time
from ..http import Request, Response
from .protocols import Answer, protocol
from .provider import Provider


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one saved answer gave: an answer, or the reason why it is none."""

    file: str
    answer: Answer | None
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether there are products, or a valid answer without any."""
        return self.answer is not None and (bool(self.answer.products) or not self.answer.refused)

    def products(self) -> list[dict[str, Any]]:
        """The products, each as a JSON object."""
        return [product_as_json(product) for product in self.answer.products] if self.answer else []

    def summary(self) -> dict[str, Any]:
        """How many products, the provider's total, the next request, and what was refused and why."""
        answer = self.answer or Answer((), ())
        return {
            "file": self.file,
            "products": len(answer.products),
            "total": answer.total,
            "next": request_as_json(answer.next),
            "refused": [{"position": bad.position, "reason": bad.reason} for bad in answer.refused],
            "warnings": list(answer.warnings),
            "error": self.error or None,
        }

    def document(self) -> dict[str, Any]:
        """Products and summary as one document: a sample's expected.json."""
        return {"products": self.products(), "summary": self.summary() | {"file": Path(self.file).name}}


def sample_pages(folder: Path) -> list[Path]:
    """The saved answers in a provider's folder of samples: expected.json is of the first, others say the same
    in another format."""
    return sorted(folder.glob("page.*"))


def read_answer(provider: Provider, body: bytes, file: str, asked: Request | None = None) -> Reading:
    """The body of a saved answer read by a provider's rules, as the answer to `asked` where that is known;
    nothing is asked."""
    try:
        response = Response(status=200, headers={}, body=body, url=file)
        return Reading(file, protocol(provider.protocol).read(provider, response, asked))
    except NextGEOSSError as error:
        return Reading(file, None, str(error).removeprefix(f"{redact(file)}: "))


def product_as_json(product: Product) -> dict[str, Any]:
    """A product with its members in a fixed order; what is not known is null."""
    start, end = product.time.start, product.time.end
    return {
        "id": product.id,
        "collection": product.collection,
        "title": product.title or None,
        "start": format_time(start) if start else None,
        "end": format_time(end) if end else None,
        "geometry": product.footprint.geojson if product.footprint else None,
        "properties": {name: _plain(value) for name, value in product.properties.items()},
        "assets": [_asset(asset) for asset in product.assets],
        "problems": [asdict(problem) for problem in product.problems],
    }


def request_as_json(request: Request | None) -> Mapping[str, Any] | None:
    """Method, address and what is sent along, without what is empty."""
    if request is None:
        return None
    said = {"method": request.method, "url": request.url, "params": request.params, "body": request.body}
    return {name: value for name, value in said.items() if value not in (None, {})}


def _asset(asset: Asset) -> dict[str, Any]:
    said = asdict(asset) | {"roles": list(asset.roles)}
    return {name: value for name, value in said.items() if value not in (None, "")}


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    return list(value) if isinstance(value, tuple) else value
