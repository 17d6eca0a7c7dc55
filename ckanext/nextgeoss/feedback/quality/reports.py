"""Reports of runs: figures by organization, their trend, and the results of each dataset as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from .check import BANDS, DIMENSIONS
from .checks import BY_ID
from .figures import Figures, total, worst_first
from .model import Quality, QualityRun
from .store import PACKAGE

# whose datasets are counted: those that everybody may read, or all
PUBLIC, ALL = "public", "all"
# the key of the whole site
SITE = ""
_RUNS = 50
# runs that are kept
MOST_RUNS = 400

_BY_OWNER = sa.text(
    "SELECT coalesce(p.owner_org, ''), p.private, f.name, count(*)"
    " FROM nextgeoss_feedback_quality q JOIN package p ON p.id = q.package_id,"
    " LATERAL jsonb_object_keys(q.failed) AS f(name)"
    " WHERE p.state = 'active' GROUP BY 1, 2, 3"
)


def summarize(connection: Connection) -> dict[str, Any]:
    """The figures of now, as a run keeps them: by whose datasets are counted, then by organization."""
    found: dict[tuple[str, bool], Figures] = {}
    for owner, private, figures in _sums(connection):
        found[owner, private] = figures
    for owner, private, name, number in connection.execute(_BY_OWNER):
        if (owner, private) in found:
            found[owner, private].failed[name] = number
    return {
        PUBLIC: _written({key: figures for key, figures in found.items() if not key[1]}),
        ALL: _written(found),
    }


def nothing() -> dict[str, Any]:
    """The figures of no datasets."""
    return Figures().write()


def trend(
    connection: Connection, whose: str, organization: str = SITE, runs: int = _RUNS
) -> list[tuple[Any, Mapping[str, Any]]]:
    """The time of finished runs, the oldest first, each with the figures of then; runs at which the
    organization had no datasets are left out."""
    row = QualityRun
    figures = row.summary[whose][organization]
    asked = (
        sa.select(row.finished, figures)
        .where(row.kind == "records", row.finished.is_not(None), row.summary.has_key(whose))
        .order_by(row.finished.desc())
        .limit(runs)
    )
    return [(finished, told) for finished, told in reversed(connection.execute(asked).all()) if told]


def drop_old_runs(connection: Connection) -> None:
    """Forget the oldest runs of each kind, of which nobody wants to know any more."""
    row = QualityRun
    rank = sa.func.row_number().over(partition_by=row.kind, order_by=row.started.desc())
    ranked = sa.select(row.id, rank.label("rank")).subquery()
    connection.execute(
        sa.delete(row).where(row.id.in_(sa.select(ranked.c.id).where(ranked.c.rank > MOST_RUNS)))
    )


def lines(connection: Connection, organization: str, whose: str, worst: int) -> Iterator[str]:
    """The figures of an organization, or the site, for the console."""
    runs = trend(connection, whose, organization)
    if not runs:
        yield "nothing was checked yet"
        return
    last = runs[-1][1]
    yield f"{last['datasets']} datasets, score {_shown(last['score'])} ({last['band']})"
    # what the database gives back has lost its order
    yield ", ".join(f"{name} {_shown(last['dimensions'].get(name))}" for name in DIMENSIONS)
    yield ", ".join(f"{last['bands'].get(name, 0)} {name}" for name in BANDS)
    for name, number in worst_first(last)[:worst]:
        yield f"{number} x {BY_ID[name].title}: {BY_ID[name].fix}"
    for finished, told in runs:
        when, score = finished.isoformat(timespec="seconds"), _shown(told["score"])
        yield f"{when}Z: {told['datasets']} datasets, score {score}"


def _shown(score: float | None) -> str:
    return "-" if score is None else f"{score:g}"


def table(connection: Connection, *, organization: str = "", private: bool = False) -> Iterator[list[Any]]:
    """A line of names, and one for each dataset with its scores and the checks that it does not pass, worst
    first; of one organization, by its id, or of all. Reads as it goes."""
    package, row = PACKAGE.c, Quality
    scores = ("score", *DIMENSIONS)
    yield ["id", "name", "title", "type", "checked", *scores, "failed"]
    asked = (
        sa.select(package.id, package.name, package.title, row.kind, row.checked)
        .add_columns(*(getattr(row, name) for name in scores), row.failed)
        .join(PACKAGE, package.id == row.package_id)
        .where(package.state == "active")
        .order_by(row.score.asc().nulls_last(), package.name)
    )
    if organization:
        asked = asked.where(package.owner_org == organization)
    if not private:
        asked = asked.where(sa.not_(package.private))
    for found in connection.execute(asked.execution_options(yield_per=1000)):
        *columns, failed = found
        columns[4] = f"{columns[4].isoformat(timespec='seconds')}Z"
        yield [*columns, " ".join(sorted(failed))]


def _sums(connection: Connection) -> Iterator[tuple[str, bool, Figures]]:
    package, row = PACKAGE.c, Quality
    scores = ("score", *DIMENSIONS)
    bounds = list(BANDS.values())
    count = sa.func.count()
    bands = [
        count.filter(row.score >= least, *([row.score < above] if above is not None else []))
        for least, above in zip(bounds, [None, *bounds], strict=False)
    ]
    columns = [
        part
        for name in scores
        for part in (sa.func.sum(getattr(row, name)), sa.func.count(getattr(row, name)))
    ]
    asked = (
        sa.select(sa.func.coalesce(package.owner_org, ""), package.private, count, *bands, *columns)
        .select_from(Quality)
        .join(PACKAGE, package.id == row.package_id)
        .where(package.state == "active")
        .group_by(sa.func.coalesce(package.owner_org, ""), package.private)
    )
    for owner, private, datasets, *rest in connection.execute(asked):
        in_bands, numbers = rest[: len(BANDS)], rest[len(BANDS) :]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        yield (
            owner,
            private,
            Figures(
                datasets=datasets,
                sums={
                    name: (float(part or 0), number)
                    for name, (part, number) in zip(scores, pairs, strict=True)
                },
                bands=dict(zip(BANDS, in_bands, strict=True)),
            ),
        )


def _written(found: Mapping[tuple[str, bool], Figures]) -> dict[str, Any]:
    owners = {owner for owner, _ in found if owner}
    by_owner = {
        owner: total(figures for (each, _), figures in found.items() if each == owner).write()
        for owner in sorted(owners)
    }
    return {SITE: total(found.values()).write(), **by_owner}
