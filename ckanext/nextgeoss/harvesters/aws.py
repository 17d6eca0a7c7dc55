"""Requests to buckets that not anybody may list, signed as Amazon wants it (Signature Version 4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, urlsplit

from ..http import Request, Response
from .secret import secret

# of a request without a body
_NOTHING = hashlib.sha256(b"").hexdigest()
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class AwsKey:
    """A key of Amazon, or of a service that speaks as its S3 does; what is sent is a signature, not the key.

    Where `requester_pays` is yes, the owner of the key pays for what is asked."""

    key_id: str
    key: str
    region: str = "us-east-1"
    requester_pays: str = "no"

    def apply(self, request: Request, send: Callable[[Request], Response]) -> Request:
        """The request with its signature, its query in the very form that is signed."""
        key_id, key = secret(self.key_id), secret(self.key)
        parts = urlsplit(request.url)
        pairs = sorted({**dict(parse_qsl(parts.query, keep_blank_values=True)), **request.params}.items())
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
        headers = signed_headers(
            parts.netloc, parts.path or "/", query, key_id, key, self.region, _now(), self._more()
        )
        return replace(
            request,
            url=parts._replace(query=query, fragment="").geturl(),
            params={},
            headers={**request.headers, **headers},
            secrets=(*request.secrets, key),
        )

    def renew(self) -> bool:
        """There is nothing fresh to show."""
        return False

    def _more(self) -> Mapping[str, str]:
        return {"x-amz-request-payer": "requester"} if self.requester_pays == "yes" else {}


def signed_headers(
    host: str,
    path: str,
    query: str,
    key_id: str,
    key: str,
    region: str,
    now: datetime,
    more: Mapping[str, str],
) -> dict[str, str]:
    """The headers that sign a GET of S3 at a time; path and query are quoted already."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"x-amz-content-sha256": _NOTHING, "x-amz-date": stamp, **more}
    signed = sorted({"host": host, **headers}.items())
    names = ";".join(name for name, _ in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    request = hashlib.sha256(f"GET\n{path}\n{query}\n{lines}\n{names}\n{_NOTHING}".encode()).hexdigest()
    signer = f"AWS4{key}".encode()
    for step in scope.split("/"):
        signer = hmac.digest(signer, step.encode(), "sha256")
    signature = hmac.digest(signer, f"{_ALGORITHM}\n{stamp}\n{scope}\n{request}".encode(), "sha256").hex()
    said = f"{_ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": said}


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def _now() -> datetime:
    return datetime.now(timezone.utc)
