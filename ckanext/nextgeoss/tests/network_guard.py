"""Pytest plugin: no test may reach the network beyond loopback."""

from __future__ import annotations

import ipaddress
import socket

_connect = socket.socket.connect


def _guarded(sock: socket.socket, address: object) -> None:
    """Connect only to loopback addresses and local (Unix) sockets."""
    if isinstance(address, tuple) and address[0] != "localhost" and not _is_loopback(str(address[0])):
        raise AssertionError(f"a test tried to reach {address[0]}: only loopback is allowed")
    _connect(sock, address)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pytest_configure() -> None:
    socket.socket.connect = _guarded  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    socket.socket.connect = _connect  # type: ignore[method-assign]
