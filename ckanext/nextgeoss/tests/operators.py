"""Commands as operators type them, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit

from ckanext.nextgeoss.tests.harvesting import Hub

INI = """\
[app:main]
use = config:{base}
ckanext.nextgeoss.http.allowed_private_hosts = {hosts}
ckanext.nextgeoss.harvest.provider_folders = {folder}
"""


class Operator:
    """A person with a shell on the machine of the hub."""

    def __init__(self, folder: Path, hosts: str):
        base = toolkit.config["__file__"]
        self._ini = folder / "operator.ini"
        self._ini.write_text(INI.format(base=base, hosts=hosts, folder=folder))

    def ckan(self, *words: str) -> str:
        """What `ckan ...` prints; it must not fail."""
        ckan = Path(sys.executable).with_name("ckan")
        done = subprocess.run([ckan, "-c", self._ini, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def begin(self, *words: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        """`ckan ...` while it runs."""
        ckan = Path(sys.executable).with_name("ckan")
        pipes: Any = {"stdout": subprocess.PIPE, "stderr": stderr, "text": True}
        return subprocess.Popen([str(ckan), "-c", str(self._ini), *words], **pipes)

    def create_source(self, hub: Hub, provider: str, url: str) -> str:
        """The name of a new source of the hub's own collection, made by the command."""
        config = json.dumps({"provider": provider, "collections": [hub.collection]})
        name, owner = f"{hub.tag}-cli", hub.organization()
        words = ("create", name, url, "nextgeoss", "CLI", "true", owner, "MANUAL", config)
        self.ckan("harvester", "source", *words)
        return name
