"""What items are about: the datasets that their codes mean now, however often these were gone or renamed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session, aliased

from ...eo.collection import load_registry
from ...package import COLLECTION_TYPE, PRODUCT_TYPE
from ..model import Item, Target
from ..states import COLLECTION, DATASET, DELETED, DRAFT, PRIMARY
from ..summary import Summary
from .counting import counted
from .visible import PACKAGE, is_any

# code spaces of what has no identifier of its own: datasets by their id, collections by theirs
DATASETS, COLLECTIONS = "dataset", "collection"

# The keys of datasets as targets have them; a name of a collection is replaced by its canonical id. What is
# looked up by each key ends with OFFSET 0, which keeps the database from reading all targets instead, as it
# would by its guess of how many keys there are.
_KEYS = """
    SELECT package.id, package.owner_org, package.private,
        CASE package.type WHEN :product THEN package.extras ->> 'identifier'
            WHEN :collection THEN coalesce(named.canonical, package.extras ->> 'collection_id')
            ELSE package.id END AS code,
        CASE package.type WHEN :product THEN coalesce(named.canonical, package.extras ->> 'collection_id')
            WHEN :collection THEN :collections ELSE :datasets END AS code_space
    FROM package LEFT JOIN unnest(CAST(:aliases AS text[]), CAST(:canonicals AS text[]))
        AS named(alias, canonical) ON named.alias = package.extras ->> 'collection_id'
    WHERE package.id = ANY(:ids) AND package.state = 'active'
"""
_CANDIDATES = """
    SELECT target.item_id, target.position, target.package_id, keys.id
    FROM keys CROSS JOIN LATERAL (
        SELECT * FROM nextgeoss_feedback_target AS mine
        WHERE mine.code = keys.code AND mine.code_space = keys.code_space OFFSET 0
    ) AS target
    WHERE target.package_id IS DISTINCT FROM keys.id AND {free}
    UNION
    SELECT target.item_id, target.position, target.package_id, keys.id
    FROM keys JOIN nextgeoss_moved AS moved ON moved.package_id = keys.id
        JOIN nextgeoss_feedback_target AS target ON target.package_id = moved.old
    WHERE {gone}
    UNION
    SELECT target.item_id, target.position, target.package_id, keys.id
    FROM keys CROSS JOIN LATERAL (
        SELECT * FROM nextgeoss_feedback_target AS mine WHERE mine.package_id = keys.id
            AND (mine.private, mine.owner_org, mine.gone)
                IS DISTINCT FROM (keys.private, keys.owner_org, false) OFFSET 0
    ) AS target
"""
# whose dataset is not there any more: nobody takes the feedback of another's dataset by naming its code, and
# what was said of a private dataset stays in its organization
_GONE = (
    """NOT EXISTS (SELECT 1 FROM package AS old WHERE old.id = target.package_id AND old.state = 'active')"""
)
_FREE = f"""{_GONE} AND (target.owner_org = keys.owner_org OR NOT (target.private OR keys.private))"""
_FOUND = _CANDIDATES.format(free=_FREE, gone=_GONE)


@dataclass(frozen=True, slots=True)
class Subject:
    """A dataset as a target: how it is found again, and where it is now."""

    package_id: str
    kind: str
    code: str
    code_space: str
    title: str
    owner_org: str | None
    private: bool


def subject_of(package: Any) -> Subject:
    """The subject that a package (an object or a row with its columns) is."""
    kind, code, space = DATASET, package.id, DATASETS
    name = (package.extras or {}).get("collection_id") or ""
    known = load_registry().canonical(name) if name else None
    collection = known.id if known else name
    if package.type == PRODUCT_TYPE and (package.extras or {}).get("identifier"):
        code, space = package.extras["identifier"], collection
    elif package.type == COLLECTION_TYPE and collection:
        kind, code, space = COLLECTION, collection, COLLECTIONS
    title = package.title or package.name
    return Subject(package.id, kind, code, space, title, package.owner_org, bool(package.private))


def known_to_index(
    session: Session, ids: Collection[str]
) -> tuple[dict[str, Summary], dict[str, int], list[str]]:
    """What is known of datasets, by one query: the summaries of those of which there is feedback, the scores
    of the metadata of those that were checked, and the datasets to which feedback belongs that is not
    attached to them."""
    statement = sa.text(
        f"WITH keys AS MATERIALIZED ({_KEYS}), found AS ({_FOUND})"  # noqa: S608 -- parameters are bound
        " SELECT known.package_id, known.counts, known.latest, NULL::smallint AS score, false AS apart"
        " FROM nextgeoss_feedback_summary AS known WHERE known.package_id = ANY(:ids)"
        " UNION ALL SELECT checked.package_id, NULL, NULL, checked.score, false"
        " FROM nextgeoss_feedback_quality AS checked"
        " WHERE checked.package_id = ANY(:ids) AND checked.score IS NOT NULL"
        " UNION ALL SELECT found.id, NULL, NULL, NULL, true FROM found"
    )
    summaries: dict[str, Summary] = {}
    scores: dict[str, int] = {}
    apart: dict[str, None] = {}
    for package_id, counts, latest, score, is_apart in session.execute(statement, _bound(ids)):
        if is_apart:
            apart[package_id] = None
        elif counts:
            summaries[package_id] = Summary.read(counts, latest)
        elif score is not None:
            scores[package_id] = score
    return summaries, scores, list(apart)


def attach(session: Session, ids: Collection[str], *, wait: bool = True) -> int:
    """Have the feedback that belongs to these datasets found with them: of products that have come back under
    another id, that were merged or moved; note whose they are now. How many targets were changed. With `wait`
    false, items that another transaction holds are left to it."""
    statement = sa.text(f"WITH keys AS MATERIALIZED ({_KEYS}) {_FOUND}")
    found = {(row[0], row[1]): row[3] for row in session.execute(statement, _bound(ids))}
    if not found:
        return 0
    items = sorted({item_id for item_id, _ in found})
    if not wait:
        free = sa.select(Item.id).where(is_any(Item.id, items)).order_by(Item.id)
        items = list(session.scalars(free.with_for_update(skip_locked=True)))
        found = {key: package_id for key, package_id in found.items() if key[0] in set(items)}
    with counted(session, items):
        for package_id in sorted(set(found.values())):
            keys = [key for key, to in found.items() if to == package_id]
            _point(session, keys, package_id)
    return len(found)


def attach_apart(engine: Engine, ids: Collection[str]) -> None:
    """Attach in a transaction of its own, and leave to others what they hold: for who indexes, who takes back
    what he does in his session, and asks for datasets that are committed."""
    with Session(engine) as session:
        attach(session, ids, wait=False)
        session.commit()


def note_gone(session: Session, ids: Collection[str] | None = None, *, going: bool = False) -> int:
    """Have items that are about these datasets, or any, and about others note which of these are gone: then
    summaries of the others do not count what only few can see any more; of how many items. With `going` these
    are about to be deleted in this transaction. That they are there again is noted when they are attached."""
    there = sa.exists().where(PACKAGE.c.id == Target.package_id, PACKAGE.c.state == "active")
    other = aliased(Target)
    others = sa.exists().where(other.item_id == Target.item_id, other.package_id != Target.package_id)
    asked = sa.select(Target.item_id).where(sa.not_(Target.gone), Target.package_id.is_not(None), others)
    asked = asked if ids is None else asked.where(is_any(Target.package_id, ids))
    item_ids = sorted(set(session.scalars(asked if going else asked.where(sa.not_(there)))))
    if item_ids:
        with counted(session, item_ids):
            every = sa.select(Target).where(is_any(Target.item_id, item_ids))
            targets = session.scalars(every.execution_options(populate_existing=True)).all()
            named = {each.package_id for each in targets if each.package_id}
            named = named if ids is None else named.intersection(ids)
            gone = named if going else named - _those_there(session, named)
            for target in targets:
                target.gone = target.gone or target.package_id in gone
    return len(item_ids)


def note_gone_apart(engine: Engine, ids: Collection[str]) -> None:
    """Note in a transaction of its own what is gone, for who indexes."""
    with Session(engine) as session:
        note_gone(session, ids)
        session.commit()


def _those_there(session: Session, package_ids: Collection[str]) -> set[str]:
    asked = sa.select(PACKAGE.c.id).where(is_any(PACKAGE.c.id, package_ids), PACKAGE.c.state == "active")
    return set(session.scalars(asked))


def targets_of(session: Session, item_ids: Collection[str]) -> dict[str, list[Target]]:
    """The targets of items in their order."""
    asked = sa.select(Target).where(is_any(Target.item_id, item_ids))
    found: dict[str, list[Target]] = {item_id: [] for item_id in item_ids}
    for target in session.scalars(asked.order_by(Target.item_id, Target.position)):
        found[target.item_id].append(target)
    return found


def set_raters(item: Item, targets: Sequence[Target]) -> None:
    """Note on the targets of an item which datasets it rates: those that it is about in the first place, each
    once, unless the author is of their provider."""
    rates = item.rating is not None and item.state not in (DRAFT, DELETED)
    seen: set[str | None] = set()
    for target in targets:
        counts = rates and target.role == PRIMARY and not target.own and target.package_id not in seen
        target.rater = (item.user_id or f"item:{item.id}") if counts else None
        seen.add(target.package_id)


def _point(session: Session, keys: Sequence[tuple[str, int]], package_id: str) -> None:
    package = session.execute(sa.select(PACKAGE).where(PACKAGE.c.id == package_id)).one()
    targets = [session.get_one(Target, key, populate_existing=True) for key in keys]
    moved = [target for target in targets if target.package_id != package_id]
    raters = {target.rater: target for target in moved}
    raters.pop(None, None)
    if raters:
        _keep_newest(session, package_id, moved)
    for target in targets:
        target.package_id = package_id
        target.owner_org, target.private, target.gone = package.owner_org, bool(package.private), False
    session.flush()


def _keep_newest(session: Session, package_id: str, moved: Sequence[Target]) -> None:
    """Of several ratings that one user gives a dataset, because two were merged, let the newest count."""
    users = [target.rater for target in moved if target.rater]
    there = session.scalars(
        sa.select(Target).where(Target.package_id == package_id, is_any(Target.rater, users))
    )
    rating = [*there, *(target for target in moved if target.rater)]
    items = [target.item_id for target in rating]
    when = dict(
        session.execute(sa.select(Item.id, Item.created).where(is_any(Item.id, items))).tuples().all()
    )
    newest: dict[str | None, Target] = {}
    for target in sorted(rating, key=lambda each: (when[each.item_id], each.item_id)):
        if older := newest.get(target.rater):
            older.rater = None
        newest[target.rater] = target
    session.flush()


def _bound(ids: Collection[str]) -> dict[str, Any]:
    names = {alias: known.id for known in load_registry() for alias in known.aliases}
    return {
        "ids": list(ids),
        "aliases": list(names),
        "canonicals": list(names.values()),
        "product": PRODUCT_TYPE,
        "collection": COLLECTION_TYPE,
        "collections": COLLECTIONS,
        "datasets": DATASETS,
    }
