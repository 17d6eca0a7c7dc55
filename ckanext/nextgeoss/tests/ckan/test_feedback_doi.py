"""A DOI is looked up at the resolver of the options, which may not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit

from ckanext.nextgeoss.feedback import config
from ckanext.nextgeoss.feedback.doi import CSL
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.feedback import act, new_user

PREFIX = "ckanext.nextgeoss."


@pytest.fixture()
def option(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    return lambda name, value: monkeypatch.setitem(toolkit.config, PREFIX + name, value)


@pytest.fixture()
def resolver(option: Callable[[str, Any], None]) -> Iterator[LocalServer]:
    routes: dict[str, Callable[[Handler], None]] = {
        "/10.1234/here": lambda asked: asked.answer(status=302, Location="/data/here"),
        "/data/here": lambda asked: asked.answer({"title": "Maize", "type": "report"}, Content_Type=CSL),
        "/10.1234/a%3Fb%23c": lambda asked: asked.answer({"title": "Odd letters"}),
        "/10.1234/none": lambda asked: asked.answer(b"no", status=404),
        "/10.1234/busy": lambda asked: asked.answer(b"", status=503),
        "/10.1234/page": lambda asked: asked.answer(b"<html>landing page</html>"),
        "/10.1234/large": lambda asked: asked.answer(b" " * 2_100_000),
        "/10.1234/away": lambda asked: asked.answer(status=302, Location="http://169.254.169.254/secret"),
    }
    with serve(routes) as server:
        option("feedback.doi_resolver", server.url + "/")
        option("http.allowed_private_hosts", server.host)
        yield server


def look_up(doi: str, user: str = "") -> Any:
    return act(user or new_user(), "feedback_doi_show", doi=doi)


def reason(doi: str) -> str:
    with pytest.raises(toolkit.ValidationError) as caught:
        look_up(doi)
    [text] = caught.value.error_dict["doi"]
    return text


def test_what_the_resolver_knows(resolver: LocalServer) -> None:
    found = look_up("https://doi.org/10.1234/HERE")
    assert found["doi"] == "10.1234/here"
    assert (found["citation"]["title"], found["citation"]["category"]) == ("Maize", "report")
    assert [call.path for call in resolver.calls] == ["/10.1234/here", "/data/here"]
    assert all(call.headers["accept"] == CSL for call in resolver.calls)
    assert look_up("10.1234/a?b#c")["citation"]["title"] == "Odd letters"


@pytest.mark.parametrize("name", ["busy", "page", "large", "away"])
def test_what_cannot_be_learnt_is_filled_in_by_hand(resolver: LocalServer, name: str) -> None:
    assert reason(f"10.1234/{name}").endswith(f"10.1234/{name} just now: please fill it in by hand.")


def test_what_is_no_doi_is_not_asked_for(resolver: LocalServer) -> None:
    assert "a DOI such as" in reason("../secret")
    assert reason("10.1234/none") == "There is no DOI 10.1234/none."
    assert len(resolver.calls) == 1


def test_a_resolver_that_is_not_there(resolver: LocalServer, option: Callable[[str, Any], None]) -> None:
    option("http.allowed_private_hosts", "")
    assert "by hand" in reason("10.1234/here")  # an address of this machine is not asked
    option("feedback.doi_resolver", "http://127.0.0.1:9")
    option("http.allowed_private_hosts", "127.0.0.1:9")
    assert "by hand" in reason("10.1234/here")
    option("feedback.doi_resolver", "")
    assert "not looked up here" in reason("10.1234/here")
    assert resolver.calls == []


def test_who_may_and_how_often(
    resolver: LocalServer, option: Callable[[str, Any], None], same_hour: None
) -> None:
    with pytest.raises(toolkit.NotAuthorized):
        act("", "feedback_doi_show", doi="10.1234/here")
    option("feedback.dois_per_hour", 2)
    user = new_user()
    for _ in range(2):
        look_up("10.1234/here", user)
    with pytest.raises(toolkit.NotAuthorized, match="please wait") as caught:
        look_up("10.1234/here", user)
    assert getattr(caught.value, "retry_after", 0) > 0


def test_an_option_that_is_no_address_is_refused(option: Callable[[str, Any], None]) -> None:
    option("feedback.doi_resolver", "doi.org")
    with pytest.raises(CkanConfigurationException, match="doi_resolver"):
        config.check()
