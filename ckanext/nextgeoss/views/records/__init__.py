"""OGC API Records."""

from .routes import blueprint

__all__ = ["blueprint"]
