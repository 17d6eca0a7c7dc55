"""Ids for rows that nobody derives: in order of time, so that indexes grow at one end."""

from __future__ import annotations

import os
import random
import time

# nobody has to guess these ids: chance without a system call for each, and another one in each process
_chance = random.Random()  # noqa: S311
os.register_at_fork(after_in_child=_chance.seed)


def uuid7() -> str:
    """A new UUIDv7 (RFC 9562, 5.7): milliseconds since 1970, then 74 bits of chance."""
    chance = _chance.getrandbits(74)
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62
    digits = f"{number | chance & 0x3FFF_FFFF_FFFF_FFFF:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
