"""A collectivité for the letterhead, and a reader of what a PDF says."""

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from marelle.collectivite.models import Collectivite
from marelle.socle import memoire

OPTIONS = """
nom = "CC des Essais et des Longues Vallées"
sigle = "CCE"
service = "Service Enfance"
adresse = "1 place de la Mairie, 37000 Essais"
telephone = "02 00 00 00 00"
courriel = "enfance@essais.exemple"
horaires = "du lundi au vendredi"
zone = "B"
[[dossier.onglets]]
code = "fiche"
titre = "Fiche"
natures = ["fiche_enfant"]
"""


@pytest.fixture(autouse=True)
def collectivite(db: None) -> Iterator[None]:
    Collectivite.objects.create(code="essais", nom="CC des Essais", texte=OPTIONS)
    memoire.oublier()
    yield
    memoire.oublier()


def lire(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def texte(pdf: bytes) -> str:
    """All that the document says, on one line, no-break spaces made plain."""
    pages = " ".join(page.extract_text() for page in lire(pdf).pages)
    return " ".join(pages.replace("\u00a0", " ").replace("\u202f", " ").split())
