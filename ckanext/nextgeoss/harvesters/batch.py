"""The rows of one batch: collected product by product, written table by table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from ckan import model
from ckan.lib.helpers import helper_functions

from .. import config
from ..eo.product import dataset_name
from ..package import PRODUCT_TYPE, dataset_frame
from .changes import Changes, Held, changes, resource_values
from .claims import StoredClaims
from .model import forget_offers, other_offers, utc_now
from .offers import Claim, Offered, Terms, best_claim, compose
from .rows import DatasetRows, dataset_rows, refused_because
from .tables import (
    Tags,
    copy_rows,
    end_memberships,
    lock_datasets,
    purge_resources,
    put_offers,
    supersede_objects,
    taken_names,
    update_rows,
)
from .terms import product_guid, site_user_id
from .uuid7 import uuid7
from .writer import object_row

Row = dict[str, Any]
Refused = tuple[Offered, str]


class Batch:
    """What one transaction writes for one source: datasets, and the rows beside them."""

    def __init__(self, terms: Terms, job_id: str, tags: Tags):
        self.added = self.updated = self.deleted = 0
        self._terms = terms
        self._job = job_id
        self._tags = tags
        self._session = model.Session()
        self._now = _moment()
        self._new: list[DatasetRows] = []
        self._changes: dict[str, Changes] = {}
        self._deleted: list[str] = []
        self._objects: list[Row] = []
        self._offers: list[Row] = []
        self._touched: list[str] = []

    def prepare(self, offered: Sequence[Offered], stored: StoredClaims) -> list[Refused]:
        """Lock what is there of these products and find out what to write; what our schema refuses is given
        back with the reason."""
        ids = [one.uuid for one in offered]
        held = lock_datasets(self._session, ids)
        claims = stored.of(other_offers(self._session, list(held), self._terms.source_id))
        taken = taken_names(self._session, [one.name for one in offered if one.uuid[:8] not in one.name])
        refused: list[Refused] = []
        for one in offered:
            if reason := refused_because(one.claim.product):
                refused.append((one, reason))
                continue
            name = one.name
            if taken.get(name, one.uuid) != one.uuid:
                name = dataset_name(one.claim.product.id, one.uuid)
            self._take(one, name, held.get(one.uuid), [one.claim, *claims.get(one.uuid, ())])
        return refused

    def withdraw(self, package_ids: Sequence[str], stored: StoredClaims) -> None:
        """Lock these datasets and find out what is left of them without what the source says."""
        held = lock_datasets(self._session, package_ids)
        claims = stored.of(other_offers(self._session, package_ids, self._terms.source_id))
        forget_offers(self._session, self._terms.source_id, package_ids)
        supersede_objects(self._session, self._terms.source_id, package_ids)
        for uuid, there in held.items():
            if there.package["state"] != "active":
                continue
            if others := claims.get(uuid):
                self._changes[uuid] = changes(_rows(others, uuid, there.package["name"]), there)
                self.updated += 1
            else:
                self._deleted.append(uuid)
                self.deleted += 1
            self._touched.append(uuid)
            self._add_object(uuid, _guid(there), "", "updated" if others else "deleted", current=False)

    def write(self) -> None:
        """Write all that was found out, in the transaction of the session."""
        session = self._session
        tags = self._tag_ids()
        copy_rows(session, "package", self._new_packages())
        stamp = {"created": self._now, "metadata_modified": self._now}
        copy_rows(session, "resource", [row | stamp for row in self._new_resource_rows()])
        copy_rows(session, "package_tag", list(self._new_tags(tags)))
        copy_rows(session, "member", list(self._new_members()))
        self._update()
        supersede_objects(session, self._terms.source_id, list(self._changes))
        copy_rows(session, "harvest_object", self._objects)
        put_offers(session, self._of_all_offers(), self._offers)
        copy_rows(session, "nextgeoss_outbox", [{"package_id": uuid} for uuid in self._touched])

    def _take(self, one: Offered, name: str, held: Held | None, claims: Sequence[Claim]) -> None:
        if held is None:
            self._new.append(_rows(claims, one.uuid, name))
            done = "added"
        else:
            self._changes[one.uuid] = changes(_rows(claims, one.uuid, held.package["name"]), held)
            done = "updated" if held.package["state"] == "active" else "added"
        setattr(self, done, getattr(self, done) + 1)
        self._touched.append(one.uuid)
        kept_id = self._add_object(one.uuid, product_guid(one.claim.product), one.native, done, current=True)
        offer = {"package_id": one.uuid, "content_hash": one.content_hash, "harvest_object_id": kept_id}
        self._offers.append(offer)

    def _of_all_offers(self) -> Row:
        """The columns that the offers of a batch share."""
        return {
            "source_id": self._terms.source_id,
            "provider_id": self._terms.provider_id,
            "rank": self._terms.rank,
            "last_run": self._job,
            "suppressed": False,
        }

    def _add_object(self, package_id: str, guid: str, native: str, done: str, *, current: bool) -> str:
        """The harvest object that tells what was done; outside of jobs there is none."""
        if not self._job:
            return ""
        row = object_row(self._terms, self._job, guid, native)
        row |= {"current": current, "state": "COMPLETE", "report_status": done, "package_id": package_id}
        self._objects.append(row | {"retry_times": 0})
        return row["id"]

    def _tag_ids(self) -> Mapping[str, str]:
        names = [name for row in self._new for name in row.tags]
        names += [name for changed in self._changes.values() for name in changed.new_tags]
        return self._tags.ids(self._session, names)

    def _new_packages(self) -> list[Row]:
        creator = site_user_id() if self._new else ""
        # in the order of ids: two writers that make the same datasets wait for each other in turn
        return [
            {
                "id": row.id,
                "name": row.name,
                "title": row.title,
                "notes": row.notes,
                "type": PRODUCT_TYPE,
                "state": "active",
                "owner_org": row.owner_org,
                "private": row.private,
                "extras": dict(row.extras),
                "creator_user_id": creator,
                "metadata_created": moment,
                "metadata_modified": moment,
            }
            for row, moment in sorted(
                zip(self._new, self._moments(), strict=False), key=lambda new: new[0].id
            )
        ]

    def _moments(self) -> Iterator[datetime]:
        """A millisecond for each new dataset, so that searches that show the newest first have one order."""
        for number in count(0):
            yield _not_whole(self._now + timedelta(milliseconds=number))

    def _new_resource_rows(self) -> Iterable[Row]:
        for row in self._new:
            for position, resource in enumerate(row.resources):
                yield resource_values(resource, row.id, position)
        for changed in self._changes.values():
            yield from changed.new_resources

    def _new_tags(self, ids: Mapping[str, str]) -> Iterable[Row]:
        tagged = [(row.id, name) for row in self._new for name in row.tags]
        tagged += [(uuid, name) for uuid, changed in self._changes.items() for name in changed.new_tags]
        for package_id, name in tagged:
            yield {"id": uuid7(), "package_id": package_id, "tag_id": ids[name], "state": "active"}

    def _new_members(self) -> Iterable[Row]:
        owners = [(row.id, row.owner_org) for row in self._new]
        owners += [
            (uuid, changed.new_organization)
            for uuid, changed in self._changes.items()
            if changed.new_organization
        ]
        for package_id, group_id in owners:
            yield {
                "id": uuid7(),
                "table_id": package_id,
                "table_name": "package",
                "group_id": group_id,
                "capacity": "organization",
                "state": "active",
            }

    def _update(self) -> None:
        """Change the rows of datasets that were there."""
        session, every = self._session, self._changes.values()
        stamp = {"metadata_modified": self._now}
        changed = [{"id": uuid, **one.package} for uuid, one in self._changes.items() if one.package]
        update_rows(session, "package", [row | stamp for row in changed])
        moved = [{"id": uuid} for uuid, one in self._changes.items() if one and not one.package]
        update_rows(session, "package", [row | stamp for row in moved])
        gone = [{"id": uuid, "state": "deleted"} for uuid in self._deleted]
        update_rows(session, "package", gone)
        if self._deleted:
            end_memberships(session, self._deleted)
        resources = [row for one in every for row in one.resources]
        update_rows(
            session,
            "resource",
            [row | {"metadata_modified": row["metadata_modified"] or self._now} for row in resources],
        )
        purge_resources(session, [uuid for one in every for uuid in one.purged_resources])
        for table, field in (("package_tag", "tag_states"), ("member", "member_states")):
            states = [item for one in every for item in getattr(one, field).items()]
            update_rows(session, table, [{"id": uuid, "state": state} for uuid, state in states])


def _rows(claims: Sequence[Claim], uuid: str, name: str) -> DatasetRows:
    dataset = compose(claims, uuid=uuid, name=name, make=dataset_frame)
    return dataset_rows(dataset, best_claim(claims).product, config.eo_properties(), _format)


@cache
def _format(name: str) -> str:
    """CKAN's spelling of a resource format."""
    return helper_functions.unified_resource_format(name)


def _guid(held: Held) -> str:
    extras = held.package["extras"] or {}
    return f"{extras.get('collection_id')}/{extras.get('identifier')}"


def _moment() -> datetime:
    """Now; never a whole second, by which CKAN could not tell a document in its index from the dataset."""
    return _not_whole(utc_now())


def _not_whole(moment: datetime) -> datetime:
    return moment if moment.microsecond >= 1000 else moment + timedelta(milliseconds=1)
