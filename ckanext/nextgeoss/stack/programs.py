"""What a hub runs, and how supervisor is told so."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import processes
from .server import Server

CKAN = (sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()")
FETCHERS = 2


@dataclass(frozen=True)
class Program:
    """One supervised program; `user` is empty for the caller's own."""

    name: str
    command: Sequence[str]
    user: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    priority: int = 500


def server_program(server: Server, user: str) -> Program:
    """An embedded server as a program: it starts before and ends after those that use it."""
    return Program(server.name, server.command(), user, server.environment(), server.stop_signal, 100)


def web_program(port: int, ini: Path) -> Program:
    """The site under gunicorn, two workers with threads."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--timeout", "120", "--graceful-timeout", "10"]
    # clients that think between two questions find their connection open; gunicorn's two seconds end it just
    # when they ask again
    command += ["--keep-alive", "75"]
    command += ["--no-control-socket", "ckanext.nextgeoss.stack.wsgi:application"]
    return Program("web", command, environment={"CKAN_INI": str(ini)})


def worker_programs(ini: Path) -> list[Program]:
    """The programs that harvest, index and do CKAN's background jobs."""
    commands = {
        "gather": "harvester gather-consumer",
        **{f"fetch-{number}": "harvester fetch-consumer" for number in range(1, FETCHERS + 1)},
        "scheduler": "nextgeoss harvest scheduler",
        "indexer": "nextgeoss index run",
        "jobs": "jobs worker",
    }
    return [Program(name, [*CKAN, "-c", str(ini), *words.split()]) for name, words in commands.items()]


def simulator_program(port: int) -> Program:
    """The demo provider."""
    command = [sys.executable, "-m", "ckanext.nextgeoss.demo.simulator", "--port", str(port)]
    return Program("simulator", command, priority=400)


def configuration(folder: Path, port: int, password: str, programs: Sequence[Program]) -> str:
    """The text of supervisord.conf for the data folder `folder`; nothing starts before it is asked for."""
    parts = [
        _section(
            "supervisord",
            {
                "nodaemon": "true",
                "directory": str(folder),
                "logfile": str(folder / "log" / "supervisor.log"),
                "pidfile": str(folder / "run" / "supervisord.own"),
                "loglevel": "info",
            },
        ),
        _section(
            "inet_http_server",
            {"port": f"127.0.0.1:{port}", "username": "nextgeoss", "password": password},
        ),
        _section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
    ]
    return "\n".join(parts + [_program_section(folder, program) for program in programs])


def _program_section(folder: Path, program: Program) -> str:
    command = processes.launch_command(program.name, program.command, folder, program.user)
    values = {
        "command": shlex.join(command),
        "directory": str(folder),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "20",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": "30",
        "priority": str(program.priority),
        "redirect_stderr": "true",
        "stdout_logfile": str(folder / "log" / f"{program.name}.log"),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "2",
    }
    if program.environment:
        values["environment"] = ",".join(f'{key}="{value}"' for key, value in program.environment.items())
    return _section(f"program:{program.name}", values)


def _section(name: str, values: Mapping[str, str]) -> str:
    lines = [f"{key} = {value.replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])
