"""What is known elsewhere of a publication, by its DOI."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ckan.plugins import toolkit
from ckan.types import Context

from ... import config as site
from ...eo.errors import BadAnswer
from ...http import HttpClient, HttpError, RemoteError
from ...messages import Limits, Request
from ...site_hosts import site_hosts
from .. import config, doi, guf
from .caller import limit, told, writer_of
from .schema import items as schema
from .schema.values import validated

# a person waits for it
LIMITS = Limits(
    connect=5.0, read=10.0, total=20.0, max_bytes=2_000_000, attempts=1, longest_pause=5.0, turn=5.0
)
_GONE = (404, 410)


@toolkit.side_effect_free
def feedback_doi_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask the resolver of DOIs (`ckanext.nextgeoss.feedback.doi_resolver`) what a DOI is of.

    :param doi: the DOI, with or without `https://doi.org/`
    :returns: `doi` in its normal form, and `citation`: the publication as a `citation` of an item: `title`,
        `category`, `cited_responsible_party`, `date`, `series`, `identifier`, as far as they are known
    """
    own = validated(schema.feedback_doi_show_schema, data_dict, None, context)
    toolkit.check_access("feedback_doi_show", context, own)
    resolver = config.doi_resolver()
    if not resolver:
        raise _refused(toolkit._("DOIs are not looked up here: please fill it in by hand."))
    with told():
        wanted = guf.doi(own["doi"])
    limit("dois", config.dois_per_hour(), writer_of(context)[1])
    try:
        answer = _client().send(Request(f"{resolver}/{quote(wanted, safe='/')}", headers={"Accept": doi.CSL}))
        return {"doi": wanted, "citation": doi.citation(answer.body, wanted)}
    except RemoteError as error:
        if error.status in _GONE:
            raise _refused(toolkit._("There is no DOI {}.").format(wanted)) from error
        raise _refused(_unknown(wanted)) from error
    except (HttpError, BadAnswer) as error:
        raise _refused(_unknown(wanted)) from error


def _unknown(wanted: str) -> str:
    text = toolkit._("Nothing could be learnt of the DOI {} just now: please fill it in by hand.")
    return text.format(wanted)


def _refused(text: str) -> toolkit.ValidationError:
    return toolkit.ValidationError({"doi": [text]})


def _client() -> HttpClient:
    return HttpClient(
        user_agent=site.user_agent(),
        allowed_private_hosts=site.allowed_private_hosts(),
        limits=LIMITS,
        hosts=site_hosts(),
    )
