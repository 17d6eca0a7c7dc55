"""Tells people by e-mail and webhook what went wrong with harvests; who is told is said by options."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from ckan import model
from ckan.lib import mailer
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource

from .. import config
from ..eo.errors import NextGEOSSError
from ..http import HttpClient, Limits, RemoteError, Request
from .auth import secret
from .model import Run, utc_now
from .notices import About, Notice, run_notice, silence_notice
from .report import error_classes, failed_slices, gather_errors, job_progress
from .source import SOURCE_TYPE, parse_config
from .tally import brought
from .terms import Row
from .told import take_ended_runs, take_silence

log = logging.getLogger(__name__)

# runs that ended earlier are history when notices are switched on
_RECENT = timedelta(hours=24)
# a webhook that is slow must not hold up the scheduler
_LIMITS = Limits(connect=5.0, read=10.0, total=15.0, attempts=2)


def tell_of_runs() -> int:
    """Tell of runs that failed or had errors and of which nobody was told; how many. What cannot be sent is
    logged and not sent again."""
    if not _is_wanted():
        return 0
    session = model.Session()
    taken = take_ended_runs(session, utc_now() - _RECENT)
    session.commit()
    notices = [notice for run in taken if (notice := _of_run(run))]
    for notice in notices:
        send(notice)
    return len(notices)


def tell_of_silence() -> int:
    """Tell of active sources that brought no new product for as many days as the option or the source says,
    once for each silence; how many."""
    if not _is_wanted():
        return 0
    number = 0
    for source, days, since in _silent():
        taken = take_silence(model.Session(), source.id, since)
        model.Session.commit()
        if taken:
            send(silence_notice(_about(source), days, since))
            number += 1
    return number


def send(notice: Notice) -> None:
    """Send a notice to all addresses; what fails is logged."""
    for address in config.notify_emails():
        try:
            mailer.mail_recipient("", address, notice.subject, notice.body())
        except (mailer.MailerException, OSError) as error:
            log.error("A notice could not be sent to %s: %s", address, error)
    if reference := config.notify_webhook():
        try:
            _post(reference, notice)
        except NextGEOSSError as error:
            # the address of a webhook is a secret, often
            reason = f"it answered {error.status}" if isinstance(error, RemoteError) else type(error).__name__
            log.error("A notice could not be sent to the webhook: %s", reason)


def _is_wanted() -> bool:
    return bool(config.notify_emails() or config.notify_webhook())


def _post(reference: str, notice: Notice) -> None:
    url = secret(reference) if reference.startswith(("env:", "file:")) else reference
    client = HttpClient(
        user_agent=config.user_agent(), allowed_private_hosts=config.allowed_private_hosts(), limits=_LIMITS
    )
    try:
        client.send(Request(url=url, method="POST", body=notice.document()))
    finally:
        client.close()


def _of_run(run: Run) -> Notice | None:
    """What is to be told of a run; None when all is well, or when a person has ended it."""
    session = model.Session()
    progress = job_progress(session, run.job_id)
    wrong = progress.errored + progress.failed or gather_errors(session, run.job_id, 1)
    source: Row = session.get(HarvestSource, run.source_id)
    if source is None or run.result == "cancelled" or (run.result in (None, "complete") and not wrong):
        return None
    return run_notice(
        _about(source, f"/job/{run.job_id}"),
        run.job_id,
        run.result if run.result not in (None, "complete") else "with errors",
        run.message or "",
        progress,
        error_classes(session, run.job_id),
        failed_slices(session, run.job_id, 1000),
    )


def _silent() -> Iterator[tuple[Row, int, datetime]]:
    """Each source that is silent for too long, the days allowed, and when its last new product came."""
    session = model.Session()
    last = {source_id: one.last_added for source_id, one in brought(session).items()}
    for source in session.query(HarvestSource).filter_by(type=SOURCE_TYPE, active=True).all():
        since: datetime = last.get(source.id) or source.created
        days = _silent_days(source)
        if days and utc_now() - since > timedelta(days=days):
            yield source, days, since


def _silent_days(source: Row) -> int:
    """After how many days without a new product a source is silent; 0: never. One that is harvested by hand
    only when it says so itself."""
    try:
        own = parse_config(source.config, config.provider_folders()).silent_days
    except NextGEOSSError:
        own = None  # its next run tells what is wrong with it
    if own is not None:
        return own
    return 0 if source.frequency == "MANUAL" else config.silent_days()


def _about(source: Row, page: str = "") -> About:
    dataset = model.Package.get(source.id)
    name = dataset.name if dataset else source.id
    root = (toolkit.config["ckan.root_path"] or "").replace("/{{LANG}}", "")
    url = f"{toolkit.config['ckan.site_url'].rstrip('/')}{root}/harvest/{name}{page}"
    return About(name, source.title or name, url)
