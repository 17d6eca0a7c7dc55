"""Feedback of NiMMbus on datasets of ours, asked for over the network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ...eo.errors import BadAnswer
from ...http import HttpClient, HttpError
from ...messages import Limits, Request
from .. import config
from ..imports.found import space_key
from ..imports.guf_document import LIMIT
from ..imports.nimmbus import Asked, Fetch
from ..states import HIDDEN
from ..store import items
from ..store.counting import counted
from ..store.imported import gone
from ..store.targets import subject_of
from .importing import NIMMBUS, keep_all
from .schema import exchange as schema
from .schema.values import validated
from .subjects import readable

LIMITS = Limits(connect=10.0, read=60.0, total=120.0, max_bytes=LIMIT, attempts=3)


def feedback_import_nimmbus(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Fetch the feedback that a NiMMbus service has on datasets, and keep it. What the service has no more is
    hidden here.

    :param package_id: ids or names of datasets
    :param code_space: the namespace under which the service knows them, such as the old address of this hub
    :param url: the address of the service; its host must be among
        `ckanext.nextgeoss.feedback.import_hosts` (that of NiMMbus)
    :param dry_run: true says what would be done (false)
    :returns: as `feedback_import`, and `hidden`: how many items are gone there
    """
    own = validated(schema.feedback_import_nimmbus_schema, data_dict, None, context)
    toolkit.check_access("feedback_import_nimmbus", context, own)
    if not _may_ask(own["url"]):
        allowed = ", ".join(config.import_hosts())
        raise toolkit.ValidationError({"url": [toolkit._("Only https, and hosts among: {}").format(allowed)]})
    return fetch_all(context, own, _fetcher())


def fetch_all(context: Context, own: dict[str, Any], fetch: Fetch) -> dict[str, Any]:
    """Ask by `fetch` for the feedback on datasets, and keep it."""
    found = Asked(fetch, own["url"], datetime.now(timezone.utc))
    known: dict[tuple[str, str], str] = {}
    asked: list[str] = []
    for name in own["package_id"]:
        package = readable(context, name)
        code = subject_of(package).code
        known[code, space_key(own["code_space"])] = package.id
        try:
            found.ask(code, own["code_space"])
        except (BadAnswer, HttpError) as error:
            found.complete = False
            found.problems.append(f"{package.name}: {error}")
        else:
            asked += [package.id] if found.complete else []
    answer = keep_all(context, found.items, NIMMBUS, dry_run=own["dry_run"], known=known)
    hidden = 0 if own["dry_run"] else _hide_gone(asked, found.codes)
    return {**answer, "problems": found.problems, "hidden": hidden}


def _hide_gone(package_ids: list[str], codes: list[str]) -> int:
    """Hide what the service has no more."""
    session = model.Session()
    ids = gone(session, NIMMBUS, package_ids, codes)
    with counted(session, ids):
        for item_id in ids:
            item = items.find(session, item_id)
            assert item is not None
            items.set_state(session, item, HIDDEN, "import", actor_id=None, reason="gone at its source")
    session.commit()
    return len(ids)


def _may_ask(address: str) -> bool:
    """Whether feedback may be fetched there; so it is with each address that a redirect leads to."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _private())
    return is_safe and parts.hostname in config.import_hosts()


def _private() -> set[str]:
    return {host.partition(":")[0] for host in site.allowed_private_hosts()}


def _fetcher() -> Callable[[str], bytes]:
    client = HttpClient(
        user_agent=site.user_agent(),
        allowed_private_hosts=site.allowed_private_hosts(),
        limits=LIMITS,
        may_ask=_may_ask,
    )

    def fetch(address: str) -> bytes:
        return client.send(Request(address)).body

    return fetch
