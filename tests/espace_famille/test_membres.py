"""The members of the family as a table, the sheet of a child as a PDF, the past bookings, the documents of the centre."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from marelle.activites.models import Ouverture
from marelle.familles.models import Autorisations, FicheSanitaire, PersonneAutorisee
from marelle.journal.models import Entree
from marelle.pieces import cles, rangement, service
from marelle.pieces.models import DocumentDuCentre
from marelle.reservations.models import Absence, Reservation
from tests.distribution import Foyer, famille_fauvel, famille_lemoine, karim, lucas
from tests.monde import portail, roussel_prets, unite
from tests.pieces import fichiers

pytestmark = [pytest.mark.base, pytest.mark.django_db]
SECRET = "Arachide et fruits à coque"


@pytest.fixture
def roussel(horloge: Callable[[str], object], settings, tmp_path) -> Foyer:
    settings.MEDIA_ROOT = tmp_path / "pieces"
    horloge("2026-11-18 10:00")
    portail("chablis")
    foyer = roussel_prets()
    contenu = {"allergie": "oui", "allergies": SECRET, "conduite": "Appeler le 15", "vaccin_dtp": "2021-02-03"}
    FicheSanitaire.objects.filter(enfant=foyer.anouk).update(
        contenu=json.dumps(contenu), alerte=f"{SECRET} – Appeler le 15"
    )
    return foyer


@pytest.fixture
def camille(roussel: Foyer) -> Client:
    client = Client()
    client.force_login(roussel.compte)
    return client


def connecte(qui) -> Client:
    client = Client()
    client.force_login(qui)
    return client


def net(texte: str) -> str:
    return " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").split())


def lu(reponse) -> str:
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Cache-Control"] == "private, no-store"
    return net(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(reponse.content)).pages))


def fiche(enfant, sorte="simple") -> str:
    return f"/dossier/enfants/{enfant.pk}/fiche-{sorte}.pdf"


# C1, C6: the words and the table of the guide


def test_mes_informations_est_le_tableau_des_membres(camille, roussel):
    page = net(camille.get("/dossier/").content.decode())
    assert '<h2 id="mon-dossier">Mes informations</h2>' in page
    assert "14/03/2017" in page
    for enfant in roussel.enfants.values():
        assert f"/dossier/enfants/{enfant.pk}/imprimer/" in page
    assert "Dépôt de fichier" in page
    assert "Historique des inscriptions" in page
    assert "<h1>Dépôt de fichier</h1>" in camille.get("/dossier/documents/").content.decode()
    assert "Vos demandes" in camille.get("/demandes/").content.decode()
    assert "Transmettre des documents" not in page


def test_un_autre_portail_garde_ses_mots_et_ses_cartes(camille, roussel):
    from marelle.collectivite.models import Collectivite
    from tests.distribution import collectivite

    Collectivite.objects.all().delete()
    collectivite("cc-tvv")
    page = net(camille.get("/dossier/").content.decode())
    assert '<h2 id="mon-dossier">Mon dossier</h2>' in page
    assert "Transmettre des documents" in page
    assert f"/dossier/enfants/{roussel.anouk.pk}/imprimer/" in page


# C9: the sheet


def test_la_fiche_simple_dit_l_identite_les_contacts_les_autorisations_et_rien_de_la_sante(camille, roussel):
    PersonneAutorisee.objects.create(
        enfant=roussel.anouk, prenom="Nino", nom="Petit", lien="voisin 😀", telephone="06 00 00 00 00",
        peut_recuperer=False,
    )  # fmt: skip
    dit = lu(camille.get(fiche(roussel.anouk)))
    for mot in ("Anouk Roussel-Lemoine", "14 mars 2017", "Camille Roussel", "06 12 34 56 78", "Repas ordinaire", "MAIF",
                "Nino Petit", "voisin ?", "ne vient pas chercher", "J’autorise la baignade surveillée"):  # fmt: skip
        assert mot in dit, mot
    assert SECRET not in dit
    assert not Entree.objects.filter(action="sante.lecture").exists()


def test_la_fiche_complete_dit_la_sante_et_s_inscrit_au_journal(camille, roussel):
    dit = lu(camille.get(fiche(roussel.anouk, "complete")))
    for mot in (SECRET, "Appeler le 15", "03/02/2021", "Renseignements confidentiels"):
        assert mot in dit, mot
    lue = Entree.objects.get(action="sante.lecture")
    assert (lue.objet_id, lue.acteur, lue.dossier) == (
        str(roussel.anouk.pk), roussel.compte, f"famille:{roussel.famille.pk}"
    )  # fmt: skip
    assert SECRET not in json.dumps(lue.details)
    vide = lu(camille.get(fiche(roussel.elio, "complete")))
    assert "Aucune fiche n’est validée par le service." in vide


def test_une_fiche_sans_rien_s_imprime_quand_meme(camille, roussel):
    Autorisations.objects.filter(enfant=roussel.elio).delete()
    roussel.elio.fiche.delete()
    FicheSanitaire.objects.filter(enfant=roussel.elio).delete()
    assert "Sans réponse" in lu(camille.get(fiche(roussel.elio)))
    assert "Aucune fiche n’est validée" in lu(camille.get(fiche(roussel.elio, "complete")))


def test_la_fiche_d_un_enfant_d_une_autre_famille_n_existe_pas(roussel):
    fauvel = famille_fauvel()
    client = connecte(fauvel.compte)
    for adresse in (
        fiche(roussel.anouk),
        fiche(roussel.anouk, "complete"),
        f"/dossier/enfants/{roussel.anouk.pk}/imprimer/",
    ):
        assert client.get(adresse).status_code == 404, adresse
    assert not Entree.objects.filter(action="sante.lecture").exists()


def test_l_autre_foyer_lit_l_enfant_mais_pas_les_coordonnees_du_premier(roussel):
    lemoine = famille_lemoine(roussel.anouk)
    dit = lu(connecte(lemoine.compte).get(fiche(roussel.anouk)))
    assert "Hugo Lemoine" in dit
    assert "Camille Roussel" not in dit
    assert "rue du Puits" in dit, "la sienne"
    au_guichet = f"/guichet/familles/{roussel.famille.pk}/enfants/{roussel.anouk.pk}/fiche-simple.pdf"
    agent = lu(connecte(karim().compte).get(au_guichet))
    assert "Hugo Lemoine" in agent
    assert "Camille Roussel" in agent


def test_au_guichet_il_faut_le_droit_et_la_lecture_est_au_journal(roussel, camille):
    debut = f"/guichet/familles/{roussel.famille.pk}/enfants/{roussel.anouk.pk}/fiche-"
    agent = karim()
    client = connecte(agent.compte)
    assert SECRET in lu(client.get(f"{debut}complete.pdf"))
    assert Entree.objects.get(action="sante.lecture").acteur == agent.compte
    page = client.get(f"/guichet/familles/{roussel.famille.pk}/").content.decode()
    assert f"{debut}simple.pdf" in page
    assert f"{debut}complete.pdf" in client.get(f"{debut[:-6]}").content.decode()
    autre = famille_fauvel()
    assert (
        client.get(f"{debut}simple.pdf".replace(f"/{roussel.famille.pk}/", f"/{autre.famille.pk}/")).status_code == 404
    )
    refus = connecte(lucas().compte).get(f"{debut}complete.pdf")
    assert refus.status_code == 403
    assert "Votre rôle (Animation) ne permet pas de lire les dossiers des familles." in net(refus.content.decode())
    assert camille.get(f"{debut}complete.pdf").status_code == 404
    from marelle.comptes.models import Agent

    Agent.objects.filter(pk=agent.pk).update(role="lecture")
    assert client.get(f"{debut}complete.pdf").status_code == 403
    assert lu(client.get(f"{debut}simple.pdf"))
    page = client.get(f"/guichet/familles/{roussel.famille.pk}/").content.decode()
    assert "fiche-complete.pdf" not in page


def test_l_aide_du_guichet_ne_se_dit_pas_etre_la_file(roussel):
    client = connecte(karim().compte)
    assert "aria-current" not in client.get("/guichet/aide/").content.decode()
    for adresse in ("/guichet/", "/guichet/demandes/lot/"):
        assert '<a href="/guichet/" aria-current="page">' in client.get(adresse).content.decode(), adresse


# D13: the past


def passe(foyer: Foyer, enfant, quoi, jours: list[date], **de_plus) -> list[Reservation]:
    """Bookings gone by: their openings are made, since a règlement is loaded for what is to come."""
    faites = []
    for jour in jours:
        ouverture, _ = Ouverture.objects.get_or_create(
            unite=quoi, date=jour, groupe=None, defaults={"activite": quoi.activite}
        )
        faites.append(
            Reservation.objects.create(
                enfant=enfant, famille=foyer.famille, ouverture=ouverture, activite=quoi.activite, date=jour, **de_plus
            )
        )
    return faites


MERCREDI = date(2026, 11, 4)


def test_l_historique_dit_les_journees_passees_et_se_filtre(camille, roussel):
    mercredis, soir = unite("chablis-mercredis"), unite("pontigny-mercredis")
    passe(roussel, roussel.elio, mercredis, [MERCREDI, MERCREDI - timedelta(days=364)])
    [absente] = passe(roussel, roussel.anouk, soir, [MERCREDI])
    Absence.objects.create(reservation=absente, motif="autre", declaree_le=absente.creee_le)
    passe(roussel, roussel.elio, mercredis, [MERCREDI - timedelta(days=7)], etat="annulee")
    passe(roussel, roussel.elio, mercredis, [date(2026, 12, 2)])
    page = net(camille.get("/dossier/historique/").content.decode())
    assert "3 journées" in page
    assert "Absence déclarée" in page
    assert "Décembre" not in page
    for requete, nombre in (
        (f"enfant={roussel.elio.pk}", 2), (f"activite={soir.activite_id}", 1), ("annee=2025", 1),
        ("du=2026-11-04&au=2026-11-04", 2), (f"annee=2025&enfant={roussel.anouk.pk}", 0),
    ):  # fmt: skip
        trouve = net(camille.get(f"/dossier/historique/?{requete}").content.decode())
        attendu = "Aucune journée trouvée" if not nombre else "1 journée<" if nombre == 1 else f"{nombre} journées"
        assert attendu in trouve, requete


def test_l_historique_tient_son_budget_et_se_lit_page_a_page(camille, roussel, django_assert_max_num_queries):
    passe(roussel, roussel.elio, unite("chablis-mercredis"), [MERCREDI - timedelta(days=n) for n in range(60)])
    camille.get("/dossier/historique/")
    with django_assert_max_num_queries(12):
        page = camille.get("/dossier/historique/")
    assert 'rel="next"' in page.content.decode()
    assert "60 journées" in net(page.content.decode())
    suite = camille.get(f"/dossier/historique/?enfant={roussel.elio.pk}&page=2").content.decode()
    assert f"enfant={roussel.elio.pk}&amp;page=1" in suite


def test_l_historique_d_une_autre_famille_ne_se_lit_pas(camille, roussel):
    fauvel = famille_fauvel()
    passe(fauvel, fauvel.malo, unite("chablis-mercredis"), [MERCREDI])
    assert "Aucune journée passée" in camille.get("/dossier/historique/").content.decode()
    reponse = camille.get(f"/dossier/historique/?enfant={fauvel.malo.pk}")
    assert reponse.status_code == 422
    assert "Malo" not in reponse.content.decode()
    lemoine = famille_lemoine(roussel.anouk)
    passe(roussel, roussel.anouk, unite("chablis-mercredis"), [MERCREDI])
    autre = connecte(lemoine.compte).get("/dossier/historique/").content.decode()
    assert "Aucune journée passée" in autre, "ce que l’autre foyer a réservé est à lui"


def test_un_filtre_impossible_dit_ce_qui_ne_va_pas(camille):
    reponse = camille.get("/dossier/historique/?du=2026-11-04&au=2026-11-01")
    assert reponse.status_code == 422
    assert "inversez les deux dates" in reponse.content.decode()
    assert camille.get("/dossier/historique/?du=hier").status_code == 422


# A6: the documents of the centre


def deposer(client, octets=None, nom="menus.pdf", **donnees):
    fichier = SimpleUploadedFile(nom, fichiers.pdf() if octets is None else octets, "application/pdf")
    return client.post(
        "/guichet/documents/nouveau/",
        {"titre": "Menus de décembre", "fichier": fichier, "rang": "1", "publie_du": "2026-11-01", **donnees},
    )


def test_le_service_depose_un_document_et_les_familles_le_telechargent(roussel, camille):
    agent = connecte(karim().compte)
    assert deposer(agent).url == "/guichet/documents/"
    document = DocumentDuCentre.objects.get()
    assert "Menus de décembre" in camille.get("/dossier/documents-du-centre/").content.decode()
    assert "/dossier/documents-du-centre/" in camille.get("/").content.decode(), "au pied de chaque page"
    lu_ = camille.get(f"/dossier/documents-du-centre/{document.cle}/")
    assert lu_.content == fichiers.pdf()
    assert lu_["Content-Disposition"].startswith('attachment; filename="menus.pdf"')
    assert "sandbox" in lu_["Content-Security-Policy"]
    assert Entree.objects.filter(action="centre.document").count() == 1
    assert b"%PDF" not in rangement.chemin(document.cle).read_bytes(), "chiffré sur le disque"


@pytest.mark.parametrize("dates", [("2026-11-19", ""), ("2026-11-01", "2026-11-17")], ids=["pas encore", "plus"])
def test_hors_de_ses_dates_un_document_n_existe_pas_pour_les_familles(roussel, camille, dates):
    agent = connecte(karim().compte)
    assert deposer(agent, publie_du=dates[0], publie_au=dates[1]).status_code == 302
    document = DocumentDuCentre.objects.get()
    assert "Menus" not in camille.get("/dossier/documents-du-centre/").content.decode()
    assert camille.get(f"/dossier/documents-du-centre/{document.cle}/").status_code == 404
    assert agent.get(f"/guichet/documents/{document.pk}/fichier").content == fichiers.pdf()


def test_seul_un_pdf_sans_programme_est_pris(roussel):
    agent = connecte(karim().compte)
    for octets, phrase in (
        (fichiers.image(), "Envoyez un PDF"),
        (b"<html>", "Envoyez un PDF ou une photo"),
        (fichiers.pdf(b"<< /S /JavaScript >>"), "Ce PDF contient un programme"),
        (b"%PDF-1.7" + b"0" * (11 * 1024 * 1024), "dépasse 10 Mo"),
    ):
        reponse = deposer(agent, octets)
        assert reponse.status_code == 422
        assert phrase in net(reponse.content.decode()), phrase
    assert not DocumentDuCentre.objects.exists()
    assert deposer(agent, publie_au="2026-10-01").status_code == 422


def test_remplacer_le_fichier_jette_l_ancien_et_corriger_le_titre_le_garde(roussel, django_capture_on_commit_callbacks):
    agent = connecte(karim().compte)
    deposer(agent)
    document = DocumentDuCentre.objects.get()
    ancienne = document.cle
    corrige = {"titre": "Menus", "rang": "2", "publie_du": "2026-11-01"}
    assert agent.post(f"/guichet/documents/{document.pk}/", corrige).status_code == 302
    document.refresh_from_db()
    assert (document.titre, document.rang, document.cle) == ("Menus", 2, ancienne)
    refus = agent.post(
        f"/guichet/documents/{document.pk}/", corrige | {"fichier": SimpleUploadedFile("x.pdf", fichiers.image())}
    )
    assert refus.status_code == 422
    assert rangement.chemin(ancienne).exists(), "un fichier refusé ne touche pas à celui qui est là"
    nouveau = SimpleUploadedFile("nouveau.pdf", fichiers.pdf(b"autre"))
    with django_capture_on_commit_callbacks(execute=True):
        assert agent.post(f"/guichet/documents/{document.pk}/", corrige | {"fichier": nouveau}).status_code == 302
    document.refresh_from_db()
    assert document.cle != ancienne
    assert not rangement.chemin(ancienne).exists()
    assert rangement.lire(document.cle) == fichiers.pdf(b"autre")
    assert f"document {document.cle}, absent" not in cles.verifier().illisibles
    with django_capture_on_commit_callbacks(execute=True):
        assert agent.post(f"/guichet/documents/{document.pk}/suppression").status_code == 302
    assert not rangement.chemin(document.cle).exists()
    assert not DocumentDuCentre.objects.exists()


def test_le_menage_garde_les_documents_du_centre(roussel, horloge):
    deposer(connecte(karim().compte))
    document = DocumentDuCentre.objects.get()
    horloge("2027-03-18 10:00")
    service.faire_le_menage()
    assert rangement.chemin(document.cle).exists()


def test_une_famille_ne_depose_ni_ne_change_les_documents_du_centre(roussel, camille):
    deposer(connecte(karim().compte))
    document = DocumentDuCentre.objects.get()
    assert deposer(camille).status_code == 404
    for adresse in (
        "/guichet/documents/",
        f"/guichet/documents/{document.pk}/",
        f"/guichet/documents/{document.pk}/fichier",
    ):
        assert camille.get(adresse).status_code == 404, adresse
    assert camille.post(f"/guichet/documents/{document.pk}/suppression").status_code == 404
    assert deposer(connecte(lucas().compte)).status_code == 403
    assert DocumentDuCentre.objects.count() == 1
