"""The UTM projection and the names of its squares, as the simulated catalogues use them (eo/utm.py)."""

from __future__ import annotations

from ..eo.utm import SQUARE, project, square_name, unproject, zone_of

__all__ = ["SQUARE", "project", "square_name", "unproject", "zone_of"]
