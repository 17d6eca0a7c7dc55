"""Processes share the tests out among them: each test is run once, files are not torn apart."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from ckanext.nextgeoss.tests import lanes

FILES, TESTS = 6, 4
# a test tells which process ran it, and does not end before both have begun
TEST = """
import os, time, pytest
from pathlib import Path

HERE = Path(__file__).parent

@pytest.mark.parametrize("number", range({tests}))
def test_it(number):
    (HERE / f"began-{{os.getpid()}}").touch()
    while len(list(HERE.glob("began-*"))) < 2:
        time.sleep(0.01)
    with open(HERE / "by", "a") as by:
        by.write(f"{{Path(__file__).stem}} {{number}} {{os.getpid()}}\\n")
"""


def test_each_test_is_run_once(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "lanes").mkdir()
    for number in range(FILES):
        (tmp_path / f"test_{number}.py").write_text(TEST.format(tests=TESTS))
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:ckan", "-p", "no:ckan_fixtures", "-p", lanes.__name__,
        "-p", "no:cacheprovider", "-c", "pytest.ini", "--import-mode=importlib", "--lanes=lanes", ".",
    ]  # fmt: skip
    both = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    ran = [line.split() for line in (tmp_path / "by").read_text().splitlines()]
    assert sorted(line[:2] for line in ran) == [
        [f"test_{file}", str(number)] for file in range(FILES) for number in range(TESTS)
    ]
    of_file = defaultdict(set)
    for file, _, process in ran:
        of_file[file].add(process)
    assert all(len(processes) == 1 for processes in of_file.values())
    assert len(set.union(*of_file.values())) == 2


def test_what_comes_first_is_there() -> None:
    missing = [part for part in (*lanes.FIRST, *lanes.WHOLE) if not (lanes.HERE / part).exists()]
    assert missing == []
