"""What tests of feedback share: a small hub with people of all kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

COLLECTION_TYPE, PRODUCT_TYPE = "eo_collection", "eo_product"


def act(user: str, action: str, /, **data: Any) -> Any:
    """Call an action as a user, "" for a visitor, with what he may do."""
    model.Session.expire_all()
    return call_action(action, {"user": user, "ignore_auth": False}, **data)


def new_user() -> str:
    """The name of a new user."""
    name = f"user-{uuid4().hex[:12]}"
    given = {"name": name, "email": f"{name}@people.example", "fullname": f"Person {name}"}
    return factories.User(image_url="", **given)["name"]


def comment(text: str, motivation: str = "comment") -> dict[str, str]:
    """The part of a comment."""
    return {"comment": text, "motivation": motivation}


def problem(text: str = "Stripes in band 4") -> list[dict[str, Any]]:
    """The part of a report of an issue."""
    return [{"report_aspect": ["problem"], "discovered_issue": [{"known_problem": text}]}]


def fit(text: str = "Maps of fields") -> list[dict[str, Any]]:
    """The part of a report of what the data is fit for."""
    return [{"report_aspect": ["fitnessForPurpose"], "usage_description": [{"specific_usage": text}]}]


@dataclass
class Hub:
    """Names of users by what they are, two organizations, and datasets."""

    sysadmin: str
    people: dict[str, str]
    organization: dict[str, Any]
    other: dict[str, Any]
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def dataset(self, **more: Any) -> dict[str, Any]:
        """A new ordinary dataset of the organization."""
        name = f"data-{uuid4().hex[:10]}"
        given = {"name": name, "title": f"Data {name}", "owner_org": self.organization["id"], **more}
        return call_action("package_create", {"user": self.sysadmin}, **given)

    def product(self, collection: str, identifier: str, **more: Any) -> dict[str, Any]:
        """A new product of the organization."""
        given = {
            "type": PRODUCT_TYPE, "identifier": identifier, "collection_id": collection,
            "name": f"product-{uuid4().hex[:10]}", "title": identifier, "owner_org": self.organization["id"],
        }  # fmt: skip
        return call_action("package_create", {"user": self.sysadmin}, **given | more)

    def review(self, user: str, dataset: dict[str, Any], stars: int = 4, **more: Any) -> dict[str, Any]:
        """A review of a dataset."""
        given = {"package_id": dataset["id"], "abstract": "A review", "rating": stars}
        return act(user, "feedback_create", **given | more)


def make_hub() -> Hub:
    """The hub in the present database."""
    sysadmin = factories.Sysadmin(image_url="")["name"]
    organization = factories.Organization(image_url="")
    other = factories.Organization(image_url="")
    people = {"user": new_user(), "author": new_user()}
    for kind, capacity, where in (
        ("member", "member", organization), ("editor", "editor", organization),
        ("admin", "admin", organization), ("other_admin", "admin", other),
    ):  # fmt: skip
        people[kind] = new_user()
        call_action(
            "organization_member_create", {"user": sysadmin},
            id=where["id"], username=people[kind], role=capacity,
        )  # fmt: skip
    return Hub(sysadmin, people, organization, other)
