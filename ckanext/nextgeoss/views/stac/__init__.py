"""The STAC API."""

from .routes import blueprint
from .transactions import blueprint as transactions

__all__ = ["blueprint", "transactions"]
