"""Solr's jars: fetched from Maven Central once, each checked against the shipped list of SHA-256 sums.

`jars.sha256` is the resolved class path; `python -m ckanext.nextgeoss.stack.jars` writes it anew with jgo
when Solr's version changes.
"""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .errors import StackError

MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2"
SHIPPED_LIST = Path(__file__).parent / "files" / "jars.sha256"
# The two jakarta APIs are named because older ones are picked otherwise and Solr does not start;
# jts-core beyond 1.17.1 breaks polygon queries as soon as a candidate has to be checked.
COORDINATES = (
    "org.apache.solr:solr-core:9.10.1",
    "org.eclipse.jetty:jetty-webapp:10.0.26",
    "org.eclipse.jetty:jetty-xml:10.0.26",
    "org.locationtech.jts:jts-core:1.17.1",
    "jakarta.inject:jakarta.inject-api:2.0.1",
    "jakarta.annotation:jakarta.annotation-api:2.1.1",
)


@dataclass(frozen=True)
class Jar:
    """One jar: its path in a Maven repository and the SHA-256 of its content (hex)."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """The file name."""
        return self.path.rpartition("/")[2]


def read_list(path: Path = SHIPPED_LIST) -> tuple[Jar, ...]:
    """The jars that the list at `path` names, in its order; StackError names a line that is no entry."""
    jars = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        sha256, _, name = line.partition("  ")
        if len(sha256) != 64 or not name.endswith(".jar"):
            raise StackError(f"{path} line {number} is not '<sha256>  <path>.jar': {line!r}")
        jars.append(Jar(name, sha256))
    return tuple(jars)


def missing(folder: Path, jars: Iterable[Jar]) -> list[Jar]:
    """The jars that are not in `folder` yet; StackError when one is there with another content."""
    absent = []
    for jar in jars:
        try:
            content = (folder / jar.name).read_bytes()
        except FileNotFoundError:
            absent.append(jar)
        else:
            _check(jar, content, f"{folder / jar.name}: delete it and start again")
    return absent


def ensure(folder: Path, jars: Iterable[Jar] | None = None, *, quiet: bool = False) -> None:
    """Bring all jars into `folder`: check what is there, fetch what is missing, with a progress bar."""
    from tqdm import tqdm

    absent = missing(folder, read_list() if jars is None else jars)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    with ThreadPoolExecutor(8) as pool:
        fetched = pool.map(lambda jar: _fetch(jar, folder), absent)
        try:
            for _ in tqdm(fetched, "Solr's jars", len(absent), leave=False, disable=quiet or None):
                pass
        except StackError:
            pool.shutdown(cancel_futures=True)
            raise


def _repository() -> str:
    return os.environ.get("NEXTGEOSS_MAVEN_URL", MAVEN_CENTRAL).rstrip("/")


def _fetch(jar: Jar, folder: Path) -> None:
    url = f"{_repository()}/{jar.path}"
    partial = folder / f"{jar.name}.{os.getpid()}.part"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (the address is ours)
            content = answer.read()
        _check(jar, content, url)
        partial.write_bytes(content)
        partial.chmod(0o644)
        partial.replace(folder / jar.name)
    except urllib.error.HTTPError as error:
        raise StackError(f"cannot fetch {jar.name}: {url} answers {error.code}") from error
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror or error
        raise StackError(f"cannot fetch {jar.name} from {url} into {folder}: {reason}") from error
    finally:
        partial.unlink(missing_ok=True)


def _check(jar: Jar, content: bytes, where: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != jar.sha256:
        raise StackError(f"{jar.name} has SHA-256 {found}, expected {jar.sha256} ({where})")


def write_list(path: Path = SHIPPED_LIST) -> None:
    """Resolve `COORDINATES` with jgo and write the list of jars, with the sums of what Maven Central has."""
    import jgo  # here: only whoever renews the list needs it

    lines = []
    for artifact in jgo.resolve("+".join(COORDINATES)):
        group = artifact.groupId.replace(".", "/")
        name = f"{group}/{artifact.artifactId}/{artifact.version}/{artifact.filename}"
        with urllib.request.urlopen(f"{MAVEN_CENTRAL}/{name}", timeout=60) as answer:  # noqa: S310
            lines.append(f"{hashlib.sha256(answer.read()).hexdigest()}  {name}\n")
    header = f"# {', '.join(COORDINATES)} and what they need; written by {__spec__.name}\n"
    path.write_text(header + "".join(sorted(lines, key=lambda line: line[66:])))


if __name__ == "__main__":
    write_list()
