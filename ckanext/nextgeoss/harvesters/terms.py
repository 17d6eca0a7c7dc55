"""The terms of a harvest source: its configuration, the organization of its products, the client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from ckan import model
from ckan.plugins import toolkit

from .. import config
from ..eo.errors import BadConfiguration
from ..eo.product import Product, dataset_name
from ..http import Request, Response
from .offers import Terms
from .protocols import protocol
from .provider import AskedLimits, Provider
from .source import SourceConfig, parse_config

# a row of ckanext-harvest, whose classes do not tell the types of their attributes
Row: TypeAlias = Any


def source_config(source: Row) -> SourceConfig:
    """What the source asks for; BadConfiguration when that cannot be understood any more."""
    return parse_config(source.config, config.provider_folders())


def asked_provider(settings: SourceConfig) -> Provider:
    """The provider as it is asked; another address than its own gets neither its login nor its limits.
    BadConfiguration when its service is gone and no other address is given."""
    if not settings.url:
        settings.provider.check_alive()
        return settings.provider
    return replace(settings.provider, url=settings.url, auth={}, limits=AskedLimits())


def source_terms(source: Row, settings: SourceConfig, *, look_only: bool = False) -> Terms:
    """How the source's products come in; makes the provider's organization when there is none, unless one
    wants to look only: then products belong to nobody."""
    provider = settings.provider
    own = model.Package.get(source.id)
    if settings.shared or own is None or not own.owner_org:
        there = model.Group.get(provider.organization) if look_only else None
        found = there.id if there else ""
        organization = found if look_only else organization_id(provider.organization, provider.title)
    else:
        organization = own.owner_org
    return Terms(
        source_id=source.id,
        provider_id=provider.id,
        owner_org=organization,
        rank=provider.rank,
        private=settings.private,
        scope="" if settings.shared else organization,
        enrich=provider.enrich if settings.enrich is None else settings.enrich,
    )


def organization_id(name: str, title: str) -> str:
    """The id of the organization of this name, which is made when there is none."""
    found = model.Group.get(name)
    if found is None:
        made = toolkit.get_action("organization_create")(action_context(), {"name": name, "title": title})
        return made["id"]
    if found.state != "active" or not found.is_organization:
        raise BadConfiguration(f"organization {name}: is deleted or a group; its provider's products need it")
    return found.id


def action_context() -> Any:
    """A context of the site's own user, for whom nothing is forbidden."""
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True}


def site_user_id() -> str:
    """The id of the site's own user, who makes harvested datasets."""
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})
    found = model.User.by_name(user["name"])
    assert found is not None
    return found.id


def create_dataset(
    dataset: dict[str, Any],
    identifier: str,
    prepare: Callable[[], None] | None = None,
    *,
    commit: bool = True,
) -> None:
    """Make a dataset; when somebody has taken its name, under the one with digits of its id.

    `prepare` adds to the transaction, which a refused attempt takes back. Without `commit` the caller commits
    and has it indexed."""
    create = toolkit.get_action("package_create")
    prepare = prepare or (lambda: None)
    more = {"defer_commit": not commit}
    prepare()
    try:
        create(action_context() | more, dict(dataset))
    except toolkit.ValidationError as error:
        if set(error.error_dict) != {"name"}:
            raise
        prepare()
        create(action_context() | more, {**dataset, "name": dataset_name(identifier, dataset["id"])})


def read_native(provider: Provider, native: str, collection: str) -> Product:
    """The product of a stored native record; `collection` is for records that do not name theirs."""
    asked = Request(url=provider.url, method="POST", body={"collections": [collection]}, about=collection)
    answer = protocol(provider.protocol).read(
        provider, Response(200, {}, native.encode("utf-8"), provider.url), asked
    )
    if answer.refused:
        raise answer.refused[0]
    return answer.products[0]


def product_guid(product: Product) -> str:
    """What names a product in reports: collection and identifier."""
    return f"{product.collection}/{product.id}"


def guid_collection(guid: str) -> str:
    """The collection in such a name."""
    return guid.partition("/")[0]
