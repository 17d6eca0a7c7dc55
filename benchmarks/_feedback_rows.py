"""Rows of datasets and of feedback on them, written by COPY."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from _command import say
from sqlalchemy import Engine

BATCH = 50_000
WHEN = "2026-01-01T00:00:00.123456"
WORDS = (
    "clouds",
    "snow",
    "stripes",
    "sharp",
    "noise",
    "coast",
    "fields",
    "ice",
    "forest",
    "harvest",
    "shadow",
    "haze",
)
DOMAINS = ("agriculture", "forestry", "ice", "hydrology", "urban")
_PACKAGE = (
    "id", "name", "title", "type", "state", "private", "owner_org", "creator_user_id", "extras",
    "metadata_created", "metadata_modified",
)  # fmt: skip
_ITEM = (
    "id", "code_space", "source", "state", "motivation", "contact_role", "rating", "expertise_level",
    "user_id", "author_name", "content_hash", "created", "modified", "published", "aspects", "tags",
    "domains", "issue_state", "issue_severity", "words", "parts",
)  # fmt: skip
_TARGET = ("item_id", "position", "role", "kind", "package_id", "code", "code_space", "title", "owner_org",
           "rater")  # fmt: skip


def dataset_id(number: int) -> str:
    """The id of a dataset."""
    return str(UUID(int=number + (1 << 120)))


def item_id(number: int) -> str:
    """The id of an item."""
    return str(UUID(int=number + (2 << 120)))


def seed_datasets(engine: Engine, number: int, organization: str, user: str) -> None:
    """Write public products."""
    rows = (
        (
            dataset_id(n), f"bench-{n}", f"Product {n}", "eo_product", "active", "f", organization,
            user, json.dumps({"collection_id": "bench", "identifier": f"PRODUCT_{n}"}), WHEN, WHEN,
        )
        for n in range(number)
    )  # fmt: skip
    _copy(engine, "package", _PACKAGE, rows, "datasets")


def seed_scores(engine: Engine) -> None:
    """Write a score of the metadata of each product."""
    columns = "package_id, version, kind, checked, score, failed, skipped"
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                f"INSERT INTO nextgeoss_feedback_quality ({columns})"
                " SELECT id, 0, 'product', now(), (random() * 100)::int, '{}', '{}' FROM package"
                " WHERE type = 'eo_product' ON CONFLICT DO NOTHING"
            )
        )


def seed_items(engine: Engine, number: int, datasets: int, hot: int, organization: str) -> None:
    """Write published items on datasets at random, of which the first has `hot`; nobody rates one twice."""
    _copy(engine, "nextgeoss_feedback_item", _ITEM, _items(number), "items")
    _copy(
        engine, "nextgeoss_feedback_target", _TARGET, _targets(number, datasets, hot, organization), "targets"
    )


def _items(number: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(1)
    for n in range(number):
        words = chance.sample(WORDS, 4)
        rating, level, domain = chance.randint(1, 5), chance.randint(1, 5), chance.choice(DOMAINS)
        kind = chance.random()
        issue = ("open", "minor") if kind < 0.1 else (None, None)
        usage = _usage(kind, words)
        parts = {
            "abstract": " ".join(words), "contact_role": "researchEndUser",
            "rating": rating, "tag": words[:1],
            "contact": {"application_domain": [domain], "expertise_level": level},
            "user_comment": {"comment": " ".join(words), "motivation": "comment"},
            "target": [{"role": "primary", "resource_ref": [{"title": "x"}]}],
            **({"usage": usage} if usage else {}),
            **({"citation": _CITED} if n % 50 == 0 else {}),
        }  # fmt: skip
        aspects = "{" + ",".join(a for each in usage for a in each["report_aspect"]) + "}"
        when = f"2026-{1 + n % 11:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:{n % 59:02}"
        yield (
            item_id(n), "bench", "local", "published", "comment", "researchEndUser", rating, level,
            f"user-{n}", f"User {n}", f"{n}", when, when, when, aspects, "{" + words[0] + "}",
            "{" + domain + "}", *issue,
            " ".join(f"{word}:{at}" for at, word in enumerate(words, 1)), json.dumps(parts),
        )  # fmt: skip


_CITED = [{
    "type": "publication", "title": "Crops from space", "category": "journalArticle",
    "identifier": [{"code": "10.5194/essd-12-1-2020", "code_space": "doi.org"}],
}]  # fmt: skip


def _usage(kind: float, words: list[str]) -> list[dict[str, Any]]:
    if kind < 0.1:
        return [{"report_aspect": ["problem"], "discovered_issue": [{"known_problem": words[0]}]}]
    if kind < 0.4:
        described = [{"specific_usage": " ".join(words)}]
        return [{"report_aspect": ["fitnessForPurpose"], "usage_description": described}]
    return []


def _targets(number: int, datasets: int, hot: int, organization: str) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(2)
    for n in range(number):
        dataset = 0 if n < hot else chance.randrange(datasets)
        yield (
            item_id(n), 0, "primary", "dataset", dataset_id(dataset), f"PRODUCT_{dataset}", "bench",
            f"Product {dataset}", organization, f"user-{n}",
        )  # fmt: skip


def _copy(
    engine: Engine, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], what: str
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    connection = engine.raw_connection()
    text, held, done = StringIO(), 0, 0
    with connection.cursor() as cursor:
        for row in rows:
            text.write("\t".join(map(_cell, row)) + "\n")
            held += 1
            if held == BATCH:
                cursor.copy_expert(statement, StringIO(text.getvalue()))
                done, held, text = done + held, 0, StringIO()
                say(f"{done} {what}")
        cursor.copy_expert(statement, StringIO(text.getvalue()))
    connection.commit()
    connection.close()


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
