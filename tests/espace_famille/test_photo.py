"""The photograph of a child: sent, square and bare, accepted, replaced, taken away; and its page, for its own family only."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from marelle.demandes import decision
from marelle.demandes.models import Demande
from marelle.demandes.photos import cles_tenues
from marelle.familles.models import Rattachement
from marelle.journal.models import Entree
from marelle.pieces import service
from marelle.socle.memoire import oublier
from tests import distribution as gens
from tests.factures import regie_de
from tests.pieces import fichiers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dauphine")]


@pytest.fixture
def guichet(karim: gens.Agent) -> Client:
    client = Client()
    client.force_login(karim.compte)
    return client


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def envoyer(client: Client, enfant, octets: bytes | None = None, jeton: object = None, nom: str = "elio.jpg"):
    fichier = SimpleUploadedFile(nom, fichiers.photo_avec_lieu() if octets is None else octets, "image/jpeg")
    corps = {"jeton": jeton or uuid.uuid4(), "photo-fichier": fichier}
    return client.post(f"/dossier/enfants/{enfant.pk}/portrait/", corps)


def sur_le_disque() -> int:
    return sum(chemin.is_file() for chemin in Path(reglages.MEDIA_ROOT).rglob("*"))


def accepter(karim: gens.Agent) -> None:
    decision.accepter(Demande.objects.get(nature="photo", etat="deposee").pk, gens.auteur_agent(karim))


def test_envoyee_elle_attend_puis_s_affiche_carree_et_sans_lieu(camille, roussel, karim, guichet):
    assert envoyer(camille, roussel.elio)["Location"] == f"/dossier/enfants/{roussel.elio.pk}/accueil/"
    page = texte(camille.get(f"/dossier/enfants/{roussel.elio.pk}/accueil/"))
    assert "En attente du service" in page
    assert camille.get(f"/dossier/enfants/{roussel.elio.pk}/photo").status_code == 404
    demande = Demande.objects.get()
    assert f"/guichet/demandes/{demande.pk}/photo" in texte(guichet.get(f"/guichet/demandes/{demande.pk}/"))
    assert guichet.get(f"/guichet/demandes/{demande.pk}/photo").status_code == 200
    accepter(karim)
    reponse = camille.get(f"/dossier/enfants/{roussel.elio.pk}/photo")
    with Image.open(io.BytesIO(reponse.content)) as image:
        assert image.size == (400, 400)
        assert not image.getexif()
    for adresse in ("/", "/dossier/", f"/dossier/enfants/{roussel.elio.pk}/accueil/"):
        assert f'src="/dossier/enfants/{roussel.elio.pk}/photo"' in texte(camille.get(adresse)), adresse
    famille = f"/guichet/familles/{roussel.famille.pk}/"
    for adresse in (famille, f"{famille}enfants/{roussel.elio.pk}/"):
        assert f'src="{famille}enfants/{roussel.elio.pk}/photo"' in texte(guichet.get(adresse)), adresse
    assert guichet.get(f"{famille}enfants/{roussel.elio.pk}/photo").status_code == 200


def test_une_photo_remplace_l_autre_et_le_fichier_s_en_va(camille, roussel, karim, django_capture_on_commit_callbacks):
    for _ in range(2):
        envoyer(camille, roussel.elio)
        with django_capture_on_commit_callbacks(execute=True):
            accepter(karim)
    assert sur_le_disque() == 1


def test_celle_qui_attend_n_est_pas_un_orphelin(camille, roussel, horloge):
    envoyer(camille, roussel.elio)
    horloge("2026-11-28 10:00")
    service.faire_le_menage()
    assert sur_le_disque() == len(cles_tenues()) == 1


def test_refusee_elle_disparait_avec_son_motif(camille, roussel, karim, django_capture_on_commit_callbacks):
    envoyer(camille, roussel.elio)
    with django_capture_on_commit_callbacks(execute=True):
        decision.refuser(Demande.objects.get().pk, gens.auteur_agent(karim), "On ne voit pas le visage.")
    assert sur_le_disque() == 0
    assert "On ne voit pas le visage." in texte(camille.get("/"))


def test_renvoyee_la_page_le_dit_et_une_autre_la_corrige(camille, roussel, karim):
    envoyer(camille, roussel.elio)
    demande = Demande.objects.get()
    decision.renvoyer(demande.pk, gens.auteur_agent(karim), "La photo est floue.")
    assert f"/dossier/enfants/{roussel.elio.pk}/portrait/" in texte(camille.get(f"/demandes/{demande.pk}/"))
    assert "La photo est floue." in texte(camille.get(f"/dossier/enfants/{roussel.elio.pk}/portrait/"))
    envoyer(camille, roussel.elio)
    demande.refresh_from_db()
    assert demande.etat == "deposee"


def test_la_famille_la_retire_tout_de_suite(camille, roussel, karim, django_capture_on_commit_callbacks):
    envoyer(camille, roussel.elio)
    accepter(karim)
    with django_capture_on_commit_callbacks(execute=True):
        assert camille.post(f"/dossier/enfants/{roussel.elio.pk}/portrait/retrait").status_code == 302
    assert camille.get(f"/dossier/enfants/{roussel.elio.pk}/photo").status_code == 404
    assert sur_le_disque() == 0
    assert Entree.objects.get(action="enfant.photo_retiree").acteur == roussel.compte


def test_un_agent_la_retire_pour_la_famille(camille, roussel, karim, guichet):
    envoyer(camille, roussel.elio)
    accepter(karim)
    adresse = f"/guichet/familles/{roussel.famille.pk}/enfants/{roussel.elio.pk}/"
    assert guichet.post(f"{adresse}photo/retrait")["Location"] == adresse
    assert guichet.get(f"{adresse}photo").status_code == 404


def test_envoyee_deux_fois_c_est_une_demande(camille, roussel):
    jeton = uuid.uuid4()
    for _ in range(2):
        assert envoyer(camille, roussel.elio, jeton=jeton).status_code == 302
    assert Demande.objects.count() == sur_le_disque() == 1


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (fichiers.pdf(), "Envoyez une photo (JPEG ou PNG)"),
        (b"GIF89a", "ce fichier est d’une autre sorte"),
        (b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024), "dépasse 10 Mo"),
        (b"\xff\xd8\xff coupee", "Ce fichier est abîmé"),
    ],
)
def test_ce_qui_n_est_pas_une_photo(camille, roussel, octets, phrase):
    reponse = envoyer(camille, roussel.elio, octets)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert not Demande.objects.exists()
    assert sur_le_disque() == 0


def test_celle_d_une_autre_famille_n_existe_pas(camille, roussel, karim):
    fauvel = gens.famille_fauvel()
    ines = Client()
    ines.force_login(fauvel.compte)
    envoyer(ines, fauvel.malo)
    demande = Demande.objects.get()
    decision.accepter(demande.pk, gens.auteur_agent(karim))
    envoyer(ines, fauvel.malo)
    for fin in ("accueil/", "photo", "portrait/", "portrait/en-attente"):
        assert camille.get(f"/dossier/enfants/{fauvel.malo.pk}/{fin}").status_code == 404, fin
    assert envoyer(camille, fauvel.malo).status_code == 404
    assert camille.post(f"/dossier/enfants/{fauvel.malo.pk}/portrait/retrait").status_code == 404
    assert camille.get(f"/guichet/demandes/{demande.pk}/photo").status_code == 404
    fauvel.malo.refresh_from_db()
    assert fauvel.malo.photo


def test_l_autre_foyer_voit_celle_en_vigueur_pas_celle_qui_attend(camille, roussel, karim):
    lemoine = gens.famille_lemoine(roussel.anouk)
    assert Rattachement.objects.filter(enfant=roussel.anouk).count() == 2
    envoyer(camille, roussel.anouk)
    hugo = Client()
    hugo.force_login(lemoine.compte)
    assert hugo.get(f"/dossier/enfants/{roussel.anouk.pk}/portrait/en-attente").status_code == 404
    accepter(karim)
    assert hugo.get(f"/dossier/enfants/{roussel.anouk.pk}/photo").status_code == 200


def test_au_guichet_par_la_famille_et_par_le_droit(camille, roussel, karim, guichet):
    envoyer(camille, roussel.elio)
    demande = Demande.objects.get()
    accepter(karim)
    fauvel = gens.famille_fauvel()
    assert guichet.get(f"/guichet/familles/{fauvel.famille.pk}/enfants/{roussel.elio.pk}/photo").status_code == 404
    lucas = Client()
    lucas.force_login(gens.lucas().compte)
    assert lucas.get(f"/guichet/familles/{roussel.famille.pk}/enfants/{roussel.elio.pk}/photo").status_code == 403
    assert lucas.get(f"/guichet/demandes/{demande.pk}/photo").status_code == 403


def test_la_page_de_l_enfant_dans_les_mots_du_guide(camille, roussel, django_assert_max_num_queries):
    adresse = f"/dossier/enfants/{roussel.elio.pk}/accueil/"
    page = texte(camille.get(adresse))
    for mot in (
        "Autorisations", "Données complémentaires", "Données sanitaires", "Ajouter une photo", "Imprimer la fiche",
        "Inscriptions en cours", "Nouvelle inscription", "Déclarer une absence", "Nouvelle inscription scolaire",
        "Tarifs appliqués",
    ):  # fmt: skip
        assert mot in page, mot
    with django_assert_max_num_queries(12):
        camille.get(adresse)


def test_l_accueil_dit_le_responsable_le_solde_et_les_enfants(camille, roussel):
    regie_de("vals-du-dauphine")
    oublier()
    page = texte(camille.get("/"))
    for mot in (
        "Responsable",
        "Camille Roussel",
        "Solde et factures",
        "Vous ne devez rien",
        "Élio",
        "Contacter le centre",
    ):
        assert mot in page, mot
    assert f"/dossier/enfants/{roussel.elio.pk}/accueil/" in page
