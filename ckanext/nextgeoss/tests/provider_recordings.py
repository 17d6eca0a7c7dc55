"""The recorded answers of providers' services; recordings.yaml says whose rules read which of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, profile_provider
from ckanext.nextgeoss.harvesters.reading import Reading, read_answer
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.shared import provider_samples

_READINGS: dict[tuple[str, str], Reading] = {}
_PROFILE = "profile "


@dataclass(frozen=True)
class Recording:
    """A recorded answer, by whose rules it is read, and what the manifest says of it."""

    rules: str
    provider: Provider
    about: dict[str, str]
    body: bytes

    @property
    def file(self) -> str:
        """Its name in the folder of recordings."""
        return self.about["file"]

    @property
    def asked(self) -> Request | None:
        """What was asked, where all of it was recorded."""
        url = self.about["request_url"]
        if not url or "trunc" in url:
            return None
        body = json.loads(self.about["request_body"]) if self.about["request_body"] else None
        return Request(url=url, method=self.about["method"] or "GET", body=body)

    def read(self) -> Reading:
        """As a saved answer, which a profile alone takes for one about a collection; read once."""
        key = (self.rules, self.file)
        if key not in _READINGS:
            asked = Request(url="https://example.org/search", about="unnamed")
            _READINGS[key] = read_answer(
                self.provider, self.body, self.file, asked if is_profile(self.rules) else None
            )
        return _READINGS[key]

    def next(self) -> Request | None:
        """What would be asked after it."""
        assert self.asked
        response = Response(200, {}, self.body, self.asked.url)
        return protocol(self.provider.protocol).read(self.provider, response, self.asked).next

    @property
    def entries(self) -> int | None:
        """How many entries could be products or lead to some; None when nobody counted them."""
        if other := expected("entries", self.file):
            return other["is"]
        return int(self.about["entries"]) if self.about["entries"] else None

    @property
    def total(self) -> int | None:
        """The total that it tells."""
        if other := expected("totals", self.file):
            return other["is"]
        return int(self.about["total_reported"]) if self.about["total_reported"] else None

    @property
    def refused(self) -> list[str]:
        """Why some of its records are refused."""
        other = expected("refused", self.file)
        return other["is"] if other else []


def recordings(rules: str, patterns: list[str] | None = None) -> Iterator[Recording]:
    """What is read by a provider's rules, or by those of a profile; or any files by them."""
    for name, about in manifest().items():
        if _matches(name, patterns) if patterns else rules in read_by(name):
            yield Recording(rules, _provider(rules), about, (provider_samples() / name).read_bytes())


def is_profile(rules: str) -> bool:
    """Whether they are those of a profile, of services of which there is no provider file."""
    return rules.startswith(_PROFILE)


def listed(part: str) -> Mapping[str, Any]:
    """A part of recordings.yaml."""
    return _file()[part]


@cache
def read_by(file: str) -> list[str]:
    """By whose rules a file is read."""
    if not_read(file):
        return []
    return [rules for rules, patterns in listed("read").items() if _matches(file, patterns)]


@cache
def not_read(file: str) -> Mapping[str, str]:
    """Whose rules refuse a file, and with what words; nothing when it is to be read."""
    return _first(listed("not_read"), file) or {}


def elsewhere(file: str) -> str:
    """The test that reads what is no search answer."""
    return _first(listed("elsewhere"), file) or ""


def expected(kind: str, file: str) -> Any:
    """The exception of a kind that is made for a file; None when there is none."""
    return _first(listed("expected")[kind], file)


def _first(patterns: Mapping[str, Any], file: str) -> Any:
    return next((about for pattern, about in patterns.items() if fnmatchcase(file, pattern)), None)


def _matches(file: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(file, pattern) for pattern in patterns)


def _provider(rules: str) -> Provider:
    return profile_provider(rules.removeprefix(_PROFILE)) if is_profile(rules) else load_provider(rules)


@cache
def _file() -> Mapping[str, Mapping[str, Any]]:
    return yaml.safe_load(Path(__file__).with_name("recordings.yaml").read_text("utf-8"))


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """The lines of the manifest, by file."""
    with (provider_samples() / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
