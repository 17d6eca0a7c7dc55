"""What old command lines are translated to are commands of this CKAN and its extensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from ckan import plugins
from ckan.cli.cli import ckan
from ckanext.datastore.cli import datastore
from ckanext.tracking.cli.tracking import tracking

from ckanext.nextgeoss.stack.paster import translate
from ckanext.nextgeoss.tests.paster_lines import OLD_AND_NEW


@pytest.fixture()
def commands(with_plugins: None) -> dict[str, click.Command]:
    """Those of CKAN, of the plugins of this site, and of two plugins that only some sites have."""
    found: dict[str, Any] = {**ckan.commands, "datastore": datastore, "tracking": tracking}
    for plugin in plugins.PluginImplementations(plugins.IClick):
        found |= {command.name: command for command in plugin.get_commands()}
    return found


def test_the_new_lines_are_commands_that_take_their_words(
    commands: dict[str, click.Command], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("a.ini").touch()
    for old, _ in OLD_AND_NEW:
        words = list(translate(old.split()))[1:]
        words = words[2:] if words[0] == "-c" else words
        command: click.Command = commands[words.pop(0)]
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words)  # fails for words that it does not take
