"""Actions on saved searches: those that a user keeps, and what is new to them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config
from ..eo.formats import product_json
from ..search import saved
from ..search.alerts import news_of
from ..search.model import SavedSearch
from ..search.news import SETTLED, mark
from ..search.parameters import BadParameters, catalogue_query
from . import saved_search_schema as schema
from .caller import catalogue_of, errors_told
from .products import product_search

# letters of a query as JSON
MOST_LETTERS = 50_000
# which page of the result is asked for, not what is searched
_NOT_KEPT = ("offset", "cursor")


@toolkit.validate_action_data(schema.saved_search_create_schema)
def saved_search_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Keep a search, to run it again and to be told by mail of what is new to it.

    :param name: what it is called, at most 200 characters
    :param query: the parameters of `product_search` (an object), without `offset` and `cursor`
    :param alert: when mails are sent: none, daily, weekly, each (soon after something is new) (none)
    :returns: the search as `saved_search_show` gives it
    """
    toolkit.check_access("saved_search_create", context, data_dict)
    user_id = _caller(context)
    query = _query(data_dict["query"])
    session = model.Session()
    # one after the other, so that nobody saves more than he may
    session.query(model.User).filter_by(id=user_id).with_for_update().one()
    most = config.saved_searches()
    if len(saved.of_user(session, user_id)) >= most:
        raise toolkit.ValidationError({"name": [f"{most} searches are saved, which is as many as may be"]})
    row = saved.add(session, user_id, data_dict["name"], query, data_dict["alert"])
    shown = _shown(row)
    session.commit()
    return shown


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.saved_search_list_schema)
def saved_search_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the searches that the caller has saved, by name, each as `saved_search_show` gives it.

    :param user: id or name of another user; for sysadmins (optional)
    """
    toolkit.check_access("saved_search_list", context, data_dict)
    user_id = _caller(context)
    if name := data_dict.get("user"):
        user = model.User.get(name)
        if user is None:
            raise toolkit.ObjectNotFound(f"there is no user {name}")
        user_id = user.id
    return [_shown(row) for row in saved.of_user(model.Session(), user_id)]


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.saved_search_id_schema)
def saved_search_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one of the searches that the caller has saved.

    :param id: its id
    :returns: `id`, `name`, `query`, `alert` (none, daily, weekly, each), `user_id`, and as RFC 3339
        `created`, `modified`, `looked` (up to when `saved_search_check` has told what is new) and `alerted`
        (up to when mails have)
    """
    return _shown(_own("saved_search_show", context, data_dict))


@toolkit.validate_action_data(schema.saved_search_update_schema)
def saved_search_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change one of the searches that the caller has saved; what is not given stays as it is.

    Who switches mails on or changes the query is told of what is new from now on.

    :param id: its id
    :param name: what it is called (optional)
    :param query: the parameters of `product_search` (an object, optional)
    :param alert: when mails are sent: none, daily, weekly, each (optional)
    :returns: the search as `saved_search_show` gives it
    """
    row = _own("saved_search_update", context, data_dict)
    query = _query(data_dict["query"]) if "query" in data_dict else row.query
    alert = data_dict.get("alert", row.alert)
    session, present = model.Session(), saved.now()
    if query != row.query or (row.alert == "none" and alert != "none"):
        saved.set_alerted(row, mark(session.connection(), present))
    if query != row.query:
        saved.set_looked(row, mark(session.connection(), present))
    row.name, row.query, row.alert = data_dict.get("name", row.name), query, alert
    row.modified = present
    shown = _shown(row)
    session.commit()
    return shown


@toolkit.validate_action_data(schema.saved_search_id_schema)
def saved_search_delete(context: Context, data_dict: dict[str, Any]) -> None:
    """Forget one of the searches that the caller has saved.

    :param id: its id
    """
    row = _own("saved_search_delete", context, data_dict)
    model.Session().delete(row)
    model.Session().commit()


@toolkit.side_effect_free
@toolkit.validate_action_data(schema.saved_search_run_schema)
def saved_search_run(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the products that a saved search finds now and the caller may see.

    :param id: its id
    :param limit: how many at most (as the search says, or 20)
    :param offset: how many to leave out (0)
    :param cursor: `next_cursor` of the answer before
    :returns: the answer of `product_search`
    """
    row = _own("saved_search_run", context, data_dict)
    page = {name: data_dict[name] for name in ("limit", "offset", "cursor") if name in data_dict}
    return product_search(toolkit.fresh_context(context), {**row.query, **page})


@toolkit.validate_action_data(schema.saved_search_check_schema)
def saved_search_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what is new or changed in a saved search since this action was last called for it, the latest
    change first. A product is told one minute after it can be found.

    :param id: its id
    :param limit: how many products at most (20; up to 1000)
    :param keep: true leaves the time of the last look as it was (false)
    :returns: `since` and `until` (RFC 3339), `count`, and `results`, products as `product_show` gives them
    """
    row = _own("saved_search_check", context, data_dict)
    session, since = model.Session(), saved.looked(row)
    until = max(since.indexed, saved.now() - SETTLED)
    known = mark(session.connection(), until)
    with errors_told():
        news = news_of(catalogue_of(context), row, since, until, data_dict["limit"])
    if news.problem:
        raise toolkit.ValidationError({"query": [news.problem]})
    if not data_dict["keep"]:
        saved.set_looked(row, known)
        session.commit()
    pairs = zip(news.page.products, news.page.entries, strict=True)
    return {
        "since": _time(since.indexed),
        "until": _time(until),
        "count": news.total,
        "results": [product_json.write(*pair) for pair in pairs],
    }


def _caller(context: Context) -> str:
    """The id of the user who calls."""
    user = model.User.get(context.get("user") or "")
    if user is None:
        raise toolkit.NotAuthorized("saved searches belong to a user; sign in")
    return user.id


def _own(action: str, context: Context, data_dict: dict[str, Any]) -> SavedSearch:
    """The search that is meant; one of somebody else is not found, like one that does not exist."""
    missing = toolkit.ObjectNotFound(f"there is no saved search {data_dict['id']}")
    try:
        toolkit.check_access(action, context, data_dict)
    except toolkit.NotAuthorized:
        if model.User.get(context.get("user") or "") is None:
            raise
        raise missing from None
    row = saved.find(model.Session(), data_dict["id"])
    if row is None:
        raise missing
    return row


def _query(given: Any) -> dict[str, Any]:
    """The parameters of a search, as they are kept; ValidationError names each that is not allowed."""
    if isinstance(given, str):
        with suppress(ValueError):
            given = json.loads(given)
    if not isinstance(given, dict):
        raise toolkit.ValidationError({"query": ["an object with parameters of product_search is expected"]})
    if len(json.dumps(given)) > MOST_LETTERS:
        raise toolkit.ValidationError({"query": [f"at most {MOST_LETTERS} letters are allowed"]})
    reasons = [f"{name}: is not kept; give it to saved_search_run" for name in _NOT_KEPT if name in given]
    try:
        catalogue_query(given, config.eo_properties())
    except BadParameters as error:
        reasons += [f"{name}: {reason}" for name, reason in error.reasons.items()]
    if reasons:
        raise toolkit.ValidationError({"query": reasons})
    return given


def _shown(row: SavedSearch) -> dict[str, Any]:
    times = {name: _time(getattr(row, name)) for name in ("created", "modified", "looked", "alerted")}
    told = {name: getattr(row, name) for name in ("id", "name", "query", "alert", "user_id")}
    return told | times


def _time(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds") + "Z"
