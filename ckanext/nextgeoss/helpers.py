"""Template helpers; `__all__` lists those that templates may call."""

from __future__ import annotations

__all__: list[str] = []
