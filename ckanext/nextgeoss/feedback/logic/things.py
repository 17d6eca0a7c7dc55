"""Feedback on a thing that is known by a code in a code space, as other systems ask for it."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ..exports.entries import Page
from ..imports.found import space_key
from ..store.targets import DATASETS
from . import exporting
from .subjects import readable, target_of
from .summaries import summarized


def page_of(
    context: Context, code: str, space: str, *, address: str, primary: bool = False, **own: Any
) -> Page:
    """A page of items on a thing, of all feedback without a code, answers among them."""
    asked: dict[str, Any] = {**own, "include_replies": False, "replies": True, "secondary": not primary}
    if code:
        package_id = _dataset(context, code, space)
        asked |= {"package_id": package_id} if package_id else {"code": code, "code_space": space}
    return exporting.page_of(context, asked, address)


def summary_of(context: Context, code: str, space: str) -> dict[str, Any]:
    """The summary of the dataset that a code means; NotFound when it means none of ours."""
    package_id = _dataset(context, code, space)
    if not package_id:
        raise toolkit.ObjectNotFound(toolkit._("There is no dataset {}.").format(code))
    return summarized([package_id])[package_id]


def _dataset(context: Context, code: str, space: str) -> str:
    """The dataset of ours that a code means, if the caller may read it: by its id or name in the space of
    this site, by its identifier in that of a collection."""
    if space_key(space) in (space_key(site.site_base()), DATASETS, ""):
        package = model.Package.get(code)
        return readable(context, package.id).id if package else ""
    row = target_of(context, code, space)
    return (row.package_id or "") if row else ""
