"""How an item comes to be: what is given is filled up, checked, judged and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ...eo.errors import BadValue
from .. import config, guf, parts, rules, said, spam
from ..addresses import without_addresses, without_addresses_in
from ..model import Item, Target, utc_now
from ..states import DRAFT, LOCAL, first_state
from ..store import items, people, sent
from ..store.visible import Caller
from . import signals
from .caller import is_trusted
from .shown import KEYS, OF_ROW

Json = dict[str, Any]
MOST_LETTERS = 256_000
_SAME = timedelta(days=7)
_SHORT = 40


def code_space() -> str:
    """The code space of the ids of our own items."""
    return f"{site.site_base()}/feedback"


def parts_of(data: Mapping[str, Any], own: frozenset[str]) -> Json:
    """What of the data of an action is said in the words of the standard; `own` are the action's words."""
    return {name: value for name, value in data.items() if name not in (*own, *KEYS, *OF_ROW)}


def checked(given: Mapping[str, Any], item: Item, targets: list[Json], author: Json) -> Json:
    """The parts of an item, filled up with what its author need not say and as guf.write gives them; Refused
    names all that is wrong."""
    filled = _filled(given, author) | {"target": targets}
    if len(json.dumps(filled, default=str)) > MOST_LETTERS:
        raise BadValue("so much", "feedback", f"at most {MOST_LETTERS} letters")
    whole = items.complete_given(item, without_addresses_in(filled))
    read = parts.read(guf.FeedbackItem, whole)
    rules.check(read, datetime.now(timezone.utc))
    return parts.write(read)


def author_of(user: Any) -> Json:
    """What the profile of a user says of him, for his feedback: `name`, `role`, `expertise_level`,
    `domains`."""
    profile = people.find_person(model.Session(), user.id).profile if user else {}
    name = user.display_name if user is not None and profile.get("show_name", True) else ""
    return {
        "name": without_addresses(name),
        "role": profile.get("default_role") or "generalPublic",
        "expertise_level": profile.get("expertise_level") or 1,
        "domains": profile.get("domains") or [],
    }


def sent_as(caller: Caller, what: str, once: str) -> str:
    """What is kept of the word `once` by which a caller tells one sending from others; "" without one."""
    who = caller.user_id or caller.visitor
    return sent.mark(toolkit.config["SECRET_KEY"], who, what, once) if once and who else ""


def made_of(sent_as: str) -> Item | None:
    """The item that was made of what is sent again, or None; then nobody else makes one meanwhile."""
    found = sent.sent_already(model.Session(), sent_as)
    return items.find(model.Session(), found) if found else None


def new_item(user: Any, author: Json, sent_as: str = "") -> Item:
    """The row of an item that is about to be written, by a sending that `made_of` knows nothing of."""
    now = utc_now()
    return Item(
        id=items.new_id(), code_space=code_space(), source=LOCAL, user_id=user.id if user else None,
        author_name=author["name"], created=now, modified=now, version=1, depth=0, edited=False,
        spam_score=0.0, votes_up=0, votes_down=0, flags=0, state=DRAFT, sent_as=sent_as or None,
    )  # fmt: skip


def judge(item: Item, whole: Json) -> spam.Verdict:
    """How much an item looks like spam, noted in its row."""
    text = said.comment(whole)
    before = 0
    if len(text) > _SHORT:
        before = items.sent_before(model.Session(), item, utc_now() - _SAME)
    verdict = spam.judge(text, config.spam_rules(), seen_before=before)
    item.spam_score = verdict.score
    return verdict


def send(
    context: Context,
    caller: Caller,
    user: Any,
    item: Item,
    whole: Json,
    targets: list[Target],
    *,
    draft: bool = False,
    moderator: bool = False,
) -> None:
    """Keep a new item in the state that the policy of the site gives it, and commit."""
    session = model.Session()
    for target in targets:
        target.item_id = item.id
    items.fill(item, whole)
    verdict = judge(item, whole)
    state = DRAFT
    if not draft:
        policy = "always" if user is None else config.moderation()
        trusted = moderator or is_trusted(user, caller)
        state = first_state(policy, trusted=trusted, spam=verdict.suspicious and not moderator)
    reason = "; ".join(verdict.reasons)
    items.log(session, item, state, "create", actor_id=item.user_id, note=reason, first=True)
    item.state = state
    item.published = utc_now() if state == "published" else None
    items.add(session, item, targets)
    session.commit()
    signals.created.send(item.id, state=state)
    if state == "published":
        signals.published.send(item.id)


def _filled(given: Mapping[str, Any], author: Json) -> Json:
    """What is given with what may be left out."""
    filled = {name: value for name, value in given.items() if value not in (None, [], "")}
    comment = filled.get("user_comment")
    if (
        not filled.get("abstract")
        and isinstance(comment, Mapping)
        and isinstance(comment.get("comment"), str)
    ):
        filled["abstract"] = first_line(comment["comment"])
    filled.setdefault("contact_role", author["role"])
    contact = filled.get("contact")
    if contact is None or isinstance(contact, Mapping):
        own = {"expertise_level": author["expertise_level"]}
        if author["domains"]:
            own["application_domain"] = author["domains"]
        filled["contact"] = {**own, **{k: v for k, v in (contact or {}).items() if v is not None}}
    return filled


def first_line(text: str) -> str:
    """The beginning of a text, as a title of it."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + "..."
