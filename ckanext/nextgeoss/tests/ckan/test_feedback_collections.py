"""Collections are listed by what users say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from lxml import html

from ckanext.nextgeoss.tests.feedback import Hub, act, fit, make_hub, new_user
from ckanext.nextgeoss.tests.harvesting import index_waiting

TITLES = ("A silent", "B bad", "C good", "D fit")


@dataclass
class Listed:
    """Collections of an organization of their own, by their titles."""

    organization: str
    domain: str
    names: dict[str, str]

    def action(self, **asked: Any) -> list[str]:
        """The titles as `collection_list` has them."""
        found = act("", "collection_list", owner_org=self.organization, **asked)
        return [each["title"] for each in found["results"]]

    def page(self, ask: Any, query: str) -> list[str]:
        """The titles as the page has them."""
        tree = html.document_fromstring(ask("", f"/collection?{query}").body)
        titles = {f"/collection/{name}": title for title, name in self.names.items()}
        return [titles[each] for each in tree.xpath("//h2/a/@href") if each in titles]


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.fixture(scope="module")
def listed(hub: Hub) -> Listed:
    owner = factories.Organization(image_url="")["id"]
    domain, made = f"ice {uuid4().hex[:6]}", {}
    for title in TITLES:
        name = f"c-{uuid4().hex[:10]}"
        given = {"type": "eo_collection", "name": name, "collection_id": name, "title": title}
        made[title] = call_action("package_create", {"user": hub.sysadmin}, owner_org=owner, **given)
    for user in (new_user() for _ in range(3)):
        hub.review(user, made["C good"], 5, abstract=f"Good {user}")
        hub.review(user, made["B bad"], 1, abstract=f"Poor {user}")
    used = {"usage": fit(), "contact": {"application_domain": [domain]}}
    hub.review(new_user(), made["D fit"], 3, abstract="Fit", **used)
    index_waiting()
    return Listed(owner, domain, {title: each["name"] for title, each in made.items()})


def test_orders(ask: Any, listed: Listed) -> None:
    """By actions and on the page alike; what is the same is in the order of titles."""
    silent, bad, good, fits = TITLES
    for asked, expected in (
        ({}, [silent, bad, good, fits]),
        ({"sort": "title"}, [silent, bad, good, fits]),
        ({"sort": "rating"}, [good, fits, bad, silent]),
        ({"sort": "reviews"}, [bad, good, fits, silent]),
        ({"sort": "feedback"}, [fits, bad, good, silent]),
        ({"fit_first": listed.domain}, [fits, silent, bad, good]),
        ({"fit_first": listed.domain.upper(), "sort": "rating"}, [fits, good, bad, silent]),
    ):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        found, shown = listed.action(**asked), listed.page(ask, query)
        if asked.get("sort") == "feedback":  # of the two, the one that was said last
            assert found[0] == fits and found[-1] == silent
        else:
            assert found == expected, asked
        assert shown == found, asked


def test_fields_of_application_are_told(ask: Any, listed: Listed) -> None:
    found = act("", "collection_list", owner_org=listed.organization)
    assert found["fit_for"] == [listed.domain]
    page = html.document_fromstring(ask("", f"/collection?fit_first={listed.domain}").body)
    chosen = page.xpath('//select[@name="fit_first"]/option[@selected]/@value')
    assert chosen == [listed.domain]
    line = page.xpath(f'string(//li[.//a[@href="/collection/{listed.names["D fit"]}"]]//p[@class="fb-line"])')
    assert listed.domain in line and "3.0" in line


def test_what_is_not_known_is_refused_or_left_alone(ask: Any, listed: Listed) -> None:
    for asked in ({"sort": "guf_rating desc"}, {"fit_first": "x" * 40_000}):
        with pytest.raises(toolkit.ValidationError):
            listed.action(**asked)
    assert listed.action(fit_first='x"),1)') == list(TITLES)
    assert listed.page(ask, "sort=nothing&fit_first=%22)") == list(TITLES)
