"""Commands of alerts: `ckan nextgeoss alerts ...`."""

from __future__ import annotations

import click

from ..eo.errors import NextGEOSSError
from .alerts import send_alerts


@click.group(short_help="Mails about saved searches")
def alerts() -> None:
    """Mails that tell users what is new to the searches they have saved."""


@alerts.command(short_help="Send what is due")
def send() -> None:
    """Send each user one mail with what is new to his searches since the last one. The scheduler of harvests
    does it every few minutes; a site without it calls this command as often as it likes."""
    try:
        click.echo(f"{send_alerts()} mails were sent")
    except NextGEOSSError as error:
        raise click.ClickException(str(error)) from None
