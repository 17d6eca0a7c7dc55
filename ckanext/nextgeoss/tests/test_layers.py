"""Who may import what: doors to the outside, and levels of which each imports only those to its left.

A new file is plain until it is entered here; that is the place to argue why it needs a door.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "ckanext.nextgeoss"

# what people see of harvests: pages, commands, messages
SEEN = (
    "harvesters/again.py",
    "harvesters/foreground.py",
    "harvesters/rehearsal.py",
    "harvesters/pruning.py",
    "harvesters/notifying.py",
    "harvesters/job_page.py",
    "harvesters/sources.py",
    "harvesters/commands.py",
    "harvesters/commands/*",
    "harvesters/measuring.py",
    # sources and datasets of the original hub
    "harvesters/migrating.py",
    "harvesters/migrating_datasets.py",
    "harvesters/status_page.py",
    "harvesters/moved_batch.py",
    "harvesters/moved_singly.py",
)
# the engine, which stands on ckanext-harvest, and the statistics of its jobs, told in products
HARVEST = (
    "harvesters/harvester.py", "harvesters/gathering.py", "harvesters/importing.py", "harvesters/terms.py",
    "harvesters/writer.py", "harvesters/classic.py", "harvesters/claims.py", "harvesters/writers.py",
    "harvesters/batch.py", "harvesters/bulk.py", "harvesters/suitability.py",
    "harvesters/plugin.py", "harvesters/logic/*",
    "harvesters/hints.py", "harvesters/runs.py", "harvesters/closing.py", "harvesters/repair.py",
    "harvesters/activities.py", *SEEN,
)  # fmt: skip
# what asks CKAN for the documents of datasets, and the commands that run it
INDEX = (
    "search/alert_commands.py",
    "search/alerts.py",
    "search/by_ckan.py",
    "search/commands.py",
    "search/documents.py",
    "search/plugin_hooks.py",
    "search/setwise.py",
)
CKAN = (
    "plugin.py", "*/plugin.py", "cli.py", "*/cli.py", "config.py", "helpers.py", "interfaces.py", "logic/*",
    "views/*", *HARVEST, "harvesters/bulk.py", "harvesters/client.py", "harvesters/collections.py",
    "harvesters/logic/*", "harvesters/source_form.py", "harvesters/topics.py", "harvesters/slice_run.py",
    "harvesters/rdf.py", "harvesters/reconciling.py", "harvesters/withdrawing.py", "harvesters/retiring.py",
    "search/catalogue.py", "search/hooks.py", "search/titles.py", *INDEX, "stack/*", "migration/*",
    "rates.py", "feedback/commands.py", "feedback/logic/*", "feedback/views/*", "feedback/config.py",
    "feedback/helpers.py", "feedback/quality/action.py", "feedback/quality/schema.py",
    "feedback/quality/commands.py", "feedback/quality/schedule.py", "site_hosts.py",
    "feedback/notify/commands.py", "feedback/notify/jobs.py",
    "feedback/notify/sending.py", "feedback/notify/views.py", "feedback/notify/wording.py",
)  # fmt: skip
# how an index takes footprints
CELLS = ("eo/cells.py", "eo/placed.py")
SERVERS = ("stack/*",)

# what is met outside, and the files that may
DOORS: dict[str, tuple[str, ...]] = {
    "ckan": CKAN,
    "ckanext.harvest": (*HARVEST, "harvesters/bulk.py"),
    "ckanext.activity": ("harvesters/activities.py",),
    # its parsers of RDF, which import CKAN; the protocol imports this file only when it reads an answer
    "ckanext.dcat": ("harvesters/rdf.py", "feedback/dcat.py"),
    "rdflib": ("feedback/dcat.py",),
    "ckanext.scheming": ("config.py", "plugin.py", "helpers.py", "harvesters/suitability.py"),
    "sqlalchemy": (
        "harvesters/model.py", "harvesters/ledger.py", "harvesters/offered.py", "harvesters/steps.py",
        "harvesters/lease.py", "harvesters/bulk.py", "harvesters/report.py", "harvesters/records.py",
        "harvesters/pruning.py",
        "harvesters/tally.py", "harvesters/told.py", "harvesters/measuring.py", "harvesters/tables.py",
        "harvesters/fingerprint.py", "harvesters/invariants.py", "harvesters/retiring.py",
        "harvesters/status_page.py",
        "search/model.py", "search/moved.py", "search/named.py", "search/outbox.py", "search/indexer.py",
        "migration/*",
        "feedback/model.py", "feedback/moderation_model.py", "feedback/store/*",
        "feedback/notify/spreading.py", "feedback/notify/notices.py", "feedback/notify/unanswered.py",
        # all rows of a batch by one query a table is what makes it fast; the others hand a connection on
        "search/rows.py", "search/documents.py", "search/setwise.py", "search/commands.py",
        "search/compare.py", "search/rebuild.py", "search/saved.py", "search/news.py",
        # runs of checks go through the whole catalogue
        "feedback/quality/model.py", "feedback/quality/store.py", "feedback/quality/around.py",
        "feedback/quality/link_store.py", "feedback/quality/link_runs.py", "feedback/quality/runs.py",
        "feedback/quality/reports.py", "feedback/quality/commands.py", "feedback/quality/schedule.py",
        "feedback/quality/broken.py",
    ),
    "psycopg2": ("harvesters/bulk.py", "harvesters/tables.py", *SERVERS),
    "alembic": ("migration/*",),
    "cql2": ("eo/cql2_text.py",),
    "lxml": ("eo/xml.py",),
    # what makes a geometry a footprint; areas.py is the index of many areas, which asks with footprints;
    # soundness.py judges geometries that may not be footprints
    "shapely": ("eo/footprint.py", "eo/mending.py", "eo/areas.py", "eo/soundness.py", *CELLS),
    "cachetools": ("remembering.py",),
    "numpy": ("eo/mending.py", "eo/areas.py", *CELLS),
    "flask": ("views/*", "feedback/views/*", "feedback/notify/views.py", "feedback/notify/wording.py"),
    # what people write comes out clean
    "nh3": ("feedback/helpers.py",),
    "markupsafe": ("feedback/helpers.py",),
    "requests": ("transport.py",),
    "ftplib": ("ftp.py",),
    "orjson": (
        "harvesters/*", "search/*", "eo/fast_json.py", "eo/formats/*",
        "views/dhus.py", "views/stac/answers.py", "views/stac/changes.py", "views/ogc/answers.py",
    ),
    "urllib3": ("transport.py", "search/solr.py"),
    "werkzeug": ("views/*", "feedback/views/*"),
    "babel": ("helpers.py", "i18n/extract.py"),
    "polib": ("i18n/catalogues.py",),
    "redis": (
        "site_hosts.py", "harvesters/measuring.py", "harvesters/hints.py", "manners/answers.py",
        "manners/shared.py", "manners/latencies.py", "rates.py",
    ),
    "click": (
        "cli.py", "*/cli.py", "harvesters/commands/*", "harvesters/commands.py", "feedback/commands.py",
        *SERVERS,
        "search/commands.py", "search/alert_commands.py", "feedback/quality/commands.py",
        "feedback/notify/commands.py",
    ),
    "prometheus_client": ("harvesters/metrics.py",),
    # an extra of who harvests such files
    "pyarrow": ("harvesters/protocols/geoparquet.py",),
    "yaml": ("*",),
    # of the standard library
    # ftp.py cuts a connection whose server trickles
    "socket": ("addresses.py", "ftp.py", "demo/simulator.py", *SERVERS),
    "ssl": SERVERS,
    "http.client": ("transport.py", *SERVERS),
    "urllib.request": SERVERS,
    "subprocess": SERVERS,
    "http.server": ("demo/*", *SERVERS),
}  # fmt: skip

# from left to right; those on one level do not import each other
LEVELS: tuple[tuple[str, ...], ...] = (
    ("eo",),
    ("addresses", "remembering"),
    ("messages",),
    ("manners", "transport"),
    ("ftp", "resources"),
    ("package", "http"),
    ("config", "interfaces", "rates"),
    ("search", "site_hosts"),
    ("harvesters", "feedback", "logic", "demo"),
    ("helpers",),
    ("views",),
    ("cli", "stack", "migration", "i18n"),
    ("plugin",),
)
LEVEL_OF = {name: number for number, names in enumerate(LEVELS) for name in names}

# a plain value object has no clock, no chance and no machine
NOT_IN_EO = ("time", "random", "os", "secrets", "socket", "subprocess", "threading", "logging", "tempfile")


def imports(source: str, module: str, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Line and full name of all that a module of ours imports, in functions and strings of importlib too."""
    parent = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = parent.split(".")[: len(parent.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__") and node.args:
            name = node.args[0]
            told = name.value if isinstance(name, ast.Constant) else "?"
            yield node.lineno, str(told)


def complaints(path: str, source: str) -> list[str]:
    """What is wrong with the imports of the file at `path` (under the package, such as eo/product.py)."""
    parts = path.removesuffix(".py").split("/")
    is_package = parts[-1] == "__init__"
    module = ".".join([PACKAGE, *(parts[:-1] if is_package else parts)])
    found: list[str] = []
    for line, name in imports(source, module, is_package):
        reason = _own(path, name) if _is(name, PACKAGE) else _foreign(path, name)
        if reason:
            found.append(f"{path}:{line}: {reason}")
    return found


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _own(path: str, name: str) -> str:
    ours = name.removeprefix(PACKAGE).lstrip(".").split(".")
    if "plugin" in ours[: 2 if ours[0] in ("harvesters", "feedback") else 1]:
        return f"imports {name}: nobody imports a plugin"
    # a plugin is wiring, wherever it lies
    top = "plugin" if path.endswith("plugin.py") else path.split("/")[0].removesuffix(".py")
    if top == "__init__" or not ours[0] or ours[0] == top:
        return ""
    if top not in LEVEL_OF or ours[0] not in LEVEL_OF:
        return f"imports {name}: {top if top not in LEVEL_OF else ours[0]} has no level yet"
    if LEVEL_OF[ours[0]] >= LEVEL_OF[top]:
        return f"imports {name}: {ours[0]} is not to the left of {top}"
    return ""


def _foreign(path: str, name: str) -> str:
    if path.startswith("eo/") and name.split(".")[0] in NOT_IN_EO:
        return f"imports {name}: eo/ has no clock, no chance and no machine"
    doors = [door for door in DOORS if _is(name, door)]
    if not doors:
        standard = name.split(".")[0] in sys.stdlib_module_names
        return "" if standard or path.startswith("stack/") else f"imports {name}: no door is known for it"
    door = max(doors, key=len)
    if any(fnmatch(path, pattern) for pattern in DOORS[door]):
        return ""
    return f"imports {name}: {door} is met only in {', '.join(DOORS[door])}"


FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.py")
    if "tests" not in path.parts and "node_modules" not in path.parts
)


def test_all_files_keep_to_their_doors_and_levels() -> None:
    assert "eo/product.py" in FILES
    found = [line for path in FILES for line in complaints(path, (ROOT / path).read_text("utf-8"))]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "told"),
    [
        ("eo/new.py", "from ckan import model", "ckan is met only in"),
        ("eo/new.py", "import ckan.plugins.toolkit as tk", "ckan is met only in"),
        ("eo/new.py", "def f():\n    import requests", "eo/new.py:2: imports requests"),
        ("eo/new.py", "from ..package import tags", "package is not to the left of eo"),
        ("eo/formats/new.py", "from ...search import fields", "search is not to the left of eo"),
        ("eo/formats/__init__.py", "from ... import http", "http is not to the left of eo"),
        (
            "eo/new.py",
            "import shapely.ops",
            "shapely is met only in eo/footprint.py, eo/mending.py, eo/areas.py, eo/soundness.py, "
            "eo/cells.py, eo/placed.py",
        ),
        ("eo/new.py", "from time import monotonic", "no clock"),
        ("package.py", "from .http import HttpClient", "http is not to the left of package"),
        ("search/new.py", "import pysolr", "no door is known"),
        ("search/new.py", "from sqlalchemy import select", "sqlalchemy is met only in"),
        ("search/new.py", "from ..harvesters import model", "harvesters is not to the left of search"),
        ("search/new.py", "from ckanext.nextgeoss.views import pages", "views is not to the left of search"),
        ("harvesters/new.py", "from ..feedback.guf import Item", "feedback is not to the left of harvesters"),
        ("feedback/new.py", "from ..harvesters.provider import Provider", "harvesters is not to the left"),
        (
            "harvesters/mapping.py",
            "from ckanext.harvest.model import HarvestObject",
            "ckanext.harvest is met",
        ),
        ("harvesters/new.py", "import urllib.request", "urllib.request is met only in"),
        ("harvesters/new.py", "from urllib import request", "urllib.request is met only in"),
        (
            "harvesters/new.py",
            "import importlib\nimportlib.import_module('ckan.model')",
            "ckan is met only in",
        ),
        ("harvesters/new.py", "import importlib\nimportlib.import_module(name)", "no door is known"),
        ("views/new.py", "from ..plugin import NextgeossPlugin", "nobody imports a plugin"),
        ("stack/new.py", "from ckanext.nextgeoss.harvesters import plugin", "nobody imports a plugin"),
        ("harvesters/cli.py", "from .plugin import NextgeossHarvesterPlugin", "nobody imports a plugin"),
        ("wonders.py", "from .eo import product", "wonders has no level yet"),
    ],
)
def test_what_is_not_allowed_is_found(path: str, source: str, told: str) -> None:
    found = complaints(path, source)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("eo/new.py", "import json\nfrom .errors import BadValue\nfrom datetime import datetime"),
        ("eo/formats/new.py", "from ..product import Product\nfrom . import stac"),
        ("search/new.py", "from ..eo.query import Query\nfrom .. import config\nfrom . import fields"),
        (
            "views/new.py",
            "import flask\nfrom ..search.catalogue import catalogue_for\nfrom ckan import model",
        ),
        ("harvesters/writer.py", "from ckanext.harvest.model import HarvestObject"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    assert complaints(path, source) == []
