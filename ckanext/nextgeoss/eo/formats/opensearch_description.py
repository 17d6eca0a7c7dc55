"""Writes OpenSearch description documents (OpenSearch 1.1 draft 6, 4; Parameter extension 1.0 draft 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..xml import Builder, Element
from .opensearch_feed import NAMESPACES
from .site import OSDD_TYPE

PARAMETERS = "http://a9.com/-/spec/opensearch/extensions/parameters/1.0/"
_MAKE = Builder(
    {"": "http://a9.com/-/spec/opensearch/1.1/", "atom": "http://www.w3.org/2005/Atom"}
    | {"parameters": PARAMETERS}
    | NAMESPACES
)
_LONGEST = {"ShortName": 16, "LongName": 48, "Description": 1024, "Tags": 256, "Attribution": 256}
_LONGEST_TITLE, _LONGEST_LABEL, _LONGEST_QUERY_TITLE = 1024, 512, 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a template: `value` is its qualified name by the prefixes of NAMESPACES; none needs to
    be given. `options` are values with labels, `profiles` addresses with titles of what it may be."""

    name: str
    value: str
    title: str = ""
    pattern: str = ""
    # limits, as they are written
    minimum: str = ""
    maximum: str = ""
    options: tuple[tuple[str, str], ...] = ()
    profiles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A search: media type and address of its answers, the latter with the parameters that are fixed."""

    media_type: str
    address: str

    def of(self, parameters: tuple[Parameter, ...]) -> str:
        """The template with these parameters."""
        holes = "&".join(f"{each.name}={{{each.value}?}}" for each in parameters)
        return f"{self.address}{'&' if '?' in self.address else '?'}{holes}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a document says; texts that are too long for it are cut at a word, empty ones left out."""

    short_name: str
    long_name: str
    description: str
    # of the document itself
    address: str
    # "results" (products) or "collection"
    relation: str
    templates: tuple[Template, ...]
    # the same for all templates
    parameters: tuple[Parameter, ...]
    tags: tuple[str, ...] = ()
    attribution: str = ""
    # address of an icon of 16 pixels
    image: str = ""
    # queries that find something: values by qualified name
    examples: tuple[Mapping[str, str], ...] = field(default_factory=tuple[Mapping[str, str], ...])


def write(description: Description) -> bytes:
    """The document: 1-based indexes, the same parameters for each media type."""
    about = [
        ("ShortName", description.short_name),
        ("LongName", description.long_name),
        ("Description", description.description),
        ("Tags", " ".join(description.tags)),
    ]
    said = [
        ("Developer", "NextGEOSS"),
        ("Attribution", description.attribution),
        ("SyndicationRight", "open"),
        ("AdultContent", "false"),
        ("Language", "en"),
        ("OutputEncoding", "UTF-8"),
        ("InputEncoding", "UTF-8"),
    ]
    root = _MAKE(
        ":OpenSearchDescription",
        "",
        None,
        *_texts(about),
        _MAKE(":Url", "", {"type": OSDD_TYPE, "rel": "self", "template": description.address}),
        *(_url(template, description) for template in description.templates),
        *_image(description.image),
        *(_example(number, values) for number, values in enumerate(description.examples, 1)),
        *_texts(said),
    )
    return _MAKE.to_bytes(root, keep=NAMESPACES)


def _texts(pairs: list[tuple[str, str]]) -> Iterator[Element]:
    for name, text in pairs:
        if text:
            yield _MAKE(f":{name}", shortened(text, _LONGEST.get(name, 64)))


def shortened(text: str, most: int) -> str:
    """A text of one line with at most so many characters, cut at a word where there is one."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return (text[: most + 1].rpartition(" ")[0] or text)[:most].rstrip(" ,;:-")


def _url(template: Template, description: Description) -> Element:
    attributes = {
        "type": template.media_type,
        "rel": description.relation,
        "template": template.of(description.parameters),
        "indexOffset": "1",
        "pageOffset": "1",
    }
    return _MAKE(":Url", "", attributes, *map(_parameter, description.parameters))


def _parameter(parameter: Parameter) -> Element:
    attributes = {
        "name": parameter.name,
        "value": f"{{{parameter.value}}}",
        "minimum": "0",
        "title": shortened(parameter.title, _LONGEST_TITLE),
        "pattern": parameter.pattern,
        "minInclusive": parameter.minimum,
        "maxInclusive": parameter.maximum,
    }
    options = (
        _MAKE("parameters:Option", "", {"value": value, "label": shortened(label, _LONGEST_LABEL)})
        for value, label in parameter.options
    )
    profiles = (
        _MAKE("atom:link", "", {"rel": "profile", "href": href, "title": title})
        for href, title in parameter.profiles
    )
    told = {name: value for name, value in attributes.items() if value}
    return _MAKE("parameters:Parameter", "", told, *options, *profiles)


def _image(address: str) -> Iterator[Element]:
    if address:
        icon = {"height": "16", "width": "16", "type": "image/vnd.microsoft.icon"}
        yield _MAKE(":Image", address, icon)


def _example(number: int, values: Mapping[str, str]) -> Element:
    said = shortened(", ".join(values.values()), _LONGEST_QUERY_TITLE - 20)
    return _MAKE(":Query", "", {"role": "example", "title": f"Example {number}: {said}"} | dict(values))
