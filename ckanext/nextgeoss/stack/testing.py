"""`nextgeoss test` and `nextgeoss bench`: on servers of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from . import checkout, throw_away
from .errors import StackError

TESTS = "ckanext/nextgeoss/tests"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_TESTS = 5  # pytest's exit code when the arguments select nothing


def serve(data: Path) -> int:
    """Keep throw-away servers up until Ctrl-C; prints the path of the ini that names them."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with throw_away.servers(data) as ini:
            try:
                throw_away.prepare_database(ini)
            except StackError as error:  # whoever serves while developing can mend it and go on
                click.echo(f"nextgeoss: {error}", err=True)
            click.echo(str(ini))
            sys.stdout.flush()
            signal.pause()
    except KeyboardInterrupt:
        pass
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def run(data: Path, arguments: Sequence[str]) -> int:
    """Run the core tests without any server, then all others with servers; the first bad exit code counts."""
    root = checkout.require_checkout()
    signal.signal(signal.SIGTERM, _interrupt)
    if chromium() is None:
        click.echo("no Chromium found: the browser tests do not run", err=True)
    named = [
        word for word in arguments if not word.startswith("-") and (root / word.partition("::")[0]).exists()
    ]
    codes = []
    if not named or any(_is_core(word) for word in named):
        chosen = [word for word in arguments if word not in named or _is_core(word)]
        codes.append(_pytest(root, chosen if named else [f"{TESTS}/core", *chosen]))
    if not named or not all(_is_core(word) for word in named):
        chosen = [word for word in arguments if word not in named or not _is_core(word)]
        folders = [] if named else [TESTS, f"--ignore={TESTS}/core"]
        with throw_away.servers(data) as ini:
            throw_away.prepare_database(ini)
            codes.append(_pytest(root, [f"--ckan-ini={ini}", *folders, *chosen]))
    return next((code for code in codes if code not in (0, NO_TESTS)), min(codes))


def _is_core(word: str) -> bool:
    return Path(word.partition("::")[0]).as_posix().startswith(f"{TESTS}/core")


def _pytest(root: Path, arguments: Sequence[str]) -> int:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    if browser := chromium():
        environment["NEXTGEOSS_CHROMIUM"] = browser
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode


def chromium() -> str | None:
    """The path of a Chromium: `NEXTGEOSS_CHROMIUM`, else the first on PATH."""
    wanted = os.environ.get("NEXTGEOSS_CHROMIUM")
    return wanted or next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def bench(
    data: Path, name: str, products: int | None, json_file: Path | None, more: Sequence[str] = ()
) -> int:
    """Run benchmarks/`name`.py with the ini of throw-away servers that write to disk as real ones do.

    `more` are arguments of its own."""
    root = checkout.require_checkout()
    known = sorted(path.stem for path in (root / "benchmarks").glob("[!_]*.py"))
    if name not in known:
        raise StackError(f"no benchmark {name!r}; there are: {', '.join(known) or 'none'}")
    command = [sys.executable, str(root / "benchmarks" / f"{name}.py")]
    if products:
        command += ["--products", str(products)]
    if json_file:
        command += ["--json", str(json_file.absolute())]
    command += more
    if {"-h", "--help"} & set(more):
        return subprocess.run([*command, "--ini", "none"], cwd=root, check=False).returncode
    signal.signal(signal.SIGTERM, _interrupt)
    with throw_away.servers(data, fsync=True, heap="1g") as ini:
        throw_away.prepare_database(ini)
        return subprocess.run([*command, "--ini", str(ini)], cwd=root, check=False).returncode
