"""The plain parts of the embedded stack."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ckanext.nextgeoss.stack import checkout, demo_harvest, ini, keys, ports, processes, programs, schema
from ckanext.nextgeoss.stack.account import Account, reachable, require_reach
from ckanext.nextgeoss.stack.errors import StackError
from ckanext.nextgeoss.stack.postgres import Postgres
from ckanext.nextgeoss.stack.server import Place
from ckanext.nextgeoss.stack.solr import FILES, shapes_kept

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def taken_port():
    """A port that something listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        yield server.getsockname()[1]


def test_usual_ports_are_taken_when_free(monkeypatch: pytest.MonkeyPatch):
    """Nothing kept, nothing wanted: the usual ports."""
    monkeypatch.setattr(ports, "USUAL", {"web": ports.some_free()})
    assert ports.choose({}, {}) == ports.USUAL


def test_another_port_is_chosen_when_one_is_in_use(taken_port: int, monkeypatch: pytest.MonkeyPatch):
    """A kept port in the hands of another program is given up."""
    monkeypatch.setattr(ports, "USUAL", {"web": taken_port})
    chosen = ports.choose({"web": taken_port}, {}, patience=0)
    assert chosen["web"] != taken_port and ports.is_free(chosen["web"])


def test_a_wanted_port_in_use_is_one_line(taken_port: int, monkeypatch: pytest.MonkeyPatch):
    """Who names a port gets that one or a clear line."""
    monkeypatch.setattr(ports, "USUAL", {"web": 5000})
    with pytest.raises(StackError, match=f"^port {taken_port} for web is in use by another program$"):
        ports.choose({}, {"web": taken_port})


def test_ports_are_kept(tmp_path: Path):
    """What is kept is chosen again."""
    path = tmp_path / "ports.json"
    assert ports.load(path) == {}
    chosen = ports.choose({}, {"web": ports.some_free()})
    ports.keep(path, chosen)
    assert ports.choose(ports.load(path), {}) == chosen


def test_no_port_is_chosen_twice(monkeypatch: pytest.MonkeyPatch):
    """Also when two programs usually take the same one."""
    port = ports.some_free()
    monkeypatch.setattr(ports, "USUAL", {"a": port, "b": port})
    assert len(set(ports.choose({}, {}).values())) == 2


def test_secrets_are_made_once_and_private(tmp_path: Path):
    """The same on each start, and for nobody else to read."""
    first = keys.load(tmp_path)
    assert keys.load(tmp_path) == first
    assert len(set(first.values())) == len(keys.NAMES)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_ini_survives_its_reader():
    """A `%` in a value is read back as written, and our plugins come first."""
    values = ini.settings(
        site_url="http://127.0.0.1:5000",
        database_url="postgresql://u:p%40ss@127.0.0.1/ckan",
        solr_url="http://127.0.0.1:8983/solr/ckan",
        redis_url="redis://:x@127.0.0.1:6379/0",
        storage="/a b/storage",
        secrets={"session": "s", "site_id": "12345678"},
    )
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(ini.render(values) + ini.LOGGING)
    assert dict(parser["app:main"]) == values
    plugins = values["ckan.plugins"].split()
    assert plugins[:3] == ["nextgeoss", "nextgeoss_harvester", "nextgeoss_feedback"]
    assert "spatial_query" not in plugins


def test_supervisor_reads_paths_with_blanks_and_percents(tmp_path: Path):
    """The command that supervisor makes of the configuration is the one that was meant."""
    folder = tmp_path / "a b%c"
    program = programs.Program("web", ["/x y/python", "-m", "it's"], "nobody", {"KEY": "a b"})
    parser = configparser.ConfigParser()
    parser.read_string(programs.configuration(folder, 9001, "secret", [program]))
    command = shlex.split(parser["program:web"]["command"])
    assert command == processes.launch_command("web", program.command, folder, "nobody")
    assert parser["program:web"]["directory"] == str(folder)


def test_schema_gets_our_fields_and_loses_the_ngram_copies(tmp_path: Path):
    """Definitions go where Solr looks for them; all else stays."""
    original = tmp_path / "schema.xml"
    original.write_text(
        '<schema name="s"><types><fieldType name="string"/></types>'
        '<fields><field name="id" type="string"/></fields>'
        '<copyField source="title" dest="title_ngram"/><copyField source="title" dest="text"/></schema>'
    )
    made = schema.make_schema(
        original, [("field-type", {"name": "eo_x", "geo": True}), ("field", {"name": "eo_f", "type": "eo_x"})]
    )
    from xml.etree import ElementTree

    root = ElementTree.fromstring(made)
    assert [node.attrib for node in root.findall("types/fieldType")] == [
        {"name": "string"},
        {"name": "eo_x", "geo": "true"},
    ]
    assert [node.get("name") for node in root.findall("fields/field")] == ["id", "eo_f"]
    assert [node.get("dest") for node in root.findall("copyField")] == ["text"]


def test_a_launched_program_is_known_until_it_ends(tmp_path: Path):
    """Its record counts for its own data folder only, and as long as it runs."""
    (tmp_path / "run").mkdir()
    command = processes.launch_command("sleeper", ["sleep", "60"], tmp_path)
    program = subprocess.Popen(command)
    try:
        processes.wait_for("sleeper", lambda: "sleeper" in processes.recorded(tmp_path), lambda: True, 10)
        assert processes.recorded(tmp_path) == {"sleeper": program.pid}
        record = json.loads((tmp_path / "run" / "sleeper.pid").read_text())
        copy = tmp_path / "copy"
        (copy / "run").mkdir(parents=True)
        (copy / "run" / "sleeper.pid").write_text(json.dumps(record))
        assert processes.recorded(copy) == {}
        (tmp_path / "run" / "other.pid").write_text(json.dumps(record | {"started": "at another time"}))
        assert list(processes.recorded(tmp_path)) == ["sleeper"]
        processes.end([program.pid], patience=5)
        assert processes.recorded(tmp_path) == {}
    finally:
        program.kill()
        program.wait()


def test_what_ignores_the_request_to_end_is_killed(tmp_path: Path):
    """Patience has an end."""
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as program:
        assert program.stdout and program.stdout.readline()
        processes.end([program.pid], patience=0.2)
        assert program.wait(5) == -9


def test_a_program_that_ends_while_starting_says_why(tmp_path: Path):
    """The last line of its log is in the message."""
    log = tmp_path / "x.log"
    log.write_text("first\nno space left\n")
    with pytest.raises(StackError, match=r"^x ended while starting: no space left"):
        processes.wait_for("x", lambda: False, lambda: False, 5, log)


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (
            "2026-01-01 10:00:00,1 INFO  [ckan] Loading\nThe plugin x could not be found\nAborted!\n",
            "The plugin x could not be found",
        ),
        ("2026-01-01 10:00:00,1 INFO  [ckan] Loading\n", "2026-01-01 10:00:00,1 INFO  [ckan] Loading"),
        ("", ""),
    ],
)
def test_the_reason_is_the_last_line_that_says_something(output: str, line: str):
    """Log lines are no reasons when there is another line."""
    assert processes.reason(output) == line


def test_an_account_that_cannot_reach_the_folder_is_one_line(tmp_path: Path):
    """The line names the option that helps."""
    if os.getuid() != 0:
        pytest.skip("only root can ask for another user")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(StackError, match=r"cannot reach .*closed: name another folder with --data DIR"):
        require_reach(Account("nobody"), closed)


def test_programs_out_of_reach_are_copied(tmp_path: Path):
    """A package in a closed folder is copied once, for all to read, and still runs."""
    original = tmp_path / "original"
    (original / "bin").mkdir(parents=True)
    (original / "bin" / "tool").write_text("#!/bin/sh\necho works\n")
    (original / "bin" / "tool").chmod(0o700)

    class Elsewhere(Account):
        def can_enter(self, folder: Path) -> bool:
            return False

    copy = reachable(Elsewhere(), "pytest", [original], tmp_path / "bin")
    tool = copy / "bin" / "tool"
    assert copy != original and stat.S_IMODE(tool.stat().st_mode) == 0o755
    assert subprocess.run([tool], capture_output=True, text=True, check=True).stdout == "works\n"
    assert reachable(Elsewhere(), "pytest", [original], tmp_path / "bin") == copy


def test_a_data_folder_that_cannot_be_written_is_one_line(tmp_path: Path):
    """A file is in the way."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match=r"^cannot write to .*/file/data: .*--data DIR$"):
        checkout.make(tmp_path / "file" / "data")


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is said before a server fails in its own words."""
    usage = checkout.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(checkout.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StackError, match=r"^no room on the disk of .*: 500 MB are needed; see --data DIR$"):
        checkout.make(tmp_path / "data")


def _command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ckanext.nextgeoss.stack.cli", *arguments]
    environment = os.environ | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words", [["status"], ["down"], ["logs"], ["reset", "--yes"], ["ckan", "db", "init"]]
)
def test_without_a_hub_each_command_says_so(words: list[str], tmp_path: Path):
    """One line, exit code 1, and nothing is made."""
    done = _command(*words, NEXTGEOSS_DATA=str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr == f"nextgeoss: there is no hub in {tmp_path}/none: start one with `nextgeoss up`\n"
    assert not (tmp_path / "none").exists()


def test_an_unknown_benchmark_is_one_line(tmp_path: Path):
    """The line lists those there are."""
    done = _command("bench", "nonsense", "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("nextgeoss: no benchmark 'nonsense'; there are: ")


@pytest.mark.parametrize("owner", ["another program", "PostgreSQL"])
def test_the_lock_of_a_killed_postgresql(owner: str, tmp_path: Path):
    """It goes when its process id is another program's by now, and stays while PostgreSQL runs."""
    server = Postgres(Place(tmp_path, Account()), 5432, "secret")
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("18\n")
    lock = server.data / "postmaster.pid"
    argument = str(server.data) if owner == "PostgreSQL" else "elsewhere"
    with subprocess.Popen(
        [sys.executable, "-c", "input()", "-D", argument], stdin=subprocess.PIPE
    ) as program:
        words = Path(f"/proc/{program.pid}/cmdline")
        processes.wait_for("program", lambda: argument.encode() in words.read_bytes(), lambda: True, 10)
        lock.write_text(f"{program.pid}\n{server.data}\n")
        server.prepare()
        program.kill()
    assert lock.exists() == (owner == "PostgreSQL")


def test_solr_keeps_as_many_footprints_as_its_memory_has_room_for():
    assert shapes_kept("512m") > 100_000 and shapes_kept("1g") > 200_000 and shapes_kept("5g") > 1_000_000
    assert 'size="${nextgeoss.solr.shapes:100000}"' in (FILES / "solrconfig.xml").read_text()
    for bad in ("", "5", "-1g", "5gb", "much"):
        with pytest.raises(StackError, match="expected one such as 512m"):
            shapes_kept(bad)


def test_patience_counts_looks_not_the_time_that_a_busy_machine_takes(monkeypatch: pytest.MonkeyPatch):
    """A process that was stopped for an hour has not waited for an hour."""
    now = [0.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    patience = processes.Patience(5)
    for _ in range(6):
        now[0] += 3600
        assert not patience.ends("same")
    now[0] += 0.5
    assert patience.ends("same")
    assert not patience.ends("something else"), "what has moved may stand still as long again"
    for _ in range(50):
        now[0] += 0.1
        assert not patience.ends("something else")
    now[0] += 0.1
    assert patience.ends("something else")


def test_what_is_starting_may_take_its_time_as_long_as_it_logs(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text("")
    looks: list[int] = []

    def ready() -> bool:
        looks.append(1)
        with log.open("a") as file:
            file.write("more\n")
        return len(looks) > 8

    processes.wait_for("x", ready, lambda: True, 0.25, log)
    with pytest.raises(StackError, match="x is not ready"):
        processes.wait_for("x", lambda: False, lambda: True, 0.25, log)


def test_the_demo_harvest_waits_for_workers_that_work(tmp_path: Path):
    """By what they have worked; one that was given up ends the waiting."""
    busy = {"statename": "RUNNING", "pid": os.getpid()}
    before, again = (
        demo_harvest._worked({"gather": busy}),
        demo_harvest._worked({"gather": busy, "web": busy}),
    )
    until = time.process_time() + 1.2
    while time.process_time() < until:
        pass
    assert before <= again < demo_harvest._worked({"fetch-1": busy})
    assert demo_harvest._worked({"fetch-1": {"statename": "STARTING", "pid": 0}}) == 0
    with pytest.raises(StackError, match="fetch-2 has ended"):
        demo_harvest._worked({"gather": busy, "fetch-2": {"statename": "FATAL", "pid": 0}})
    demo_harvest._worked({"gather": busy, "web": {"statename": "FATAL", "pid": 0}})
