"""Messages of a family: read, answered, sent once; another household's do not exist; files are judged as documents are."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marelle.correspondance import envoi
from marelle.correspondance.models import Fil, Message, PieceJointe
from marelle.courriels.models import Courriel
from marelle.familles.models import Famille
from marelle.pieces.televersement import lire
from tests import distribution as gens
from tests.pieces import fichiers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dauphine")]
SECRET = "Élio a peur de l’eau depuis cet été."


def le_service_ecrit(foyer: gens.Foyer, agent: gens.Agent, texte: str = SECRET, **propos: object) -> Fil:
    quoi = envoi.Propos("La piscine du mercredi", **propos)  # type: ignore[arg-type]
    return envoi.ecrire_a_la_famille(foyer.famille, quoi, envoi.Ecrit(texte, uuid.uuid4()), agent)


def ecrire(client: Client, adresse: str = "/messages/nouveau/", **champs: object):
    depart = {
        "objet": "Une question",
        "texte": "Bonjour, peut-on venir à 9 h ?",
        "jeton": uuid.uuid4(),
        "sujet": "autre",
    }
    return client.post(adresse, {f"message-{nom}": valeur for nom, valeur in (depart | champs).items()})


def joint(octets: bytes, nom: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets, "image/jpeg")


def texte(reponse) -> str:
    """The page, its no-break spaces made plain."""
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_un_message_du_service_est_annonce_lu_puis_repondu(camille, roussel, karim):
    fil = le_service_ecrit(roussel, karim, enfant=roussel.elio)
    assert "1 message à lire" in texte(camille.get("/"))
    boite = texte(camille.get("/messages/"))
    assert "<strong><a href" in boite
    assert "Nouveau message" in boite
    page = texte(camille.get(f"/messages/{fil.pk}/"))
    assert SECRET in page
    assert "Karim Benali, pour le service" in page
    assert "à lire" not in texte(camille.get("/"))
    assert "<strong><a href" not in texte(camille.get("/messages/"))
    assert ecrire(camille, f"/messages/{fil.pk}/reponse").status_code == 302
    fil.refresh_from_db()
    assert fil.attend_depuis is not None
    assert "En attente de réponse" in texte(camille.get("/messages/"))


def test_le_courriel_ne_dit_rien_de_ce_qui_est_ecrit(roussel, karim):
    fil = le_service_ecrit(roussel, karim, enfant=roussel.elio)
    assert set(Courriel.objects.values_list("destinataire", flat=True)) == {
        "camille@familles.exemple",
        "paul@familles.exemple",
    }
    courriel = Courriel.objects.first()
    tout = courriel.objet + courriel.texte + courriel.html
    assert "Vous avez un message" in courriel.objet
    assert f"/messages/{fil.pk}/" in courriel.texte
    for mot in ("Élio", "eau", "piscine", "Roussel", "Benali"):
        assert mot not in tout, mot


def test_ce_qui_est_ecrit_est_chiffre_au_repos(roussel, karim, django_db_blocker):
    from django.db import connection

    le_service_ecrit(roussel, karim)
    with connection.cursor() as curseur:
        curseur.execute("SELECT texte FROM correspondance_message UNION ALL SELECT objet FROM correspondance_fil")
        brut = " ".join(ligne[0] for ligne in curseur.fetchall())
    assert "Élio" not in brut
    assert "piscine" not in brut


def test_contacter_le_centre(camille, roussel):
    page = texte(camille.get("/contact/", follow=True))
    assert "Contacter le centre" in page
    reponse = ecrire(camille, enfant=roussel.elio.pk, fichiers=joint(fichiers.photo_avec_lieu()))
    assert reponse.status_code == 302
    fil, piece = Fil.objects.get(), PieceJointe.objects.get()
    assert (fil.famille, fil.enfant, fil.objet) == (roussel.famille, roussel.elio, "Une question")
    assert fil.attend_depuis is not None
    assert not Courriel.objects.exists(), "le service voit ses messages au guichet"
    telecharge = camille.get(f"/messages/fichiers/{piece.cle}/")
    assert telecharge["Content-Disposition"].startswith("attachment")
    assert b"AppareilDeCamille" not in telecharge.content
    assert [octets for octets in fichiers_sur_disque() if b"JFIF" in octets] == [], "chiffré sur le disque"


def fichiers_sur_disque() -> list[bytes]:
    from django.conf import settings

    return [chemin.read_bytes() for chemin in Path(settings.MEDIA_ROOT).rglob("*") if chemin.is_file()]


def test_un_visiteur_recoit_les_coordonnees_pas_un_formulaire(client):
    page = texte(client.get("/contact/"))
    assert "04 74 00 00 00" in page
    assert "<textarea" not in page
    assert client.post("/contact/").status_code == 405
    assert ecrire(client).status_code == 302  # to the sign-in page
    assert not Fil.objects.exists()


def test_ceux_d_une_autre_famille_n_existent_pas(camille, roussel, karim):
    fauvel = gens.famille_fauvel()
    recus = (lire("photo.jpg", fichiers.image()),)
    ecrit = envoi.Ecrit(SECRET, uuid.uuid4(), recus)
    fil = envoi.ecrire_a_la_famille(fauvel.famille, envoi.Propos("La piscine"), ecrit, karim)
    piece = PieceJointe.objects.get()
    for adresse in (f"/messages/{fil.pk}/", f"/messages/fichiers/{piece.cle}/"):
        assert camille.get(adresse).status_code == 404, adresse
    assert ecrire(camille, f"/messages/{fil.pk}/reponse").status_code == 404
    assert ecrire(camille, enfant=fauvel.malo.pk).status_code == 422
    assert camille.get("/messages/nouveau/?demande=1").status_code == 404
    assert Message.objects.count() == 1
    fil.refresh_from_db()
    assert fil.a_lire_depuis is not None


def test_une_famille_n_ecrit_pas_au_nom_du_service(camille, roussel, karim):
    fil = le_service_ecrit(roussel, karim)
    for adresse in (
        f"/guichet/messages/{fil.pk}/",
        "/guichet/messages/",
        f"/guichet/familles/{roussel.famille.pk}/message/",
    ):
        assert camille.get(adresse).status_code == 404, adresse
    assert ecrire(camille, f"/guichet/messages/{fil.pk}/reponse").status_code == 404
    ecrire(camille, ecrivain="service", par_nom="La direction", clos_le="2026-11-18")
    assert Message.objects.latest("pk").ecrivain == "famille"
    assert Message.objects.latest("pk").par_nom == "Famille Roussel"


def test_poste_deux_fois_envoye_une_fois(camille, roussel, karim):
    jeton = uuid.uuid4()
    un, deux = (ecrire(camille, jeton=jeton, fichiers=joint(fichiers.image())) for _ in range(2))
    assert un.status_code == deux.status_code == 302
    assert un["Location"] == deux["Location"]
    assert (
        Message.objects.count() == Fil.objects.count() == PieceJointe.objects.count() == len(fichiers_sur_disque()) == 1
    )


def test_le_jeton_d_une_autre_famille_ne_sert_a_rien(camille, roussel, karim):
    autre = le_service_ecrit(gens.famille_fauvel(), karim).messages.get()
    assert ecrire(camille, jeton=autre.jeton).status_code == 409
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("fichier", "phrase"),
    [
        (joint(b"MZ\x90\x00 programme", "facture.pdf"), "Envoyez un PDF ou une photo"),
        (joint(fichiers.pdf(b"/JavaScript (app.alert(1))"), "x.pdf"), "contient un programme"),
        (joint(b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024)), "dépasse 10 Mo"),
    ],
)
def test_un_fichier_refuse_ne_perd_pas_le_texte(camille, fichier, phrase):
    reponse = ecrire(camille, fichiers=fichier)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert "peut-on venir à 9 h" in texte(reponse)
    assert not Message.objects.exists()
    assert not fichiers_sur_disque()


def test_trois_fichiers_au_plus(camille):
    reponse = ecrire(camille, fichiers=[joint(fichiers.image()) for _ in range(4)])
    assert reponse.status_code == 422
    assert "Joignez 3 fichiers au plus" in texte(reponse)


def test_un_message_vide_ou_trop_long(camille):
    assert "Écrivez votre message." in texte(ecrire(camille, texte="  "))
    assert "Écrivez 5000 caractères au plus." in texte(ecrire(camille, texte="a" * 5001))
    assert not Message.objects.exists()


def test_dix_messages_par_heure(camille, roussel, horloge):
    for _ in range(envoi.PAR_HEURE):
        assert ecrire(camille).status_code == 302
    reponse = ecrire(camille)
    assert reponse.status_code == 429
    assert "à partir de 11 h 01" in texte(reponse)
    assert "peut-on venir à 9 h" in texte(reponse)
    horloge("2026-11-18 11:01")
    assert ecrire(camille).status_code == 302


def test_une_reponse_dans_un_fil_clos_le_rouvre(camille, roussel, karim):
    from marelle.correspondance import suivi

    fil = le_service_ecrit(roussel, karim)
    suivi.clore(fil.pk, karim)
    assert "Le service a clos cet échange" in texte(camille.get(f"/messages/{fil.pk}/"))
    ecrire(camille, f"/messages/{fil.pk}/reponse")
    fil.refresh_from_db()
    assert fil.clos_le is None
    assert fil.attend_depuis is not None


def test_une_famille_archivee_n_ecrit_plus(camille, roussel):
    Famille.objects.update(est_archivee=True)
    assert ecrire(camille).status_code == 404


def test_au_sujet_d_une_demande(camille, roussel):
    from marelle.demandes.fiches import deposer
    from marelle.demandes.natures import Sujet
    from tests.demandes import contenus

    deposer(Sujet(roussel.famille, roussel.elio), {"fiche_enfant": contenus.FICHE_ENFANT}, roussel.auteur)
    demande = roussel.famille.demandes.get()
    assert f"/messages/nouveau/?demande={demande.pk}" in texte(camille.get(f"/demandes/{demande.pk}/"))
    adresse = f"/messages/nouveau/?demande={demande.pk}"
    assert demande.numero in texte(camille.get(adresse))
    ecrire(camille, adresse)
    assert Fil.objects.get().demande == demande
    assert demande.numero in texte(camille.get(f"/messages/{Fil.objects.get().pk}/"))


def test_ce_qui_arrive_pendant_la_lecture_reste_a_lire(camille, roussel, karim, horloge):
    from marelle.correspondance import selection, suivi

    fil = le_service_ecrit(roussel, karim)
    ouvert = selection.fil_de(roussel.famille, fil.pk)
    horloge("2026-11-18 10:01")
    dernier = fil.messages.get().pk
    envoi.repondre_a_la_famille(fil.pk, envoi.Ecrit("J’oubliais…", uuid.uuid4()), karim, dernier)
    suivi.marquer_lu(roussel.famille, ouvert)
    fil.refresh_from_db()
    assert fil.a_lire_depuis is not None
    assert [message.lu_le is None for message in fil.messages.order_by("pk")] == [False, True]
