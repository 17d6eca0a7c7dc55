"""Old harvest sources made into sources of today: a new one each, and the old one set inactive."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestSource

from .. import config
from ..eo.errors import BadConfiguration
from ..search.outbox import enqueue
from .model import utc_now
from .old_sources import Translation, old_types, translate
from .provider import Provider
from .provider_files import load_provider
from .source import SOURCE_TYPE, parse_config
from .terms import Row, action_context

log = logging.getLogger(__name__)

# extra of an old source: the name of the source that it became; "-" when none took its place
MOVED_TO = "nextgeoss_moved_to"
NOTHING = "-"


@dataclass(slots=True)
class Moved:
    """What one old source becomes; `problem` says why it cannot."""

    name: str
    title: str
    source_type: str
    translation: Translation
    # of the new source; "" when none takes its place
    new_name: str = ""
    # there was one like it already
    existed: bool = False
    # by an earlier run
    before: bool = False
    problem: str = ""
    topics: list[str] = field(default_factory=list)


def move_sources(*, apply: bool, only: str = "", today: date | None = None) -> Iterator[Moved]:
    """What becomes of each source of the original hub, by name; with `apply` it is done, each in a
    transaction of its own. A source that was moved before is left alone."""
    today = today or date.today()
    for source_id in _old_sources(only):
        source: Row = model.Session.get(HarvestSource, source_id)
        package = model.Package.get(source_id)
        assert package is not None
        try:
            yield _moved(source, package, apply, today)
        finally:
            model.Session.rollback()


def _old_sources(only: str) -> list[str]:
    package = model.Package
    query = model.Session.query(HarvestSource.id).join(package, package.id == HarvestSource.id)
    query = query.filter(HarvestSource.type.in_(list(old_types())), package.state == "active")
    if only:
        query = query.filter((package.id == only) | (package.name == only))
    found = [row[0] for row in query.order_by(package.name)]
    if only and not found:
        raise BadConfiguration(f"no harvest source {only} of the original hub; `migrate-sources` lists them")
    return found


def _moved(source: Row, package: Row, apply: bool, today: date) -> Moved:
    found = Moved(
        package.name, package.title or package.name, source.type, translate(
            source.type, source.config, _find_provider, today
        ),
    )  # fmt: skip
    if became := package.extras.get(MOVED_TO):
        found.before, found.new_name = True, "" if became == NOTHING else became
        return found
    found.problem = found.translation.problem
    found.topics = _topics(package.id, found.translation)
    if found.translation.config:
        _plan(found, package)
    if apply and not found.problem:
        _do(found, source, package)
    return found


def _find_provider(name: str) -> Provider:
    return load_provider(name, *config.provider_folders())


def _topics(package_id: str, translation: Translation) -> list[str]:
    """The names of the groups that the source is in, and of those that its configuration names."""
    member, group = model.Member, model.Group
    rows = (
        model.Session.query(group.name)
        .join(member, member.group_id == group.id)
        .filter(member.table_id == package_id, member.state == "active", group.is_organization.is_(False))
    )
    return list(dict.fromkeys([*sorted(row[0] for row in rows), *translation.topics]))


def _plan(found: Moved, package: Row) -> None:
    """The name of the new source, or of one that asks the same already."""
    try:
        text = parse_config(json.dumps(found.translation.config), config.provider_folders()).as_json()
    except BadConfiguration as error:
        found.problem = str(error)
        return
    same = (
        model.Session.query(model.Package.name)
        .join(HarvestSource, HarvestSource.id == model.Package.id)
        .filter(HarvestSource.type == SOURCE_TYPE, HarvestSource.config == text)
        .filter(model.Package.state == "active", model.Package.owner_org == package.owner_org)
        .order_by(model.Package.name)
        .first()
    )
    found.existed = same is not None
    found.new_name = same[0] if same else _free_name(package.name, found.translation.provider)


def _free_name(old: str, provider: str) -> str:
    name = f"{old}-{provider.replace('_', '-')}"[:95]
    taken, number = name, 1
    while model.Package.get(taken) is not None:
        number += 1
        taken = f"{name}-{number}"
    return taken


def _do(found: Moved, source: Row, package: Row) -> None:
    active = source.active
    if found.new_name and not found.existed:
        try:
            _create(found, source, package, active)
        except toolkit.ValidationError as error:
            model.Session.rollback()
            found.problem = "; ".join(f"{key}: {text}" for key, text in sorted(error.error_summary.items()))
            return
    source.active, source.next_run = False, None
    package.extras[MOVED_TO] = found.new_name or NOTHING
    became = f"It is the source {found.new_name} now." if found.new_name else "Nothing takes its place."
    package.notes = "\n\n".join(filter(None, (package.notes, f"A source of the original hub. {became}")))
    package.metadata_modified = utc_now()
    enqueue(model.Session(), [package.id])
    model.Session.commit()


def _url(found: Moved, provider: Provider, package: Row) -> str:
    """The provider's address; the old one where a source of others asks the same: CKAN wants the pair of
    address and configuration to be unique."""
    text = parse_config(json.dumps(found.translation.config), config.provider_folders()).as_json()
    same = model.Session.query(HarvestSource.id).filter(HarvestSource.config == text).first()
    return package.url if same else provider.url


def _create(found: Moved, source: Row, package: Row, active: bool) -> None:
    provider = _find_provider(found.translation.provider)
    made = toolkit.get_action("harvest_source_create")(
        action_context(),
        {
            "name": found.new_name,
            "title": package.title or package.name,
            "notes": package.notes or "",
            "url": _url(found, provider, package),
            "source_type": SOURCE_TYPE,
            "owner_org": package.owner_org,
            "private": package.private,
            "frequency": source.frequency or "MANUAL",
            "config": json.dumps(found.translation.config),
        },
    )
    for topic in found.topics:
        group = model.Group.get(topic)
        if group is None or group.is_organization:
            found.translation.note("groups", f"there is no topic {topic}", warning=True)
            continue
        member = {"id": group.id, "object": made["id"], "object_type": "package", "capacity": "public"}
        toolkit.get_action("member_create")(action_context(), member)
    if not active:
        new: Row = model.Session.get(HarvestSource, made["id"])
        new.active, new.next_run = False, None
    model.Session.flush()


def of_today(data_dict: Mapping[str, Any]) -> dict[str, Any]:
    """What `harvest_source_create` is asked for, where that is a source of the original hub: the source that
    takes its place today. ValidationError says why there is none."""
    translation = translate(data_dict["source_type"], data_dict.get("config"), _find_provider, date.today())
    if not translation.config:
        reasons = [*translation.told, translation.problem]
        raise toolkit.ValidationError({"source_type": ["; ".join(filter(None, reasons))]})
    for note in translation.notes:
        log.log(logging.WARNING if note.warning else logging.INFO, "%s: %s", note.key, note.text)
    return {**data_dict, "source_type": SOURCE_TYPE, "config": json.dumps(translation.config)}


def refuse_job(job_id: str) -> None:
    """End the job of a source of the original hub with the one line that says what to do."""
    job: Row = HarvestJob.get(job_id)
    message = (
        f"source type {job.source.type} is of the original hub: run `ckan nextgeoss harvest migrate-sources`"
    )
    job.status, job.gather_started, job.finished = "Finished", utc_now(), utc_now()
    job.gather_finished = job.finished
    job.save()
    HarvestGatherError.create(message, job)
