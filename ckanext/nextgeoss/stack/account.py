"""The user that the servers run as, and what that user can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .errors import StackError


@dataclass(frozen=True)
class Account:
    """A system user; `name` is empty when it is the one who calls, and nothing has to be switched."""

    name: str = ""

    @property
    def uid(self) -> int:
        """The user's number."""
        return pwd.getpwnam(self.name).pw_uid if self.name else os.getuid()

    @property
    def gid(self) -> int:
        """The number of the user's first group."""
        return pwd.getpwnam(self.name).pw_gid if self.name else os.getgid()

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach what is in `folder`."""
        if not self.name:
            return os.access(folder, os.X_OK)
        probe = ["/bin/sh", "-c", 'test -x "$0"', str(folder)]
        return subprocess.run(probe, cwd="/", check=False, **self.as_user()).returncode == 0

    def own(self, folder: Path, mode: int = 0o700) -> Path:
        """Make `folder` if needed and give it to this user."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.name and folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(mode)
        return folder

    def own_file(self, path: Path) -> None:
        """Give the file `path` to this user, for nobody else to read."""
        if self.name:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o600)

    def as_user(self) -> dict[str, Any]:
        """Arguments of `subprocess` that run a program as this user."""
        if not self.name:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(checkout: Path) -> Account:
    """Who runs the servers: the caller; for root the checkout's owner, and `nobody` when that is root too."""
    if os.getuid() != 0:
        return Account()
    owner = checkout.stat().st_uid
    if owner:
        try:
            return Account(pwd.getpwuid(owner).pw_name)
        except KeyError:  # a mounted folder of a user this machine does not know
            pass
    return Account("nobody")


def reachable(account: Account, package: str, parts: Sequence[Path], folder: Path) -> Path:
    """The first of `parts`, folders of `package` that belong together, or its copy in `folder`.

    All are copied, at the same places to each other, when the account cannot reach the first.
    """
    if account.can_enter(parts[0]):
        return parts[0]
    top = Path(os.path.commonpath([part.parent for part in parts]))
    copy = folder / f"{package}-{version(package)}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.part")
        shutil.rmtree(partial, ignore_errors=True)
        for part in parts:
            shutil.copytree(part, partial / part.relative_to(top), symlinks=True)
        _open(partial)
        _open(folder)
        partial.rename(copy)
    return copy / parts[0].relative_to(top)


def _open(folder: Path) -> None:
    """Let everybody read what is in `folder`."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))


def require_reach(account: Account, folder: Path) -> None:
    """StackError when the account cannot reach `folder`, which must exist."""
    if not account.can_enter(folder):
        who = account.name or "the current user"
        raise StackError(
            f"the user {who!r}, who runs the servers because PostgreSQL refuses root, cannot reach {folder}: "
            "name another folder with --data DIR"
        )
