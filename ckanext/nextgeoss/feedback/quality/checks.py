"""The table of all checks, with what each weighs: the one place to add one.

A check is a row here and a small function of a Record that gives a Finding, or None where it does not apply.
Classes are those of ISO 19157; measures are named as QualityML names them (https://www.qualityml.org).
"""

from __future__ import annotations

from collections.abc import Mapping

from . import access, completeness, consistency
from .check import (
    ACCESSIBILITY,
    CONTEXT,
    CROSSING,
    DENSITY,
    DOMAIN,
    DUPLICATE,
    FINDABILITY,
    INDICATOR,
    INTEROPERABILITY,
    MISSING,
    N_,
    REUSABILITY,
    SCHEMA,
    STRUCTURE,
    Check,
)  # fmt: skip
from .record import COLLECTION, DATASET, KINDS, PRODUCT

# What weights and rules are of; another number has all datasets checked anew. Raise it with each change of a
# row or of what a function finds.
VERSION = 2

_OMISSION, _COMMISSION, _USABILITY = "CompletenessOmission", "CompletenessCommission", "UsabilityElement"
_DOMAIN, _FORMAT, _TOPOLOGY = "DomainConsistency", "FormatConsistency", "TopologicalConsistency"
_ORDER, _VALIDITY, _CONCEPT = "TemporalConsistency", "TemporalValidity", "ConceptualConsistency"
_FILES = (PRODUCT, DATASET)
_DESCRIBED = (PRODUCT, COLLECTION)

CHECKS: tuple[Check, ...] = (
    Check(
        "title", completeness.title, _OMISSION, MISSING, FINDABILITY, 10,
        N_("Title"),
        N_("Give a title that says what the data are, not only an identifier."),
        (COLLECTION, DATASET),
    ),
    Check(
        "description", completeness.description, _OMISSION, MISSING, FINDABILITY, 10,
        N_("Description"),
        N_("Describe what the data show, how they were made and what they are good for."),
    ),
    Check(
        "keywords", completeness.keywords, _OMISSION, MISSING, FINDABILITY, 30,
        N_("Keywords"),
        N_("Add tags: platform, instrument, quantity, area of use."),
    ),
    Check(
        "topic", completeness.topic, _OMISSION, MISSING, FINDABILITY, 10,
        N_("Topic"),
        N_("Add the collection to the topics that it belongs to; its products follow."),
    ),
    Check(
        "place", completeness.place, _OMISSION, MISSING, FINDABILITY, 20,
        N_("Place"),
        N_("Say where the data are: a GeoJSON geometry, longitude before latitude."),
    ),
    Check(
        "period", completeness.period, _OMISSION, MISSING, FINDABILITY, 20,
        N_("Time"),
        N_("Say when the acquisition started and ended."),
    ),
    Check(
        "collection", completeness.collection, _CONCEPT, SCHEMA, FINDABILITY, 10,
        N_("Collection described"),
        N_("Make a dataset of type collection with this identifier, or give the product to one there is."),
        (PRODUCT,),
    ),
    Check(
        "persistent_identifier", completeness.persistent_identifier, _OMISSION, MISSING, FINDABILITY, 10,
        N_("Persistent identifier"),
        N_("Register a DOI for the collection and enter it."),
        _DESCRIBED,
    ),
    Check(
        "duplicates", consistency.duplicates, _COMMISSION, DUPLICATE, FINDABILITY, 20,
        N_("No duplicates"),
        N_("The product is there more than once: delete one, or harvest both sources so that they merge."),
        (PRODUCT,),
    ),
    Check(
        "file", completeness.file, _OMISSION, MISSING, ACCESSIBILITY, 50,
        N_("Data can be fetched"),
        N_("Add a resource with the address of the data."),
        _FILES,
    ),
    Check(
        "links", access.links, _USABILITY, MISSING, ACCESSIBILITY, 30,
        N_("Links work"),
        N_("Correct the addresses that do not answer, or remove them."),
    ),
    Check(
        "secure", access.secure, _USABILITY, SCHEMA, ACCESSIBILITY, 15,
        N_("Links are secure"),
        N_("Use addresses that begin with https."),
    ),
    Check(
        "speed", access.speed, _USABILITY, SCHEMA, ACCESSIBILITY, 5,
        N_("Links answer soon"),
        N_("Ask the operator of the server why the first bytes take so long."),
    ),
    Check(
        "formats", completeness.formats, _OMISSION, MISSING, INTEROPERABILITY, 20,
        N_("Formats are given"),
        N_("Say the format or the media type of each file."),
        _FILES,
    ),
    Check(
        "media_types", consistency.media_types, _DOMAIN, DOMAIN, INTEROPERABILITY, 10,
        N_("Media types are valid"),
        N_("Write media types as type/subtype, such as image/tiff; application=geotiff."),
    ),
    Check(
        "open_formats", access.open_formats, _USABILITY, SCHEMA, INTEROPERABILITY, 20,
        N_("Open formats"),
        N_("Offer the data in an open format that machines read, such as GeoTIFF, NetCDF or GeoJSON."),
        _FILES,
    ),
    Check(
        "what_it_is", completeness.what_it_is, _OMISSION, MISSING, INTEROPERABILITY, 20,
        N_("Platform, instrument and product type"),
        N_("Fill in the named properties, of the product or of its collection."),
        _DESCRIBED,
    ),
    Check(
        "values", consistency.values, _DOMAIN, DOMAIN, INTEROPERABILITY, 20,
        N_("Values are allowed"),
        N_("Correct the values, or the mapping that reads them; the message says what is allowed."),
    ),
    Check(
        "source_schema", consistency.source_schema, _CONCEPT, SCHEMA, INTEROPERABILITY, 5,
        N_("The provider's record keeps to its schema"),
        N_("Ask the provider to mend the record: it is not what ISO 19139 wants."),
    ),
    Check(
        "geometry", consistency.geometry, _TOPOLOGY, CROSSING, INTEROPERABILITY, 10,
        N_("Geometry is valid"),
        N_("Close each ring, let none cross itself, keep within longitude 180 and latitude 90."),
    ),
    Check(
        "within_collection_area", consistency.within_collection_area, _TOPOLOGY, DOMAIN, INTEROPERABILITY, 5,
        N_("Within the area of the collection"),
        N_("Correct the footprint (are longitude and latitude swapped?) or the area of the collection."),
        (PRODUCT,),
    ),
    Check(
        "contents", access.contents, _FORMAT, STRUCTURE, INTEROPERABILITY, 15,
        N_("Files are what they say"),
        N_("The first bytes are of another format; HTML may be the page of a login: say how to get access."),
    ),
    Check(
        "real_media_types", access.real_media_types, _FORMAT, STRUCTURE, INTEROPERABILITY, 5,
        N_("Media types are those of the server"),
        N_("Correct the media type of the resource, or that of the server."),
    ),
    Check(
        "license", completeness.license_given, _OMISSION, MISSING, REUSABILITY, 20,
        N_("Licence"),
        N_("Say under which licence the data may be used; that of the collection counts for its products."),
    ),
    Check(
        "license_known", completeness.license_known, _DOMAIN, DOMAIN, REUSABILITY, 10,
        N_("Licence can be looked up"),
        N_("Name the licence by its SPDX identifier or its address."),
    ),
    Check(
        "publisher", completeness.publisher, _OMISSION, MISSING, REUSABILITY, 10,
        N_("Publisher"),
        N_("Give the dataset to an organization."),
    ),
    Check(
        "contact", completeness.contact, _OMISSION, MISSING, REUSABILITY, 20,
        N_("Contact"),
        N_("Name a maintainer or an author."),
        (DATASET,),
    ),
    Check(
        "provenance", completeness.provenance, _OMISSION, MISSING, REUSABILITY, 15,
        N_("Provenance"),
        N_("Say how the product was made: lineage, facility, software and its version, time of processing."),
        (PRODUCT,),
    ),
    Check(
        "citation", completeness.citation, _OMISSION, MISSING, REUSABILITY, 10,
        N_("Citation"),
        N_("Say how the data should be cited; that of the collection counts for its products."),
        _DESCRIBED,
    ),
    Check(
        "sizes", completeness.sizes, _OMISSION, MISSING, CONTEXT, 5,
        N_("Sizes are given"),
        N_("Say how many bytes each file of data has."),
        _FILES,
    ),
    Check(
        "real_sizes", access.real_sizes, _FORMAT, STRUCTURE, CONTEXT, 5,
        N_("Sizes are right"),
        N_("Correct the size of the resource: the server sends another number of bytes."),
    ),
    Check(
        "checksums", completeness.checksums, _OMISSION, MISSING, CONTEXT, 5,
        N_("Checksums are given"),
        N_("Give a checksum of each file of data, such as md5 or sha256."),
        (PRODUCT,),
    ),
    Check(
        "checksum_form", consistency.checksum_form, _DOMAIN, DOMAIN, CONTEXT, 5,
        N_("Checksums can be checked"),
        N_("Write checksums as algorithm:hex, such as md5:d41d8cd98f00b204e9800998ecf8427e."),
        _FILES,
    ),
    Check(
        "quicklook", completeness.quicklook, _OMISSION, MISSING, CONTEXT, 5,
        N_("Quicklook"),
        N_("Add a picture with the role thumbnail or overview."),
        (PRODUCT,),
    ),
    Check(
        "chronology", consistency.chronology, _ORDER, DOMAIN, CONTEXT, 10,
        N_("Times are in order"),
        N_("Correct the times: start before end, processing after the start, nothing in the future."),
    ),
    Check(
        "within_collection_time", consistency.within_collection_time, _VALIDITY, DOMAIN, CONTEXT, 5,
        N_("Within the time of the collection"),
        N_("Correct the time of the product, or start and end of the collection."),
        (PRODUCT,),
    ),
    Check(
        "freshness", consistency.freshness, _VALIDITY, DOMAIN, CONTEXT, 5,
        N_("Products still come"),
        N_("Look whether the harvest still works; a collection that is complete should say its end."),
        (COLLECTION,),
    ),
    Check(
        "gaps", consistency.gaps, _OMISSION, DENSITY, INDICATOR, 0,
        N_("No gaps in the series"),
        N_("Harvest the days that are named again, or say in the description why there are no data."),
        (COLLECTION,),
    ),
)  # fmt: skip

BY_ID: Mapping[str, Check] = {check.id: check for check in CHECKS}
OF_KIND: Mapping[str, tuple[Check, ...]] = {
    kind: tuple(check for check in CHECKS if kind in check.kinds) for kind in KINDS
}
