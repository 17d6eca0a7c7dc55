"""Write down who this process is, become the wanted user, then become the wanted program.

Run as a script, with the standard library alone, so that it costs some milliseconds:
`python launch.py --record FILE [--user NAME] [--with-parent] -- program argument...`
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def started(pid: int) -> str:
    """When process `pid` started, comparable over the life of this machine; empty when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if fields[0] == "Z":
            return ""
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {fields[19]}"
    except OSError:
        return _started_elsewhere(pid) if sys.platform != "linux" else ""


def _started_elsewhere(pid: int) -> str:
    import subprocess

    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def write_record(path: Path, pid: int, folder: str) -> None:
    """Keep in `path` which process runs for the data folder `folder`."""
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps({"pid": pid, "started": started(pid), "folder": folder}))
    partial.replace(path)


def _become(name: str) -> None:
    entry = pwd.getpwnam(name)
    os.initgroups(name, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def _end_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we could ask
            sys.exit(1)


def main() -> None:
    """Read the options, then never return."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--user")
    parser.add_argument("--with-parent", action="store_true")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    parent = os.getppid()
    write_record(options.record, os.getpid(), options.folder)
    if options.user:
        _become(options.user)
    if options.with_parent:
        _end_with_parent(parent)
    os.execvp(options.command[0], options.command)  # noqa: S606


if __name__ == "__main__":
    main()
