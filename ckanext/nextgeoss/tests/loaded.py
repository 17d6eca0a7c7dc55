"""CKAN with its plugins, loaded once for all tests of a process: that takes seconds."""

from __future__ import annotations

from typing import Any

import ckan.model.user
from ckan.plugins.core import get_plugin, load_all
from ckan.tests.helpers import CKANTestApp, _get_test_app

# the passwords of users of tests are no secrets: to hash one took most of the time that a user took
ckan.model.user.pbkdf2_sha512 = ckan.model.user.pbkdf2_sha512.using(rounds=1)  # type: ignore[attr-defined]

# the plugin that was loaded last by us, and the application that was made with it
_state: dict[str, Any] = {"plugin": None, "app": None}


def load_plugins() -> None:
    """Load the plugins of the configuration, unless they are as we have loaded them."""
    if _state["plugin"] is None or _state["plugin"] is not get_plugin("nextgeoss"):
        load_all()
        _state.update(plugin=get_plugin("nextgeoss"), app=None)


def site_app() -> CKANTestApp:
    """CKAN's application, made once, behind a client of the caller's own."""
    load_plugins()
    if _state["app"] is None:
        app = _get_test_app().app
        _state.update(plugin=get_plugin("nextgeoss"), app=app)  # CKAN loads its plugins again
    return CKANTestApp(_state["app"])
