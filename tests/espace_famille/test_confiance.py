"""The server trusts nothing that the browser sends: each attempt is refused with the right status and a clear sentence, and
nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from marelle.activites.models import Jauge, Ouverture
from marelle.demandes import panier
from marelle.demandes.models import Demande, Envoi, JourDemande
from marelle.demandes.verification import verifier
from marelle.pieces.models import Piece
from marelle.reservations.models import Place, Reservation
from tests.distribution import Foyer, famille_fauvel, karim
from tests.monde import dossier_complet, envoyer, portail, reserver, roussel_prets, unite

MERCREDI_9 = date(2026, 12, 9)
pytestmark = pytest.mark.base


@pytest.fixture
def roussel(db: None, horloge: Callable[[str], object]) -> Foyer:
    horloge("2026-11-18 10:00")
    portail()
    karim()
    return roussel_prets()


@pytest.fixture
def fauvel(roussel: Foyer) -> Foyer:
    foyer = famille_fauvel()
    for enfant in foyer.enfants.values():
        dossier_complet(foyer, enfant)  # type: ignore[arg-type]
    return foyer


def famille(foyer: Foyer) -> Client:
    client = Client()
    client.force_login(foyer.compte)
    return client


def photo() -> tuple[object, ...]:
    """Everything that an attempt could have changed."""
    return (
        list(Demande.objects.order_by("pk").values_list("pk", "etat", "nature")),
        list(JourDemande.objects.order_by("pk").values_list("pk", "demande_id", "ouverture_id")),
        list(Reservation.objects.order_by("pk").values_list("pk", "etat")),
        list(Place.objects.order_by("pk").values_list("pk", "etat")),
        list(Jauge.objects.order_by("pk").values_list("pk", "prises", "retenues", "attente")),
        Envoi.objects.count(),
    )


def adresse(foyer: Foyer, geste: str = "jour", activite: str = "chaveignes-mercredis", enfant: object = None) -> str:
    choisi = enfant or foyer.elio
    return f"/inscription/{choisi.pk}/{unite(activite).activite_id}/{geste}"  # type: ignore[attr-defined]


def presser(foyer: Foyer, jour: str, code: str = "journee", **de_plus: str):  # type: ignore[no-untyped-def]
    return famille(foyer).post(adresse(foyer), {"jour": jour, "unite": code, "mois": jour[:7], **de_plus})


def test_une_reservation_apres_le_delai(roussel: Foyer, horloge: Callable[[str], object]) -> None:
    horloge("2026-11-20 00:00")
    avant = photo()
    reponse = presser(roussel, "2026-11-25")
    assert reponse.status_code == 409
    assert "était possible jusqu’au" in reponse.content.decode()
    assert "Appelez le centre" in reponse.content.decode()
    assert photo() == avant


def test_un_delai_passe_d_une_minute_entre_le_panier_et_l_envoi(
    roussel: Foyer, horloge: Callable[[str], object]
) -> None:
    horloge("2026-12-03 23:59")
    assert presser(roussel, "2026-12-09").status_code == 302
    horloge("2026-12-04 00:00")
    avant = photo()
    reponse = famille(roussel).post("/panier/envoi", {"jeton": str(roussel.famille.panier.jeton)})
    assert reponse.status_code == 409
    assert "jusqu’au" in reponse.content.decode()
    assert photo() == avant, "le jour reste au panier, rien n’est parti"


def test_un_jour_ferme(roussel: Foyer) -> None:
    Ouverture.objects.filter(date=MERCREDI_9).update(fermeture="Grève")
    avant = photo()
    reponse = presser(roussel, "2026-12-09")
    assert reponse.status_code == 409
    assert "Grève" in reponse.content.decode()
    assert photo() == avant


def test_un_jour_complet_rejoint_la_liste_et_ne_prend_aucune_place(roussel: Foyer, fauvel: Foyer) -> None:
    Jauge.objects.filter(date=MERCREDI_9, groupe__age_min=6).update(places=1)
    reserver(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    assert presser(roussel, "2026-12-09").status_code == 302
    famille(roussel).post("/panier/envoi", {"jeton": str(roussel.famille.panier.jeton)})
    assert Demande.objects.get(famille=roussel.famille).etat == "liste_attente"
    assert set(Jauge.objects.filter(date=MERCREDI_9, prises=1).values_list("prises", "retenues")) == {(1, 0)}
    assert verifier() == []


def test_un_jour_complet_sans_liste_d_attente(roussel: Foyer, fauvel: Foyer) -> None:
    from marelle.collectivite.models import TexteReglement
    from marelle.socle.memoire import oublier

    texte = TexteReglement.objects.get()
    sans = texte.texte.replace("liste_attente = true", "liste_attente = false")
    TexteReglement.objects.create(texte=sans, source="essai", empreinte="sans-liste")
    oublier()
    Jauge.objects.filter(date=MERCREDI_9, groupe__age_min=6).update(places=1)
    reserver(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    avant = photo()
    reponse = presser(roussel, "2026-12-09")
    assert reponse.status_code == 409
    assert "complet" in reponse.content.decode().lower() or "places" in reponse.content.decode()
    assert photo() == avant


def test_pour_l_enfant_d_une_autre_famille(roussel: Foyer, fauvel: Foyer) -> None:
    avant = photo()
    donnees = {"jour": "2026-12-09", "unite": "journee"}
    assert famille(roussel).post(adresse(roussel, enfant=fauvel.malo), donnees).status_code == 404
    assert famille(roussel).get(adresse(roussel, "", enfant=fauvel.malo)).status_code == 404
    assert photo() == avant


def test_par_un_foyer_qui_ne_peut_pas_reserver_pour_l_enfant(roussel: Foyer) -> None:
    presser(roussel, "2026-12-09")
    roussel.famille.rattachements.filter(enfant=roussel.elio).update(peut_reserver=False)
    avant = photo()
    assert presser(roussel, "2026-12-16").status_code == 409
    reponse = famille(roussel).post("/panier/envoi", {"jeton": str(roussel.famille.panier.jeton)})
    assert reponse.status_code == 409
    assert "adressez-vous au service" in reponse.content.decode()
    assert photo() == avant


def test_avec_un_etat_ou_un_prix_dans_le_formulaire(roussel: Foyer) -> None:
    reponse = presser(roussel, "2026-12-09", etat="acceptee", prix="0", prix_centimes="0", origine="agent", famille="2")
    assert reponse.status_code == 302
    client = famille(roussel)
    client.post("/panier/envoi", {"jeton": str(roussel.famille.panier.jeton), "etat": "acceptee", "prix": "0"})
    demande = Demande.objects.get()
    assert (demande.etat, demande.origine, demande.famille_id) == ("deposee", "famille", roussel.famille.pk)
    assert not Reservation.objects.exists()


def test_un_panier_poste_deux_fois_part_une_fois(roussel: Foyer) -> None:
    presser(roussel, "2026-12-09")
    client, jeton = famille(roussel), str(roussel.famille.panier.jeton)
    un, deux = (client.post("/panier/envoi", {"jeton": jeton}) for _ in range(2))
    assert un.status_code == deux.status_code == 302
    assert un["Location"] == deux["Location"]
    assert Envoi.objects.count() == Demande.objects.count() == 1


def test_une_unite_inconnue(roussel: Foyer) -> None:
    avant = photo()
    reponse = presser(roussel, "2026-12-09", code="nuit")
    assert reponse.status_code == 404
    assert "n’existe pas dans cette activité" in reponse.content.decode()
    assert photo() == avant


def test_un_jour_qui_n_est_pas_un_jour(roussel: Foyer) -> None:
    avant = photo()
    for jour in ("", "demain", "2026-13-45", "2026-12-08"):
        reponse = presser(roussel, jour)
        assert reponse.status_code in (400, 404), jour
        assert "choisissez" in reponse.content.decode()
    assert photo() == avant


def test_retirer_la_demande_d_une_autre_famille(roussel: Foyer, fauvel: Foyer) -> None:
    [demande] = envoyer(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    avant = photo()
    assert famille(roussel).post(f"/demandes/{demande.pk}/retrait").status_code == 404
    assert famille(roussel).get(f"/demandes/{demande.pk}/").status_code == 404
    assert famille(roussel).post(f"/demandes/{demande.pk}/correction").status_code == 404
    assert photo() == avant


def test_retirer_le_jour_du_panier_d_une_autre_famille(roussel: Foyer, fauvel: Foyer) -> None:
    panier.basculer(fauvel.famille, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    avant = photo()
    ligne = JourDemande.objects.get()
    reponse = famille(roussel).post(f"/panier/lignes/{ligne.pk}/retrait")
    assert reponse.status_code == 404
    assert photo() == avant


def test_envoyer_le_panier_d_une_autre_famille(roussel: Foyer, fauvel: Foyer) -> None:
    panier.basculer(fauvel.famille, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    avant = photo()
    reponse = famille(roussel).post("/panier/envoi", {"jeton": str(fauvel.famille.panier.jeton)})
    assert reponse.status_code == 409
    assert photo() == avant


def test_decider_quand_on_est_une_famille(roussel: Foyer) -> None:
    [demande] = envoyer(roussel, roussel.elio, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    avant = photo()
    client = famille(roussel)
    for geste in ("acceptation", "refus", "attente", "renvoi"):
        reponse = client.post(f"/guichet/demandes/{demande.pk}/{geste}", {"motif": "Parce que."})
        assert reponse.status_code == 404, geste
    assert client.get("/guichet/").status_code == 404
    assert photo() == avant


def test_lire_l_accuse_le_document_ou_la_photo_d_une_autre_famille(roussel: Foyer, fauvel: Foyer) -> None:
    [demande] = envoyer(fauvel, fauvel.malo, unite("chaveignes-mercredis"), MERCREDI_9)  # type: ignore[arg-type]
    piece = Piece.objects.filter(famille=fauvel.famille).first()
    client = famille(roussel)
    for chemin in (
        f"/accuses/{demande.envoi_id}/",
        f"/accuses/{demande.envoi_id}/pdf",
        f"/dossier/documents/{piece.cle}/",  # type: ignore[union-attr]
        f"/dossier/enfants/{fauvel.malo.pk}/photo/",
        f"/dossier/enfants/{fauvel.malo.pk}/",
        f"/dossier/adultes/{fauvel.ines.pk}/",
    ):
        assert client.get(chemin).status_code == 404, chemin


def test_sans_etre_connecte(roussel: Foyer) -> None:
    avant = photo()
    for chemin in ("/", "/panier/", "/demandes/", "/calendrier/", "/inscription/", adresse(roussel, "")):
        reponse = Client().get(chemin)
        assert reponse.status_code == 302, chemin
        assert reponse["Location"].startswith("/compte/connexion/"), chemin
    assert Client().post(adresse(roussel), {"jour": "2026-12-09"}).status_code == 302
    assert photo() == avant


def test_sans_jeton_de_formulaire(roussel: Foyer) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(roussel.compte)
    avant = photo()
    assert client.post(adresse(roussel), {"jour": "2026-12-09", "unite": "journee"}).status_code == 403
    assert photo() == avant
