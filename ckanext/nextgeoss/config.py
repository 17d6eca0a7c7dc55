"""Our options, one typed reader each; what they mean is said in config_declaration.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_get_dataset_schema

from .eo.errors import BadConfiguration
from .eo.properties import Properties, load_properties
from .manners.state import HostLimits
from .package import COLLECTION_TYPE, PRODUCT_TYPE

# The order that works: ours first, so our templates win and we see a search before others.
PLUGINS = (
    "nextgeoss",
    "nextgeoss_harvester",
    "nextgeoss_feedback",
    "activity",
    "harvest",
    "spatial_metadata",
    "scheming_datasets",
    "dcat",
)
# dataset types whose schemas a site must keep
OUR_TYPES = (PRODUCT_TYPE, COLLECTION_TYPE)
_OURS = tuple(name for name in PLUGINS if name.startswith("nextgeoss"))


def plugins_problem(plugins: list[str]) -> str:
    """What is wrong with the option `ckan.plugins` and the line to write instead; "" when nothing is."""
    reason = _plugins_reason(plugins)
    if not reason:
        return ""
    known = [name for name in PLUGINS if name in plugins or name in ("nextgeoss", "scheming_datasets")]
    others = [name for name in plugins if name not in known and name != "spatial_query"]
    return f"{reason}; write: ckan.plugins = {' '.join([*known, *others])}"


def _plugins_reason(plugins: list[str]) -> str:
    if "spatial_query" in plugins:
        return "spatial_query would answer ext_bbox a second time, by envelopes"
    if "scheming_datasets" not in plugins:
        return "nextgeoss needs scheming_datasets"
    ours = [name for name in plugins if name in _OURS]
    wanted = [name for name in _OURS if name in ours]
    if plugins[: len(ours)] != wanted:
        return f"{' '.join(wanted)} must come before all other plugins"
    return ""


def schemas_problem(types: Collection[str], given: str) -> str:
    """What is wrong with the option `scheming.dataset_schemas`, `given` and found to hold dataset `types`,
    and the line to write instead; "" when nothing is."""
    missing = [f"ckanext.nextgeoss:schemas/{name}.yaml" for name in OUR_TYPES if name not in types]
    if not missing:
        return ""
    return (
        f"{' and '.join(missing)} must be among the schemas; "
        f"write: scheming.dataset_schemas = {' '.join([*missing, *given.split()])}"
    )


def topics_seconds() -> int:
    """Seconds for which topics of collections and sources are remembered."""
    return toolkit.config["ckanext.nextgeoss.topics_seconds"]


def search_boost() -> tuple[float, float]:
    """How much rating and score of the metadata weigh in the order of what is found by words; 0: nothing."""
    names = ("ckanext.nextgeoss.search.boost_rating", "ckanext.nextgeoss.search.boost_metadata")
    return _weight(names[0]), _weight(names[1])


def _weight(name: str) -> float:
    weight = float(toolkit.config[name])
    if not 0 <= weight <= 10:
        raise CkanConfigurationException(
            f"{name}: {weight:g} is not allowed; expected a number from 0 up to 10"
        )
    return weight


def solr_timeout_seconds() -> int:
    """Seconds to wait for an answer of Solr."""
    return toolkit.config["ckanext.nextgeoss.solr_timeout_seconds"]


def solr_url() -> str:
    """Address of the Solr core, as CKAN is told it."""
    return toolkit.config["solr_url"].rstrip("/")


def solr_login() -> tuple[str, str] | None:
    """User and password of Solr; None when it asks for none."""
    user, password = toolkit.config["solr_user"], toolkit.config["solr_password"]
    return (user, password) if user and password else None


def site_id() -> str:
    """The name under which this site's documents are in the core."""
    return toolkit.config["ckan.site_id"]


def site_base() -> str:
    """The address under which all pages and APIs of the site are, without a slash at its end."""
    root = (toolkit.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return toolkit.config["ckan.site_url"].rstrip("/") + root


def site_title() -> str:
    """What the site is called."""
    return toolkit.config.get("ckan.site_title") or "NextGEOSS DataHub"


def saved_searches() -> int:
    """How many searches a user may save."""
    return toolkit.config["ckanext.nextgeoss.saved_searches"]


def allowed_private_hosts() -> list[str]:
    """Hosts with a private address that may be asked all the same, `host` or `host:port`."""
    return toolkit.aslist(toolkit.config["ckanext.nextgeoss.http.allowed_private_hosts"])


def user_agent() -> str:
    """How outgoing requests introduce themselves."""
    said = toolkit.config["ckanext.nextgeoss.http.user_agent"]
    return said or f"ckanext-nextgeoss/{version('ckanext-nextgeoss')} (+{toolkit.config['ckan.site_url']})"


def notify_emails() -> list[str]:
    """Addresses that are told of harvests that failed or had errors."""
    return toolkit.aslist(toolkit.config["ckanext.nextgeoss.harvest.notify_emails"])


def notify_webhook() -> str:
    """The address that is told of them by POST, or a reference to it; "" for none."""
    return toolkit.config["ckanext.nextgeoss.harvest.notify_webhook"] or ""


def silent_days() -> int:
    """After how many days without a new product people are told of a source; 0: never."""
    return toolkit.config["ckanext.nextgeoss.harvest.silent_days"]


def keep_jobs() -> int:
    """Of how many jobs of each source everything is kept; 0: of all."""
    return toolkit.config["ckanext.nextgeoss.harvest.keep_jobs"]


def metrics_access() -> str:
    """Who may see the metrics: off, sysadmin, public, or a reference to a token."""
    said: str = toolkit.config["ckanext.nextgeoss.metrics"]
    if said in ("off", "sysadmin", "public") or said.startswith(("env:", "file:")):
        return said
    raise CkanConfigurationException(
        f"ckanext.nextgeoss.metrics: {said!r} is not allowed; "
        "expected off, sysadmin, public, env:NAME or file:PATH"
    )


def host_limits() -> HostLimits:
    """How a host is asked at most, where no provider file says otherwise."""
    return HostLimits(
        requests_per_second=_from_zero("requests_per_second"),
        requests_at_once=int(_from_zero("requests_at_once")),
        failures_in_a_row=int(_from_zero("failures_in_a_row")),
        closed_seconds=_from_zero("closed_seconds"),
    )


def _from_zero(name: str) -> float:
    option = f"ckanext.nextgeoss.http.{name}"
    value = toolkit.config[option]
    if not 0 <= value < 1e6:
        raise BadConfiguration(f"{option}: {value} is not allowed; expected a number from 0")
    return value


def provider_folders() -> list[Path]:
    """Folders with provider files of this site, besides the shipped ones."""
    return [Path(folder) for folder in toolkit.config["ckanext.nextgeoss.harvest.provider_folders"]]


def hand_over_seconds() -> int:
    """Seconds after which a slice of a harvest hands over to another one."""
    return toolkit.config["ckanext.nextgeoss.harvest.hand_over_seconds"]


def overlap_hours() -> int:
    """Hours before the last complete run whose changes are asked for once more."""
    return toolkit.config["ckanext.nextgeoss.harvest.overlap_hours"]


def quicklook_cache_bytes() -> int:
    """Bytes that the kept pictures of products may take in all."""
    return toolkit.config["ckanext.nextgeoss.quicklook_cache_megabytes"] * 1_000_000


def quicklook_max_bytes() -> int:
    """Bytes of the largest picture that is fetched."""
    return toolkit.config["ckanext.nextgeoss.quicklook_max_megabytes"] * 1_000_000


def quicklook_rate() -> int:
    """Pictures fetched for one client address in a minute."""
    return toolkit.config["ckanext.nextgeoss.quicklook_rate"]


def api_requests_per_minute() -> int:
    """Requests one client address may send an API in a minute; 0: any number."""
    return toolkit.config["ckanext.nextgeoss.api.requests_per_minute"]


def site_description() -> str:
    """What the site says of itself in a line."""
    return (toolkit.config.get("ckan.site_description") or "").strip()


def api_origins() -> str:
    """Whose pages may read answers of our APIs, as Access-Control-Allow-Origin says it; "" for no others'."""
    return toolkit.config["ckanext.nextgeoss.api.origins"] or ""


def most_exported() -> int:
    """How many products one export has at most; 0: any number."""
    return toolkit.config["ckanext.nextgeoss.export.most_products"]


def eo_properties() -> Properties:
    """The EO properties of this site: the rows of the `eo_product` schema that ckanext-scheming was given."""
    schema = scheming_get_dataset_schema(PRODUCT_TYPE, expanded=False)
    if schema is None:
        return load_properties()
    if id(schema) not in _properties:
        _properties.clear()
        _properties[id(schema)] = (schema, Properties.from_schema(schema))
    return _properties[id(schema)][1]


def product_schema() -> Mapping[str, Any]:
    """The `eo_product` schema that ckanext-scheming was given, with its presets expanded."""
    schema = scheming_get_dataset_schema(PRODUCT_TYPE)
    assert schema is not None, "the plugin refuses to start without it"
    return schema


# by the id of the schema, which is kept beside so that no other object gets its id
_properties: dict[int, tuple[object, Properties]] = {}
