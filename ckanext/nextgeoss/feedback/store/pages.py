"""Pages of items: what of them is asked for, in which order, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session, aliased

from ..imports.found import spaces_like
from ..model import Item, Person, Target
from ..states import OPEN_ISSUES, PRIMARY, PUBLISHED
from .visible import Caller, is_any, is_moderated, is_visible

SORTS = ("newest", "oldest", "helpful", "rating", "-rating", "severity", "relevance")
# what is counted by value in searches
FACETS = ("rating", "motivation", "contact_role", "expertise_level", "aspects", "tags", "domains",
          "issue_state", "issue_severity")  # fmt: skip
MOST_FACET_VALUES = 50
# so many items are counted, by value the newest; who finds more narrows down
MOST_COUNTED = 1000
# so many, the newest of those that are found, are put in the order of relevance
MOST_RANKED = 300
_MOST_LATEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which items; what is empty does not matter."""

    package_ids: tuple[str, ...] = ()
    resource_id: str = ""
    # an identifier of what it is about, whether a dataset is called so or not
    code: str = ""
    code_space: str = ""
    organization_id: str = ""
    user_id: str = ""
    # also those of which the datasets are not the primary target
    secondary: bool = True
    # answers, too
    replies: bool = False
    root_id: str = ""
    words: str = ""
    states: tuple[str, ...] = (PUBLISHED,)
    roles: tuple[str, ...] = ()
    motivations: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    ratings: tuple[int, ...] = ()
    expertise: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    has_issue: bool | None = None
    issue_states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    flagged: bool = False
    unanswered: bool = False
    # only what the caller moderates
    moderated: bool = False
    since: datetime | None = None
    bbox: tuple[float, float, float, float] | None = None
    sort: str = "newest"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items, and how many there are in all: `more` than told when counting was given up."""

    items: list[Item]
    total: int
    more: bool = False


def page(session: Session, caller: Caller, asked: Asked) -> Found:
    """The items asked for that the caller may see. In the order of relevance are the newest MOST_RANKED, and
    after them the older ones, the newest first: however many items have a word, few are ranked."""
    if asked.words and asked.sort == "relevance":
        return _relevant(session, caller, asked)
    ids = _ids(session, caller, asked, asked.limit, asked.offset)
    items = _items(session, ids)
    if ids and len(ids) < asked.limit:
        return Found(items, asked.offset + len(ids))  # the last page
    conditions = [is_visible(caller), *_conditions(caller, asked)]
    some = sa.select(sa.literal(1)).select_from(Item).where(*conditions).limit(MOST_COUNTED + 1).subquery()
    total = session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return Found(items, min(total, MOST_COUNTED), total > MOST_COUNTED)


def _relevant(session: Session, caller: Caller, asked: Asked) -> Found:
    newest = replace(asked, sort="newest")
    found = _ids(session, caller, newest, MOST_RANKED + 1)
    rank = sa.func.ts_rank(Item.words, sa.func.websearch_to_tsquery("simple", asked.words))
    best = (
        sa.select(Item.id).where(is_any(Item.id, found[:MOST_RANKED])).order_by(rank.desc(), *_order(newest))
    )
    ids = session.scalars(best.limit(asked.limit).offset(asked.offset)).all() if asked.limit else ()
    if len(found) <= MOST_RANKED:
        return Found(_items(session, ids), len(found))
    begin = max(asked.offset, MOST_RANKED)
    left = max(0, asked.offset + asked.limit - begin)
    older = page(session, caller, replace(newest, offset=begin, limit=left))
    return Found([*_items(session, ids), *older.items], older.total, older.more)


def _ids(session: Session, caller: Caller, asked: Asked, limit: int, offset: int = 0) -> Sequence[str]:
    """The ids of items asked for that the caller may see, in their order. They are put in order before it is
    seen whether he may, so that this is asked of as many as are wanted, not of all; an outer query keeps the
    order of the inner one."""
    return session.scalars(_wanted(caller, asked, limit, offset)).all() if limit else ()


def _wanted(caller: Caller, asked: Asked, limit: int, offset: int = 0) -> sa.Select[tuple[str]]:
    matching = sa.select(Item.id, Item.state, Item.user_id).where(*_conditions(caller, asked))
    item = aliased(Item, matching.order_by(*_order(asked)).offset(0).subquery())
    return sa.select(item.id).where(is_visible(caller, item)).limit(limit).offset(offset)


def first(session: Session, caller: Caller, asked: Asked) -> Item | None:
    """The first of the items asked for that the caller may see, by one query."""
    wanted = _wanted(caller, asked, 1).scalar_subquery()
    return session.scalar(sa.select(Item).where(Item.id == wanted))


def _items(session: Session, ids: Sequence[str]) -> list[Item]:
    """These items in this order."""
    asked = sa.select(Item).where(is_any(Item.id, ids)).execution_options(populate_existing=True)
    found = {item.id: item for item in session.scalars(asked)} if ids else {}
    return [found[item_id] for item_id in ids if item_id in found]


def latest(session: Session, caller: Caller, number: int) -> list[Item]:
    """What was published last, no answers; only the newest few hundred are looked through."""
    newest = sa.select(Item.id).where(Item.state == PUBLISHED, Item.root_id.is_(None))
    newest = newest.order_by(Item.published.desc()).limit(_MOST_LATEST).subquery()
    asked = sa.select(Item).where(Item.id.in_(sa.select(newest.c.id)), is_visible(caller))
    return list(session.scalars(asked.order_by(Item.published.desc(), Item.id).limit(number)))


def facets(
    session: Session, caller: Caller, asked: Asked, names: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """How many of the items asked for have each value, the most first; of more than MOST_COUNTED items the
    newest are counted."""
    if not names:
        return {}
    ids = _ids(session, caller, replace(asked, sort="newest"), MOST_COUNTED)
    columns = [getattr(Item, name) for name in names]
    rows = session.execute(sa.select(*columns).where(is_any(Item.id, ids))).all()
    return {name: _counted(row[at] for row in rows) for at, name in enumerate(names)}


def _counted(values: Iterable[Any]) -> list[dict[str, Any]]:
    """How often each value is there, alone or in lists."""
    found = Counter(each for value in values for each in (value if isinstance(value, list) else [value]))
    del found[None]
    most = sorted(found.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [{"value": value, "count": count} for value, count in most[:MOST_FACET_VALUES]]


def _conditions(caller: Caller, asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield Item.state == asked.states[0] if len(asked.states) == 1 else is_any(Item.state, asked.states)
    if asked.moderated:
        yield is_moderated(caller)
    yield from _about(asked)
    if asked.root_id:
        yield Item.root_id == asked.root_id
    elif not asked.replies:
        yield Item.root_id.is_(None)
    if asked.user_id:
        yield Item.user_id == asked.user_id
        if not caller.sysadmin and caller.user_id != asked.user_id:
            yield sa.not_(_hides_name(asked.user_id))
    for column, values in (
        (Item.contact_role, asked.roles),
        (Item.motivation, asked.motivations),
        (Item.rating, asked.ratings),
        (Item.expertise_level, asked.expertise),
        (Item.issue_state, asked.issue_states),
        (Item.issue_severity, asked.severities),
    ):
        if values:
            yield column.in_(values)
    for column, values in (
        (Item.aspects, asked.aspects), (Item.tags, asked.tags), (Item.domains, asked.domains),
    ):  # fmt: skip
        if values:
            yield column.overlap(list(values))
    yield from _more(asked)


def _hides_name(user_id: str) -> ColumnElement[bool]:
    """The user does not want to be known as an author."""
    shown = Person.profile["show_name"].as_boolean()
    return sa.exists().where(Person.user_id == user_id, shown.is_(False))


def _more(asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.words:
        yield Item.words.op("@@")(sa.func.websearch_to_tsquery("simple", asked.words))
    if asked.has_issue is not None:
        yield Item.issue_state.is_not(None) if asked.has_issue else Item.issue_state.is_(None)
    if asked.flagged:
        yield Item.flags > 0
    if asked.unanswered:
        yield sa.and_(Item.motivation == "question", Item.accepted_id.is_(None))
    if asked.since:
        yield sa.func.coalesce(Item.published, Item.created) >= asked.since
    if asked.bbox:
        yield _overlaps(*asked.bbox)


def _about(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """One target that is all of what is asked of targets."""
    about = aliased(Target)
    found: list[ColumnElement[bool]] = []
    if asked.package_ids:
        found.append(is_any(about.package_id, asked.package_ids))
    if asked.resource_id:
        found.append(about.resource_id == asked.resource_id)
    if asked.code:
        found.append(about.code == asked.code)
    if asked.code_space:
        found.append(is_any(about.code_space, spaces_like(asked.code_space)))
    if asked.organization_id:
        found.append(about.owner_org == asked.organization_id)
    if not asked.secondary:
        found.append(about.role == PRIMARY)
    if found:
        yield Item.id.in_(sa.select(about.item_id).where(*found))


def _overlaps(west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
    """Its place and this box have something in common; either may cross 180 degrees."""
    across = Item.west > Item.east
    if west > east:
        sides = sa.or_(across, Item.east >= west, Item.west <= east)
    else:
        sides = sa.or_(
            sa.and_(sa.not_(across), Item.west <= east, Item.east >= west),
            sa.and_(across, sa.or_(Item.west <= east, Item.east >= west)),
        )
    return sa.and_(Item.south <= north, Item.north >= south, sides)


def _order(asked: Asked) -> list[Any]:
    # a published item has a time of publication, by which an index has them in order
    when = Item.published if asked.states == (PUBLISHED,) else sa.func.coalesce(Item.published, Item.created)
    newest = when.desc()
    helpful = (Item.votes_up - Item.votes_down).desc()
    worst = sa.case(
        *((Item.issue_severity == each, at) for at, each in enumerate(("blocking", "major", "minor"))),
        else_=9,
    )
    orders: dict[str, list[Any]] = {
        "newest": [newest],
        "oldest": [when],
        "helpful": [helpful, newest],
        "rating": [Item.rating.desc().nulls_last(), newest],
        "-rating": [Item.rating.asc().nulls_last(), newest],
        "severity": [sa.not_(is_any(Item.issue_state, OPEN_ISSUES)), worst, newest],
        "relevance": [newest],
    }
    return [*orders[asked.sort], Item.id]
