"""What the page of a provider shows of its endpoints: of harvests only what the viewer may see."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource

from .. import config
from ..manners.latencies import DAYS, Latencies
from .client import latencies
from .model import Run
from .provider import Provider
from .provider_files import PROVIDERS, each_provider, provider_file
from .source import SOURCE_TYPE
from .terms import Row

_COUNT = sa.text(
    "SELECT count(DISTINCT offer.package_id) FROM nextgeoss_offer offer "
    "JOIN package ON package.id = offer.package_id WHERE offer.source_id = ANY(:sources) "
    "AND package.state = 'active' "
    "AND (:all OR NOT package.private OR package.owner_org = ANY(:organizations))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A harvest source that the viewer may see."""

    id: str
    name: str
    title: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One provider file, and what its sources brought."""

    provider: Provider
    # live, or retired with the id of what replaces it
    status: str
    replaced_by: str
    sources: tuple[SourceLine, ...] = ()
    # the last harvest: when it began or was asked for (naive UTC), and how it ended; "" while it goes on
    last: datetime | None = None
    result: str = ""
    # of DAYS days
    latencies: Latencies = field(default_factory=Latencies)
    products: int = 0
    # name and title of its newest product
    newest: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPage:
    """The endpoints of an organization; `organization` is its dictionary, or only a name as long as nothing
    was harvested into it."""

    name: str
    organization: Mapping[str, Any] | None
    endpoints: tuple[Endpoint, ...]
    days: int = DAYS

    @property
    def title(self) -> str:
        """What the page is called."""
        return str((self.organization or {}).get("title") or self.name)


def provider_page(name: str, context: Mapping[str, Any], newest: Any) -> ProviderPage | None:
    """The page of the organization of this name; None when there is neither an organization nor a provider
    file that names it.

    `newest` gives the search document of the newest product of each of some sources, by the source's id."""
    organization = _organization(name, context)
    endpoints = _endpoints(name, context)
    if organization is None and not endpoints:
        return None
    ids = [source.id for endpoint in endpoints for source in endpoint.sources]
    documents: Mapping[str, Mapping[str, Any]] = newest(ids) if ids else {}
    whole = tuple(_filled(endpoint, documents, context) for endpoint in endpoints)
    return ProviderPage(name=name, organization=organization, endpoints=whole)


def provider_text(organization: str, provider_id: str, context: Mapping[str, Any]) -> str | None:
    """The text of a provider file that the page of its organization shows; None for any other."""
    known = {endpoint.provider.id for endpoint in _endpoints(organization, context)}
    return _file(provider_id).read_text("utf-8") if provider_id in known else None


def _endpoints(organization: str, context: Mapping[str, Any]) -> list[Endpoint]:
    """Those of shipped files, and those of the site's own whose sources the viewer may see."""
    providers = [
        provider
        for provider in each_provider(*config.provider_folders())
        if provider.organization == organization
    ]
    sources = _sources({provider.id for provider in providers}, context)
    found = [
        Endpoint(
            provider=provider,
            status=provider.status,
            replaced_by=provider.replaced_by,
            sources=tuple(sources.get(provider.id, ())),
        )
        for provider in providers
    ]
    sees_all = bool(getattr(context.get("auth_user_obj"), "sysadmin", False))
    return [each for each in found if each.sources or sees_all or _is_shipped(each.provider.id)]


def _sources(provider_ids: set[str], context: Mapping[str, Any]) -> dict[str, list[SourceLine]]:
    """The sources of these providers that the viewer may see, by the id of their provider."""
    package, source = model.Package, HarvestSource
    rows: list[Row] = (
        model.Session.query(source.id, source.config, package.name, package.title, package.private)
        .join(package, package.id == source.id)
        .filter(source.type == SOURCE_TYPE, package.state == "active")
        .order_by(package.title)
        .all()
    )
    found: dict[str, list[SourceLine]] = {}
    for row in rows:
        provider_id = _provider_id(row.config)
        if provider_id in provider_ids and _may_see(row.id, context):
            line = SourceLine(id=row.id, name=row.name, title=row.title or row.name, private=row.private)
            found.setdefault(provider_id, []).append(line)
    return found


def _filled(
    endpoint: Endpoint, newest: Mapping[str, Mapping[str, Any]], context: Mapping[str, Any]
) -> Endpoint:
    """The endpoint with what its sources brought."""
    ids = [source.id for source in endpoint.sources]
    if not ids:
        return endpoint
    session = model.Session()
    run = session.scalar(sa.select(Run).where(Run.source_id.in_(ids)).order_by(Run.created.desc()).limit(1))
    documents = [newest[source_id] for source_id in ids if source_id in newest]
    best = max(documents, key=lambda each: str(each.get("eo_start") or ""), default=None)
    return replace(
        endpoint,
        last=(run.started or run.created) if run else None,
        result=(run.result or "") if run else "",
        latencies=latencies().read(ids),
        products=_count(ids, context),
        newest=(best["name"], best.get("title") or best["name"]) if best else None,
    )


def _count(source_ids: Sequence[str], context: Mapping[str, Any]) -> int:
    """How many products these sources offer, of those that the viewer may see."""
    sees_all = bool(getattr(context.get("auth_user_obj"), "sysadmin", False))
    organizations: list[str] = []
    if context.get("user") and not sees_all:
        found = toolkit.get_action("organization_list_for_user")(_own(context), {"permission": "read"})
        organizations = [each["id"] for each in found]
    said = {"sources": list(source_ids), "all": sees_all, "organizations": organizations}
    return model.Session.execute(_COUNT, said).scalar() or 0


def _organization(name: str, context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        said = {"id": name, "include_dataset_count": False, "include_users": False}
        return toolkit.get_action("organization_show")(_own(context), said)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None


def _may_see(source_id: str, context: Mapping[str, Any]) -> bool:
    try:
        return bool(toolkit.check_access("package_show", _own(context), {"id": source_id}))
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return False


def _own(context: Mapping[str, Any]) -> Any:
    """A context for one action, which may write into it."""
    return dict(context)


def _provider_id(said: str | None) -> str:
    try:
        settings: Any = json.loads(said or "{}")
    except ValueError:
        return ""
    return str(settings.get("provider") or "") if isinstance(settings, dict) else ""


def _is_shipped(provider_id: str) -> bool:
    return _file(provider_id).parent == PROVIDERS


def _file(provider_id: str) -> Path:
    return provider_file(provider_id, *config.provider_folders())
