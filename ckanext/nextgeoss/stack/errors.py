"""What can go wrong with the embedded servers."""

from __future__ import annotations


class StackError(Exception):
    """Something the person at the console can mend; `str()` is one clear line."""
