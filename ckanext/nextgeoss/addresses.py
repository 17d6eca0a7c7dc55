"""Which addresses may be asked, and how they are shown; nothing here connects to them."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from urllib.parse import quote, quote_plus, urlsplit

from .eo.errors import NextGEOSSError

Resolver: TypeAlias = Callable[[str, int], list[str]]

# schemes and their ports
WEB: Mapping[str, int] = {"http": 80, "https": 443}
FTP: Mapping[str, int] = {"ftp": 21}

# names of query parameters whose values may be secrets; sig, se, ... are those of Azure's signatures
_SECRET = re.compile(
    r"(.*(token|signature|secret|passw|credential|auth|session|key).*|pwd|code|sig|se|st|sp|sv|sr|sk[a-z]+)",
    re.I,
)


class HttpError(NextGEOSSError):
    """A request that brought no answer to work with."""


class Refused(HttpError):
    """An address that must not be asked: not http(s), private, or a redirect to such a one."""


class Unreachable(HttpError):
    """No connection, no answer in time, or an answer that broke off; `reason` says it without the address."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or message


def redact(url: str) -> str:
    """The address without what may be a secret: user, password, signatures and tokens."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        return url.partition("?")[0].rpartition("@")[2][:200]
    said = [part.partition("=") for part in parts.query.split("&")]
    query = "&".join(
        name + mark + ("***" if _SECRET.fullmatch(name) else value) for name, mark, value in said
    )
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text with each of the secrets as `***`, as they are and as an address has them."""
    written = {
        form for value in secrets if value for form in (value, quote(value, safe=""), quote_plus(value))
    }
    # the longest first: one secret may be the beginning of another
    for form in sorted(written, key=len, reverse=True):
        text = text.replace(form, "***")
    return text


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network; one wrapped in IPv6 is judged by what it wraps."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if wrapped is not None:
            return is_public(str(wrapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


class AddressCheck:
    """Which hosts may be asked: public ones, and private ones that a list names as `host` or `host:port`."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._resolver = resolver

    def address(self, url: str, shown: str = "", schemes: Mapping[str, int] = WEB) -> str:
        """The one address to connect to; Refused when the URL must not be asked. `shown` is how messages show
        it, else without what looks like a secret."""
        shown = shown or redact(url)
        host, port = host_and_port(url, shown, schemes)
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{shown}: the host {host} is not known", "its name is not known") from error
        if not {host, f"{host}:{port}"} & self._allowed:
            private = [address for address in addresses if not is_public(address)]
            if private:
                raise Refused(f"{shown}: {host} has a private address; allow it by name in the options")
        if not addresses:
            raise Unreachable(f"{shown}: the host {host} has no address", "it has no address")
        return addresses[0]


def host_and_port(url: str, shown: str = "", schemes: Mapping[str, int] = WEB) -> tuple[str, int]:
    """Where an address of one of these schemes leads; Refused when it is none, or has a user in it."""
    shown = (shown or redact(url))[:200]
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"{shown}: not an address of the web ({error})") from error
    if parts.scheme not in schemes or not parts.hostname:
        raise Refused(f"{shown}: only {' and '.join(schemes)} addresses can be asked")
    if parts.username is not None:
        raise Refused(f"{shown}: an address with a user in it is not asked")
    return parts.hostname.lower(), port or schemes[parts.scheme]
