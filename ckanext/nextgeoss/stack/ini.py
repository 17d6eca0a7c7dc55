"""CKAN's configuration file for the embedded stack."""

from __future__ import annotations

from collections.abc import Mapping

# Ours first: so our templates win and we see a search before others.
_OURS = "nextgeoss nextgeoss_harvester nextgeoss_feedback"
PLUGINS = f"{_OURS} activity harvest spatial_metadata scheming_datasets dcat"

LOGGING = """
[loggers]
keys = root, ckan, ckanext

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[logger_ckan]
level = WARNING
handlers =
qualname = ckan

[logger_ckanext]
level = INFO
handlers =
qualname = ckanext

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""


def settings(
    *,
    site_url: str,
    database_url: str,
    solr_url: str,
    redis_url: str,
    storage: str,
    secrets: Mapping[str, str],
) -> dict[str, str]:
    """Option -> value of a hub on this machine."""
    return {
        "use": "egg:ckan",
        "debug": "false",
        "SECRET_KEY": secrets["session"],
        "sqlalchemy.url": database_url,
        "solr_url": solr_url,
        "ckan.redis.url": redis_url,
        "ckan.site_url": site_url,
        "ckan.site_id": f"nextgeoss-{secrets['site_id'][:8]}",
        "ckan.site_title": "NextGEOSS DataHub",
        "ckan.site_description": "Earth-observation products by place, time and property",
        "ckan.site_intro_text": "Find [Earth-observation products](/dataset/) by place, time and cloud "
        "cover, or start from the [collections](/collection).",
        "ckan.plugins": PLUGINS,
        "ckan.storage_path": storage,
        "ckan.locale_default": "en",
        "ckan.views.default_views": "",
        # pages ask no other host: not for the pictures of users either
        "ckan.gravatar_default": "disabled",
        "ckan.search.show_all_types": "dataset",
        "ckan.harvest.mq.type": "redis",
        "ckan.auth.create_user_via_web": "true",
        "ckan.auth.create_unowned_dataset": "false",
        "ckan.cors.origin_allow_all": "true",
    }


def render(values: Mapping[str, str], top: str = "") -> str:
    """The text of an ini file; a `%` in a value is no interpolation."""
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([*([top] if top else []), "[app:main]", *lines, ""])
