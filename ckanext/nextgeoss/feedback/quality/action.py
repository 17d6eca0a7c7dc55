"""Actions of quality: check a dataset now, list what was found of one, report on an organization.

A result is `{"check", "title", "dq_class", "measure": {"name", "id"}, "dimension", "weight", "value" (0 to
1), "passed", "found": [texts], "how_to_fix"}`; `dimension` is None for indicators, which are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from ckan import authz, model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config
from ...eo.collection import load_registry
from ...eo.temporal import format_time
from ...search.rows import read_rows
from . import broken, link_store, reports, schema, store
from .around import described_collections, gaps_by_name
from .check import DIMENSIONS, Check
from .checks import BY_ID, OF_KIND, VERSION
from .figures import worst_first
from .links import Link
from .model import Quality
from .reading import addresses, kind_of
from .record import COLLECTION
from .runs import Checker
from .score import band_of

__all__ = ["quality_check_run", "quality_list", "quality_report"]


@toolkit.validate_action_data(schema.quality_check_run_schema)
def quality_check_run(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a dataset now, and return what `quality_list` does.

    Links are not looked at meanwhile, but in the next run of links.

    :param id: id or name of the dataset
    """
    package = _package(data_dict["id"])
    toolkit.check_access("quality_check_run", context, {"id": package.id})
    connection = model.Session().connection()
    registry = load_registry()
    gaps = {}
    if kind_of(package.type) == COLLECTION:
        gaps = gaps_by_name(connection, [(package.extras.get("collection_id") or package.name).lower()])
    Checker(config.eo_properties(), registry).check(
        connection,
        [package.id],
        described_collections(connection, registry),
        lambda name: gaps.get(name.lower()),
    )
    rows = read_rows(connection, [package.id], harvest=False)
    link_store.make_due(connection, addresses(rows), datetime.now(timezone.utc))
    if not context.get("defer_commit"):
        model.repo.commit()
    return toolkit.get_action("quality_list")(toolkit.fresh_context(context), {"id": package.id})


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.quality_list_schema)
def quality_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what the last check found of a dataset, what is to be mended first.

    :param id: id or name of the dataset
    :returns: `id`, `checked` (RFC 3339; None when it never was), `is_current` (nothing has changed since),
        `score` (0 to 100), `band`, `dimensions` (name: 0 to 100 or None), `results` (see above),
        `not_applicable` (ids of checks) and, for those who may edit the dataset, `links`: each with `url`,
        `state`, `status`, `reason`, `checked`, `due`, `seconds`, `media_type`, `size`, `format`, `moved_to`
        and `history`
    """
    package = _package(data_dict["id"])
    toolkit.check_access("quality_list", context, {"id": package.id})
    row = model.Session().get(Quality, package.id, populate_existing=True)
    shown: dict[str, Any] = {
        "id": package.id,
        "checked": None,
        "is_current": False,
        "score": None,
        "band": None,
        "dimensions": dict.fromkeys(DIMENSIONS),
        "results": [],
        "not_applicable": [],
    }
    if row:
        shown |= {
            "checked": _time(row.checked),
            "is_current": row.modified == package.metadata_modified and row.version == VERSION,
            "score": row.score,
            "band": band_of(row.score),
            "dimensions": {name: getattr(row, name) for name in DIMENSIONS},
            "results": _results(row),
            "not_applicable": row.skipped,
        }
    if _may(context, "package_update", package.id):
        shown["links"] = list(_links(package.id))
    return shown


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.quality_report_schema)
def quality_report(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the last run over all datasets, or those of an organization, and their trend.

    Datasets that not everybody may read are counted for members of the organization alone.

    :param organization: id or name of the organization (optional)
    :param runs: how many runs the trend goes back (50)
    :param links: how many broken links are named, of an organization only (0)
    :returns: `organization` (id or None), `finished` (RFC 3339; None before the first run), `datasets`,
        `score`, `band`, `dimensions`, `bands` (name: datasets), `checks`: those not passed, what is won most
        by fixing first, each with `check`, `title`, `dimension`, `failed` (datasets), `how_to_fix`; and
        `trend`: `finished`, `datasets`, `score` and `dimensions` of each run, the oldest first; `links`:
        `url`, `reason`, `status`, `failures` (in a row), `checked`, `number` of datasets that have it, and
        `datasets`: `name`, `title`, `type` of up to three of them
    """
    group = _organization(data_dict.get("organization"))
    toolkit.check_access("quality_report", context, data_dict)
    owner = group.id if group else reports.SITE
    whose = reports.ALL if _sees_private(context, group) else reports.PUBLIC
    trend = reports.trend(model.Session().connection(), whose, owner, data_dict["runs"])
    finished, last = trend[-1] if trend else (None, reports.nothing())
    return {
        "organization": group.id if group else None,
        "finished": _time(finished),
        **{name: last[name] for name in ("datasets", "score", "band", "dimensions", "bands")},
        "checks": [{**_about(BY_ID[name]), "failed": number} for name, number in worst_first(last)],
        "trend": [
            {"finished": _time(at), **{name: told[name] for name in ("datasets", "score", "dimensions")}}
            for at, told in trend
        ],
        "links": broken.worst_links(
            model.Session().connection(), group.id, private=whose == reports.ALL, limit=data_dict["links"]
        )
        if group and data_dict["links"]
        else [],
    }


def _package(name: str) -> model.Package:
    package = model.Package.get(name)
    if package is None or package.state != "active" or package.type in store.NOT_DATA:
        raise toolkit.ObjectNotFound(toolkit._("Dataset not found"))
    return package


def _organization(name: str | None) -> model.Group | None:
    if not name:
        return None
    group = model.Group.get(name)
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("Organization not found"))
    return group


def _may(context: Context, action: str, package_id: str) -> bool:
    try:
        toolkit.check_access(action, toolkit.fresh_context(context), {"id": package_id})
    except toolkit.NotAuthorized:
        return False
    return True


def _sees_private(context: Context, group: model.Group | None) -> bool:
    user = context.get("user") or ""
    if context.get("ignore_auth") or authz.is_sysadmin(user):
        return True
    return group is not None and authz.has_user_permission_for_group_or_org(group.id, user, "read")


def _results(row: Quality) -> list[dict[str, Any]]:
    """The results of all checks that apply; those not passed first, the heaviest before the others."""
    found = [_result(check, row) for check in OF_KIND[row.kind] if check.id not in row.skipped]
    return sorted(found, key=lambda result: (result["passed"], -result["weight"] * (1 - result["value"])))


def _result(check: Check, row: Quality) -> dict[str, Any]:
    value, found = row.failed.get(check.id, (1.0, []))
    if check.id == "duplicates":
        found = store.public_names(model.Session().connection(), found)
    return {
        **_about(check),
        "dq_class": check.dq_class,
        "measure": {"name": check.measure, "id": check.measure_uri},
        "weight": check.weight,
        "value": value,
        "passed": check.id not in row.failed,
        "found": found,
    }


def _about(check: Check) -> dict[str, Any]:
    return {
        "check": check.id,
        "title": toolkit._(check.title),
        "dimension": check.dimension or None,
        "how_to_fix": toolkit._(check.fix),
    }


def _links(package_id: str) -> Iterator[dict[str, Any]]:
    connection = model.Session().connection()
    urls = addresses(read_rows(connection, [package_id], harvest=False))
    known = link_store.known_links(connection, urls)
    for url in urls:
        yield _link(known.get(url) or Link(url=url))


def _link(link: Link) -> dict[str, Any]:
    names = ("url", "state", "status", "reason", "seconds", "media_type", "size", "format", "moved_to")
    shown: Mapping[str, Any] = {name: getattr(link, name) for name in names}
    history = [
        {"at": format_time(seen.at), "outcome": seen.outcome, "status": seen.status, "reason": seen.reason}
        for seen in link.history
    ]
    times = {name: format_time(at) if (at := getattr(link, name)) else None for name in ("checked", "due")}
    return {**shown, **times, "history": history}


def _time(time: datetime | None) -> str | None:
    return format_time(time.replace(tzinfo=timezone.utc)) if time else None
