"""Commands of mails on feedback: `ckan nextgeoss feedback notify | digest`."""

from __future__ import annotations

import click

from .sending import can_send, send_news, send_questions


@click.command(short_help="Send mails with news that are due")
def notify() -> None:
    """Tell users by mail of new feedback, answers, issues and decisions, each as often as their profile says.

    The scheduler of harvests does it every few minutes; a site without it calls this command as often as it
    likes, and `digest`, too."""
    _check()
    click.echo(f"{send_news()} mails were sent")


@click.command(short_help="Send weekly lists of questions that wait for an answer")
def digest() -> None:
    """Tell those who look after an organization, once a week, of questions that nobody has answered."""
    _check()
    click.echo(f"{send_questions()} mails were sent")


def _check() -> None:
    if not can_send():
        raise click.ClickException("this site has no mail server: smtp.server")
