"""The dossier in a real browser: the three tabs by touch and without a script, every page readable by all."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from marelle.demandes import decision, fiches
from marelle.demandes.models import Demande
from marelle.demandes.natures import Sujet
from tests import distribution
from tests.demandes import contenus
from tests.pieces import fichiers
from tests.salle.regard import regarder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def portail(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "pieces"
    return distribution.collectivite()


@pytest.fixture
def roussel():
    return distribution.famille_roussel()


def deposer(roussel, sujet, nature, donnees) -> Demande:
    contenu = contenus.contenu(nature, sujet, donnees)
    return fiches.deposer(sujet, {nature: contenu}, roussel.auteur).demandes.get()


def test_un_dossier_se_remplit_au_doigt_et_sans_script(nouvelle_page, connecter, roussel, tmp_path):
    page = nouvelle_page(360, 740, tactile=True, javascript=False)
    connecter(page, roussel.compte)
    page.goto(reverse("espace_famille:dossier"))
    page.get_by_role("link", name=re.compile("Modifier la fiche.*Anouk")).tap()
    page.get_by_label("Repas sans porc").check()
    page.get_by_label("Compagnie d’assurance").fill("MAE")
    page.get_by_label("Numéro de contrat").fill("AB-1234")
    for question in page.get_by_role("group", name="J’autorise").all():
        question.get_by_label("Oui").check()
    page.get_by_role("button", name="Valider la fiche d’information").tap()
    expect(page.get_by_role("alert")).to_contain_text("cochez la case pour valider la fiche d’information.")
    page.get_by_label("Je certifie exactes").check()
    page.get_by_role("button", name="Valider la fiche d’information").tap()
    page.get_by_label("Personne d’autre que les parents").check()
    page.get_by_label("Je certifie exactes").check()
    page.get_by_role("button", name="Valider les personnes autorisées").tap()
    page.get_by_label("Diphtérie").fill("2023-04-12")
    for question in ("allergies", "traitement", "PAI"):
        page.get_by_role("group", name=question).get_by_label("Non").check()
    page.get_by_label("Je certifie exactes").check()
    page.get_by_role("button", name="Valider la fiche médicale").tap()
    page.wait_for_url(f"**{reverse('espace_famille:dossier')}")
    page.get_by_role("link", name="Transmettre des documents").first.tap()
    (tmp_path / "attestation.pdf").write_bytes(fichiers.pdf())
    page.get_by_label("Document à joindre").set_input_files(tmp_path / "attestation.pdf")
    page.get_by_role("group", name="Pour qui").get_by_label("Anouk").check()
    page.get_by_role("button", name="Envoyer", exact=True).tap()
    expect(page.get_by_role("status")).to_contain_text("Le document est envoyé.")
    assert Demande.objects.filter(enfant=roussel.anouk, etat="deposee").count() == 5


def test_chaque_page_du_dossier_se_lit_par_tous(nouvelle_page, connecter, roussel):
    karim = distribution.auteur_agent(distribution.karim())
    anouk, elio = Sujet(roussel.famille, roussel.anouk), Sujet(roussel.famille, roussel.elio)
    decision.accepter(deposer(roussel, anouk, "fiche_enfant", contenus.FICHE_ENFANT).pk, karim)
    deposer(roussel, anouk, "fiche_enfant", {**contenus.FICHE_ENFANT, "type_repas": "sans_viande"})
    deposer(roussel, anouk, "autorisations", contenus.autorisations())
    renvoyee = deposer(roussel, elio, "fiche_enfant", {**contenus.FICHE_ENFANT, "prenom": "Élio"})
    decision.renvoyer(renvoyee.pk, karim, "Le numéro de contrat est illisible.")
    deposer(roussel, Sujet(roussel.famille, None, roussel.camille), "fiche_responsable", contenus.RESPONSABLE)
    page = nouvelle_page()
    connecter(page, roussel.compte)
    adresses = [
        reverse("espace_famille:dossier"),
        reverse("espace_famille:fiche", args=[roussel.anouk.pk, "information"]),
        reverse("espace_famille:fiche", args=[roussel.anouk.pk, "personnes"]),
        reverse("espace_famille:fiche", args=[roussel.elio.pk, "information"]),
        reverse("espace_famille:adulte", args=[roussel.camille.pk]),
        reverse("espace_famille:nouvel_enfant"),
        reverse("espace_famille:documents"),
    ]
    fautes = [une for adresse in adresses for une in regarder(page, adresse)]
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.wait_for_load_state()
    fautes += regarder(page)
    assert not fautes, "\n".join(fautes)
