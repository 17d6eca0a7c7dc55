"""What our API asks Solr, so that Solr can be asked the same without us.

`_solr_asked.py INI FILE` reads requests and the path they go below, as JSON, puts them to the site in this
process, and prints what it would have asked Solr for each. Solr sees none of it: its caches stay as they
are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import urllib3
from _load import Request
from ckan.cli import load_config
from ckan.config.middleware import make_app

_NOTHING = {
    "responseHeader": {"status": 0},
    "response": {"numFound": 0, "start": 0, "docs": []},
    "nextCursorMark": "*",
}


class Asked:
    """Notes what goes to /select and lets everything else pass."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self._pass = urllib3.PoolManager.request

    def request(self, pool: Any, method: str, url: str, **options: Any) -> Any:
        """In place of the method of PoolManager."""
        if not url.endswith("/select"):
            return self._pass(pool, method, url, **options)
        self.bodies.append(options["body"].decode())
        return urllib3.HTTPResponse(json.dumps(_NOTHING).encode(), status=200, preload_content=True)


def bodies(ini: str, path: str, requests: list[Request]) -> list[str]:
    """The body of the first /select of each request."""
    app = make_app(load_config(ini))
    client: Any = app._wsgi_app.test_client()  # type: ignore[attr-defined]
    asked = Asked()
    urllib3.PoolManager.request = lambda *given, **options: asked.request(*given, **options)  # type: ignore[method-assign]
    found: list[str] = []
    for request in requests:
        asked.bodies.clear()
        if request.body:
            client.post(path + request.path, data=request.body, content_type=request.kind)
        else:
            client.get(path + request.path)
        found.append(asked.bodies[0])
    return found


def main() -> None:
    """Read requests, print bodies."""
    ini, file = sys.argv[1:]
    given = json.loads(Path(file).read_text())
    print(json.dumps(bodies(ini, given["path"], [Request(**each) for each in given["requests"]])))


if __name__ == "__main__":
    main()
