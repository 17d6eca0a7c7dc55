"""Our own client of the configured Solr core: one connection kept alive, everything long by POST."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

import orjson
import urllib3

from ..eo.errors import NextGEOSSError

Parameters: TypeAlias = Mapping[str, str | int | Sequence[str]]
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class SolrError(NextGEOSSError):
    """Solr refused a request or could not be asked; `status` is 0 when it did not answer."""

    def __init__(self, reason: str, status: int = 0):
        self.reason, self.status = reason, status
        super().__init__(f"Solr: {reason}")


class SolrClient:
    """One core at `url`, such as http://127.0.0.1:8983/solr/ckan; may be shared by threads."""

    def __init__(self, url: str, login: tuple[str, str] | None = None, timeout: float = 30):
        self.url = url.rstrip("/")
        headers = urllib3.make_headers(basic_auth=":".join(login)) if login else {}
        self._pool = urllib3.PoolManager(
            maxsize=16,
            headers=headers,
            # while a body is sent, that of connecting counts: a busy Solr reads a batch slowly
            timeout=urllib3.Timeout(connect=timeout, read=timeout),
            # a connection that Solr closed meanwhile is opened again; what we ask may be asked twice
            retries=urllib3.Retry(1, allowed_methods=None, redirect=0),
        )

    def select(self, parameters: Parameters) -> dict[str, Any]:
        """The answer of a search; by POST, so that geometries may be long."""
        body = urlencode({**parameters, "wt": "json"}, doseq=True).encode()
        return self._ask("POST", "/select", body, _FORM)

    def get(self, path: str, parameters: Parameters | None = None) -> dict[str, Any]:
        """The answer of another handler of the core, such as /schema/fields."""
        query = urlencode({**(parameters or {}), "wt": "json"}, doseq=True)
        return self._ask("GET", f"{path}?{query}")

    def post(self, path: str, payload: Any) -> dict[str, Any]:
        """The answer to JSON sent to a handler such as /schema or /update."""
        return self._ask("POST", path, json.dumps(payload).encode(), "application/json")

    def change_schema(self, commands: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Change the schema by pairs of a command of the Schema API and its attributes; all or none."""
        if not commands:
            return
        # one command may come several times: JSON as Solr reads it, which a dictionary cannot hold
        parts = [f"{json.dumps(name)}: {json.dumps(attributes)}" for name, attributes in commands]
        self._ask("POST", "/schema?wt=json", ("{" + ", ".join(parts) + "}").encode(), "application/json")

    def add(self, documents: Sequence[Mapping[str, Any]], *, commit: bool = False) -> None:
        """Index documents."""
        self.post(f"/update?wt=json&commit={str(commit).lower()}", list(documents))

    def add_written(self, documents: Iterable[bytes]) -> None:
        """Index documents that are JSON already, without a commit."""
        self._ask("POST", "/update?wt=json", b"[" + b",".join(documents) + b"]", "application/json")

    def delete_keys(self, keys: Sequence[str]) -> None:
        """Delete the documents with these unique keys, without a commit."""
        self.post("/update?wt=json", {"delete": list(keys)})

    def show_changes(self, *, wait: bool = False) -> None:
        """Let searches see what was added and deleted: a soft commit, which opens a searcher. With `wait`
        they see it when this ends."""
        self.post(f"/update?wt=json&softCommit=true&waitSearcher={str(wait).lower()}", [])

    def delete(self, query: str, *, commit: bool = False) -> None:
        """Delete the documents that match a query in Solr's syntax."""
        self.post(f"/update?wt=json&commit={str(commit).lower()}", {"delete": {"query": query}})

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
        headers = {**self._pool.headers, **({"Content-Type": kind} if kind else {})}
        try:
            answer = self._pool.request(method, self.url + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise SolrError(f"no answer from {self.url}: {_cause(error)}") from error
        try:
            found = orjson.loads(answer.data)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise SolrError(f"{self.url}{path.partition('?')[0]} answered {answer.status}", answer.status)
        if answer.status != 200 or "error" in found:
            raise SolrError(_message(found.get("error") or {}), answer.status)
        return found


def _message(error: Mapping[str, Any]) -> str:
    """The first line of what Solr says; the Schema API tells it in `details`."""
    told = [line for part in error.get("details") or () for line in part.get("errorMessages") or ()]
    text = str(told[0] if told else error.get("msg") or error.get("trace") or "unknown error")
    return text.strip().splitlines()[0][:500]


def _cause(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason).rpartition(": ")[2][:200] or type(reason).__name__
