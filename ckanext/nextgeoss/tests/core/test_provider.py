"""Provider files: what they may say, and how a mistake in one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters import provider_files as provider_module
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import (
    load_file,
    load_provider,
    profile_provider,
    provider_from_mapping,
    provider_ids,
)

SAID = {"title": "X", "organization": "x", "url": "https://stac.example.org", "profile": "stac"}


def _provider(**said: object) -> Provider:
    return provider_from_mapping("x", SAID | said, "x.yaml")


def test_profile_lies_beneath():
    """What the file does not say is the profile's."""
    provider = _provider()
    assert (provider.id, provider.protocol, provider.method, provider.page_size) == ("x", "stac", "POST", 200)
    assert "sv" in provider.volatile.parameters["sig"]
    assert _provider(page_size=50).page_size == 50


def test_nested_keys_add_to_the_profile():
    """Naming volatile assets keeps the profile's parameters."""
    provider = _provider(volatile={"assets": ["tilejson"]})
    assert provider.volatile.assets == ("tilejson",)
    assert "sig" in provider.volatile.parameters


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"page_sise": 5}, r"x\.yaml: unknown key 'page_sise', did you mean page_size\?"),
        ({"volatile": {"params": {}}}, r"x\.yaml: volatile: unknown key 'params', did you mean parameters\?"),
        ({"profile": "stak"}, r"x\.yaml: no profile 'stak', did you mean stac\?"),
        ({"page_size": 0}, r"x\.yaml: page_size: 0 is not allowed; expected a whole number from 1"),
        ({"page_size": True}, "expected a whole number"),
        ({"counts": "yes"}, r"x\.yaml: counts: 'yes' is not allowed; expected true or false"),
        ({"title": 5}, r"x\.yaml: title: 5 is not allowed; expected text"),
        ({"collections": "a b"}, r"x\.yaml: collections: 'a b' is not allowed; expected keys with values"),
        ({"collections": {"a": {"patern": "x"}}}, "unknown key 'patern', did you mean pattern"),
        ({"collections": {"a": {"pattern": "("}}}, r"x\.yaml: collections\.a: pattern '\('"),
        ({"limits": {"requests_per_sec": 1}}, "unknown key 'requests_per_sec', did you mean"),
        ({"limits": {"requests_per_second": -1}}, "_second: -1 is not allowed; expected a number from 0"),
        ({"limits": {"requests_per_second": "4/s"}}, "'4/s' is not allowed; expected a number from 0"),
        ({"limits": {"requests_at_once": 1.5}}, "at_once: 1.5 is not allowed; expected a whole"),
        ({"limits": 4}, r"limits: 4 is not allowed; expected keys with values"),
        ({"id": "other", "zzz": 1}, "unknown key 'zzz'; known: "),
    ],
)  # fmt: skip
def test_mistakes_are_named(said: dict[str, object], message: str):
    """The file, the key, what was given, and what was probably meant."""
    with pytest.raises(BadConfiguration, match=message):
        _provider(**said)


def test_limits_of_the_host():
    """Those that the file tells; 0 is one, too."""
    assert _provider().limits.given() == {}
    given = _provider(limits={"requests_per_second": 0.5, "requests_at_once": 0}).limits.given()
    assert given == {"requests_per_second": 0.5, "requests_at_once": 0}


@pytest.mark.parametrize("key", ["title", "organization", "url", "profile"])
def test_what_must_be_said(key: str):
    """A file without its essentials is refused."""
    said = {name: value for name, value in SAID.items() if name != key}
    with pytest.raises(BadConfiguration, match=key):
        provider_from_mapping("x", said, "x.yaml")


def test_collections_by_list_and_by_name():
    """Our id with the provider's own: none, one, several, or a pattern."""
    assert _provider(collections=["a", "b"]).native("b") == ("b",)
    provider = _provider(
        collections={
            "ours": "theirs",
            "two": ["t1", "t2"],
            "same": None,
            "grd": {"ids": "S1", "pattern": ".*_GRD.*"},
        }
    )
    assert provider.native("ours") == ("theirs",)
    assert provider.native("two") == ("t1", "t2")
    assert provider.native("same") == ("same",)
    assert provider.canonical("theirs") == "ours"
    assert provider.canonical("t2") == "two"
    assert provider.canonical("S1", "S1A_IW_GRDH_1SDV") == "grd"
    assert provider.canonical("S1", "S1A_IW_SLC__1SDV") == "S1"


def test_registry_knows_the_rest():
    """What the file does not name is looked up in the registry, else kept."""
    provider = _provider(collections=["sentinel-2-l2a"])
    assert provider.canonical("sentinel-s2-l2a-cogs") == "sentinel-2-l2a"
    assert provider.native("SENTINEL2_L2A") == ("sentinel-2-l2a",)
    assert provider.canonical("never-heard-of") == "never-heard-of"
    assert provider.native("never-heard-of") == ("never-heard-of",)


def test_lookup_names_the_nearest():
    """A wrong id is answered with the one that was meant; no path can be smuggled in."""
    with pytest.raises(BadConfiguration, match="no provider 'earthsearch', did you mean earth_search"):
        load_provider("earthsearch")
    with pytest.raises(BadConfiguration, match="no provider"):
        load_provider("../providers/earth_search")


def test_other_folders(tmp_path: Path):
    """A site's own folder adds providers; the shipped ones are found first."""
    (tmp_path / "mine.yaml").write_text("title: M\norganization: m\nurl: https://m.example\nprofile: stac\n")
    (tmp_path / "earth_search.yaml").write_text("title: False friend\n")
    assert {"mine", "earth_search"} <= set(provider_ids(tmp_path))
    assert load_provider("mine", tmp_path).title == "M"
    assert load_provider("earth_search", tmp_path).title == "Earth Search"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.yaml", "title: [", r"x\.yaml: not YAML"),
        ("x.yaml", "- a\n- b\n", r"x\.yaml: \['a', 'b'\] is not allowed; expected keys with values"),
        ("x.yaml", "", r"x\.yaml: None is not allowed"),
        ("X-Y.yaml", "title: a", "is named with a-z"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, text: str, message: str):
    """Not YAML, not a mapping, or a name that is no id: one line each."""
    (tmp_path / name).write_text(text)
    with pytest.raises(BadConfiguration, match=message):
        load_file(tmp_path / name)
    with pytest.raises(BadConfiguration, match="cannot be read"):
        load_file(tmp_path / "absent.yaml")


def test_profile_alone():
    """A profile's rules without any provider, to read answers with."""
    assert profile_provider("stac").protocol == "stac"
    with pytest.raises(BadConfiguration, match="did you mean stac"):
        profile_provider("stacc")


# --- like another


def test_like_another():
    """Everything of the shipped file but what is said; keys with values are added to."""
    below = load_provider("cdse_odata")
    found = provider_from_mapping(
        "mine",
        {
            "like": "cdse_odata",
            "title": "Mine",
            "url": "https://m.example/odata/v1",
            "fields": {"data": "https://m.example/{Id}"},
            "collections": {"sentinel-2-l2a": None, "sentinel-2-l1c": "S2"},
        },
        "mine.yaml",
    )
    assert (found.id, found.title, found.url) == ("mine", "Mine", "https://m.example/odata/v1")
    assert (found.organization, found.template, found.reach) == ("cdse", below.template, below.reach)
    assert found.fields["data"] == ("https://m.example/{Id}",)
    assert "sentinel-2-l2a" not in found.collections
    assert found.collections["sentinel-2-l1c"].ids == ("S2",)
    assert found.collections["sentinel-1-slc"] == below.collections["sentinel-1-slc"]


def test_like_one_that_is_like_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Through as many files as there are, but not in a circle; a name that is none is told."""
    monkeypatch.setattr(provider_module, "PROVIDERS", tmp_path)
    base = "title: A\norganization: a\nurl: https://a.example\nprofile: stac\nrank: 7\n"
    (tmp_path / "a.yaml").write_text(base)
    (tmp_path / "b.yaml").write_text("like: a\ntitle: B\n")
    (tmp_path / "c.yaml").write_text("like: b\nurl: https://c.example\n")
    found = load_provider("c")
    assert (found.title, found.url, found.rank) == ("B", "https://c.example", 7)
    (tmp_path / "a.yaml").write_text(base + "like: c\n")
    with pytest.raises(BadConfiguration, match=r"like: 'c' is like a itself|like: 'a' is like"):
        load_provider("c")
    (tmp_path / "d.yaml").write_text("like: bb\n")
    with pytest.raises(BadConfiguration, match=r"d\.yaml: like: no provider 'bb'"):
        load_provider("d")
    (tmp_path / "e.yaml").write_text("like: ../a\n")
    with pytest.raises(BadConfiguration, match="no provider"):
        load_provider("e")


def test_shipped_files_that_are_like_another():
    """CREODIAS and CODE-DE speak as CDSE does, at their own addresses."""
    for name in ("creodias_odata", "code_de"):
        found, below = load_provider(name), load_provider("cdse_odata")
        assert found.collections == below.collections
        assert found.protocol == "odata"
        assert found.url != below.url
        assert "dataspace.copernicus.eu" not in str(found.fields)
