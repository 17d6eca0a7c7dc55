"""What the hub answers over HTTP; CKAN registers each Blueprint that is named here."""

from .export import blueprint as export_blueprint
from .pages import blueprint as pages_blueprint
from .quicklook import blueprint as quicklook_blueprint

__all__ = ["export_blueprint", "pages_blueprint", "quicklook_blueprint"]
