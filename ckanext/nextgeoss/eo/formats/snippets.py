"""A search as code that people copy: whole programs, which print how many products there are and the
identifiers of the first ones. What was asked stands in them as literals of the language, never as code."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from pprint import pformat
from typing import Any, cast

_WIDTH = 88


def curl(address: str, asked: Mapping[str, Any]) -> str:
    """A GET of a shell; several values of a parameter are given one by one."""
    parts = [f"curl -sG {shlex.quote(address)}"]
    parts += [f"    --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in _pairs(asked)]
    return " \\\n".join(parts) + "\n"


def requests(action: str, asked: Mapping[str, Any]) -> str:
    """The action API by requests, page after page."""
    return f"""import requests

asked = {_literal(asked)}
while True:
    found = requests.post({action!r}, json=asked, timeout=60).json()["result"]
    for product in found["results"]:
        print(product["id"])
    if not found["next_cursor"]:
        break
    asked["cursor"] = found["next_cursor"]
print(found["count"], "products")
"""


def pystac_client(stac: str, asked: Mapping[str, Any]) -> str:
    """STAC by pystac-client; the members of a search are its arguments."""
    return f"""from pystac_client import Client

catalogue = Client.open({stac!r})
search = catalogue.search(
{_arguments(asked)})
for item in search.items():
    print(item.id)
print(search.matched(), "products")
"""


def eodag(stac: str, collection: str, asked: Mapping[str, Any]) -> str:
    """The products of one collection by eodag, which needs to be told of the hub first."""
    provider = (
        "hub:\n"
        f"  search: {{type: StacSearch, api_endpoint: {stac}/search, need_auth: false}}\n"
        "  products: {GENERIC_COLLECTION: {_collection: '{collection}'}}\n"
        "  download: {type: HTTPDownload}\n"
    )
    return f'''from eodag import EODataAccessGateway

dag = EODataAccessGateway()
dag.update_providers_config("""
{provider}""")
found = dag.search(
    provider="hub",
    collection={collection!r},
    count=True,
{_arguments(asked)})
for product in found:
    print(product.properties["id"])
print(found.number_matched, "products")
'''


def owslib(description: str, media_type: str, asked: Mapping[str, Any]) -> str:
    """OpenSearch by OWSLib, from a description document of the hub."""
    return f"""from owslib.opensearch import OpenSearch

hub = OpenSearch({description!r})
found = hub.search(
    {media_type!r},
{_arguments(asked)})
for feature in found["features"]:
    print(feature["properties"]["identifier"])
print(found["totalResults"], "products")
"""


def _pairs(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in asked.items():
        values = cast(list[Any], value) if isinstance(value, list) else [value]
        yield from ((name, str(each)) for each in values)


def _literal(value: Any) -> str:
    return pformat(value, width=_WIDTH, sort_dicts=False)


def _arguments(asked: Mapping[str, Any]) -> str:
    """Keyword arguments, one a line. Names are those of our APIs, all of them names of Python too."""
    lines = (f"{name}={_literal(value)}," for name, value in asked.items())
    return "".join(f"    {line}\n" for line in "\n".join(lines).splitlines())


def json_text(value: Any) -> str:
    """A value as JSON in an address."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
