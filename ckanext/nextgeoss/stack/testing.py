"""`nextgeoss test` and `nextgeoss bench`: on servers of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    """Run the tests that are named, or all; the first bad exit code counts."""
    root = checkout.require_checkout()
    signal.signal(signal.SIGTERM, _interrupt)
    if chromium() is None:
        click.echo("no Chromium found: the browser tests do not run", err=True)
    named = [
        word for word in arguments if not word.startswith("-") and (root / word.partition("::")[0]).exists()
    ]
    if not named:
        return _run_all(root, data, arguments)
    codes = []
    core, others = ([word for word in named if _is_core(word) is wanted] for wanted in (True, False))
    options = [word for word in arguments if word not in named]
    if core:
        codes.append(_pytest(root, [*core, *options]))
    if others:
        codes.append(_with_servers(root, data, [*others, *options]))
    return _first_bad(codes)


def _run_all(root: Path, data: Path, options: Sequence[str]) -> int:
    """Run the core tests without any server and then the others on servers; another process does so from the
    start on servers of its own: much of what they do is to wait. Each takes the next file when it is free."""
    with tempfile.TemporaryDirectory() as lanes, tempfile.TemporaryFile() as told, _tools_are_made(root):
        shared = [TESTS, f"--ignore={TESTS}/core", f"--lanes={lanes}", *options]
        command = [sys.executable, "-m", "ckanext.nextgeoss.stack.cli", "test", "--data", str(data), *shared]
        beside = subprocess.Popen(command, cwd=root, stdout=told, stderr=told)
        try:
            codes = [_pytest(root, [f"{TESTS}/core", *options])]
            codes.append(_with_servers(root, data, shared))
            codes.append(beside.wait())
        finally:
            _end(beside)
            told.seek(0)
            shutil.copyfileobj(told, sys.stdout.buffer)
            sys.stdout.flush()
    return _first_bad(codes)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait()


@contextmanager
def _tools_are_made(root: Path) -> Iterator[None]:
    """Foreign validators and clients are installed meanwhile; the first test that needs one waits for it."""
    command = [sys.executable, "-m", "ckanext.nextgeoss.tests.venvs"]
    making = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        _end(making)


def _with_servers(root: Path, data: Path, arguments: Sequence[str]) -> int:
    with throw_away.servers(data) as ini:
        throw_away.prepare_database(ini)
        return _pytest(root, [f"--ckan-ini={ini}", *arguments])


def _first_bad(codes: Sequence[int]) -> int:
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
    data: Path,
    name: str,
    products: int | None,
    json_file: Path | None,
    more: Sequence[str] = (),
    heap: str = "1g",
) -> int:
    """Run benchmarks/`name`.py with the ini of throw-away servers that write to disk as real ones do.

    `heap` is Solr's memory, `more` are arguments of the benchmark's own."""
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
    with throw_away.servers(data, fsync=True, heap=heap) as ini:
        throw_away.prepare_database(ini)
        return subprocess.run([*command, "--ini", str(ini)], cwd=root, check=False).returncode
