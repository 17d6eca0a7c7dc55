"""Pages and mails in other languages: words, dates and numbers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from lxml import html

from ckanext.nextgeoss.feedback.forms import to_parts
from ckanext.nextgeoss.feedback.notify.wording import in_language, issue_state
from ckanext.nextgeoss.helpers import nextgeoss_date, nextgeoss_measured, nextgeoss_number
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.feedback import Hub, make_hub

SEARCH = {
    "es": ("Acotar", "Cobertura de nubes máxima", "Mejor coincidencia"),
    "fr": ("Affiner", "Couverture nuageuse maximale", "Meilleure correspondance"),
    "ca": ("Acoteu", "Cobertura de núvols màxima", "Millor coincidència"),
}
SECTION = {
    "es": ("Opiniones (2)", "2 valoraciones", "¿Qué le parece?", "Notificar una incidencia"),
    "fr": ("Retours (2)", "2 notes", "Qu'en pensez-vous\u00a0?", "Signaler un problème"),
    "ca": ("Opinions (2)", "2 valoracions", "Què us sembla?", "Notifica una incidència"),
}
FORM = {
    "es": ("En una frase", "Principiante", "Cómo lo usó", "Densidad temporal", "Terremoto"),
    "fr": ("En une phrase", "Débutant", "Comment vous l'avez utilisé", "Densité temporelle", "Séisme"),
    "ca": ("En una frase", "Principiant", "Com ho vau fer servir", "Densitat temporal", "Terratrèmol"),
}
REPORT = {
    "es": ("1 de mayo de 2024 – 31 de mayo de 2024", "1.234,5 m", "Exactitud de atributos cuantitativos"),
    "fr": ("1 mai 2024 – 31 mai 2024", "1\u202f234,5 m", "Précision des attributs quantitatifs"),
    "ca": ("1 de maig del 2024 – 31 de maig del 2024", "1.234,5 m", "Exactitud d'atributs quantitatius"),
}
PRODUCT = {
    "es": ("Cobertura de nubes", "Órbita y tesela", "Sentido de la órbita", "Ascendente", "Sin vista rápida"),
    "fr": ("Couverture nuageuse", "Orbite et tuile", "Sens de l'orbite", "Ascendante", "Pas d'aperçu rapide"),
    "ca": (
        "Cobertura de núvols",
        "Òrbita i tessel·la",
        "Sentit de l'òrbita",
        "Ascendent",
        "Sense vista ràpida",
    ),
}
DRAW = {"es": "Dibujar el área", "fr": "Dessiner la zone", "ca": "Dibuixa l'àrea"}
COPY = {"es": "Copiar", "fr": "Copier", "ca": "Copia"}
LANGUAGES = pytest.mark.parametrize("language", sorted(SEARCH))


@pytest.fixture(scope="module")
def app(site: Any) -> Any:
    return site


@pytest.fixture(scope="module")
def hub(catalogue: Catalogue) -> Hub:
    return make_hub()


def said(app: Any, language: str, path: str) -> str:
    """What a page says in a language, its hidden words too."""
    page = html.fromstring(app.get(f"/{language}{path}").body)
    assert page.get("lang") == language
    labels = page.xpath("//@aria-label | //@title | //@placeholder")
    # a space that does not break is one of the text
    return re.sub("[ \\n]+", " ", " ".join([page.text_content(), *labels]))


@LANGUAGES
def test_the_search_page(app: Any, catalogue: Catalogue, language: str) -> None:
    found = said(app, language, f"/dataset/?collection={catalogue.collection}")
    for words in SEARCH[language]:
        assert words in found
    assert "Narrow down" not in found


@LANGUAGES
def test_what_scripts_say_comes_with_the_page(app: Any, language: str) -> None:
    page = html.fromstring(app.get(f"/{language}/dataset/").body)
    (told,) = page.xpath("//@data-text")
    assert json.loads(told)["draw"] == DRAW[language]
    programs = html.fromstring(app.get(f"/{language}/apis").body)
    assert programs.xpath("//@data-eo-copy")[0] == COPY[language]


@LANGUAGES
def test_feedback_on_a_dataset(app: Any, hub: Hub, language: str) -> None:
    data = hub.dataset()
    for name, rating in (("author", 4), ("user", 5)):
        hub.review(hub.people[name], data, rating)
    found = said(app, language, f"/dataset/{data['name']}")
    for words in SECTION[language]:
        assert words in found
    assert "4,5" in found
    assert "How good is it?" not in found


@LANGUAGES
def test_the_form_of_feedback_and_what_it_gives(app: Any, hub: Hub, language: str) -> None:
    data, user = hub.dataset(), hub.people["author"]
    token = factories.APIToken(user=user)["token"]
    path = f"/{language}{toolkit.url_for('nextgeoss_feedback.new', id=data['name'], kind='quality')}"
    form = app.get(path, headers={"Authorization": token}).body
    for words in FORM[language]:
        assert words in form
    parts = to_parts(
        {
            "specific_usage": f"Maps by {data['name']}",
            "used_from": "2024-05-01", "used_until": "2024-05-31",
            "quality_measure": "RootMeanSquare", "quality_value": "1234.5", "quality_unit": "m",
        }
    )  # fmt: skip
    item = hub.review(user, data, 5, abstract=f"Used {data['name']}", **parts)
    found = said(app, language, f"/feedback/{item['id']}")
    for words in REPORT[language]:
        assert words in found


@LANGUAGES
def test_titles_of_rows_and_values_of_a_product(app: Any, hub: Hub, language: str) -> None:
    product = hub.product("words", f"words-{language}", cloud_cover="12.5", orbit_state="ascending")
    found = said(app, language, f"/dataset/{product['name']}")
    for words in PRODUCT[language]:
        assert words in found


def test_a_page_from_right_to_left(app: Any, hub: Hub) -> None:
    page = html.fromstring(app.get("/ar/dataset/").body)
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert page.xpath("//link[contains(@href, 'main-rtl')]")


def test_a_mail(hub: Hub) -> None:
    given = {"entries": [], "more": 0, "unsubscribe": "/off", "settings": "/mine", "site": "Hub"}
    with in_language("fr"):
        assert issue_state("fixed") == "corrigé"
        text = toolkit.render("emails/nextgeoss_feedback/news.txt", given)
    assert "Du nouveau dans les retours sur Hub\u00a0:" in text
    assert "sans vous connecter" in text


@pytest.mark.parametrize(
    ("language", "number", "measured", "day"),
    [
        ("en", "1,234.50", "0.00012", "May 1, 2024"),
        ("fr", "1\u202f234,50", "0,00012", "1 mai 2024"),
        ("pt_BR", "1.234,50", "0,00012", "1 de maio de 2024"),
    ],
)
def test_numbers_and_days(hub: Hub, language: str, number: str, measured: str, day: str) -> None:
    with in_language(language):
        assert nextgeoss_number(1234.5, 2) == number
        assert nextgeoss_measured(0.00012) == measured
        assert nextgeoss_date("2024-05-01T10:00:00Z") == day
        assert [nextgeoss_date(text) for text in ("2024-05", "soon", "", None)] == ["2024-05", "soon", "", ""]
