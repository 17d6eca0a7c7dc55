"""A hub without the plugin of feedback has all its other pages, without a trace of it: a process of its own
is started with the other plugins, on the same database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.tests.feedback import Hub, make_hub, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting

PLUGINS = "nextgeoss nextgeoss_harvester activity harvest spatial_metadata scheming_datasets dcat"
# what tells of feedback in a page
# names of style classes as they stand in attributes: collections of other tests have any letters in theirs
TRACES = ("feedback", '"fb-', " fb-", "label.svg", "best rated", "guf_", "fit_for", "open_issues")
SITE = """
import json, sys
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan import model
from sqlalchemy import event

app = make_app(CKANConfigLoader(sys.argv[1]).get_config())
client, asked = app._wsgi_app.test_client(), []
event.listen(model.ensure_engine(), "before_cursor_execute", lambda *said: asked.append(said[2]))
told = []
for who, path in json.load(sys.stdin):
    answer = client.get(path, headers={"Authorization": who} if who else {}, follow_redirects=True)
    told.append([answer.status_code, answer.get_data(as_text=True)])
json.dump({"pages": told, "queries": asked}, open(sys.argv[2], "w"))
"""


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.fixture()
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Asks the other site for pages, (who, path) each: status and text of each, and the queries made."""
    ini, script, answer = (tmp_path / name for name in ("without.ini", "site.py", "answer.json"))
    given = Path(request.config.getoption("--ckan-ini")).resolve()
    ini.write_text(f"[app:main]\nuse = config:{given}\nckan.plugins = {PLUGINS}\n")
    script.write_text(SITE)

    def asked(*pages: tuple[str, str]) -> Any:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CKAN")}
        done = subprocess.run(
            [sys.executable, str(script), str(ini), str(answer)], input=json.dumps(pages),
            capture_output=True, text=True, env=environment, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        assert "Traceback" not in done.stderr + done.stdout, done.stderr[-3000:]
        return json.loads(answer.read_text())

    return asked


def test_all_other_pages_are_there(hub: Hub, ask: Any) -> None:
    name = f"c_{uuid4().hex[:8]}"
    collection = call_action(
        "package_create", {"user": hub.sysadmin}, type="eo_collection", name=name, title="Collection",
        collection_id=name, owner_org=hub.organization["id"],
    )  # fmt: skip
    product = hub.product(name, f"P_{uuid4().hex}")
    data = hub.dataset(resources=[{"url": "https://a.example/x.csv", "name": "Table"}])
    for about in (collection, product, data):  # there it has something to tell
        hub.review(hub.people["author"], about, 4, usage=problem(), abstract=f"On {about['name']}")
    index_waiting()
    token = factories.APIToken(user=hub.people["editor"])["token"]
    resource = f"/dataset/{data['name']}/resource/{data['resources'][0]['id']}"
    paths = (
        "/", "/dataset/", f"/dataset/?collection={name}", f"/dataset/{product['name']}",
        f"/dataset/{data['name']}", resource, "/collection", f"/collection/{name}", "/organization/",
        f"/organization/{hub.organization['name']}", "/group/", f"/user/{hub.people['editor']}",
        "/opensearch/description.xml?osdd=dataset", f"/stac/collections/{name}", "/records", "/apis",
    )  # fmt: skip
    own = ("/dashboard/", "/dashboard/datasets", f"/dataset/edit/{data['name']}", "/user/edit")
    asked = [(who, path) for who in ("", token) for path in paths] + [(token, path) for path in own]
    told = ask(*asked, *(("", path) for path in gone(hub, data)), ("", "/api/3/action/feedback_list"))
    for (_, path), (status, text) in zip(asked, told["pages"], strict=False):
        assert status == 200, (path, status, text[-2000:])
        found = [trace for trace in TRACES if trace in text.lower()]
        assert found == [], (path, found)
    rest = [status for status, _ in told["pages"][len(asked) :]]
    assert rest == [404] * (len(rest) - 1) + [400]
    assert [query for query in told["queries"] if "nextgeoss_feedback" in query] == []
    assert any("package" in query for query in told["queries"])


def gone(hub: Hub, data: dict[str, Any]) -> list[str]:
    """Pages of feedback."""
    dataset = f"/dataset/{data['name']}"
    return [
        "/feedback", "/feedback/mine", f"{dataset}/feedback", f"{dataset}/label.svg",
        f"{dataset}/feedback/widget", f"/organization/{hub.organization['name']}/feedback",
    ]  # fmt: skip
