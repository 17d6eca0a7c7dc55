"""Actions on what others wrote: answer, answer for the provider, accept an answer, vote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config
from ..model import Item, Target
from ..states import MOST_DEPTH, PUBLISHED
from ..store import items, reactions
from ..store.counting import counted
from ..store.targets import targets_of
from . import shown, signals, writing
from .caller import caller_of, existing, limit, may, still_there, told, user_of, writer_of
from .rights import moderates_all
from .schema import answers as schema
from .schema.values import validated


def feedback_reply(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer an item.

    :param id: the item that is answered
    :param comment: the words
    :param motivation: comment, answer, resolution (answer to a question, else comment)
    :param abstract: a title (the beginning of the words)
    :param once: a word that tells this sending from others, as in `feedback_create` (optional)
    :returns: the answer as `feedback_show` gives it
    """
    own = validated(schema.feedback_reply_schema, data_dict, None, context)
    above = existing("feedback_reply", context, own)
    usual = "answer" if above.motivation == "question" else "comment"
    return _answer(context, above, own, own.get("motivation") or usual, None)


def feedback_respond(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer an item for the provider of the dataset, as its organization.

    :param id: the item that is answered
    :param comment: the words
    :param abstract: a title (the beginning of the words)
    :param once: a word that tells this sending from others, as in `feedback_create` (optional)
    :returns: the answer as `feedback_show` gives it
    """
    own = validated(schema.feedback_respond_schema, data_dict, None, context)
    above = existing("feedback_respond", context, own)
    return _answer(context, above, own, items.RESPONSE, _organization(context, above))


def feedback_accept_answer(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Accept an answer as the best to a question, in place of one that was accepted before.

    :param id: the answer
    :returns: the question as `feedback_show` gives it
    """
    own = validated(schema.feedback_accept_answer_schema, data_dict, None, context)
    answer = existing("feedback_accept_answer", context, own)
    session, question_id = model.Session(), answer.root_id or ""
    question = items.find(session, question_id)
    if question is None or question.motivation != "question":
        raise toolkit.ValidationError({"id": [toolkit._("Only answers to questions can be accepted.")]})
    before = question.accepted_id
    user = user_of(context)
    while not _accept(question_id, answer.id, before, user.id if user else None):
        again = still_there(question_id)  # somebody has accepted another one meanwhile
        before = again.accepted_id
    signals.accepted.send(answer.id, question=question_id)
    return shown.document(still_there(question_id), caller_of(context))


def _accept(question_id: str, answer_id: str, before: str | None, actor: str | None) -> bool:
    """Accept an answer in place of the one before, and commit; False when another one was accepted meanwhile.
    What is changed is locked at once, in one order for all."""
    session = model.Session()
    with counted(session, {question_id, answer_id, before or answer_id}):
        question, accepted = still_there(question_id), still_there(answer_id)
        if is_same := question.accepted_id == before:
            if accepted.state != PUBLISHED:
                session.rollback()
                raise toolkit.ValidationError({"id": [toolkit._("The answer is not published any more.")]})
            if before and before != answer_id and (old := items.find(session, before)):
                items.set_motivation(old, items.RESPONSE if old.organization_id else items.ANSWER)
            items.set_motivation(accepted, items.ACCEPTED)
            question.accepted_id = answer_id
            if before != answer_id:
                items.log(session, accepted, accepted.state, "accept", actor_id=actor)
    session.commit()
    return is_same


def feedback_vote(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say that an item is helpful, or not.

    :param id: its id
    :param value: 1 (helpful), -1 (not), 0 takes the vote back
    :returns: `id`, `up`, `down`, `mine`
    """
    own = validated(schema.feedback_vote_schema, data_dict, None, context)
    existing("feedback_vote", context, own)
    _, caller = writer_of(context)
    limit("reactions", config.reactions_per_hour(), caller)
    session = model.Session()
    items.find(session, own["id"], lock=True)
    item = still_there(own["id"])
    assert caller.user_id
    reactions.vote(session, item, caller.user_id, own["value"])
    session.commit()
    return {"id": item.id, "up": item.votes_up, "down": item.votes_down, "mine": own["value"]}


def _answer(
    context: Context, above: Item, own: Mapping[str, Any], motivation: str, organization: str | None
) -> dict[str, Any]:
    user, caller = writer_of(context)
    sent_as = writing.sent_as(caller, above.id, own.get("once", ""))
    if sent_as and (made := writing.made_of(sent_as)):
        return shown.document(made, caller)
    author = writing.author_of(user)
    item = writing.new_item(user, author, sent_as)
    item.root_id, item.reply_to_id = above.root_id or above.id, above.id
    item.depth = min(above.depth + 1, MOST_DEPTH)
    item.organization_id = organization
    given = {"user_comment": {"comment": own.get("comment"), "motivation": motivation}}
    if own.get("abstract"):
        given["abstract"] = own["abstract"]
    rows = [_same_target(row) for row in targets_of(model.Session(), [above.id])[above.id]]
    with told():
        whole = writing.checked(given, item, above.parts["target"], author)
        limit("items", config.items_per_hour(), caller)
        trusted = organization is not None or moderates_all(caller, rows)
        writing.send(context, caller, user, item, whole, rows, moderator=trusted)
    if organization is not None:
        signals.responded.send(item.id, to=above.id)
    return shown.document(item, caller)


def _same_target(row: Target) -> Target:
    names = ("position", "role", "kind", "package_id", "resource_id", "code", "code_space", "title",
             "owner_org", "private", "gone")  # fmt: skip
    return Target(**{name: getattr(row, name) for name in names}, own=False)


def _organization(context: Context, above: Item) -> str:
    """The organization for which the caller answers: that of the first dataset that he may change."""
    for row in targets_of(model.Session(), [above.id])[above.id]:
        if row.package_id and may("package_update", context, {"id": row.package_id}):
            return row.owner_org or ""
    return ""
