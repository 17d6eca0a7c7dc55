"""The recorded answers of each provider's services, in formats that we read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from typing import Any

from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.provider import Provider, load_provider, profile_provider
from ckanext.nextgeoss.harvesters.reading import Reading, read_answer
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.shared import provider_samples

# by provider: patterns of the files
FILES = {
    "cdse_odata": ["cdse-odata/*"],
    "cdse_stac": ["cdse-stac/*"],
    "creodias_resto": ["cdse-creodias-resto/*.json"],
    "dhus_national": ["copernicus-scihub-dhus/opensearch_*"],
    "earth_search": ["earth-search/*"],
    "nasa_cmr": ["nasa-cmr/granules_stac.json"],
    "planetary_computer": ["planetary-computer/*"],
    "sara": ["sara-australia/*"],
    "terradue": ["terradue-catalog/*"],
    "copernicus_marine": ["copernicus-marine-stac/*"],
    "digital_earth_africa": ["digital-earth-odc/stac_*"],
    "digital_earth_australia": ["digital-earth-odc/item_*"],
    "dlr_eoc": ["dlr-eoc-geoservice/*"],
    "swiss_geoadmin": ["swiss-geoadmin-stac/*"],
    "theia_geodes": ["cnes-geodes/*"],
    "usgs_landsatlook": ["usgs-landsatlook-stac/*"],
    "terrascope": ["vito-terrascope/oscars_products*", "ogc-eo-geojson/*"],
    "vito_probav": ["vito-terrascope/opensearch_*"],
}
# providers of whose services nothing is recorded
NOT_RECORDED = {
    "brazil_data_cube", "ceda", "eodc_gfm", "fedeo_stac", "gee_stac", "jaxa_earth", "terrascope_stac",
}  # fmt: skip
# by profile: services of which there is no provider file
BY_PROFILE = {
    "stac": [
        "eoapi-dev/*", "sat-api-legacy/*", "paituli-geoserver-stac/*", "spacebel-emc/*", "fedeo/stac_*",
        "eosda-aws/*", "wekeo/*",
    ],
    "stac_static": ["odse-static-stac/*", "stac-label-static/*"],
}  # fmt: skip
# what is no search answer, and what is said of it
NO_ANSWERS = {
    "cdse-creodias-resto/cdse_resto_sentinel1_describe.xml": "XML (OpenSearchDescription), not a search",
    "copernicus-scihub-dhus/error_401_wrong_credentials.html": "HTML (HTTP Status 401",
    "copernicus-scihub-dhus/error_404_bad_key.json": "error: Invalid key (invalid-xyz) to access Products",
    "copernicus-scihub-dhus/error_404_invalid_id.json": "error: Invalid key (1f62a176",
    "copernicus-scihub-dhus/error_404_odata.xml": "error: Invalid key (98ca202b",
    "copernicus-scihub-dhus/error_502_server_maintenance.html": "HTML (The Sentinels Scientific Data Hub)",
    "copernicus-scihub-dhus/error_in_200_invalid_query.json": "error: 400: undefined field xxx",
    "ogc-eo-geojson/example-1-seasat.json": "not JSON, at line 123",
    "nasa-cmr/error_400_paging_depth.xml": "error: The paging depth",
    "eosda-aws/awseos_search.json": "not a STAC answer; its members are: meta, results",
    "wekeo/collection_null_members.json": "not a STAC answer; its members are: abstract",
    "wekeo/collection_s3_sral.json": "not a STAC answer; its members are: abstract",
    "vito-terrascope/metalink_probav_s1_100m.xml": "XML (metalink), not a search answer",
    "vito-terrascope/oscars_collections.json": "a list of 8 collections, not products",
}


_READINGS: dict[tuple[str, str], Reading] = {}


@dataclass(frozen=True)
class Recording:
    """A recorded answer, and what the manifest says of it."""

    provider: Provider
    about: dict[str, str]
    body: bytes

    @property
    def file(self) -> str:
        """Its name in the folder of recordings."""
        return self.about["file"]

    @property
    def asked(self) -> Request | None:
        """What was asked, where all of it was recorded."""
        url = self.about["request_url"]
        if not url or "trunc" in url:
            return None
        body = json.loads(self.about["request_body"]) if self.about["request_body"] else None
        return Request(url=url, method=self.about["method"] or "GET", body=body)

    def read(self) -> Reading:
        """By the rules of its provider, as a saved answer; read once."""
        key = (self.provider.id, self.file)
        if key not in _READINGS:
            _READINGS[key] = read_answer(self.provider, self.body, self.file)
        return _READINGS[key]

    def next(self) -> Request | None:
        """What would be asked after it."""
        assert self.asked
        response = Response(200, {}, self.body, self.asked.url)
        return protocol(self.provider.protocol).read(self.provider, response, self.asked).next

    @property
    def entries(self) -> int | None:
        """How many entries the manifest counted; None when it did not."""
        return int(self.about["entries"]) if self.about["entries"] else None


def recordings(provider_id: str, patterns: list[str] | None = None) -> Iterator[Recording]:
    """The recordings of a provider."""
    provider = profile_provider(provider_id) if provider_id in BY_PROFILE else load_provider(provider_id)
    known = {**FILES, **BY_PROFILE}
    for name, about in manifest().items():
        if any(fnmatch(name, pattern) for pattern in patterns or known[provider_id]):
            yield Recording(provider, about, (provider_samples() / name).read_bytes())


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """The lines of the manifest, by file."""
    with (provider_samples() / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
