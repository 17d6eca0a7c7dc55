"""The suite refuses to leave the machine."""

import socket

import pytest


def test_an_address_beyond_loopback_is_refused():
    with socket.socket() as sock, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        sock.connect(("192.0.2.1", 80))
