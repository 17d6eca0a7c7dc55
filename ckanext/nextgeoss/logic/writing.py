"""What changes of products and collections by our APIs have in common: who changes, and what may go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ckan import model
from ckan.lib.search import index_for
from ckan.lib.search.common import make_connection
from ckan.logic import package_show_default_and_custom_schemas
from ckan.plugins import toolkit

from ..eo.errors import NextGEOSSError
from ..eo.formats.site import Site
from ..eo.formats.stac_given import BadMember
from ..search.catalogue import Catalogue

Dataset = dict[str, Any]
# whether a document is still the one that the caller knows, and what it shall be instead
Fits = Callable[[Dataset], bool]
Change = Callable[[Dataset], Any]


class Missing(NextGEOSSError):
    """Nothing is called so, or nothing that the caller may see."""

    def __init__(self, what: str, name: str):
        self.what = what
        super().__init__(f"there is no {what} {name!r}")


class Exists(NextGEOSSError):
    """What should be made is there already; `same` when it says the same."""

    def __init__(self, what: str, name: str, *, same: bool):
        self.same = same
        told = "with this content" if same else "with other content, which PUT or PATCH would change"
        super().__init__(f"there is {what} {name!r} already, {told}")


class Stale(NextGEOSSError):
    """Somebody has changed what the caller wants to change since he saw it."""


class NotEmpty(NextGEOSSError):
    """A collection that still has products."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the catalogue: a user of CKAN, what he may see, and where that is shown."""

    user: Any
    catalogue: Catalogue
    site: Site

    def may(self, action: str, data: Dataset) -> None:
        """NotAuthorized unless CKAN allows him this."""
        toolkit.check_access(action, self._context(), data)

    def act(self, action: str, data: Dataset) -> Any:
        """Call an action of CKAN as him; BadValue names the member that CKAN refuses."""
        with _told():
            return toolkit.get_action(action)(self._context(), data)

    def create(self, data: Dataset, *, shown_later: bool) -> None:
        """Make a dataset as him; `shown_later` leaves it to the caller to have Solr show what is new, which
        takes longer than all else."""
        if not shown_later:
            self.act("package_create", data)
            return
        context = self._context() | {"defer_commit": True}
        with _told():
            made = toolkit.get_action("package_create")(context, data)
        default, custom = package_show_default_and_custom_schemas(self._context(), made["id"])
        index_for("Package").update_dict(dict(default, with_custom_schema=custom), True)
        model.repo.commit()

    def show(self, uuid: str) -> Dataset:
        """The dataset as the database has it."""
        return toolkit.get_action("package_show")(self._context() | {"use_cache": False}, {"id": uuid})

    def _context(self) -> Any:
        return {"user": self.user.name, "auth_user_obj": self.user}


def locked(uuid: str) -> model.Package | None:
    """The dataset, which nobody else changes before our transaction ends."""
    # what the session remembers may be older than the lock
    model.Session.expire_all()
    found = model.Session.query(model.Package).filter(model.Package.id == uuid)
    return found.with_for_update(of=model.Package).one_or_none()


def make(
    author: Author, dataset: Dataset, there: Callable[[], NextGEOSSError], *, shown_later: bool = False
) -> None:
    """Make a dataset, or what was deleted under its name anew; `there` is the error when there is one, which
    somebody else may have made at the same moment."""
    name = dataset["name"]
    known = model.Package.get(name)
    former = locked(known.id) if known else None
    if former is not None and former.state == "active":
        raise there()
    try:
        if former is None:
            # ids are CKAN's, or for products our validator's, to give
            without = {key: value for key, value in dataset.items() if key != "id"}
            author.create(without, shown_later=shown_later)
        else:
            author.act("package_update", {**dataset, "id": former.id, "state": "active"})
    except toolkit.NotAuthorized:
        raise
    except Exception as error:
        model.Session.rollback()
        if former is None and model.Package.get(name):
            raise there() from error
        raise


def show_changes() -> None:
    """Have Solr show what was written, before the next search."""
    make_connection().commit(softCommit=True, waitSearcher=True)


def check_fits(fits: Fits, shown: Dataset, name: str) -> None:
    """Stale unless what is shown is what the caller knows."""
    if not fits(shown):
        model.Session.rollback()
        raise Stale(f"{name!r} has been changed since; ask for it again")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except toolkit.ValidationError as error:
        model.Session.rollback()
        where, said = next(iter(error.error_dict.items()), ("body", "is refused"))
        raise BadMember(str(where), _words(said)) from error


def _words(said: Any) -> str:
    if isinstance(said, list):
        return "; ".join(_words(part) for part in said if part)
    if isinstance(said, dict):
        return "; ".join(f"{key}: {_words(part)}" for key, part in said.items())
    return str(said)
