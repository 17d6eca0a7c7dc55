"""`paster`: command lines of CKAN's old days, done by today's `ckan` command."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Words = tuple[str, ...]


class UnknownLine(Exception):
    """A command line that cannot be translated; the message says what can be."""


@dataclass(frozen=True)
class Line:
    """A command as it was, and as it is now; what follows it is taken over, by `rest` if need be."""

    old: str
    new: str
    rest: Callable[[Words], Words] = lambda rest: rest
    # whether it works on a site, whose configuration it is told
    of_site: bool = True

    def matches(self, words: Words) -> bool:
        """Whether this is the command of these words; in sub-commands `_` is as good as `-`."""
        old = tuple(self.old.split())
        return old == tuple(word.replace("_", "-") for word in words[: len(old)])

    def translate(self, words: Words) -> Words:
        """The words after `ckan -c FILE`."""
        return (*self.new.split(), *self.rest(words[len(self.old.split()) :]))


def _without(*options: str) -> Callable[[Words], Words]:
    return lambda rest: tuple(word for word in rest if word not in options)


# the first that matches counts, so that longer commands stand before shorter ones
LINES = (
    Line("harvester initdb", "db upgrade -p harvest"),
    Line("harvester gather-consumer", "harvester gather-consumer"),
    Line("harvester fetch-consumer", "harvester fetch-consumer"),
    Line("harvester run-test", "harvester run-test"),
    Line("harvester run", "harvester run"),
    Line("harvester job-all", "harvester job-all"),
    Line("harvester job-abort", "harvester job-abort"),
    Line("harvester jobs", "harvester jobs"),
    Line("harvester job", "harvester job"),
    Line("harvester abort-failed-jobs", "harvester abort-failed-jobs"),
    Line("harvester purge-queues", "harvester purge-queues"),
    Line("harvester clearsource-history", "harvester source clear-history"),
    Line("harvester clearsource", "harvester source clear"),
    Line("harvester rmsource", "harvester source remove"),
    Line("harvester sources", "harvester sources"),
    Line("harvester source", "harvester source", lambda rest: _source(rest)),
    Line("harvester import", "harvester import"),
    Line("harvester reindex", "harvester reindex"),
    Line("harvester clean-harvest-log", "harvester clean-harvest-log"),
    Line("harvester harvesters-info", "harvester harvesters_info"),
    # the old command did not ask
    Line("db clean", "db clean --yes"),
    Line("db init", "db init"),
    Line("db upgrade", "db upgrade"),
    Line("db version", "db version"),
    Line("search-index rebuild-fast", "search-index rebuild-fast"),
    # today's never empties the index first
    Line("search-index rebuild", "search-index rebuild", _without("-r", "--refresh")),
    Line("search-index check", "search-index check"),
    Line("search-index show", "search-index show"),
    Line("search-index clear", "search-index clear"),
    Line("sysadmin", "sysadmin", lambda rest: _listed(rest, "add", "remove", "list")),
    Line("user", "user", lambda rest: _shown(rest, "add", "remove", "list", "show", "setpass")),
    Line("dataset", "dataset", lambda rest: _shown(rest, "list", "show", "delete", "purge")),
    Line("jobs", "jobs"),
    Line("celeryd", "jobs worker", _without("run")),
    Line("views create", "views create"),
    Line("views clear", "views clear"),
    Line("views clean", "views clean"),
    Line("tracking update", "tracking update"),
    Line("tracking export", "tracking export"),
    Line("datastore set-permissions", "datastore set-permissions"),
    Line("config-tool", "config-tool"),
    Line("make-config", "generate config", _without("ckan"), of_site=False),
    Line("plugin-info", "plugin-info"),
    Line("profile", "profile"),
    Line("notify replay", "notify replay"),
    Line("serve", "run", lambda rest: _served(rest)),
)

# commands that have nothing to do any more, and why
GONE = {
    "spatial initdb": "ckanext-spatial has no table of its own any more",
    "harvester clean-running-jobs": "the scheduler ends jobs that are done; "
    "`ckan harvester job-abort` and `ckan harvester abort-failed-jobs` end others",
}


def translate(words: Sequence[str], default_config: str = "development.ini") -> Words:
    """Today's command line, `ckan` first, for the words after `paster`; UnknownLine when there is none."""
    config, rest = _take_options(words)
    if rest[:1] == ("serve",):
        served = [word for word in rest[1:] if not word.startswith("-")]
        config = config or "".join(served[:1])
    for gone, reason in GONE.items():
        if Line(gone, "").matches(rest):
            raise UnknownLine(f"`{gone}` is not needed: {reason}")
    for line in LINES:
        if line.matches(rest):
            site = ("-c", config or default_config) if line.of_site else ()
            return ("ckan", *site, *line.translate(rest))
    known = ", ".join(line.old for line in LINES)
    raise UnknownLine(f"`{' '.join(rest) or 'nothing'}` is not a command of paster; known: {known}")


def _take_options(words: Sequence[str]) -> tuple[str, Words]:
    """The configuration file that the words name, "" if none, and the words without it and `--plugin`."""
    config, rest, left = "", list[str](), list(words)
    while left:
        name, equals, value = (word := left.pop(0)).partition("=")
        if name not in ("-c", "--config", "--plugin"):
            rest.append(word)
            continue
        if not equals and not left:
            raise UnknownLine(f"{name} must be followed by a value")
        value = value if equals else left.pop(0)
        config = config if name == "--plugin" else value
    return config, tuple(rest)


def _source(rest: Words) -> Words:
    if len(rest) == 1:
        return ("show", *rest)
    if len(rest) >= 3:
        return ("create", *rest)
    raise UnknownLine("`harvester source` needs NAME URL TYPE of a new source, or the ID of one to show")


def _listed(rest: Words, *known: str) -> Words:
    if not rest or rest[0] in known:
        return rest or ("list",)
    raise UnknownLine(f"`{rest[0]}` is not known here; known: {', '.join(known)}")


def _shown(rest: Words, *known: str) -> Words:
    return ("show", *rest) if len(rest) == 1 and rest[0] not in known else _listed(rest, *known)


def _served(rest: Words) -> Words:
    """The old server noted changed code only when it was told to."""
    return () if "--reload" in rest else ("--disable-reloader",)


def _program() -> str:
    """The `ckan` program of this installation, or any other."""
    beside = Path(sys.executable).with_name("ckan")
    return str(beside) if beside.exists() else shutil.which("ckan") or "ckan"


def main() -> None:
    """Translate, say so, and become that command: its exit code is ours."""
    words = sys.argv[1:]
    if not words or words[0] in ("-h", "--help"):
        print("Translates old command lines, such as paster --plugin=ckanext-harvest harvester run -c FILE")
        print("Known: " + ", ".join(line.old for line in LINES))
        sys.exit(0 if words else 2)
    try:
        line = translate(words, os.environ.get("CKAN_INI") or "development.ini")
    except UnknownLine as error:
        print(f"paster: {error}", file=sys.stderr)
        sys.exit(2)
    print(f"paster: {shlex.join(line)}", file=sys.stderr, flush=True)
    try:
        os.execvp(_program(), line)  # noqa: S606
    except OSError as error:
        print(f"paster: {_program()} cannot be run: {error.strerror}", file=sys.stderr)
        sys.exit(127)


if __name__ == "__main__":
    main()
