"""The requests that docs/apis.md and docs/feedback.md show are answered."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ckanext.nextgeoss.eo.parameters import unknown
from ckanext.nextgeoss.search.parameters import asked_rows
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.core.strategies import ROWS

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "apis.md").read_text("utf-8")
HUB = "http://127.0.0.1:5000"
# a command goes on to the next one, as what it sends may have lines of its own
COMMANDS = [
    command.strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE + (DOCS / "feedback.md").read_text("utf-8"), re.S)
    for command in re.split(r"^(?=\w+ )", block.replace("\\\n", " "), flags=re.M)
    if command.startswith("curl ")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_request_is_answered(catalogue: Catalogue, site: Any, command: str) -> None:
    words = iter(shlex.split(command.replace("$TOKEN", catalogue.token))[1:])
    fields, given, headers, address, flags, method = [], [], {}, "", "", ""
    for word in words:
        if word == "--data-urlencode":
            fields.append(tuple(next(words).split("=", 1)))
        elif word in ("-d", "--data"):
            given.append(next(words))
        elif word == "-X":
            method = next(words)
        elif word == "-o":
            next(words)
        elif word in ("-H", "--header"):
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word.startswith(HUB):
            address = word.removeprefix(HUB)
        else:
            assert re.fullmatch("-[sGIg]+", word), word
            flags += word
    address = address.replace("PRODUCT", catalogue.name("north"))
    # only a collection that is there has a document
    address = address.replace("osdd=sentinel-2-l2a", f"osdd={catalogue.collection}")
    for api in ("features", "records"):
        within = f"/{api}/collections/"
        address = address.replace(f"{within}sentinel-2-l2a", f"{within}{catalogue.collection}")
    if method or (given and "G" not in flags):
        # in a collection that is there
        address = address.replace("/collections/sentinel-2-l2a", f"/collections/{catalogue.collection}")
        sent = "&".join(given)
        answer = site.flask_app.test_client().open(
            address, method=method or "POST", data=sent, headers=headers
        )
        assert 200 <= answer.status_code < 300, answer.text
        return
    asked = "&".join(filter(None, (urlencode(fields), *given)))
    site.get(f"{address}?{asked}" if asked else address, headers=headers, status=200)


def test_each_parameter_of_a_search_is_in_the_table() -> None:
    section = PAGE.partition("\n## Products\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", section, re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert not unknown(named, asked_rows(ROWS))
    assert {"q", "bbox", "time_relation", "latest", "cursor", "facets", "topic"} <= named
