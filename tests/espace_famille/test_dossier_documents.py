"""« Transmettre des documents »: one file for whom it is for, once; private, encrypted, served to its household only."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marelle.courriels.models import Courriel
from marelle.demandes import decision
from marelle.demandes.dossier import etat_du_dossier
from marelle.demandes.models import Demande, Envoi
from marelle.demandes.passages import Etat
from marelle.pieces import formats, rangement, service
from marelle.pieces.models import Piece
from marelle.socle.horloge import maintenant
from tests import distribution
from tests.espace_famille.test_dossier import texte
from tests.pieces import fichiers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decor(settings, tmp_path, horloge):
    """A folder of its own, on a Wednesday of November."""
    settings.MEDIA_ROOT = tmp_path / "pieces"
    horloge("2026-11-18 10:00")
    return distribution.collectivite()


@pytest.fixture
def roussel():
    return distribution.famille_roussel()


@pytest.fixture
def camille(client, roussel):
    client.force_login(roussel.compte)
    return client


@pytest.fixture
def karim():
    return distribution.auteur_agent(distribution.karim())


OU = "/dossier/documents/"


def envoyer(
    client, enfants, octets=None, *, nom="attestation.pdf", type_piece="assurance", jeton=None, genre="", **autres
):
    fichier = SimpleUploadedFile(nom, fichiers.pdf() if octets is None else octets, genre or "application/pdf")
    donnees = {
        "jeton": jeton or uuid.uuid4(),
        "piece-fichier": fichier,
        "piece-type_piece": type_piece,
        "piece-annee": "2026",
        "piece-enfants": [enfant.pk for enfant in enfants],
    }
    return client.post(OU, donnees | {f"piece-{cle}": valeur for cle, valeur in autres.items()})


def sur_le_disque() -> list[Path]:
    return [chemin for chemin in Path(settings.MEDIA_ROOT).rglob("*") if chemin.is_file()]


def test_une_attestation_pour_deux_enfants(camille, roussel, karim):
    assert envoyer(camille, [roussel.anouk, roussel.elio]).url == OU
    assert sorted(Piece.objects.values_list("enfant__prenom", flat=True)) == ["Anouk", "Élio"]
    page = texte(camille.get(OU))
    assert "Attestation d’assurance extra-scolaire 2026-2027" in page
    assert "En attente" in page
    demande = Demande.objects.get(enfant=roussel.anouk)
    assert demande.type_nature.resumer(demande) == "Document · Attestation d’assurance extra-scolaire 2026-2027"
    decision.accepter(demande.pk, karim)
    piece = Piece.objects.get(enfant=roussel.anouk)
    assert (str(piece.valable_du), str(piece.valable_au)) == ("2026-09-01", "2027-08-31")
    exigence = {une.code: une.etat for une in etat_du_dossier(roussel.famille, roussel.anouk).exigences}
    assert exigence["piece.assurance"] == "valide"
    assert "Jusqu’au 31 août 2027" in texte(camille.get(OU))
    assert not Courriel.objects.exists()


def test_un_refus_dit_son_motif_sur_la_page_et_par_aucun_courriel(camille, roussel, karim):
    envoyer(camille, [roussel.anouk])
    decision.refuser(Demande.objects.get().pk, karim, "Le document est illisible.")
    assert Piece.objects.get().etat == Piece.Etat.REFUSEE
    page = texte(camille.get(OU))
    assert "Refusée" in page
    assert "« Le document est illisible. »" in page
    assert not Courriel.objects.exists()


def test_un_document_renvoye_est_remplace_sous_le_meme_numero(
    camille, roussel, karim, django_capture_on_commit_callbacks
):
    envoyer(camille, [roussel.anouk])
    demande = Demande.objects.get()
    decision.renvoyer(demande.pk, karim, "Il manque la page 2.")
    assert "À renvoyer" in texte(camille.get(OU))
    with django_capture_on_commit_callbacks(execute=True):
        envoyer(camille, [roussel.anouk], fichiers.pdf(b"page 2"))
    demande.refresh_from_db()
    assert demande.etat == Etat.DEPOSEE
    assert Demande.objects.count() == 1
    assert demande.contenu["piece"] == str(Piece.objects.get(etat="en_attente").cle)
    assert len(sur_le_disque()) == 1


def test_retirer_un_document_efface_son_fichier(camille, roussel, django_capture_on_commit_callbacks):
    envoyer(camille, [roussel.anouk])
    piece = Piece.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        decision.retirer(Demande.objects.get().pk, roussel.auteur, roussel.famille.pk)
    assert sur_le_disque() == []
    assert camille.get(reverse("espace_famille:piece", args=[piece.cle])).status_code == 404


@pytest.mark.parametrize(
    ("octets", "nom", "phrase"),
    [
        (b"MZ\x90" + b"\0" * 100, "attestation.pdf", formats.INCONNU),
        (b"<svg onload='alert(1)'/>", "dessin.jpg", formats.INCONNU),
        (fichiers.bombe_png(), "photo.png", formats.TROP_GRANDE),
        (b"", "vide.pdf", "Ce fichier est vide : choisissez-en un autre."),
        (b"%PDF-1.4" + b"\0" * (10 * 1024 * 1024 + 1), "lourd.pdf", formats.TROP_LOURD),
        (fichiers.pdf(b"<< /S /JavaScript >>"), "attestation.pdf", formats.PDF_ACTIF),
    ],
)
def test_un_piege_ne_laisse_rien_et_garde_les_reponses(camille, roussel, octets, nom, phrase):
    reponse = envoyer(camille, [roussel.elio], octets, nom=nom)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    html = reponse.content.decode()
    assert f'value="{roussel.elio.pk}"' in html
    assert 'value="assurance" selected' in html
    assert sur_le_disque() == []
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"type_piece": "passeport"}, "type_piece"),
        ({"annee": "1999"}, "annee"),
        ({"annee": "2027"}, "annee"),
    ],
)
def test_ce_qui_ne_se_choisit_pas_est_refuse(camille, roussel, change, champ):
    reponse = envoyer(camille, [roussel.anouk], **change)
    assert reponse.status_code == 422
    assert f"id_piece-{champ}" in reponse.content.decode()
    assert "Choisissez de nouveau le fichier" in texte(reponse)
    assert not Piece.objects.exists()


def test_une_attestation_obligatoire_dit_pour_quel_enfant(camille, roussel):
    reponse = envoyer(camille, [])
    assert reponse.status_code == 422
    assert "Cochez l’enfant" in texte(reponse)


def test_l_annee_suivante_s_envoie_a_partir_d_avril(camille, roussel, horloge):
    horloge("2027-04-02 10:00")
    camille.force_login(roussel.compte)
    assert envoyer(camille, [roussel.anouk], annee="2027").status_code == 302
    assert Piece.objects.get().annee == 2027


def test_l_enfant_d_une_autre_famille_n_est_pas_au_choix(camille, roussel):
    malo = distribution.famille_fauvel().malo
    assert envoyer(camille, [malo]).status_code == 422
    assert not Piece.objects.exists()


def test_un_autre_document_peut_etre_celui_de_toute_la_famille(camille, roussel):
    assert envoyer(camille, [], fichiers.photo_avec_lieu(), nom="IMG_1.JPG", type_piece="autre").status_code == 302
    piece = Piece.objects.get()
    assert (piece.enfant, piece.annee, piece.nom, piece.format) == (None, None, "IMG_1.jpg", "image/jpeg")
    assert b"AppareilDeCamille" not in rangement.lire(piece.cle)


def test_deux_clics_et_le_meme_fichier_n_en_font_qu_un(camille, roussel):
    jeton = uuid.uuid4()
    for _ in range(2):
        envoyer(camille, [roussel.anouk], jeton=jeton)
    envoyer(camille, [roussel.anouk])
    assert (Piece.objects.count(), Demande.objects.count(), Envoi.objects.count()) == (1, 1, 1)
    assert len(sur_le_disque()) == 1
    envoyer(camille, [roussel.anouk], fichiers.pdf(b"un autre"))
    assert Piece.objects.count() == 2


def test_le_fichier_est_chiffre_sous_un_nom_qui_est_le_notre(camille, roussel):
    envoyer(camille, [roussel.anouk], nom="../../../tmp/evasion.pdf")
    (chemin,) = sur_le_disque()
    piece = Piece.objects.get()
    assert chemin == rangement.chemin(piece.cle)
    assert b"%PDF" not in chemin.read_bytes()
    assert chemin.stat().st_mode & 0o077 == 0
    assert piece.nom == "evasion.pdf"


def test_un_disque_qui_refuse_ne_laisse_rien(camille, roussel, settings, tmp_path):
    (tmp_path / "bouche").write_text("un fichier là où il faudrait un dossier")
    settings.MEDIA_ROOT = tmp_path / "bouche"
    reponse = envoyer(camille, [roussel.anouk])
    assert reponse.status_code == 503
    assert "réessayez dans quelques minutes" in texte(reponse)
    assert not Piece.objects.exists()
    assert not Demande.objects.exists()


def test_une_panne_apres_l_ecriture_reprend_le_fichier(camille, roussel):
    """The second child's token is already that of something else: all is undone, the first child's file too."""
    jeton = uuid.uuid4()
    autre = distribution.famille_fauvel()
    sien = uuid.uuid5(jeton, str(roussel.elio.pk))
    Envoi.objects.create(famille=autre.famille, depose_le=maintenant(), jeton=sien)
    assert envoyer(camille, [roussel.anouk, roussel.elio], jeton=jeton).status_code == 409
    assert sur_le_disque() == []
    assert not Piece.objects.exists()


def test_le_document_se_telecharge_sans_jamais_s_executer(camille, roussel):
    envoyer(camille, [roussel.anouk], nom="attestation d’été.pdf")
    reponse = camille.get(reverse("espace_famille:piece", args=[Piece.objects.get().cle]))
    assert reponse.content == fichiers.pdf()
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"].startswith("attachment;")
    assert reponse["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in reponse["Cache-Control"]


def test_le_document_d_une_autre_famille_n_existe_pas(camille, client, roussel):
    envoyer(camille, [roussel.anouk])
    cle = Piece.objects.get().cle
    client.force_login(distribution.famille_fauvel().compte)
    assert client.get(reverse("espace_famille:piece", args=[cle])).status_code == 404
    assert client.get(reverse("espace_famille:piece", args=[uuid.uuid4()])).status_code == 404
    lemoine = distribution.famille_lemoine(roussel.anouk)
    client.force_login(lemoine.compte)
    assert client.get(reverse("espace_famille:piece", args=[cle])).status_code == 404


def test_un_document_dont_le_fichier_a_disparu_le_dit(camille, roussel):
    envoyer(camille, [roussel.anouk])
    rangement.jeter(Piece.objects.get().cle)
    reponse = camille.get(reverse("espace_famille:piece", args=[Piece.objects.get().cle]))
    assert reponse.status_code == 404
    assert "envoyez-le de nouveau" in texte(reponse)


def test_la_photo_d_un_enfant_ne_se_montre_qu_a_ses_familles(camille, client, roussel):
    ou = reverse("espace_famille:photo", args=[roussel.anouk.pk])
    assert camille.get(ou).status_code == 404
    roussel.anouk.photo = service.ranger_photo(fichiers.image())
    roussel.anouk.save()
    reponse = camille.get(ou)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "image/jpeg")
    client.force_login(distribution.famille_fauvel().compte)
    assert client.get(ou).status_code == 404
    client.force_login(distribution.famille_lemoine(roussel.anouk).compte)
    assert client.get(ou).status_code == 200


def test_une_photo_dont_le_nom_est_un_chemin_n_ouvre_rien(camille, roussel):
    roussel.anouk.photo = "../../../etc/passwd"
    roussel.anouk.save()
    assert camille.get(reverse("espace_famille:photo", args=[roussel.anouk.pk])).status_code == 404


def test_le_menage_enleve_les_orphelins_et_les_vieux_refus(camille, roussel, karim, horloge):
    envoyer(camille, [roussel.anouk])
    envoyer(camille, [roussel.elio])
    decision.refuser(Demande.objects.get(enfant=roussel.elio).pk, karim, "Illisible.")
    roussel.anouk.photo = service.ranger_photo(fichiers.image())
    roussel.anouk.save()
    rangement.ranger(uuid.uuid4(), b"orphelin")
    (rangement.chemin(uuid.uuid4()).parent).mkdir(parents=True)
    assert service.faire_le_menage() == 0
    horloge("2100-01-01 04:00")
    assert service.faire_le_menage() == 2
    gardes = {
        rangement.chemin(Piece.objects.get(enfant=roussel.anouk).cle),
        rangement.chemin(uuid.UUID(roussel.anouk.photo)),
    }
    assert set(sur_le_disque()) == gardes
    assert service.faire_le_menage() == 0


def test_la_page_choisit_d_avance_ce_que_le_lien_dit(camille, roussel):
    html = camille.get(f"{OU}?type=assurance&enfant={roussel.elio.pk}").content.decode()
    assert 'value="assurance" selected' in html
    assert camille.get(f"{OU}?type=<script>&enfant=x").status_code == 200


def test_les_documents_tiennent_leur_budget_de_requetes(camille, roussel, django_assert_max_num_queries):
    for enfant in roussel.enfants.values():
        envoyer(camille, [enfant])
    with django_assert_max_num_queries(12):
        camille.get(OU)
