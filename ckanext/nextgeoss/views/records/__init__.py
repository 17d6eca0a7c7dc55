"""OGC API Records."""

from . import series
from .routes import blueprint

__all__ = ["blueprint", "series"]
