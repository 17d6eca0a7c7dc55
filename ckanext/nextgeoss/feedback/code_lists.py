"""The code lists of the feedback model (OGC 15-097r1) and those of ISO 19115-1 that it uses: values, and what
they mean for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_GUF = "http://www.opengis.net/guf/1.0/resources/codeList.xml"
_ISO = "https://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml"


@dataclass(frozen=True)
class CodeList:
    """A list: the XML element that holds a value, with its prefix; meanings by value, in the order to show;
    other spellings of values that are read."""

    element: str
    values: Mapping[str | int, str]
    also: Mapping[str, str | int] = field(default_factory=dict[str, str | int])

    @property
    def uri(self) -> str:
        """The address of the list, as instances name it."""
        prefix, name = self.element.split(":")
        return f"{_GUF if prefix in ('guf', 'qcm') else _ISO}#{name}"


USER_ROLES = CodeList(
    "guf:GUF_UserRoleCode",
    {
        "researchEndUser": "Researcher who uses data",
        "researchDataProducer": "Researcher who produces data",
        "commercialDataProducer": "Company that produces data",
        "commercialAddedValue": "Company that adds value to data",
        "decisionMaker": "Decision maker",
        "generalPublic": "General public",
    },
    {"commercialDataProd": "commercialDataProducer", "researchDataProd": "researchDataProducer"},
)
TARGET_ROLES = CodeList(
    "guf:GUF_TargetRoleCode",
    {
        "primary": "What the feedback is about",
        "secondary": "Also concerned",
        "supplementary": "Mentioned",
    },
    {"secundary": "secondary"},
)
MOTIVATIONS = CodeList(
    "guf:GUF_MotivationCode",
    {
        "comment": "Comment",
        "question": "Question",
        "answer": "Answer",
        "acceptedAnswer": "Accepted answer",
        "response": "Response of the provider",
        "justification": "Justification",
        "resolution": "Resolution",
        "moderation": "Moderation",
    },
)
REPORT_ASPECTS = CodeList(
    "guf:GUF_ReportAspectCode",
    {
        "usage": "Usage",
        "fitnessForPurpose": "Fit for a purpose",
        "limitation": "Limitation",
        "alternative": "Alternative",
        "problem": "Problem",
    },
)
_STARS = {"oneStar": 1, "twoStars": 2, "threeStars": 3, "fourStars": 4, "fiveStars": 5}
RATINGS = CodeList(
    "guf:GUF_RatingCode", {1: "Very bad", 2: "Bad", 3: "Regular", 4: "Good", 5: "Excellent"}, _STARS
)
EXPERTISE = CodeList(
    "guf:GUF_RatingCode",
    {1: "Beginner", 2: "Some experience", 3: "Experienced", 4: "Expert", 5: "Leading expert"},
    _STARS,
)
EVENT_TYPES = CodeList(
    "guf:GUF_SignificantEventTypeCode",
    {
        "hurricaneNatural": "Hurricane",
        "volcanicEruptionNatural": "Volcanic eruption",
        "elNinoNatural": "El Niño",
        "droughtNatural": "Drought",
        "stormNatural": "Storm",
        "wildfireNatural": "Wildfire",
        "floodNatural": "Flood",
        "earthquakeNatural": "Earthquake",
        "tsunamiNatural": "Tsunami",
        "ifsEvent": "Event of the forecasting system",
        "systemEvent": "Event of the system",
        "satelliteAnomaly": "Anomaly of a satellite",
        "dropsondeAnomaly": "Anomaly of a dropsonde",
        "aircraftAnomaly": "Anomaly of an aircraft",
        "buoyAnomaly": "Anomaly of a buoy",
        "shipAnomaly": "Anomaly of a ship",
        "landStationAnomaly": "Anomaly of a land station",
        "mobileSensorAnomaly": "Anomaly of a mobile sensor",
        "sensorAlarm": "Alarm of a sensor",
    },
)
CITATION_MOTIVATIONS = CodeList(
    "qcm:QCM_CitationMotivationCode",
    {
        "compare": "Compares",
        "derive": "Derives from it",
        "describe": "Describes",
        "evaluate": "Evaluates",
        "comment": "Comments",
        "use": "Uses",
        "highlight": "Highlights",
        "moderate": "Moderates",
        "question": "Questions",
        "reply": "Replies",
        "link": "Links",
    },
    # so in the example of OGC
    {"descrive": "describe"},
)
PUBLICATION_CATEGORIES = CodeList(
    "qcm:QCM_PublicationCategoryCode",
    {
        "journalArticle": "Journal article",
        "conferenceProceedings": "Conference proceedings",
        "report": "Report",
        "book": "Book",
        "bookChapter": "Chapter of a book",
        "magazineNewspaper": "Magazine or newspaper",
        "atlasMap": "Atlas or map",
        "applicationProgram": "Application or program",
        "cdDvdBlueRay": "CD, DVD or Blu-ray",
        "socialMediaComment": "Comment in social media",
        "blogWiki": "Blog or wiki",
        "webSite": "Web site",
        "webPage": "Web page",
        "videoAudio": "Video or audio",
        "tutorialManual": "Tutorial or manual",
    },
)
RESPONSIBILITIES = CodeList(
    "cit:CI_RoleCode",
    {
        "author": "Author",
        "coAuthor": "Co-author",
        "publisher": "Publisher",
        "editor": "Editor",
        "pointOfContact": "Point of contact",
        "user": "User",
        "resourceProvider": "Provider",
        "custodian": "Custodian",
        "owner": "Owner",
        "distributor": "Distributor",
        "originator": "Originator",
        "principalInvestigator": "Principal investigator",
        "processor": "Processor",
        "sponsor": "Sponsor",
        "collaborator": "Collaborator",
        "mediator": "Mediator",
        "rightsHolder": "Rights holder",
        "contributor": "Contributor",
        "funder": "Funder",
        "stakeholder": "Stakeholder",
    },
)
ONLINE_FUNCTIONS = CodeList(
    "cit:CI_OnLineFunctionCode",
    {
        "information": "Information",
        "download": "Download",
        "completeMetadata": "Complete metadata",
        "browseGraphic": "Picture",
        "browsing": "Browsing",
        "fileAccess": "Access to files",
        "offlineAccess": "Access offline",
        "order": "Order",
        "search": "Search",
        "upload": "Upload",
        "emailService": "Service by mail",
    },
)
DATE_TYPES = CodeList(
    "cit:CI_DateTypeCode",
    {
        "creation": "Created",
        "publication": "Published",
        "revision": "Revised",
        "lastUpdate": "Last updated",
        "lastRevision": "Last revised",
        "nextUpdate": "Next update",
        "expiry": "Expires",
        "unavailable": "Unavailable",
        "inForce": "In force",
        "adopted": "Adopted",
        "deprecated": "Deprecated",
        "superseded": "Superseded",
        "validityBegins": "Validity begins",
        "validityExpires": "Validity ends",
        "released": "Released",
        "distribution": "Distributed",
    },
)
SCOPES = CodeList(
    "mcc:MD_ScopeCode",
    {
        "dataset": "Dataset",
        "series": "Collection",
        "feature": "Feature",
        "attribute": "Attribute",
        "tile": "Tile",
        "service": "Service",
        "software": "Software",
        "model": "Model",
        "collection": "Collection of things",
        "document": "Document",
        "fieldSession": "Field session",
    },
)
QUALITY_ELEMENTS = CodeList(
    "mdq:DQ_Element",
    {
        "CompletenessCommission": "Completeness: too much",
        "CompletenessOmission": "Completeness: too little",
        "ConceptualConsistency": "Consistency with the model",
        "DomainConsistency": "Consistency with the domain of values",
        "FormatConsistency": "Consistency of the format",
        "TopologicalConsistency": "Consistency of topology",
        "AbsoluteExternalPositionalAccuracy": "Accuracy of positions, absolute",
        "RelativeInternalPositionalAccuracy": "Accuracy of positions, relative",
        "GriddedDataPositionalAccuracy": "Accuracy of positions in a grid",
        "AccuracyOfATimeMeasurement": "Accuracy of times",
        "TemporalConsistency": "Consistency in time",
        "TemporalValidity": "Validity in time",
        "ThematicClassificationCorrectness": "Correctness of classes",
        "NonQuantitativeAttributeCorrectness": "Correctness of attributes",
        "QuantitativeAttributeAccuracy": "Accuracy of quantities",
        "UsabilityElement": "Usability",
        "Confidence": "Confidence",
        "Representativity": "Representativity",
        "Homogeneity": "Homogeneity",
    },
)
SEVERITIES = CodeList(
    "guf:Severity", {"info": "Note", "minor": "Minor", "major": "Major", "blocking": "Blocking"}
)
ISSUE_STATES = CodeList(
    "guf:IssueState",
    {
        "open": "Open",
        "acknowledged": "Acknowledged",
        "in_progress": "In progress",
        "fixed": "Fixed",
        "wont_fix": "Will not be fixed",
        "duplicate": "Duplicate",
    },
)
# of code that repeats a usage: formats to choose from, any other may be said
CODE_FORMATS = CodeList(
    "gcx:MimeFileType",
    {
        "text/x-python": "Python",
        "text/x-r-source": "R",
        "application/x-ipynb+json": "Jupyter notebook",
        "application/javascript": "JavaScript",
        "text/x-julia": "Julia",
        "text/x-matlab": "MATLAB",
        "application/x-sh": "Shell script",
        "application/x-bat": "Batch file",
        "application/sql": "SQL",
        "application/json": "JSON",
        "application/wpsex+xml": "Request to a WPS",
        "application/KVP": "Request as an address",
        "application/cwl": "Workflow in CWL",
        "application/vnd.docker": "Docker",
        "text/plain": "Text",
    },
)
