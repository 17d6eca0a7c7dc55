"""`nextgeoss provider`: look at providers, try their rules on saved answers, ask them; needs no database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import click
import yaml

from ..eo.errors import NextGEOSSError
from ..http import HttpClient
from . import provider_files as providers
from .attributes import attributes_of, coverage_of
from .live_check import check as check_live
from .reading import Reading, read_answer, sample_pages
from .recording import record as record_live

# of a checkout: an installed package has no tests
SAMPLES = Path(__file__).parents[1] / "tests" / "samples"


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what is wrong with a provider file is one line."""
        try:
            return super().invoke(ctx)
        except NextGEOSSError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
def provider() -> None:
    """Look at providers and try their rules on saved answers."""


@provider.command("list")
def list_() -> None:
    """Show the id, profile, status, address and title of each provider."""
    found = list(providers.each_provider())
    width = max(len(each.url) for each in found)
    for each in found:
        click.echo(f"{each.id:<24}{each.profile:<14}{each.status:<9}{each.url:<{width}}  {each.title}")


@provider.command()
@click.argument("provider_id", metavar="ID")
def show(provider_id: str) -> None:
    """Show all that is known of provider ID, its profile's rules included; ID may be a file."""
    click.echo(
        yaml.safe_dump(_listed(asdict(_provider(provider_id))), sort_keys=False, allow_unicode=True), nl=False
    )


@provider.command()
@click.option(
    "--profile", help="Read by the rules of a protocol profile alone; all arguments are files then."
)
@click.option("--document", is_flag=True, help="One indented JSON document, as a sample's expected.json.")
@click.argument("arguments", nargs=-1, required=True, metavar="[ID] FILE...")
def read(profile: str | None, document: bool, arguments: tuple[str, ...]) -> None:
    """Read saved answers by the rules of provider ID, which may be a file; `-` is standard input.

    For each file: one line of JSON a product, then one line {"summary": ...} with the next request, the
    provider's total, and the records refused. Exit code 1 when a file gave neither a product nor a valid
    empty answer."""
    rules = providers.profile_provider(profile) if profile else _provider(arguments[0])
    files = arguments if profile else arguments[1:]
    if not files:
        raise click.UsageError("no FILE is given")
    readings = [_shown(read_answer(rules, _body(file), file), document) for file in files]
    sys.exit(0 if all(reading.good for reading in readings) else 1)


@provider.command()
@click.option(
    "--samples", type=click.Path(path_type=Path, file_okay=False, exists=True), default=SAMPLES,
    help="The folder of samples, one folder a provider."
)  # fmt: skip
@click.argument("provider_ids", nargs=-1, metavar="[ID]...")
def accept(samples: Path, provider_ids: tuple[str, ...]) -> None:
    """Write what the samples of providers (of all, when no ID is given) are read as into expected.json.

    It is the test from then on: read it, with `git diff`, before it is committed."""
    for provider_id in provider_ids or providers.provider_ids():
        rules, pages = _provider(provider_id), sample_pages(samples / provider_id)
        if not pages:
            raise click.ClickException(
                f"{samples / provider_id}: no sample; save an answer as page.json or page.xml"
            )
        reading = read_answer(rules, pages[0].read_bytes(), pages[0].name)
        if not reading.good:
            raise click.ClickException(f"{pages[0]}: {reading.error or _words(reading)}")
        text = json.dumps(reading.document(), indent=1, ensure_ascii=False) + "\n"
        expected = samples / provider_id / "expected.json"
        is_same = expected.is_file() and expected.read_text("utf-8") == text
        expected.write_text(text, "utf-8")
        click.echo(
            f"{provider_id}: {_words(reading)}; {'as before' if is_same else f'written to {expected}'}"
        )


@provider.command()
@click.argument("provider_id", metavar="ID")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def attributes(provider_id: str, files: tuple[str, ...]) -> None:
    """Show what became of each attribute that saved answers of provider ID have.

    One line an attribute: in how many records it is, what it is read as (a property, a part of the product,
    "ignored" on purpose, or "unknown"), its path, and a value that it has; then the counts."""
    rules = _provider(provider_id)
    answers = [read_answer(rules, _body(file), file) for file in files]
    records = [record for reading in answers if reading.answer for record in reading.answer.records]
    found = attributes_of(rules, records)
    for each in found:
        example = json.dumps(each.example, ensure_ascii=False, default=str)
        click.echo(f"{each.records:>7}  {each.read_as:<26} {each.path} = {_short(example)}")
    click.echo(f"{len(records)} records; {coverage_of(found)}", err=True)
    for reading in answers:
        if reading.answer is None:
            click.echo(f"{reading.file}: {reading.error}", err=True)
    sys.exit(0 if all(reading.answer for reading in answers) else 1)


def _of_live(command: Any) -> Any:
    """The argument and options of commands that ask a live service."""
    options = (
        click.argument("provider_id", metavar="ID"),
        click.option("--collection", default="", help="Our id of a collection; else the provider's first."),
        click.option("--url", default="", help="Another address than the file's, which gets no login."),
        click.option("--private", multiple=True, metavar="HOST[:PORT]", help="A private host to be allowed."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@provider.command()
@_of_live
def check(provider_id: str, collection: str, url: str, private: tuple[str, ...]) -> None:
    """Ask the live service of provider ID for a few products and say what it found; nothing is kept.

    Shown are the address asked, status and time, products, total, the newest one, unknown attributes,
    problems, whether a login was sent, and how the next page is asked for. Exit code 1 when it cannot be
    read."""
    found = check_live(_asked(provider_id, url), HttpClient(allowed_private_hosts=private).send, collection)
    for line in found.lines:
        click.echo(line)
    sys.exit(0 if found.good else 1)


@provider.command()
@_of_live
@click.option("--pages", type=click.IntRange(1, 50), default=1, show_default=True, help="How many pages.")
@click.option("--products", type=click.IntRange(1, 1000), help="At most so many products a page.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The folder; else recordings/ID here."
)
def record(
    provider_id: str,
    collection: str,
    url: str,
    private: tuple[str, ...],
    pages: int,
    products: int | None,
    out: Path | None,
) -> None:
    """Keep the first answers of the live service of provider ID as files, without logins and signatures.

    page.json or page.xml, page-2 and so on are the answers; recording.json says what was asked, with the
    status and those headers of the answers that matter."""
    rules = _asked(provider_id, url)
    send = HttpClient(allowed_private_hosts=private).send
    folder = out or Path("recordings") / rules.id
    for path in record_live(rules, send, folder, collection=collection, pages=pages, products=products or 0):
        click.echo(f"{path}: {path.stat().st_size} bytes")
    click.echo("Logins and signatures that are known are taken out; look through the files all the same.")


def _asked(name: str, url: str) -> providers.Provider:
    """The provider as it is asked; another address gets no login."""
    found = _provider(name)
    return replace(found, url=url.rstrip("/"), auth={}) if url else found


def _provider(name: str) -> providers.Provider:
    return providers.load_file(Path(name)) if name.endswith(".yaml") else providers.load_provider(name)


def _body(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error


def _shown(reading: Reading, document: bool) -> Reading:
    if document:
        click.echo(json.dumps(reading.document(), indent=1, ensure_ascii=False))
    else:
        for line in (*reading.products(), {"summary": reading.summary()}):
            click.echo(json.dumps(line, ensure_ascii=False))
    click.echo(f"{reading.file}: {_words(reading)}", err=True)
    return reading


def _words(reading: Reading) -> str:
    if reading.answer is None:
        return reading.error
    summary = reading.summary()
    total = "not told" if summary["total"] is None else summary["total"]
    parts = [
        f"{summary['products']} products",
        f"total {total}",
        "more follow" if summary["next"] else "the end",
    ]
    parts += summary["warnings"]
    parts += [f"record {bad['position']} refused: {bad['reason']}" for bad in summary["refused"]]
    return "; ".join(parts)


def _short(text: str, width: int = 60) -> str:
    """A text of one line, cut where it is long."""
    return text if len(text) <= width else text[: width - 3] + "..."


def _listed(value: Any) -> Any:
    """The value with tuples as lists and without what is empty, for YAML."""
    if isinstance(value, dict):
        members = cast(dict[str, Any], value).items()
        return {key: _listed(item) for key, item in members if item not in ("", (), {}, [])}
    if isinstance(value, (tuple, list)):
        return [_listed(item) for item in cast(list[Any], value)]
    return value
