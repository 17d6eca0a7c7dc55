"""The harvester of all providers that a file describes, as ckanext-harvest wants it."""

from __future__ import annotations

import logging
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestGatherError, HarvestObject

from .. import config
from ..eo.errors import NextGEOSSError
from . import ledger
from .gathering import GUID, gather
from .importing import reimport, run_slice
from .protocols.records import record_link
from .source import SOURCE_TYPE, parse_config
from .source_form import config_from_form
from .terms import Row

log = logging.getLogger(__name__)


class Harvester:
    """Source type `nextgeoss`: a provider file and the part of its products that is wanted."""

    def info(self) -> dict[str, str]:
        """What the form of harvest sources shows."""
        return {
            "name": SOURCE_TYPE,
            "title": "Earth observation provider",
            "description": "Products of a known provider: choose it, its collections, time and area",
            "form_config_interface": "Text",
        }

    def validate_config(self, text: str | None) -> str:
        """The configuration as it is stored; BadConfiguration says what is wrong with it."""
        return parse_config(config_from_form(text), config.provider_folders()).as_json()

    def get_original_url(self, harvest_object_id: str) -> str | None:
        """Where the provider shows the record of a product; None when its record does not say."""
        kept: Row = model.Session.get(HarvestObject, harvest_object_id)
        return record_link(kept.content) or None if kept and kept.content else None

    def gather_stage(self, job: Row) -> list[str]:
        """The ids of the job's slices; what stops it is told in the job's report."""
        source, job_id = job.source.title or job.source.url, job.id
        try:
            return gather(job)
        except NextGEOSSError as error:
            reason = str(error)
        except toolkit.ValidationError as error:
            reason = f"a collection or organization could not be stored: {error.error_summary}"
        except Exception as error:
            if ledger.is_lost(error):
                # no fault of job or provider: it is gathered again when the database is back
                reason = str(error).splitlines()[0]
                log.warning("The database is gone, job %s is gathered later: %s", job_id, reason)
                model.Session.rollback()
                return []
            # stock code would end the worker, and the job without a word
            log.exception("The gather stage failed")
            reason = f"an error of the harvester itself, {type(error).__name__}: {error}"
        model.Session.rollback()
        HarvestGatherError.create(f"source {source}: {reason}", job)
        return []

    def fetch_stage(self, carrier: Row) -> bool:
        """Nothing: slices are fetched while they are imported, page by page."""
        return True

    def import_stage(self, carrier: Row) -> Any:
        """Read a slice; or, for the object of one product, map its stored record again."""
        if carrier.guid.startswith(GUID):
            return run_slice(carrier)
        return reimport(carrier)
