"""Pytest plugin: several processes share the files of the tests out among them while they run.

Each takes the next file when it comes to the end of one, so that all end at about the same time, however long
a file takes on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# folders whose tests share what takes long to make: one process runs them all
WHOLE = ("interop",)
# what takes longest, first: no process is left with it at the end; but not at once what waits for foreign
# clients, which are installed meanwhile
FIRST = (
    "ckan/test_cql2_solr.py",
    "ckan/test_killed.py",
    "ckan/test_first_run.py",
    "interop",
    "ckan/test_benchmarks.py",
    "ckan/test_stack_durability.py",
    "browser/test_feedback_form.py",
    "browser/test_feedback_around.py",
    "conformance/test_stac_api.py",
    "ckan/test_same_answer.py",
    "test_house.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--lanes", metavar="FOLDER", type=Path, help="where processes tell each other what they have taken"
    )


def pytest_runtestloop(session: pytest.Session) -> object:
    """As pytest's own, over the tests that nobody else has taken."""
    folder = session.config.getoption("--lanes")
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    items = _taken(session.items, folder)
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def _taken(items: list[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    """The tests of what this process takes; it takes more when it is asked for more."""
    for part, found in groupby(sorted(items, key=_rank), key=_part):
        try:
            (folder / part.replace("/", "+")).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from found


def _rank(item: pytest.Item) -> tuple[int, str]:
    part = _part(item)
    return (FIRST.index(part) if part in FIRST else len(FIRST), part)


def _part(item: pytest.Item) -> str:
    """What is taken as one: the file of a test, or its folder."""
    try:
        path = item.path.relative_to(HERE)
    except ValueError:
        path = Path(item.path.name)
    return path.parts[0] if path.parts[0] in WHOLE else path.as_posix()
