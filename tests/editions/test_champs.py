"""The sheet to fill: a form that every reader can fill, by keyboard and by ear, and still a document like the others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from marelle import editions
from marelle.editions.champs import remplissable

from .conftest import lire, texte

DONNEES: dict[str, Any] = {
    "adultes": ["Premier adulte", "Deuxième adulte"],
    "civilites": [("mme", "Madame"), ("m", "Monsieur")],
    "enfants": ["Premier enfant", "Deuxième enfant", "Troisième enfant", "Quatrième enfant"],
    "sexes": [("f", "Fille"), ("g", "Garçon")],
    "souhaits": [("mercredi", "Mercredis"), ("vacances", "Vacances"), ("ecole", "Une école")],
}


@pytest.fixture
def pdf() -> bytes:
    return remplissable(editions.produire("pre_inscription", DONNEES))


def champs(pdf: bytes) -> list[Any]:
    """The widgets, page after page, in the order of the tab key."""
    return [un.get_object() for page in lire(pdf).pages for un in page["/Annots"]]


def test_chaque_case_est_un_champ_qui_dit_son_nom(pdf: bytes) -> None:
    noms = lire(pdf).get_fields()
    assert noms is not None
    assert len(noms) == 2 * 10 + 4 * 6 + 3 + 2
    assert noms["adulte1_prenom"]["/TU"] == "Premier adulte, prénom"
    assert noms["adulte2_pays"]["/TU"] == "Deuxième adulte, pays, si ce n’est pas la France"
    assert noms["enfant4_naissance"]["/TU"].startswith("Quatrième enfant, date de naissance")
    assert all(un["/TU"] for un in champs(pdf))
    assert {un["/Subtype"] for un in champs(pdf)} == {"/Widget"}
    assert not any("/A" in un or "/Contents" in un for un in champs(pdf))


def test_les_champs_se_suivent_comme_on_lit(pdf: bytes) -> None:
    """The tab key follows the tags, and each field is tagged as one."""
    lu = lire(pdf)
    assert [page["/Tabs"] for page in lu.pages] == ["/S", "/S"]
    rencontres: list[str] = []

    def parcourir(noeud: Any) -> None:
        noeud = noeud.get_object() if hasattr(noeud, "get_object") else noeud
        if isinstance(noeud, list):
            for un in noeud:
                parcourir(un)
        elif isinstance(noeud, dict):
            if noeud.get("/S") == "/Form":
                [renvoi] = [un for un in noeud["/K"] if isinstance(un, dict)]
                rencontres.append(str(renvoi["/Obj"]["/TU"]))
            assert noeud.get("/S") != "/Link"
            parcourir(noeud.get("/K", []))

    parcourir(lu.trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert rencontres == [str(un["/TU"]) for un in champs(pdf)]
    assert rencontres[:4] == [f"Premier adulte, {quoi}" for quoi in ("Madame", "Monsieur", "prénom", "nom")]


def test_une_seule_civilite_se_coche(pdf: bytes) -> None:
    groupe = (lire(pdf).get_fields() or {})["adulte1_civilite"]
    assert groupe["/Ff"] & (1 << 15)
    assert [set(un.get_object()["/AP"]["/N"]) for un in groupe["/Kids"]] == [{"/mme", "/Off"}, {"/m", "/Off"}]


def test_ce_qui_est_tape_se_lit_avec_ses_accents(pdf: bytes) -> None:
    ecrivain = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    tape = {
        "adulte1_nom": "N’Diaye-Œuvre",
        "enfant1_prenom": "Maëlys",
        "souhait_ecole": "/oui",
        "adulte1_civilite": "/mme",
    }
    for page in ecrivain.pages:
        ecrivain.update_page_form_field_values(page, tape, auto_regenerate=False)
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    lus = lire(sortie.getvalue()).get_fields() or {}
    assert {nom: lus[nom]["/V"] for nom in tape} == tape


def test_reste_un_document_lisible_par_tous(pdf: bytes) -> None:
    lu = lire(pdf)
    racine = lu.trailer["/Root"]
    assert lu.pdf_header == "%PDF-1.7"
    assert racine["/MarkInfo"]["/Marked"]
    assert racine["/Lang"] == "fr-FR" or racine["/Lang"] == "fr"
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in racine["/Metadata"].get_data().decode()
    police = racine["/AcroForm"]["/DR"]["/Font"]["/Marelle"]
    assert police["/FontDescriptor"]["/FontFile2"].get_data()[:4] == b"\x00\x01\x00\x00"
    assert len(police["/Widths"]) == 224
    assert "/NeedAppearances" not in racine["/AcroForm"]
    dit = texte(pdf)
    assert "N’y écrivez rien sur la santé" in dit
    assert "enfance@essais.exemple" in dit
    assert len(pdf) < 300_000
    assert len(lu.pages) == 2


def test_un_document_sans_case_reste_le_meme() -> None:
    from . import exemples

    pdf = editions.produire("invitation", exemples.invitation())
    assert texte(remplissable(pdf)) == texte(pdf)
    liens = [un.get_object()["/Subtype"] for page in lire(remplissable(pdf)).pages for un in page["/Annots"]]
    assert set(liens) == {"/Link"}
