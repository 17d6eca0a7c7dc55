"""Feedback on many datasets: lists, summaries, searches, and what it costs to index a dataset.

`./nextgeoss bench feedback [--products 20000] [-- --items N --hot N --asked N --full]`

Datasets (`--products`) and items are written by COPY; one dataset has `--hot` items. Summaries are made by
the command that makes them anew, and compared with a count by brute force. What is measured goes through the
actions, as a visitor calls them, without the web server; `--full` is a million of each."""

from __future__ import annotations

import random
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from _command import Result, arguments, finish, say
from _feedback_rows import WORDS, dataset_id, seed_datasets, seed_items, seed_scores
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit
from sqlalchemy.orm import Session

PAGE = 20  # datasets of a page of search results
BATCH = 500  # datasets that are indexed at a time
BOUND_INDEX_MS = 1.0  # a dataset


def measure(chosen: Namespace, folder: Path) -> Result:
    """Seed and ask."""
    if chosen.full:
        chosen.products = chosen.items = 1_000_000
    items = chosen.items or chosen.products
    app = make_app(load_config(str(chosen.ini)))
    with app._wsgi_app.test_request_context():  # type: ignore[attr-defined]
        seeded = _seed(chosen.products, items, min(chosen.hot, items))
        result: Result = {
            "benchmark": "feedback",
            "products": chosen.products,
            "items": items,
            "hot": chosen.hot,
        }
        result |= {"seconds": seeded} | _rebuilt()
        asked = _asked(chosen.products, chosen.asked)
        result |= {"asked": {name: _latencies(ask, chosen.asked) for name, ask in asked.items()}}
        result |= {"queries of a page": _queries(asked["summaries of a page"])}
        result |= {"index": _index(chosen.products), "compared": _compared(chosen.products)}
        model.Session.remove()
    return result


def _seed(products: int, items: int, hot: int) -> dict[str, float]:
    engine, context = model.ensure_engine(), {"ignore_auth": True}
    user = toolkit.get_action("get_site_user")({**context}, {})["name"]
    made = toolkit.get_action("organization_create")(
        {**context, "user": user}, {"name": f"bench-{uuid4().hex[:8]}"}
    )
    model.Session.remove()
    began = time.perf_counter()
    seed_datasets(engine, products, made["id"], made["id"])
    seed_scores(engine)
    datasets_done = time.perf_counter()
    seed_items(engine, items, products, hot, made["id"])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return {"datasets": _since(began, datasets_done), "items": _since(datasets_done)}


def _rebuilt() -> Result:
    """How long it takes to make all summaries anew."""
    from ckanext.nextgeoss.feedback.store import counting

    began = time.perf_counter()
    with Session(model.ensure_engine()) as session:
        wrong = counting.rebuild(session)
        session.execute(sa.text("TRUNCATE nextgeoss_outbox"))
        session.commit()
    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE nextgeoss_feedback_summary"))
    say(f"{wrong} summaries made")
    return {"rebuild": {"summaries": wrong, "seconds": _since(began)}}


def _asked(products: int, number: int) -> dict[str, Callable[[], Any]]:
    """What is asked, each time of other datasets."""
    chance = random.Random(3)

    def some() -> str:
        return dataset_id(chance.randrange(products))

    return {
        "list": lambda: _act("feedback_list", package_id=some(), limit=PAGE, include_replies=True),
        "list, hot": lambda: _act(
            "feedback_list", package_id=dataset_id(0), limit=PAGE, include_replies=True
        ),
        "list, hot, by rating": lambda: _act(
            "feedback_list", package_id=dataset_id(0), sort="rating", aspect="problem"
        ),
        "latest of the site": lambda: _act("feedback_list", limit=PAGE),
        "open issues": lambda: _act("feedback_issue_list", limit=PAGE),
        "search": lambda: _act("feedback_search", q=" ".join(chance.sample(WORDS, 3)), limit=PAGE),
        "summary": lambda: _act("feedback_summary", id=some()),
        "summary, hot": lambda: _act("feedback_summary", id=dataset_id(0)),
        "summaries of a page": lambda: _act("feedback_summary", ids=[some() for _ in range(PAGE)]),
        "summaries of 1000": lambda: _act("feedback_summary", ids=[some() for _ in range(1000)]),
    }


def _act(name: str, **data: Any) -> Any:
    answer = toolkit.get_action(name)({"user": "", "ignore_auth": False}, data)
    model.Session.remove()
    return answer


def _latencies(ask: Callable[[], Any], number: int) -> Result:
    for _ in range(min(10, number)):
        ask()
    times = sorted(_timed(ask) for _ in range(number))
    return {f"p{share}": round(times[min(number - 1, number * share // 100)], 2) for share in (50, 95, 99)}


def _timed(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - began)


def _queries(ask: Callable[[], Any]) -> int:
    """How many statements about feedback a call sends."""
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return sum("nextgeoss_feedback" in statement for statement in told)


def _index(products: int) -> Result:
    """What the fields of a dataset cost who indexes, in milliseconds a dataset."""
    from ckanext.nextgeoss.feedback.logic.indexing import fields_of

    chance = random.Random(4)
    times: list[float] = []
    for _ in range(20):
        ids = [dataset_id(chance.randrange(products)) for _ in range(min(BATCH, products))]
        times.append(_timed(lambda ids=ids: fields_of(ids)) / len(ids))
        model.Session.remove()
    return {"ms a dataset": round(sorted(times)[len(times) // 2], 4), "worst": round(max(times), 4)}


def _compared(products: int) -> Result:
    """How many of some summaries are not those of a count by brute force."""
    from ckanext.nextgeoss.feedback.store import counting

    chance = random.Random(5)
    ids = sorted({dataset_id(0), *(dataset_id(chance.randrange(products)) for _ in range(2000))})
    with Session(model.ensure_engine()) as session:
        kept, made = counting.read_summaries(session, ids), counting.brute_force(session, ids)
    return {"datasets": len(ids), "wrong": sum(kept[each] != made[each] for each in ids)}


def _since(began: float, ended: float | None = None) -> float:
    return round((ended or time.perf_counter()) - began, 1)


def report(result: Mapping[str, Any]) -> str:
    """What people read."""
    lines = [
        f"{result['products']} datasets, {result['items']} items, {result['hot']} of them on one dataset"
    ]
    for name, found in result["asked"].items():
        lines.append(
            f"{name:24} p50 {found['p50']:8.1f} ms   p95 {found['p95']:8.1f} ms   p99 {found['p99']:8.1f} ms"
        )
    lines.append(f"statements for a page of {PAGE}: {result['queries of a page']}")
    lines.append(f"index: {result['index']['ms a dataset']} ms a dataset (at most {BOUND_INDEX_MS:g})")
    rebuild, compared = result["rebuild"], result["compared"]
    lines.append(f"summaries made anew: {rebuild['summaries']} in {rebuild['seconds']} s")
    lines.append(f"summaries unlike brute force: {compared['wrong']} of {compared['datasets']}")
    return "\n".join(lines)


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, products=20_000, of_harvests=False)
    parser.add_argument("--items", type=int, default=0, help="items of feedback (as many as datasets)")
    parser.add_argument("--hot", type=int, default=2000, help="items on one dataset (2000)")
    parser.add_argument("--asked", type=int, default=200, help="how often each is asked (200)")
    parser.add_argument("--full", action="store_true", help="a million datasets and a million items")
    chosen = parser.parse_args()
    finish(chosen, lambda folder: measure(chosen, folder), report)


if __name__ == "__main__":
    main()
