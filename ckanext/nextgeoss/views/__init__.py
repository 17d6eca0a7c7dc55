"""What the hub answers over HTTP; CKAN registers each Blueprint that is named here."""

from .apis import blueprint as apis_blueprint
from .dhus import blueprint as dhus_blueprint
from .export import blueprint as export_blueprint
from .features import blueprint as features_blueprint
from .opensearch.pages import blueprint as opensearch_pages_blueprint
from .opensearch.routes import blueprint as opensearch_blueprint
from .pages import blueprint as pages_blueprint
from .quicklook import blueprint as quicklook_blueprint
from .records import blueprint as records_blueprint
from .stac import aggregation_blueprint as stac_aggregation_blueprint
from .stac import blueprint as stac_blueprint
from .stac import transactions as stac_transactions_blueprint

__all__ = [
    "apis_blueprint",
    "dhus_blueprint",
    "export_blueprint",
    "features_blueprint",
    "opensearch_blueprint",
    "opensearch_pages_blueprint",
    "pages_blueprint",
    "quicklook_blueprint",
    "records_blueprint",
    "stac_aggregation_blueprint",
    "stac_blueprint",
    "stac_transactions_blueprint",
]
