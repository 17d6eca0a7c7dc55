"""What feedback is about: datasets and resources that are named, and identifiers that mean one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from ckan import authz, model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ...search.named import collection_named
from ...search.solr import SolrError
from .. import config
from ..imports.found import space_key
from ..model import Target
from ..states import EXTERNAL, PRIMARY, RESOURCE
from ..store.targets import COLLECTIONS, DATASETS, Subject, subject_of

Json = dict[str, Any]
RESOURCES = "resource"


def given_targets(context: Context, data: Mapping[str, Any], user: Any) -> tuple[list[Json], list[Target]]:
    """The targets of what a caller sends, as the standard has them and as rows: datasets or a resource that
    `package_id` and `resource_id` name, and those of `target`."""
    pairs = [*_named(context, data), *_cited(context, data.get("target"))]
    rows = [row for _, row in pairs]
    for position, row in enumerate(rows):
        row.position = position
        row.own = (
            row.package_id is not None
            and user is not None
            and not config.count_provider_ratings()
            and (is_own(user, row.package_id, row.owner_org))
        )
    return [target for target, _ in pairs], rows


def is_own(user: Any, package_id: str, owner_org: str | None) -> bool:
    """Whether a user is of the provider of a dataset: a member of its organization who may change something,
    its creator where it has none, or an editor that was invited to it."""
    if owner_org:
        if authz.users_role_for_group_or_org(owner_org, user.name) in ("admin", "editor", "member"):
            return True
    elif (package := model.Package.get(package_id)) and package.creator_user_id == user.id:
        return True
    return authz.user_is_collaborator_on_dataset(user.id, package_id, ["admin", "editor"])


def readable(context: Context, name: str) -> model.Package:
    """The dataset of this id or name; NotFound when the caller may not read it."""
    package = model.Package.get(name)
    missing = toolkit.ObjectNotFound(toolkit._("There is no dataset {}.").format(name))
    if package is None:
        raise missing
    try:
        toolkit.check_access("package_show", toolkit.fresh_context(context), {"id": package.id})
    except toolkit.NotAuthorized:
        raise missing from None
    return package


def target_json(subject: Subject, role: str) -> Json:
    """A dataset as the standard's target."""
    identifier = {"code": subject.code, "code_space": subject.code_space}
    return {"resource_ref": [{"title": subject.title[:1000], "identifier": [identifier]}], "role": role}


def _named(context: Context, data: Mapping[str, Any]) -> Iterator[tuple[Json, Target]]:
    names = data.get("package_id") or []
    names = [names] if isinstance(names, str) else list(names)
    role = data.get("role") or PRIMARY
    if resource_id := data.get("resource_id"):
        target, row = _resource(context, resource_id, role)
        yield _scoped(target, data), row
    for name in names:
        subject = subject_of(readable(context, name))
        if not data.get("resource_id"):
            yield _scoped(target_json(subject, role), data), _row(subject, role)


def _scoped(target: Json, data: Mapping[str, Any]) -> Json:
    """A target, and which part of it is meant."""
    return target | {"scope": data["scope"]} if data.get("scope") else target


def _resource(context: Context, resource_id: str, role: str) -> tuple[Json, Target]:
    resource = model.Resource.get(resource_id)
    if resource is None or resource.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no resource {}.").format(resource_id))
    subject = subject_of(readable(context, str(resource.package_id)))
    title = (resource.name or resource.url or subject.title)[:1000]
    identifier = {"code": resource.id, "code_space": RESOURCES}
    target: Json = {"resource_ref": [{"title": title, "identifier": [identifier]}], "role": role}
    target["parent"] = target_json(subject, role)
    row = _row(subject, role)
    row.kind, row.resource_id, row.title = RESOURCE, resource.id, title
    return target, row


def _row(subject: Subject, role: str) -> Target:
    return Target(
        role=role, kind=subject.kind, package_id=subject.package_id, code=subject.code,
        code_space=subject.code_space, title=subject.title, owner_org=subject.owner_org,
        private=subject.private, own=False,
    )  # fmt: skip


def _cited(context: Context, given: Any) -> Iterator[tuple[Json, Target]]:
    """Targets that are given as the standard has them; what is wrong is told later, with the rest."""
    for target in given if isinstance(given, Sequence) and not isinstance(given, str) else ():
        role = (isinstance(target, Mapping) and target.get("role")) or PRIMARY
        keys = list(_identifiers(target))
        found = next(filter(None, (_ours(context, *key, role) for key in keys)), None)
        code, space = keys[0] if keys else ("", "")
        title = next(_titles(target), code)
        external = Target(role=role, kind=EXTERNAL, code=code, code_space=space, title=title, own=False)
        external.private = False
        yield cast("Json", target), found or external


def target_of(context: Context, code: str, space: str) -> Target | None:
    """The dataset or resource of ours that an identifier means, as a target, if the caller may read it."""
    return _ours(context, code, space, PRIMARY)


def _ours(context: Context, code: str, space: str, role: str) -> Target | None:
    """The dataset or resource of ours that an identifier means, if the caller may read it."""
    try:
        if space == RESOURCES:
            return _resource(context, code, role)[1]
        package_id = _package_id(context, code, space)
        return _row(subject_of(readable(context, package_id)), role) if package_id else None
    except toolkit.ObjectNotFound:
        return None


def _package_id(context: Context, code: str, space: str) -> str:
    if space == DATASETS or space_key(space) == space_key(site.site_base()):
        return code
    if space == COLLECTIONS:
        return collection_named(model.Session(), code)
    return _product_id(context, code, space)


def _product_id(context: Context, code: str, space: str) -> str:
    from ...search.catalogue import catalogue_for

    user = context.get("auth_user_obj")
    try:
        found = catalogue_for(user, sees_all=authz.is_sysadmin(context.get("user"))).named([code], space)
    except SolrError:
        return ""  # it is found again by its code when the dataset is next indexed
    return found.entries[0].uuid if found.entries else ""


def identifiers_of(targets: Any) -> list[Any]:
    """What tells targets from others: their roles and identifiers, and those of what they are in."""
    return [
        (target.get("role"), list(_identifiers(target)), identifiers_of([target.get("parent")]))
        if isinstance(target, Mapping)
        else None
        for target in (targets if isinstance(targets, list | tuple) else ())
    ]


def _identifiers(target: Any) -> Iterator[tuple[str, str]]:
    for cited in _list(target, "resource_ref"):
        for known in _list(cited, "identifier"):
            if isinstance(known, Mapping) and isinstance(known.get("code"), str):
                yield known["code"].strip(), str(known.get("code_space") or "").strip()
    for cited in _list(target, "resource_ref"):
        for online in _list(cited, "online_resource"):
            if isinstance(online, Mapping) and isinstance(online.get("linkage"), str):
                yield online["linkage"], ""


def _titles(target: Any) -> Iterator[str]:
    for cited in _list(target, "resource_ref"):
        if isinstance(cited, Mapping) and isinstance(cited.get("title"), str):
            yield cited["title"]


def _list(value: Any, name: str) -> Sequence[Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, list | tuple) else ()
