"""The site as a WSGI application; `CKAN_INI` names its configuration file."""

from ckan.cli import load_config
from ckan.config.middleware import make_app

application = make_app(load_config())
