"""Feeds of feedback are judged by the schema of Atom (CITE, RFC 4287), by jing."""

from __future__ import annotations

from ckanext.nextgeoss.feedback.exports import atom, nimmbus
from ckanext.nextgeoss.tests.core.feedback_strategies import complete_item
from ckanext.nextgeoss.tests.core.test_feedback_exports import page, shown
from ckanext.nextgeoss.tests.jing import complaints


def test_feeds_are_valid() -> None:
    whole = page(shown(complete_item()))
    empty = page(summary=None)
    documents = [atom.write(each) for each in (page(), whole, empty)]
    assert complaints("cite-cat30/rnc/atom.rnc", documents) == []


def test_the_feed_of_nimmbus_is_valid() -> None:
    whole = page(shown(complete_item()))
    documents = [nimmbus.enumerate_answer(whole, "eng", full=full) for full in (False, True)]
    assert complaints("cite-cat30/rnc/atom.rnc", documents) == []
