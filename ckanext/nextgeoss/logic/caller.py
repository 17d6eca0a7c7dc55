"""What of the catalogue the caller of an action may see, and what he is told when it cannot answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import authz
from ckan.lib.search import SearchError
from ckan.plugins import toolkit
from ckan.types import Context

from ..eo.errors import BadValue
from ..search.catalogue import Catalogue, catalogue_for
from ..search.parameters import BadParameters
from ..search.solr import SolrError


def catalogue_of(context: Context) -> Catalogue:
    """The catalogue as the caller may see it; after `check_access`, which says who he is."""
    sees_all = context.get("ignore_auth", False) or authz.is_sysadmin(context.get("user"))
    return catalogue_for(context.get("auth_user_obj"), sees_all=sees_all)


@contextmanager
def errors_told() -> Iterator[None]:
    """Our errors as CKAN's: a ValidationError names the parameter, a SearchError says that Solr is away."""
    try:
        yield
    except BadParameters as error:
        raise toolkit.ValidationError({name: [why] for name, why in error.reasons.items()}) from error
    except BadValue as error:
        raise toolkit.ValidationError({error.where: [error.reason]}) from error
    except SolrError as error:
        raise SearchError(toolkit._("The search is not available at the moment.")) from error
