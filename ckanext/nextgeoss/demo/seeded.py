"""Numbers that look random and are the same in every run and process."""

from __future__ import annotations

import hashlib


def number(*seeds: object) -> int:
    """A whole number below 2**64 that depends on the seeds alone."""
    text = "\x1f".join(map(str, seeds)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def unit(*seeds: object) -> float:
    """A number from 0 to 1 (not 1)."""
    return (number(*seeds) >> 11) / 2**53


def between(low: float, high: float, *seeds: object) -> float:
    """A number from `low` to `high`."""
    return low + (high - low) * unit(*seeds)


def hexadecimal(digits: int, *seeds: object) -> str:
    """Upper-case hexadecimal digits, 16 at most."""
    return f"{number(*seeds):016X}"[:digits]
