"""Feedback is listed, searched and counted; what users say steers the search for datasets."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.lib.search import SearchError
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action

from ckanext.nextgeoss import config
from ckanext.nextgeoss.eo.formats.stac_others import read_others
from ckanext.nextgeoss.feedback.logic import summaries
from ckanext.nextgeoss.feedback.store import pages
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer
from ckanext.nextgeoss.search.sending import Sender
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, fit, make_hub, new_user, problem
from ckanext.nextgeoss.tests.loaded import site_app


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def drain() -> None:
    """Index what waits."""
    Indexer(model.ensure_engine(), Sender(client(), config.site_id()), Documents()).run(once=True)


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["id"] for each in answer["results"]]


class TestList:
    def test_filters_orders_and_pages(self, hub: Hub) -> None:
        data = hub.dataset()
        place = {"geographic_element": [{
            "west_bound_longitude": 170, "east_bound_longitude": -170, "south_bound_latitude": -10,
            "north_bound_latitude": 10}]}  # fmt: skip
        one = hub.review(new_user(), data, 1, usage=problem(), severity="major", contact_role="decisionMaker")
        two = hub.review(new_user(), data, 5, tag=["snow"], contact={"expertise_level": 4})
        three = hub.review(
            new_user(), data, 3, usage=fit(), contact={"application_domain": ["Sea Ice"]},
            significant_event=[{"abstract": "Storm", "extent": place}],
        )  # fmt: skip
        four = act(
            new_user(),
            "feedback_create",
            package_id=data["id"],
            user_comment=comment("How many?", "question"),
        )
        act(new_user(), "feedback_vote", id=two["id"], value=1)

        def asked(**parameters: Any) -> list[dict[str, Any]]:
            answer = act("", "feedback_list", package_id=data["id"], **parameters)
            assert answer["count"] == len(answer["results"]) and answer["count_is_exact"]
            return answer["results"]

        by_id = {item["id"]: item for item in (one, two, three, four)}
        assert [each["id"] for each in asked()] == [four["id"], three["id"], two["id"], one["id"]]
        for parameters, expected in (
            ({"rating": [1, 5]}, [two, one]),
            ({"rating": "5"}, [two]),
            ({"contact_role": "decisionMaker"}, [one]),
            ({"motivation": "question"}, [four]),
            ({"unanswered": True}, [four]),
            ({"aspect": "problem"}, [one]),
            ({"expertise": 4}, [two]),
            ({"tag": "snow"}, [two]),
            ({"domain": "sea ice"}, [three]),
            ({"has_issue": True}, [one]),
            ({"has_issue": False}, [four, three, two]),
            ({"severity": "major"}, [one]),
            ({"issue_state": "fixed"}, []),
            ({"bbox": "-175,0,-174,1"}, [three]),
            ({"bbox": [175, 0, 176, 1]}, [three]),
            ({"bbox": "179,-5,-179,5"}, [three]),
            ({"bbox": "0,0,10,10"}, []),
            ({"since": "2100-01-01"}, []),
            ({"sort": "oldest"}, [one, two, three, four]),
            ({"sort": "rating"}, [two, three, one, four]),
            ({"sort": "-rating"}, [one, three, two, four]),
            ({"sort": "helpful"}, [two, four, three, one]),
            ({"user": by_id[one["id"]]["author"]["name"]}, [one]),
        ):
            found = asked(**parameters)
            assert [each["id"] for each in found] == [each["id"] for each in expected], parameters
        page = act("", "feedback_list", package_id=data["id"], limit=2, offset=1)
        assert (ids(page), page["count"]) == ([three["id"], two["id"]], 4)
        nothing = act("", "feedback_list", package_id=data["id"], limit=2, offset=9)
        assert (ids(nothing), nothing["count"]) == ([], 4)

    def test_what_is_only_also_about_it(self, hub: Hub) -> None:
        one, two = hub.dataset(), hub.dataset()
        made = hub.review(
            new_user(), one, 4,
            target=[{"role": "secondary", "resource_ref": [
                {"title": "x", "identifier": [{"code": two["id"], "code_space": "dataset"}]}]}],
        )  # fmt: skip
        assert ids(act("", "feedback_list", package_id=two["id"])) == [made["id"]]
        assert ids(act("", "feedback_list", package_id=two["id"], include_secondary=False)) == []
        told = act("", "feedback_summary", ids=[one["id"], two["id"]])
        assert (told[one["id"]]["ratings"], told[two["id"]]["ratings"]) == (1, 0)
        assert told[two["id"]]["by_target_role"] == {"primary": 0, "secondary": 1, "supplementary": 0}

    def test_threads_come_along(self, hub: Hub) -> None:
        data = hub.dataset()
        made = hub.review(new_user(), data)
        answers = [act(new_user(), "feedback_reply", id=made["id"], comment=f"No {n}") for n in range(3)]
        assert ids(act("", "feedback_list", package_id=data["id"])) == [made["id"]]
        [shown] = act("", "feedback_list", package_id=data["id"], include_replies=True)["results"]
        assert [each["id"] for each in shown["thread"]] == [each["id"] for each in answers]
        assert shown["replies"] == 3

    def test_a_page_costs_the_same_however_long(self, hub: Hub) -> None:
        import sqlalchemy as sa

        data, told = hub.dataset(), []

        def note(*given: Any) -> None:
            told.append(given[2])

        def queries() -> int:
            told.clear()
            sa.event.listen(model.ensure_engine(), "before_cursor_execute", note)
            act("", "feedback_list", package_id=data["id"], include_replies=True)
            sa.event.remove(model.ensure_engine(), "before_cursor_execute", note)
            return len(told)

        hub.review(new_user(), data)
        few = queries()
        for _ in range(6):
            act(new_user(), "feedback_reply", id=hub.review(new_user(), data)["id"], comment="x")
        assert queries() <= few + 1


class TestSearch:
    def test_words_facets_and_rights(self, hub: Hub) -> None:
        word = f"glacier{uuid4().hex[:8]}"
        public, private = hub.dataset(), hub.dataset(private=True)
        one = hub.review(new_user(), public, 2, user_comment=comment(f"A {word} melts"), tag=["ice"])
        two = hub.review(new_user(), public, 5, user_comment=comment(f"Rock, no {word}"), tag=["ice", "rock"])
        hub.review(hub.people["member"], private, 5, user_comment=comment(f"Secret {word}"), tag=["ice"])
        found = act("", "feedback_search", q=word, facets=["rating", "tags"])
        assert (set(ids(found)), found["count"]) == ({one["id"], two["id"]}, 2)
        assert found["facets"] == {
            "rating": [{"value": 2, "count": 1}, {"value": 5, "count": 1}],
            "tags": [{"value": "ice", "count": 2}, {"value": "rock", "count": 1}],
        }
        mine = act(hub.people["member"], "feedback_search", q=word, facets=["tags"])
        assert mine["count"] == 3 and mine["facets"]["tags"][0] == {"value": "ice", "count": 3}
        assert ids(act("", "feedback_search", q=f"{word} -rock")) == [one["id"]]
        assert ids(act("", "feedback_search", q=f'"{word} melts"')) == [one["id"]]
        assert ids(act("", "feedback_search", q=word, rating=5)) == [two["id"]]
        with pytest.raises(toolkit.ValidationError, match="facets"):
            act("", "feedback_search", facets="words")

    def test_of_many_matches_the_newest_are_put_in_order_of_relevance(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Few are all ranked; of many the newest, then the older ones follow. Pages fit together, counts are
        right, and what the caller may not read takes no place."""
        word = f"w{uuid4().hex[:8]}"
        public, private = hub.dataset(), hub.dataset(private=True)

        def said(times: int, data: dict[str, Any] = public, who: str = "") -> str:
            text = f"{f'{word} ' * times}{'and other words ' * 4}"
            made = act(who or new_user(), "feedback_create", package_id=data["id"], abstract="x",
                       user_comment=comment(text))  # fmt: skip
            return made["id"]

        member = hub.people["member"]
        old_best, old_good, old_poor = said(9), said(5), said(1)
        hidden = [said(times, private, member) for times in (7, 8)]
        new_good, new_best, new_poor = said(4), said(6), said(2)
        by_rank = [old_best, new_best, old_good, new_good, new_poor, old_poor]
        assert ids(act("", "feedback_search", q=word)) == by_rank

        def pages_of(user: str, size: int) -> list[str]:
            found: list[str] = []
            for offset in range(0, 10, size):
                answer = act(user, "feedback_search", q=word, limit=size, offset=offset)
                assert (answer["count"], answer["count_is_exact"]) == (8 if user else 6, True), offset
                found += ids(answer)
            return found

        for number, expected in (
            (6, by_rank),
            (3, [new_best, new_good, new_poor, old_poor, old_good, old_best]),
            (4, [new_best, new_good, new_poor, old_poor, old_good, old_best]),
        ):
            monkeypatch.setattr(pages, "MOST_RANKED", number)
            for size in (1, 2, 3, 4, 7):
                assert pages_of("", size) == expected, (number, size)
        assert ids(act("", "feedback_search", q=word, sort="helpful"))[0] == new_poor
        seen = [new_best, new_good, new_poor, hidden[1], hidden[0], old_poor, old_good, old_best]
        assert pages_of(member, 3) == [seen[3], *seen[:3], *seen[4:]], "of his, one that is hidden is newer"
        assert act("", "feedback_search", q=word, limit=0)["count"] == 6
        monkeypatch.setattr(pages, "MOST_COUNTED", 5)
        told = act("", "feedback_search", q=word, limit=2, offset=1, facets=["motivation"])
        assert (ids(told), told["count"], told["count_is_exact"]) == ([new_good, new_poor], 5, False)
        assert told["facets"] == {"motivation": [{"value": "comment", "count": 5}]}, "of the newest"

    def test_who_may_see_few_of_many_gets_full_pages(self, hub: Hub) -> None:
        """Whatever the order, what is left out is not cut off with the page."""
        word, public, private = f"w{uuid4().hex[:8]}", hub.dataset(), hub.dataset(private=True)
        member, shown = hub.people["member"], []
        for number in range(8):
            data, who = (private, member) if number % 4 else (public, new_user())
            made = act(
                who, "feedback_create", package_id=data["id"], user_comment=comment(f"{word} {number}")
            )
            shown += [] if number % 4 else [made["id"]]
        for sort in pages.SORTS:
            found = act("", "feedback_search", q=word, sort=sort, limit=2)
            assert set(ids(found)) == set(shown), sort
            one = [ids(act("", "feedback_search", q=word, sort=sort, limit=1, offset=at)) for at in range(3)]
            assert [*one[0], *one[1], *one[2]] == ids(found), sort

    def test_figures_of_an_organization(self, hub: Hub) -> None:
        data = hub.dataset(owner_org=hub.other["id"])
        question = act(
            new_user(), "feedback_create", package_id=data["id"], user_comment=comment("Why?", "question")
        )
        hub.review(new_user(), data, 4, usage=problem())
        act(hub.people["other_admin"], "feedback_respond", id=question["id"], comment="So")
        told = act("", "feedback_stats", organization=hub.other["name"])
        assert (told["items"], told["replies"], told["ratings"], told["average"]) == (2, 1, 1, 4.0)
        assert (told["open_issues"], told["questions"], told["open_questions"]) == (1, 1, 1)
        assert told["median_answer_hours"] is not None and told["by_month"][-1]["items"] == 2
        assert "pending" not in told
        assert act(hub.people["other_admin"], "feedback_stats", organization=hub.other["id"])["pending"] == 0


class TestIndex:
    def test_what_users_say_steers_the_search(self, hub: Hub) -> None:
        """By CKAN's search, by ours, as filter, as order and as facet, also through the indexer."""
        collection = f"rated-{uuid4().hex[:8]}"
        good, bad, none = (hub.product(collection, f"{name}_{uuid4().hex[:6]}") for name in "gbn")
        for stars in (5, 4):
            hub.review(
                new_user(), good, stars, usage=fit(), contact={"application_domain": ["Ice"]}, tag=["x"]
            )
        hub.review(new_user(), bad, 1, usage=fit(), contact={"application_domain": ["Ice"]})
        act(
            new_user(), "feedback_create", package_id=bad["id"], abstract="x", usage=problem(),
            severity="blocking", contact={"application_domain": ["Ice"]},
        )  # fmt: skip
        summaries.site_mean.cache_clear()
        drain()

        def names(**asked: Any) -> list[str]:
            found = act("", "product_search", collection=collection, **asked)
            return [each["uuid"] for each in found["results"]]

        assert names(rating_min=4) == [good["id"]]
        assert names(fit_for="ice") == [good["id"]]
        assert names(open_issues="blocking") == [bad["id"]]
        assert set(names(has_feedback="true")) == {good["id"], bad["id"]}
        assert names(reviews_min=2) == [good["id"]]
        assert names(sort="-rating_rank") == [good["id"], bad["id"], none["id"]]
        found = call_action(
            "package_search", {"user": ""}, fq=f"eo_collection:{collection}", sort="guf_rank desc",
            **{"facet.field": ["guf_rating_band", "guf_fit_for", "guf_open_issues", "guf_feedback"]},
        )  # fmt: skip
        assert [each["id"] for each in found["results"]] == [good["id"], bad["id"], none["id"]]
        facets = {
            name: {item["name"]: item["count"] for item in facet["items"]}
            for name, facet in found["search_facets"].items()
        }
        assert facets["guf_rating_band"] == {"1": 2, "2": 1, "3": 1, "4": 1}
        assert facets["guf_fit_for"] == {"ice": 1}
        assert facets["guf_open_issues"] == {"none": 1, "blocking": 1}
        self.check_outputs(hub, collection, good, none)
        asked = {"fq": f"eo_collection:{collection}", "extras": {"ext_rating_min": "4"}}
        assert call_action("package_search", {"user": ""}, **asked)["count"] == 1
        with pytest.raises(SearchError, match="did you mean guf_rating"):
            call_action("package_search", {"user": ""}, fq="guf_ratings:5")

    def check_outputs(self, hub: Hub, collection: str, good: dict[str, Any], none: dict[str, Any]) -> None:
        """Our outputs tell it, and what they tell of a product comes back as the same product."""
        app = site_app()
        items = app.get(f"/stac/collections/{collection}/items?limit=10").json["features"]
        told = {item["id"]: item for item in items}
        properties = told[good["identifier"]]["properties"]
        assert properties["guf:rating"] == {"average": 4.5, "count": 2, "best": 5, "worst": 1}
        assert (properties["guf:open_issues"], properties["guf:fit_for"]) == ("none", ["ice"])
        assert not any(name.startswith("guf:") for name in told[none["identifier"]]["properties"])
        assert read_others(properties, config.eo_properties()) == ""
        feed = app.get(f"/opensearch/search.atom?collection_id={collection}").body
        # for people, and as a feed
        assert feed.count('rel="replies"') == 4
        assert 'title="Feedback: 4.5 of 5 (2)"' in feed
        assert f"/dataset/{good['name']}#feedback" in feed

    def test_its_facets_are_on_the_search_page(self, hub: Hub) -> None:
        from ckan.plugins import PluginImplementations
        from ckan.plugins.interfaces import IFacets

        facets: dict[str, str] = {}
        for plugin in PluginImplementations(IFacets):
            facets = plugin.dataset_facets(facets, "dataset")
        assert {"guf_rating_band", "guf_fit_for", "guf_feedback", "guf_open_issues", "eo_collection"} <= set(
            facets
        )
