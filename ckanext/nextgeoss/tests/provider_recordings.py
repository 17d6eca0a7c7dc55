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
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, profile_provider
from ckanext.nextgeoss.harvesters.reading import Reading, read_answer
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests.shared import provider_samples

# by provider: patterns of the files
FILES = {
    "cdse_odata": ["cdse-odata/*"],
    "cdse_stac": ["cdse-stac/*"],
    "creodias_resto": ["cdse-creodias-resto/*.json"],
    "dhus_national": ["copernicus-scihub-dhus/opensearch_*"],
    "dhus_odata": ["copernicus-scihub-dhus/odata_product_*"],
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
    "ebas_oai": ["oai-pmh/*", "csw-geonetwork/pycsw_oaipmh_dc.xml"],
    "landsaf_geonetwork": ["iso-waf/*.xml"],
    "saeon_csw": ["csw-geonetwork/[!p]*", "csw-geonetwork/pycsw_[!o]*", "csw-geonetwork/pycsw_op*"],
    "wmo_oscar": ["wmo-oscar-wigos/*"],
    "arcgis_online": ["arcgis-online/*"],
    "asf": ["asf-cmr/*"],
    "copernicus_ems": ["copernicus-ems/*"],
    "dwd_cdc": ["wfs/getfeature_dwd*"],
    "eumetsat": ["eumetsat-datastore/*"],
    "nasa_cmr_laads": ["nasa-cmr/umm_json_mod02qkm*", "nasa-cmr/granule_G1593453400*"],
    "nasa_cmr_nsidc": ["nasa-cmr/granule_atl03*"],
    "nasa_cmr_ornl": ["nasa-cmr/granule_Daymet*"],
    "nasa_cmr_podaac": ["nasa-cmr/umm_json_ssh*", "nasa-cmr/granules_json_*"],
    "obis": ["obis/*"],
    "onda_dias": ["onda-dias/*"],
    "saeon": ["saeon-odp/*"],
    "usgs_earthquakes": ["usgs-earthquakes/*"],
    "usgs_m2m": ["usgs-m2m/*"],
    "wekeo": ["wekeo/*"],
    # OpenSearch, RSS and CKAN
    "ceos_cwic": ["ceos-cwic/atom_granules*", "ceos-cwic/atom_single*"],
    "ckan": ["ckan-portals/*_*-*-*.json", "ckan-portals/*_show.json", "ckan-portals/*_error.json",
             "ckan-portals/wri*", "nextgeoss-catalogue/ckan_record.json"],
    "code_de_finder": ["code-de/finder*"],
    "code_de_gateway": ["code-de/opensearch_*"],
    "esa_ngeo": ["esa-hma-ngeo/atom_*"],
    "fedeo": ["fedeo/atom_single*", "fedeo/atom_terrasarx*"],
    "gdacs": ["gdacs/*.xml"],
    "mundi": ["mundi/*", "esa-hma-ngeo/eop_gml*"],
    "nasa_cmr_opensearch": ["nasa-cmr/atom_granules_*"],
    "unidata_thredds": ["thredds/*.xml"],
}  # fmt: skip
# by profile: services of which there is no provider file
BY_PROFILE = {
    "stac": [
        "eoapi-dev/*", "sat-api-legacy/*", "paituli-geoserver-stac/*", "spacebel-emc/*", "fedeo/stac_*",
        "eosda-aws/*",
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
    "asf-cmr/s1_interferogram_umm.json": "a list of 10 collections, not products",
    "fdsn-epos/event_quakeml.xml": "XML (event), not a search answer",
    # days without data, of which no product can be made
    "gome2-dlr/2018-01-01-GOME2_NO2.json": "not a search answer; it has: a JSON list",
    "gome2-dlr/2018-01-01-GOME2_O3.json": "not a search answer; it has: a JSON list",
    "gome2-dlr/2018-01-01-GOME2_TropNO2.json": "not a search answer; it has: a JSON list",
    "nasa-cmr/collections_json_swot.json": "a list of 1 collections, not products",
    "nasa-cmr/error_404_health.json": "not a search answer; it has: echo",
    "nasa-cmr/graphql_collection_isro.json": "not a search answer; it has: data",
    # what CMR says in other formats than those that it is asked for
    "nasa-cmr/dif10_no_dates.xml": "not a search answer",
    "nasa-cmr/echo10_collection_asf.xml": "XML (Collection), not a search answer",
    "nasa-cmr/iso_mends_no_spatial.xml": "not a search answer",
    "nasa-cmr/iso_smap_granule.xml": "not a search answer",
    "nasa-cmr/umm_json_collections_pocloud.json": "a list of 20 collections, not products",
    "onda-dias/onda_count.json": "not a search answer; it has: a JSON int",
    # answers to other questions than for scenes
    "usgs-m2m/dataset-search.json": "not a search answer; it has: data, errorCode",
    "usgs-m2m/download-options.json": "not a search answer; it has: data, errorCode",
    "usgs-m2m/scene-metadata.json": "not a search answer; it has: data, errorCode",
    "wfs/capabilities_dwd_200.xml": "XML (WFS_Capabilities), not a search answer",
    "wfs/capabilities_pigma_200.xml": "XML (WFS_Capabilities), not a search answer",
    "wfs/capabilities_sedac_110.xml": "XML (WFS_Capabilities), not a search answer",
    "wfs/dov_capabilities_200.xml": "XML (WFS_Capabilities), not a search answer",
    "wfs/exception_200.xml": "InvalidParameterValue (request): msWFSDispatch(): WFS server error",
    "wfs/exception_dwd.xml": "InvalidParameterValue (typeName): Could not locate",
    "thredds/error_400_metadata.html": "HTML (Apache Tomcat/7.0.61 - Error report)",
    "thredds/error_500_latest.txt": "it begins 'Throwable exception handled : null'",
    "eosda-aws/awseos_search.json": "not a STAC answer; its members are: meta, results",
    "vito-terrascope/metalink_probav_s1_100m.xml": "XML (metalink), not a search answer",
    "ceos-cwic/atom_collection_cwic.xml": "a list of 1 collections, not products",
    "ceos-cwic/atom_collections_iso19139.xml": "a list of 10 collections, not products",
    "esa-hma-ngeo/eop_S1AEOP.xml": "XML (EarthObservation), not a search answer",
    "esa-hma-ngeo/eop_S1EOP.xml": "XML (EarthObservation), not a search answer",
    "esa-hma-ngeo/eop_opt21.xml": "XML (EarthObservation), not a search answer",
    "fedeo/atom_collections_iso19115.xml": "a list of 10 collections, not products",
    "fedeo/iso_md_metadata.xml": "XML (MD_Metadata), not a search answer",
    "fedeo/osdd.xml": "XML (OpenSearchDescription), not a search answer",
    "fedeo/stac_landing_clearinghouse.json": "FedEO Clearinghouse",
    "georss-generic/eox_OSDD_example.xml": "XML (OpenSearchDescription), not a search answer",
    "nextgeoss-catalogue/opensearch_collections.xml": "a list of 78 collections, not products",
    "nextgeoss-catalogue/opensearch_collections_fixed.xml": "a list of 78 collections, not products",
    "nextgeoss-catalogue/opensearch_first_collection.xml": "a list of 1 collections, not products",
    "vito-terrascope/oscars_collections.json": "a list of 8 collections, not products",
    "csw-geonetwork/capabilities_nodc.xml": "XML (Capabilities), not a search answer",
    "csw-geonetwork/exception_report.xml": "error: VersionNegotiationFailed (acceptVersions): Version",
    "csw-geonetwork/exception_report_invalid.xml": "XML (NotAValidExceptionReport), not a search answer",
    "iso-waf/fgdc_metadata_1.xml": "XML with a DTD, which is not read",
    "iso-waf/gemini_error_bad_xml.xml": "XML that is cut short",
}


# datasets of THREDDS catalogues that hold others, or only lead to the latest, and are counted as entries
NO_PRODUCTS = {
    "thredds/bom_ereefs.xml": 1,
    "thredds/larc_hyrax_epic.xml": 1,
    "thredds/ramadda_entry.xml": 1,
    "thredds/ramadda_top.xml": 1,
    "thredds/ucar_forecast_models.xml": 20,
    "thredds/ucar_rap_catalog.xml": 2,
    "thredds/ucar_satellite_vis.xml": 1,
    "thredds/ucar_top_catalog.xml": 2,
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
        """How many entries that could be products the manifest counted; None when it did not."""
        entries = self.about["entries"]
        return int(entries) - NO_PRODUCTS.get(self.file, 0) if entries else None


def recordings(provider_id: str, patterns: list[str] | None = None) -> Iterator[Recording]:
    """The recordings of a provider."""
    provider = profile_provider(provider_id) if provider_id in BY_PROFILE else load_provider(provider_id)
    known = {**FILES, **BY_PROFILE}
    for name, about in manifest().items():
        if any(fnmatch(name, pattern) for pattern in patterns or known.get(provider_id, [])):
            yield Recording(provider, about, (provider_samples() / name).read_bytes())


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """The lines of the manifest, by file."""
    with (provider_samples() / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
