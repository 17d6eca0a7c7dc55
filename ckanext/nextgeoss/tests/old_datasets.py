"""Datasets as the original hub left them: invented values in the shapes that its harvesters wrote."""

from __future__ import annotations

from typing import Any

SQUARE = '{"type": "Polygon", "coordinates": [[[10, 40], [11, 40], [11, 41], [10, 41], [10, 40]]]}'
L1C = "S2A_MSIL1C_20180501T101021_N0206_R022_T32TQM_20180501T142355"


def resource(kind: str, name: str, url: str, mimetype: str = "") -> dict[str, str]:
    """A resource that a template of the original hub told by its type and name."""
    return {"resource_type": kind, "name": name, "url": url, "mimetype": mimetype}


def packed(**extras: Any) -> list[dict[str, str]]:
    """The one extra that held all others, as Python wrote them."""
    listed = [{"key": key.replace("__", " "), "value": value} for key, value in extras.items()]
    return [{"key": "dataset_extra", "value": str(listed)}]


def spread(**extras: Any) -> list[dict[str, str]]:
    """Extras of their own, as the portal showed them."""
    return [{"key": key.replace("__", " "), "value": str(value)} for key, value in extras.items()]


# by family of harvesters: title, description, extras, resources, tags
FAMILIES: dict[str, dict[str, Any]] = {
    "esa": {
        "title": "Sentinel-2 Level-1C",
        "notes": "Top of atmosphere reflectance.",
        "extras": packed(
            identifier=L1C, collection_id="SENTINEL2_L1C", collection_name="Sentinel-2 Level-1C",
            collection_description="Top of atmosphere reflectance.",
            timerange_start="2018-05-01T10:10:21.026Z", timerange_end="2018-05-01T10:10:21.026Z",
            spatial=SQUARE, uuid="5d1b7d4e-0001-4c4c-8f7e-000000000001", FamilyName="Sentinel-2",
            PlatformSerialIdentifier="A", InstrumentName="Multi-Spectral Instrument",
            InstrumentFamilyName="MSI", ProductType="S2MSI1C", OrbitDirection="DESCENDING",
            RelativeOrbitNumber="22", CloudCoverage="12.5", Filename=f"{L1C}.SAFE", psn="S2A",
            IngestionDate="2018-05-01T16:00:00.000Z", size="714.06 MB", scihub_product_url="https://x.example",
            ProcessingLevel="Level-1C",
        ),
        "resources": [
            resource("scihub_product", "Product Download from SciHub", f"https://hub.example/{L1C}/$value",
                     "application/zip"),
            resource("scihub_manifest", "Metadata Download from SciHub", "https://hub.example/m",
                     "application/xml"),
            resource("scihub_thumbnail", "Thumbnail Link", "https://hub.example/q", "image/jpeg"),
        ],
        "tags": ["MSI", "L1C"],
    },
    "cmems": {
        "title": "Global Ocean Physics Analysis and Forecast (Hourly)",
        "extras": packed(
            identifier="mercatorpsy4v3r1_gl12_hrly_20180501_R20180502",
            collection_id="GLOBAL_ANALYSIS_FORECAST_PHY_001_024",
            collection_name="Global Ocean Physics Analysis and Forecast (Hourly)",
            StartTime="2018-05-01T00:00:00.000Z", StopTime="2018-05-02T00:00:00.000Z",
            spatial='{"type":"Polygon","coordinates":[[[-180,-80],[180,-80],[180,90],[-180,90],[-180,-80]]]}',
            BulletinDate="2018-05-02", ForecastDate="2018-05-01", downloadLink="ftp://x.example/a.nc",
        ),
        "resources": [
            resource("", "Product Download", "ftp://anna:pa55word@nrt.example/a.nc", "application/netcdf")
        ],
    },
    "probav": {
        "title": "Proba-V S1-TOC (1KM)",
        "extras": packed(
            identifier="urn:ogc:def:EOP:VITO:PROBAV_S1-TOC_1KM_V001:PROBAV_S1_TOC_X18Y02_20180101_1KM:V101",
            collection_id="PROBAV_S1-TOC_1KM_V001", collection_name="Proba-V S1-TOC (1KM)",
            timerange_start="2018-01-01T00:00:00Z", timerange_end="2018-01-01T23:59:59Z", spatial=SQUARE,
            Collection="PROBAV_S1-TOC_1KM_V001", filename="PROBAV_S1_TOC_X18Y02.HDF5",
        ),
        "resources": [resource("vito_product", "Product", "https://vito.example/a.HDF5")],
    },
    "vito": {
        "title": "Sentinel-2 TOC V2",
        "extras": spread(
            identifier="urn:eop:VITO:TERRASCOPE_S2_TOC_V2:S2A_20200101T105441_31UFS_TOC_V200",
            collection_id="SENTINEL_2_TOC_V2", timerange_start="2020-01-01T10:54:41Z",
            timerange_end="2020-01-01T10:54:41Z", spatial=SQUARE, orbit_direction="DESCENDING",
            orbit_number=23661, tile_id="31UFS", cloud_cover=3.25, resolution="10", status="ARCHIVED",
        ),
        "resources": [resource("", "B02 Product", "https://services.example/B02.tif", "image/tiff")],
    },
    "modis": {
        "title": "MODIS/Terra Vegetation Indices 16-Day L3 Global 250m SIN Grid",
        "extras": packed(
            identifier="MOD13Q1.A2018001.h18v04.006.2018017223217", collection_id="MODIS_TERRA_MOD13Q1",
            timerange_start="2018-01-01T00:00:00.000Z", timerange_end="2018-01-16T23:59:59.000Z",
            spatial=SQUARE, Data__Center="LPDAAC_ECS", File__Original__Format="HDF-EOS", size="120",
            CoordinateSystem="CARTESIAN",
        ),
        "resources": [resource("", "Thumbnail", "https://e4ftl.example/BROWSE.jpg", "image/jpeg")],
    },
    "ebas": {
        "title": "Ozone at Birkenes II",
        "notes": "Hourly ozone.",
        "extras": spread(
            identifier="NO0002R.20180101000000.ozone.nc", collection_id="EBAS_NILU_DATA_ARCHIVE",
            timerange_start="2018-01-01T00:00:00.000Z", timerange_end="2019-01-01T00:00:00.000Z",
            spatial='{"type": "Point", "coordinates": [8.25, 58.39]}', Originator="Anna Nilsen",
            Data__definition="EBAS_1.1", File__creation="2019-02-01", Matrix="air", MinimumAltitude="219",
        ),
        "resources": [resource("", "Data (OPeNDAP)", "https://thredds.example/a.nc")],
    },
    "landsat": {
        "title": "Landsat-8 T1",
        "extras": packed(
            identifier="LC08_L1TP_193027_20180501_20180516_01_T1", collection_id="LANDSAT_8_T1",
            timerange_start="2018-05-01T10:00:00Z", timerange_end="2018-05-01T10:00:30Z", spatial=SQUARE,
            satellite="LANDSAT_8", sensor="OLI_TIRS", path="193", row="27", cloud_coverage="4.1",
        ),
        "resources": [],
    },
    "glass": {
        "title": "GLASS Leaf Area Index",
        "extras": packed(
            identifier="GLASS01B02.V04.A1982001", collection_id="LAI_1KM_AVHRR_8DAYS_GL",
            StartTime="1982-01-01T00:00:00.000Z", StopTime="1982-01-08T23:59:59.000Z",
            spatial="POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
        ),
        "resources": [],
    },
    "pilot": {
        "title": "Land use of Lisbon",
        "notes": "What the pilot made.",
        "extras": spread(
            identifier="lisbon-land-use-2019", collection_id="TERRITORIAL_PLANNING_LISBON", is_output="True",
            timerange_start="2019-01-01T00:00:00Z", timerange_end="2019-12-31T23:59:59Z", spatial=SQUARE,
            purpose="Planning", lineage="Sentinel-2 and cadastre", legal_notice="For research",
        ),
        "resources": [resource("", "ISO metadata", "https://lisbon.example/iso.xml", "application/xml")],
        "tags": ["lisbon"],
    },
    "eywa": {
        "title": "Aedes in Attica",
        "extras": packed(
            identifier="aedes-1", collection_id="EYWA_AEDES_PRODUCTS", timerange_start="2020-07-01T00:00:00Z",
            timerange_end="2020-07-01T00:00:00Z", spatial="not known",
            Mean__temperature__of__the__week="27.5", scheme="x",
        ),
        "resources": [],
    },
}  # fmt: skip
