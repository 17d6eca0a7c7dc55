"""Directory Interchange Format (DIF 9 and 10) of the CEOS IDN, as OAI-PMH gives it: reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import BadAnswer, BadRecord
from ..product import Problem, Product
from ..temporal import TemporalExtent
from ..xml import descendants, is_element, local_name, text_at, text_of
from .feed import Feed, check_named
from .identifiers import doi_in, licence_in
from .links import Link, assets_of
from .loose_json import array, mapping, text
from .loose_time import first_moment, read_extent
from .nested import each_at, first_text, read_properties, said_by, texts_at
from .places import boxes_footprint, hull
from .satellite import complete_satellite
from .vocabulary import IGNORED, Vocabulary

_BOUNDS = ("Westernmost_Longitude", "Southernmost_Latitude", "Easternmost_Longitude", "Northernmost_Latitude")
_PERIODS = (
    ("Temporal_Coverage", "Start_Date", "Stop_Date"),
    ("Range_DateTime", "Beginning_Date_Time", "Ending_Date_Time"),
    ("Temporal_Coverage", "Single_DateTime", "Single_DateTime"),
)
_DATES = ("DIF_Creation_Date", "Last_DIF_Revision_Date", "Dataset_Release_Date", "Metadata_Last_Revision")
_NOTHING = ("Not provided", "unknown", "None", "N/A")

VOCABULARY = Vocabulary(
    {
        "header/*": IGNORED,  # of OAI-PMH
        "Entry_ID": "id",
        "Entry_ID/Short_Name": "id",
        "Entry_ID/Version": "product_version",
        "Entry_Title": "title",
        "Summary/Abstract": "description",
        "Summary": "description",
        "Summary/Purpose": "purpose",
        "Keyword": "keywords",
        "Ancillary_Keyword": "keywords",
        "Variable_Level_1": "measured_variables",
        "Parameters/Term": "measured_variables",
        "Science_Keywords/Term": "measured_variables",
        "ISO_Topic_Category": IGNORED,
        "Sensor_Name/Short_Name": "instruments",
        "Source_Name/Short_Name": "platform",
        "Platform/Short_Name": "platform",
        "Platform/Instrument/Short_Name": "instruments",
        "Dataset_Creator": "data_originator",
        "Dataset_Publisher": "providers",
        "Data_Center_Name/Long_Name": "providers",
        "Organization_Name/Long_Name": "providers",
        "Originating_Center": "processing_facility",
        "Dataset_Release_Date": "published",
        "Data_Set_Citation/Version": "product_version",
        "Dataset_Citation/Version": "product_version",
        "Dataset_DOI": "doi",
        "Persistent_Identifier/Identifier": "doi",
        "Last_DIF_Revision_Date": "updated",
        "Metadata_Last_Revision": "updated",
        "DIF_Creation_Date": "created",
        "Metadata_Creation": "created",
        "Project/Short_Name": "campaign_id",
        "Access_Constraints*": "access_constraint",
        "Use_Constraints*": "use_limitation",
        "Product_Level_Id": "processing_level",
        "Data_Set_Progress": IGNORED,
        "Temporal_Coverage/*": "time",
        "Spatial_Coverage/*": "geometry",
        "Related_URL/*": "assets",
        "Multimedia_Sample/*": "assets",
        "Minimum_Altitude": "lowest_location",
        "Maximum_Altitude": "highest_location",
        "Quality": IGNORED,
        "Data_Set_Citation/*": IGNORED,
        "Dataset_Citation/*": IGNORED,
        "Personnel/*": IGNORED,
        "Parameters/*": IGNORED,
        "Science_Keywords/*": IGNORED,
        "Location/*": IGNORED,
        "Project/*": IGNORED,
        "Platform/*": IGNORED,
        "Sensor_Name/*": IGNORED,
        "Source_Name/*": IGNORED,
        "Data_Center/*": IGNORED,
        "Organization/*": IGNORED,
        "Data_Resolution/*": IGNORED,
        "Distribution/*": IGNORED,
        "Reference*": IGNORED,
        "Metadata_*": IGNORED,
        "IDN_Node/*": IGNORED,
        "Parent_DIF": "parent_identifier",
        "Data_Set_Language": IGNORED,
        "Dataset_Language": IGNORED,
        "Dataset_Progress": IGNORED,
        "Extended_Metadata/*": IGNORED,
        "Future_DIF_Review_Date": IGNORED,
        "Originating_Metadata_Node": IGNORED,
        "DIF_Revision_History": IGNORED,
    }
)


class Dif:
    """One dataset: a product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a record."""
        return is_element(document) and local_name(document) == "DIF"

    def feed(self, document: Any, source: str) -> Feed:
        """The record alone."""
        if not self.recognises(document):
            raise BadAnswer("no DIF record", source)
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What a record says, by the names of its elements."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a record."""
        if not is_element(entry):
            raise BadRecord(f"not a DIF record but {type(entry).__name__}", position)
        view = _view(entry)
        identifier = first_text(view, "Entry_ID", "Entry_ID/Short_Name")
        check_named("record", identifier, collection, position)
        problems: list[Problem] = []
        found = read_properties(VOCABULARY, view, problems)
        found.pop("doi", None)
        told = {
            "doi": doi_in(
                texts_at(
                    view, "Data_Set_Citation/Dataset_DOI", "Dataset_Citation/Persistent_Identifier/Identifier"
                )
            ),
            "license_id": licence_in(texts_at(view, "Use_Constraints", "Use_Constraints/License_URL/URL")),
        }
        complete_satellite(found, identifier)
        boxes = [
            [text_of(next(descendants(place, name))) for name in _BOUNDS]
            for place in descendants(entry, "Spatial_Coverage")
            if all(any(text_of(bound) for bound in descendants(place, name)) for name in _BOUNDS)
        ]
        return Product(
            id=identifier,
            collection=collection,
            title=text(first_text(view, "Entry_Title")),
            footprint=boxes_footprint(boxes, "Spatial_Coverage", problems),
            time=_time(entry, problems),
            properties=found | {name: value for name, value in told.items() if value},
            assets=assets_of(_links(view), problems),
            problems=tuple(problems),
        )


DIF = Dif()


def _view(record: Any) -> dict[str, Any]:
    view = mapping(said_by(record))
    _mend(view)
    return view


def _mend(said: dict[str, Any]) -> None:
    """Make dates readable, and leave out the words for what is not known."""
    for name, value in list(said.items()):
        for each in array(value) or [value]:
            _mend(mapping(each))
        if value in _NOTHING:
            del said[name]
        elif name in _DATES and isinstance(value, str):
            said[name] = first_moment(value)


def _time(record: Any, problems: list[Problem]) -> TemporalExtent:
    extents: list[TemporalExtent] = []
    for name, start, end in _PERIODS:
        for period in descendants(record, name):
            times = [text_at(period, part) for part in (start, end)]
            times = ["" if time in _NOTHING else time for time in times]
            if any(times):
                extents.append(read_extent(times[0], times[1], name, problems))
    return hull(extents)


def _links(view: Mapping[str, Any]) -> Iterator[Link]:
    for related in each_at(view, "Related_URL"):
        kind = first_text(related, "URL_Content_Type/Type", "URL_Content_Type").upper()
        for address in texts_at(related, "URL"):
            yield Link(href=address, roles=(_role(kind),), title=first_text(related, "Title"))
    for address in texts_at(view, "Multimedia_Sample/URL"):
        yield Link(href=address, roles=("overview",))


def _role(kind: str) -> str:
    if kind.startswith(("GET DATA", "USE SERVICE API", "GET CAPABILITIES", "DOWNLOAD")):
        return "data"
    if kind.startswith("GET RELATED VISUALIZATION"):
        return "overview"
    return "documentation" if "INFORMATION" in kind else "related"
