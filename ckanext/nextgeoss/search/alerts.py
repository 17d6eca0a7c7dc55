"""Tells users by mail what is new to the searches they have saved."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ckan import model
from ckan.lib import mailer

from .. import config
from ..eo.formats.site import Site
from ..eo.page import Page
from . import saved
from .catalogue import Catalogue, catalogue_for
from .model import SavedSearch
from .news import SETTLED, Mark, mark
from .parameters import BadParameters, catalogue_query

log = logging.getLogger(__name__)

# products that a mail names
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class News:
    """What is new to a search, or why it cannot be asked any more."""

    search: SavedSearch
    page: Page
    problem: str = ""

    @property
    def total(self) -> int:
        """How many products are new."""
        return self.page.total or 0


def send_alerts(present: datetime | None = None) -> int:
    """Send each user who wants it one mail with what is new to his searches and he may see now; how many
    were sent. One that cannot be sent is logged, and its news are told the next time. The bookkeeping comes
    after the mail: who is interrupted in between tells it twice, and never not at all."""
    session = model.Session()
    until = (present or saved.now()) - SETTLED
    sent = 0
    saved.drop_without_user(session)
    session.commit()
    for user_id in saved.users_with_alerts(session):
        user = model.User.get(user_id)
        if user and user.state == "active" and user.email:
            try:
                sent += _tell(user, until)
            except mailer.MailerException as error:
                session.rollback()
                log.error("An alert could not be sent to %s: %s", user.name, error)
        session.commit()
    return sent


def news_of(catalogue: Catalogue, row: SavedSearch, since: Mark, until: datetime, limit: int) -> News:
    """What is new to a search between two moments, the latest change first."""
    try:
        asked = catalogue_query(row.query, catalogue.properties)
    except BadParameters as error:
        # the schema has changed since
        return News(row, Page((), 0), str(error))
    order = (("metadata_modified", "desc"),)
    asked = replace(asked, sort=order, limit=limit, offset=0, cursor="", facets=())
    return News(row, catalogue.search(asked, since.until(until)))


def _tell(user: model.User, until: datetime) -> int:
    """Tell one user of all that is due; how many mails that took."""
    session = model.Session()
    rows = saved.take_due(session, user.id, until)
    if not rows:
        return 0
    known = mark(session.connection(), until)
    catalogue = catalogue_for(user, sees_all=bool(user.sysadmin))
    found = [news_of(catalogue, row, saved.alerted(row), until, MOST_LINES) for row in rows]
    told = [news for news in found if news.total or news.problem]
    if told:
        site = Site(config.site_base(), config.site_title())
        mailer.mail_user(user, _subject(told, site), "\n".join(_lines(told, site)) + "\n")
    for row in rows:
        saved.set_alerted(row, known)
    return 1 if told else 0


def _subject(found: Sequence[News], site: Site) -> str:
    number = sum(news.total for news in found)
    return f"{site.title}: {number} new product{'' if number == 1 else 's'} in your saved searches"


def _lines(found: Sequence[News], site: Site) -> Iterator[str]:
    left = MOST_LINES
    for news in found:
        page, row = news.page, news.search
        if news.problem:
            yield f"{row.name}: this search cannot be asked any more: {_one_line(news.problem)}"
        else:
            yield f"{row.name}: {news.total} new or changed since {row.alerted:%Y-%m-%d %H:%M} UTC"
        shown = min(left, len(page.products))
        for product, entry in list(zip(page.products, page.entries, strict=True))[:shown]:
            yield f"  {_one_line(product.title or product.id)}"
            yield f"    {site.dataset(entry.name)}"
        left -= shown
        if news.total > shown:
            yield f"  and {news.total - shown} more"
        yield f"  To end these mails: saved_search_update with id {row.id} and alert none,"
        yield f"  by POST to {site.base}/api/3/action/saved_search_update"
        yield ""


def _one_line(text: str, width: int = 200) -> str:
    return " ".join(text.split())[:width]
