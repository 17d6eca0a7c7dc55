"""eodag: our STAC API, OpenSearch and records as providers of three kinds, counts and pages."""

import json
import sys

base, collection = sys.argv[1:]

from eodag import EODataAccessGateway  # noqa: E402

dag = EODataAccessGateway()
dag.update_providers_config(
    f"""
ourstac:
  search: {{type: StacSearch, api_endpoint: {base}/stac/search, need_auth: false}}
  products: {{GENERIC_COLLECTION: {{_collection: '{{collection}}'}}}}
  download: {{type: HTTPDownload}}
ouros:
  search:
    type: QueryStringSearch
    api_endpoint: {base}/opensearch/collections/{{_collection}}/products
    need_auth: false
    result_type: json
    results_entry: features
    pagination:
      next_page_url_tpl: '{{url}}?{{search}}&count={{limit}}&startPage={{next_page_token}}'
      total_items_nb_key_path: '$.totalResults'
      max_limit: 500
      next_page_token_key: page
      start_page: 1
    metadata_mapping:
      id: ['uid={{id}}', '$.properties.identifier']
      title: '$.properties.title'
      start_datetime:
        - 'start={{start_datetime#to_iso_utc_datetime}}'
        - '$.properties.acquisitionInformation[0].acquisitionParameters.beginningDateTime'
      end_datetime:
        - 'end={{end_datetime#to_iso_utc_datetime}}'
        - '$.properties.acquisitionInformation[0].acquisitionParameters.endingDateTime'
      geometry: ['bbox={{geometry#to_bounds_str}}', '$.geometry']
      eo:cloud_cover: ['cloudCover=[0,{{eo:cloud_cover}}]', '$.properties.productInformation.cloudCover']
      sat:orbit_state:
        - 'orbitDirection={{sat:orbit_state}}'
        - '$.properties.acquisitionInformation[0].acquisitionParameters.orbitDirection'
      eodag:download_link: '$.properties.links.data[0].href'
      eodag:quicklook: '$.properties.links.previews[0].href'
  products: {{S2_MSI_L1C: {{_collection: {collection}}}}}
  download: {{type: HTTPDownload}}
ourrecords:
  search:
    type: OARSearch
    api_endpoint: {base}/records
    need_auth: false
    pagination: {{max_limit: 500}}
    metadata_mapping:
      id: ['ids={{id}}', '$.id']
      title: '$.properties.title'
      start_datetime:
        - 'datetime={{start_datetime#to_iso_utc_datetime}}/{{end_datetime#to_iso_utc_datetime}}'
        - '$.time.interval[0]'
      end_datetime: '$.time.interval[1]'
      geometry: ['bbox={{geometry#to_bounds_str}}', '$.geometry']
      eo:cloud_cover: ['filter=cloud_cover<{{eo:cloud_cover}}', '$.properties.cloud_cover']
      eodag:download_link: '$.links[?(@.rel=="enclosure")].href'
  products: {{S2_MSI_L1C: {{_collection: {collection}}}}}
  download: {{type: HTTPDownload}}
"""
)
BOX = {"lonmin": -10, "latmin": 30, "lonmax": 20, "latmax": 60}


def told(result):
    return {
        "matched": result.number_matched,
        "errors": [str(error) for error in result.errors],
        "products": [
            {
                "id": product.properties["id"],
                "start": product.properties.get("start_datetime") or product.properties.get("datetime"),
                "clouds": product.properties.get("eo:cloud_cover"),
                "link": product.properties.get("eodag:download_link"),
                "assets": sorted(product.assets),
            }
            for product in result
        ],
    }


def asked(provider, name, **more):
    times = {"start": "2024-01-01", "end": "2025-06-30"}
    return dag.search(provider=provider, collection=name, geom=BOX, count=True, limit=5, **times, **more)


stac, opensearch = ("ourstac", collection), ("ouros", "S2_MSI_L1C")
records = ("ourrecords", "S2_MSI_L1C")
everything = {"start": "2015-01-01", "end": "2030-01-01"}
print(
    json.dumps(
        {
            kind: {
                "first": told(asked(*where)),
                "clouds": told(asked(*where, **{"eo:cloud_cover": 40})) if kind != "stac" else None,
                "all": [
                    product.properties["id"]
                    for product in dag.search_all(
                        provider=where[0], collection=where[1], limit=25, **everything
                    )
                ],
            }
            for kind, where in (("stac", stac), ("opensearch", opensearch), ("records", records))
        },
        default=str,
    )
)
