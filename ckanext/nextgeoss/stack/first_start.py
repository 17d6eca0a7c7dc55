"""What a hub needs from CKAN itself before it starts: tables, a sysadmin, the demo source.

`python -m ckanext.nextgeoss.stack.first_start INI`, with {"password": ..., "demo": URL or ""} on standard
input; the last line printed is the demo source's id, empty when nothing is to be harvested. A program of its
own, because loading CKAN costs seconds that most starts need not spend.
"""

from __future__ import annotations

import json
import sys

from ckan import model
from ckan.cli import load_config
from ckan.cli.db import upgrade
from ckan.config.middleware import make_app
from ckan.plugins import toolkit
from ckan.types import Context

SOURCE = "nextgeoss-demo-source"
ORGANIZATION = {
    "name": "nextgeoss-demo",
    "title": "NextGEOSS demo",
    "description": "Products of the project's own making, served by its own simulator.",
}


def _context() -> Context:
    site_user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": site_user["name"]}


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
    """Register the demo provider at `url` in an empty catalogue and start its harvest; its id or ''."""
    if (source := model.Package.get(SOURCE)) is None:
        if model.Session.query(model.Package).first():
            return ""
        return _harvest(_make_source(url))
    # an earlier start may have been killed between the source and its job
    jobs = toolkit.get_action("harvest_job_list")(_context(), {"source_id": source.id})
    return "" if jobs else _harvest(source.id)


def _harvest(source: str) -> str:
    toolkit.get_action("harvest_job_create")(_context(), {"source_id": source, "run": True})
    return source


def _make_source(url: str) -> str:
    if not model.Group.get(ORGANIZATION["name"]):
        toolkit.get_action("organization_create")(_context(), dict(ORGANIZATION))
    source = {
        "name": SOURCE,
        "title": "NextGEOSS demo catalogue",
        "url": url,
        "source_type": "nextgeoss",
        "owner_org": ORGANIZATION["name"],
        "frequency": "MANUAL",
        "config": json.dumps({"provider": "nextgeoss_demo", "url": url}),
    }
    return toolkit.get_action("harvest_source_create")(_context(), source)["id"]


def main() -> None:
    """Do what standard input says."""
    wanted = json.load(sys.stdin)
    app = make_app(load_config(sys.argv[1]))
    upgrade.main(args=[], standalone_mode=False)
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        make_sysadmin(wanted["password"])
        source = add_demo(wanted["demo"]) if wanted["demo"] else ""
    print(source)  # noqa: T201


if __name__ == "__main__":
    main()
