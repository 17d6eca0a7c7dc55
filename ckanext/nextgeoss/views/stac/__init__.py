"""The STAC API."""

from .aggregation import blueprint as aggregation_blueprint
from .routes import blueprint
from .transactions import blueprint as transactions

__all__ = ["aggregation_blueprint", "blueprint", "transactions"]
