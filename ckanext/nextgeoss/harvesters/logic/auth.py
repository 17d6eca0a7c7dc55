"""Who may see what harvests keep: stock code shows every stored record to everybody."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject

from ..source import SOURCE_TYPE


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def harvest_object_show(next_auth: Any, context: Any, data_dict: dict[str, Any] | None) -> Any:
    """The record of a product is for those who may see it, other records for the editors of the source."""
    for kept in _objects(data_dict or {}):
        if kept.source.type != SOURCE_TYPE:
            continue
        action, what = "package_show", kept.package_id
        if not what:
            action, what = ("harvest_source_update", kept.harvest_source_id)
        try:
            toolkit.check_access(action, toolkit.fresh_context(context), {"id": what})
        except toolkit.NotAuthorized:
            return {"success": False, "msg": toolkit._("Not authorized to see this record")}
    return next_auth(context, data_dict)


def _objects(data_dict: dict[str, Any]) -> list[Any]:
    """The harvest objects among which the stock action will choose."""
    objects = model.Session.query(HarvestObject)
    if said := data_dict.get("id"):
        return objects.filter_by(**{data_dict.get("attr") or "id": said}).all()
    package = model.Package.get(data_dict.get("dataset_id"))
    return objects.filter_by(package_id=package.id, current=True).all() if package else []
