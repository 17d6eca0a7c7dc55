"""The page on which mails on feedback are ended without signing in (RFC 8058: one click does)."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit
from flask import Blueprint, Response, make_response, request

from ..store import people
from . import tokens
from .events import EVERY
from .notices import drop_all

blueprint = Blueprint("nextgeoss_feedback_mails", __name__)
# mail programs send the form without having seen the page; the address is the proof
csrf.exempt(blueprint)


def mails(token: str) -> Response:
    """Ask whether mails shall end, or, by POST, end them or have them come once a week."""
    user_id = tokens.user_of(token, toolkit.config["SECRET_KEY"])
    user = model.User.get(user_id) if user_id else None
    if user is None or user.state != "active":
        toolkit.abort(404, toolkit._("This address is not one that we have sent."))
    done = ""
    if request.method == "POST":
        wanted = request.form.get("notify", "")
        done = wanted if wanted in EVERY else "off"
        _set(user.id, done)
    page = toolkit.render("feedback/mails.html", {"done": done})
    return _private(make_response(page))


def _set(user_id: str, often: str) -> None:
    session = model.Session()
    person = people.person(session, user_id)
    person.profile = {**person.profile, "notify": often}
    if often == "off":
        drop_all(session, user_id)
    session.commit()


def _private(answer: Any) -> Response:
    """Neither kept nor found by others, nor told to pages that are visited next."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


blueprint.add_url_rule("/feedback/mails/<token>", view_func=mails, methods=["GET", "POST"])
