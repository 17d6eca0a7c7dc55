"""Folders for hubs that tests bring up themselves."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ckanext.nextgeoss.stack import checkout, jars
from ckanext.nextgeoss.stack.errors import StackError


@contextmanager
def data_folder(prefix: str) -> Iterator[Path]:
    """An empty data folder that the servers' user can reach, with Solr's jars; gone afterwards."""
    fetched = checkout.default_data() / "jars"
    try:
        absent = jars.missing(fetched, jars.read_list())
    except StackError as error:
        pytest.skip(str(error))
    if absent:
        pytest.skip(f"Solr's jars are not in {fetched}; `nextgeoss test` fetches them")
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    folder.chmod(0o711)
    (folder / "jars").symlink_to(fetched)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
