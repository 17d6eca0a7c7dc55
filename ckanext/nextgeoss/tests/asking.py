"""Pages of the hub as its people ask for them, for tests of feedback."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories

from ckanext.nextgeoss.feedback.helpers import feedback_stamp
from ckanext.nextgeoss.tests.feedback import Hub

_LIMITS = ("least_seconds", "items_per_hour", "reactions_per_hour")


def asker(app: Any, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks for pages as a user of the hub, "" for a visitor; a form is sent with what the page has hidden."""
    for option in _LIMITS:
        monkeypatch.setitem(toolkit.config, f"ckanext.nextgeoss.feedback.{option}", 0)
    tokens: dict[str, str] = {}

    def asked(kind: str, path: str, form: Any = None, status: Any = 200) -> Any:
        headers = {}
        if kind:
            user = hub.people.get(kind, kind)
            tokens.setdefault(user, factories.APIToken(user=user)["token"])
            headers["Authorization"] = tokens[user]
        if form is None:
            answer = app.get(path, headers=headers, follow_redirects=False)
        else:
            given = {"opened": feedback_stamp(), **form}
            answer = app.post(path, data=given, headers=headers, follow_redirects=False)
        assert answer.status_code in (status if isinstance(status, tuple) else (status,)), (
            path,
            answer.status_code,
            answer.body[:2000],
        )
        return answer

    return asked


def url(view: str, **parts: str) -> str:
    """The address of a page of feedback."""
    return toolkit.url_for(f"nextgeoss_feedback.{view}", **parts)
