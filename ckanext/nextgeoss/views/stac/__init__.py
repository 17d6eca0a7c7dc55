"""The STAC API."""

from .aggregation import blueprint as aggregation_blueprint
from .routes import blueprint

__all__ = ["aggregation_blueprint", "blueprint"]
