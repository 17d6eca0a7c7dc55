"""What a new hub needs from CKAN itself: `first_start INI sysadmin|demo`, with the value on standard input.

A program of its own, because loading CKAN costs seconds that most commands need not spend.
"""

from __future__ import annotations

import json
import sys

from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit
from ckan.types import Context

ORGANIZATION = "nextgeoss-demo"


def _context() -> Context:
    return {
        "ignore_auth": True,
        "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"],
    }


def make_sysadmin(password: str) -> None:
    """Make the user `admin` a sysadmin with `password`, when there is none of that name."""
    if model.User.get("admin"):
        return
    user = {"name": "admin", "email": "admin@localhost.localdomain", "password": password}
    toolkit.get_action("user_create")(_context(), user)
    admin = model.User.get("admin")
    assert admin
    admin.sysadmin = True
    model.repo.commit_and_remove()


def add_demo(url: str) -> str:
    """Register the demo provider at `url` as a harvest source, start its harvest, give the source's id."""
    if not model.Group.get(ORGANIZATION):
        organization = {"name": ORGANIZATION, "title": "NextGEOSS demo"}
        toolkit.get_action("organization_create")(_context(), organization)
    config = {"provider": "nextgeoss_demo", "url": url}
    source = {
        "name": "nextgeoss-demo",
        "title": "NextGEOSS demo catalogue",
        "url": url,
        "source_type": "nextgeoss",
        "owner_org": ORGANIZATION,
        "frequency": "MANUAL",
        "config": json.dumps(config),
    }
    made = toolkit.get_action("harvest_source_create")(_context(), source)
    toolkit.get_action("harvest_job_create")(_context(), {"source_id": made["id"], "run": True})
    return made["id"]


def main() -> None:
    """Do what the arguments say."""
    path, task = sys.argv[1:]
    value = sys.stdin.read().strip()
    app = make_app(load_config(path))
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        result = make_sysadmin(value) if task == "sysadmin" else add_demo(value)
    print(result or "")  # noqa: T201


if __name__ == "__main__":
    main()
